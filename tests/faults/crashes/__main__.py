"""The command behind `make crashes`: every point so many times, each time with another queue; what was lost, doubled.

Rule: each worker has a house, a database and tills of its own.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import queue
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

from tests.faults.crashes.points import POINTS
from tests.faults.crashes.rounds import Round, play

HOUSE_ROUNDS = 60
"""After so many a worker takes a fresh house, so that what is checked in full stays short."""
_LOOK_SECONDS = 1.0


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
    if not rounds:
        parser.error(f"no point holds {wanted.point!r}")
    began, done = time.monotonic(), list[Round]()
    for one in _played(rounds, wanted.workers):
        done.append(one)
        how = "holds" if one.holds else "FAILS"
        print(f"{len(done)} of {len(rounds)}, {time.monotonic() - began:.0f} s: {one.name} {how}", flush=True)
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


def _played(rounds: list[tuple[str, int]], workers: int) -> Iterator[Round]:
    """Each round as it ends, in no order; what ends a worker is raised here."""
    context = multiprocessing.get_context("spawn")
    size = min(HOUSE_ROUNDS, math.ceil(len(rounds) / workers))
    parts = [rounds[start : start + size] for start in range(0, len(rounds), size)]
    with context.Manager() as manager:
        ended: queue.Queue[Round] = manager.Queue()
        with ProcessPoolExecutor(workers, context, max_tasks_per_child=1) as pool:
            waiting = {pool.submit(play, part, ended) for part in parts}
            for _ in rounds:
                while ended.empty():
                    over, waiting = wait(waiting, _LOOK_SECONDS, FIRST_COMPLETED)
                    for one in over:
                        one.result()
                yield ended.get()


if __name__ == "__main__":
    sys.exit(main())
