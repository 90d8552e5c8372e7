"""Cut the bundled fonts out of Noto Sans CJK: what slips and screens need, nothing else.

Usage: python -m tools.font_subset NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc
Rule: the licence (OFL 1.1) lets us change and ship it, under another name and the same licence;
copyright and licence stay in the font, resources/fonts/OFL.txt lies beside it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Tillkeeper Sans"
TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"
SOURCE_FAMILY = "Noto Sans CJK SC"  # the collection's forms for Simplified Chinese

# First and last code point, Unicode blocks or parts of them.
RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x017F),  # Latin, Latin-1, Latin Extended-A
    (0x2000, 0x206F), (0x20A0, 0x20CF),  # punctuation, currency
    (0x2100, 0x218F), (0x2190, 0x21FF),  # letterlike, number forms, arrows
    (0x2200, 0x22FF), (0x2460, 0x24FF),  # mathematics, circled numbers
    (0x2500, 0x259F), (0x25A0, 0x26FF),  # boxes, blocks, shapes, symbols
    (0x2700, 0x27BF), (0x3000, 0x30FF),  # dingbats, CJK punctuation, kana
    (0x3200, 0x33FF), (0xFF00, 0xFFEF),  # enclosed and squared CJK, full width
)  # fmt: skip


def characters() -> set[int]:
    """The ranges and all of GBK (21,003 hanzi): GB 2312 alone lacks characters of common given names."""
    wanted = {point for first, last in RANGES for point in range(first, last + 1)}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            wanted.update(map(ord, bytes((lead, trail)).decode("gbk", errors="ignore")))
    return wanted


def cut(source: Path, style: str) -> Path:
    """Write one style of the family; path of the new font."""
    font = next(face for face in TTCollection(source).fonts if face["name"].getDebugName(1) == SOURCE_FAMILY)
    options = Options()
    options.hinting = False  # drawn large and thresholded, or anti-aliased: hints do not show
    options.layout_features = ["kern", "ccmp", "mark", "mkmk"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]  # nothing is set vertically
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    rename(font, style)
    target = TARGET / f"TillkeeperSans-{style}.otf"
    font.save(target)
    return target


def rename(font: TTFont, style: str) -> None:
    """Give the font our name everywhere a program may read one; copyright and licence stay."""
    full, postscript = f"{FAMILY} {style}", f"TillkeeperSans-{style}"
    version = font["name"].getDebugName(5).split(";")[0]
    names = {1: FAMILY, 2: style, 3: f"{version};{postscript}", 4: full, 5: version, 6: postscript}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [postscript]
    top = outlines.topDictIndex[0]
    top.FullName, top.FamilyName = full, FAMILY


def main() -> None:
    """Cut both styles and say how big they are."""
    parser = argparse.ArgumentParser(
        prog="tools.font_subset", description="Cut the bundled fonts out of Noto Sans CJK."
    )
    parser.add_argument("regular", type=Path)
    parser.add_argument("bold", type=Path)
    given = parser.parse_args()
    for source, style in ((given.regular, "Regular"), (given.bold, "Bold")):
        target = cut(source, style)
        print(f"{target.name}: {target.stat().st_size:,} bytes, {len(TTFont(target).getBestCmap()):,} characters")


if __name__ == "__main__":
    main()
