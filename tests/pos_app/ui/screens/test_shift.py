"""The shift: money in and out of the drawer, the X report, the blind count, approval by a PIN, and what follows."""

from typing import Any

import pytest
from sqlalchemy import select

from models.drawer import CashMoved, ShiftClosed
from models.facts import Fact, decode_fact
from models.tenders import pay
from pos_app.journal.errors import DiskFull
from pos_app.journal.tables import FACTS
from pos_app.selling import permissions
from pos_app.selling.basket import Basket, add_product
from pos_app.till import cash, sell, shift
from pos_app.ui.phrases import load
from pos_app.ui.settle import SETTLE_SECONDS
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PIN
from tests.pos_app.ui.test_revoked import revoke

WORDS = load("zh-CN")
MANAGER = "864200"
NEXT_SLIP = "CM.SZ1T03.000001"
Z_REPORT = "ZR.SZ1T03.000001"


@pytest.fixture
def screen(hand: Hand) -> Hand:
    """The shift in front; a colleague may do what the cashier may not."""
    hand.shop.hire(MANAGER, {permissions.CASH_DIFFERENCE, permissions.CASH_OUT, permissions.NO_SALE})
    hand.key("F11")
    hand.wait(screen="shift", visible="shift_blind")
    hand.idle()
    return hand


@pytest.fixture
def counting(hand: Hand) -> Hand:
    """Sold for ¥33 by WeChat and for ¥18 in cash; the count in front. The drawer holds ¥218."""
    hand.shop.hire(MANAGER, {permissions.CASH_DIFFERENCE})
    hand.tap("product_0", "product_1", "tender_wechat", "confirm")
    hand.wait(screen="result")
    hand.key("Return")
    hand.wait(screen="checkout")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    begin_count(hand)
    return hand


def begin_count(hand: Hand) -> None:
    hand.key("F11")
    hand.wait(screen="shift", enabled="shift_close")
    hand.tap("shift_close")
    hand.wait(visible="count_cash")


def chain(hand: Hand) -> list[Fact]:
    with hand.shop.journal.reading() as rows:
        return [decode_fact(data) for data in rows.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq)).scalars()]


def last(hand: Hand) -> Any:
    return chain(hand)[-1].body


def focus(hand: Hand) -> str:
    return hand.shell.window.focusWidget().objectName()


def kinds(hand: Hand) -> list[str]:
    return [row.kind for row in hand.shop.facts()]


# -- the way there ----------------------------------------------------------------------------------------------


def test_bar_chip_and_key_lead_there_and_escape_back(hand: Hand) -> None:
    for way in ("nav_shift", "chip_shift", "F11"):
        hand.key(way) if way == "F11" else hand.tap(way)
        hand.wait(screen="shift", text=["shift_opened", "李敏"])
        hand.key("Escape")
        hand.wait(screen="checkout")


def test_without_a_shift_it_leads_to_opening_one(hand: Hand) -> None:
    shift.close_shift(hand.shop.till, {"cash": 20_000})
    hand.wait(screen="open_shift")
    hand.key("F11")
    hand.idle()
    assert hand.state()["screen"] == "open_shift"


# -- money in and out -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "reason", "said"),
    [("paid_in", "change", "已存入 ¥\u00a050.50"), ("safe_drop", "bank", "已移走 ¥\u00a050.50")],
)
def test_money_moves_with_an_amount_and_a_reason(screen: Hand, move: str, reason: str, said: str) -> None:
    screen.tap(f"move_{move}")
    assert screen.text("confirm") == WORDS["move.amount.missing"]
    screen.tap("move_digit_5", "move_digit_0", "move_digit_point", "move_digit_5")
    assert screen.text("confirm") == WORDS["move.reason.missing"]
    assert not screen.find("confirm").isEnabled()
    screen.tap(f"reason_{reason}", "confirm")
    screen.wait(text=["move_done_title", said])
    assert NEXT_SLIP in screen.text("move_done_detail")
    assert screen.text("slip_0_number") == NEXT_SLIP
    moved = last(screen)
    assert isinstance(moved, CashMoved)
    assert (moved.move, moved.amount_minor, moved.reason) == (move, 5050, reason)
    screen.shop.paper(NEXT_SLIP, "printed")
    screen.wait(text=["slip_0_state", "已打印"])


