"""The state of the virtual printer, and the control lines that change it.

Rule: one lock; every change wakes whoever waits. Bytes of "after N bytes" are bytes of jobs: DLE EOT questions do not
count. Control lines: `paper out|in|low [after N bytes]`, `cover open|closed [after N bytes]`, `stall SECONDS`,
`cut after N bytes`, `die after N bytes`, `ok` (everything well again), `state` (JSON).
"""

import re
import threading
import time
from collections.abc import Callable
from typing import Any

_LATER = re.compile(r"(?P<what>paper (?:out|low|in)|cover (?:open|closed)|cut|die) after (?P<count>[0-9]{1,9}) bytes")
_STALL = re.compile(r"stall (?P<seconds>[0-9]{1,4}(?:\.[0-9]{1,3})?)")
_NOW = ("paper out", "paper in", "paper low", "cover open", "cover closed", "cut", "die")
MAX_STALL_SECONDS = 3600.0


class Condition:
    """What is wrong with the printer now and what will be, at which byte."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._planned: dict[str, int] = {}
        self._stalled_until = 0.0
        self.paper = "in"
        self.cover = "closed"
        self.alive = True
        self.cuts = 0
        """Connections were cut so many times; whoever sees it grow hangs up."""

    def obey(self, line: str) -> bool:
        """Carry out a control line; False when it is none."""
        text = " ".join(line.split())
        with self._lock:
            if match := _LATER.fullmatch(text):
                self._planned[match["what"]] = int(match["count"])
            elif match := _STALL.fullmatch(text):
                self._stalled_until = time.monotonic() + min(float(match["seconds"]), MAX_STALL_SECONDS)
            elif text in _NOW:
                self._happen(text)
            elif text == "ok":
                self._planned.clear()
                self._stalled_until = 0.0
                self.paper, self.cover, self.alive = "in", "closed", True
            else:
                return False
            return True

    @property
    def is_offline(self) -> bool:
        return self.paper == "out" or self.cover == "open"

    @property
    def is_stalled(self) -> bool:
        return time.monotonic() < self._stalled_until

    def take(self, available: int, process: Callable[[int], None]) -> int:
        """Process up to `available` bytes of a job, no further than the next planned fault; returns how many.

        `process` is called with the count before the fault happens.
        """
        with self._lock:
            allowed = 0 if self.is_offline or not self.alive else min([available, *self._planned.values()])
            process(allowed)
            for what in list(self._planned):
                self._planned[what] -= allowed
                if self._planned[what] <= 0 and available:
                    del self._planned[what]
                    self._happen(what)
            return allowed

    def real_time_answer(self, number: int) -> bytes:
        """Return the answer to DLE EOT `number` (1 to 4)."""
        value = 0x12
        if number == 1 and self.is_offline:
            value |= 0x08
        if number == 2:
            value |= (0x04 if self.cover == "open" else 0) | (0x20 if self.paper == "out" else 0)
        if number == 4:
            value |= {"in": 0, "low": 0x0C, "out": 0x6C}[self.paper]
        return bytes((value,))

    def paper_sensor_answer(self) -> bytes:
        """Return the answer to GS r 1."""
        return bytes(({"in": 0, "low": 0x03, "out": 0x0F}[self.paper],))

    def auto_status_frame(self) -> bytes:
        """Return the four bytes of an ASB frame."""
        first = 0x10 | (0x08 if self.is_offline else 0) | (0x20 if self.cover == "open" else 0)
        return bytes((first, 0, self.paper_sensor_answer()[0], 0))

    def as_plain(self) -> dict[str, Any]:
        """Return the state for people and tests."""
        with self._lock:
            stalled = max(0.0, self._stalled_until - time.monotonic())
            return {
                "paper": self.paper,
                "cover": self.cover,
                "alive": self.alive,
                "stalled_seconds": round(stalled, 3),
                "planned": dict(self._planned),
            }

    def _happen(self, what: str) -> None:
        if what == "cut":
            self.cuts += 1
        elif what == "die":
            self.alive = False
        else:
            part, state = what.split()
            setattr(self, part, state)
