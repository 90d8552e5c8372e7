"""Columns: what a text is wide on paper, and that breaking it loses and widens nothing."""

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from printing.fonts import BOLD, REGULAR, has, lines_for, paper_columns, slip_font
from printing.layout import DOTS_PER_COLUMN, SIZES, columns_for
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
    assert printable("a\x1b@b\x1d\x00c\u202ed\u200be\n\tf", has) == "a@b cde  f"
    assert printable("e\u0301", has) == "é"
    assert printable("9,00\u00a0€", has) == "9,00\u00a0€"


@pytest.mark.req("C06")
@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("Władysław Şahin Žižka", "Wladyslaw Sahin Zizka"),
        ("q\u0303", "q"),
        ("ﬁn ⅓ 𝐀", "fin 1/3 A"),
        ("☕\ufe0f Café 🧋", "〓 Café 〓"),
        ("👩\u200d🍳", "〓〓"),
        ("대추차", "〓〓〓"),
        ("\ue000\U00020000", "〓〓"),
        ("col·lecció · PARAL·LEL", "col･lecció · PARAL･LEL"),
    ],
)
def test_what_the_font_lacks_is_printed_plainer_or_marked_and_never_lost(text: str, paper: str) -> None:
    assert printable(text, has) == paper
    assert all(has(char) for char in paper)


def test_both_weights_have_the_same_letters() -> None:
    regular, bold = (set(TTFont(resources.path(name)).getBestCmap()) for name in (REGULAR, BOLD))
    assert regular == bold
    assert {char for char in map(chr, range(0x20, 0x10000)) if char not in "\ufffe\uffff" and has(char)} == set(
        map(chr, regular)
    )


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


@settings(deadline=None)
@given(TEXTS, st.integers(2, 48), st.sampled_from(sorted(SIZES)), st.booleans())
def test_no_line_is_drawn_narrower_than_its_letters_are(text: str, width: int, size: str, bold: bool) -> None:
    lines = lines_for(text, width, size, bold)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    room = max(width, columns_for(2, size))
    for line in lines:
        assert columns_for(columns_of(line), size) <= paper_columns(line, size, bold)
        assert paper_columns(line, size, bold) <= room or len(line) == 1
        assert slip_font(SIZES[size], bold).getlength(line) <= room * DOTS_PER_COLUMN
