"""Other looks at the same grey picture: lighter, larger, framed in white, bent straight.

Rule: pure; a view is a new picture and the given one stays as it was.
Not here: which view is tried when (decoder).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pos_app.devices.engines import opencv

if TYPE_CHECKING:
    from pos_app.devices.engines import Frame, Grey

WHITE = 255
MIDDLE_GREY = 128
SMALLEST_SIDE = 21  # modules of the smallest QR code: below one pixel a module nothing can be read
SIDES = (700, 1100, 450, 1600, 300)  # the long sides of copies, the likelier first; the largest bounds the time
BENT_SIDES = (700, 300)
BENDS = (-0.15, 0.15, -0.3, 0.3)  # shares of the side; one way and the other, a mug and a bottle


class View(NamedTuple):
    """One look at a picture, with the name it has in results."""

    name: str
    image: Grey


def grey(frame: Frame) -> Grey:
    """The grey picture of a camera frame (blue, green, red) or of one that is grey already."""
    if frame.ndim == 2:
        return frame
    cv2 = opencv()
    image: Grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    return image


def equalised(image: Grey) -> Grey:
    """Local contrast raised (CLAHE), then blurred: rescues phone-screen moiré, shadow and dim light."""
    cv2 = opencv()
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(image)
    view: Grey = cv2.GaussianBlur(even, (0, 0), 1.0)
    return view


def halved(image: Grey) -> Grey:
    """Half as wide and high; a picture too small for that stays."""
    return image if min(image.shape) < 2 * SMALLEST_SIDE else scaled(image, 0.5)


def letterboxed(image: Grey, width: int, height: int) -> Grey:
    """The whole picture, as large as fits, in the middle of a grey `width` x `height` frame."""
    cv2 = opencv()
    rows, columns = image.shape
    factor = min(width / columns, height / rows)
    inner = _resized(image, max(1, round(columns * factor)), max(1, round(rows * factor)))
    top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
    bottom, right = height - inner.shape[0] - top, width - inner.shape[1] - left
    view: Grey = cv2.copyMakeBorder(inner, top, bottom, left, right, cv2.BORDER_CONSTANT, value=MIDDLE_GREY)
    return view


def scaled(image: Grey, factor: float) -> Grey:
    """The picture made `factor` times as wide and as high."""
    return _resized(image, max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))


def framed(image: Grey) -> Grey:
    """The picture without its plain bars, inside a white edge: codes printed up to the brim need one."""
    import numpy as np  # noqa: PLC0415

    cv2 = opencv()
    differs = cv2.absdiff(image, np.full_like(image, image[0, 0])) > 8
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if len(rows) and len(columns):
        image = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edge = max(16, min(image.shape) // 8)
    view: Grey = cv2.copyMakeBorder(image, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=WHITE)
    return view


def rescues(image: Grey) -> Iterator[View]:
    """Every further view a still picture is tried in, the likelier sizes first."""
    base = framed(image)
    for side in SIDES:
        copy = scaled(base, side / max(base.shape))
        if min(copy.shape) < SMALLEST_SIDE:
            continue
        for name, change in _CHANGES.items():
            yield View(f"{name}@{side}", change(copy))
        if side in BENT_SIDES:
            for bend in BENDS:
                yield View(f"bent across@{side}", _bent(copy, bend, 0.0))
                yield View(f"bent along@{side}", _bent(copy, 0.0, bend))


def _resized(image: Grey, width: int, height: int) -> Grey:
    cv2 = opencv()
    shrinks = width < image.shape[1]
    view: Grey = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return view


def _same(image: Grey) -> Grey:
    return image


def _darkened(image: Grey) -> Grey:
    """Pale and painted modules fall to black (gamma 2.5)."""
    import numpy as np  # noqa: PLC0415

    curve = (np.linspace(0, 1, 256) ** 2.5 * 255).astype(np.uint8)
    view: Grey = opencv().LUT(image, curve)
    return view


def _blurred(image: Grey) -> Grey:
    view: Grey = opencv().GaussianBlur(image, (0, 0), 2.0)
    return view


def _sharpened(image: Grey) -> Grey:
    """For dense codes whose modules are two or three pixels wide."""
    return _unsharp(image, radius=1.0, amount=1.0)


def _unblurred(image: Grey) -> Grey:
    """For codes out of focus."""
    return _unsharp(image, radius=4.0, amount=3.0)


def _unsharp(image: Grey, radius: float, amount: float) -> Grey:
    cv2 = opencv()
    view: Grey = cv2.addWeighted(image, 1 + amount, cv2.GaussianBlur(image, (0, 0), radius), -amount, 0)
    return view


def _unspotted(image: Grey) -> Grey:
    view: Grey = opencv().medianBlur(image, 5)
    return view


def _turned(image: Grey) -> Grey:
    """Turned by 20 degrees about its middle, the corners kept."""
    cv2 = opencv()
    rows, columns = image.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), 20, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    width, height = round(rows * sine + columns * cosine), round(rows * cosine + columns * sine)
    turn[:, 2] += (width - columns) / 2, (height - rows) / 2
    view: Grey = cv2.warpAffine(image, turn, (width, height), borderValue=WHITE)
    return view


def _bent(image: Grey, across: float, along: float) -> Grey:
    """Unrolled as from a cup: columns or rows shifted by a parabola, in shares of the picture's side."""
    import numpy as np  # noqa: PLC0415

    cv2 = opencv()
    rows, columns = image.shape
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    u, v = x / columns - 0.5, y / rows - 0.5
    view: Grey = cv2.remap(
        image, x + across * columns * v * v, y + along * rows * u * u, cv2.INTER_LINEAR, borderValue=WHITE
    )
    return view


_CHANGES: dict[str, Callable[[Grey], Grey]] = {
    "same": _same,
    "darkened": _darkened,
    "equalised": equalised,
    "sharpened": _sharpened,
    "unblurred": _unblurred,
    "unspotted": _unspotted,
    "blurred": _blurred,
    "turned": _turned,
}
