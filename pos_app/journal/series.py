"""Numbers that people read: gap-free slip numbers per kind, and pick-up numbers per day.

Rule: taken inside the transaction that records the fact, so a number that is not on a fact was never taken.
"""

import re

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.sqlite import insert

from models.ids import slip_number
from pos_app.journal.tables import SERIES

# Built once: building a statement costs more than running it, and every sale takes two numbers.
_TAKE = (
    insert(SERIES)
    .on_conflict_do_update(index_elements=["name"], set_={"last": SERIES.c.last + 1})
    .returning(SERIES.c.last)
)


def next_slip(rows: Connection, kind: str, terminal_code: str) -> str:
    """Take the next number of this terminal's series of `kind` ("VR" or "TP")."""
    return slip_number(kind, terminal_code, _next(rows, kind))


def next_pickup(rows: Connection, terminal_code: str, business_day: str) -> str:
    """Take the next pick-up number of the day: the till's number, then 001, 002 …; two tills never agree."""
    name = f"pickup {business_day}"
    number = _next(rows, name)
    if number == 1:
        rows.execute(delete(SERIES).where(SERIES.c.name.startswith("pickup "), SERIES.c.name != name))
    digits = re.search(r"[0-9]+$", terminal_code)
    return f"{int(digits[0]) if digits else terminal_code}{number:03d}"


def _next(rows: Connection, name: str) -> int:
    return int(rows.execute(_TAKE, {"name": name, "last": 1}).scalar_one())
