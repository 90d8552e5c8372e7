"""Notes for who makes a cup: few touches, on the line at once, on paper, kept through everything."""

from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from models.facts import SoldCup, decode_fact
from models.notes import MAX_NOTE_CHARACTERS
from pos_app.journal import outbox
from pos_app.till import slip_picture
from pos_app.ui.desk import Desk
from pos_app.ui.note_desk import OFFERED
from pos_app.ui.widgets.buttons import Choice
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import short_code
from tests.pos_app.ui.test_customer import said, turn_on
from tests.pos_app.ui.test_text_fit import faults

BAD = [
    ("x" * 10_000, "x" * MAX_NOTE_CHARACTERS),
    ("sin frutos secos 🥜🚫", "sin frutos secos"),
    ("\u202eoleih nis\u200f", "oleih nis"),
    ("less ice\nno sugar\r\n\x1b@", "less ice no sugar @"),
    ("<b>&nbsp;</b> {total} %s", "<b>&nbsp;</b> {total} %s"),
    (" \t ", ""),
]


def desk_of(hand: Hand) -> Desk:
    interior = hand.shell.window.interior
    assert interior is not None
    return interior.desk


def cups(hand: Hand) -> tuple[SoldCup, ...]:
    """Of the last fact."""
    with hand.shop.journal.reading() as rows:
        body: Any = decode_fact(outbox.pending(rows, 500, 1 << 20)[-1].text).body
    found: tuple[SoldCup, ...] = body.cups
    return found


def notes(hand: Hand) -> list[str]:
    return [cup.note for cup in desk_of(hand).basket.cups]


def line_note(hand: Hand, place: int = 0) -> str:
    return hand.text(f"line_{place}_note").replace("\u200b", "")


@pytest.mark.req("C06")
def test_a_note_takes_three_touches_and_stands_in_the_fact_and_on_paper(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "cup_note_open", "cup_note_0")
    assert line_note(hand) == "备注：少冰"
    hand.tap("cup_note_3", "confirm")
    hand.wait(screen="result")
    assert [cup.note for cup in cups(hand)] == ["少冰, 无糖"]
    slip = hand.shop.facts()[-1].slips[0].number
    for columns in (48, 32):
        assert "备注: 少冰, 无糖" in slip_picture.draw(hand.shop.till, slip, 0, columns).text


def test_who_wants_no_note_touches_nothing_more(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "confirm")
    hand.wait(screen="result")
    assert [cup.note for cup in cups(hand)] == [""]
    assert "备注" not in slip_picture.draw(hand.shop.till, hand.shop.facts()[-1].slips[0].number).text


