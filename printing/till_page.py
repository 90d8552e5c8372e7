"""Lay out a till's own code as a page to stand on the counter: what it is for, the code, the same to be typed.

Rule: pure. Words arrive as an argument.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from printing.fonts import lines_for
from printing.layout import Element, Gap, Layout, QrCode, Row, Rule, Span


@dataclass(frozen=True, slots=True)
class TillPageWords:
    """What the page says: the shop, what to do, the address in the code, and what can be typed instead."""

    shop: str
    title: str
    steps: tuple[str, ...]
    address: str
    typed: str
    text: str


def till_page(words: TillPageWords, columns: int) -> Layout:
    """Return the page for paper of 32 or 48 columns."""
    return Layout(columns, tuple(_page(words, columns)))


def _page(words: TillPageWords, columns: int) -> Iterator[Element]:
    yield from _text(words.shop, columns, "medium", bold=True)
    yield Gap(8)
    yield Rule("thick")
    yield Gap(12)
    yield from _text(words.title, columns, "medium", bold=True)
    yield Gap(12)
    yield QrCode(words.address)
    yield Gap(12)
    yield from _text(words.typed, columns)
    yield from _text(words.text, columns, "large", bold=True)
    yield Gap(12)
    yield Rule("thin")
    yield Gap(8)
    for number, step in enumerate(words.steps, 1):
        yield from _text(f"{number}. {step}", columns, align="left")
    yield Gap(24)


def _text(
    text: str, columns: int, size: str = "normal", bold: bool = False, align: str = "center"
) -> Iterator[Element]:
    for line in lines_for(text, columns, size, bold):
        yield Row((Span(line, 0, columns, align, size, bold),))