def test_a_double_tap_and_a_double_enter_move_the_money_once_and_the_result_stays(screen: Hand) -> None:
    screen.tap("move_paid_in")
    screen.type("move_field", "20")
    screen.tap("reason_other")
    confirm = screen.find("confirm")
    confirm.click()  # type: ignore[attr-defined]
    confirm.click()  # type: ignore[attr-defined]
    screen.key("Return")
    screen.wait(visible="move_done")
    screen.key("Return")
    assert screen.sees("move_done_title"), "the second half of a double Enter does not hide the number"
    screen.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    screen.key("Return")
    screen.wait(hidden="move_done_title", visible="shift_blind")
    screen.idle()
    assert kinds(screen) == ["ShiftOpened", "CashMoved"]


def test_more_than_the_drawer_holds_is_refused_and_all_that_was_entered_stands(screen: Hand) -> None:
    screen.tap("move_safe_drop")
    screen.type("move_field", "200.01")
    screen.tap("reason_safe", "confirm")
    screen.wait(text=["notice_title", WORDS["refusal.cash_insufficient"]])
    assert "没有登记" in screen.text("notice_detail")
    assert kinds(screen) == ["ShiftOpened"]
    screen.key("Escape")
    assert screen.text("move_field") == "200.01"
    screen.type("move_field", "200")
    screen.key("Return")
    screen.wait(visible="move_done_title")


def test_paid_out_needs_a_pin_bound_to_amount_and_reason(screen: Hand) -> None:
    screen.tap("move_paid_out")
    screen.type("move_field", "30")
    screen.tap("reason_supplier", "confirm")
    screen.wait(visible="approval_field")
    assert screen.text("approval_what") == "现金支出 · ¥\u00a030.00 · 供应商"
    screen.tap(*(f"approval_digit_{digit}" for digit in MANAGER))
    assert screen.text("approval_field") == "••••••"
    screen.tap("approval_submit")
    screen.wait(visible="move_done_title")
    moved = chain(screen)[-1]
    assert isinstance(moved.body, CashMoved)
    assert (moved.body.amount_minor, moved.body.reason) == (3000, "supplier")
    assert moved.approver_id not in (None, moved.cashier_id)


def test_going_back_from_the_pin_loses_nothing_and_another_amount_asks_again(screen: Hand) -> None:
    screen.tap("move_paid_out")
    screen.type("move_field", "30")
    screen.tap("reason_supplier", "confirm")
    screen.wait(visible="approval_field")
    screen.type("approval_field", "86")
    screen.key("Escape")
    screen.wait(hidden="approval_field", enabled="confirm")
    assert screen.text("move_field") == "30"
    assert screen.find("reason_supplier").isChecked()  # type: ignore[attr-defined]
    screen.type("move_field", "31")
    screen.tap("confirm")
    screen.wait(visible="approval_field")
    assert (screen.text("approval_field"), "31.00" in screen.text("approval_what")) == ("", True)
    assert kinds(screen) == ["ShiftOpened"]


