"""A till that nobody touches locks, says so before, and loses nothing of what lay there."""

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from models.refusals import Refusal
from pos_app.till import sign_in as pins
from pos_app.ui import preferences
from pos_app.ui.idle_lock import FIRST, HINT_SECONDS, MINUTES, minutes_of
from pos_app.ui.phrases import load
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PIN, short_code
from tests.pos_app.ui.test_customer import turn_on

WORDS = load("zh-CN")
MANAGER = "864200"


@pytest.fixture
def idle(open_window: Open) -> Hand:
    """A counter with a member and a basket, at a till that locks after two minutes."""
    hand = open_window(lock="2")
    hand.sign_in()
    hand.scan(1)
    hand.tap("pass_1", "product_0", "product_2")
    hand.idle()
    return hand


def leave(hand: Hand, seconds: float) -> None:
    """Nobody does anything for so long."""
    hand.shell.lock.look()
    hand.shop.clock.pass_by(seconds)
    hand.shell.lock.look()


def wait_for(answered: threading.Event) -> None:
    """A server that takes its time."""
    answered.wait(5)


def sign_in(hand: Hand, pin: str = PIN) -> None:
    hand.wait(screen="sign_in")
    hand.type("pin_field", pin)
    hand.key("Return")
    hand.until(lambda: hand.shell.window.screen_name != "sign_in")
    hand.idle()


def test_it_locks_after_the_minutes_chosen_and_not_before(idle: Hand) -> None:
    leave(idle, 2 * 60 - 1)
    assert idle.shell.window.screen_name == "checkout"
    leave(idle, 1)
    idle.wait(screen="sign_in")
    assert idle.shop.till.live.staff_id is None
    leave(idle, 24 * 3600)
    assert not idle.sees("lock_hint"), "nobody to lock out"


def test_what_lay_there_is_there_exactly_for_who_comes_back(idle: Hand) -> None:
    idle.tap("hold")
    idle.scan(1)
    idle.tap("pass_1", "product_0", "add_on_3", "product_2", "cash_open", "received_digit_7")
    desk = idle.shell.window.interior.desk  # type: ignore[union-attr]
    before = desk.basket, desk.view, desk.payment, list(desk.held)
    leave(idle, 120)
    sign_in(idle)
    assert (desk.basket, desk.view, desk.payment, desk.held) == before
    assert idle.text("received_field") == "7"
    assert idle.find("received_field").hasFocus()
    idle.tap("received_digit_0")
    assert idle.text("received_field") == "70"


def test_a_top_up_half_typed_is_there_again(idle: Hand) -> None:
    idle.key("F5")
    idle.type("top_up_field", "120")
    leave(idle, 120)
    sign_in(idle)
    idle.wait(screen="top_up")
    assert idle.text("top_up_field") == "120"


def test_somebody_else_finds_the_counter_and_the_basket(idle: Hand) -> None:
    idle.shop.hire(MANAGER, set())
    idle.key("F5")
    leave(idle, 120)
    sign_in(idle, MANAGER)
    idle.wait(screen="checkout")
    assert len(idle.shell.window.interior.desk.basket.cups) == 2  # type: ignore[union-attr]
    leave(idle, 120)
    sign_in(idle, PIN)
    idle.wait(screen="checkout")


@pytest.mark.parametrize("does", ["touch", "key", "scan", "wheel"])
def test_the_last_seconds_are_told_and_anything_ends_them(idle: Hand, does: str) -> None:
    leave(idle, 120 - HINT_SECONDS - 1)
    assert not idle.sees("lock_hint")
    leave(idle, 1)
    assert idle.text("lock_hint_words") == WORDS["lock.soon"].format(n=15)
    leave(idle, 11)
    assert idle.text("lock_hint_words") == WORDS["lock.soon"].format(n=4)
    window = idle.shell.window.windowHandle()
    if does == "touch":
        idle.tap("pass_0")
    elif does == "key":
        QTest.keyClick(window, Qt.Key.Key_Shift)
    elif does == "scan":
        idle.scan(1)
        idle.shell.scanner.read.emit()
    else:
        QTest.wheelEvent(window, QPoint(700, 400), QPoint(0, 120))
    assert not idle.sees("lock_hint")
    leave(idle, 119)
    assert idle.shell.window.screen_name == "checkout"


