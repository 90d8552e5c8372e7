"""The slip font at a size in dots: its letters, and the room that they take.

Rule: only fonts that ship with us, so that every till prints the same slip.
"""

import math
from functools import cache, lru_cache

from PIL import ImageFont

import resources
from printing.layout import DOTS_PER_COLUMN, SIZES, columns_for
from printing.width import columns_of, wrap

REGULAR = "fonts/TillkeeperSans-Regular.otf"
BOLD = "fonts/TillkeeperSans-Bold.otf"
_NO_CHARACTER = "\uffff"


@cache
def slip_font(dots: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Return the font whose hanzi are `dots` wide and high."""
    path = resources.path(BOLD if bold else REGULAR)
    return ImageFont.truetype(str(path), dots, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=32768)
def has(char: str) -> bool:
    """Return whether the font has a letterform for a character."""
    font = slip_font(24, False)
    return bytes(font.getmask(char)) != bytes(font.getmask(_NO_CHARACTER))


def ink_reach(text: str, dots: int, bold: bool) -> tuple[int, int]:
    """Return how far left and right of its origin a text of one or more characters reaches, in dots."""
    lefts, steps, rights = zip(*(_letter(char, dots, bold) for char in text), strict=True)
    return lefts[0], sum(steps[:-1]) + rights[-1]


def paper_columns(text: str, size: str, bold: bool) -> int:
    """Return the columns of paper in which a text stands at a size, none of its letters drawn narrower."""
    if not text:
        return 0
    left, right = ink_reach(text, SIZES[size], bold)
    return max(columns_for(columns_of(text), size), -((left - right) // DOTS_PER_COLUMN))


def lines_for(text: str, width: int, size: str, bold: bool) -> list[str]:
    """Break a text for a box of `width` paper columns; one too narrow for a hanzi is taken to hold one."""
    return wrap(text, max(width, columns_for(2, size)), lambda line: paper_columns(line, size, bold))


@lru_cache(maxsize=32768)
def _letter(char: str, dots: int, bold: bool) -> tuple[int, int, int]:
    """Return where a letter's ink begins (0 or before its origin), its step, and where it ends (the step or behind)."""
    font = slip_font(dots, bold)
    step = round(font.getlength(char))
    left, _, right, _ = font.getbbox(char, anchor="ls")
    return min(0, math.floor(left)), step, max(step, math.ceil(right))
