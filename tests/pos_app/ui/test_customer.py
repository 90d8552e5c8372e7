"""The customer's display: in the slips' language, up to date with the desk, and never more than a customer may see."""

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from pos_app.ui import customer, preferences, theme
from pos_app.ui.phrases import LANGUAGES
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand

ALBUM = Path(os.environ["SCREENS"]) if os.environ.get("SCREENS") else None


def turn_on(hand: Hand) -> Any:
    """Choose the window; the display."""
    hand.tap("nav_more", "nav_settings", f"customer_at_{len(customer.places())}")
    hand.until(lambda: hand.shell.customer is not None and hand.shell.customer.isVisible())
    return hand.shell.customer


def said(display: QWidget) -> list[str]:
    """All words that can be read."""
    return [found.text() for found in display.findChildren(QLabel) if found.isVisible() and found.text()]


def keep(display: QWidget, name: str) -> None:
    if ALBUM is not None:
        (ALBUM / "customer").mkdir(parents=True, exist_ok=True)
        assert display.grab().save(str(ALBUM / "customer" / f"{name}.png"))


def cut(display: QWidget) -> list[str]:
    """Labels that are narrower or lower than their words."""
    return [
        found.text()
        for found in display.findChildren(QLabel)
        if found.isVisible() and found.text() and found.height() + 2 < found.heightForWidth(found.width())
    ]


@pytest.mark.parametrize("look", theme.THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_follows_a_sale(open_window: Open, language: str, look: str) -> None:
    hand = open_window(language=language, currency="EUR" if language == "es-ES" else "CNY", look=look)
    hand.sign_in()
    display = turn_on(hand)
    say = display.say
    hand.tap("nav_checkout")
    assert display.hello.text() == say("customer.hello")
    keep(display, f"{language}-{look}-1-welcome")
    hand.scan(1)
    hand.idle()
    assert "小雨" not in " ".join(said(display)), "nobody's whole name"
    assert say("uses", n=6) in said(display)
    keep(display, f"{language}-{look}-2-member")
    hand.tap("pass_1", "product_0", "add_on_3", "product_2")
    assert display.due.text() == say.money(400)
    assert display.uses.isVisible()
    hand.tap("cash_open", "note_1", "cash_done")
    assert display.change.isVisible()
    assert say.money(600) in display.change.text()
    assert cut(display) == []
    keep(display, f"{language}-{look}-3-basket")
    hand.tap("confirm")
    hand.wait(screen="result")
    assert display.done.text() == say("customer.thanks")
    figures = " ".join(said(display))
    assert say("uses", n=4) in figures
    assert hand.text("result_pickup") in figures
    assert cut(display) == []
    keep(display, f"{language}-{look}-4-thanks")
    hand.tap("nav_lock")
    hand.wait(screen="sign_in")
    assert display.hello.text() == say("customer.hello")


def test_it_speaks_the_slips_language(open_window: Open) -> None:
    hand = open_window(language="en")
    hand.sign_in()
    display = turn_on(hand)
    assert display.say.language == hand.shop.store.slip_language == "zh-CN"
    hand.tap("language_es-ES")
    hand.until(lambda: hand.shell.customer is not display)
    assert hand.shell.customer.say.language == "zh-CN"
    assert hand.shell.customer.isVisible()


def test_it_is_turned_off_again_and_remembered(hand: Hand) -> None:
    turn_on(hand)
    assert preferences.load(hand.shop.folder).customer == customer.IN_A_WINDOW
    hand.tap("customer_at_0")
    assert hand.shell.customer is None
    assert preferences.load(hand.shop.folder).customer is None
    hand.tap("nav_checkout")
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")


def test_a_screen_that_is_gone_becomes_a_window(hand: Hand) -> None:
    hand.shell._choose_customer("HDMI-7")
    assert hand.shell.customer.isVisible()
    assert not hand.shell.customer.isFullScreen()


def test_a_locked_till_shows_no_basket(hand: Hand) -> None:
    display = turn_on(hand)
    hand.tap("nav_checkout", "tab_1", "product_0")
    assert display.pages.currentWidget() is display.basket
    hand.tap("nav_lock")
    hand.wait(screen="sign_in")
    assert display.pages.currentWidget() is display.welcome


def test_a_long_basket_shows_its_end(hand: Hand) -> None:
    display = turn_on(hand)
    hand.tap("nav_checkout")
    for tab in ("tab_0", "tab_1", "tab_2"):
        if hand.sees(tab):
            hand.tap(tab)
            for place in range(6):
                if hand.sees(f"product_{place}"):
                    hand.tap(f"product_{place}")
    hand.idle()
    bar = display.lines.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    keep(display, "long")
