"""Bugs in what people at HQ do, put into a run on purpose (planted); the act is made frequent, so that it is met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from pos_app.sync import apply
from sync_server.database.engine import Pool
from sync_server.fleet import terminals
from sync_server.fleet.values import TerminalIdentity
from tests.faults.simulator import headquarters, mishaps, steps
from tests.faults.simulator.changed import Bug, edit, instead

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run


def never_rejected(run: Run) -> None:
    """A held fact that HQ rejects waits on."""
    run.more = [(30, headquarters.decides)]
    edit(
        run,
        "app.decide_held",
        "WHEN 'reject' THEN CASE",
        "WHEN 'reject' THEN app.refuse('held_unknown') WHEN '' THEN CASE",
    )


def owed_by_nobody(run: Run) -> None:
    """Uses that nobody had sold are lost, and nobody owes them."""
    run.more = [(15, headquarters.settles_loss), (15, steps.last_uses_twice)]
    edit(run, "app.post_use", "PERFORM app.record_loss(", "PERFORM concat(")


def revoked_and_served(run: Run) -> None:
    """A terminal that HQ has revoked is served as before."""
    run.more = [(8, headquarters.till_revoked)]
    edit(run, "app.intake_facts", "IF v_revoked AND ", "IF false AND ")

    def made(find: Callable[..., Any]) -> Callable[..., Any]:
        async def lenient(pool: Pool, terminal_id: str) -> TerminalIdentity | None:
            found: TerminalIdentity | None = await find(pool, terminal_id)
            return None if found is None else replace(found, status="paired")

        return lenient

    instead(run, terminals, "find", made)


def tombstones_left_out(run: Run) -> None:
    """What HQ removes from the catalogue stays at the tills."""
    run.more = [(25, headquarters.catalogue_changes), (10, mishaps.network_on), (10, steps.sync)]

    def made(apply_change: Callable[..., None]) -> Callable[..., None]:
        def keeps(rows: Connection, journal: Any, change: Any, answer: Any) -> None:
            if change.value is not None:
                apply_change(rows, journal, change, answer)

        return keeps

    instead(run, apply, "_apply_change", made)


BUGS = (
    Bug("a held fact that nobody can reject", 6, never_rejected, first_seed=6),
    Bug("a loss that nobody owes", 12, owed_by_nobody, found_by="check"),
    Bug("a revoked till that is served", 14, revoked_and_served),
    Bug("a removed product that stays", 0, tombstones_left_out),
)
