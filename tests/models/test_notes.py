"""A note is one short line that paper can show, whatever was typed, pasted or sent."""

import pytest

from models.notes import MAX_NOTE_CHARACTERS, clean_note


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("less ice", "less ice"),
        ("  less \t ice\n\nno sugar\u2028 ", "less ice no sugar"),
        ("少冰，无糖", "少冰，无糖"),
        ("Sin azu\u0301car · ñ", "Sin azúcar · ñ"),
        ("hot, 60 °C", "hot, 60 °C"),
        ("<b>&amp; {total}</b>", "<b>&amp; {total}</b>"),
        ("\u202eeci sse\u202cl\u200b \x1b@\x00!", "eci ssel @!"),
        ("no nuts 🥜🚫👩🏽‍🍳 please ❤️ 1\ufe0f\u20e3", "no nuts please 1"),
        ("\ud800\ue000", ""),
        ("🧊🧊", ""),
        ("   ", ""),
        ("", ""),
    ],
)
def test_a_note_is_one_line_of_what_can_be_written(typed: str, kept: str) -> None:
    assert clean_note(typed) == kept
    assert clean_note(kept) == kept


@pytest.mark.parametrize("letter", ["x", "冰", "é", "e\u0301", "x ", "𠮷"])
def test_a_note_is_short(letter: str) -> None:
    kept = clean_note(letter * 10_000)
    assert MAX_NOTE_CHARACTERS - 1 <= len(kept) <= MAX_NOTE_CHARACTERS
    assert kept == kept.strip() == clean_note(kept)
