"""Into training and back: the bar above everything, the real till as it was, and neither to be taken for the other."""

import pytest
from PySide6.QtWidgets import QLabel

from pos_app.journal import shifts
from pos_app.till.practice import CASHIER_PIN, MEMBER_PIN
from pos_app.ui import customer, theme
from pos_app.ui.phrases import LANGUAGES
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PIN, short_code


def begin(hand: Hand, shift: bool = True) -> None:
    """From the counter into training, ready to sell."""
    hand.tap("nav_more", "nav_training", "training_begin")
    hand.wait(screen="sign_in", visible="chip_leave")
    if shift:
        hand.type("pin_field", CASHIER_PIN)
        hand.key("Return")
        hand.wait(screen="open_shift")
        hand.key("Return")
        hand.wait(screen="checkout")


def leave(hand: Hand) -> None:
    hand.tap("chip_leave")
    hand.wait(screen="sign_in", hidden="chip_leave")


def bar(hand: Hand) -> tuple[str, str]:
    """What the bar says, and the colour of most of it as it is drawn."""
    header = hand.shell.window.header
    image = header.grab().toImage()
    colours = [image.pixelColor(x, 4).name().upper() for x in range(0, image.width(), 7)]
    return header.store.text(), max(set(colours), key=colours.count)


@pytest.mark.parametrize("look", theme.THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_stands_on_every_screen_and_on_the_customers_display(
    open_window: Open, language: str, look: str
) -> None:
    hand = open_window(language=language, look=look)
    hand.sign_in()
    hand.tap("nav_more", "nav_settings", f"customer_at_{len(customer.places())}")
    _words, own = bar(hand)
    assert own == theme.THEMES[look]["BAR"]
    begin(hand)
    window = hand.shell.window
    interior = window.interior
    assert interior is not None
    for name in interior.screens:
        interior.gate = lambda wanted: wanted  # type: ignore[method-assign]
        window.go(name)
        assert bar(hand) == (hand.shell.window.say("training.bar"), theme.TRAINING), name
        assert not {"chip_network", "chip_outbox"} & set(hand.state()["visible"]), name
    display = hand.shell.customer
    words = display.findChild(QLabel, "customer_training_words")
    assert words.isVisible()
    assert words.text() == display.say("customer.training")
    assert display.grab().toImage().pixelColor(20, 4).name().upper() == theme.TRAINING
    del interior.gate
    leave(hand)
    assert bar(hand)[1] == own
    assert hand.shell.customer.findChild(QLabel, "customer_training_words") is None


@pytest.mark.req("C07")
def test_what_lay_at_the_real_till_lies_there_again(hand: Hand) -> None:
    hand.tap("product_0", "hold", "product_1", "product_2")
    hand.idle()
    desk = hand.shell.window.interior.desk  # type: ignore[union-attr]
    lay, held, facts = desk.basket, list(desk.held), len(hand.shop.facts())
    with hand.shop.journal.reading() as rows:
        opened = shifts.open_shift(rows)
    begin(hand)
    hand.tap("nav_more", "nav_training")
    hand.wait(visible="practice_1")
    hand.tap("practice_1")
    hand.wait(visible="pass_1")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    assert hand.text("slip_0_number").startswith("VR.TRAIN00.")
    leave(hand)
    assert len(hand.shop.facts()) == facts
    hand.type("pin_field", PIN)
    hand.key("Return")
    hand.wait(screen="checkout", visible="clear_basket")
    desk = hand.shell.window.interior.desk  # type: ignore[union-attr]
    assert (desk.basket, desk.held, desk.till) == (lay, held, hand.shop.till)
    with hand.shop.journal.reading() as rows:
        assert shifts.open_shift(rows) == opened
    hand.tap("confirm")
    hand.wait(screen="result")
    assert len(hand.shop.facts()) == facts + 1


def test_one_member_has_a_pin_which_the_screen_says(hand: Hand) -> None:
    begin(hand)
    hand.tap("nav_more", "nav_training")
    hand.wait(visible="practice_4")
    named = [number for number in range(1, 5) if MEMBER_PIN in hand.find(f"practice_{number}").accessibleName()]
    assert named == [2]
    hand.tap("nav_checkout")
    hand.type("scan_box", "0002")
    hand.key("Return")
    hand.wait(visible="member_pin_ask")
    hand.tap("product_0", "confirm")
    hand.wait(visible="member_pin_field")
    hand.type("member_pin_field", MEMBER_PIN)
    hand.key("Return")
    hand.wait(screen="result")
    assert hand.text("slip_0_number").startswith("VR.TRAIN00.")


def test_a_real_members_code_is_told_apart_from_an_unknown_one(hand: Hand) -> None:
    begin(hand)
    hand.shell.scanner.scanned.emit(short_code(1))
    hand.wait(text=["notice_title", hand.shell.window.say("refusal.not_in_training")])
    assert not hand.sees("member_name")


def test_leaving_locks_the_real_till(hand: Hand) -> None:
    begin(hand)
    assert hand.shop.till.live.staff_id is None
    leave(hand)
    hand.type("pin_field", CASHIER_PIN)
    hand.key("Return")
    hand.wait(visible="sign_in_notice_title")
    assert hand.shop.till.live.staff_id is None


def test_training_begins_before_anybody_has_signed_in(open_window: Open) -> None:
    hand = open_window()
    hand.wait(screen="sign_in")
    hand.tap("sign_in_training")
    hand.wait(visible="chip_leave", hidden="sign_in_training")
    leave(hand)
    hand.wait(visible="sign_in_training")
    assert hand.shop.facts() == []


def test_two_quick_taps_do_no_more_than_one(hand: Hand) -> None:
    hand.tap("nav_more", "nav_training", "training_begin")
    hand.shell.trainer.want("begin")
    hand.wait(screen="sign_in", visible="chip_leave")
    first = hand.shell.trainer.app
    for _ in range(2):
        hand.shell.window.training_wanted.emit("leave")
    hand.wait(screen="sign_in", hidden="chip_leave")
    hand.idle()
    assert hand.shell.trainer.app is None
    hand.tap("sign_in_training")
    hand.wait(visible="chip_leave")
    assert hand.shell.trainer.app is not first


def test_language_and_look_are_changed_in_training_too(hand: Hand) -> None:
    begin(hand)
    hand.tap("product_0", "nav_more", "nav_settings", "language_en", "theme_dark")
    hand.idle()
    assert bar(hand) == ("TRAINING", theme.TRAINING)
    hand.tap("nav_checkout")
    hand.wait(visible="clear_basket")
    leave(hand)
    assert bar(hand)[1] == theme.THEMES["dark"]["BAR"]


def test_an_open_basket_of_training_stays_there(hand: Hand) -> None:
    begin(hand)
    hand.tap("product_0", "product_1")
    hand.idle()
    leave(hand)
    hand.tap("sign_in_training")
    hand.wait(visible="chip_leave")
    hand.type("pin_field", CASHIER_PIN)
    hand.key("Return")
    hand.wait(screen="checkout", visible="clear_basket")
    assert len(hand.shell.window.interior.desk.basket.cups) == 2  # type: ignore[union-attr]


def test_emptied_it_is_as_on_the_first_day(hand: Hand) -> None:
    begin(hand)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    hand.tap("nav_more", "nav_training", "training_reset", "nav_checkout", "nav_more", "nav_training")
    hand.wait(visible="practice_4")
    hand.tap("training_reset")
    assert hand.shell.trainer.app is not None, "one tap asks, on every visit anew"
    before = hand.shell.trainer.app
    hand.tap("training_reset")
    hand.until(lambda: hand.shell.trainer.app not in (None, before))
    hand.wait(screen="sign_in", visible="chip_leave")
    hand.type("pin_field", CASHIER_PIN)
    hand.key("Return")
    hand.wait(screen="open_shift")


def test_training_that_cannot_begin_keeps_nobody_from_selling(hand: Hand) -> None:
    (hand.shop.folder / "training").write_text("a file in the way")
    hand.tap("product_0", "nav_more", "nav_training", "training_begin")
    hand.wait(visible="crash_close")
    hand.tap("crash_close", "nav_checkout", "confirm")
    hand.wait(screen="result")
    assert hand.shell.trainer.app is None


def test_the_programs_end_in_training_closes_both(hand: Hand) -> None:
    begin(hand)
    hand.shell.window.close()
    for folder in (hand.shop.folder, hand.shop.folder / "training"):
        assert not (folder / "journal.sqlite-wal").exists() or not (folder / "journal.sqlite-wal").stat().st_size
