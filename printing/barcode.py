"""Bars of a Code 128, with the function character that programs scanners.

Rule: pure. The tables are python-barcode's; its own encoder knows no function characters.
Source: ISO/IEC 15417 (start, check character modulo 103, stop).
"""

from functools import lru_cache

FNC3 = "\u00f3"
"""Stands for function character 3 in a text: "this programs the reader" (as python-barcode's tables write it)."""
_FINAL_BAR = "11"


@lru_cache(maxsize=64)
def code_128(text: str) -> str:
    """Return bars ("1") and spaces ("0"), module by module, without the quiet zones.

    Set A where it holds the whole text (capitals and control characters), else set B. ValueError for a text that
    neither holds, and for an empty one.
    """
    from barcode.charsets import code128 as tables  # noqa: PLC0415 - loaded with the first sheet

    for name, table in (("A", tables.A), ("B", tables.B)):
        if text and all(char in table for char in text):
            values = [tables.START_CODES[name], *(table[char] for char in text)]
            check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
            bars: list[str] = [tables.CODES[value] for value in [*values, check]]
            return "".join([*bars, tables.STOP, _FINAL_BAR])
    raise ValueError(f"no Code 128 for {text[:40]!r}")
