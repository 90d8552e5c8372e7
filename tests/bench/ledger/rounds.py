"""Short rounds that take turns, so that whatever else the machine does hits all alike; the median counts."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger import pgbench
from tests.bench.ledger.doors import Door

CLIENTS = 16


@dataclass
class Tally:
    """What the rounds of one door measured."""

    rates: list[float] = field(default_factory=list)
    transactions: int = 0
    wal_bytes: int = 0
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

    def disk(self, *but: str) -> float:
        """Bytes by which tables and indexes grow per transaction, those of the schemas `but` not counted."""
        return sum(size for schema, size in self.disk_bytes.items() if schema not in but) / self.transactions


def take_turns(
    urls: DatabaseUrls, doors: Mapping[str, Door], *, rounds: int, seconds: int, clients: int = CLIENTS
) -> dict[str, Tally]:
    """ABAB...: `rounds` rounds of each door, each of `seconds` after a second's warm-up."""
    tallies = {name: Tally() for name in doors}
    with psycopg.connect(urls.maintenance, autocommit=True) as looking:
        for _ in range(rounds):
            for name, door in doors.items():
                tally = tallies[name]
                wal, sizes = wal_position(looking), disk_sizes(looking)
                run = door.run(urls, clients=clients, seconds=seconds + pgbench.WARM_UP_SECONDS)
                tally.rates.append(run.rate)
                tally.transactions += run.transactions
                tally.wal_bytes += wal_position(looking) - wal
                after = disk_sizes(looking)
                after.subtract(sizes)
                tally.disk_bytes.update(after)
    return tallies


def wal_position(looking: psycopg.Connection[Any]) -> int:
    """Bytes of write-ahead log since the server was made."""
    row = looking.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row is not None
    return int(row[0])


def disk_sizes(looking: psycopg.Connection[Any]) -> Counter[str]:
    """Schema -> bytes of its tables with indexes and out-of-line values; free space maps and dead rows too."""
    found = looking.execute(
        "SELECT n.nspname, sum(pg_total_relation_size(c.oid))::bigint FROM pg_class AS c"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('app', 'audit', 'sec', 'yardstick') GROUP BY 1"
    )
    return Counter({str(schema): int(size) for schema, size in found.fetchall()})
