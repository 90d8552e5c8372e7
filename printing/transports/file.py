"""A one-way printer: every job becomes a file in a folder, for archives and devices that watch one.

Rule: a file appears whole or not at all; such a printer can never say "printed".
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from printing.errors import PrinterTrouble
from printing.transports import JobOutcome, PrinterStatus

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


class FilePrinter:
    """Writes jobs as `<job id>.bin` into `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def status(self) -> PrinterStatus:
        """Say whether the folder can be written."""
        ready = self._folder.is_dir() and os.access(self._folder, os.W_OK)
        return PrinterStatus("ready") if ready else PrinterStatus("error", detail="disk")

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        """Write one job; ValueError when its id cannot be a file's name."""
        if not _SAFE_ID.fullmatch(job_id):
            raise ValueError(f"job id {job_id[:40]!r} is no file name")
        on_first_byte()
        try:
            self._write(self._folder / f"{job_id}.bin", job)
        except PrinterTrouble as trouble:
            return JobOutcome("not_printed", trouble.code)
        return JobOutcome("handed_over")

    def _write(self, target: Path, job: bytes) -> None:
        unfinished = target.with_suffix(".part")
        try:
            with unfinished.open("wb") as file:
                file.write(job)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except OSError as error:
            raise PrinterTrouble("disk") from error
