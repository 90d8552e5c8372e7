"""A slip laid out in columns: what stands where, before it becomes dots, bytes or text.

Rule: frozen values without behaviour. A column is 12 dots at 203 dpi: 48 on 80 mm paper, 32 on 58 mm.
"""

from dataclasses import dataclass

DOTS_PER_COLUMN = 12
SIZES = {"normal": 24, "medium": 36, "large": 48, "huge": 120}
"""Height of a letter's square in dots. A hanzi is as wide as it is high, a Latin letter takes half of that."""
ALIGNS = ("left", "center", "right")
RULES = ("thin", "thick", "dashed")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line of text inside its own box: `column` from the left edge, `width` in columns."""

    text: str
    column: int
    width: int
    align: str = "left"
    size: str = "normal"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Spans on one base line; `inverse` is white on black over the whole width."""

    spans: tuple[Span, ...]
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    style: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank paper."""

    dots: int


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code in the middle of the paper."""

    text: str


@dataclass(frozen=True, slots=True)
class BarCode:
    """A Code 128 in the middle of the paper; `barcode.FNC3` may stand in its text. `ladder`: it runs down the paper."""

    text: str
    ladder: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows and gaps inside a frame; their spans keep `PANEL_INSET` columns clear on both sides."""

    elements: tuple["Row | Rule | Gap", ...]


PANEL_INSET = 2
Element = Row | Rule | Gap | QrCode | BarCode | Panel


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole slip, top to bottom."""

    columns: int
    elements: tuple[Element, ...]


def columns_for(text_columns: int, size: str) -> int:
    """Return how many paper columns a text of `text_columns` takes at a size."""
    return -(-text_columns * SIZES[size] // SIZES["normal"])
