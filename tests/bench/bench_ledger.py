"""Bench of the ledger: its posting doors beside what the public pgledger does for one transfer, in one run.

Rule: prints figures; asserts no time. Everything runs on one embedded Postgres with the product's own settings, fsync
on. `python -m tests.bench.bench_ledger --quick` compares one door with the yardstick in some seconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

from sync_server.database.embedded import EmbeddedPostgres
from sync_server.database.urls import Passwords
from sync_server.keys import open_keys
from tests.bench.harness import Figure, figure, percentile, table
from tests.bench.ledger import batches, doors, service
from tests.bench.ledger.doors import Door
from tests.bench.ledger.ground import Ground, add_card_list, add_yardstick
from tests.bench.ledger.pgbench import Run
from tests.bench.ledger.profile import profile
from tests.bench.ledger.rounds import CLIENTS, Tally, statistics_tended, take_turns

ROUNDS, SECONDS, GROWTH_ROUNDS, FRESH_SECONDS = 4, 2, 3, 12
HTTP_CLIENTS, HTTP_SECONDS, HTTP_MOST = (1, 16, 64), 4, 4000
SPREAD, HOT = "yardstick_spread", "yardstick_hot"
YARDSTICKS = {SPREAD: doors.transfer(), HOT: doors.transfer(hot=True), "bare_insert": doors.BARE_INSERT}
REDEEM = doors.redeem()
DOORS = {
    "posting_spread": doors.debit_tickets(),
    "posting_hot": doors.debit_tickets(1, early_release=True),
    "charge_spread": doors.charge(),
    "redeem_spread": REDEEM,
}
MORE = {"redeem_hot": doors.redeem(1)}
"""Measured only when asked for."""


def figures() -> list[Figure]:
    """Everything, in some minutes."""
    with own_server() as ground:
        ground.build()
        return [
            *posting(ground, DOORS, rounds=ROUNDS, seconds=SECONDS),
            *batches.figures(ground.fresh("batches")),
            *fresh_tables(ground),
            *growth(ground, DOORS["posting_spread"]),
            *over_http(ground, REDEEM),
        ]


def posting(ground: Ground, measured: Mapping[str, Door], *, rounds: int, seconds: int) -> list[Figure]:
    """One posting, many clients: the doors beside the yardstick, with what each writes."""
    urls = ground.fresh("posting")
    add_yardstick(urls)
    add_card_list(ground, "posting")
    both = {**YARDSTICKS, **measured}
    take_turns(
        urls, ground.postmaster, both, rounds=1, seconds=1
    )  # uncounted: plans made for empty tables are another figure
    with ground.superuser("posting") as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
    tallies = take_turns(urls, ground.postmaster, both, rounds=rounds, seconds=seconds)
    return [line for name in tallies for line in _lines(name, tallies)]


def _lines(name: str, tallies: Mapping[str, Tally]) -> list[Figure]:
    tally, beside = tallies[name], HOT if name.endswith("_hot") else SPREAD
    near = tallies[beside]
    if name in YARDSTICKS:
        return [
            figure(name, tally.rate, "tx/s"),
            figure(f"{name} CPU", tally.cpu, "µs/tx"),
            figure(f"{name} WAL", tally.wal, "bytes/tx"),
            figure(f"{name} disk", tally.disk(), "bytes/tx"),
        ]
    lines = [
        figure(name, tally.rate, "tx/s", beside=(beside, near.rate)),
        figure(f"{name} CPU", tally.cpu, "µs/tx", beside=(beside, near.cpu)),
        figure(f"{name} WAL", tally.wal, "bytes/tx", beside=(beside, near.wal)),
    ]
    if not name.endswith("_hot"):
        lines += [
            figure(f"bytes_per_operation {name}", tally.disk("audit"), "bytes", beside=("bar 1.5 KB", 1500)),
            figure(f"bytes_per_operation_audit {name}", tally.disk(), "bytes", beside=("bar 2 KB", 2000)),
        ]
    return lines


def fresh_tables(ground: Ground) -> list[Figure]:
    """The trap: on tables that were empty when the sessions began, does the rate stay?

    Once for each door alone, and once while statistics follow the tables' growth, as the program sees to.
    """
    lines = []
    for name, tended in (("posting_spread", False), ("redeem_spread", False), ("redeem_spread", True)):
        database = f"empty_{name}_{tended}".lower()
        urls = ground.fresh(database)
        with statistics_tended(urls) if tended else nullcontext():
            run = DOORS[name].run(urls, clients=CLIENTS, seconds=FRESH_SECONDS)
        ground.drop(database)
        first, later = statistics.fmean(run.per_second[1:4]), statistics.fmean(run.per_second[10:])
        label = f"fresh_tables {name}" + (" with analyze" if tended else "")
        lines += [
            figure(f"{label} first seconds", first, "tx/s"),
            figure(f"{label} after 10 s", later, "tx/s", beside=("first seconds", first)),
        ]
    return lines


def growth(ground: Ground, door: Door) -> list[Figure]:
    """What an operation costs with many entries against few, both analyzed, in turns."""
    few, many = ground.fresh("few"), ground.urls("posting")
    door.run(few, clients=CLIENTS, seconds=2)
    for name in ("few", "posting"):
        with ground.superuser(name) as connection:
            connection.execute("ANALYZE")
    entries = [_count(ground, name, "SELECT count(*) FROM app.entries") for name in ("few", "posting")]
    rates = [
        [door.run(urls, clients=CLIENTS, seconds=1 + SECONDS).rate for urls in (few, many)]
        for _ in range(GROWTH_ROUNDS)
    ]
    small, large = (1e6 / statistics.median(row) for row in zip(*rates, strict=True))
    return [
        figure(f"cost with {entries[0]:,} entries", small, "µs/tx"),
        figure(f"cost with {entries[1]:,} entries", large, "µs/tx", beside=(f"{entries[0]:,} entries", small)),
    ]


def over_http(ground: Ground, door: Door) -> list[Figure]:
    """The whole way of a redemption, beside the bare call of its function by as many clients."""
    urls = ground.fresh("http")
    lines = []
    requests = service.Redemptions(service.pair(urls))
    with service.serving(ground, urls) as port:
        service.load(port, requests.make, clients=CLIENTS, seconds=1, most=1000)  # uncounted
        with ground.superuser("http") as connection:
            connection.execute("ANALYZE")
        for clients in HTTP_CLIENTS:
            call = door.run(urls, clients=clients, seconds=HTTP_SECONDS, timed=True)
            seen = service.load(port, requests.make, clients=clients, seconds=HTTP_SECONDS, most=HTTP_MOST)
            lines += _http_lines(clients, call, seen)
    return lines


def _http_lines(clients: int, call: Run, seen: service.Load) -> list[Figure]:
    bare, name = f"redeem_call_{clients}", f"http_redeem_{clients}"
    bare_p99 = percentile(call.milliseconds, 99)
    for error in seen.errors[:3]:
        print(f"   {name}: {error}")
    return [
        figure(f"{bare} rate", call.rate, "tx/s"),
        figure(f"{bare} p50", percentile(call.milliseconds, 50), "ms"),
        figure(f"{bare} p99", bare_p99, "ms"),
        figure(f"{name} rate", seen.rate, "requests/s", beside=(f"{bare} rate", call.rate)),
        figure(f"{name} p50", percentile(seen.milliseconds, 50), "ms"),
        figure(f"{name} p99", percentile(seen.milliseconds, 99), "ms", beside=(f"{bare} p99", bare_p99)),
        figure(f"{name} errors", len(seen.errors), "requests"),
        figure(f"{name} told to come back", seen.pushed_back, "requests"),
    ]


def _count(ground: Ground, name: str, query: LiteralString) -> int:
    with ground.superuser(name) as connection:
        row = connection.execute(query).fetchone()
    return int(str(row and row[0]))


@contextmanager
def own_server() -> Iterator[Ground]:
    """An embedded server of our own with the product's settings, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tk-", dir="/tmp"))
    folder.chmod(0o711)
    keys = open_keys(folder / "data" / "keys", datetime.now(UTC), {})
    passwords = Passwords(keys.password("superuser"), keys.password("maintenance"), keys.password("app"))
    server = EmbeddedPostgres(folder / "data" / "postgres", passwords)
    try:
        with server:
            assert server.pid is not None
            yield Ground(server.superuser_url, server.urls.maintenance, passwords, keys, folder / "data", server.pid)
        server.remove()
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """`--quick`: two doors in turn, printed and not kept."""
    parser = argparse.ArgumentParser(prog="tests.bench.bench_ledger")
    parser.add_argument("--quick", nargs="*", choices=sorted(DOORS | MORE), default=None, metavar="DOOR",
                        help=f"of {', '.join(sorted(DOORS | MORE))}")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--profile", action="store_true", help="and the time of each function")
    chosen = parser.parse_args()
    began = time.perf_counter()
    wanted = {name: (DOORS | MORE)[name] for name in chosen.quick or [next(iter(DOORS))]}
    with own_server() as ground:
        ground.build()
        print(table(posting(ground, wanted, rounds=chosen.rounds, seconds=chosen.seconds)))
        for name, door in wanted.items() if chosen.profile else ():
            print(f"\n{name}\n{profile(ground, 'posting', ground.urls('posting'), door)}")
    print(f"in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
