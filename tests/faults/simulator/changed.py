"""How a bug gets into one run: a function of the program replaced, or one of the run's own database written anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run


@dataclass(frozen=True)
class Bug:
    """A bug, the number of the invariant it breaks, and how it gets into a run that has not begun. `first_seed`: where
    to begin to look for one that needs some luck. `found_by`: who notices it, as `Wrong.by` has it."""

    name: str
    invariant: int
    plant: Callable[[Run], None]
    first_seed: int = 1
    found_by: str = "oracle"


def edit(run: Run, function: str, old: str, new: str) -> None:
    """Write a function of the run's database anew, with this text in place of that."""
    ((source,),) = run.server.rows("SELECT pg_get_functiondef(%s::regproc)", function)
    assert old in source, f"{function} is written otherwise by now"
    run.server.rows(source.replace(old, new))


def instead(run: Run, owner: Any, name: str, made: Callable[[Any], Any]) -> None:
    """Put what `made` makes of a function in its place, until the run ends."""
    run.undo.enter_context(patch.object(owner, name, made(vars(owner)[name])))
