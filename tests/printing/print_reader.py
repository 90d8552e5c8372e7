"""Read print off paper exactly: a line is spelled so that its letters account for every dot.

Rule: imports nothing of `printing`; it knows ink and the letterforms of the font, and nothing of any layout. What no
letters account for it calls `UNREAD`; it never guesses. Blanks are not read, and letters drawn narrower are not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import ArrayLike, NDArray

from tests.printing.letterforms import ABOVE, ROWS, Atlas, Bits, Letterforms, Words, packed_columns

UNREAD = "\ufffd"
"""Ink that no letters of the alphabet account for."""
_BLANK_BETWEEN_REGIONS = 10
_BESIDE_FRAME_DOTS = 300
"""Joined ink wider than this is a rule or a frame, no letter."""
_MARK_GAP_DOTS, _MARK_DOTS = 6, 14
"""So near and so low is a mark or a dot that stands over a letter in its own rows."""

_Path = list[tuple[int, int]]
"""Letters (their index in an atlas) and the columns where they begin."""


@dataclass(frozen=True)
class Line:
    """A line of print: its text without blanks, its first row, and the size of its letters (0: not read)."""

    text: str
    top: int
    size: int
    inverse: bool


class PrintReader:
    """Reads with an alphabet for each size; remembers what it has read, since slips say the same again and again."""

    def __init__(self, forms: Mapping[int, Letterforms]) -> None:
        self._forms = forms
        self._known: dict[tuple[int, int, bytes], str] = {}

    def lines(self, paper: Bits) -> list[Line]:
        """Return the lines of print on paper (True: ink) top to bottom; rules, frames and codes are not print."""
        return [self._line(*strip) for strip in _strips(paper)]

    def _line(self, top: int, ink: Bits, inverse: bool) -> Line:
        """Read a strip on the first base line on which all its ink makes sense, or else on which most of it does."""
        cells = [(size, _cell(ink, size, base)) for size, base in _base_lines(len(ink))]
        best = ""
        for size, cell in cells:
            if cell is None:
                continue
            texts: list[str] = []
            for left, right in _regions(cell):
                texts.append(self._region(cell[:, left:right], size))
                if UNREAD in texts[0]:
                    break
            text = "".join(texts)
            if texts and UNREAD not in text:
                return Line(text, top, size, inverse)
            best = max(best, text, key=lambda one: len(one.replace(UNREAD, "")))
        return Line(best or UNREAD, top, 0, inverse)

    def _region(self, ink: Bits, size: int) -> str:
        key = (size, ink.shape[1], np.packbits(ink).tobytes())
        if key not in self._known:
            self._known[key] = spell(ink, self._forms[size].atlas(size))
        return self._known[key]


def spell(ink: Bits, atlas: Atlas) -> str:
    """Return the letters that account for a region's ink, `UNREAD` when none do."""
    columns = packed_columns(np.pad(ink, ((0, 0), (atlas.size, 2 * atlas.size))))
    path = _cheapest_path(columns, atlas)
    if path is None or _unexplained(columns, atlas, path) > 1 + ink.sum() // 500:
        return UNREAD
    return "".join(atlas.letters[index] for index, _ in path)


def _cheapest_path(columns: Words, atlas: Atlas) -> _Path | None:
    """Walk from the left; at each column stands a letter or a blank. Cost: 16 for a wrong dot, 1 for a doubtful one."""
    inked = np.bitwise_count(columns).sum(axis=1)
    first, last = int(np.argmax(inked > 0)), len(inked) - int(np.argmax(inked[::-1] > 0))
    cost = np.full(len(columns) + atlas.size, np.inf)
    cost[max(atlas.margin, first - atlas.size)] = 0
    back: dict[int, tuple[int, int]] = {}
    gate = 2 + atlas.dots // 50
    width = atlas.sure.shape[1] // columns.shape[1]

    def move(at: int, index: int, step: int, price: float) -> None:
        if cost[at] + price < cost[at + step]:
            cost[at + step] = cost[at] + price
            back[at + step] = (at, index)

    for at in range(last):
        if not np.isfinite(cost[at]):
            continue
        if inked[at] <= atlas.size // 4:  # a blank, or what a letter beside it reaches into it
            move(at, -1, 1, 8 * int(inked[at]))
        window = columns[at - atlas.margin : at - atlas.margin + width].reshape(-1)
        if not window.any():
            continue
        seen = (window[atlas.glance, None] ^ atlas.glance_sure) & atlas.glance_cared
        for index in np.flatnonzero(np.bitwise_count(seen).sum(axis=0, dtype=np.uint16) <= gate).tolist():
            wrong = np.bitwise_count((window ^ atlas.own_sure[index]) & atlas.own_cared[index]).sum()
            if wrong > gate[index]:
                continue
            reached = np.bitwise_count(window & atlas.own_edge[index]).sum()
            doubtful = np.bitwise_count((window ^ atlas.own_half[index]) & atlas.own_between[index]).sum()
            move(at, index, int(atlas.steps[index]), 16 * int(wrong) + 8 * int(reached) + int(doubtful))
    at = last + int(np.argmin(cost[last:]))
    if not np.isfinite(cost[at]):
        return None
    path: _Path = []
    while at in back:
        at, index = back[at]
        if index >= 0:
            path.append((index, at))
    return path[::-1]


