"""The sheet that sets a hand scanner up: codes that program it, make by make, and codes to try it with.

Rule: pure; words arrive as an argument. A make is here only when what its codes hold is written in a public document
(docs/decisions/0019-scanner-set-up.md names them); for every other make the sheet says what to look for in its guide.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from printing.barcode import FNC3
from printing.fonts import lines_for
from printing.layout import BarCode, Element, Gap, Layout, QrCode, Row, Rule, Span
from printing.raster import fits_across

PREFIX = "%%"
"""What a scanner may be programmed to send before a code: nobody types it, and no code of ours begins with it."""
TEST_CODES = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%", "Test-2026/abc:XYZ_@")
"""Every character of our own codes, and those on which keyboard layouts differ."""
_APART_DOTS = 56
"""So much paper lies between two codes that a scanner sees one of them only."""
_QUIET_DOTS = 24
"""What stays blank before a code that runs down the paper: ten modules and more."""


@dataclass(frozen=True, slots=True)
class Make:
    """A make's codes as (what it sets, text of the Code 128), in the order in which they are scanned."""

    name: str
    models: str
    codes: tuple[tuple[str, str], ...]


def _honeywell(command: str) -> str:
    return f"~{command}.{FNC3}"


def _datalogic(command: str) -> str:
    return f"{FNC3}$P,{command},P\r"


_PREFIX_HEX = PREFIX.encode("ascii").hex().upper()
MAKES = (
    Make(
        "Honeywell",
        "Voyager, Xenon",
        (
            ("keyboard", _honeywell("TERMID124")),
            ("layout", _honeywell("KBDCTY0")),
            ("ending", _honeywell("VSUFCR")),
            ("prefix", _honeywell(f"PREBK299{_PREFIX_HEX}")),
        ),
    ),
    Make(
        "Datalogic",
        "QuickScan, Gryphon, Touch",
        (
            ("keyboard", _datalogic("HA35")),
            ("ending", _datalogic("CLFSU0D")),
            ("prefix", _datalogic(f"CLFPR{_PREFIX_HEX}")),
        ),
    ),
)

Say = Callable[[str], str]
"""key -> words: `title`, `intro`, `once`, `keyboard`, `layout`, `ending`, `prefix`, `others`, `others.detail`,
`others.prefix`, `try`, `try.detail`, `try.1`, `try.2`."""


def scanner_sheet(say: Say, columns: int, with_prefix: bool) -> Layout:
    """Lay the sheet out; the codes of the prefix only where the till expects one."""
    return Layout(columns, tuple(_sheet(say, columns, with_prefix)))


def _sheet(say: Say, columns: int, with_prefix: bool) -> Iterator[Element]:
    yield from _text(say("title"), columns, "large", bold=True, align="center")
    yield Gap(10)
    yield from _text(say("intro"), columns)
    for make in MAKES:
        yield from _heading(make.name, columns)
        yield from _text(make.models, columns)
        yield from _text(say("once"), columns)
        for number, (sets, text) in enumerate(make.codes, 1):
            if sets != "prefix" or with_prefix:
                yield Gap(_APART_DOTS)
                yield from _text(f"{number}. {say(sets)}", columns, bold=True, align="center")
                across = fits_across(text, columns)
                yield Gap(8 if across else _QUIET_DOTS)
                yield BarCode(text, ladder=not across)
        yield Gap(_APART_DOTS // 2)
    yield from _heading(say("others"), columns)
    yield from _text(say("others.detail"), columns)
    if with_prefix:
        yield from _text(say("others.prefix"), columns)
    yield Gap(16)
    yield from _heading(say("try"), columns)
    yield from _text(say("try.detail"), columns)
    for number, code in enumerate(TEST_CODES, 1):
        yield Gap(24)
        yield from _text(say(f"try.{number}"), columns, bold=True, align="center")
        yield QrCode(code)
        yield from _text(code, columns, align="center")
    yield Gap(24)


def _heading(text: str, columns: int) -> Iterator[Element]:
    yield Gap(16)
    yield Rule("thick")
    yield Gap(8)
    yield from _text(text, columns, "medium", bold=True)


def _text(text: str, columns: int, size: str = "normal", bold: bool = False, align: str = "left") -> Iterator[Element]:
    for line in lines_for(text, columns, size, bold):
        yield Row((Span(line, 0, columns, align, size, bold),))
