"""What a scanner saw, as plain values, and the filter that turns sightings into scans.

Rule: pure. Times are arguments, in seconds of one monotonic clock.
Not here: reading pixels (decoder), deciding what a code means (selling, till).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

REPEAT_SECONDS = 1.5  # counter.md "Scanning": the same code within this time is one scan
LINEAR_FORMATS = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "Code128"})
QR_FORMAT = "QRCode"


class ScanSource(StrEnum):
    """The kind of device a scan came from."""

    CAMERA = "camera"
    PICTURE = "picture"
    WEDGE = "wedge"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Scan:
    """One code as one device read it; the text is not checked for meaning, checksum or signature."""

    text: str
    format: str
    source: ScanSource
    engine: str
    milliseconds: float

    @property
    def is_linear(self) -> bool:
        """One-dimensional codes carry a check digit at most, so they need more than one look."""
        return self.format in LINEAR_FORMATS


class ScanFilter:
    """Let each code through once while it stays in view, and linear codes only when they are surely real.

    A sighting renews the silence, so a code lying before the camera is one scan until it has been away for
    `repeat_seconds`. From a camera a linear code needs two agreeing frames within that time; from every
    source it must be known to `in_catalogue` (counter.md "Scanning").
    """

    def __init__(self, in_catalogue: Callable[[str], bool], repeat_seconds: float = REPEAT_SECONDS) -> None:
        self._in_catalogue = in_catalogue
        self._repeat_seconds = repeat_seconds
        self._passed: dict[tuple[str, str], float] = {}
        self._seen_once: dict[tuple[str, str], float] = {}

    def accept(self, scan: Scan, at_seconds: float) -> bool:
        """True when this sighting is a new scan to act on; `at_seconds` never goes back."""
        self._forget(at_seconds)
        key = (scan.format, scan.text)
        if key in self._passed:
            self._passed[key] = at_seconds
            return False
        if scan.is_linear:
            first_look = scan.source is ScanSource.CAMERA and key not in self._seen_once
            if first_look:
                self._seen_once[key] = at_seconds
                return False
            if not self._in_catalogue(scan.text):
                return False
        self._passed[key] = at_seconds
        return True

    def _forget(self, at_seconds: float) -> None:
        """Drop what is older than the window, so memory stays small however long the till runs."""
        for known in (self._passed, self._seen_once):
            for key in [key for key, seen in known.items() if at_seconds - seen >= self._repeat_seconds]:
                del known[key]
