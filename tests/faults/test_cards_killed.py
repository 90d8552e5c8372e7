"""kill -9 of the server while a card is charged, topped up or refunded: money moves once, or not at all."""

from __future__ import annotations

import pytest

from models.facts import Refunded, RequestAbandoned, ToppedUp
from models.refusals import Refusal
from tests.faults.conftest import FaultyHouse, OpenTill, catch_up
from tests.faults.test_server_killed import steps
from tests.flows import shop
from tests.flows.cards import credit, give_back, held, pay_by_card, pay_in, seen_alike
from tests.flows.checks import all_is_well

COMMITTED = "request: committed, before the answer"


@pytest.mark.parametrize("step", [*steps("charge"), COMMITTED])
def test_while_a_card_is_charged(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Nothing is handed over without an answer; what the ledger had posted is taken back."""
    till = open_till().begin()
    person = house.member()
    till.sync()
    credit(till, person, 10000)
    code = house.short_code(person)
    house.plan(step)
    with pytest.raises(Refusal) as refused:
        pay_by_card(till, code, ((shop.TEA, {}), (shop.TEA, {})))
    assert refused.value.code == "request_abandoned"
    house.wait_killed()
    house.run()
    till.app.start_background()
    catch_up(till)
    assert isinstance(till.recorded[-1].fact.body, RequestAbandoned)
    assert held(house, person) == {"principal": 10000, "bonus": 2000}
    seen_alike(house, till, person)
    assert pay_by_card(till, house.short_code(person)).total_minor == 1800
    till.sync()
    all_is_well(house, till)


@pytest.mark.parametrize("step", [*steps("refund"), COMMITTED])
def test_while_a_top_up_is_handed_out(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """The till asks again by itself until it is answered: one refund, one slip."""
    till = open_till().begin()
    person = house.member()
    till.sync()
    tx_no = credit(till, person, 10000)
    house.plan(step)
    assert give_back(till, tx_no, 5000, "cash") is None
    house.wait_killed()
    house.run()
    till.app.start_background()
    catch_up(till)
    (given,) = [item.fact.body for item in till.recorded if isinstance(item.fact.body, Refunded)]
    assert (given.cash_minor, given.balance_minor) == (5000, 6000)
    assert held(house, person) == {"principal": 5000, "bonus": 1000}
    seen_alike(house, till, person)
    all_is_well(house, till)


@pytest.mark.parametrize("step", ["push: posted, before COMMIT", "push: committed, before the answer"])
def test_while_a_top_up_is_handed_in(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    till = open_till().begin()
    person = house.member()
    till.sync()
    till.network.down()
    pay_in(till, person, 10000)
    pay_in(till, person, 1000)
    house.plan(step)
    till.network.up()
    till.app.start_background()
    house.wait_killed()
    house.run()
    catch_up(till)
    assert [item.state for item in till.recorded if isinstance(item.fact.body, ToppedUp)] == ["accepted"] * 2
    assert held(house, person) == {"principal": 11000, "bonus": 2000}
    seen_alike(house, till, person)
    all_is_well(house, till)
