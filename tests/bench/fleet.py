"""Many real tills in a few processes of their own: each sells with nobody to hand it to, then all hand in at once.

Rule: the product's own tills, journals on disk, their own sync cycles; only the waits between two cycles are ours, as
long as the cycle says.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from models import wire
from models.tenders import pay
from pos_app import bootstrap
from pos_app.bootstrap import App
from pos_app.journal import outbox
from pos_app.journal.verify import verify
from pos_app.selling.basket import Basket, add_product
from pos_app.settings import Settings
from pos_app.sync.errors import ServerUnavailable
from pos_app.till import pairing, quote, sell, shift, sign_in
from tests.flows import shop
from tests.flows.house import House

SAMPLE_SECONDS = 0.2
_NICE = 15
"""Tills stand in shops, with processors of their own: here they take what the server leaves."""


@dataclass(frozen=True)
class Orders:
    """What one process is to do: a till for each pairing code, so many sales at each."""

    address: str
    folder: str
    codes: Sequence[str]
    facts: int


@dataclass
class Report:
    """What the tills of a process came to: `hasty` counts those that came back sooner than they were asked to."""

    seconds: float = 0.0
    handed_in: int = 0
    busy_answers: int = 0
    hasty: int = 0
    broken: list[str] = field(default_factory=list)
    resident_bytes: list[int] = field(default_factory=list)


def resident_bytes(pid: int | str = "self") -> int:
    """Memory of a process that is in RAM now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


class Crew:
    """A process with its tills; `ready` after they have sold, `go` hands in, `report` waits for the end."""

    def __init__(self, orders: Orders) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, orders), daemon=True)
        self._process.start()
        theirs.close()

    def ready(self) -> None:
        """Wait until every till has its queue."""
        self._pipe.recv()

    def go(self) -> None:
        """Let all tills hand in."""
        self._pipe.send("go")

    @property
    def done(self) -> bool:
        """Whether its report is there."""
        return self._pipe.poll()

    def report(self) -> Report:
        """Wait for the end."""
        found: Report = self._pipe.recv()
        self._process.join()
        return found

    def end(self) -> None:
        """Whatever it is doing."""
        self._process.kill()
        self._process.join()


@contextmanager
def fleet(house: House, folder: Path, tills: int, facts: int, processes: int = 2) -> Iterator[list[Crew]]:
    """Crews whose tills have their queues: `facts` each, the opening of the shift among them."""
    codes = [house.pairing_code("SZ1", house.next_number()) for _ in range(tills)]
    crews = [
        Crew(Orders(house.address, str(folder / f"crew{number}"), codes[number::processes], facts))
        for number in range(processes)
    ]
    try:
        for crew in crews:
            crew.ready()
        yield crews
    finally:
        for crew in crews:
            crew.end()


def _work(pipe: Connection, orders: Orders) -> None:
    os.nice(_NICE)
    apps = [_open(orders, number, code) for number, code in enumerate(orders.codes)]
    for app in apps:
        sell_alone(app, orders.facts)
    pipe.send("ready")
    pipe.recv()
    report = Report()
    began, over = time.perf_counter(), threading.Event()
    lines = [threading.Thread(target=_hand_in, args=(app, report)) for app in apps]
    watch = threading.Thread(target=_watch, args=(report, over))
    for thread in (watch, *lines):
        thread.start()
    for thread in lines:
        thread.join()
    report.seconds = time.perf_counter() - began
    over.set()
    watch.join()
    for app in apps:
        with app.till.journal.reading() as rows:
            report.handed_in += orders.facts - outbox.summary(rows).pending
            report.broken += [message for finding in verify(rows) for message in finding.broken]
        app.stop()
    pipe.send(report)


def _open(orders: Orders, number: int, code: str) -> App:
    """Pair, pull, sign in."""
    app = bootstrap.start(
        Settings(Path(orders.folder) / str(number), printer="none", camera="none", key_storage="file"), lambda _: None
    )
    pairing.pair(app.till, orders.address, code)
    app.sync.cycle()
    sign_in.sign_in(app.till, shop.PIN)
    return app


def sell_alone(app: App, facts: int) -> None:
    """Open the shift and sell."""
    shift.open_shift(app.till, 0)
    for _ in range(facts - 1):
        basket = add_product(Basket(), shop.TEA)
        due = quote.quote_basket(app.till, basket).due_minor
        sell.sell(app.till, basket, (pay("cash", due, due),))


def _hand_in(app: App, report: Report) -> None:
    """Cycle until nothing waits, each time as long after the last as it asked for."""
    not_before, push = 0.0, app.client.push

    def counted(request: wire.PushRequest) -> wire.PushAnswer:
        nonlocal not_before
        report.hasty += time.monotonic() < not_before
        try:
            return push(request)
        except ServerUnavailable as busy:
            if busy.retry_after_seconds:
                report.busy_answers += 1
                not_before = time.monotonic() + busy.retry_after_seconds
            raise

    app.client.push = counted  # type: ignore[method-assign]
    while True:
        wait_seconds = app.sync.cycle().due_seconds
        with app.till.journal.reading() as rows:
            if not outbox.summary(rows).pending:
                return
        time.sleep(wait_seconds)


def _watch(report: Report, over: threading.Event) -> None:
    while not over.wait(SAMPLE_SECONDS):
        report.resident_bytes.append(resident_bytes())
