"""What this till took: sales for money, charges and top-ups, found again for a refund, with what came back of each.

Rule: reads facts; the ledger's number of one comes with its acknowledgement, or with the answer to the request before.
A fact that was compacted is not held here any more (`retention`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.facts import CardCharged, Fact, OrderPaid, OrderRefunded, Refunded, ToppedUp, decode_fact
from models.refusals import Refusal
from pos_app.journal import requests
from pos_app.journal.tables import COMPACTED, FACTS, OUTBOX, PRINT_JOBS

KINDS = (OrderPaid.__name__, CardCharged.__name__, ToppedUp.__name__)


@dataclass(frozen=True, slots=True)
class Taking:
    """A sale, charge or top-up of this till; `tx_no` None while the ledger has not told its number.

    `back`: this till's refunds of it; those of other tills are not known here.
    """

    fact: Fact
    tx_no: str | None
    back: tuple[Refunded | OrderRefunded, ...] = ()

    @property
    def amount_minor(self) -> int:
        """What was paid."""
        body = self.fact.body
        if isinstance(body, ToppedUp):
            return body.amount_minor
        return body.total_minor if isinstance(body, OrderPaid | CardCharged) else 0

    @property
    def left_minor(self) -> int:
        """What has not come back."""
        given = sum(one.amount_minor if isinstance(one, Refunded) else one.total_minor for one in self.back)
        return self.amount_minor - given


def recent(rows: Connection, limit: int) -> tuple[Taking, ...]:
    """Return the last sales, charges and top-ups, newest first."""
    statement = _TAKINGS.order_by(FACTS.c.seq.desc()).limit(limit)
    return _takings(rows, ((row.bytes, row.tx_no) for row in rows.execute(statement)))


def by_tx_no(rows: Connection, tx_no: str) -> Taking | None:
    """Return the taking with this ledger number."""
    row = rows.execute(_TAKINGS.where(OUTBOX.c.tx_no == tx_no)).first()
    if row is not None:
        return _one(rows, row.bytes, row.tx_no)
    # A charge is numbered by the answer before it; its acknowledgement may still be on the way.
    pending = _TAKINGS.where(OUTBOX.c.tx_no.is_(None), FACTS.c.kind == CardCharged.__name__)
    found = _takings(rows, ((row.bytes, row.tx_no) for row in rows.execute(pending)))
    return next((one for one in found if one.tx_no == tx_no), None)


def by_slip(rows: Connection, number: str) -> Taking | None:
    """Return the taking that printed this slip."""
    seq = rows.execute(select(PRINT_JOBS.c.seq).where(PRINT_JOBS.c.slip == number)).scalars().first()
    row = rows.execute(_TAKINGS.where(FACTS.c.seq == seq)).one_or_none() if seq is not None else None
    return None if row is None else _one(rows, row.bytes, row.tx_no)


def by_fact(rows: Connection, fact_id: str) -> Taking | None:
    """Return the taking that this fact is."""
    row = rows.execute(_TAKINGS.where(FACTS.c.fact_id == fact_id)).one_or_none()
    return None if row is None else _one(rows, row.bytes, row.tx_no)


_TAKINGS = (
    select(FACTS.c.bytes, OUTBOX.c.tx_no)
    .select_from(FACTS.join(OUTBOX, OUTBOX.c.seq == FACTS.c.seq))
    .where(FACTS.c.kind.in_(KINDS), FACTS.c.bytes != COMPACTED)
)
_REFUNDS = select(FACTS.c.bytes).where(
    FACTS.c.kind.in_((Refunded.__name__, OrderRefunded.__name__)), FACTS.c.bytes != COMPACTED
)


def _one(rows: Connection, data: bytes, tx_no: str | None) -> Taking | None:
    found = _takings(rows, [(data, tx_no)])
    return found[0] if found else None


def _takings(rows: Connection, found: Iterable[tuple[bytes, str | None]]) -> tuple[Taking, ...]:
    made = [Taking(fact, _number(rows, fact, tx_no)) for data, tx_no in found if (fact := _read(data)) is not None]
    if not made:
        return ()
    back: dict[str, list[Refunded | OrderRefunded]] = {}
    for data in rows.execute(_REFUNDS).scalars():
        fact = _read(data)
        if fact is not None and isinstance(fact.body, Refunded):
            back.setdefault(fact.body.original_tx_no, []).append(fact.body)
        elif fact is not None and isinstance(fact.body, OrderRefunded):
            back.setdefault(fact.body.order_id, []).append(fact.body)
    return tuple(Taking(one.fact, one.tx_no, tuple(back.get(_key(one), ()))) for one in made)


def _key(one: Taking) -> str:
    """By what its refunds name a taking: a sale by its order, anything else by the ledger's number."""
    return one.fact.body.order_id if isinstance(one.fact.body, OrderPaid) else one.tx_no or ""


def _number(rows: Connection, fact: Fact, tx_no: str | None) -> str | None:
    if tx_no is None and isinstance(fact.body, CardCharged) and fact.body.evidence.request_id is not None:
        asked = requests.by_id(rows, fact.body.evidence.request_id)
        return asked.answer.tx_no if asked is not None and asked.answer is not None else None
    return tx_no


def _read(data: bytes) -> Fact | None:
    """A fact that was damaged cannot be refunded here; the outbox tells of it (`tampering`)."""
    try:
        return decode_fact(data)
    except Refusal:
        return None
