"""The open shift of this till, as its facts say."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from models.times import parse_instant
from pos_app.journal.projections import Opened
from pos_app.journal.tables import SHIFTS


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift that is open."""

    shift_id: str
    opened_at: datetime
    opened_by: str | None


def add(rows: Connection, opened: Opened) -> None:
    """Note that a shift began."""
    rows.execute(insert(SHIFTS), asdict(opened))


_LAST = select(SHIFTS.c.shift_id, SHIFTS.c.opened_at, SHIFTS.c.opened_by).order_by(SHIFTS.c.seq.desc()).limit(1)


def open_shift(rows: Connection) -> Shift | None:
    """Return the open shift. Shifts are closed in a later version, so the last one is open."""
    row = rows.execute(_LAST).one_or_none()
    return None if row is None else Shift(row.shift_id, parse_instant(row.opened_at), row.opened_by)
