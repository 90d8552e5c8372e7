"""Bars of a Code 128, read by two readers that share nothing with us."""

import random

import pytest
import zxingcpp
from PIL import ImageOps
from pyzbar import pyzbar

from printing.barcode import FNC3, code_128
from printing.layout import BarCode, Layout
from printing.raster import bar_dots, draw_dots, fits_across

START_A, START_B, FNC3_BARS, STOP = "11010000100", "11010010000", "10111100010", "1100011101011"
"""ISO/IEC 15417, table 1."""

pytestmark = pytest.mark.req("C11")


def test_both_readers_read_what_was_meant() -> None:
    rng = random.Random(5)
    for length in range(1, 25):
        text = "".join(rng.choices([chr(code) for code in range(33, 127)], k=length))
        for sent in (text, text.upper().replace("~", "")):
            picture = ImageOps.expand(bar_dots(BarCode(sent or "X"), 1200), 60, 255)
            assert [code.text for code in zxingcpp.read_barcodes(picture)] == [sent or "X"]
            assert [code.data.decode() for code in pyzbar.decode(picture)] == [sent or "X"]


@pytest.mark.parametrize(("text", "start"), [(f"{FNC3}$P,HA35,P\r", START_A), (f"{FNC3}abc", START_B)])
def test_function_character_three_stands_first_and_is_no_text(text: str, start: str) -> None:
    bars = code_128(text)
    assert bars[:22] == start + FNC3_BARS
    assert bars.endswith(STOP)
    assert len(bars) == 11 * (len(text) + 2) + 13
    (code,) = zxingcpp.read_barcodes(ImageOps.expand(bar_dots(BarCode(text), 800), 60, 255))
    assert code.text == text[1:]


def test_function_character_three_may_stand_last() -> None:
    bars = code_128(f"~DEFALT.{FNC3}")
    assert bars[-(13 + 22) : -(13 + 11)] == FNC3_BARS


@pytest.mark.parametrize("text", ["", "é", "a\r"])
def test_what_no_set_holds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no Code 128"):
        code_128(text)


def test_bars_never_leave_the_paper_and_are_never_too_thin() -> None:
    with pytest.raises(ValueError, match="on 384 dots"):
        draw_dots(Layout(32, (BarCode("A" * 15),)))
    assert not fits_across("A" * 15, 32)
    assert fits_across("A" * 13, 32)
    assert bar_dots(BarCode("A" * 13), 384).width <= 384


def test_what_is_too_long_runs_down_the_paper() -> None:
    paper = draw_dots(Layout(32, (BarCode("A" * 15, ladder=True),)))
    assert paper.size == (384, 2 * len(code_128("A" * 15)))
    picture = ImageOps.expand(paper.convert("L"), 60, 255)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["A" * 15]
    assert [code.data.decode() for code in pyzbar.decode(picture)] == ["A" * 15]
