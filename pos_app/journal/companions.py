"""What travels beside a fact, sealed for the server alone: this till cannot open it either.

Rule: kept as long as the fact may have to be sent again, since after a restore of its database the server has lost both
(sync.md, "Facts"); it goes when the fact is compacted (`retention`). The fact names it by hash, and says nothing of it.
"""

import base64
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from models.wire import Companion
from pos_app.journal import aliases
from pos_app.journal.tables import COMPANIONS, OUTBOX


def add(rows: Connection, seq: int, fact_id: str, member_id: str, sealed: bytes) -> None:
    """Keep what belongs to the fact at this place."""
    rows.execute(insert(COMPANIONS).values(seq=seq, fact_id=fact_id, member_id=member_id, sealed=sealed))


def of(rows: Connection, seqs: Sequence[int]) -> tuple[Companion, ...]:
    """Return what travels beside these facts, which follow each other."""
    if not seqs:
        return ()
    statement = select(COMPANIONS.c.fact_id, COMPANIONS.c.sealed).order_by(COMPANIONS.c.seq)
    found = rows.execute(statement.where(COMPANIONS.c.seq.between(seqs[0], seqs[-1])))
    return tuple(Companion(fact_id, base64.b64encode(sealed).decode()) for fact_id, sealed in found)


def forget(rows: Connection, seqs: Sequence[int]) -> None:
    """Forget what belongs to facts that need never be sent again."""
    rows.execute(delete(COMPANIONS).where(COMPANIONS.c.seq.in_(seqs)))


def forget_member(rows: Connection, member_id: str) -> None:
    """Forget a person whom the server has forgotten, under whichever id they were made here.

    What no server has ever heard of stays: it cannot have been forgotten.
    """
    unheard = select(OUTBOX.c.seq).where(OUTBOX.c.state == "pending", OUTBOX.c.heard == 0)
    ids = aliases.ids_of(rows, member_id)
    rows.execute(delete(COMPANIONS).where(COMPANIONS.c.member_id.in_(ids), COMPANIONS.c.seq.not_in(unheard)))
