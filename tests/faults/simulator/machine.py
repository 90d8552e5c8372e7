"""What a till's machine has and the simulator decides: clocks, chance, ids, threads that are none, and a printer.

Rule: everything comes from the seed and from the steps taken so far; nothing reads the real clock or real luck.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from models.ids import uuid7
from pos_app.clock import Clock
from printing.transports import JobOutcome, PrinterStatus

T = TypeVar("T")
START = datetime(2027, 3, 30, 1, 0, tzinfo=UTC)
"""A month ends within the first day or two of most runs."""


class Killed(BaseException):
    """The till's process, or the server's, has ended here as by kill -9."""


class Dice:
    """All choices of one run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def one_of(self, things: list[T] | tuple[T, ...]) -> T:
        """Any of these."""
        return things[self._random.randrange(len(things))]

    def weighted(self, things: list[tuple[int, T]]) -> T:
        """One of these, each as often as its weight says."""
        return self._random.choices([thing for _, thing in things], [weight for weight, _ in things])[0]

    def happens(self, percent: int) -> bool:
        """True so many times of a hundred."""
        return self._random.randrange(100) < percent

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def bytes(self, count: int) -> bytes:
        """Random bytes."""
        return self._random.randbytes(count)


@dataclass
class Time:
    """True time, which the server's clock shows."""

    now: datetime = START

    def passes(self, seconds: float) -> None:
        """Time goes by everywhere."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Machine:
    """One till's machine: its wall clock may be wrong, its ticks count from its last start."""

    time: Time
    wrong_by: timedelta = timedelta(0)
    started_at: datetime = START - timedelta(days=3)
    boots: int = 0

    def wall(self) -> datetime:
        """What the clock on the wall says."""
        return self.time.now + self.wrong_by

    def ticks(self) -> float:
        """Seconds since the machine was started."""
        return (self.time.now - self.started_at).total_seconds()

    def reboot(self) -> None:
        """Start the machine again."""
        self.started_at = self.time.now - timedelta(seconds=20)
        self.boots += 1


class SeededIds:
    """Ids as `pos_app.clock.RandomIds` makes them, with luck from the seed."""

    def __init__(self, clock: Clock, dice: Dice) -> None:
        self._clock, self._dice = clock, dice

    def new(self) -> str:
        return uuid7(int(self._clock.now().timestamp() * 1000), self._dice.bytes(10))


class AtOnce:
    """An executor without threads: what is submitted is done before `submit` returns."""

    def submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*arguments))
        except Exception as error:  # noqa: BLE001 - as a pool keeps it for whoever asks for the result
            done.set_exception(error)
        return done

    def shutdown(self, **_: Any) -> None:
        """Nothing waits."""


@dataclass
class Paper:
    """A printer. `trouble` is its state when not ready; `breaks` is how the next job ends before its time.

    `sheets`: for each job of which a byte came out, its id and its bytes.
    """

    trouble: str | None = None
    breaks: str | None = None
    sheets: list[tuple[str, bytes]] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)

    def status(self) -> PrinterStatus:
        return PrinterStatus(self.trouble or "ready")

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        if self.trouble is not None:
            return JobOutcome("not_printed", self.trouble)
        how, self.breaks = self.breaks, None
        if how is not None:
            self.struck["printer: " + how] += 1
        if how == "before the first byte":
            return JobOutcome("not_printed", "unreachable")
        on_first_byte()
        if how == "killed before the paper":
            raise Killed(how)
        self.sheets.append((job_id, job))
        if how == "killed mid-slip":
            raise Killed(how)
        if how == "no answer":
            return JobOutcome("unknown", "no_answer")
        return JobOutcome("printed")
