"""Own sales and what the ledger grants on them: nothing is counted twice when an acknowledgement is lost."""

from dataclasses import replace

import pytest

from models.facts import PassRedeemed
from models.refusals import Refusal
from models.wire import ActionAnswer, ActionRequest
from pos_app.journal import passes
from pos_app.selling.basket import Basket
from pos_app.till import sell_pass
from tests.pos_app.desk import NOON, PASS_TEN, TEN_PLAN, Desk


def sold(desk: Desk, member: int = 2) -> Basket:
    """Sell ten uses, which stay in the queue; returns a basket of one cup on that pass."""
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    sell_pass.sell_pass(desk.till, desk.member(member).member, plan, [desk.tender(plan.price_minor)])
    return basket_of(desk, member)


def basket_of(desk: Desk, member: int = 2) -> Basket:
    view = next(one for one in desk.member(member).passes if one.plan.plan_id == TEN_PLAN)
    return Basket(desk.basket().cups, desk.member(member).member, view.held, view.plan)


def left(desk: Desk, member: int) -> int:
    held = basket_of(desk, member).held
    assert held is not None
    return held.uses_left


def own_sale(desk: Desk, pass_id: str) -> int:
    with desk.journal.reading() as rows:
        return passes.own_sale_uses(rows, pass_id)


def pass_id_of(basket: Basket) -> str:
    assert basket.held is not None
    return basket.held.pass_id


def ledger_says(desk: Desk, monkeypatch: pytest.MonkeyPatch, uses_left: int) -> None:
    """The ledger grants, and counts so many after it."""

    def ask(request: ActionRequest, _wait: float) -> ActionAnswer:
        return ActionAnswer(request.request_id, "accepted", None, {}, uses_left, "HX1", NOON)

    monkeypatch.setattr(desk.server, "ask", ask)


def test_a_grant_on_a_pass_sold_here_proves_the_sale(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to the sale's push was lost: its ten uses are the ledger's ten, not ten more."""
    basket = sold(desk)
    ledger_says(desk, monkeypatch, 6)
    assert desk.redeem(replace(basket, cups=basket.cups * 4)).uses_left == 6
    body = desk.chain()[-1].body
    assert isinstance(body, PassRedeemed)
    assert body.uses_left == 6
    assert (left(desk, 2), own_sale(desk, pass_id_of(basket))) == (6, 0)
    assert desk.broken() == []
    monkeypatch.undo()
    desk.go_offline()
    with pytest.raises(Refusal) as error:
        desk.redeem(basket)
    assert error.value.code == "offline_not_allowed"


def test_a_grant_shows_whether_a_sale_on_top_is_posted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six known and ten sold on top: five after a use is the old count, fifteen can only be both."""
    basket = sold(desk, 1)
    ledger_says(desk, monkeypatch, 5)
    assert desk.redeem(basket).uses_left == 5, "the ledger's number stands on the slip"
    assert (left(desk, 1), own_sale(desk, PASS_TEN)) == (15, 9)
    ledger_says(desk, monkeypatch, 14)
    assert desk.redeem(basket).uses_left == 14
    assert (left(desk, 1), own_sale(desk, PASS_TEN)) == (14, 0)
    assert desk.broken() == []


def test_a_grant_on_an_expired_pass_proves_the_renewal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.change_pass(1, status="expired", uses_left=12)
    basket = sold(desk, 1)
    ledger_says(desk, monkeypatch, 9)
    desk.redeem(basket)
    held = basket_of(desk, 1).held
    assert held is not None
    assert (held.status, held.uses_left, own_sale(desk, PASS_TEN)) == ("active", 9, 0)
    assert desk.broken() == []


def test_whatever_was_taken_counts_against_the_own_sale(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = sold(desk, 1)
    assert own_sale(desk, PASS_TEN) == 10
    ledger_says(desk, monkeypatch, 4)
    desk.redeem(replace(basket, cups=basket.cups * 2))
    assert own_sale(desk, PASS_TEN) == 8, "two were taken online"
    monkeypatch.undo()
    desk.go_offline()
    desk.redeem(replace(basket, cups=basket.cups * 3))
    assert own_sale(desk, PASS_TEN) == 5, "and three on the own sale"
    desk.acknowledge(len(desk.chain()))
    assert own_sale(desk, PASS_TEN) == 0
