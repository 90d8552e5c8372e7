"""The command behind `make crashes`: every point so many times, each time with another queue; what was lost, doubled.

Rule: each worker has a house, a database and tills of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.faults.crashes.points import POINTS
from tests.faults.crashes.rounds import Round, play

HOUSE_ROUNDS = 60
"""After so many a worker takes a fresh house, so that what is checked in full stays short."""


def main() -> int:
    """Exit code 1 when a round fails; it is told how to play it again."""
    parser = argparse.ArgumentParser(prog="make crashes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--point", default="", help="only points whose name holds this")
    wanted = parser.parse_args()
    names = [name for name in POINTS if wanted.point in name]
    seeds = range(wanted.first_seed, wanted.first_seed + wanted.rounds)
    rounds = [(name, seed) for seed in seeds for name in names]
    began, done = time.monotonic(), list[Round]()
    parts = [rounds[start : start + HOUSE_ROUNDS] for start in range(0, len(rounds), HOUSE_ROUNDS)]
    with ProcessPoolExecutor(wanted.workers, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as workers:
        for ended in as_completed([workers.submit(play, part) for part in parts]):
            done += ended.result()
            print(f"{len(done)} of {len(rounds)} rounds, {time.monotonic() - began:.0f} s", flush=True)
    failed = [one for one in done if not one.holds]
    for one in failed:
        again = f"make crashes POINT={one.name!r} FIRST_SEED={one.seed}"
        print(f"{one.name}: {one.lost} lost, {one.doubled} doubled {one.broken}\nonce more: {again}")
    lost, doubled = sum(one.lost for one in done), sum(one.doubled for one in done)
    print(
        f"{len(names)} points, {len(done)} kills: {lost} lost, {doubled} doubled, {len(failed)} rounds failed;"
        f" {time.monotonic() - began:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
