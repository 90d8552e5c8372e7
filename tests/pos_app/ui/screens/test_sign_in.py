"""Signing in by PIN, the throttle counted down, locking and coming back."""

from models.pins import STAFF_DIGITS
from pos_app.journal import mirror
from pos_app.till.values import Changes
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PIN, uid


def test_the_pin_can_be_tapped_and_is_never_shown(open_window: Open) -> None:
    hand = open_window()
    hand.wait(screen="sign_in")
    hand.tap(*(f"pin_digit_{digit}" for digit in PIN))
    assert hand.text("pin_field") == "••••••"
    hand.tap("pin_submit")
    hand.wait(screen="open_shift")


def test_a_wrong_pin_counts_down_the_tries_and_then_waits(open_window: Open) -> None:
    hand = open_window()
    for left in (4, 3, 2, 1):
        hand.type("pin_field", "111111")
        hand.key("Return")
        hand.wait(text=["sign_in_notice_title", f"还可试 {left} 次"])
    hand.type("pin_field", "111111")
    hand.key("Return")
    hand.wait(text=["sign_in_notice_title", "错误太多，请等 30 秒"])
    assert not hand.find("pin_submit").isEnabled()
    assert not hand.find("pin_field").isEnabled()
    hand.shop.clock.pass_by(12)
    hand.shell.window.tick()
    hand.wait(text=["sign_in_notice_title", "请等 18 秒"])
    hand.shop.clock.pass_by(30)
    hand.shell.window.tick()
    hand.wait(hidden="sign_in_notice_title")
    hand.type("pin_field", PIN)
    hand.key("Return")
    hand.wait(screen="open_shift")


def test_too_short_a_pin_cannot_be_sent(open_window: Open) -> None:
    hand = open_window()
    hand.type("pin_field", "123")
    assert not hand.find("pin_submit").isEnabled()
    hand.key("Return")
    hand.idle()
    assert not hand.sees("sign_in_notice_title")


def test_lock_keeps_the_basket_and_needs_the_pin_again(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0")
    hand.key("Ctrl+L")
    hand.wait(screen="sign_in", hidden="nav_checkout")
    hand.shell.scanner.scanned.emit("HELLO")
    hand.key("F4")
    assert hand.state()["screen"] == "sign_in"
    hand.type("pin_field", PIN)
    hand.key("Return")
    hand.wait(screen="checkout", visible="member_name")
    assert hand.state()["basket"]["cups"] == 1


def test_a_cashier_who_is_taken_off_the_list_is_signed_out(hand: Hand) -> None:
    with hand.shop.journal.upkeep() as rows:
        mirror.remove(rows, "staff", uid(0x51))
    hand.shop.journal.reload()
    hand.shop.till.notify(Changes(catalogue=True))
    hand.wait(screen="sign_in", text=["sign_in_notice_title", "正在从总部下载"])


def test_a_pin_longer_than_anybody_can_have_is_cut(open_window: Open) -> None:
    hand = open_window()
    hand.wait(screen="sign_in")
    hand.type("pin_field", "9" * 50)
    assert len(hand.find("pin_field").text()) == STAFF_DIGITS[1]  # type: ignore[attr-defined]