def test_a_wrong_pin_somebody_who_may_not_and_too_many_tries(screen: Hand) -> None:
    screen.tap("move_no_sale")
    assert not screen.sees("move_field")
    screen.tap("reason_check", "confirm")
    screen.wait(visible="approval_field")
    screen.type("approval_field", PIN)
    screen.key("Return")
    screen.wait(text=["approval_notice_title", WORDS["refusal.permission_missing.approve"]])
    for left in (4, 3, 2, 1):
        screen.type("approval_field", "111111")
        screen.key("Return")
        screen.wait(text=["approval_notice_title", f"还可试 {left} 次"])
    screen.type("approval_field", "111111")
    screen.key("Return")
    screen.wait(text=["approval_notice_title", "请等 30 秒"])
    assert not screen.find("approval_submit").isEnabled()
    screen.shop.clock.pass_by(31)
    screen.shell.window.tick()
    screen.wait(hidden="approval_notice_title")
    screen.type("approval_field", MANAGER)
    screen.key("Return")
    screen.wait(text=["move_done_title", WORDS["move.no_sale.done"]])
    assert last(screen).amount_minor == 0


def test_nothing_else_begins_while_a_pin_is_checked(screen: Hand) -> None:
    screen.tap("move_paid_out")
    screen.type("move_field", "30")
    screen.tap("reason_supplier", "confirm")
    screen.wait(visible="approval_field")
    screen.type("approval_field", MANAGER)
    for name in ("approval_submit", "approval_submit", "move_paid_in", "shift_close", "approval_back"):
        screen.find(name).click()  # type: ignore[attr-defined]
    screen.wait(visible="move_done_title")
    screen.idle()
    assert kinds(screen) == ["ShiftOpened", "CashMoved"]
    assert last(screen).move == "paid_out"


def test_offline_and_with_a_dead_printer_money_moves_and_the_paper_waits(screen: Hand) -> None:
    screen.shop.go_offline()
    screen.shop.till.live.printer = "paper_out"
    screen.tap("move_paid_in")
    screen.type("move_field", "5")
    screen.tap("reason_change", "confirm")
    screen.wait(visible="move_done_title")
    screen.shell.window.tick()
    assert "缺纸" in screen.text("printer_notice_title")
    assert kinds(screen)[-1] == "CashMoved"


def test_tab_goes_from_the_amount_over_the_reasons_to_confirm(screen: Hand) -> None:
    screen.tap("move_safe_drop")
    screen.type("move_field", "5")
    for _ in range(13):
        screen.key("Tab")
    assert focus(screen) == "reason_safe"
    screen.key("Tab")
    screen.key("Space")
    screen.key("Tab")
    assert focus(screen) == "confirm"
    screen.key("Space")
    screen.wait(visible="move_done_title")
    assert last(screen).reason == "bank"


# -- the X report -----------------------------------------------------------------------------------------------


def test_sums_only_for_who_may_settle_a_difference(screen: Hand) -> None:
    assert not screen.sees("x_expected_cash")
    screen.tap("nav_lock")
    screen.wait(screen="sign_in")
    screen.type("pin_field", MANAGER)
    screen.key("Return")
    screen.wait(screen="checkout")
    screen.tap("product_0", "confirm")
    screen.wait(screen="result")
    screen.key("F11")
    screen.wait(text=["x_expected_cash", "218.00"])
    assert (screen.text("x_float"), screen.text("x_orders")) == ("¥\u00a0200.00", "1")
    assert not screen.sees("shift_blind")
    screen.tap("move_paid_out")
    screen.type("move_field", "18")
    screen.tap("reason_expenses", "confirm")
    screen.wait(visible="move_done_title")
    screen.tap("move_back") if screen.sees("move_back") else screen.key("Escape")
    screen.wait(text=["x_expected_cash", "200.00"])
    assert "18.00" in screen.text("x_paid_out")


# -- counting and closing ---------------------------------------------------------------------------------------


