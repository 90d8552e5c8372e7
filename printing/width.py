"""How wide a text is on paper, in columns, and how it breaks into lines.

Rule: pure. A column is half a hanzi (12 dots at 203 dpi): Latin letters take 1, hanzi and kana 2, marks 0.
Source: Unicode Standard Annex #11 (East Asian Width); line starts after JIS X 4051 ("kinsoku"), the common part.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]}%·")
"""Characters that may not begin a line when a break can be put elsewhere."""
NEVER_LAST = frozenset("（《「『【〈“‘([{¿¡¥€$")
"""Characters that may not end a line when a break can be put elsewhere."""
_NARROW_SYMBOLS = frozenset("€−–")
_WIDE_SYMBOLS = frozenset("§±¶·×÷")
"""Ambiguous in Annex #11; so our font draws them."""


SUBSTITUTE = "〓"
"""What compositors set for a character that their font lacks."""
_PLAIN = frozenset(map(chr, range(0x20, 0x7F)))
_UNMARKED = dict(zip("łŁħĦıŧŦŋŊſĸ⁄", "lLhHitTnNsk/", strict=True))
"""Letters whose mark Unicode does not take apart, and the bar of a fraction."""
_CATALAN = re.compile(r"(?<=[lL])·(?=[lL])")
"""The dot of "col·lecció": our font draws it as wide as a hanzi, its half-width form as it should be."""


@lru_cache(maxsize=8192)
def char_columns(char: str) -> int:
    """Return the columns of one character: 0, 1 or 2."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    kind = unicodedata.east_asian_width(char)
    if kind in ("W", "F") or char in _WIDE_SYMBOLS:
        return 2
    if char in _NARROW_SYMBOLS:
        return 1
    is_symbol = ord(char) >= 0x2010 if kind == "A" else kind == "N" and 0x2100 <= ord(char) < 0x27C0
    return 2 if is_symbol else 1


def columns_of(text: str) -> int:
    """Return the columns that a text takes."""
    return sum(map(char_columns, text))


def printable(text: str, has: Callable[[str], bool]) -> str:
    """Make a text safe for paper: composed form, control and direction characters dropped, any blank a plain one.

    Where the font (`has`) lacks a letter with a mark, the letter stands without it (ş: s); what else it lacks becomes
    `SUBSTITUTE`, never a blank. A no-break space stays, because it keeps an amount and its currency sign on one line.
    """
    composed = _CATALAN.sub("･", unicodedata.normalize("NFC", text))
    spaced = (" " if char.isspace() and char != "\u00a0" else char for char in composed)
    return "".join(_on_paper(char, has) for char in spaced)


def _on_paper(char: str, has: Callable[[str], bool]) -> str:
    """Return what of a character can be printed: itself, nothing, its letters without marks, or `SUBSTITUTE`."""
    if unicodedata.category(char) in ("Cc", "Cf"):
        return ""
    if char in _PLAIN or has(char):
        return char
    letters = "".join(
        _UNMARKED.get(part, part) for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)
    )
    if unicodedata.category(char) in ("Mn", "Me"):
        return ""
    return letters if letters and all(map(has, letters)) else SUBSTITUTE


def wrap(text: str, columns: int, measure: Callable[[str], int] = columns_of) -> list[str]:
    """Break a text into lines of at most `columns` (2 or more); words break only when longer than a line.

    `measure` says how many columns a text takes. Nothing but blanks at breaks is lost. An empty text
    gives one empty line.
    """
    if columns < 2:
        raise ValueError("a line needs two columns")
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if measure(line + piece.rstrip(" ")) <= columns:
            line += piece
            continue
        if line.strip(" "):
            lines.append(line.rstrip(" "))
        *full, line = _chop(piece.lstrip(" "), columns, measure)
        lines += full
    if line.strip(" ") or not lines:
        lines.append(line.rstrip(" "))
    return lines


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may break: after blanks, and on either side of a wide character."""
    pieces: list[str] = []
    start = 0
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        if after == " " or after in NEVER_FIRST or before in NEVER_LAST or char_columns(after) == 0:
            continue
        if before == " " or char_columns(before) == 2 or char_columns(after) == 2:
            pieces.append(text[start:index])
            start = index
    return [*pieces, text[start:]]


def _chop(word: str, columns: int, measure: Callable[[str], int]) -> list[str]:
    """Cut a word that is longer than a line at whatever character the line ends."""
    lines = [""]
    for char in word:
        if lines[-1] and measure(lines[-1] + char) > columns:
            lines.append("")
        if char != " " or lines[-1]:
            lines[-1] += char
    return [*(line.rstrip(" ") for line in lines[:-1]), lines[-1]]
