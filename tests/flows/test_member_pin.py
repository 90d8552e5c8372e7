"""A member's PIN on its whole way: set at the server, typed at two tills, cleared, told at HQ, nowhere in the clear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.facts import PassRedeemed
from models.refusals import Refusal
from pos_app.till import member_pin
from pos_app.till.values import Done
from sync_server.database.engine import PLATFORM
from sync_server.members import pins
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.conftest import OpenTill
from tests.flows.house import House
from tests.flows.till import Counter

PIN = "902104"


def known_by(till: Counter, done: Done) -> str | None:
    body = till.fact(done).fact.body
    assert isinstance(body, PassRedeemed)
    return body.identified_by


@pytest.mark.req("R087", "R156")
def test_from_the_members_page_to_the_counter_and_hq(house: House, till: Counter, open_till: OpenTill) -> None:
    person = house.member({shop.TEN: 5})
    other = open_till().begin()
    for one in (till, other):
        one.sync()
    seen = till.redeem(till.member(person), shop.TEN)
    house.do(lambda pool: pins.set_pin(pool, house.keys, person.member_id, PIN))
    not_yet = other.redeem(other.member(person), shop.TEN)
    assert (known_by(till, seen), known_by(other, not_yet)) == ("seen", "seen"), "a till knows what it has heard"
    for one in (till, other):
        one.sync()
        with pytest.raises(Refusal, match="member_pin_needed"):
            one.redeem(one.member(person), shop.TEN)
        with pytest.raises(Refusal, match="pin_wrong"):
            member_pin.prove(one.till, person.member_id, "902105")
        view = replace(one.member(person), proof=member_pin.prove(one.till, person.member_id, PIN))
        done = one.redeem(view, shop.TEN)
        assert known_by(one, done) == "pin"
        one.sync()
        found = house.hq(f"/admin/api/orders?search={done.slips[0]}")["orders"][0]
        assert found["state"] == "posted"
        detail = house.hq(f"/admin/api/orders/{found['key']}")
        assert detail["fact"]["body"]["identified_by"] == "pin"
        assert PIN not in str(detail)
    house.do(lambda pool: pins.clear_pin(pool, PLATFORM, person.member_id))
    till.sync()
    assert known_by(till, till.redeem(till.member(person), shop.TEN)) == "seen"
    for one in (till, other):
        one.sync()
    assert PIN not in house.log.read_text("utf-8")
    assert PIN.encode() not in b"".join(path.read_bytes() for path in till.folder.rglob("*") if path.is_file())
    all_is_well(house, till, other)
