"""Room kept free on the disk, so that "disk full" is known before goods move and syncing can still go on.

Rule: a sale needs the reserve untouched and `SALE_BYTES` beside it; what only shrinks the queue may use the reserve.
"""

import contextlib
import os
import shutil
from pathlib import Path

from pos_app.journal.errors import DiskFull

RESERVE_BYTES = 8 << 20
SALE_BYTES = 1 << 20
"""More than the largest sale writes, journal pages and checkpoint included."""


class Reserve:
    """The file `reserve` in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "reserve"

    def check(self) -> None:
        """Make sure that a sale can be recorded; Trouble `disk_full`."""
        if not self._whole():
            self._fill()
        if not self._whole() or shutil.disk_usage(self._path.parent).free < SALE_BYTES:
            raise DiskFull(path=str(self._path.parent))

    def open_up(self) -> bool:
        """Give the reserve to the syncing that needs it now; False when it was given already."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _whole(self) -> bool:
        try:
            return self._path.stat().st_size == RESERVE_BYTES
        except OSError:
            return False

    def _fill(self) -> None:
        if shutil.disk_usage(self._path.parent).free < RESERVE_BYTES + SALE_BYTES:
            return
        try:
            with self._path.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
                else:  # pragma: no cover - systems without it
                    file.write(bytes(RESERVE_BYTES))
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink()
