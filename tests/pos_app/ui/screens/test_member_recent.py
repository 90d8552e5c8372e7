"""A member's card: whether a code was shown, and what they did here lately."""

import threading

import pytest

from pos_app.till import orders
from pos_app.till.order_values import OrderRow
from pos_app.till.till import Till
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, short_code


def find(hand: Hand, member: int = 1) -> None:
    hand.type("scan_box", PEOPLE[member - 1][1])
    hand.key("Return")
    hand.wait(visible="member_name")
    hand.idle()


def test_who_showed_no_code_is_to_be_looked_at(hand: Hand) -> None:
    find(hand)
    assert hand.sees("member_sure")
    hand.shell.scanner.scanned.emit(short_code(1))
    hand.wait(hidden="member_sure", text=["member_name", PEOPLE[0][0]])


def test_recent_use_is_one_touch_away_and_follows_the_member(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("member_recent")
    hand.wait(visible="recent_empty")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    number = hand.text("slip_0_number")
    hand.key("Return")
    hand.scan(1)
    hand.until(lambda: hand.sees("pass_0") or hand.sees("recent_0"))
    if hand.sees("pass_0"):
        hand.tap("member_recent")
    hand.wait(visible="recent_0")
    assert number in hand.find("recent_0").accessibleName()
    hand.key("Escape")
    assert hand.sees("pass_0")
    hand.tap("member_recent")
    hand.scan(2)
    assert not hand.sees("recent_0"), "somebody else begins with the passes"
    hand.shop.go_offline()
    hand.tap("member_change")
    find(hand)
    hand.tap("member_recent")
    hand.wait(visible="recent_0")


def test_nobody_sees_what_another_member_did_while_it_is_read(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    hand.key("Return")
    hand.scan(1)
    hand.tap("member_recent")
    hand.wait(visible="recent_0")
    hand.tap("member_recent")
    hand.scan(2)
    going, really = threading.Event(), orders.recent

    def slowly(till: Till, member_id: str) -> tuple[OrderRow, ...]:
        assert going.wait(10)
        return really(till, member_id)

    monkeypatch.setattr(orders, "recent", slowly)
    hand.tap("member_recent")
    shown = hand.sees("recent_0")
    going.set()
    hand.idle()
    assert not shown