def test_the_count_is_blind_and_leads_from_field_to_field(counting: Hand) -> None:
    said = " ".join(counting.state()["texts"].values())
    assert not any(amount in said for amount in ("218", "33.00", "200.00"))
    assert counting.text("confirm") == "下一项：微信"
    counting.tap("count_digit_2", "count_digit_1", "count_digit_8", "confirm")
    counting.tap("count_digit_3", "count_digit_3")
    assert (counting.text("count_cash"), counting.text("count_wechat")) == ("218", "33")
    assert counting.text("confirm") == WORDS["count.close"]
    counting.tap("confirm")
    counting.wait(screen="shift", text=["ended_number", Z_REPORT])
    assert counting.text("ended_cash") == "¥\u00a0218.00"
    assert counting.text("ended_cash_difference") == WORDS["count.agrees"]
    assert counting.text("slip_0_number") == Z_REPORT
    closed = last(counting)
    assert isinstance(closed, ShiftClosed)
    assert closed.difference_reason is None


def test_enter_alone_counts_and_closes_and_opens_the_next(counting: Hand) -> None:
    for amount in ("218", "33"):
        counting.type(focus(counting), amount)
        counting.key("Return")
    counting.wait(visible="ended_title")
    counting.key("Return")
    assert counting.sees("ended_title"), "the second half of a double Enter"
    counting.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    counting.key("Return")
    counting.wait(screen="open_shift")
    counting.key("Return")
    counting.wait(screen="checkout", header={"shift": "班次进行中"})
    counting.key("F11")
    counting.wait(visible="shift_blind", hidden="ended_title")


def test_nothing_counted_is_not_nothing_there(counting: Hand) -> None:
    counting.key("Return")
    counting.key("Return")
    counting.idle()
    assert kinds(counting)[-1] == "OrderPaid"
    assert counting.text("confirm").startswith("下一项")
    assert focus(counting) == "count_cash"
    for place in ("count_wechat", "count_digit_1"):
        counting.key("Tab")
        assert focus(counting) == place
    counting.type("count_cash", "0")
    counting.type("count_wechat", "0")
    assert counting.text("confirm") == WORDS["count.close"]


def test_a_difference_is_told_in_words_counted_again_or_explained_and_approved(counting: Hand) -> None:
    counting.type("count_cash", "213")
    counting.type("count_wechat", "40")
    counting.tap("confirm")
    counting.wait(visible="count_again")
    assert counting.text("count_cash_difference") == "少 ¥\u00a05.00"
    assert counting.text("count_wechat_difference") == "多 ¥\u00a07.00"
    assert not counting.find("confirm").isEnabled()
    counting.tap("count_again")
    counting.wait(hidden="count_cash_difference", text=["count_detail", WORDS["count.detail.again"]])
    assert (counting.text("count_cash"), counting.text("count_wechat")) == ("213", "40")
    counting.type("count_wechat", "33")
    counting.tap("confirm")
    counting.wait(text=["count_wechat_difference", WORDS["count.agrees"]])
    counting.tap("reason_miscounted", "confirm")
    counting.wait(visible="approval_field")
    assert counting.text("approval_what") == "现金少 ¥\u00a05.00 · 点钞有误"
    counting.key("Escape")
    counting.wait(hidden="approval_field")
    assert counting.find("reason_miscounted").isChecked()  # type: ignore[attr-defined]
    counting.tap("reason_change_error", "confirm")
    counting.wait(visible="approval_field")
    counting.type("approval_field", MANAGER)
    counting.key("Return")
    counting.wait(visible="ended_title", text=["ended_cash_difference", "少 ¥\u00a05.00"])
    closed = chain(counting)[-1]
    assert isinstance(closed.body, ShiftClosed)
    assert closed.body.difference_reason == "change_error"
    told = {item.kind: item.first_difference_minor for item in closed.body.counted}
    assert (told["cash"], told["wechat"]) == (None, 700)
    assert closed.approver_id not in (None, closed.cashier_id)


def test_who_may_settle_a_difference_needs_nobody_else(hand: Hand) -> None:
    hand.shop.hire(MANAGER, {permissions.CASH_DIFFERENCE})
    hand.tap("nav_lock")
    hand.wait(screen="sign_in")
    hand.type("pin_field", MANAGER)
    hand.key("Return")
    hand.wait(screen="checkout")
    begin_count(hand)
    assert not hand.sees("x_expected_cash")
    hand.type("count_cash", "205.5")
    hand.tap("confirm")
    hand.wait(text=["count_cash_difference", "多 ¥\u00a05.50"])
    hand.tap("reason_float_wrong", "confirm")
    hand.wait(visible="ended_title")
    closed = chain(hand)[-1]
    assert closed.approver_id is None
    assert closed.body.difference_reason == "float_wrong"  # type: ignore[union-attr]


