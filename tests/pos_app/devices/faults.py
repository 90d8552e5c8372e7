"""Pictures of codes as they go wrong in a shop, made from a seed.

Rule: pure; the same arguments give the same picture.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
import segno
import zxingcpp
from PIL import Image

if TYPE_CHECKING:
    from pos_app.devices.engines import Grey

WIDTH, HEIGHT = 1280, 720


def qr(text: str, scale: int = 8, border: int = 4, encoding: str | None = None) -> Grey:
    """A clean QR code, black on white."""
    out = io.BytesIO()
    segno.make_qr(text, error="m", encoding=encoding).save(out, kind="png", scale=scale, border=border)
    return np.array(Image.open(out).convert("L"))


def barcode(text: str, name: str = "EAN13") -> Grey:
    """A clean linear code."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, name))
    return np.array(zxingcpp.write_barcode_to_image(made, scale=4))


def in_scene(code: Grey, height: int = 360, turned: float = 0.0, paper: int = 150) -> Grey:
    """The code held up in a camera's frame, `height` pixels high, turned by degrees, the rest plain."""
    factor = height / code.shape[0]
    turn = cv2.getRotationMatrix2D((code.shape[1] / 2, code.shape[0] / 2), turned, factor)
    turn[:, 2] += WIDTH / 2 - code.shape[1] / 2, HEIGHT / 2 - code.shape[0] / 2
    return cv2.warpAffine(  # type: ignore[return-value]
        code, turn, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=(paper,)
    )


def blurred(image: Grey, radius: float = 3.0) -> Grey:
    return cv2.GaussianBlur(image, (0, 0), radius)  # type: ignore[return-value]


def dark(image: Grey, share: float = 0.07) -> Grey:
    return _noisy(image * share, 2.0)


def noisy(image: Grey, spread: float = 40.0) -> Grey:
    return _noisy(image * 0.6 + 50, spread)


def moire(image: Grey) -> Grey:
    """Stripes of a phone screen's pixels against the sensor's."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    stripes = np.sin((0.8 * x + 0.6 * y) * 2 * np.pi / 5) * np.sin((0.6 * x - 0.8 * y) * 2 * np.pi / 5.4)
    return _noisy(image * 0.6 + 60 + stripes * 55, 5.0)


def in_half_shadow(image: Grey) -> Grey:
    light = np.where(np.arange(image.shape[1]) < image.shape[1] / 2, 0.2, 0.9)
    return _noisy(image * light, 3.0)


def inverted(image: Grey) -> Grey:
    return 255 - image


def pale(image: Grey) -> Grey:
    return _noisy(image * 0.09 + 120, 3.0)


def moved(image: Grey, pixels: int = 9) -> Grey:
    """A hand that moved sideways while the frame was taken."""
    kernel = np.full((1, pixels), 1 / pixels)
    return cv2.filter2D(image, -1, kernel)  # type: ignore[return-value]


def glaring(image: Grey) -> Grey:
    """A lamp mirrored in the glass, over a part of the code."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    away = ((x - WIDTH / 2 - 60) / 90) ** 2 + ((y - HEIGHT / 2 - 50) / 60) ** 2
    return _noisy(image + 190 * np.exp(-away), 2.0)


def tilted(image: Grey) -> Grey:
    """Held at a slant: the far edge is shorter."""
    before = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=np.float32)
    after = np.array([[220, 60], [WIDTH - 220, 60], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=np.float32)
    return cv2.warpPerspective(  # type: ignore[return-value]
        image, cv2.getPerspectiveTransform(before, after), (WIDTH, HEIGHT), borderValue=(150,)
    )


def noise(spread: float, seed: int = 1) -> Grey:
    """An empty frame of sensor noise."""
    return _noisy(np.full((HEIGHT, WIDTH), 128.0), spread, seed)


def shelves(seed: int = 3) -> Grey:
    """An empty frame full of edges and letters, as of goods on shelves; no code in it."""
    random = np.random.default_rng(seed)
    frame = np.full((HEIGHT, WIDTH), 170, dtype=np.uint8)
    for _ in range(160):
        x, y = int(random.integers(0, 1200)), int(random.integers(0, 680))
        corner = (x + int(random.integers(10, 120)), y + int(random.integers(10, 90)))
        cv2.rectangle(frame, (x, y), corner, (int(random.integers(20, 240)),), -1)
    for _ in range(60):
        at = (int(random.integers(0, 1100)), int(random.integers(0, 700)))
        cv2.putText(frame, "TE LATTE 12,50", at, 0, float(random.uniform(0.4, 1.2)), (20,), 2)
    return _noisy(blurred(frame, 1.0).astype(float), 5.0)


def _noisy(image: np.ndarray, spread: float, seed: int = 1) -> Grey:
    random = np.random.default_rng(seed)
    return np.clip(image + random.normal(0, spread, image.shape), 0, 255).astype(np.uint8)
