"""Bench of the ledger: its posting doors beside what the public pgledger does for one transfer, in one run.

Rule: prints figures; asserts no time. Everything runs on one embedded Postgres with the product's own settings, fsync
on. `python -m tests.bench.bench_ledger --quick` compares one door with the yardstick in some seconds.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sync_server.database.embedded import EmbeddedPostgres
from sync_server.database.urls import Passwords
from sync_server.keys import open_keys
from tests.bench.harness import Figure, figure, table
from tests.bench.ledger import doors
from tests.bench.ledger.doors import Door
from tests.bench.ledger.ground import Ground, add_yardstick
from tests.bench.ledger.profile import profile
from tests.bench.ledger.rounds import Tally, take_turns

ROUNDS, SECONDS = 5, 2
SPREAD, HOT = "yardstick_spread", "yardstick_hot"
YARDSTICKS = {SPREAD: doors.transfer(), HOT: doors.transfer(hot=True), "bare_insert": doors.BARE_INSERT}
DOORS = {"redeem_spread": doors.redeem(), "redeem_hot": doors.redeem(1)}


def figures() -> list[Figure]:
    """Everything, in some minutes."""
    with own_server() as ground:
        ground.build()
        return posting(ground, DOORS, rounds=ROUNDS, seconds=SECONDS)


def posting(ground: Ground, measured: Mapping[str, Door], *, rounds: int, seconds: int) -> list[Figure]:
    """One posting, many clients: the doors beside the yardstick, with what each writes."""
    urls = ground.fresh("posting")
    add_yardstick(urls)
    both = {**YARDSTICKS, **measured}
    take_turns(urls, both, rounds=1, seconds=1)  # uncounted: plans made for empty tables are another figure
    with ground.superuser("posting") as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
    tallies = take_turns(urls, both, rounds=rounds, seconds=seconds)
    return [line for name in tallies for line in _lines(name, tallies)]


def _lines(name: str, tallies: Mapping[str, Tally]) -> list[Figure]:
    tally, beside = tallies[name], HOT if name.endswith("_hot") else SPREAD
    near = tallies[beside]
    if name in YARDSTICKS:
        return [
            figure(name, tally.rate, "tx/s"),
            figure(f"{name} WAL", tally.wal, "bytes/tx"),
            figure(f"{name} disk", tally.disk(), "bytes/tx"),
        ]
    lines = [
        figure(name, tally.rate, "tx/s", beside=(beside, near.rate)),
        figure(f"{name} WAL", tally.wal, "bytes/tx", beside=(beside, near.wal)),
    ]
    if not name.endswith("_hot"):
        lines += [
            figure(f"bytes_per_operation {name}", tally.disk("audit"), "bytes", beside=("bar 1.5 KB", 1500)),
            figure(f"bytes_per_operation_audit {name}", tally.disk(), "bytes", beside=("bar 2 KB", 2000)),
        ]
    return lines


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
            yield Ground(server.superuser_url, server.urls.maintenance, passwords, keys, folder / "data")
        server.remove()
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """`--quick`: two doors in turn, printed and not kept."""
    parser = argparse.ArgumentParser(prog="tests.bench.bench_ledger")
    parser.add_argument("--quick", nargs="*", choices=sorted(DOORS), default=None, metavar="DOOR",
                        help=f"of {', '.join(sorted(DOORS))}")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--profile", action="store_true", help="and the time of each function")
    chosen = parser.parse_args()
    began = time.perf_counter()
    wanted = {name: DOORS[name] for name in chosen.quick or [next(iter(DOORS))]}
    with own_server() as ground:
        ground.build()
        print(table(posting(ground, wanted, rounds=chosen.rounds, seconds=chosen.seconds)))
        for name, door in wanted.items() if chosen.profile else ():
            print(f"\n{name}\n{profile(ground, 'posting', ground.urls('posting'), door)}")
    print(f"in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
