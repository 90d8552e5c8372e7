"""The letterforms of the bundled font as dots, drawn from its outlines by another way than printing draws them.

Rule: imports nothing of `printing`: fontTools reads the outlines, OpenCV fills them. A dot is sure where a letter
covers more than three quarters of it and free where it covers less than one; on the others printers may differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

ABOVE = {24: 25, 36: 39, 48: 50, 120: 124}
"""Rows looked at above the base line, for each height of a letter's square in dots."""
ROWS = {24: 32, 36: 64, 48: 64, 120: 160}
"""Rows looked at in all: whole words of 32."""
_OVER = {24: 8, 36: 8, 48: 8, 120: 4}
"""How much finer than a dot the outlines are filled."""
_SHIFT = 4
_CURVE = np.linspace(0, 1, 9)[1:, None]

Words = NDArray[np.uint32]
"""Dots packed by columns, `ROWS` / 32 words a column."""
Bits = NDArray[np.bool_]


@dataclass(frozen=True)
class Atlas:
    """Every letter in both weights at one size: `margin` columns before its own cell, the cell, and what is behind."""

    size: int
    margin: int
    letters: str
    steps: NDArray[np.int64]
    """How many dots each letter moves on."""
    dots: NDArray[np.int64]
    """How many dots of each letter are sure."""
    sure: Words
    free: Words
    own_sure: Words
    """Inside the letter's own cell, as all that follow."""
    own_cared: Words
    """Sure, or free and not so near to a neighbour that this may reach in."""
    own_edge: Words
    """Free, but a neighbour may reach in."""
    own_half: Words
    own_between: Words
    """Neither sure nor free."""
    glance: NDArray[np.int64]
    """Every third column's words: a look at these alone rules most letters out."""
    glance_sure: Words
    """(words, letters), as the next."""
    glance_cared: Words


class Letterforms:
    """The letters of an alphabet in both weights; KeyError for a letter that the font lacks."""

    def __init__(self, regular: Path, bold: Path, alphabet: str) -> None:
        font = TTFont(regular)
        self._names = font.getBestCmap()
        self._first: dict[str, str] = {}
        for letter in alphabet:
            self._first.setdefault(self._names[ord(letter)], letter)
        self.letters = "".join(self._first.values())
        self._outlines: list[list[NDArray[np.float64]]] = []
        self._advances: list[float] = []
        for face in (font, TTFont(bold)):
            names, glyphs, per_em = face.getBestCmap(), face.getGlyphSet(), face["head"].unitsPerEm
            for letter in self.letters:
                pen = DecomposingRecordingPen(glyphs)
                glyphs[names[ord(letter)]].draw(pen)
                self._outlines.append([contour / per_em for contour in _contours(pen.value)])
                self._advances.append(glyphs[names[ord(letter)]].width / per_em)
        self.atlas = cache(self._atlas)

    def spelled(self, text: str) -> str:
        """Return a text in the letters that ink can tell apart: "‑" and "-" have one form."""
        return "".join(self._first.get(self._names.get(ord(char), ""), char) for char in text)

    def _atlas(self, size: int) -> Atlas:
        """Return every letter at a size of 24, 36, 48 or 120 dots."""
        rows, margin, over = ROWS[size], -(-size * 6 // 100), _OVER[size]
        columns = size + 2 * margin
        cover = np.zeros((len(self._outlines), rows, columns), np.uint8)
        canvas = np.zeros((rows * over, columns * over), np.uint8)
        for index, contours in enumerate(self._outlines):
            canvas[:] = 0
            places = [(contour * (size, -size) + (margin, ABOVE[size])) * over - 0.5 for contour in contours]
            if places:
                points = [np.rint(place * (1 << _SHIFT)).astype(np.int32) for place in places]
                cv2.fillPoly(canvas, points, 1, shift=_SHIFT)
            cover[index] = canvas.reshape(rows, over, columns, over).sum(axis=(1, 3))
        steps = np.rint(np.array(self._advances) * size).astype(np.int64)
        at, ends = np.arange(columns) - margin, steps[:, None, None]
        own = (at >= 0) & (at < ends)
        core = (at >= margin) & (at < ends - margin)
        full = over * over
        sure, free, half = cover > full * 3 // 4, cover < full // 4, cover >= full // 2
        cared, edge = own & sure | core & free, own & free & ~core
        own_sure, own_cared = _packed(own & sure), _packed(cared)
        words = rows // 32
        glance = np.arange(columns * words).reshape(columns, words)[margin + 1 :: 3].ravel()
        return Atlas(
            size,
            margin,
            self.letters * 2,
            steps,
            dots=np.bitwise_count(own_sure).sum(axis=1, dtype=np.int64),
            sure=_packed(sure),
            free=_packed(free),
            own_sure=own_sure,
            own_cared=own_cared,
            own_edge=_packed(edge),
            own_half=_packed(own & half),
            own_between=_packed(own & ~cared & ~edge),
            glance=glance,
            glance_sure=np.ascontiguousarray(own_sure[:, glance].T),
            glance_cared=np.ascontiguousarray(own_cared[:, glance].T),
        )


def packed_columns(ink: Bits) -> Words:
    """Return (columns, words) of a picture whose height is a multiple of 32."""
    return np.packbits(np.ascontiguousarray(ink.T), axis=1).view(np.uint32)


def _packed(dots: Bits) -> Words:
    """Pack (letters, rows, columns) by columns."""
    words = np.packbits(np.ascontiguousarray(dots.transpose(0, 2, 1)), axis=2).view(np.uint32)
    return words.reshape(len(dots), -1)


def _contours(steps: Sequence[tuple[str, Any]]) -> list[NDArray[np.float64]]:
    """Flatten what a pen recorded: eight straight pieces for a curve."""
    contours: list[NDArray[np.float64]] = []
    points: list[NDArray[np.float64]] = []
    for name, given in steps:
        places = np.array(given, np.float64).reshape(-1, 2)
        if name == "moveTo":
            points = [places]
        elif name == "lineTo":
            points.append(places)
        elif name == "curveTo":
            start, (one, two, end) = points[-1][-1], places
            near, far = 1 - _CURVE, _CURVE
            points.append(near**3 * start + 3 * near**2 * far * one + 3 * near * far**2 * two + far**3 * end)
        elif name in ("closePath", "endPath"):
            contours.append(np.concatenate(points))
        else:
            raise ValueError(name)
    return contours
