"""Play many seeds in several processes, each with a Postgres of its own: a transaction of one must not hold up another.

Rule: a seed is played alike wherever and after whatever it is played; which process takes it is chance.
"""

from __future__ import annotations

import logging
import multiprocessing
import queue
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue

from tests.faults.simulator import adversary
from tests.faults.simulator.nursery import Nursery, open_nursery
from tests.faults.simulator.run import Broken, Report, play

_LOOK_SECONDS = 2.0
PROFILES: dict[str, Callable[[Nursery, int, int], Report]] = {"everything": play, "adversary": adversary.play}
"""What is played: everything that goes wrong beside the oracle, or somebody who tries to spend twice."""


@dataclass(frozen=True)
class Played:
    """What came of a seed. `broken`: why it failed and how to play it again, None when it held."""

    seed: int
    done: Counter[str]
    seconds: float
    broken: str | None = None


def play_all(seeds: range, steps: int, jobs: int, profile: str = "everything") -> Iterator[Played]:
    """Play each of these seeds; what comes back is in no order. RuntimeError when a process ends before its work."""
    context = multiprocessing.get_context("spawn")
    waiting: Queue[int | None] = context.Queue()
    found: Queue[Played] = context.Queue()
    for seed in (*seeds, *[None] * jobs):
        waiting.put(seed)
    workers = [context.Process(target=_work, args=(waiting, found, steps, profile)) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    try:
        for _ in seeds:
            yield _next(found, workers)
        for worker in workers:
            worker.join()
    finally:
        for worker in workers:
            worker.terminate()


def _next(found: Queue[Played], workers: Sequence[BaseProcess]) -> Played:
    while True:
        try:
            return found.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            if any(worker.exitcode for worker in workers) or not any(worker.is_alive() for worker in workers):
                raise RuntimeError("a process of the simulator has ended before its work") from None


def _work(waiting: Queue[int | None], found: Queue[Played], steps: int, profile: str) -> None:
    logging.disable(logging.CRITICAL)  # faults are what this is about; a failure tells all it needs
    with open_nursery() as nursery:
        while (seed := waiting.get()) is not None:
            started = time.monotonic()
            try:
                done, broken = PROFILES[profile](nursery, seed, steps).done, None
            except Broken as error:
                done, broken = error.counted, str(error)
            found.put(Played(seed, done, time.monotonic() - started, broken))
