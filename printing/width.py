"""How wide a text is on paper, in columns, and how it breaks into lines.

Rule: pure. A column is half a hanzi (12 dots at 203 dpi): Latin letters take 1, hanzi and kana 2, marks 0.
Source: Unicode Standard Annex #11 (East Asian Width); line starts after JIS X 4051 ("kinsoku"), the common part.
"""

import unicodedata
from functools import lru_cache

NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]}%·")
"""Characters that may not begin a line when a break can be put elsewhere."""
NEVER_LAST = frozenset("（《「『【〈“‘([{¿¡¥€$")
"""Characters that may not end a line when a break can be put elsewhere."""
_NARROW_SYMBOLS = frozenset("€−–")
_WIDE_SYMBOLS = frozenset("§±¶·×÷")
"""Ambiguous in Annex #11; so our font draws them."""


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


def printable(text: str) -> str:
    """Make a text safe for paper: composed form, control and direction characters dropped, any blank a plain one.

    A no-break space stays, because it keeps an amount and its currency sign on one line.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = (" " if char.isspace() and char != "\u00a0" else char for char in composed)
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn"))


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most `columns` (2 or more); words break only when longer than a line.

    Nothing but blanks at breaks is lost. An empty text gives one empty line.
    """
    if columns < 2:
        raise ValueError("a line needs two columns")
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if columns_of(line + piece.rstrip(" ")) <= columns:
            line += piece
            continue
        if line.strip(" "):
            lines.append(line.rstrip(" "))
        *full, line = _chop(piece.lstrip(" "), columns)
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


def _chop(word: str, columns: int) -> list[str]:
    """Cut a word that is longer than a line at whatever character the line ends."""
    lines = [""]
    for char in word:
        if columns_of(lines[-1] + char) > columns:
            lines.append("")
        if char != " " or lines[-1]:
            lines[-1] += char
    return [*(line.rstrip(" ") for line in lines[:-1]), lines[-1]]