@pytest.mark.req("C05", "C06")
def test_a_redeemed_cup_has_its_note_and_the_ledger_is_not_told(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0", "cup_note_open", "cup_note_1", "confirm")
    hand.wait(screen="result")
    assert [cup.note for cup in cups(hand)] == ["去冰"]
    asked = hand.shop.server.asked[-1].redeem
    assert asked is not None
    assert not hasattr(asked.cups[0], "note")
    assert "去冰" in slip_picture.draw(hand.shop.till, "VR.SZ1T03.000001").text


def test_a_card_pays_for_a_cup_with_a_note(hand: Hand) -> None:
    hand.scan(3)
    hand.tap("tab_1", "product_0", "cup_note_open", "cup_note_2", "cup_note_done")
    hand.key("F6")
    hand.tap("confirm")
    hand.wait(screen="result")
    assert [cup.note for cup in cups(hand)] == ["少糖"]
    asked = hand.shop.server.asked[-1].charge
    assert asked is not None
    assert not hasattr(asked.cups[0], "note")


def test_words_of_ones_own_are_typed_and_enter_ends_the_note_and_not_the_sale(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "cup_note_open")
    assert hand.find("cup_note").hasFocus()
    hand.type("cup_note", "no nuts, ")
    assert (hand.text("cup_note"), line_note(hand)) == ("no nuts, ", "备注：no nuts,")
    hand.key("Return")
    assert hand.sees("product_0")
    hand.tap("cup_note_open", "cup_note_clear")
    assert not hand.sees("line_0_note")
    hand.key("Return")
    assert hand.sees("product_0")
    assert [row.kind for row in hand.shop.facts()] == ["ShiftOpened"]
    hand.tap("confirm")
    hand.wait(screen="result")


@pytest.mark.parametrize(("typed", "kept"), BAD)
def test_bad_input_becomes_a_short_plain_line(hand: Hand, typed: str, kept: str) -> None:
    hand.tap("tab_1", "product_0", "cup_note_open")
    box = hand.find("cup_note")
    assert isinstance(box, QLineEdit)
    box.selectAll()
    box.insert(typed)  # as from the clipboard
    box.textEdited.emit(box.text())
    assert desk_of(hand).basket.cups[0].note == kept
    assert faults(hand) == []
    hand.tap("cup_note_done", "confirm")
    hand.wait(screen="result")
    assert cups(hand)[0].note == kept
    if kept:
        text = slip_picture.draw(hand.shop.till, hand.shop.facts()[-1].slips[0].number, 0, 32).text
        assert kept.replace(" ", "") in text.replace("\n", "").replace(" ", "")


def test_a_note_is_for_the_line_or_for_one_of_it_and_other_lines_stay_apart(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "product_0", "product_0", "cup_note_open", "cup_note_0")
    assert notes(hand) == ["少冰"] * 3
    hand.tap("cup_note_one")
    assert notes(hand) == ["", "", "少冰"]
    assert hand.sees("line_1")
    hand.tap("cup_note_all")
    assert notes(hand) == ["少冰"] * 3
    hand.tap("cup_note_one", "cup_note_done", "line_1_plus")
    assert notes(hand) == ["", "", "少冰", "少冰"]
    hand.tap("product_0", "line_0", "cup_note_open")
    assert not hand.find("cup_note_clear").isEnabled()
    hand.tap("cup_note_1", "confirm")
    hand.wait(screen="result")
    assert [cup.note for cup in cups(hand)] == ["去冰", "去冰", "少冰", "少冰", "去冰"]
    text = slip_picture.draw(hand.shop.till, hand.shop.facts()[-1].slips[0].number).text
    assert (text.count("备注: 去冰"), text.count("备注: 少冰")) == (1, 1)


def test_another_line_takes_the_note_over_and_another_basket_ends_it(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "product_1", "cup_note_open", "cup_note_0", "line_0")
    assert hand.text("cup_note") == ""
    hand.tap("cup_note_1")
    assert [cup.note for cup in desk_of(hand).basket.cups] == ["去冰", "少冰"]
    hand.tap("line_1_minus")
    assert hand.sees("product_0")
    hand.tap("line_0", "cup_note_open")
    hand.shell.scanner.scanned.emit(short_code(1))
    hand.wait(visible="member_name")
    assert not hand.sees("cup_note")
    assert desk_of(hand).held[0].basket.cups[0].note == "去冰"


def test_esc_and_another_payment_bring_it_away_and_the_note_stays(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "cup_note_open", "cup_note_0")
    hand.key("Escape")
    assert hand.sees("product_0")
    hand.tap("cup_note_open", "cash_open")
    assert hand.sees("cash_due")
    hand.tap("cash_done")
    assert hand.sees("product_0")
    hand.tap("cup_note_open")
    hand.key("F6")
    hand.wait(visible="card_code")
    hand.key("Escape")
    assert hand.sees("product_0")
    assert line_note(hand) == "备注：少冰"


def test_a_note_is_held_taken_up_and_outlives_the_program(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "cup_note_open", "cup_note_0", "hold")
    assert hand.sees("product_0")
    hand.tap("product_1", "cup_note_open", "cup_note_7", "cup_note_done")
    hand.idle()
    again = Desk(hand.shop.till, hand.shell.operations, hand.shell.window.say)
    again.carts.bring_back()
    hand.until(lambda: bool(again.held))
    assert [cup.note for cup in again.basket.cups] == ["过敏"]
    assert [cup.note for cup in again.held[0].basket.cups] == ["少冰"]
    hand.tap("held_0")
    assert line_note(hand) == "备注：少冰"


def test_offered_words_are_read_by_the_cashier_and_written_in_the_slips_language(open_window: Open) -> None:
    hand = open_window(language="en", currency="EUR")
    hand.sign_in()
    display = turn_on(hand)
    hand.tap("nav_checkout", "tab_1", "product_0", "cup_note_open")
    assert hand.text("cup_note_0") == "Less ice"
    hand.tap("cup_note_0")
    assert hand.text("cup_note") == "Menos hielo"
    assert line_note(hand) == "Note: Menos hielo"
    assert "Nota: Menos hielo" in " ".join(said(display)).replace("\u200b", "")
    hand.tap("cup_note_0")
    assert not hand.sees("line_0_note")


def test_what_does_not_fit_is_not_offered(open_window: Open) -> None:
    hand = open_window(language="es-ES", currency="EUR")
    hand.sign_in()
    hand.tap("tab_1", "product_0", "cup_note_open")
    for place in range(len(OFFERED)):
        if hand.find(f"cup_note_{place}").isEnabled():
            hand.tap(f"cup_note_{place}")
    note = desk_of(hand).basket.cups[0].note
    assert len(note) <= MAX_NOTE_CHARACTERS
    tiles = [hand.find(f"cup_note_{place}") for place in range(len(OFFERED))]
    chosen = [tile.text() for tile in tiles if isinstance(tile, Choice) and tile.chosen]
    assert note == ", ".join(chosen)
    assert not all(tile.isEnabled() for tile in tiles)


def test_the_line_that_a_note_is_for_can_be_seen(hand: Hand) -> None:
    hand.tap(
        "tab_1", "product_0", "product_1", "product_2", "tab_2", "product_0", "product_1", "line_0", "cup_note_open"
    )
    hand.type("cup_note", "x" * MAX_NOTE_CHARACTERS)
    hand.idle()

    def seen() -> bool:
        shown = hand.find("line_0_note")
        return shown.visibleRegion().boundingRect() == shown.rect()

    hand.until(seen, lambda: "the line with the note is out of sight")


@pytest.mark.req("R034")
def test_a_line_is_refunded_by_its_note(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "product_0", "cup_note_open", "cup_note_one", "cup_note_0", "confirm")
    hand.wait(screen="result")
    hand.key("F8")
    hand.wait(visible="refundable_0")
    hand.idle()
    hand.tap("refundable_0")
    assert "备注：少冰" not in hand.find("refund_line_1").accessibleName()
    assert "备注：少冰" in hand.find("refund_line_2").accessibleName()
    hand.tap("refund_line_2", "reason_product_fault", "confirm")
    hand.wait(screen="result")
    assert [cup.note for cup in cups(hand)] == ["少冰"]
    text = slip_picture.draw(hand.shop.till, hand.shop.facts()[-1].slips[0].number).text
    assert "备注: 少冰" in text


def test_notes_are_reached_by_keyboard_and_named_for_who_hears_them(hand: Hand) -> None:
    hand.tap("tab_1", "product_0")
    hand.find("cup_note_open").setFocus()
    hand.key("Space")
    assert hand.find("cup_note").accessibleName()
    seen = []
    for _ in range(12):
        hand.key("Tab")
        front = hand.shell.window.focusWidget()
        seen.append(front.objectName() if front is not None else "")
        if seen[-1] == "cup_note_1":
            break
    assert seen[:2] == ["cup_note_done", "cup_note_0"]
    hand.key("Space")
    assert line_note(hand) == "备注：去冰"
    assert "备注：去冰" in hand.find("line_0").accessibleName()
