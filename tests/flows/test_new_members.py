"""Members made at real tills, with a real server behind them: offline, twice, and by machines that die in between."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from pos_app.till import find_member, sign_in
from pos_app.till.create_member import create_member
from pos_app.till.values import MemberView
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.conftest import OpenTill
from tests.flows.house import House
from tests.flows.till import Counter

_PHONES = itertools.count(17_200_000_001)


def by_phone(till: Counter, phone: str) -> MemberView:
    """The one member with this phone, as the till shows them."""
    (view,) = find_member.by_phone(till.till, phone)
    return view


def uses_of(view: MemberView) -> list[tuple[int, int]]:
    """Uses bought and left of each pass."""
    return [(one.held.uses_bought, one.held.uses_left) for one in view.passes]


def settle(house: House, *tills: Counter) -> None:
    """The network is there: everybody hands in and hears what the others did."""
    for till in tills:
        till.network.up()
    for till in (*tills, *tills):
        till.app.sync.cycle()
    for till in tills:
        till.sync()
    all_is_well(house, *tills)


@pytest.mark.req("R096", "R097", "R087")
def test_two_tills_without_a_network_make_one_person_and_one_pass(
    house: House, till: Counter, open_till: OpenTill
) -> None:
    """Both sell the first pass to the phone and redeem it; then the network is back, and nobody's use is lost."""
    other, phone = open_till().begin(), str(next(_PHONES))
    for one in (till, other):
        one.sync()
        one.network.down()
    names = ("Wilhelmina Quendel", "W. Quendel")
    for one, name in zip((till, other), names, strict=True):
        made = create_member(one.till, name, phone, "es-ES")
        assert not made.known
        one.sell_pass(made.view, shop.TEN)
        done = one.redeem(by_phone(one, phone), shop.TEN)
        assert (done.evidence, done.uses_left) == ("own_sale", 9)
    settle(house, till, other)
    views = [by_phone(one, phone) for one in (till, other)]
    assert views[0].member == views[1].member
    assert views[0].member.name == names[0]
    assert [uses_of(view) for view in views] == [[(20, 18)], [(20, 18)]]
    assert [item.state for one in (till, other) for item in one.recorded] == ["accepted"] * (
        len(till.recorded) + len(other.recorded)
    )
    # and the till whose member was merged goes on with the survivor, online
    online = other.redeem(by_phone(other, phone), shop.TEN)
    assert (online.evidence, online.uses_left) == ("online", 17)
    settle(house, till, other)
    for secret in (phone, "Quendel"):
        assert no_trace(house, secret, till, other)


def test_two_tills_in_barcelona_write_one_number_in_two_ways(house: House, open_till: OpenTill) -> None:
    """Offline both make the member; merged, every form finds the one, and online nobody is made a third time."""
    tills, number = [open_till("BC1").begin() for _ in range(2)], str(600_111_011 + next(_PHONES) % 1000)
    for one in tills:
        one.sync()
        one.network.down()
    forms = (f"{number[:3]} {number[3:6]} {number[6:]}", f"0034{number}")
    made = [create_member(one.till, "Lucía Quendel", typed, "es-ES") for one, typed in zip(tills, forms, strict=True)]
    assert not any(one.known for one in made)
    settle(house, *tills)
    for one in tills:
        assert create_member(one.till, "Lucía Q.", f"34{number}", "es-ES").known
        found = {by_phone(one, typed).member.member_id for typed in (*forms, number, f"+34{number}")}
        assert len(found) == 1
        assert by_phone(one, number).member.phone == f"+34{number}"


def no_trace(house: House, secret: str, *tills: Counter) -> bool:
    """Whether a word stands in no log, no audit row, no fact and no till's file."""
    logged = house.log.read_text("utf-8")
    kept = str(house.rows("SELECT subject, data::text FROM audit.event_log")) + str(
        house.rows("SELECT convert_from(bytes, 'UTF8') FROM app.facts")
    )
    files = (path for till in tills for path in Path(till.folder / "till").rglob("*") if path.is_file())
    return secret not in logged + kept and all(secret.encode() not in path.read_bytes() for path in files)


def test_a_member_made_online_is_known_elsewhere_at_the_next_pull_and_never_twice(
    house: House, till: Counter, open_till: OpenTill
) -> None:
    other, phone = open_till().begin(), str(next(_PHONES))
    till.sync()
    made = create_member(till.till, "Odilo Brandt", phone, "en")
    till.sync()
    other.sync()
    again = create_member(other.till, "Odilo B.", phone, "en")
    assert (again.known, again.view.member.member_id) == (True, made.view.member.member_id)
    assert by_phone(till, phone).member.card_ref, "the server has given them a card"
    all_is_well(house, till, other)


def test_a_till_that_dies_after_the_record_hands_the_person_in_when_it_is_back(house: House, till: Counter) -> None:
    phone = str(next(_PHONES))
    till.sync()
    till.network.down()
    create_member(till.till, "Ruperta Lamas", phone, "es-ES")
    till.close()
    till.network.up()
    till.open()
    sign_in.sign_in(till.till, shop.PIN)
    till.sync()
    assert [item.state for item in till.recorded if item.fact.kind == "MemberCreated"] == ["accepted"]
    assert by_phone(till, phone).member.name == "Ruperta Lamas"
    all_is_well(house, till)