def test_a_tap_on_the_hint_does_nothing_else(idle: Hand) -> None:
    leave(idle, 110)
    idle.tap("lock_hint")
    assert not idle.sees("lock_hint")
    assert idle.shell.window.screen_name == "checkout"


def test_never_while_a_command_is_in_work(idle: Hand) -> None:
    answered = threading.Event()
    idle.shop.server.delay = lambda: wait_for(answered)
    idle.tap("clear_basket", "pass_0", "product_0", "confirm")
    leave(idle, 600)
    assert not idle.sees("lock_hint")
    assert idle.shell.window.screen_name == "checkout"
    answered.set()
    idle.wait(screen="result")
    leave(idle, 119)
    assert idle.shell.window.screen_name == "result", "what came of it is there to be read"


def test_a_look_up_is_waited_for_too(idle: Hand) -> None:
    answered = threading.Event()
    operations = idle.shell.operations
    operations.run(lambda: answered.wait(5), lambda _: None, lambda _: None, lane="slow")
    leave(idle, 120)
    assert idle.shop.till.live.staff_id is not None
    answered.set()
    idle.idle()
    leave(idle, 0)
    idle.wait(screen="sign_in")


def test_the_customer_goes_on_seeing_what_was_there(idle: Hand) -> None:
    display = turn_on(idle)
    idle.tap("nav_checkout")
    shown = display.due.text()
    assert display.pages.currentWidget() is display.basket
    leave(idle, 120)
    idle.wait(screen="sign_in")
    assert display.pages.currentWidget() is display.basket
    assert display.due.text() == shown
    sign_in(idle)
    idle.tap("nav_lock")
    idle.wait(screen="sign_in")
    assert display.pages.currentWidget() is display.welcome, "who locks by hand takes it away"


def test_it_is_chosen_in_the_settings_and_remembered(idle: Hand) -> None:
    idle.tap("nav_more", "nav_settings")
    assert idle.find("lock_2").isChecked()  # type: ignore[attr-defined]
    idle.tap("lock_0")
    assert preferences.load(idle.shop.folder).lock == "0"
    leave(idle, 24 * 3600)
    assert idle.shell.window.screen_name == "settings"
    idle.tap("lock_30", "language_en")
    idle.idle()
    assert idle.find("lock_30").isChecked()  # type: ignore[attr-defined]
    leave(idle, 29 * 60)
    assert idle.shell.window.screen_name == "settings"
    leave(idle, 60)
    idle.wait(screen="sign_in")


def test_without_a_choice_it_is_ten_minutes() -> None:
    assert minutes_of(None) == FIRST == 10
    assert [minutes_of(str(minutes)) for minutes in MINUTES] == list(MINUTES)
    assert minutes_of("x") == minutes_of("7") == minutes_of("-5") == FIRST


def test_a_lock_does_not_forget_wrong_pins(idle: Hand) -> None:
    """The lock is the sign-in there was: wrong PINs count on."""
    leave(idle, 120)
    idle.wait(screen="sign_in")
    for _ in range(5):
        idle.type("pin_field", "000000")
        idle.key("Return")
        idle.idle()
    with pytest.raises(Refusal) as refused:
        pins.sign_in(idle.shop.till, PIN)
    assert refused.value.code == "pin_throttled"


def test_a_scan_at_a_locked_till_opens_nobody(idle: Hand) -> None:
    idle.tap("clear_basket", "member_change")
    leave(idle, 120)
    idle.wait(screen="sign_in")
    idle.shell.scanner.scanned.emit(short_code(1))
    idle.idle()
    sign_in(idle)
    assert not idle.sees("member_name")
