"""What is set aside for a till: leased or by a code of the phone, spent without a network, settled, given back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.facts import PassRedeemed
from models.refusals import Refusal
from models.reservations import ReservationClosed
from pos_app.till import reservations, shift, sign_in
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.ledger.reservations import recall
from sync_server.ledger.set_aside import set_aside
from sync_server.ledger.units import Act
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.house import House
from tests.flows.till import Counter, Cups

_OPERATOR = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")
TWO: Cups = ((shop.TEA, {}), (shop.TEA, {}))


def act() -> Act:
    return Act(f"flow {uuid4()}", bytes(32))


def given(house: House, till: Counter, person: shop.Person, uses: int) -> dict[str, Any]:
    """The server sets uses aside for a till and signs a code for the member's phone."""
    terminal_id = till.till.journal.require_identity().terminal_id
    now = datetime.now(UTC)

    async def work(pool: Pool) -> dict[str, Any]:
        async with transaction(pool, _OPERATOR) as connection:
            return await set_aside(
                connection, house.keys, act(), terminal_id, "pass", person.passes[shop.TEN], uses,
                now + timedelta(hours=12), now,
            )  # fmt: skip

    found = house.do(work)
    assert found["outcome"] == "accepted", found
    return found


def state(house: House, reservation_id: str) -> tuple[Any, ...]:
    (row,) = house.rows(
        "SELECT status::text, used, returned FROM app.reservations WHERE reservation_id = %s", reservation_id
    )
    return tuple(row)


def refused(till: Counter, code: str, view: Any) -> None:
    with pytest.raises(Refusal) as found:
        till.redeem(view, shop.TEN)
    assert found.value.code == code


@pytest.mark.req("C07")
def test_a_lease_is_spent_without_a_network_and_settled(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 3})
    lease = given(house, till, person, 2)
    till.sync()
    till.network.down()
    assert till.redeem(till.member(person), shop.TEN, TWO).evidence == "reserved"
    refused(till, "offline_needs_signed_code", till.member(person))
    till.network.up()
    till.sync()
    assert [item.state for item in till.recorded if isinstance(item.fact.body, PassRedeemed)] == ["accepted"]
    assert state(house, lease["reservation_id"]) == ("closed", 2, 0)
    assert house.uses_left(person.passes[shop.TEN]) == 1
    assert till.redeem(till.member(person), shop.TEN).evidence == "online"
    till.sync()
    all_is_well(house, till)


@pytest.mark.req("C07")
def test_a_code_of_the_phone_pays_where_nobody_knows_of_it_and_nowhere_else(
    house: House, till: Counter, open_till: Any
) -> None:
    other = open_till().begin()
    till.network.down()
    other.network.down()
    person = house.member({shop.TEN: 2})
    code = given(house, till, person, 1)["token"]
    with pytest.raises(Refusal) as found:
        other.scan(code)
    assert found.value.code == "code_other_terminal"
    assert till.redeem(till.scan(code), shop.TEN).evidence == "reserved"
    with pytest.raises(Refusal) as found:
        till.scan(code)
    assert found.value.code == "code_used"
    for one in (till, other):
        one.network.up()
        one.sync()
    assert house.uses_left(person.passes[shop.TEN]) == 1
    all_is_well(house, till, other)


def test_a_ledger_that_has_no_free_use_leaves_the_one_set_aside_here(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 1})
    lease = given(house, till, person, 1)
    till.sync()
    done = till.redeem(till.member(person), shop.TEN)
    assert (done.evidence, done.uses_left) == ("reserved", 0)
    till.sync()
    assert state(house, lease["reservation_id"]) == ("closed", 1, 0)
    all_is_well(house, till)


def test_what_is_recalled_or_left_at_the_end_of_the_shift_goes_back(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 5})
    first, second = given(house, till, person, 2), given(house, till, person, 1)
    till.sync()
    assert len(reservations.unfinished(till.till)) == 2

    async def work(pool: Pool) -> None:
        async with transaction(pool, _OPERATOR) as connection:
            await recall(connection, act(), first["reservation_id"])

    house.do(work)
    till.sync()
    assert state(house, first["reservation_id"]) == ("closed", 0, 2)
    shift.close_shift(till.till, {"cash": 20_000})
    till.sync()
    assert state(house, second["reservation_id"]) == ("closed", 0, 1)
    reasons = [item.fact.body.reason for item in till.recorded if isinstance(item.fact.body, ReservationClosed)]
    assert reasons == ["recalled", "shift_closed"]
    assert reservations.unfinished(till.till) == ()
    assert house.uses_left(person.passes[shop.TEN]) == 5
    all_is_well(house, till)


def test_a_cloned_folder_costs_at_most_what_was_set_aside_and_tells(house: House, till: Counter) -> None:
    """The till and its copy both spend the same use: one is settled, the other's history is a fork, and held."""
    person = house.member({shop.TEN: 3})
    lease = given(house, till, person, 1)
    till.sync()
    till.close()
    shutil.copytree(till.folder / "till", till.folder / "copy")
    till.open()
    sign_in.sign_in(till.till, shop.PIN)
    till.network.down()
    till.redeem(till.member(person), shop.TEN)
    till.network.up()
    till.sync()
    assert state(house, lease["reservation_id"]) == ("closed", 1, 0)
    till.close()
    shutil.rmtree(till.folder / "till")
    shutil.copytree(till.folder / "copy", till.folder / "till")
    till.open()
    sign_in.sign_in(till.till, shop.PIN)
    till.network.down()
    assert till.redeem(till.member(person), shop.TEN).evidence == "reserved"
    till.network.up()
    till.app.sync.cycle()
    till.app.sync.cycle()
    assert till.recorded[-1].reason == "fork"
    with pytest.raises(AssertionError, match="terminal_forked"):
        given(house, till, person, 1)
    till.app.sync.cycle()
    till.network.down()
    refused(till, "offline_not_allowed", till.member(person))
    assert house.uses_left(person.passes[shop.TEN]) == 2, "nothing more is set aside for it"
