"""What goes wrong, besides the cashier's work: in the network, at a till, at the server, on the disk, on paper.

Rule: a mishap is drawn before a step and strikes in it, or is a step of its own; none outlives the run's end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.faults.simulator.network import FAULTS
from tests.faults.simulator.till import SimulatedTill

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

MENU: list[tuple[int, Callable[[Run, SimulatedTill], str | None]]] = []


def before(run: Run, till: SimulatedTill) -> None:
    """Draw what may strike in the next step."""
    if run.dice.happens(25):
        till.network.plan(run.dice.one_of(FAULTS), run.dice.between(0, 2))


def after(run: Run, till: SimulatedTill) -> None:
    """What did not strike is forgotten."""
    till.network.forget()
    run.points.disarm()
