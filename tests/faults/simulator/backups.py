"""Backups as the operator notes them, and what tills compact on their word (docs/decisions/0014).

Rule: a till loses the bytes of no fact that the noted backup has not. Most notes tell of the copy that a restore would
bring back; now and then of one that is gone when it is needed: then a till may be left with a hole, and HQ hears of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from models.shifts import expected_of
from pos_app.journal import shifts
from pos_app.till import shift, sign_in
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.ledger import backups
from tests.faults.simulator.expected import require
from tests.faults.simulator.machine import Dice
from tests.flows import shop

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run
    from tests.faults.simulator.till import SimulatedTill
    from tests.faults.simulator.watch import TillWatch

_OPERATOR = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")
_LONGEST_COMMIT = timedelta(minutes=5)
_COMPACTED = "SELECT seq, hash FROM facts WHERE bytes = x''"
_GAPS = "SELECT count(*) FROM app.alarms WHERE kind = 'chain_gap' AND principal_id = %s"


class Backups:
    """What the operator has said of backups in this run. Its luck is its own, so that it changes no other step."""

    def __init__(self, run: Run) -> None:
        self._run, self._dice = run, Dice(run.seed * 100 + 99)
        self._held: dict[str, set[str]] = {}
        self._compacted: dict[int, set[str]] = {}

    def taken(self) -> None:
        """A copy of the database was made just now; most of them are noted, some before the next, some never."""
        run = self._run
        if self._dice.happens(75):
            self._note(run.time.now)
        if self._dice.happens(15):
            run.more.append((1, noted_elsewhere))

    def shift_ends(self, till: SimulatedTill) -> None:
        """What belongs to an open shift stays whole; often this one ends with the backup, and the next begins."""
        if not self._dice.happens(70):
            return
        sign_in.sign_in(till.till, shop.PIN)
        with till.journal.reading() as rows:
            is_open = shifts.open_shift(rows) is not None
        if is_open:
            shift.close_shift(till.till, expected_of(shift.x_report(till.till)))
        shift.open_shift(till.till, 20000)

    def note_now(self) -> None:
        """Another backup, of now; what a restore brings back may be older."""
        self._note(self._run.time.now)

    def _note(self, taken_at: datetime) -> None:
        run = self._run

        async def note(pool: Pool) -> None:
            async with transaction(pool, _OPERATOR) as connection:
                told = await backups.note(connection, taken_at)
                require(told["outcome"] == "accepted", 0, f"a backup could not be noted: {told}")

        run.server.job(note)
        for terminal, known in run.expected.terminals.items():
            self._held.setdefault(terminal, set()).update(known.stored)
        run.counted["backup noted"] += 1

    def look(self, watch: TillWatch) -> None:
        """What a till has compacted is in a backup that was noted."""
        known = self._compacted.setdefault(watch.till.number, set())
        found = {hashed: seq for seq, hashed in watch.till.journal_rows(_COMPACTED)}
        for hashed in found.keys() - known:
            held = hashed in self._held.get(watch.terminal, ())
            require(held, 10, f"till {watch.till.number}: fact {found[hashed]} was compacted and is in no backup")
        self._run.counted["facts compacted"] += len(found.keys() - known)
        known |= found.keys()

    def hole(self, till: SimulatedTill) -> int | None:
        """Place of the first fact that the till has compacted and that a restore of an older copy took away."""
        stored = self._run.mine(till.number).stored
        lost = [seq for seq, hashed in till.journal_rows(_COMPACTED) if hashed not in stored]
        return min(lost, default=None)

    def alarmed(self, till: SimulatedTill) -> bool:
        """Whether HQ has heard that a till waits with facts behind a hole."""
        ((count,),) = self._run.server.rows(_GAPS, self._run.terminals[till.number])
        return bool(count)


def noted_elsewhere(run: Run, till: SimulatedTill) -> str | None:
    """A backup is noted whose files are not those that a restore will find."""
    run.backups.note_now()
    run.backups.shift_ends(till)
    return None
