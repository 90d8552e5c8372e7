"""Bench of the journal: one commit beside a bare SQLite insert of the same durability, and confirm → committed.

Rule: prints figures; asserts no time. The two take turns on one disk, so that its mood hits both.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from models.facts import OrderPaid
from pos_app.journal import chain, prints, series
from pos_app.till import find_member
from tests.bench.harness import Figure, figure, percentile
from tests.pos_app.desk import Desk, short_code

WARM_UP = 50
ROUNDS = 1000


def figures() -> list[Figure]:
    """What recording costs on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "till")
        with bare_insert(Path(folder)) as bare:
            commit, plain = _turns(_record(desk), bare)
        confirm, _ = _turns(desk.sell, lambda: None)
        scan, _ = _turns(lambda: find_member.by_scan(desk.till, short_code(1)), lambda: None)
        desk.stop()
    return [
        *(_beside("journal_commit_ms", commit, "bare insert", plain)),
        *(_beside("confirm_to_commit_ms", confirm, "bare insert", plain)),
        figure("scan_to_member_ms p50", percentile(scan, 50), "ms"),
        figure("scan_to_member_ms p99", percentile(scan, 99), "ms"),
    ]


@contextmanager
def bare_insert(folder: Path) -> Iterator[Callable[[], object]]:
    """One row into one table with WAL and synchronous=FULL, through sqlite3 alone."""
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE facts (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
    data = b"x" * 900
    yield lambda: connection.execute("INSERT INTO facts (bytes) VALUES (?)", (data,))
    connection.close()


def _record(desk: Desk) -> Callable[[], object]:
    """One sale's transaction as the use case writes it, without pricing it."""
    desk.sell()
    sold = desk.chain()[-1]
    assert isinstance(sold.body, OrderPaid)
    with desk.journal.reading() as rows:
        (job,) = prints.recent(rows, 1)
    terminal = desk.journal.require_identity().terminal_id

    def record() -> None:
        with desk.journal.writing() as rows:
            draft = chain.Draft(
                desk.till.ids.new(),
                terminal,
                sold.happened_at,
                sold.shift_id,
                sold.cashier_id,
                None,
                "zh-CN",
                sold.body,
            )
            number = series.next_slip(rows, "TP", "SZ1T03")
            paper = prints.NewJob(number, job.kind, job.document, True)
            chain.append(rows, draft, lambda _fact, _hash: [paper])

    return record


def _turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Milliseconds of both, taken in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_number in range(WARM_UP + ROUNDS):
        for work, found in ((one, times[0]), (other, times[1])):
            began = time.perf_counter()
            work()
            if round_number >= WARM_UP:
                found.append((time.perf_counter() - began) * 1000)
    return times


def _beside(name: str, values: list[float], other: str, others: list[float]) -> list[Figure]:
    return [
        figure(f"{name} p{percent}", percentile(values, percent), "ms", beside=(other, percentile(others, percent)))
        for percent in (50, 99)
    ]
