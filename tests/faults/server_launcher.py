"""Run the shipped server so that a test can end it at a named step: `server_launcher.py serve …`.

Rule: the shipped functions are wrapped from outside, here; nothing in the product knows of it. A step happens once the
file TEST_FAULT names it (`step` or `step!postgres`): the file is removed, then the server, or its Postgres, is killed
with -9. Imports no test code, so that it starts as fast as the server itself.
"""

from __future__ import annotations

import functools
import inspect
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sync_server import __main__, bootstrap
from sync_server.api import gate, problems, terminals
from sync_server.catalogue import changes
from sync_server.database import migrate
from sync_server.fleet import alarms, pairing
from sync_server.fleet import terminals as fleet
from sync_server.intake import facts, held
from sync_server.jobs import upkeep
from sync_server.ledger import alarms as ledger_alarms
from sync_server.ledger import backups, functions

BATCH_FACTS = 3
"""So that a handful of facts makes several batches."""
STEPS: dict[str, tuple[str, Any, str]] = {
    "push: let in": ("after", terminals, "let_in"),
    "push: before the ledger is called": ("before", functions, "intake_facts"),
    "push: posted, before COMMIT": ("after", functions, "intake_facts"),
    "push: committed, before the next batch": ("before second", functions, "intake_facts"),
    "push: facts committed, before the print reports": ("before", functions, "take_print_reports"),
    "push: committed, before the answer": ("after", bootstrap, "accept_push"),
    "request: let in": ("after", terminals, "let_in"),
    "request: before the ledger is called": ("before", functions, "redeem_pass"),
    "request: posted, before COMMIT": ("after", functions, "redeem_pass"),
    "request: committed, before the answer": ("after", bootstrap, "answer_request"),
    "charge: before the ledger is called": ("before", functions, "charge_by_request"),
    "charge: posted, before the answer": ("after", functions, "charge_by_request"),
    "refund: before the ledger is called": ("before", functions, "refund_by_request"),
    "refund: posted, before the answer": ("after", functions, "refund_by_request"),
    "pairing: before the code is used": ("before", pairing, "pair"),
    "pairing: committed, before the answer": ("after", pairing, "pair"),
    "pull: page read, before the answer": ("after", changes, "page"),
    "decision: before it is looked at": ("before", held, "decide"),
    "decision: posted, before COMMIT": ("after", held, "call"),
    "decision: committed, before the answer": ("after", held, "decide"),
    "backup: before it is noted": ("before", backups, "note"),
    "backup: noted, before COMMIT": ("after", backups, "note"),
    "alarm: let in, before it is taken": ("before", alarms, "take"),
    "alarm: written, before COMMIT": ("after", ledger_alarms, "take_till_alarm"),
    "alarm: committed, before the answer": ("after", alarms, "take"),
    "revocation: before it is looked at": ("before", fleet, "revoke"),
    "revocation: done, before COMMIT": ("after", fleet, "perform"),
    "revocation: committed, before the answer": ("after", fleet, "revoke"),
    "start: between two parts of a migration": ("before second", migrate, "run_segment"),
    "start: migrated, before the pool is open": ("before", bootstrap, "open_rooms"),
    "start: epoch known, before the first request": ("before", upkeep, "keep_partitions"),
}


def main() -> int:
    """Wrap every step and run the command."""
    for name, (when, module, function) in STEPS.items():
        setattr(module, function, _wrapped(name, when, getattr(module, function)))
    facts.BATCH_FACTS = BATCH_FACTS
    problems._DATABASE_RETRY_SECONDS = 0
    if "TEST_GATE" in os.environ:
        limit = int(os.environ["TEST_GATE"])
        setattr(bootstrap, "Gate", lambda _: gate.Gate(limit))  # noqa: B010 - not the module's own name
    if "TEST_LINE" in os.environ:
        gate.LINE = int(os.environ["TEST_LINE"])
    return __main__.main()


def _wrapped(name: str, when: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The function, ended before or after its work when its step's time has come."""
    seen = 0

    def reached() -> None:
        nonlocal seen
        fault = Path(os.environ["TEST_FAULT"])
        if not fault.exists() or fault.read_text().partition("!")[0] != name:
            seen = 0
            return
        seen += 1
        if seen == 2 or not when.endswith("second"):
            _die(fault)

    return around(when, work, reached)


def around(when: str, work: Callable[..., Any], reached: Callable[[], None]) -> Callable[..., Any]:
    """The function, plain or awaited, with a call of `reached` "before…" or "after…" its work."""
    if inspect.iscoroutinefunction(work):

        @functools.wraps(work)
        async def waiting(*arguments: Any, **named: Any) -> Any:
            if when.startswith("before"):
                reached()
            found = await work(*arguments, **named)
            if when.startswith("after"):
                reached()
            return found

        return waiting

    @functools.wraps(work)
    def direct(*arguments: Any, **named: Any) -> Any:
        if when.startswith("before"):
            reached()
        found = work(*arguments, **named)
        if when.startswith("after"):
            reached()
        return found

    return direct


def _die(fault: Path) -> None:
    whom = fault.read_text().partition("!")[2]
    fault.unlink()
    if whom == "postgres":
        os.kill(int(Path(os.environ["TEST_POSTMASTER"]).read_text().split()[0]), signal.SIGKILL)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
