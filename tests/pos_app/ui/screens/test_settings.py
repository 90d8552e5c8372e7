"""Language, camera and theme, changed at once and remembered."""

import threading
import zipfile
from pathlib import Path

import pytest

from pos_app.ui import preferences, theme
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand


def test_the_language_changes_at_once_and_the_basket_stays(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0", "nav_more", "nav_settings", "language_es-ES")
    hand.wait(screen="settings", text=["nav_lock", "Bloquear"])
    hand.tap("nav_checkout")
    assert hand.text("confirm") == "Canjear 1 uso"
    assert hand.state()["basket"]["cups"] == 1
    assert preferences.load(hand.shop.folder).language == "es-ES"
    hand.tap("confirm")
    hand.wait(screen="result", text=["result_title", "1 uso canjeado"])


def test_the_language_can_be_changed_many_times(hand: Hand) -> None:
    for code in ("en", "es-ES", "zh-CN") * 3:
        hand.tap("nav_more", "nav_settings", f"language_{code}")
        hand.idle()
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result", text=["result_title", "已核销 1 次"])


@pytest.mark.parametrize("chosen", ["theme_dark", "language_en"])
def test_a_choice_waits_for_the_answer_of_a_redemption_and_nothing_is_redeemed_twice(hand: Hand, chosen: str) -> None:
    going = threading.Event()

    def wait() -> None:
        assert going.wait(10)

    hand.shop.server.delay = wait
    hand.scan(1)
    hand.tap("product_0", "confirm", "nav_more", "nav_settings", chosen)
    hand.bot.wait(50)
    going.set()
    hand.wait(screen="result", visible="next_customer")
    hand.idle()
    assert hand.shell.window.say.language == ("en" if chosen == "language_en" else "zh-CN")
    assert theme.name == ("dark" if chosen == "theme_dark" else theme.FIRST)
    hand.tap("next_customer")
    hand.wait(screen="checkout")
    assert hand.state()["basket"]["cups"] == 0
    assert [row.kind for row in hand.shop.facts()] == ["ShiftOpened", "PassRedeemed"]


def test_what_this_till_is(hand: Hand) -> None:
    hand.tap("nav_more", "nav_settings")
    assert hand.text("about_terminal") == "SZ1T03"
    assert hand.text("about_version") == "0.1.0"


def test_the_theme_changes_at_once_the_basket_stays_and_it_is_remembered(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0", "nav_more", "nav_settings")
    light = hand.shell.window.grab().toImage().pixelColor(700, 700).lightness()
    hand.tap("theme_dark")
    hand.idle()
    assert hand.shell.window.grab().toImage().pixelColor(700, 700).lightness() < 60 < light
    assert hand.find("theme_dark").chosen  # type: ignore[attr-defined]
    hand.tap("nav_checkout")
    assert hand.state()["basket"]["cups"] == 1
    assert preferences.load(hand.shop.folder).theme == "dark"
    hand.tap("nav_more", "nav_settings", "language_en", "theme_light")
    assert preferences.load(hand.shop.folder) == preferences.Preferences("en", None, "light", lock="0")


def test_a_file_for_support_is_written_from_the_window(hand: Hand) -> None:
    hand.tap("nav_more", "nav_settings", "settings_bundle")
    hand.wait(text=["settings_notice_title", "请把此文件发给技术支持"])
    path = Path(hand.text("settings_notice_detail"))
    assert "verify.txt" in zipfile.ZipFile(path).namelist()
    hand.wait(visible="settings_bundle")
    assert hand.find("settings_bundle").isEnabled()


@pytest.mark.parametrize("text", ["", "[]", "null", '{"theme": 7, "language": []}', '{"theme": "sepia"}', "\x00" * 9])
def test_choices_that_cannot_be_read_are_none(open_window: Open, tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text, encoding="utf-8")
    found = preferences.load(tmp_path)
    assert (found.language, found.camera) == (None, None)
    hand = open_window(look="sepia")
    hand.wait(screen="sign_in")
    assert theme.name == theme.FIRST
