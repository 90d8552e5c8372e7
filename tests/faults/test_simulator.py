"""The simulator (tests/faults/simulator) over some seeds; that it plays one again exactly, and finds what it must.

Rule: which seeds are played follows from nothing but this file, so a failure here can be played again by `make faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.simulator.changed import Bug
from tests.faults.simulator.expected import Wrong
from tests.faults.simulator.jobs import play_all
from tests.faults.simulator.nursery import Nursery, open_nursery
from tests.faults.simulator.planted import BUGS, table
from tests.faults.simulator.run import Broken, play

pytestmark = pytest.mark.timeout(900)
"""Minutes of computing: on a machine that does much besides, two minutes are over before it."""
SEEDS, STEPS = 100, 100
TRIED_SEEDS, TRIED_STEPS = 12, 60


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """The shop as every run begins."""
    with open_nursery() as made:
        yield made


@pytest.fixture(autouse=True)
def quick() -> None:
    """Nothing of this folder's real processes is needed here."""


def test_seeds_hold() -> None:
    """Whatever goes wrong, all that must stay true does (sync.md), and in the end all agree."""
    broken = [played.broken for played in play_all(range(1, SEEDS + 1), STEPS, jobs=2) if played.broken is not None]
    assert not broken, "\n\n".join(broken)


def test_the_same_seed_is_the_same_run(nursery: Nursery) -> None:
    """Else no failure could be looked into."""
    first, second = (play(nursery, SEEDS + 1, TRIED_STEPS) for _ in range(2))
    assert first == second
    assert len(first.told) > TRIED_STEPS


def test_every_invariant_has_a_bug_to_find() -> None:
    """The numbers are those of sync.md, "What must stay true"."""
    assert {bug.invariant for bug in BUGS} >= set(range(1, 15))


def test_the_page_lists_what_is_planted() -> None:
    """docs/faults.md has this table as `planted.table` gives it."""
    assert table() in Path("docs/faults.md").read_text("utf-8")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.invariant}: {bug.name}")
def test_planted_bug_is_found(nursery: Nursery, bug: Bug) -> None:
    """Within a few seeds, by a promise that is broken, not by some crash, and by the one who is named."""
    found = None
    for seed in range(bug.first_seed, bug.first_seed + TRIED_SEEDS):
        try:
            play(nursery, seed, TRIED_STEPS, bug.plant)
        except Broken as broken:
            found = broken
            break
    assert found is not None, f"{TRIED_SEEDS} seeds x {TRIED_STEPS} steps went by with {bug.name}"
    assert isinstance(found.cause, Wrong), found
    assert found.cause.by == bug.found_by, found
    assert found.cause.invariant or not bug.invariant, f"a failing answer is no broken promise: {found}"
