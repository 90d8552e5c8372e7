"""Stored-value cards on the whole road: money in, paid by dynamic code, given back; with the network cut in between."""

from __future__ import annotations

from typing import Any

import pytest

from models import wire
from models.facts import CardCharged, Refunded, RequestAbandoned, ToppedUp
from models.refusals import Refusal
from pos_app.till import charge, refund
from pos_app.till.refund_preview import preview
from pos_app.till.values import Done
from tests.flows import shop
from tests.flows.cards import credit, give_back, held, pay_by_card, pay_in, seen_alike
from tests.flows.checks import all_is_well
from tests.flows.conftest import OpenTill
from tests.flows.house import House
from tests.flows.proxy import DOWN
from tests.flows.till import Counter


def finish(house: House, till: Counter, done: Done) -> dict[str, Any]:
    """Print and hand in; HQ shows it posted, with its paper. Returns HQ's detail."""
    till.print_all()
    till.sync()
    recorded = till.fact(done)
    assert (recorded.state, recorded.reason) == ("accepted", None)
    (slip,) = done.slips
    assert till.print_states()[slip, 0] == "printed"
    (row,) = house.hq(f"/admin/api/orders?search={slip}")["orders"]
    assert (row["state"], row["tx_no"], row["key"]) == ("posted", recorded.tx_no, recorded.hash)
    assert f"{slip}.{recorded.hash[:16].upper()}" in [code for job in till.paper for code in job["qr"]]
    detail: dict[str, Any] = house.hq(f"/admin/api/orders/{row['key']}")
    all_is_well(house, till)
    return detail


def moved(detail: dict[str, Any]) -> dict[str, int]:
    """Account -> what an order moved on it."""
    return {account: delta for account, _, delta in detail["entries"]}


@pytest.mark.req("R036", "R037", "R064")
def test_paid_by_the_members_code(house: House, till: Counter) -> None:
    """Topped up with bonus, paid by the code on the phone: bonus first; a TP, points, and the code is used up."""
    person = house.member()
    till.sync()
    credit(till, person, 10000)
    assert held(house, person) == {"principal": 10000, "bonus": 2000}
    seen_alike(house, till, person)
    code = house.short_code(person)
    done = pay_by_card(till, code, ((shop.TEA, {shop.PEARLS: 1, shop.CHEESE: 1}), (shop.WATER, {})))
    assert done.card is not None
    assert (done.total_minor, done.card.balance_minor, done.card.points_change) == (2900, 9100, 29)
    assert [slip[:2] for slip in done.slips] == ["TP"]
    seen_alike(house, till, person)  # at once, before the next pull
    detail = finish(house, till, done)
    assert moved(detail) == {
        "card:bonus": -2000, "card:principal": -900, "card:points": 29, "store:issued": -29, "store:redeemed": 2900,
        "store:tender/card": 2900, "store:sales": -2706, "store:vat/0.06": -136, "store:vat/0.13": -58,
    }  # fmt: skip
    seen_alike(house, till, person)
    ((pickup, cashier),) = house.rows(
        "SELECT o.pickup_no, o.cashier_id IS NOT NULL FROM app.orders AS o JOIN app.card_charges AS g"
        " ON g.charge_id = o.order_id JOIN app.facts AS f ON f.fact_id = g.fact_id WHERE f.fact_id = %s",
        done.fact_id,
    )
    assert (pickup, cashier) == (done.pickup_no, True)
    with pytest.raises(Refusal) as refused:
        pay_by_card(till, code)
    assert refused.value.code == "code_used"
    assert sum(job["drawer_kicks"] for job in till.paper) == 1  # for the top-up's cash alone


