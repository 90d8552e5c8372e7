"""The slip font at a size in dots.

Rule: only fonts that ship with us, so that every till prints the same slip.
"""

from functools import cache

from PIL import ImageFont

import resources

REGULAR = "fonts/TillkeeperSans-Regular.otf"
BOLD = "fonts/TillkeeperSans-Bold.otf"


@cache
def slip_font(dots: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Return the font whose hanzi are `dots` wide and high."""
    path = resources.path(BOLD if bold else REGULAR)
    return ImageFont.truetype(str(path), dots, layout_engine=ImageFont.Layout.BASIC)
