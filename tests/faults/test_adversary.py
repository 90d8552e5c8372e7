"""Somebody who tries to spend twice (tests/faults/simulator/adversary) over some seeds; and that the verdict can fall.

Ten thousand schedules are `make faults PROFILE=adversary SEEDS=10000 STEPS=12 JOBS=2`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from models.tokens import decode_reservation
from pos_app.journal import outbox, reservations
from pos_app.journal.reservations import Kept
from pos_app.till import codes
from sync_server.database.engine import Connection
from sync_server.ledger import reservations as ledger
from sync_server.ledger.functions import Plain
from sync_server.ledger.units import Act
from tests.faults.simulator import attacks
from tests.faults.simulator.adversary import Attack, play
from tests.faults.simulator.expected import Wrong
from tests.faults.simulator.nursery import Nursery, open_nursery
from tests.faults.simulator.run import Broken

pytestmark = pytest.mark.timeout(600)
SEEDS, STEPS, TRIED = 8, 12, 25


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """The shop as every schedule begins."""
    with open_nursery() as made:
        yield made


@pytest.fixture(autouse=True)
def quick() -> None:
    """Nothing of this folder's real processes is needed here."""


def test_nobody_spends_twice(nursery: Nursery) -> None:
    done = [play(nursery, seed, STEPS).done for seed in range(1, SEEDS + 1)]
    assert sum(one["PassRedeemed reserved"] for one in done) > 0, "nothing was set aside and used"
    assert sum(one["overspend: honest"] for one in done) == 0


def test_the_same_seed_is_the_same_schedule(nursery: Nursery) -> None:
    first, second = (play(nursery, 3, STEPS) for _ in range(2))
    assert first == second


def _used_up_is_forgotten(attack: Attack) -> None:
    """A till that counts nothing of what it has taken."""
    really = reservations.of_source

    def of_source(*asked: Any) -> tuple[Kept, ...]:
        return tuple(replace(one, used=0) for one in really(*asked))

    attack.undo.enter_context(patch.object(reservations, "of_source", of_source))


def _any_till_will_do(attack: Attack) -> None:
    """A token is taken at whatever till it is shown."""

    def decode(text: str, verify: Any, now: Any = None, terminal_id: str | None = None) -> Any:
        return decode_reservation(text, verify, now)

    attack.undo.enter_context(patch.object(codes, "decode_reservation", decode))


def _taken_back_by_the_server(attack: Attack) -> None:
    """What is asked back is free at once, whatever its till has not said."""

    async def recall(connection: Connection, act: Act, reservation_id: str) -> Plain:
        return await ledger.release_at_risk(connection, act, reservation_id, "asked back")

    attack.undo.enter_context(patch.object(ledger, "recall", recall))
    attack.more = [(40, attacks.given_back), (20, attacks.uses_are_set_aside)]


def _what_was_sent_still_counts(attack: Attack) -> None:
    """A till that believes in its own sale until somebody acknowledges it."""
    attack.undo.enter_context(patch.object(outbox, "sent_through", lambda _: 0))
    attack.more = [(100, attacks.a_sale_whose_answer_is_lost)]


@pytest.mark.parametrize(
    ("bug", "first_seed"),
    [
        (_used_up_is_forgotten, 3),
        (_any_till_will_do, 3),
        (_taken_back_by_the_server, 15),
        (_what_was_sent_still_counts, 1),
    ],
)
def test_a_planted_bug_is_found(nursery: Nursery, bug: Callable[[Attack], None], first_seed: int) -> None:
    """Within a few seeds, by the verdict and not by some crash. `first_seed`: where luck is found soon."""
    found = None
    for seed in range(first_seed, first_seed + TRIED):
        try:
            play(nursery, seed, STEPS, bug)
        except Broken as broken:
            found = broken
            break
    assert found is not None, f"{TRIED} schedules went by with {bug.__name__}"
    assert isinstance(found.cause, Wrong), found
