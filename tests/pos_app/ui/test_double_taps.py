"""Two quick taps on a button that confirms make one fact, whether or not the answer came between them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from pos_app.journal import prints
from pos_app.ui import settle
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import short_code

SLIP = "TP.SZ1T03.000001"


@pytest.fixture
def at_once(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """However slow the machine is, no time passes between two taps."""
    monkeypatch.setattr(settle, "monotonic", lambda: 100.0)
    return hand


def sold(hand: Hand) -> None:
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    hand.shop.paper(SLIP, "printed")


def sale(hand: Hand) -> str:
    hand.tap("product_0")
    return "confirm"


def redemption(hand: Hand) -> str:
    hand.scan(1)
    hand.tap("pass_1", "product_0")
    return "confirm"


def charge(hand: Hand) -> str:
    hand.tap("product_0", "tender_card")
    hand.shell.scanner.scanned.emit(short_code(1))
    hand.wait(visible="card_total")
    return "confirm"


def top_up(hand: Hand) -> str:
    hand.scan(1)
    hand.key("F5")
    hand.tap("amount_0")
    return "confirm"


def pass_sale(hand: Hand) -> str:
    hand.scan(1)
    hand.key("F4")
    hand.tap("plan_0")
    return "confirm"


def split_sale(hand: Hand) -> str:
    hand.tap("product_0", "tender_split", "split_cash", "split_done")
    return "confirm"


def copy_of_the_last(hand: Hand) -> str:
    sold(hand)
    hand.tap("chip_outbox")
    hand.wait(screen="outbox", visible="fact_1")
    return "reprint_last"


def copy_of_an_order(hand: Hand) -> str:
    sold(hand)
    hand.key("F7")
    hand.wait(visible="order_0")
    hand.tap("order_0")
    hand.wait(visible="order_number")
    hand.idle()
    return "order_reprint"


def copy_of_an_unknown(hand: Hand) -> str:
    sold(hand)
    hand.shop.paper(SLIP, "unknown")
    hand.wait(visible="slip_0_missing")
    return "slip_0_missing"


def drawer(hand: Hand) -> str:
    hand.key("F11")
    hand.wait(visible="move_paid_in")
    hand.tap("move_paid_in")
    hand.type("move_field", "5")
    hand.tap("reason_change")
    return "confirm"


def count(hand: Hand) -> str:
    hand.key("F11")
    hand.wait(visible="shift_close")
    hand.tap("shift_close")
    hand.wait(visible="count_cash")
    hand.type("count_cash", "200")
    return "confirm"


def refund(hand: Hand) -> str:
    copy_of_an_order(hand)
    hand.tap("order_refund")
    hand.wait(screen="refund")
    hand.idle()
    hand.tap("reason_other")
    return "confirm"


BUTTONS = (
    sale, redemption, charge, top_up, pass_sale, split_sale, refund,
    copy_of_the_last, copy_of_an_order, copy_of_an_unknown, drawer, count,
)  # fmt: skip


def tap_there(hand: Hand, widget: QWidget) -> Callable[[], None]:
    """Tap where a widget is now, whatever is there later."""
    window = hand.shell.window
    place = widget.mapTo(window, widget.rect().center())
    return lambda: QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)


def printed(hand: Hand) -> None:
    """The printer is quicker than the second tap."""
    with hand.shop.journal.reading() as rows:
        waits = [job for job in prints.of_slip(rows, SLIP) if job.state in prints.STILL_TO_COME]
    if waits:
        hand.shop.paper(SLIP, "printed")


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("button", BUTTONS, ids=lambda made: made.__name__)
def test_two_quick_taps_are_one_fact(at_once: Hand, button: Callable[[Hand], str], answered: bool) -> None:
    tap = tap_there(at_once, at_once.find(button(at_once)))
    at_once.idle()
    before = len(at_once.shop.facts())
    tap()
    if answered:
        at_once.idle()
        printed(at_once)
        at_once.idle()
    tap()
    at_once.idle()
    assert len(at_once.shop.facts()) == before + 1
    assert not at_once.sees("crash_dialog")


def test_f9_twice_is_one_copy(at_once: Hand) -> None:
    sold(at_once)
    for _ in range(2):
        at_once.key("F9")
        at_once.idle()
        printed(at_once)
    assert [row.kind for row in at_once.shop.facts()].count("SlipReprinted") == 1


def test_a_tender_tapped_twice_takes_one_part_and_another_tender_the_next(
    at_once: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once.tap("product_0", "tender_split")
    at_once.type("split_field", "10")
    at_once.tap("split_bank_card", "split_bank_card")
    assert (at_once.text("part_0"), at_once.text("split_left")) == ("¥\u00a010.00", "¥\u00a08.00")
    at_once.type("split_field", "3")
    at_once.tap("split_wechat")
    assert at_once.text("split_left") == "¥\u00a05.00"
    monkeypatch.setattr(settle, "monotonic", lambda: 101.0)
    at_once.tap("split_wechat", "confirm")
    at_once.wait(screen="result")
