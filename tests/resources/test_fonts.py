"""The bundled fonts: they know what slips and screens say, and carry their licence."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

import resources
from tools.font_subset import FAMILY

STYLES = ["Regular", "Bold"]


def load(style: str) -> TTFont:
    return TTFont(resources.path(f"fonts/TillkeeperSans-{style}.otf"))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "needed",
    [
        "0123456789 abcxyz ABCXYZ .,:;!?()[]*#%&/+-=@_'\"",
        "áéíóúüñçÁÉÍÓÚÜÑÇ¿¡ºª·àèòïÀÈÒÏ",
        "¥€£$₩",
        "茶与桌游核销单次数余额现金找零挂起补打副本",
        "喆堃昇淼犇濛玥",  # given names beyond GB 2312
        "，。、；：？！（）【】《》“”‘’…—￥",
        "✓→←↑↓▲▼●○■□│─┌┐└┘├┤×÷…",
    ],
)
def test_the_font_knows_the_characters(style: str, needed: str) -> None:
    known = load(style).getBestCmap()
    assert not [char for char in needed if ord(char) not in known]


@pytest.mark.parametrize("style", STYLES)
def test_the_font_knows_all_of_gb2312(style: str) -> None:
    known = load(style).getBestCmap()
    rows = (bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    hanzi = {char for char in rows if char}
    assert len(hanzi) == 6763
    assert not {char for char in hanzi if ord(char) not in known}


@pytest.mark.parametrize("style", STYLES)
def test_digits_are_equally_wide_so_that_columns_of_money_align(style: str) -> None:
    font = load(style)
    widths = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
    assert len(widths) == 1


@pytest.mark.parametrize("style", STYLES)
def test_the_font_has_our_name_and_its_licence(style: str) -> None:
    font = load(style)
    names = {number: font["name"].getDebugName(number) for number in (0, 1, 2, 4, 6, 13, 14)}
    assert names[1] == FAMILY
    assert names[2] == style
    assert "Adobe" in names[0]
    assert "Open Font License" in names[13]
    assert "Noto" not in f"{names[1]}{names[4]}{names[6]}"
    licence = resources.path("fonts/OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert names[0].rstrip(".") in licence
