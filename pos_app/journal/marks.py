"""By what a fact can be found: its member, its pick-up number, and what it gives back.

Rule: follows from the fact alone (`projections.marks_of`) and stays when the fact is compacted; ids and numbers only.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Select, insert, or_, select

from pos_app.journal.projections import Mark
from pos_app.journal.tables import MARKS

_ADD = insert(MARKS)


def add(rows: Connection, found: Sequence[Mark]) -> None:
    """Note by what a fact can be found."""
    if found:
        rows.execute(_ADD, [asdict(one) for one in found])


def giving_back(rows: Connection, values: Sequence[str]) -> list[int]:
    """Return the places of the refunds of these, named as refunds name them (`takings.name_of`)."""
    wanted = MARKS.c.value.in_([value for value in values if value])
    return list(rows.execute(select(MARKS.c.seq).where(MARKS.c.mark == "original", wanted)).scalars().all())


def of_people_or_pickup(member_ids: Sequence[str], pickup_no: str) -> Select[tuple[int]]:
    """Return the query for the places of what belongs to one of these members, or has this pick-up number."""
    member = (MARKS.c.mark == "member") & MARKS.c.value.in_(member_ids)
    pickup = (MARKS.c.mark == "pickup") & (MARKS.c.value == pickup_no)
    return select(MARKS.c.seq).where(or_(member, pickup) if pickup_no else member).distinct()
