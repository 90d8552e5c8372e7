"""Lay out a test page: who prints, a ruler as wide as the paper, letters that printers get wrong, a code.

Rule: pure. Words arrive as an argument.
"""

from dataclasses import dataclass

from printing.layout import Element, Gap, Layout, QrCode, Row, Rule, Span
from printing.width import wrap

LETTERS = ("ñ Ñ á é í ó ú ü ç ¿ ¡ € ¥", "中文 茶饮 会员 次卡 小票 ￥", "ABC abc 0123456789 .,:;-+%")


@dataclass(frozen=True, slots=True)
class TrialWords:
    """What the page says; `facts` are pairs of a name and a value, `closing` what to look at."""

    title: str
    shop: str
    facts: tuple[tuple[str, str], ...]
    width: str
    closing: str
    code: str


def trial_page(words: TrialWords, columns: int) -> Layout:
    """Return the page for paper of 32 or 48 columns."""
    elements: list[Element] = [
        _line(words.title, columns, "center", "large"),
        Gap(8),
        *(_line(line, columns, "center", bold=True) for line in wrap(words.shop, columns)),
        Gap(8),
        Rule("thin"),
    ]
    for name, value in words.facts:
        elements += [_line(line, columns) for line in wrap(f"{name}: {value}", columns)]
    ruler = "".join(str((place + 1) % 10) for place in range(columns))
    elements += [Rule("thin"), Gap(8), _line(words.width, columns, "center"), Rule("thick"), _digits(ruler, columns)]
    elements += [
        Rule("thick"),
        Gap(8),
        *(_line(text, columns, "center") for text in LETTERS),
        Gap(8),
        QrCode(words.code),
    ]
    elements += [_line(line, columns, "center") for line in wrap(words.closing, columns)]
    return Layout(columns, (*elements, Gap(24)))


def _line(text: str, columns: int, align: str = "left", size: str = "normal", bold: bool = False) -> Row:
    return Row((Span(text, 0, columns, align, size, bold),))


def _digits(text: str, columns: int) -> Row:
    """Each in its own column, so that the last one stands at the very edge."""
    return Row(tuple(Span(digit, place, 1, "center") for place, digit in enumerate(text[:columns])))
