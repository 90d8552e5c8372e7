"""Some rounds in a house of their own: each comes to its point with its seed's queue, settles and is judged."""

from __future__ import annotations

import logging
import random
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from tests.faults.conftest import QUICK, FaultyHouse
from tests.faults.crashes.points import POINTS
from tests.faults.crashes.scene import Scene


@dataclass(frozen=True)
class Round:
    """One kill: what was lost and doubled, and what broke besides, with its trace."""

    name: str
    seed: int
    lost: int = 0
    doubled: int = 0
    broken: str = ""

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.broken)


def play(part: list[tuple[str, int]], ended: Queue[Round]) -> None:
    """Some rounds in a house of their own; each is told as it ends."""
    logging.disable(logging.CRITICAL)  # kills are what this is about
    for owner, name, value in QUICK:
        setattr(owner, name, value)
    with FaultyHouse() as house, tempfile.TemporaryDirectory() as folder:
        house.run()
        house.open_shop()
        house.prepare_blocks()
        for one in _rounds(house, Path(folder), part):
            ended.put(one)


def _rounds(house: FaultyHouse, folder: Path, part: list[tuple[str, int]]) -> Iterator[Round]:
    for number, (name, seed) in enumerate(part):
        house.fault.unlink(missing_ok=True)
        if not house.running:
            house.run()
        scene = Scene(house, folder / str(number), random.Random(f"{seed} {name}"))
        try:
            POINTS[name](scene)
            scene.settle()
            yield Round(name, seed, *scene.judge())
        except Exception:  # noqa: BLE001 - told at the end, with how to do it again
            yield Round(name, seed, broken=traceback.format_exc())
        finally:
            scene.close()
