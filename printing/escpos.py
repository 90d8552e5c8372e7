"""Turn a layout into ESC/POS bytes: raster of our font for any language, plain text where a printer asks for it.

Rule: pure. python-escpos builds the bytes and knows the models; it never talks to a printer (counter.md "Paper").
A slip with any character outside ASCII goes out as raster, since printers' code pages differ.
Source: Epson ESC/POS command reference (ESC @, ESC J, ESC p, GS P, GS V, GS v 0, GS ( k).
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from PIL import Image, ImageOps

from printing.layout import BarCode, Element, Gap, Layout, Panel, QrCode, Row, Rule
from printing.raster import QR_MODULE_DOTS, draw_dots
from printing.width import columns_of

INIT = b"\x1b@"
BAND_ROWS = 128
MIN_FEED_ROWS = 8
"""Blank runs shorter than this stay in the picture: stopping the paper for them costs more than their bytes."""
MAX_FEED_ROWS = 255
QR_ERROR_CORRECTION_M = 1
TEXT_SCALE = {"normal": (1, 1), "medium": (1, 2), "large": (2, 2), "huge": (5, 5)}
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


@dataclass(frozen=True, slots=True)
class Profile:
    """A printer's abilities. `model` is a name of python-escpos' table whose paper width in dots is known.

    `text_mode`: send slips of pure ASCII as text (slow serial printers). `native_qr`: let the printer draw QR codes.
    `partial_cut`: leave a bridge; a printer without a cutter only feeds. `drawer_pin`: 2 or 5.
    """

    model: str = "TM-T20II"
    columns: int = 48
    dots_per_inch: int = 203
    text_mode: bool = False
    native_qr: bool = False
    partial_cut: bool = True
    drawer_pin: int = 2


PAPER_80 = Profile()
PAPER_58 = Profile(model="POS-5890", columns=32)


def encode(layout: Layout, profile: Profile, kick_drawer: bool) -> bytes:
    """Return the bytes of one slip, from ESC @ to the cut; the drawer is kicked first when asked.

    ValueError when the layout is wider than the profile's paper or the model is unknown.
    """
    if layout.columns > profile.columns:
        raise ValueError(f"{layout.columns} columns on paper of {profile.columns}")
    printer = _builder(profile)
    printer._raw(INIT)
    printer._raw(bytes((0x1D, 0x50, profile.dots_per_inch, profile.dots_per_inch)))  # GS P: ESC J counts dots
    if kick_drawer:
        printer.cashdraw(profile.drawer_pin)
    if profile.text_mode and _is_ascii(layout.elements):
        _send_text(printer, layout, profile)
    else:
        for part in _split_at_codes(layout, profile.native_qr):
            if isinstance(part, QrCode):
                _send_native_code(printer, part)
            else:
                _send_raster(printer, draw_dots(part))
    printer.cut("PART" if profile.partial_cut else "FULL")
    return bytes(printer.output)


def _builder(profile: Profile) -> Any:
    try:
        printer = _library()(profile=profile.model)
    except KeyError as error:
        raise ValueError(f"unknown printer model {profile.model!r}") from error
    if not isinstance(printer.profile.profile_data["media"]["width"]["pixels"], int):
        raise ValueError(f"paper width of {profile.model!r} is not known")
    return printer


@cache
def _library() -> Any:
    """Import python-escpos when first needed, and undo what its import leaves behind.

    It keeps a pickle of its table in a new folder under /tmp per process, for good, and installs a root log handler.
    """
    handlers = list(logging.root.handlers)
    from escpos import capabilities  # noqa: PLC0415
    from escpos.printer import Dummy  # noqa: PLC0415

    logging.root.handlers[:] = handlers
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return Dummy


def _split_at_codes(layout: Layout, native_qr: bool) -> Iterator[Layout | QrCode]:
    """Cut a layout where the printer draws a code by itself."""
    pending: list[Element] = []
    for element in layout.elements:
        if native_qr and isinstance(element, QrCode):
            if pending:
                yield Layout(layout.columns, tuple(pending))
            yield element
            pending = []
        else:
            pending.append(element)
    if pending:
        yield Layout(layout.columns, tuple(pending))


def _send_native_code(printer: Any, code: QrCode) -> None:
    printer._raw(b"\x1ba\x01")
    printer.qr(code.text, ec=QR_ERROR_CORRECTION_M, size=QR_MODULE_DOTS, native=True)
    printer._raw(b"\x1ba\x00")


def _send_raster(printer: Any, dots: Image.Image) -> None:
    """Send a picture in bands: long blank runs are fed, the blank right side of a band is left out."""
    ink = ImageOps.invert(dots.convert("L"))
    for is_blank, top, bottom in _runs(ink):
        if is_blank:
            _feed(printer, bottom - top)
            continue
        for band_top in range(top, bottom, BAND_ROWS):
            band = ink.crop((0, band_top, ink.width, min(band_top + BAND_ROWS, bottom)))
            box = band.getbbox()
            right = box[2] if box else 1
            _send_band(printer, band.crop((0, 0, -(-right // 8) * 8, band.height)))


def _runs(ink: Image.Image) -> Iterator[tuple[bool, int, int]]:
    """Yield (is blank, top, bottom): blank runs of `MIN_FEED_ROWS` or more, and what stands between them."""
    rows = ink.tobytes()
    blank_row = bytes(ink.width)
    blanks = [rows[start : start + ink.width] == blank_row for start in range(0, len(rows), ink.width)]
    runs = [(is_blank, len(list(group))) for is_blank, group in groupby(blanks)]
    start = bottom = 0
    for is_blank, count in runs:
        if is_blank and count >= MIN_FEED_ROWS:
            if start < bottom:
                yield False, start, bottom
            yield True, bottom, bottom + count
            start = bottom + count
        bottom += count
    if start < bottom:
        yield False, start, bottom


def _send_band(printer: Any, ink: Image.Image) -> None:
    """Send one band, whole bytes wide (255 is ink).

    A printer obeys real-time commands (DLE EOT, DLE ENQ, DLE DC4: answer, cancel, kick the drawer) even inside picture
    data, so wherever dots happen to spell the head of one, a single dot is left white.
    """
    bits = ink.convert("1", dither=Image.Dither.NONE).tobytes()
    safe = Image.frombytes("1", ink.size, _REAL_TIME.sub(b"\x00", bits))
    printer.image(ImageOps.invert(safe.convert("L")), impl="bitImageRaster", fragment_height=BAND_ROWS)


def _feed(printer: Any, rows: int) -> None:
    for start in range(0, rows, MAX_FEED_ROWS):
        printer._raw(b"\x1bJ" + bytes((min(rows - start, MAX_FEED_ROWS),)))


def _is_ascii(elements: tuple[Element, ...]) -> bool:
    for element in elements:
        if isinstance(element, Row) and not all(span.text.isascii() for span in element.spans):
            return False
        if isinstance(element, Panel) and not _is_ascii(element.elements):
            return False
    return True


def _send_text(printer: Any, layout: Layout, profile: Profile) -> None:
    for element in layout.elements:
        match element:
            case Panel():
                framed = (Rule("thin"), *element.elements, Rule("thin"))
                _send_text(printer, Layout(layout.columns, framed), profile)
            case Row():
                _send_text_row(printer, element)
            case Rule():
                printer._raw(b"=-"[element.style != "thick" :][:1] * layout.columns + b"\n")
            case Gap():
                _feed(printer, element.dots)
            case QrCode() if profile.native_qr:
                _send_native_code(printer, element)
            case QrCode() | BarCode():
                _send_raster(printer, draw_dots(Layout(layout.columns, (element,))))


def _send_text_row(printer: Any, row: Row) -> None:
    """Send spans in reading order: blanks up to each one's column, then its size, weight and text."""
    printer._raw(b"\x1dB\x01" if row.inverse else b"")
    at = 0
    for span in sorted(row.spans, key=lambda one: one.column):
        across, down = TEXT_SCALE[span.size]
        taken = columns_of(span.text) * across
        room = max(0, span.width - taken)
        column = span.column + {"left": 0, "right": room, "center": room // 2}[span.align]
        printer._raw(b" " * max(0, column - at))
        printer._raw(bytes((0x1D, 0x21, (across - 1) << 4 | (down - 1), 0x1B, 0x45, span.bold)))
        printer._raw(span.text.encode("ascii") + b"\x1d!\x00\x1bE\x00")
        at = max(column, at) + taken
    printer._raw(b"\x1dB\x00\n" if row.inverse else b"\n")
