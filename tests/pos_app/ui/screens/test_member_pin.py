"""A member who has a PIN, through the window: covered, typed, wrong, locked, answered for, and nobody else bothered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from models.facts import PassRedeemed, decode_fact
from pos_app.journal.tables import FACTS
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, short_code

MEMBER, BOSS = "902104", "864200"


def find(hand: Hand, member: int = 1) -> None:
    hand.type("scan_box", PEOPLE[member - 1][1])
    hand.key("Return")
    hand.wait(text=["member_name", PEOPLE[member - 1][0]])
    hand.idle()


def redeemed_by(hand: Hand) -> list[str | None]:
    """How the member of each redemption was known."""
    with hand.shop.journal.reading() as rows:
        texts = rows.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq)).scalars().all()
    bodies = (decode_fact(text).body for text in texts)
    return [body.identified_by for body in bodies if isinstance(body, PassRedeemed)]


@pytest.fixture
def found(hand: Hand) -> Hand:
    """Member 1, who has a PIN, found by phone."""
    hand.shop.give_pin(1, MEMBER)
    find(hand)
    return hand


def confirm(hand: Hand) -> None:
    hand.tap("pass_1", "product_0", "confirm")
    hand.wait(visible="member_pin_field")


def send(hand: Hand, pin: str) -> None:
    hand.type("member_pin_field", pin)
    hand.key("Return")
    hand.idle()


def balance_is_seen(hand: Hand) -> bool:
    return "268" in hand.text("member_balance")


@pytest.mark.req("R087")
def test_confirm_asks_for_it_and_goes_on(found: Hand) -> None:
    assert not balance_is_seen(found)
    confirm(found)
    for digit in MEMBER:
        found.tap(f"member_pin_digit_{digit}")
    assert MEMBER not in str(found.state())
    found.tap("member_pin_submit")
    found.wait(screen="result", visible="result_left")
    assert redeemed_by(found) == ["pin"]


def test_asked_before_it_uncovers_the_card_and_confirm_asks_no_more(found: Hand) -> None:
    found.tap("member_pin_ask")
    assert not found.sees("member_pin_forgotten"), "there is nothing yet to answer for"
    send(found, MEMBER)
    found.wait(visible="product_0", hidden="member_pin_field")
    assert balance_is_seen(found)
    assert "密码正确" in found.text("member_sure")
    found.tap("pass_1", "product_0", "confirm")
    found.wait(screen="result")
    assert redeemed_by(found) == ["pin"]


def test_nobody_is_asked_who_has_none_or_showed_a_code(hand: Hand) -> None:
    find(hand)
    assert hand.sees("member_sure")
    assert balance_is_seen(hand)
    hand.tap("pass_1", "product_0", "confirm")
    hand.wait(screen="result")
    hand.key("Return")
    hand.shop.give_pin(1, MEMBER)
    hand.scan(1)
    assert not hand.sees("member_pin_ask")
    hand.tap("pass_1", "product_0", "confirm")
    hand.wait(screen="result")
    assert redeemed_by(hand) == ["seen", "code"]


def test_a_code_instead_closes_the_pad_and_keeps_the_basket(found: Hand) -> None:
    confirm(found)
    found.type("member_pin_field", "90")
    found.shell.scanner.scanned.emit(short_code(1))
    found.wait(visible="product_0", hidden="member_pin_field")
    found.tap("confirm")
    found.wait(screen="result")
    assert redeemed_by(found) == ["code"]


@pytest.mark.parametrize("text", ["", "902", "abcdef", "９０２１０４", "9-2.1", "-1"])
def test_what_is_no_pin_cannot_be_sent(found: Hand, text: str) -> None:
    confirm(found)
    found.type("member_pin_field", text)
    assert not found.find("member_pin_submit").isEnabled()
    found.key("Return")
    found.idle()
    assert not found.sees("member_pin_notice_title")
    assert redeemed_by(found) == []


def test_too_long_is_cut(found: Hand) -> None:
    confirm(found)
    found.type("member_pin_field", "9" * 500)
    assert len(found.find("member_pin_field").text()) == 6  # type: ignore[attr-defined]


def test_five_wrong_lock_it_also_after_leaving_and_only_for_that_member(found: Hand) -> None:
    found.shop.give_pin(2, "557190")
    confirm(found)
    for left in (4, 3, 2, 1):
        send(found, "000000")
        assert str(left) in found.text("member_pin_notice_title")
    send(found, "000000")
    assert "15" in found.text("member_pin_notice_title")
    assert not found.find("member_pin_field").isEnabled()
    found.key("Escape")
    found.tap("clear_basket", "member_change")
    find(found, 2)
    found.tap("member_pin_ask")
    assert found.find("member_pin_field").isEnabled()
    send(found, "557190")
    found.wait(hidden="member_pin_field")
    found.tap("member_change")
    find(found)
    found.tap("member_pin_ask")
    send(found, MEMBER)
    assert not found.find("member_pin_field").isEnabled(), "the till remembers"
    found.shop.clock.pass_by(901)
    found.shell.window.tick()
    send(found, MEMBER)
    found.wait(hidden="member_pin_field")
    assert redeemed_by(found) == []


def test_a_manager_answers_for_this_redemption(found: Hand) -> None:
    boss = found.shop.hire(BOSS, {"member_pin"})
    confirm(found)
    found.tap("member_pin_forgotten")
    found.wait(visible="approval_what")
    assert "忘记密码" in found.text("approval_what")
    found.type("approval_field", BOSS)
    found.key("Return")
    found.wait(screen="result")
    assert redeemed_by(found) == ["vouched"]
    found.key("Return")
    find(found)
    found.tap("product_0", "confirm")
    found.wait(visible="member_pin_field")
    assert redeemed_by(found) == ["vouched"], boss


def test_a_cashier_who_may_answers_with_one_touch(found: Hand) -> None:
    staff = found.shop.journal.catalogue.staff
    (me,) = staff.values()
    found.shop.mirrored("staff", me.staff_id, replace(me, permissions=frozenset({"member_pin"})))
    confirm(found)
    found.tap("member_pin_forgotten")
    found.wait(screen="result")
    assert redeemed_by(found) == ["vouched"]


def twice(hand: Hand) -> None:
    submit = hand.find("member_pin_submit")
    for _ in range(2):
        QTest.mouseClick(submit, Qt.MouseButton.LeftButton)


def test_two_quick_taps_are_one_try_and_one_redemption(found: Hand) -> None:
    confirm(found)
    found.type("member_pin_field", "000000")
    twice(found)
    found.idle()
    assert "4" in found.text("member_pin_notice_title")
    found.type("member_pin_field", MEMBER)
    twice(found)
    found.wait(screen="result")
    assert redeemed_by(found) == ["pin"]


def test_another_basket_is_asked_for_again(found: Hand) -> None:
    confirm(found)
    found.tap("line_0_plus")
    found.wait(visible="product_0", hidden="member_pin_field")
    assert redeemed_by(found) == []


def test_works_without_a_network_and_says_what_it_may_not(found: Hand) -> None:
    found.shop.go_offline()
    confirm(found)
    send(found, MEMBER)
    found.wait(visible="notice_title", hidden="member_pin_field")
    assert redeemed_by(found) == [], "a PIN proves who it is, not what is left"


def test_cleared_at_hq_while_it_is_asked(found: Hand) -> None:
    confirm(found)
    found.shop.give_pin(1, None)
    found.idle()
    if found.sees("member_pin_field"):
        send(found, MEMBER)
        found.key("Escape")
    found.wait(visible="product_0")
    found.tap("confirm")
    found.wait(screen="result")
    assert redeemed_by(found) == ["seen"]
