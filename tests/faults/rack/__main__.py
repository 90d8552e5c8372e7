"""The command behind `make rack`: play so many schedules, say what each came to, and the story of one that broke."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.faults.rack.ground import Ground
from tests.faults.rack.play import MOVES, Played, play


def main() -> int:
    """Exit code 1 when a schedule is broken; it is told how to play it again."""
    parser = argparse.ArgumentParser(prog="make rack", description=__doc__)
    parser.add_argument("--schedules", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--tills", type=int, default=20)
    parser.add_argument("--moves", type=int, default=MOVES)
    wanted = parser.parse_args()
    began, played = time.monotonic(), list[Played]()
    with Ground(wanted.tills) as ground:
        print(f"{wanted.tills} tills after {time.monotonic() - began:.0f} s", flush=True)
        for seed in range(wanted.first, wanted.first + wanted.schedules):
            one = play(ground, seed, wanted.moves)
            played.append(one)
            print(one.line if one.holds else one.told(), flush=True)
        print(ground.premises.verify())
    _sum(played, time.monotonic() - began)
    return 1 if any(not one.holds for one in played) else 0


def _sum(played: list[Played], seconds: float) -> None:
    done: Counter[str] = Counter()
    for one in played:
        done += one.done
    for name, count in sorted(done.items()):
        print(f"{count:6} {name}")
    verdicts = [one.verdict for one in played]
    most, published = max((v.at_once for v in verdicts), default=0), max((v.published for v in verdicts), default=0)
    print(
        f"{len(played)} schedules, {sum(not one.holds for one in played)} broken; overspend: "
        f"honest {sum(v.by_honest for v in verdicts)}, at risk {sum(v.by_risk for v in verdicts)} "
        f"(most at once {most}, published {published}), "
        f"by copies {sum(v.by_copies for v in verdicts)} of {sum(v.bound_copies for v in verdicts)}, "
        f"in lost time {sum(v.by_lost_time for v in verdicts)}, released {sum(v.by_release for v in verdicts)}; "
        f"{seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
