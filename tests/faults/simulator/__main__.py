"""The command behind `make faults`: play so many seeds of so many steps, say what was done, and how long it took."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter

from tests.faults.simulator.nursery import open_nursery
from tests.faults.simulator.run import Broken, play


def main() -> int:
    """Exit code 1 when a seed fails; it is told how to play it again."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=1)
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)  # faults are what this is about; a failure tells all it needs
    done: Counter[str] = Counter()
    with open_nursery() as nursery:
        started, busy = time.monotonic(), time.process_time()
        for seed in range(wanted.first_seed, wanted.first_seed + wanted.seeds):
            try:
                done += play(nursery, seed, wanted.steps).done
            except Broken as broken:
                print(broken)
                return 1
            print(f"seed {seed} holds", flush=True)
        seconds, busy = time.monotonic() - started, time.process_time() - busy
    for name, count in sorted(done.items()):
        print(f"{count:7} {name}")
    steps = wanted.seeds * wanted.steps
    print(
        f"{wanted.seeds} seeds x {wanted.steps} steps hold: {seconds:.0f} s, {1000 * seconds / max(1, steps):.1f} ms a"
    )
    print(f"step all in all, {1000 * busy / max(1, steps):.1f} ms of it in this process")
    return 0


if __name__ == "__main__":
    sys.exit(main())
