"""The scanner's set-up sheet: every code on the paper is read back, and none stands where another is scanned."""

from itertools import pairwise

import pytest
import zxingcpp
from PIL import ImageOps
from pyzbar import pyzbar

from models.tokens import ALPHABET
from printing.barcode import FNC3
from printing.escpos import PAPER_58, PAPER_80, Profile, encode
from printing.preview import draw
from printing.scanner_sheet import MAKES, PREFIX, TEST_CODES, scanner_sheet
from tests.printing.independent_reader import read

pytestmark = pytest.mark.req("C11")

CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")


def say(key: str) -> str:
    return f"{key}: ñandú 扫码枪"


def bare(text: str) -> str:
    return text.replace(FNC3, "")


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58], ids=["80 mm", "58 mm"])
@pytest.mark.parametrize("with_prefix", [True, False])
def test_every_code_is_read_off_the_paper(profile: Profile, with_prefix: bool) -> None:
    wanted = [
        bare(text) for make in MAKES for sets, text in make.codes if sets != "prefix" or with_prefix
    ] + [*TEST_CODES]  # fmt: skip
    paper = read(encode(scanner_sheet(say, profile.columns, with_prefix), profile, False), profile.columns * 12)
    assert paper.codes() == wanted
    assert paper.kicks == []
    picture = ImageOps.expand(paper.picture(), 40, 255)
    assert sorted(code.data.decode() for code in pyzbar.decode(picture)) == sorted(wanted)


@pytest.mark.parametrize("columns", [48, 32])
def test_a_finger_width_lies_between_two_codes(columns: int) -> None:
    """Two codes in a scanner's line of light would set what was not meant."""
    found = zxingcpp.read_barcodes(draw(scanner_sheet(say, columns, with_prefix=True)))
    corners = [[getattr(one.position, name).y for name in CORNERS] for one in found]
    edges = sorted((min(heights), max(heights)) for heights in corners)
    assert min(after[0] - before[1] for before, after in pairwise(edges)) >= 80


def test_test_codes_show_what_they_are_for() -> None:
    assert set(TEST_CODES[0]) == set(ALPHABET)
    assert {"-", "_", ":", "/", "@"} <= set(TEST_CODES[1])
    assert not any(code.startswith(PREFIX) for code in TEST_CODES)


def test_codes_that_program_say_so() -> None:
    """A scanner that is not of this make must read nothing it would obey, so each holds its make's own marks."""
    for make in MAKES:
        for _, text in make.codes:
            assert (text.startswith("~") and text.endswith(f".{FNC3}")) or (
                text.startswith(f"{FNC3}$P,") and text.endswith(",P\r")
            )
