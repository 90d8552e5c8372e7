"""The doors to OpenCV, zxing-cpp and pyzbar: imported on first use, asked one question, answered in plain text.

Rule: nothing is imported at module import, since the till's cold start must not pay for it (stack.md).
Rule: a missing libzbar means "no second reader", never a crash; see `zbar_missing`.
Rule: Micro QR and rMQR are never read: their few check words let noise pass for text.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pos_app.devices.scans import LINEAR_FORMATS, QR_FORMAT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]  # rows x columns
    Frame = NDArray[np.uint8]  # rows x columns, or rows x columns x (blue, green, red)

ZXING = "zxing-cpp"
PYZBAR = "pyzbar"
_NO_ECI = "]Q1"  # ISO/IEC 18004 symbology identifier: the code names no character set


@dataclass(frozen=True, slots=True)
class Found:
    """One code in a picture."""

    text: str
    format: str


@functools.cache
def opencv() -> Any:
    """OpenCV on one thread, its log silent: the other core belongs to the window."""
    import cv2  # noqa: PLC0415

    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


@functools.cache
def _zxing() -> Any:
    import zxingcpp  # noqa: PLC0415

    return zxingcpp


@functools.cache
def _zxing_formats(linear: bool) -> tuple[Any, ...]:
    formats = _zxing().BarcodeFormat
    if linear:
        return tuple(getattr(formats, name) for name in sorted(LINEAR_FORMATS))
    return (formats.QRCodeModel1, formats.QRCodeModel2)


@functools.cache
def _pyzbar() -> Any:
    """The pyzbar module, or None where the system has no libzbar."""
    try:
        from pyzbar import pyzbar  # noqa: PLC0415
    except (ImportError, OSError):
        return None
    return pyzbar


def load() -> None:
    """Import every engine now, so that the first frame does not wait for it."""
    opencv()
    _zxing()
    _pyzbar()


def zbar_missing() -> bool:
    """True when pyzbar cannot run because the system library libzbar is not there."""
    return _pyzbar() is None


def read_qr(image: Grey, *, inverted: bool = True, global_threshold: bool = False) -> Found | None:
    """The first QR code zxing-cpp finds in a grey picture."""
    zxing = _zxing()
    barcode = zxing.read_barcode(
        image,
        formats=_zxing_formats(linear=False),
        text_mode=zxing.TextMode.Plain,
        try_invert=inverted,
        binarizer=zxing.Binarizer.GlobalHistogram if global_threshold else zxing.Binarizer.LocalAverage,
    )
    return None if barcode is None else Found(_text(barcode), QR_FORMAT)


def read_linear(image: Grey, *, downscale: bool = False) -> Found | None:
    """The first EAN, UPC or Code 128 zxing-cpp finds; one look is not proof (see `ScanFilter`)."""
    zxing = _zxing()
    barcode = zxing.read_barcode(
        image,
        formats=_zxing_formats(linear=True),
        text_mode=zxing.TextMode.Plain,
        try_invert=False,
        try_downscale=downscale,
    )
    return None if barcode is None else Found(barcode.text, barcode.format.name)


def read_with_pyzbar(image: Grey) -> Found | None:
    """The first QR code pyzbar finds whose text is printable ASCII.

    Anything else is refused: pyzbar turns UTF-8 into other letters without a word (counter.md "Scanning").
    """
    pyzbar = _pyzbar()
    if pyzbar is None:
        return None
    for symbol in pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE]):
        text = bytes(symbol.data).decode("utf-8", "replace")
        if text.isascii() and all(letter.isprintable() or letter in "\t\r\n" for letter in text):
            return Found(text, QR_FORMAT)
    return None


def _text(barcode: Any) -> str:
    """The text of a QR code; where it names no character set, bytes that are UTF-8 are read as UTF-8.

    Encoders put UTF-8 into such codes, even into kanji segments when the byte pairs happen to fit, and a
    reader that guesses Shift JIS from them returns a different text.
    """
    if barcode.symbology_identifier == _NO_ECI:
        try:
            return bytes(barcode.bytes).decode("utf-8")
        except UnicodeDecodeError:
            pass
    return str(barcode.text)