def test_a_journal_that_cannot_write_leaves_the_shift_open_and_the_count_as_it_was(
    counting: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise DiskFull

    counting.type("count_cash", "218")
    counting.type("count_wechat", "33")
    with monkeypatch.context() as patched:
        patched.setattr(shift, "close_shift", fail)
        counting.tap("confirm")
        counting.wait(visible="notice_title")
    assert WORDS["untouched.close"] in counting.text("notice_detail")
    assert counting.text("count_wechat") == "33"
    counting.tap("confirm")
    counting.wait(visible="ended_title")


def test_escape_goes_one_step_back_at_a_time(counting: Hand) -> None:
    counting.type("count_cash", "1")
    counting.type("count_wechat", "2")
    counting.tap("confirm")
    counting.wait(visible="count_again")
    counting.key("Escape")
    counting.wait(hidden="count_again")
    assert counting.text("count_wechat") == "2"
    counting.key("Escape")
    counting.wait(visible="move_paid_in", hidden="count_cash")
    counting.key("Escape")
    counting.wait(screen="checkout")


def test_money_that_came_meanwhile_is_shown_before_it_is_approved(counting: Hand) -> None:
    counting.type("count_cash", "213")
    counting.type("count_wechat", "33")
    counting.tap("confirm")
    counting.wait(visible="count_again")
    counting.tap("reason_miscounted", "confirm")
    counting.wait(visible="approval_field")
    cash.move_cash(counting.shop.till, "paid_in", 1000, "change")
    counting.type("approval_field", MANAGER)
    counting.key("Return")
    counting.wait(text=["count_cash_difference", "少 ¥\u00a015.00"])
    assert kinds(counting)[-1] == "CashMoved"


def test_a_tender_that_came_meanwhile_is_asked_for_and_the_rest_stays(counting: Hand) -> None:
    counting.type("count_cash", "218")
    counting.type("count_wechat", "33")
    basket = add_product(Basket(), counting.shop.journal.catalogue.products[0].product_id)
    sell.sell(counting.shop.till, basket, [pay("alipay", 1800, 1800)])
    counting.tap("confirm")
    counting.wait(visible="count_alipay", text=["notice_title", WORDS["refusal.count_missing"]])
    assert (counting.text("count_cash"), counting.text("count_wechat")) == ("218", "33")
    assert counting.find("count_alipay").hasFocus()
    counting.tap("count_digit_1", "count_digit_8", "confirm")
    counting.wait(visible="ended_alipay")


def test_its_own_key_and_entry_do_not_throw_the_count_away(counting: Hand) -> None:
    counting.type("count_cash", "218")
    counting.key("F11")
    counting.tap("nav_shift", "chip_shift")
    counting.idle()
    assert counting.text("count_cash") == "218"
    counting.key("F4")
    counting.wait(screen="sell_pass")
    counting.key("F11")
    counting.wait(screen="shift", visible="shift_blind")


def test_a_double_tap_closes_once(counting: Hand) -> None:
    counting.type("count_cash", "218")
    counting.type("count_wechat", "33")
    confirm = counting.find("confirm")
    confirm.click()  # type: ignore[attr-defined]
    confirm.click()  # type: ignore[attr-defined]
    counting.key("Return")
    counting.wait(visible="ended_title")
    counting.idle()
    assert kinds(counting).count("ShiftClosed") == 1


def test_baskets_left_over_are_told_and_stay(hand: Hand) -> None:
    hand.tap("product_0", "hold", "product_1")
    begin_count(hand)
    assert "2 单" in hand.text("count_unfinished_title")
    hand.tap("count_unfinished_action")
    hand.wait(screen="checkout")
    hand.tap("clear_basket")
    begin_count(hand)
    assert hand.text("count_unfinished_title") == WORDS["count.unfinished"].format(n=1)
    hand.type("count_cash", "200")
    hand.tap("confirm")
    hand.wait(visible="ended_title")
    hand.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    hand.tap("shift_next")
    hand.wait(screen="open_shift")
    hand.key("Return")
    hand.wait(screen="checkout", visible="held_0")


def test_closing_works_offline_and_says_how_much_is_still_to_be_sent(counting: Hand) -> None:
    counting.shop.go_offline()
    counting.shop.till.live.printer = "offline"
    assert "3 条" in counting.text("count_unsent_title")
    assert "离线也能交班" in counting.text("count_unsent_detail")
    counting.type("count_cash", "218")
    counting.type("count_wechat", "33")
    counting.tap("confirm")
    counting.wait(visible="ended_title", text=["ended_unsent_title", "4 条"])
    assert counting.sees("printer_notice_title")
    counting.shop.acknowledge(100)
    counting.shell.window.tick()
    counting.wait(hidden="ended_unsent_title")


def test_the_closed_shift_stays_until_the_next_and_can_be_locked(counting: Hand) -> None:
    counting.type("count_cash", "218")
    counting.type("count_wechat", "33")
    counting.tap("confirm")
    counting.wait(visible="ended_title", header={"shift": "未开班"})
    counting.tap("nav_checkout")
    counting.wait(screen="open_shift")
    counting.key("F11")
    counting.wait(screen="shift", text=["ended_number", Z_REPORT])
    counting.tap("shift_lock")
    counting.wait(screen="sign_in")
    counting.type("pin_field", MANAGER)
    counting.key("Return")
    counting.wait(screen="open_shift")
    counting.key("F11")
    counting.idle()
    assert counting.state()["screen"] == "open_shift", "what one person counted is not shown to the next"


def test_leaving_while_it_is_being_closed_comes_back_to_the_number(counting: Hand) -> None:
    counting.type("count_cash", "218")
    counting.type("count_wechat", "33")
    counting.find("confirm").click()  # type: ignore[attr-defined]
    counting.key("F4")
    counting.wait(screen="shift", text=["ended_number", Z_REPORT])


def test_a_revoked_till_moves_no_money_but_closes(screen: Hand) -> None:
    screen.tap("move_paid_in")
    revoke(screen)
    screen.tap("nav_shift")
    assert screen.text("shift_shut_title") == WORDS["shift.shut"]
    assert not screen.find("move_paid_in").isEnabled()
    screen.tap("shift_close")
    screen.wait(visible="count_cash")
    screen.type("count_cash", "200")
    screen.tap("confirm")
    screen.wait(visible="ended_title")
    assert not screen.sees("shift_next")
    screen.key("Return")
    screen.tap("shift_lock")
    screen.wait(screen="sign_in")
    assert kinds(screen) == ["ShiftOpened", "ShiftClosed"]


def test_a_movement_in_hand_when_the_till_is_revoked_says_why_it_is_not_recorded(screen: Hand) -> None:
    screen.tap("move_paid_in")
    screen.type("move_field", "5")
    screen.tap("reason_change")
    revoke(screen)
    screen.tap("confirm")
    screen.wait(text=["notice_title", WORDS["refusal.terminal_revoked"]])
    assert kinds(screen) == ["ShiftOpened"]


def test_every_reason_has_words_and_every_movement_an_image() -> None:
    for move, reasons in cash.REASONS.items():
        assert f"move.{move}" in WORDS
        assert all(f"move.reason.{reason}" in WORDS for reason in reasons)
    assert all(f"count.reason.{reason}" in WORDS for reason in shift.DIFFERENCE_REASONS)
