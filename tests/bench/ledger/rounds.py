"""Short rounds that take turns, so that whatever else the machine does hits all alike; the median counts."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger import pgbench
from tests.bench.ledger.doors import Door

CLIENTS = 16
_TEND_SECONDS = 0.5
_REAP_SECONDS = 0.1


@dataclass
class Tally:
    """What the rounds of one door measured."""

    rates: list[float] = field(default_factory=list)
    transactions: int = 0
    wal_bytes: int = 0
    cpu_seconds: float = 0.0
    disk_bytes: Counter[str] = field(default_factory=Counter)
    """By schema: tables with their indexes."""

    @property
    def rate(self) -> float:
        """Transactions per second."""
        return statistics.median(self.rates)

    @property
    def wal(self) -> float:
        """Bytes of write-ahead log per transaction."""
        return self.wal_bytes / self.transactions

    @property
    def cpu(self) -> float:
        """Microseconds of processor per transaction in the sessions themselves; busy neighbours change it little."""
        return self.cpu_seconds * 1e6 / self.transactions

    def disk(self, *but: str) -> float:
        """Bytes by which tables and indexes grow per transaction, those of the schemas `but` not counted."""
        return sum(size for schema, size in self.disk_bytes.items() if schema not in but) / self.transactions


def take_turns(
    urls: DatabaseUrls, postmaster: int, doors: Mapping[str, Door], *, rounds: int, seconds: int, clients: int = CLIENTS
) -> dict[str, Tally]:
    """ABAB...: `rounds` rounds of each door, each of `seconds` after a second's warm-up. `postmaster` is its pid."""
    tallies = {name: Tally() for name in doors}
    with psycopg.connect(urls.maintenance, autocommit=True) as looking:
        for _ in range(rounds):
            for name, door in doors.items():
                tally = tallies[name]
                wal, sizes, cpu = wal_position(looking), disk_sizes(looking), ended_sessions_cpu(postmaster)
                run = door.run(urls, clients=clients, seconds=seconds + pgbench.WARM_UP_SECONDS)
                tally.rates.append(run.rate)
                tally.transactions += run.transactions
                tally.wal_bytes += wal_position(looking) - wal
                after = disk_sizes(looking)
                after.subtract(sizes)
                tally.disk_bytes.update(after)
                time.sleep(_REAP_SECONDS)
                tally.cpu_seconds += ended_sessions_cpu(postmaster) - cpu
    return tallies


@contextmanager
def statistics_tended(urls: DatabaseUrls) -> Iterator[None]:
    """Let the planner's statistics follow the tables, as the program does at its milestones."""
    ended = threading.Event()

    def tend() -> None:
        with psycopg.connect(urls.app, autocommit=True) as connection:
            while not ended.wait(_TEND_SECONDS):
                connection.execute("SELECT app.refresh_statistics()")

    tending = threading.Thread(target=tend)
    tending.start()
    try:
        yield
    finally:
        ended.set()
        tending.join()


def wal_position(looking: psycopg.Connection[Any]) -> int:
    """Bytes of write-ahead log since the server was made."""
    row = looking.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row is not None
    return int(row[0])


def ended_sessions_cpu(postmaster: int) -> float:
    """Processor seconds of all sessions that have ended: what the kernel keeps for their parent (Linux)."""
    after_name = Path(f"/proc/{postmaster}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(after_name[13]) + int(after_name[14])) / os.sysconf("SC_CLK_TCK")


def disk_sizes(looking: psycopg.Connection[Any]) -> Counter[str]:
    """Schema -> bytes of its tables with indexes and out-of-line values; free space maps and dead rows too."""
    found = looking.execute(
        "SELECT n.nspname, sum(pg_total_relation_size(c.oid))::bigint FROM pg_class AS c"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('app', 'audit', 'sec', 'yardstick') GROUP BY 1"
    )
    return Counter({str(schema): int(size) for schema, size in found.fetchall()})