@pytest.mark.req("R063")
def test_the_level_follows_the_points_to_the_other_till(house: House, open_till: OpenTill) -> None:
    """A hundred points earned at one till give five per cent at the other, as soon as it has heard of them."""
    one, other = open_till().begin(), open_till("SZ2").begin()
    person = house.member()
    one.sync()
    credit(one, person, 30000)
    other.sync()
    pay_by_card(one, house.short_code(person), ((shop.TEA, {}),) * 6)
    stale = house.short_code(person)
    basket = other.basket(((shop.TEA, {}),))
    offered = charge.offer(other.till, basket, stale)
    assert (offered.discount, offered.total_minor) == ("1.000", 1800)
    with pytest.raises(Refusal) as refused:
        charge.charge(other.till, basket, offered)
    found = charge.corrected(offered, refused.value)
    assert found is not None
    assert (found.discount, found.total_minor) == ("0.950", 1710)
    done = charge.charge(other.till, basket, found)
    assert (done.total_minor, done.card and done.card.discount_minor) == (1710, 90)
    for till in (one, other, one):
        till.sync()
    for till in (one, other):
        seen_alike(house, till, person)
        assert charge.offer(till.till, basket, house.short_code(person)).discount == "0.950"
    all_is_well(house, one, other)


def test_topped_up_without_a_network(house: House, till: Counter) -> None:
    """The money is taken, the slip printed with its bonus; the credit comes with the sync, once."""
    person = house.member()
    till.sync()
    till.network.down()
    done = pay_in(till, person, 12000)
    till.print_all()
    body = till.fact(done).fact.body
    assert isinstance(body, ToppedUp)
    assert (body.bonus_minor, body.bonus_rule_id) == (2300, shop.RULE)
    assert till.print_states()[done.slips[0], 0] == "printed"
    assert (held(house, person), till.member(person).member.balance_minor) == ({}, 0)
    till.network.up()
    till.app.sync.cycle()
    detail = finish(house, till, done)
    assert moved(detail) == {
        "card:principal": 12000, "card:bonus": 2300, "store:issued": -14300, "store:tender/cash": 12000,
        "store:stored_value": -12000,
    }  # fmt: skip
    assert held(house, person) == {"principal": 12000, "bonus": 2300}
    seen_alike(house, till, person)


def test_cards_pay_nothing_without_a_network(house: House, till: Counter) -> None:
    """A till alone neither charges nor refunds; nothing is recorded but that it was given up."""
    person = house.member()
    till.sync()
    tx_no = credit(till, person, 5000)
    code, before = house.short_code(person), len(till.recorded)
    till.network.down()
    for _ in range(2):
        with pytest.raises(Refusal):
            pay_by_card(till, code)
    with pytest.raises(Refusal) as refused:
        give_back(till, tx_no, 100, "cash")
    assert refused.value.code == "offline_not_allowed"
    assert {type(item.fact.body) for item in till.recorded[before:]} <= {RequestAbandoned}
    till.network.up()
    till.app.sync.cycle()
    till.sync()
    assert held(house, person) == {"principal": 5000}
    all_is_well(house, till)


@pytest.mark.req("R040", "R041")
def test_given_back_in_parts(house: House, till: Counter) -> None:
    """A charge comes back to bonus and principal in proportion, points with it; the last part takes the remainder."""
    person = house.member()
    till.sync()
    credit(till, person, 10000)
    paid = pay_by_card(till, house.short_code(person), ((shop.TEA, {}),) * 2)
    till.sync()
    tx_no = till.fact(paid).tx_no
    assert tx_no is not None
    foreseen = preview(till.till, tx_no, 1201, None)
    assert isinstance(foreseen, refund.Granted)
    assert (foreseen.bonus_minor + foreseen.principal_minor, foreseen.balance_minor) == (1201, 9601)
    first = give_back(till, tx_no, 1201)
    assert first is not None
    assert (first.card and first.card.balance_minor, first.card and first.card.cash_minor) == (9601, 0)
    detail = finish(house, till, first)
    assert moved(detail)["card:bonus"] + moved(detail)["card:principal"] == 1201
    assert (moved(detail)["card:points"], moved(detail)["store:tender/card"]) == (-12, -1201)
    too_much = preview(till.till, tx_no, 2399, "cash")
    assert isinstance(too_much, Refusal), "a charge goes back to its card"
    with pytest.raises(Refusal) as refused:
        give_back(till, tx_no, 2400)
    assert refused.value.code == "refund_exceeds"
    last = give_back(till, tx_no, 2399)
    assert last is not None
    finish(house, till, last)
    assert held(house, person) == {"principal": 10000, "bonus": 2000}
    seen_alike(house, till, person)


