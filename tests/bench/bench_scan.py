"""Bench of scanning: an empty frame, a frame with a code, and real photographs where they are at hand.

Photographs come from the folder in QR_PHOTOS (`NAME.png|jpg|webp` with its text in `NAME.txt`), else from a
folder shared beside the checkout; without one those figures are left out.
Rule: prints figures; asserts no time.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import zxingcpp

from pos_app.devices import engines, views
from pos_app.devices.decoder import FrameDecoder, decode_picture
from pos_app.devices.pictures import find_pictures, load_grey
from tests.bench.harness import Figure, figure, percentile
from tests.pos_app.devices import faults

if TYPE_CHECKING:
    from pos_app.devices.engines import Grey

FRAMES = 60
BESIDE_CHECKOUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "qr-photos"


def figures() -> list[Figure]:
    """What scanning costs and reads on this machine."""
    engines.load()
    return [*_empty_frames(), *_found(), *_photographs()]


def _empty_frames() -> list[Figure]:
    """CPU of the whole cascade, pyzbar's turn included, beside zxing-cpp alone on the same frame."""
    found = []
    empty = {"shelves": faults.shelves(), "grey": faults.noise(0), "noise": faults.noise(5)}
    for name, frame in empty.items():
        decoder = FrameDecoder()
        cascade = _times(lambda: decoder.decode(frame), time.process_time)  # noqa: B023 - used at once
        plain = statistics.median(_times(lambda: engines.read_qr(frame), time.process_time))  # noqa: B023
        beside = ("zxing-cpp alone, QR codes only", plain)
        found.append(figure(f"empty_frame_decode_ms {name}", statistics.median(cascade), "ms", beside=beside))
    return found


def _found() -> list[Figure]:
    """Frame to text, a member's code held up."""
    frame = faults.in_scene(faults.qr("TK1.7Q2M9VXA0000B4.%H3"), turned=12)
    decoder = FrameDecoder()
    cascade = _times(lambda: decoder.decode(frame), time.perf_counter)
    plain = _times(lambda: zxingcpp.read_barcode(frame), time.perf_counter)
    beside = ("zxing-cpp alone, every format", statistics.median(plain))
    return [
        figure("decode_found_ms p50", statistics.median(cascade), "ms", beside=beside),
        figure("decode_found_ms p95", percentile(cascade, 95), "ms"),
    ]


def _photographs() -> list[Figure]:
    folder = Path(os.environ.get("QR_PHOTOS") or BESIDE_CHECKOUT)
    pictures = [
        (load_grey(path), path.with_suffix(".txt").read_bytes().decode("utf-8"))
        for path, fault in (find_pictures(folder) if folder.is_dir() else ())
        if not fault and path.with_suffix(".txt").is_file()
    ]
    if not pictures:
        return []
    found = _read_rate("native", pictures)
    found += _read_rate("1280x720", [(views.letterboxed(image, 1280, 720), text) for image, text in pictures])
    return found


def _read_rate(name: str, pictures: list[tuple[Grey, str]]) -> list[Figure]:
    texts: list[str | None] = []
    took = []
    for image, _ in pictures:
        started = time.perf_counter()
        scan = decode_picture(image)
        took.append((time.perf_counter() - started) * 1000)
        texts.append(None if scan is None else scan.text)
    alone = [engines.read_qr(image) for image, _ in pictures]
    read = sum(text is not None for text in texts)
    wrong = sum(
        text is not None and text.splitlines() != truth.splitlines()
        for text, (_, truth) in zip(texts, pictures, strict=True)
    )
    beside = ("zxing-cpp alone", float(max(1, sum(one is not None for one in alone))))
    return [
        figure(f"qr_photos read {name}, of {len(pictures)}", read, "pictures", beside=beside),
        figure(f"qr_photos wrong text {name}", wrong, "pictures"),
        figure(f"qr_photos p95_ms {name}", percentile(took, 95), "ms"),
    ]


def _times(work: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    """Milliseconds of each of many runs, after two to warm up."""
    work()
    work()
    took = []
    for _ in range(FRAMES):
        started = clock()
        work()
        took.append((clock() - started) * 1000)
    return took
