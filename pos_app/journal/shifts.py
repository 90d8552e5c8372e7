"""The open shift of this till, as its facts say, and the facts that belong to it."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from models.facts import Fact, decode_fact
from models.refusals import Refusal
from models.times import parse_instant
from pos_app.journal.projections import Closed, Opened
from pos_app.journal.tables import FACTS, SHIFT_ENDS, SHIFTS

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift that is open; `first_seq` is the place of the first fact that its end will sum up."""

    shift_id: str
    opened_at: datetime
    opened_by: str | None
    first_seq: int


def add(rows: Connection, opened: Opened) -> None:
    """Note that a shift began."""
    rows.execute(insert(SHIFTS), asdict(opened))


def end(rows: Connection, closed: Closed) -> None:
    """Note that a shift ended."""
    rows.execute(insert(SHIFT_ENDS), asdict(closed))


# Built once: building a statement costs more than running it, and every action asks for the shift.
_LAST = (
    select(SHIFTS, select(func.max(SHIFT_ENDS.c.seq)).scalar_subquery().label("last_end"))
    .order_by(SHIFTS.c.seq.desc())
    .limit(1)
)


def open_shift(rows: Connection) -> Shift | None:
    """Return the open shift."""
    row = rows.execute(_LAST).one_or_none()
    if row is None or (row.last_end is not None and row.last_end > row.seq):
        return None
    first_seq = row.seq if row.last_end is None else row.last_end + 1
    return Shift(row.shift_id, parse_instant(row.opened_at), row.opened_by, first_seq)


def last_end(rows: Connection) -> int | None:
    """Return the place of the fact that ended a shift last."""
    found: int | None = rows.execute(select(func.max(SHIFT_ENDS.c.seq))).scalar_one()
    return found


def facts_of(rows: Connection, shift: Shift) -> list[Fact]:
    """Return everything since the last end in chain order, all whole: `retention` leaves it alone.

    What came between two shifts is in it: a refund that was granted late hands out the drawer's money too. A fact that
    cannot be read any more (a damaged disk, an edited file) is left out and keeps no shift from ending: `tampering` and
    `verify` tell of it, and HQ says that the sums are short of it.
    """
    found = select(FACTS.c.seq, FACTS.c.bytes).where(FACTS.c.seq >= shift.first_seq).order_by(FACTS.c.seq)
    facts = []
    for seq, data in rows.execute(found):
        try:
            facts.append(decode_fact(data))
        except Refusal:
            _log.error("fact %d cannot be read; the sums of its shift lack it", seq)
    return facts
