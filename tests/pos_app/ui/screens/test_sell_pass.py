"""Selling a pass: first or stacked, awaiting review, paid any way."""

from dataclasses import replace

import pytest

from tests.pos_app.ui.hand import Hand


@pytest.mark.req("R096", "R108", "C05")
def test_a_first_pass_is_sold_for_cash_and_can_be_redeemed_next(hand: Hand) -> None:
    hand.scan(3)
    hand.tap("passes_sell")
    hand.wait(screen="sell_pass")
    hand.tap("plan_0")
    hand.wait(text=["plan_kind", "首次购卡"])
    assert hand.text("plan_due") == "¥\u00a0150.00"
    hand.tap("cash_open", "note_0")
    assert hand.text("cash_change") == "¥\u00a050.00"
    hand.tap("confirm")
    hand.wait(screen="result", text=["result_title", "已售卡，加 10 次"])
    assert hand.text("result_change") == "¥\u00a050.00"
    assert [slip.number[:2] for slip in hand.shop.facts()[-1].slips] == ["VR", "TP"]
    hand.scan(3)
    hand.wait(screen="checkout", visible="pass_0")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result", text=["result_title", "已核销 1 次"])


@pytest.mark.req("R099")
def test_a_stacked_purchase_shows_what_it_becomes(hand: Hand) -> None:
    hand.scan(1)
    hand.key("F4")
    hand.tap("plan_0")
    hand.wait(text=["plan_kind", "叠加到现有次卡"])
    assert hand.text("plan_uses") == "6 → 16 次"
    hand.tap("tender_alipay", "confirm")
    hand.wait(screen="result")
    assert hand.text("result_left") == "16 次"


@pytest.mark.req("R097")
def test_a_plan_that_needs_review_says_so_before_and_after(hand: Hand) -> None:
    hand.scan(3)
    hand.key("F4")
    hand.tap("plan_1")
    hand.wait(text=["review_notice_title", "等待总部审核"])
    hand.tap("tender_bank_card")
    hand.key("Return")
    hand.wait(screen="result", text=["review_notice_title", "等待总部审核"])


def test_no_member_no_sale(hand: Hand) -> None:
    hand.key("F4")
    hand.tap("plan_0")
    assert not hand.find("confirm").isEnabled()
    assert hand.sees("plan_prompt")
    hand.key("Return")
    hand.idle()
    assert len(hand.shop.facts()) == 1
    hand.scan(3)
    assert hand.state()["screen"] == "sell_pass"
    hand.until(lambda: hand.find("confirm").isEnabled())


def test_a_price_that_changed_meanwhile_is_not_charged(hand: Hand) -> None:
    hand.scan(3)
    hand.key("F4")
    hand.tap("plan_0")
    plans = hand.shop.journal.catalogue.plans
    first = min(plans.values(), key=lambda plan: plan.price_minor)
    object.__setattr__(
        hand.shop.journal.catalogue, "plans", {**plans, first.plan_id: replace(first, price_minor=99_900)}
    )
    hand.tap("confirm")
    hand.wait(text=["notice_title", "价格刚刚更新"])
    assert "没有售卡" in hand.text("notice_detail")
    assert len(hand.shop.facts()) == 1


def test_the_cash_for_less_than_the_price_cannot_be_confirmed(hand: Hand) -> None:
    hand.scan(3)
    hand.key("F4")
    hand.tap("plan_0", "cash_open")
    hand.type("received_field", "149.99")
    assert not hand.find("confirm").isEnabled()
    hand.key("Escape")
    assert hand.sees("plan_0")
    hand.key("Escape")
    hand.wait(screen="checkout")


@pytest.mark.req("R107")
def test_the_discount_centre_leads_to_buying_and_to_redeeming(hand: Hand) -> None:
    hand.key("F4")
    hand.wait(screen="sell_pass", visible="plan_0")
    hand.tap("centre_redeem")
    assert hand.sees("plans_empty")
    assert not hand.sees("plan_0")
    hand.scan(1)
    hand.wait(visible="centre_pass_1")
    assert not hand.find("centre_pass_2").isEnabled()  # it waits for review
    hand.tap("centre_pass_1")
    hand.wait(screen="checkout", visible="pass_1")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result", text=["result_left", "5 次"])  # of the second pass; the first, chosen by itself, had 1
    hand.key("F4")
    assert hand.sees("plan_0")


@pytest.mark.req("R107")
def test_a_basket_is_put_aside_when_the_centre_redeems_another_pass(hand: Hand) -> None:
    hand.scan(1)
    hand.wait(visible="pass_0")
    hand.tap("product_0")
    hand.key("F4")
    hand.tap("centre_redeem", "centre_pass_1")
    hand.wait(screen="checkout", visible="held_0")
    assert len(hand.shop.facts()) == 1
