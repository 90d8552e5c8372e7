"""Sales for money come back line by line, offline too: once, by the tenders that paid, with somebody's yes."""

from dataclasses import replace
from typing import Any

import pytest

from models.facts import OrderRefunded
from models.refusals import Refusal
from models.shifts import expected_of
from models.tenders import Tender, pay
from pos_app.selling.refunds import tenders_back
from pos_app.till import approval, quote, refund, refund_order, refundable, sell, shift, sign_in
from pos_app.till.values import Done, Refundable
from tests.pos_app.desk import MILK_TEA, WATER, Desk, uid

pytestmark = pytest.mark.req("R034")


def no(call: Any) -> Refusal:
    with pytest.raises(Refusal) as error:
        call()
    return error.value


def sold(desk: Desk, *tenders: Tender) -> Refundable:
    """Two milk teas and a water, in cash unless `tenders` pay; the sale as the till shows it."""
    basket = desk.goods((MILK_TEA, WATER, MILK_TEA))
    due = quote.quote_basket(desk.till, basket).due_minor
    sell.sell(desk.till, basket, tenders or [pay("cash", due, due + 500)])
    return refundable.recent(desk.till)[0]


def back(desk: Desk, one: Refundable, *lines: int, **changes: Any) -> Done:
    assert one.fact_id is not None
    return refund_order.refund_order(desk.till, one.fact_id, lines, **{"reason": "product_fault"} | changes)


def last(desk: Desk) -> OrderRefunded:
    body = desk.chain()[-1].body
    assert isinstance(body, OrderRefunded)
    return body


def test_lines_come_back_once_without_a_network(desk: Desk) -> None:
    one = sold(desk)
    tea, water, _ = one.lines
    desk.go_offline()
    done = back(desk, one, 2)
    assert (done.kind, done.total_minor, done.given_back) == (
        "OrderRefunded", water.amount_minor, (Tender("cash", water.amount_minor, water.amount_minor),),
    )  # fmt: skip
    body = last(desk)
    assert (body.lines, body.original_slip, [cup.name for cup in body.cups]) == ((2,), one.slip, [water.name])
    assert sum(group.base_minor + group.quota_minor for group in body.vat) == body.total_minor
    assert body.slips[0].startswith("VR.")
    again = refundable.recent(desk.till)[0]
    assert [line.is_back for line in again.lines] == [False, True, False]
    assert again.left_minor == 2 * tea.amount_minor
    assert no(lambda: back(desk, one, 2)).code == "refund_exceeds"
    back(desk, one, 1, 3)
    assert refundable.recent(desk.till)[0].left_minor == 0
    assert desk.broken() == []


@pytest.mark.parametrize(
    ("lines", "reason", "code"),
    [
        ((), "other", "basket_empty"),
        ((0,), "other", "refund_exceeds"),
        ((4,), "other", "refund_exceeds"),
        ((-1,), "other", "refund_exceeds"),
        ((1,), "because", "reason_missing"),
        ((1,), "", "reason_missing"),
    ],
)
def test_what_was_not_sold_does_not_come_back(desk: Desk, lines: tuple[int, ...], reason: str, code: str) -> None:
    one = sold(desk)
    facts = len(desk.chain())
    assert no(lambda: back(desk, one, *lines, reason=reason)).code == code
    assert len(desk.chain()) == facts


def test_only_a_sale_comes_back_by_its_lines(desk: Desk) -> None:
    desk.top_up()
    bought = refundable.recent(desk.till)[0]
    assert no(lambda: back(desk, bought, 1)).code == "transaction_unknown"
    assert no(lambda: back(desk, replace(bought, fact_id="nothing"), 1)).code == "transaction_unknown"
    sold(desk)
    desk.acknowledge(len(desk.chain()))
    number = refundable.recent(desk.till)[0].tx_no
    assert number is not None
    assert no(lambda: refund.refund(desk.till, number, 100, None, "other")).code == "refund_not_allowed"
    assert refundable.find(desk.till, number).kind == "order"


def test_nobody_gives_money_back_alone_who_may_not(desk: Desk) -> None:
    one = sold(desk)
    staff = desk.journal.catalogue.staff[uid(0x51)]
    desk.mirrored("staff", staff.staff_id, replace(staff, permissions=frozenset({"reprint"})))
    desk.hire("864200", {"refund"})
    needed = no(lambda: back(desk, one, 1))
    assert needed.code == "approval_needed"
    said = approval.approve(desk.till, "864200", "refund", str(needed.data["subject"]))
    assert no(lambda: back(desk, one, 1, 2, approval=said)).code == "approval_needed", "a yes is for one thing"
    back(desk, one, 1, approval=said)
    assert desk.chain()[-1].approver_id == said.staff_id


def test_without_a_shift_nothing_is_given_back(desk: Desk) -> None:
    one = sold(desk)
    shift.close_shift(desk.till, expected_of(shift.x_report(desk.till)))
    assert no(lambda: back(desk, one, 1)).code == "shift_not_open"
    sign_in.sign_out(desk.till)
    assert no(lambda: back(desk, one, 1)).code == "not_signed_in"


def test_the_shift_counts_it(desk: Desk) -> None:
    before = shift.x_report(desk.till)
    one = sold(desk)
    back(desk, one, 1, 2, 3)
    after = shift.x_report(desk.till)
    assert expected_of(after)["cash"] == expected_of(before)["cash"]
    assert (after.refunds, after.orders) == (before.refunds + 1, before.orders + 1)
    assert all(abs(group.base_minor) + abs(group.quota_minor) == 0 for group in after.vat), after.vat


def test_what_can_be_traced_goes_back_first(desk: Desk) -> None:
    due = sum(line.amount_minor for line in sold(desk).lines)
    one = sold(desk, Tender("cash", due - 1000, due - 1000), Tender("bank_card", 1000, 1000))
    tea = one.lines[0].amount_minor
    assert tenders_back(one.tenders_left, (), tea) == back(desk, one, 1).given_back
    assert last(desk).tenders == (Tender("bank_card", 1000, 1000), Tender("cash", tea - 1000, tea - 1000))
    back(desk, one, 2, 3)
    assert [tender.kind for tender in last(desk).tenders] == ["cash"]


@pytest.mark.parametrize(
    ("before", "total", "wanted"),
    [
        ((), 300, [("wechat", 300)]),
        ((), 900, [("wechat", 400), ("cash", 500)]),
        ((("wechat", 400),), 100, [("cash", 100)]),
        ((("wechat", 300), ("cash", 100)), 500, [("wechat", 100), ("cash", 400)]),
        ((), 901, None),
        ((), 0, None),
        ((("cash", 500), ("wechat", 400)), 1, None),
    ],
)
def test_tenders_back(before: Any, total: int, wanted: Any) -> None:
    paid = [Tender("cash", 500, 600), Tender("wechat", 400, 400)]
    given = [Tender(kind, amount, amount) for kind, amount in before]
    if wanted is None:
        assert no(lambda: tenders_back(paid, given, total)).code in ("refund_exceeds", "amount_invalid")
    else:
        found = tenders_back(paid, given, total)
        assert [(tender.kind, tender.amount_minor) for tender in found] == wanted
        assert all(tender.change_minor == 0 for tender in found)
