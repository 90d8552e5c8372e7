"""The command behind `make faults`: play so many seeds of so many steps, say what was done, and how long it took."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.faults.simulator.jobs import PROFILES, play_all
from tests.faults.simulator.run import FAULT

_TELL_SECONDS = 10.0


def main() -> int:
    """Exit code 1 when a seed fails; it is told how to play it again."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="everything")
    wanted = parser.parse_args()
    done: Counter[str] = Counter()
    broken: list[int] = []
    started = told = time.monotonic()
    seeds = range(wanted.first_seed, wanted.first_seed + wanted.seeds)
    for count, played in enumerate(play_all(seeds, wanted.steps, min(wanted.jobs, wanted.seeds), wanted.profile), 1):
        done += played.done
        now = time.monotonic()
        if played.broken is not None:
            broken.append(played.seed)
            print(played.broken, flush=True)
        if now - told > _TELL_SECONDS or count == wanted.seeds:
            told = now
            print(f"{count} of {wanted.seeds} seeds, {len(broken)} broken, {now - started:.0f} s", flush=True)
    _summary(done, wanted, broken, time.monotonic() - started)
    return 1 if broken else 0


def _summary(done: Counter[str], wanted: argparse.Namespace, broken: list[int], seconds: float) -> None:
    faults = {name: count for name, count in done.items() if name.startswith(FAULT)}
    for name, count in sorted(done.items()):
        if name not in faults:
            print(f"{count:8} {name}")
    print(f"{sum(faults.values())} faults, of each kind:")
    for name, count in sorted(faults.items()):
        print(f"{count:8} {name.removeprefix(FAULT)}")
    steps = wanted.seeds * wanted.steps
    print(
        f"{wanted.seeds} seeds x {wanted.steps} steps from seed {wanted.first_seed}, {len(broken)} broken"
        f"{' ' if broken else ''}{' '.join(map(str, sorted(broken)))}: {seconds:.0f} s with {wanted.jobs} jobs, "
        f"{1000 * seconds / max(1, steps):.1f} ms a step all in all"
    )


if __name__ == "__main__":
    sys.exit(main())
