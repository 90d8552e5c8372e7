"""The facts that a cashier thinks of as orders, newest first in pages.

Rule: reads a page of rows and never more, however long the chain is: each kind is walked by its own index, a day by
the places of its first and last fact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal_column, select, union_all

from models.drawer import CashMoved, ShiftClosed
from models.facts import CardCharged, Fact, OrderPaid, OrderRefunded, PassRedeemed, PassSold, Refunded, ToppedUp
from models.times import format_instant
from pos_app.journal import marks, outbox
from pos_app.journal.outbox import Entry
from pos_app.journal.tables import FACTS, PRINT_JOBS
from pos_app.journal.takings import read

GROUPS: dict[str, tuple[str, ...]] = {
    "sale": (OrderPaid.__name__,),
    "redemption": (PassRedeemed.__name__,),
    "pass": (PassSold.__name__,),
    "top_up": (ToppedUp.__name__,),
    "charge": (CardCharged.__name__,),
    "refund": (Refunded.__name__, OrderRefunded.__name__),
    "cash": (CashMoved.__name__,),
    "shift": (ShiftClosed.__name__,),
}
"""What a cashier can filter by, and the kinds of facts in each."""
KINDS = tuple(kind for kinds in GROUPS.values() for kind in kinds)


@dataclass(frozen=True, slots=True)
class Found:
    """A fact as the list shows it; `fact` None when its bytes are gone (`retention`) or damaged."""

    entry: Entry
    fact: Fact | None
    hash: str


def of_time(
    rows: Connection, kinds: Sequence[str], before: int, most: int, day: tuple[datetime, datetime] | None = None
) -> list[int]:
    """Return the last `most` places below `before` of facts of these kinds, newest first; `day`: from, to (exclusive).

    A till's clock may have been put back, so the facts of a day need not stand in one run.
    """
    within: list[ColumnElement[bool]] = [FACTS.c.seq < before]
    if day is not None:
        start, end = (format_instant(moment) for moment in day)
        then = FACTS.c.happened_at >= start, FACTS.c.happened_at < end
        first, last = rows.execute(select(func.min(FACTS.c.seq), func.max(FACTS.c.seq)).where(*then)).one()
        if first is None:
            return []
        within += [FACTS.c.seq >= first, FACTS.c.seq <= last, *then]
    walks = (
        select(FACTS.c.seq).where(FACTS.c.kind == kind, *within).order_by(FACTS.c.seq.desc()).limit(most)
        for kind in kinds
    )
    together = union_all(*(select(walk.subquery().c.seq) for walk in walks))
    return list(rows.execute(together.order_by(literal_column("1").desc()).limit(most)).scalars())


def of_people_or_pickup(
    rows: Connection, kinds: Sequence[str], before: int, most: int, member_ids: Sequence[str], pickup_no: str
) -> list[int]:
    """Return the last `most` places below `before` of what belongs to one of these members or has this number."""
    marked = marks.of_people_or_pickup(member_ids, pickup_no).subquery()
    joined = select(FACTS.c.seq).join(marked, marked.c.seq == FACTS.c.seq)
    wanted = joined.where(FACTS.c.kind.in_(kinds), FACTS.c.seq < before)
    return list(rows.execute(wanted.order_by(FACTS.c.seq.desc()).limit(most)).scalars())


def of_slip(rows: Connection, number: str) -> int | None:
    """Return the place of the fact that printed this slip first."""
    original = PRINT_JOBS.c.slip == number, PRINT_JOBS.c.copy == 0
    return rows.execute(select(PRINT_JOBS.c.seq).where(*original)).scalar_one_or_none()


def at(rows: Connection, seqs: Sequence[int]) -> tuple[Found, ...]:
    """Return the facts at these places, newest first."""
    stored = {
        seq: (data, fact_hash)
        for seq, data, fact_hash in rows.execute(
            select(FACTS.c.seq, FACTS.c.bytes, FACTS.c.hash).where(FACTS.c.seq.in_(seqs))
        )
    }
    entries = outbox.of_facts(rows, seqs)
    return tuple(Found(entry, read(stored[entry.seq][0]), stored[entry.seq][1]) for entry in entries)
