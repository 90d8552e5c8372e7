"""What a phone's camera sees, as a file that the browser takes for its camera: a till's QR code on a grey counter."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from PIL import Image

_SIZE = (640, 480)
_FRAMES = 10


def filmed(text: str, path: Path, tilt_degrees: float = 4) -> Path:
    """Write some frames (YUV4MPEG2) of a code that is not held quite straight."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=8, border=4)
    code = (
        Image.open(drawn)
        .convert("L")
        .rotate(tilt_degrees, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    )
    scene = Image.new("L", _SIZE, 150)
    scene.paste(code, ((_SIZE[0] - code.width) // 2, (_SIZE[1] - code.height) // 2))
    grey = bytes([128]) * (_SIZE[0] * _SIZE[1] // 2)
    frame = b"FRAME\n" + scene.tobytes() + grey
    path.write_bytes(f"YUV4MPEG2 W{_SIZE[0]} H{_SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * _FRAMES)
    return path


def of_camera(path: Path) -> tuple[str, ...]:
    """The browser's arguments for this camera."""
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )
