"""`pos-app decode PATH…`: say what is written in picture files, one JSON line each.

Rule: every path given gets at least one line, and one bad file never stops the others.
Not here: the reading itself (decoder), what a text means.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pos_app.devices import engines, views
from pos_app.devices.decoder import decode_picture
from pos_app.devices.errors import PictureFault, PictureTrouble
from pos_app.devices.pictures import find_pictures, load_grey

ALL_READ, SOME_UNREAD, SOME_BAD = 0, 1, 3  # 2 is argparse's, for wrong use

_EPILOG = """\
each line: {"path", "text", "format", "engine", "ms"}; text is null where no code was read.
ms is the time to open and read one picture. a line with "error" names a path that could not be looked at:
  missing        no such file or folder        not_a_picture  not a PNG, JPEG, WebP, BMP or GIF
  not_a_file     a device, pipe or socket      damaged        a picture that ends early or is broken
  unreadable     no permission                 too_large      above 80 megapixels or 256 MiB
  no_pictures    a folder without pictures
with --bench the last line is {"count", "read", "rate", "wrong", "with_truth", "errors", "median_ms", "p95_ms",
"pyzbar"}; wrong counts texts that differ from a file NAME.txt beside the picture.

exit status: 0 every picture was read; 1 at least one held no readable code; 2 wrong use;
  3 at least one path could not be looked at.
"""


def main(argv: list[str]) -> int:
    """Run `pos-app decode` with these arguments; the exit status is explained in --help."""
    arguments = _parser().parse_args(argv)
    engines.load()
    if engines.zbar_missing():
        sys.stderr.write(
            "note: the system library libzbar is missing (Debian: apt install libzbar0); "
            "the second reader, pyzbar, is skipped\n"
        )
    results = [_show(result) for result in _decode_all(arguments.paths, arguments.letterbox)]
    if arguments.bench:
        _print(_summary(results))
    if any("error" in result for result in results):
        return SOME_BAD
    return SOME_UNREAD if any(result["text"] is None for result in results) else ALL_READ


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pos-app decode",
        description="Read the QR code or barcode in each picture. Folders are searched for pictures.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a picture, or a folder of pictures")
    parser.add_argument("--bench", action="store_true", help="end with a line of totals and times")
    parser.add_argument(
        "--letterbox",
        type=_size,
        metavar="WIDTHxHEIGHT",
        help="first fit each picture into a frame of this size, as a camera would show it (1280x720)",
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and width.isascii() and height.isascii()):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, for example 1280x720")
    size = int(width), int(height)
    if not all(views.SMALLEST_SIDE <= side <= 8000 for side in size):
        raise argparse.ArgumentTypeError(f"{text!r}: both sides must be {views.SMALLEST_SIDE} to 8000")
    return size


def _decode_all(paths: list[Path], letterbox: tuple[int, int] | None) -> Iterator[dict[str, Any]]:
    for path in paths:
        if not _is_folder(path):
            yield _decode_one(path, letterbox)
            continue
        empty = True
        for found, fault in find_pictures(path):
            empty = False
            yield _decode_one(found, letterbox) if fault is None else _line(found, error=fault)
        if empty:
            yield _line(path, error=PictureFault.NO_PICTURES)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # no permission to look, or not a name at all: said when it is loaded
        return False


def _decode_one(path: Path, letterbox: tuple[int, int] | None) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        image = load_grey(path)
    except PictureTrouble as trouble:
        return _line(path, seconds=time.perf_counter() - started, error=trouble.fault)
    if letterbox:
        image = views.letterboxed(image, *letterbox)
    scan = decode_picture(image)
    seconds = time.perf_counter() - started
    if scan is None:
        return _line(path, seconds=seconds)
    return _line(path, scan.text, scan.format, scan.engine, seconds)


def _line(
    path: Path,
    text: str | None = None,
    code_format: str | None = None,
    engine: str | None = None,
    seconds: float = 0.0,
    error: PictureFault | None = None,
) -> dict[str, Any]:
    line: dict[str, Any] = {"path": str(path), "text": text, "format": code_format, "engine": engine}
    line["ms"] = round(seconds * 1000, 2)
    if error is not None:
        line["error"] = error.value
    return line


def _show(result: dict[str, Any]) -> dict[str, Any]:
    _print(result)
    return result


def _print(line: dict[str, Any]) -> None:
    """ASCII only, so that any terminal and any file name can be written."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    pictures = [result for result in results if "error" not in result]
    read = [result for result in pictures if result["text"] is not None]
    truths = [(result["text"], _truth(Path(result["path"]))) for result in pictures]
    times = sorted(result["ms"] for result in pictures)
    return {
        "count": len(pictures),
        "read": len(read),
        "rate": round(len(read) / len(pictures), 4) if pictures else None,
        "wrong": sum(text is not None and truth is not None and _plain(text) != truth for text, truth in truths),
        "with_truth": sum(truth is not None for _, truth in truths),
        "errors": len(results) - len(pictures),
        "median_ms": round(statistics.median(times), 2) if times else None,
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))] if times else None,
        "pyzbar": not engines.zbar_missing(),
    }


def _truth(picture: Path) -> str | None:
    """The text a picture should give, from `NAME.txt` beside it (`NAME.result.txt` holds something else)."""
    try:
        return _plain(picture.with_suffix(".txt").read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _plain(text: str) -> str:
    """Line ends do not count, since editors change them in truth files."""
    return text.replace("\r\n", "\n").rstrip("\n")
