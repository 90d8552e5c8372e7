"""Opening a shift with the float in the drawer."""

import pytest

from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PIN


@pytest.fixture
def before_shift(open_window: Open) -> Hand:
    """Signed in, no shift."""
    hand = open_window()
    hand.type("pin_field", PIN)
    hand.key("Return")
    hand.wait(screen="open_shift")
    return hand


def test_the_float_is_recorded_and_the_counter_opens(before_shift: Hand) -> None:
    hand = before_shift
    assert "李敏" in hand.find("open_shift_card").findChildren(type(hand.find("header_store")))[1].text()  # type: ignore[attr-defined]
    hand.tap(*(f"float_digit_{key}" for key in ("2", "0", "0", "point", "5", "0")), "open_shift_submit")
    hand.wait(screen="checkout", header={"shift": "班次进行中", "cashier": "李敏"})
    assert [row.kind for row in hand.shop.facts()] == ["ShiftOpened"]


def test_nothing_typed_is_an_empty_drawer(before_shift: Hand) -> None:
    before_shift.key("Return")
    before_shift.wait(screen="checkout")


@pytest.mark.parametrize("typed", ["abc", "1.2.3", "-5", "12.345"])
def test_what_is_not_an_amount_is_said_and_nothing_opens(before_shift: Hand, typed: str) -> None:
    before_shift.type("float_field", typed)
    before_shift.key("Return")
    before_shift.wait(text=["open_shift_notice_title", "金额不对"])
    assert before_shift.shop.facts() == []


def test_no_other_screen_before_the_shift_is_open(before_shift: Hand) -> None:
    before_shift.key("F4")
    assert before_shift.state()["screen"] == "open_shift"
    before_shift.tap("open_shift_leave")
    before_shift.wait(screen="sign_in")
