"""Language and camera, changed at once and remembered."""

from pos_app.ui import preferences
from tests.pos_app.ui.hand import Hand


def test_the_language_changes_at_once_and_the_basket_stays(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0", "nav_settings", "language_es-ES")
    hand.wait(screen="settings", text=["nav_lock", "Bloquear"])
    hand.tap("nav_checkout")
    assert hand.text("confirm") == "Canjear 1 uso"
    assert hand.state()["basket"]["cups"] == 1
    assert preferences.load(hand.shop.folder).language == "es-ES"
    hand.tap("confirm")
    hand.wait(screen="result", text=["result_title", "1 uso canjeado"])


def test_the_language_can_be_changed_many_times(hand: Hand) -> None:
    for code in ("en", "es-ES", "zh-CN") * 3:
        hand.tap("nav_settings", f"language_{code}")
        hand.wait(screen="settings")
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result", text=["result_title", "已核销 1 次"])


def test_what_this_till_is(hand: Hand) -> None:
    hand.tap("nav_settings")
    assert hand.text("about_terminal") == "SZ1T03"
    assert hand.text("about_version") == "0.1.0"
