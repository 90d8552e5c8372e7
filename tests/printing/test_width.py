"""Columns: what a text is wide on paper, and that breaking it loses and widens nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing.fonts import slip_font
from printing.layout import DOTS_PER_COLUMN, SIZES
from printing.width import char_columns, columns_of, printable, wrap

TEXTS = st.text(st.sampled_from("aWi.,(（）。，“”·×é½ñ 珍珠奶茶龘ﾊ€¥−-\u0301\u00a0"), max_size=60)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("珍珠", 4),
        ("a珍b", 4),
        ("e\u0301", 1),
        ("€9", 2),
        ("−2", 2),
        ("·", 2),
        ("ﾊ", 1),
        ("，", 2),
    ],
)
def test_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@pytest.mark.parametrize("char", "珍龘，。（）“”…·×＋①→")
def test_two_columns_is_what_the_font_draws(char: str) -> None:
    assert slip_font(SIZES["normal"], False).getlength(char) == char_columns(char) * DOTS_PER_COLUMN == 24


def test_printable_drops_what_could_command_a_printer_or_turn_a_line_round() -> None:
    assert printable("a\x1b@b\x1d\x00c\u202ed\u200be\n\tf\ue000") == "a@b cde  f"
    assert printable("e\u0301") == "é"
    assert printable("9,00\u00a0€") == "9,00\u00a0€"


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 8, [""]),
        ("   ", 8, [""]),
        ("Té con leche", 8, ["Té con", "leche"]),
        ("Té con leche", 12, ["Té con leche"]),
        ("Supercalifragilistico", 8, ["Supercal", "ifragili", "stico"]),
        ("· ）", 2, ["·", "）"]),
        ("珍珠奶茶大杯", 8, ["珍珠奶茶", "大杯"]),
        ("珍珠奶茶大杯", 9, ["珍珠奶茶", "大杯"]),
        ("珍珠奶茶。大杯", 8, ["珍珠奶", "茶。大杯"]),
        ("珍珠奶茶（大杯）", 10, ["珍珠奶茶", "（大杯）"]),
        ("合计 9,00\u00a0€ 谢谢", 7, ["合计", "9,00\u00a0€", "谢谢"]),
    ],
)
def test_wrap(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


def test_wrap_needs_room_for_one_hanzi() -> None:
    with pytest.raises(ValueError, match="two columns"):
        wrap("a", 1)


@settings(deadline=None)
@given(TEXTS, st.integers(2, 48))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(columns_of(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines == [""] or all(line.strip(" ") for line in lines)
