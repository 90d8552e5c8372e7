"""Keep what the virtual printer printed: a picture, the bytes and a description per job.

Rule: the description appears last and whole, so that whoever sees it can read the other two.
"""

import json
import re
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageOps

from printing.errors import PrinterTrouble

_NAME = re.compile(r"job-([0-9]{4,})\.json")
_QUIET_DOTS = 32


class JobFolder:
    """Numbers jobs and writes them as `job-0001.png`, `.bin` and `.json`, continuing where the folder stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            names = (_NAME.fullmatch(path.name) for path in folder.iterdir())
            self._count = max((int(name[1]) for name in names if name), default=0)
        except OSError as error:
            raise PrinterTrouble("disk") from error

    @property
    def count(self) -> int:
        return self._count

    def keep(self, picture: Image.Image, data: bytes, told: dict[str, Any]) -> None:
        """Write one job; `told` joins its description. PrinterTrouble `disk` when that fails."""
        with self._lock:
            self._count += 1
            name = f"job-{self._count:04d}"
            description = {
                "job": self._count,
                "received_at": datetime.now(UTC).isoformat(),
                "bytes": len(data),
                "width": picture.width,
                "height": picture.height,
                "qr": read_codes(picture),
                **told,
            }
            try:
                picture.save(self._folder / f"{name}.png")
                (self._folder / f"{name}.bin").write_bytes(data)
                unfinished = self._folder / f"{name}.json.part"
                unfinished.write_text(json.dumps(description, ensure_ascii=False, indent=2) + "\n", "utf-8")
                unfinished.replace(self._folder / f"{name}.json")
            except OSError as error:
                raise PrinterTrouble("disk") from error


def read_codes(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes on a picture of paper, top to bottom."""
    framed = ImageOps.expand(picture.convert("L"), border=_QUIET_DOTS, fill=255)
    found = zxingcpp.read_barcodes(framed, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]
