"""What is wrong with a fact before the ledger sees it, and that a request and its fact are one content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from models.facts import Evidence, Fact, OrderPaid, PassRedeemed, PassSold, SoldAddOn, SoldCup
from models.money import VatGroup
from models.tenders import Tender
from sync_server.database.engine import Pool
from sync_server.intake.cards import digest
from sync_server.intake.effects import StoreRules, asked_of_fact, asked_of_request, prepare
from tests.printing.shop import shift_closed
from tests.sync_server import world
from tests.sync_server.till import FakeTill, plan, redeem_of

RULES = StoreRules("CNY", "Asia/Shanghai", 120, "zh-CN")
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
OTHER = "0f000000-0000-7000-8000-000000000009"


def till() -> FakeTill:
    return FakeTill(cast(Pool, None), at=NOW)


def held(fact: Fact) -> str | None:
    return prepare(fact, world.TERMINAL, "SZ1T01", RULES, NOW).held


def redeemed(**changes: Any) -> Fact:
    made = till()
    return made.fact(replace(made.redemption(OTHER, Evidence("online", OTHER), cups=2, extra=1), **changes))


def sold(**changes: Any) -> Fact:
    made = till()
    body = made.sell_pass(sold=plan(vat_mode="single_purpose", vat_rate="0.06"))
    return made.fact(replace(body, **changes))


def ordered(**changes: Any) -> Fact:
    made = till()
    return made.fact(replace(made.order(), **changes))


def test_what_is_right_is_not_held() -> None:
    assert [held(redeemed()), held(sold()), held(ordered())] == [None, None, None]


def closed(**changes: Any) -> Fact:
    body = replace(shift_closed(), slips=("ZR.SZ1T01.000001",))
    return till().fact(replace(body, **changes))


def test_a_shift_that_ended_agrees_with_itself() -> None:
    right = shift_closed()
    cash, card = right.counted
    assert held(closed()) is None
    assert held(closed(difference_reason=None)) == "arithmetic_wrong"
    assert held(closed(counted=(replace(cash, expected_minor=25_800), card))) == "arithmetic_wrong"
    assert held(closed(counted=(cash,))) == "arithmetic_wrong"
    assert held(closed(counted=(cash, card, card))) == "arithmetic_wrong"
    assert held(closed(counted=(cash, replace(card, counted_minor=-1)))) == "arithmetic_wrong"
    assert held(closed(slips=("TP.SZ1T01.000001",))) == "slips_wrong"
    written = prepare(closed(difference_reason="Anna was ill"), world.TERMINAL, "SZ1T01", RULES, NOW).effect
    assert written["difference_reason"] == "other"


def with_add_on(**changes: Any) -> tuple[SoldCup, ...]:
    part = replace(SoldAddOn(OTHER, "x", 1, 0, 500, "0.06"), **changes)
    return (SoldCup(world.PRODUCT, "红茶", 0, "0.06", (part,)), SoldCup(world.PRODUCT, "红茶", 0, "0.06"))


@pytest.mark.req("R104")
@pytest.mark.parametrize("kind", ["bizum", "platform", "wechat", "alipay"])
def test_a_redemption_paid_by_a_third_party_is_held(kind: str) -> None:
    assert held(redeemed(tenders=(Tender(kind, 500, 500),))) == "tender_not_allowed"


@pytest.mark.parametrize(
    ("make", "changes", "reason"),
    [
        (redeemed, {"uses": 1}, "arithmetic_wrong"),
        (redeemed, {"cups": (), "uses": 0, "extra_total_minor": 0, "vat": (), "tenders": ()}, "arithmetic_wrong"),
        (redeemed, {"extra_total_minor": 400, "tenders": (Tender("cash", 400, 400),)}, "arithmetic_wrong"),
        (redeemed, {"vat": (VatGroup("0.06", 500, 0),)}, "arithmetic_wrong"),
        (redeemed, {"vat": ()}, "arithmetic_wrong"),
        (redeemed, {"tenders": ()}, "tender_insufficient"),
        (redeemed, {"tenders": (Tender("cash", 600, 600), Tender("cash", -100, -100))}, "amount_invalid"),
        (redeemed, {"tenders": (Tender("bank_card", 500, 600),)}, "change_only_from_cash"),
        (redeemed, {"tenders": (Tender("shells", 500, 500),)}, "tender_unknown"),
        (redeemed, {"cups": with_add_on(free=2)}, "amount_invalid"),
        (redeemed, {"cups": with_add_on(quantity=0)}, "amount_invalid"),
        (redeemed, {"cups": with_add_on(unit_price_minor=-500)}, "amount_invalid"),
        (redeemed, {"cups": with_add_on(vat_rate="6%")}, "amount_invalid"),
        (redeemed, {"cups": (replace(with_add_on()[0], base_minor=500),)}, "arithmetic_wrong"),
        (redeemed, {"slips": ("VR.SZ1T01.000001",)}, "slips_wrong"),
        (redeemed, {"slips": ("VR.SZ1T02.000001", "TP.SZ1T02.000001")}, "slip_foreign"),
        (redeemed, {"slips": ("VR.SZ1T01.1", "TP.SZ1T01.000001")}, "slip_unknown"),
        (redeemed, {"redemption_id": "7"}, "request_malformed"),
        (redeemed, {"pass_id": ""}, "request_malformed"),
        (redeemed, {"evidence": Evidence("online", "x")}, "request_malformed"),
        (sold, {"total_minor": 14000}, "tender_insufficient"),
        (sold, {"vat": ()}, "vat_wrong"),
        (sold, {"vat_mode": "none"}, "vat_wrong"),
        (sold, {"vat": (VatGroup("0.06", 15000, 0),)}, "arithmetic_wrong"),
        (sold, {"vat": (VatGroup("0.06", 14151, 848),)}, "arithmetic_wrong"),
        (sold, {"member_id": "M1"}, "request_malformed"),
        (ordered, {"cups": (), "total_minor": 0, "vat": (), "tenders": ()}, "basket_empty"),
        (ordered, {"total_minor": 2200, "tenders": (Tender("cash", 2200, 2200),)}, "arithmetic_wrong"),
        (ordered, {"cups": (SoldCup("x", "x", 10**12 + 1, "0"),)}, "amount_invalid"),
        (ordered, {"order_id": "A"}, "request_malformed"),
    ],
)  # fmt: skip
def test_wrong_sums_and_names_are_held(make: Callable[..., Fact], changes: dict[str, Any], reason: str) -> None:
    assert held(make(**changes)) == reason


def test_a_fact_of_another_terminal_or_a_strange_cashier_is_held() -> None:
    fact = redeemed()
    assert prepare(fact, world.SECOND_TERMINAL, "SZ1T01", RULES, NOW).held == "terminal_differs"
    assert held(replace(fact, cashier_id="boss")) == "request_malformed"


def test_a_held_fact_that_cannot_be_read_names_no_slips() -> None:
    fact = redeemed(pass_id="")
    prepared = prepare(fact, world.TERMINAL, "SZ1T01", RULES, NOW)
    assert (prepared.slips, prepared.effect, prepared.cashier_id) == ((), {}, None)


def test_the_business_day_is_the_stores_own_and_not_the_tills_word() -> None:
    fact = redeemed(business_day="2030-01-01")
    before_cutoff = datetime(2026, 11, 20, 17, 59, tzinfo=UTC)  # 01:59 in Shenzhen, cut-off 02:00
    days = [prepare(fact, world.TERMINAL, "SZ1T01", RULES, at).effect["business_day"]
            for at in (before_cutoff, before_cutoff.replace(hour=18, minute=0))]  # fmt: skip
    assert days == ["2026-11-20", "2026-11-21"]


def test_a_request_and_its_fact_have_one_digest() -> None:
    made = till()
    body = made.redemption(OTHER, Evidence("online", OTHER), cups=2, extra=1)
    request = made.request(body, business_day=body.business_day)
    assert digest(asked_of_request(redeem_of(request))) == digest(asked_of_fact(body))
    others = [
        replace(body, redemption_id=OTHER), replace(body, pass_id=world.PLAN), replace(body, member_id=OTHER),
        replace(body, business_day="2020-01-01"), replace(body, extra_total_minor=0), replace(body, tenders=()),
        replace(body, cups=body.cups[:1]), replace(body, currency="EUR"),
        replace(body, cups=(replace(body.cups[0], add_ons=()), body.cups[1])),
    ]  # fmt: skip
    assert len({digest(asked_of_fact(other)) for other in (body, *others)}) == 1 + len(others)


def test_bodies_of_all_kinds_are_covered() -> None:
    assert {type(make().body) for make in (redeemed, sold, ordered)} == {PassRedeemed, PassSold, OrderPaid}
