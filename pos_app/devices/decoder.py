"""Find the code in a camera frame quickly, or in a still picture thoroughly.

Rule: a text is returned right or not at all; readers that guess are outvoted or refused (`engines`).
Rule: one `FrameDecoder` belongs to one camera and one thread.
Not here: letting a code through once (scans), loading files (pictures), threads (camera).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.devices import engines, views
from pos_app.devices.scans import Scan, ScanSource

if TYPE_CHECKING:
    from pos_app.devices.engines import Found, Frame, Grey

PYZBAR_EVERY = 4  # misses; counter.md "Scanning"
PYZBAR_SIDES = (1100, 700)
LINEAR_SIDE = 2400  # the long side linear codes are looked for at, where the picture is larger

Clock = Callable[[], float]


class FrameDecoder:
    """The cascade of counter.md "Scanning" for the frames of one camera."""

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self._misses = 0

    def decode(self, frame: Frame) -> Scan | None:
        """The code in a frame (grey or blue-green-red, 8 bit), or None. A QR code wins over a linear one."""
        started = self._clock()
        engine, found = self._look(views.grey(frame))
        if found is None:
            self._misses += 1
            return None
        self._misses = 0
        return _scan(found, ScanSource.CAMERA, engine, self._clock() - started)

    def _look(self, image: Grey) -> tuple[str, Found | None]:
        """Odd and even misses look differently: two frames cost less and read more than the same look twice."""
        even = self._misses % 2 == 0
        if found := engines.read_qr(image, inverted=even):
            return engines.ZXING, found
        copy = views.equalised(image if even else views.halved(image))
        if found := engines.read_qr(copy, inverted=False):
            return f"{engines.ZXING} equalised", found
        if not even and (found := engines.read_linear(image)):
            return engines.ZXING, found
        if self._misses % PYZBAR_EVERY == PYZBAR_EVERY - 1 and (found := engines.read_with_pyzbar(image)):
            return engines.PYZBAR, found
        return "", None


def decode_picture(image: Grey, clock: Clock = time.perf_counter) -> Scan | None:
    """The code in a still picture, or None once every view has been tried (about a second at the most)."""
    started = clock()
    engine, found = _look_hard(image)
    return None if found is None else _scan(found, ScanSource.PICTURE, engine, clock() - started)


def _look_hard(image: Grey) -> tuple[str, Found | None]:
    if found := engines.read_qr(image):
        return engines.ZXING, found
    if found := engines.read_qr(views.equalised(image)):
        return f"{engines.ZXING} equalised", found
    if found := _agreed_linear(image):
        return engines.ZXING, found
    for view in views.rescues(image):
        for one_threshold in (False, True):
            if found := engines.read_qr(view.image, global_threshold=one_threshold):
                return f"{engines.ZXING} {view.name}", found
    base = views.framed(image)
    for side in PYZBAR_SIDES:
        copy = views.scaled(base, side / max(base.shape))
        for image_tried in (copy, views.equalised(copy)):
            if found := engines.read_with_pyzbar(image_tried):
                return engines.PYZBAR, found
    return "", None


def _agreed_linear(image: Grey) -> Found | None:
    """A linear code that two views of the picture agree on: its check digit alone is no proof."""
    seen: set[Found] = set()
    largest = min(1.0, LINEAR_SIDE / max(image.shape))
    for factor in (1.0, 0.8, 1.25):
        found = engines.read_linear(views.scaled(image, largest * factor), downscale=True)
        if found in seen:
            return found
        if found is not None:
            seen.add(found)
    return None


def _scan(found: Found, source: ScanSource, engine: str, seconds: float) -> Scan:
    return Scan(found.text, found.format, source, engine, seconds * 1000)
