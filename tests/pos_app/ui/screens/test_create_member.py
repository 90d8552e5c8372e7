"""Making a member in the window: from a number that nobody has to a pass that is sold, few touches, no network."""

import pytest

from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE

PHONE = "13900001111"


def look_for(hand: Hand, phone: str) -> None:
    """Type a number that nobody has, and take the offer."""
    hand.type("scan_box", phone)
    hand.key("Return")
    hand.wait(visible="notice_action")
    hand.tap("notice_action")
    hand.wait(screen="create_member")


@pytest.mark.parametrize("offline", [False, True])
def test_from_an_unknown_number_to_a_member_who_can_buy(hand: Hand, offline: bool) -> None:
    if offline:
        hand.shop.go_offline()
    look_for(hand, PHONE)
    assert hand.find("create_phone").text() == PHONE  # type: ignore[attr-defined]
    assert hand.find("create_name").hasFocus()
    hand.type("create_name", "吴越")
    hand.tap("create_language_es-ES", "create_submit")
    hand.wait(screen="checkout", text=["member_name", "吴越"])
    hand.wait(text=["notice_title", "已新建会员"])
    assert hand.shop.facts()[-1].kind == "MemberCreated"
    hand.key("F4")
    hand.wait(screen="sell_pass")
    hand.tap("plan_0", "confirm")
    hand.wait(screen="result")
    assert hand.shop.facts()[-1].kind == "PassSold"


def test_two_quick_taps_make_one_member(hand: Hand) -> None:
    look_for(hand, PHONE)
    hand.type("create_name", "吴越")
    screen = hand.shell.window.interior.screens["create_member"]  # type: ignore[union-attr]
    screen.press_enter()
    screen.press_enter()
    hand.wait(screen="checkout", text=["member_name", "吴越"])
    assert [row.kind for row in hand.shop.facts()].count("MemberCreated") == 1


def test_a_number_that_is_known_opens_its_member(hand: Hand) -> None:
    look_for(hand, PHONE)
    hand.type("create_phone", PEOPLE[0][1])
    hand.type("create_name", "谁")
    hand.key("Return")
    hand.wait(screen="checkout", text=["member_name", PEOPLE[0][0]])
    hand.wait(text=["notice_title", "这个手机号已经是会员"])
    assert [row.kind for row in hand.shop.facts()] == ["ShiftOpened"]


def test_a_wrong_number_is_said_on_the_form_and_kept_in_it(hand: Hand) -> None:
    look_for(hand, PHONE)
    hand.type("create_phone", "12")
    hand.type("create_name", "吴越")
    hand.key("Return")
    hand.wait(text=["create_notice_title", "手机号不对"])
    assert not hand.sees("create_notice_action")
    assert hand.find("create_name").text() == "吴越"  # type: ignore[attr-defined]


def test_the_last_four_digits_make_nobody(hand: Hand) -> None:
    hand.type("scan_box", "0000")
    hand.key("Return")
    hand.wait(visible="notice_action")
    hand.tap("notice_action")
    assert hand.state()["screen"] == "checkout"


def test_escape_and_the_button_lead_back(hand: Hand) -> None:
    look_for(hand, PHONE)
    hand.key("Escape")
    hand.wait(screen="checkout")
    look_for(hand, PHONE)
    hand.tap("create_leave")
    hand.wait(screen="checkout")


def test_digits_on_the_screen_type_the_phone(hand: Hand) -> None:
    look_for(hand, PHONE)
    hand.tap("create_digit_back", "create_digit_5")
    assert hand.find("create_phone").text() == "13900001115"  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh-CN", "es-ES", "en"])
def test_the_form_is_there_in_every_language(open_window: Open, language: str) -> None:
    hand = open_window(language=language)
    hand.sign_in()
    look_for(hand, PHONE)
    assert hand.sees("create_submit")
