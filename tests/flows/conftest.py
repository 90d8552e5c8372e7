"""One running server for all flows; a test takes a fresh terminal and fresh members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

import pytest

from models import wire
from pos_app import clock
from tests.flows.house import House
from tests.flows.till import Counter


class OpenTill(Protocol):
    """Opens another till."""

    def __call__(self, store: str = "SZ1") -> Counter: ...


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A server with a shop."""
    with House() as opened:
        opened.start()
        opened.open_shop()
        yield opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy test machine is no reason to go down the ladder: online requests get all the time they need."""
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 20.0)


@pytest.fixture
def open_till(house: House, tmp_path: Path) -> Iterator[OpenTill]:
    """Open tills that are closed after the test, whatever happens."""
    opened: list[Counter] = []

    def make(store: str = "SZ1") -> Counter:
        till = Counter(house, tmp_path / f"till{len(opened)}", store)
        opened.append(till)
        return till

    yield make
    for till in opened:
        till.__exit__()


@pytest.fixture
def till(open_till: OpenTill) -> Counter:
    """A paired till with a cashier and an open shift."""
    return open_till().begin()


@dataclass
class Machine:
    """The till machine's clocks as a test moves them; the server's stay."""

    wall_seconds: float = 0.0
    uptime_seconds: float = 0.0

    def pass_by(self, seconds: float) -> None:
        """Time goes by without the server hearing of it."""
        self.wall_seconds += seconds
        self.uptime_seconds += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Clocks of the till machine that can be moved; take it before a till is opened."""
    found = Machine()
    ticks = clock.boot_ticks

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = UTC) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=found.wall_seconds)

    monkeypatch.setattr(clock, "datetime", Shifted)
    monkeypatch.setattr(clock, "boot_ticks", lambda: ticks() + found.uptime_seconds)
    return found