def _unexplained(columns: Words, atlas: Atlas, path: _Path) -> int:
    """Count the dots that contradict a spelling: ink that no letter can have left, and sure ink that is missing."""
    may, must = np.zeros_like(columns), np.zeros_like(columns)
    for index, at in path:
        sure = atlas.sure[index].reshape(-1, columns.shape[1])
        place = slice(at - atlas.margin, at - atlas.margin + len(sure))
        may[place] |= ~atlas.free[index].reshape(sure.shape)
        must[place] |= sure
    return int(np.bitwise_count(columns & ~may).sum() + np.bitwise_count(must & ~columns).sum())


def _strips(paper: Bits) -> list[tuple[int, Bits, bool]]:
    """Cut paper into lines of print (top row, ink, inverse): bands that are black from edge to edge are turned."""
    ink = paper.copy()
    for code in zxingcpp.read_barcodes(
        np.where(ink, 0, 255).astype(np.uint8), formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    ):
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_left,
            code.position.bottom_right,
        )
        rows, columns = [corner.y for corner in corners], [corner.x for corner in corners]
        ink[max(0, min(rows) - 1) : max(rows) + 2, max(0, min(columns) - 1) : max(columns) + 2] = False
    inverse = np.zeros(len(ink), bool)
    for top, bottom in _runs(ink[:, :2].all(axis=1) | ink[:, -2:].all(axis=1)):  # a letter may reach one edge
        if bottom - top >= 24 and ink[top:bottom].mean() > 0.5:
            ink[top:bottom] = ~ink[top:bottom]
            inverse[top:bottom] = True
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    ink &= ~_is_frame(np.asarray(stats, np.int32))[labels]
    for top, bottom in _runs(ink.any(axis=1)):
        if bottom - top <= 3 and ink[top].mean() > 0.5:
            ink[top:bottom] = False  # a dashed rule
    return [(top, ink[top:bottom], bool(inverse[top])) for top, bottom in _lines(ink.any(axis=1))]


def _is_frame(stats: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell rules and frames from letters that touch: joined ink that is wide, and flat or hollow."""
    wide, high, area = (stats[:, column] for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    hollow = (high > 48) & (area < 0.15 * wide * high)
    found: NDArray[np.bool_] = (wide > _BESIDE_FRAME_DOTS) & ((high <= 4) | hollow)
    return found


def _lines(inked: ArrayLike) -> list[tuple[int, int]]:
    """Return the rows of each line: what is low and near over something, as the dot of "sin", belongs to it."""
    found: list[tuple[int, int]] = []
    for top, bottom in _runs(inked):
        above, below = found[-1] if found else (-999, -999)
        if top - below <= _MARK_GAP_DOTS and below - above <= _MARK_DOTS:
            found[-1] = (above, bottom)
        else:
            found.append((top, bottom))
    return found


def _runs(flags: ArrayLike) -> list[tuple[int, int]]:
    """Return where flags are set: (first, behind the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], np.asarray(flags), [False])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _base_lines(height: int) -> list[tuple[int, int]]:
    """Return the sizes and base lines (rows below its top) that a strip of ink may have, likely ones first."""
    found = []
    for size in ROWS:
        if size * 1.35 < height or (height < size * 0.4 and size > min(ROWS)):
            continue
        likely = [0, 1, *(round(size * share) for share in (0.08, 0.12, 0.2))]
        highest = 2 if height > size * 0.45 else size * 3 // 4
        below = dict.fromkeys([*likely, *range(-highest, round(size * 0.3) + 1)])
        found += [(size, height - rows) for rows in below]
    return found


def _cell(ink: Bits, size: int, base: int) -> Bits | None:
    """Set a strip on the rows of an atlas; None when ink would lie outside."""
    above = ABOVE[size] - base
    below = ROWS[size] - above - len(ink)
    return None if above < 0 or below < 0 else np.pad(ink, ((above, below), (0, 0)))


def _regions(cell: Bits) -> list[tuple[int, int]]:
    """Return the parts of a line between wide blanks: (left, right)."""
    filled = np.ones(cell.shape[1], bool)
    for left, right in _runs(~cell.any(axis=0)):
        filled[left:right] = right - left < _BLANK_BETWEEN_REGIONS and left > 0 and right < cell.shape[1]
    return _runs(filled)
