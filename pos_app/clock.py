"""The till's time and ids: server time carried forward on a clock that nobody can set back.

Rule: after the first contact `now()` is the last server time plus ticks since then; the wall clock is only a guess
until a server has spoken. After a reboot, or when the wall clock was set back, the age of the last contact is not
proven any more: `standing().frozen` stays true until the next contact (sync.md, "Spending stored value").
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from models.ids import uuid7

SET_BACK_SECONDS = 120
"""A wall clock that lags this far behind what ticks say was set back by somebody."""
_SAVE_EVERY_SECONDS = 60
_SAVE_SHIFT_SECONDS = 2


class Clock(Protocol):
    """Time as use cases see it."""

    def now(self) -> datetime:
        """Return the current instant, UTC, as the server would say it."""

    def monotonic_seconds(self) -> float:
        """Return seconds that only grow while the machine is up, sleep included."""

    def standing(self) -> "Standing":
        """Say how well the current time is proven."""


class Ids(Protocol):
    """Where new identities come from."""

    def new(self) -> str:
        """Return a fresh UUIDv7."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`age_seconds` since the server last spoke (None: never, or unknown since a reboot); `frozen`: unproven."""

    age_seconds: int | None
    frozen: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """The moment the server last spoke: its time, our wall clock, our ticks, and which boot they belong to."""

    server_time: datetime
    wall_time: datetime
    ticks: int
    """Milliseconds."""
    boot_id: str


class TillClock:
    """The real clock. `save` stores the anchor so that a restart keeps it; called about once a minute."""

    def __init__(
        self,
        anchor: Anchor | None,
        save: Callable[[Anchor], None],
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] | None = None,
        boot_id: str | None = None,
    ) -> None:
        self._anchor = anchor
        self._saved = anchor
        self._save = save
        self._wall = wall
        self._ticks = ticks or boot_ticks
        self._boot_id = boot_id if boot_id is not None else read_boot_id()
        self._set_back = False

    def now(self) -> datetime:
        anchor = self._anchor
        if anchor is None:
            return self._wall()
        if anchor.boot_id == self._boot_id:
            return anchor.server_time + self._since(anchor)
        return max(anchor.server_time, self._wall() + (anchor.server_time - anchor.wall_time))

    def monotonic_seconds(self) -> float:
        return self._ticks()

    def standing(self) -> Standing:
        anchor = self._anchor
        if anchor is None or anchor.boot_id != self._boot_id:
            return Standing(None, True)
        elapsed = self._since(anchor)
        if self._wall() < anchor.wall_time + elapsed - timedelta(seconds=SET_BACK_SECONDS):
            self._set_back = True
        return Standing(int(elapsed.total_seconds()), self._set_back)

    def learn(self, server_time: datetime) -> None:
        """Take the time that the server has just told."""
        saved = self._saved
        anchor = Anchor(server_time, self._wall(), int(self._ticks() * 1000), self._boot_id)
        self._anchor, self._set_back = anchor, False
        if saved is not None and saved.boot_id == anchor.boot_id:
            drift = abs((anchor.server_time - saved.server_time) - (anchor.wall_time - saved.wall_time))
            age_ms = anchor.ticks - saved.ticks
            if age_ms < _SAVE_EVERY_SECONDS * 1000 and drift < timedelta(seconds=_SAVE_SHIFT_SECONDS):
                return
        self._saved = anchor
        self._save(anchor)

    def _since(self, anchor: Anchor) -> timedelta:
        return timedelta(seconds=max(0.0, self._ticks() - anchor.ticks / 1000))


class RandomIds:
    """UUIDv7 from a clock and the system's randomness."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> str:
        return uuid7(int(self._clock.now().timestamp() * 1000), os.urandom(10))


def boot_ticks() -> float:
    """Return seconds since boot, sleep included where the system can say so."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def read_boot_id() -> str:
    """Return what names this boot of the machine; unknown systems get one per process, so a restart freezes there."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"process-{os.getpid()}-{time.time_ns()}"
