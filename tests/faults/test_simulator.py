"""The simulator (tests/faults/simulator) over some seeds, and that it plays a seed again exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.simulator.nursery import Nursery, open_nursery
from tests.faults.simulator.run import play

SEEDS, STEPS = 4, 60


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """The shop as every run begins."""
    with open_nursery() as made:
        yield made


@pytest.fixture(autouse=True)
def quick() -> None:
    """Nothing of this folder's real processes is needed here."""


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_seed_holds(nursery: Nursery, seed: int) -> None:
    """Whatever goes wrong, all that must stay true does (sync.md), and in the end all agree."""
    play(nursery, seed, STEPS)


def test_the_same_seed_is_the_same_run(nursery: Nursery) -> None:
    """Else no failure could be looked into."""
    first, second = (play(nursery, SEEDS + 1, STEPS) for _ in range(2))
    assert first == second
    assert len(first.told) > STEPS
