"""Topping up: who, how much, what it brings, how it is paid."""

from dataclasses import replace

import pytest

from pos_app.journal import members
from pos_app.ui.settle import SETTLE_SECONDS
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import EPOCH, PEOPLE


@pytest.fixture
def screen(hand: Hand) -> Hand:
    """The top-up screen with a member."""
    hand.key("F5")
    hand.wait(screen="top_up")
    hand.scan(1)
    return hand


def kinds(hand: Hand) -> list[str]:
    return [row.kind for row in hand.shop.facts()]


@pytest.mark.req("C05", "R184")
def test_an_amount_and_its_bonus(screen: Hand) -> None:
    assert "送 ¥\u00a020.00" in screen.text("amount_1")
    screen.tap("amount_1")
    assert (screen.text("top_up_bonus"), screen.text("top_up_credit")) == ("+¥\u00a020.00", "¥\u00a0120.00")
    assert screen.text("top_up_due") == "¥\u00a0100.00"
    screen.tap("tender_wechat", "confirm")
    screen.wait(screen="result", text=["result_title", "100.00"])
    assert screen.text("result_credited") == "¥\u00a0120.00"
    assert "同步后到账" in screen.text("card_told_title")
    assert kinds(screen) == ["ShiftOpened", "ToppedUp"]


def test_typed_amounts_and_change(screen: Hand) -> None:
    screen.tap("top_up_digit_7", "top_up_digit_5", "top_up_digit_point", "top_up_digit_5")
    assert screen.text("top_up_due") == "¥\u00a075.50"
    assert screen.text("top_up_bonus") == "无"
    screen.tap("cash_open")
    screen.type("received_field", "75")
    assert not screen.find("confirm").isEnabled()
    screen.type("received_field", "80")
    screen.tap("cash_done", "confirm")
    screen.wait(screen="result", text=["result_change", "4.50"])
    screen.key("Return")
    assert screen.text("result_change"), "the second half of a double Enter does not hide the change"
    screen.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    screen.key("Return")
    screen.wait(screen="checkout")


@pytest.mark.parametrize("typed", ["0", "0.00", ""])
def test_nothing_is_no_amount(screen: Hand, typed: str) -> None:
    screen.type("top_up_field", typed)
    screen.key("Return")
    screen.idle()
    assert not screen.find("confirm").isEnabled()
    assert kinds(screen) == ["ShiftOpened"]


def test_a_huge_amount_is_refused_with_the_limit(screen: Hand) -> None:
    screen.type("top_up_field", "999999999")
    screen.wait(text=["top_up_refused_title", "充值金额不对"])
    assert "100,000.00" in screen.text("top_up_refused_detail")
    assert not screen.find("confirm").isEnabled()
    screen.type("top_up_field", "100")
    screen.wait(hidden="top_up_refused_title")


def test_no_member_no_top_up(hand: Hand) -> None:
    hand.key("F5")
    hand.wait(screen="top_up")
    assert hand.text("confirm") == "请先扫会员码"
    hand.tap("amount_1")
    assert hand.text("confirm") == "请先扫会员码", "the next step, not the one already done"
    assert hand.sees("top_up_prompt")
    assert not hand.find("confirm").isEnabled()


@pytest.mark.req("C07")
def test_offline_it_says_that_the_credit_comes_later(screen: Hand) -> None:
    screen.shop.go_offline()
    screen.wait(visible="top_up_offline_title")
    screen.tap("amount_1", "confirm")
    screen.wait(screen="result")
    assert kinds(screen)[-1] == "ToppedUp"
    screen.key("Return")
    screen.wait(screen="checkout", hidden="member_name")


def test_a_digit_replaces_the_round_amount(screen: Hand) -> None:
    screen.tap("amount_4", "top_up_digit_8", "top_up_digit_0")
    assert screen.text("top_up_due") == "¥\u00a080.00"
    screen.tap("amount_4", "top_up_digit_back")
    assert screen.text("top_up_due") == "¥\u00a00.00"


def test_a_double_tap_takes_the_money_once(screen: Hand) -> None:
    screen.tap("amount_1")
    screen.find("confirm").click()  # type: ignore[attr-defined]
    screen.find("confirm").click()  # type: ignore[attr-defined]
    screen.wait(screen="result")
    screen.idle()
    assert kinds(screen) == ["ShiftOpened", "ToppedUp"]


@pytest.mark.req("C05")
def test_a_refusal_keeps_amount_and_tender(screen: Hand) -> None:
    """The member was suspended after the scan: nothing is taken, and all that was entered stands."""
    screen.type("top_up_field", "75.50")
    screen.tap("tender_wechat")
    person = screen.shop.person(1, *PEOPLE[0])
    with screen.shop.journal.upkeep() as rows:
        members.put(rows, screen.shop.journal.sealer, replace(person, status="suspended"), EPOCH)
    screen.tap("confirm")
    screen.wait(visible="notice_title")
    assert "没有充值，没有收款" in screen.text("notice_detail")
    assert kinds(screen) == ["ShiftOpened"]
    assert screen.text("top_up_due") == "¥\u00a075.50"
    assert screen.find("tender_wechat").isChecked()  # type: ignore[attr-defined]
    screen.key("Escape")
    screen.wait(hidden="notice_title")
    assert screen.text("top_up_due") == "¥\u00a075.50"
    screen.key("Escape")
    screen.wait(screen="checkout")


def test_another_member_keeps_the_amount_and_the_message_of_a_wrong_code_does_too(screen: Hand) -> None:
    screen.type("top_up_field", "80")
    screen.shell.scanner.scanned.emit("HELLO")
    screen.wait(visible="notice_title")
    assert screen.text("top_up_due") == "¥\u00a080.00"
    screen.scan(3)
    assert screen.state()["screen"] == "top_up"
    assert screen.text("top_up_due") == "¥\u00a080.00"
    screen.tap("tender_wechat", "confirm")
    screen.wait(screen="result")
    assert "Laura" in screen.text("result_detail")


def test_the_open_basket_stays(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("tab_1", "product_0")
    hand.key("F5")
    hand.tap("amount_0", "confirm")
    hand.wait(screen="result")
    hand.tap("nav_checkout")
    assert hand.state()["basket"]["cups"] == 1


def test_a_bonus_that_changed_meanwhile_is_not_promised(screen: Hand) -> None:
    screen.tap("amount_1")
    object.__setattr__(screen.shop.journal.catalogue, "bonus_rules", ())
    screen.shell.window.interior.desk.changed.emit()  # type: ignore[union-attr]
    assert screen.text("top_up_bonus") == "无"
    assert screen.text("top_up_credit") == "¥\u00a0100.00"