def test_a_top_up_handed_out_at_another_till(house: House, open_till: OpenTill) -> None:
    """By its number; the bonus goes with it, what is handed out is in the drawer of the till that gave it."""
    one, other = open_till().begin(), open_till("SZ2").begin()
    person = house.member()
    one.sync()
    tx_no = credit(one, person, 10000)
    pay_by_card(one, house.short_code(person), ((shop.TEA, {}),))
    other.sync()
    done = give_back(other, tx_no, 10000, "cash")
    assert done is not None
    assert done.card is not None
    # 20.00 of bonus came with it, 2.00 of that is left: the spent 18.00 stay in the house.
    assert (done.card.cash_minor, done.card.balance_minor) == (8200, 0)
    detail = finish(house, other, done)
    assert moved(detail)["store:tender/cash"] == -8200
    one.sync()
    for till in (one, other):
        seen_alike(house, till, person)
    assert held(house, person) == {"points": 18}
    all_is_well(house, one, other)


def test_the_answer_to_a_charge_is_lost(house: House, till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger said yes, the till never heard it: nothing is handed over, and the money comes back."""
    person = house.member()
    till.sync()
    credit(till, person, 5000)
    code = house.short_code(person)
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 1.0)
    till.network.deafen(DOWN)
    with pytest.raises(Refusal) as refused:
        pay_by_card(till, code)
    assert refused.value.code == "request_abandoned"
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 20.0)
    assert held(house, person) == {"principal": 3200, "points": 18}
    till.network.never_mind()
    till.network.down()  # as the deaf connections are no use
    till.network.up()
    till.app.sync.cycle()
    till.sync()
    assert isinstance(till.recorded[-1].fact.body, RequestAbandoned)
    assert held(house, person) == {"principal": 5000}
    seen_alike(house, till, person)
    assert pay_by_card(till, house.short_code(person)).total_minor == 1800
    till.sync()
    all_is_well(house, till)


def test_the_answer_to_a_refund_is_lost(house: House, till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for again under the same id until the answer is heard: one refund, one slip, one handing out."""
    person = house.member()
    till.sync()
    tx_no = credit(till, person, 5000)
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 1.0)
    till.network.deafen(DOWN)
    assert give_back(till, tx_no, 2000, "cash") is None
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 20.0)
    assert held(house, person) == {"principal": 3000}
    with pytest.raises(Refusal):
        give_back(till, tx_no, 2000, "cash")  # one of this transaction waits
    till.network.never_mind()
    till.network.down()
    till.restart()
    till.network.up()
    till.app.sync.cycle()
    refund.ask_again(till.till)
    till.sync()
    (given,) = [item.fact.body for item in till.recorded if isinstance(item.fact.body, Refunded)]
    assert (given.amount_minor, given.cash_minor, given.balance_minor) == (2000, 2000, 3000)
    assert held(house, person) == {"principal": 3000}
    till.print_all()
    assert till.print_states()[given.slips[0], 0] == "printed"
    all_is_well(house, till)


def test_an_order_is_found_by_its_number_and_slip_at_hq(house: House, till: Counter) -> None:
    """HQ lists charge, top-up and refund, each of its own kind, and counts what was sold as revenue."""
    person = house.member()
    till.sync()
    number = credit(till, person, 5000)
    paid = pay_by_card(till, house.short_code(person))
    till.sync()
    charged = till.fact(paid)
    assert isinstance(charged.fact.body, CardCharged)
    back = give_back(till, str(charged.tx_no), 800)
    assert back is not None
    till.sync()
    found = {
        (row["kind"], row["amount_minor"]) for row in house.hq(f"/admin/api/orders?search={person.phone}")["orders"]
    }
    assert found == {("ToppedUp", 5000), ("CardCharged", 1800), ("Refunded", -800)}
    (row,) = house.hq(f"/admin/api/orders?search={number}")["orders"]
    assert row["kind"] == "ToppedUp"
    all_is_well(house, till)
