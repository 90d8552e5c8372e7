"""kill -9 at every named step: those that no other test of this folder takes, once here; and all of them are taken."""

from __future__ import annotations

import random
from pathlib import Path
from types import ModuleType

import pytest

from tests.faults import (
    server_launcher,
    test_cards_killed,
    test_server_killed,
    test_start_killed,
    test_till_killed,
    till_launcher,
)
from tests.faults.conftest import BLOCKS, FaultyHouse
from tests.faults.crashes.points import POINTS
from tests.faults.crashes.scene import Scene

pytestmark = pytest.mark.req("R113")
SEED = 4


def _taken(module: ModuleType, who: str) -> set[str]:
    """The points that the parametrized tests of a module take."""
    marks = [mark for work in vars(module).values() for mark in getattr(work, "pytestmark", ())]
    return {f"{who}, {step}" for mark in marks if mark.name == "parametrize" for step in mark.args[1]}


ELSEWHERE = (
    _taken(test_till_killed, "till")
    | _taken(test_server_killed, "server")
    | _taken(test_cards_killed, "server")
    | {f"server, {step}" for step in test_start_killed.TAKEN}
)
HERE = [name for name in POINTS if name not in ELSEWHERE]


@pytest.mark.parametrize("name", HERE)
@pytest.mark.timeout(120)
def test_killed(house: FaultyHouse, tmp_path: Path, name: str) -> None:
    """Some work waits; nothing acknowledged is lost, nothing is doubled, one slip at most is unknown, all verifies."""
    if not house.running:
        house.run()
    scene = Scene(house, tmp_path / "till", random.Random(f"{SEED} {name}"))
    try:
        POINTS[name](scene)
        scene.settle()
        assert scene.judge() == (0, 0)
    finally:
        scene.close()


def test_every_point_is_taken() -> None:
    """No step is only a name: a test that is named by one waits for a death by -9; all others are taken here."""
    assert len(POINTS) == len(till_launcher.STEPS) + len(server_launcher.STEPS) + len(BLOCKS)
    assert set(POINTS) >= ELSEWHERE, "a test takes a step that is none"
    assert len([name for name in POINTS if name.startswith("till")]) >= 40
    assert len([name for name in POINTS if name.startswith("server")]) >= 25
