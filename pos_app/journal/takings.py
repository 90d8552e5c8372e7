"""What this till took: sales for money, charges and top-ups, found again for a refund, with what came back of each.

Rule: reads facts; the ledger's number of one comes with its acknowledgement, or with the answer to the request before.
A fact that was compacted is not held here any more (`retention`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.facts import CardCharged, Fact, OrderPaid, OrderRefunded, Refunded, ToppedUp, decode_fact
from models.refusals import Refusal
from models.tenders import Tender
from pos_app.journal import marks, requests
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

    @property
    def lines_back(self) -> frozenset[int]:
        """The places of a sale's cups that came back."""
        return frozenset(place for one in self.back if isinstance(one, OrderRefunded) for place in one.lines)

    @property
    def tenders_back(self) -> tuple[Tender, ...]:
        """What of a sale was handed out again, by tender."""
        return tuple(tender for one in self.back if isinstance(one, OrderRefunded) for tender in one.tenders)


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
    original = PRINT_JOBS.c.slip == number, PRINT_JOBS.c.copy == 0
    seq = rows.execute(select(PRINT_JOBS.c.seq).where(*original)).scalar_one_or_none()
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


def _one(rows: Connection, data: bytes, tx_no: str | None) -> Taking | None:
    found = _takings(rows, [(data, tx_no)])
    return found[0] if found else None


def _takings(rows: Connection, found: Iterable[tuple[bytes, str | None]]) -> tuple[Taking, ...]:
    made = [Taking(fact, number_of(rows, fact, tx_no)) for data, tx_no in found if (fact := read(data)) is not None]
    if not made:
        return ()
    back: dict[str, list[Refunded | OrderRefunded]] = {}
    for body in refunds_of(rows, [name_of(one.fact, one.tx_no) for one in made]):
        back.setdefault(body.original_tx_no if isinstance(body, Refunded) else body.order_id, []).append(body)
    return tuple(Taking(one.fact, one.tx_no, tuple(back.get(name_of(one.fact, one.tx_no), ()))) for one in made)


def name_of(fact: Fact, tx_no: str | None) -> str:
    """Return by what its refunds name a taking: a sale by its order, anything else by the ledger's number."""
    return fact.body.order_id if isinstance(fact.body, OrderPaid) else tx_no or ""


def refunds_of(rows: Connection, names: Sequence[str]) -> list[Refunded | OrderRefunded]:
    """Return this till's refunds of these takings (`name_of`), in chain order."""
    found = select(FACTS.c.bytes).where(FACTS.c.seq.in_(marks.giving_back(rows, names))).order_by(FACTS.c.seq)
    facts = (read(data) for data in rows.execute(found).scalars())
    return [fact.body for fact in facts if fact is not None and isinstance(fact.body, Refunded | OrderRefunded)]


def number_of(rows: Connection, fact: Fact, tx_no: str | None) -> str | None:
    """Return the ledger's number of a fact: that of its acknowledgement, else that of the answer before it."""
    if tx_no is None and isinstance(fact.body, CardCharged) and fact.body.evidence.request_id is not None:
        asked = requests.by_id(rows, fact.body.evidence.request_id)
        return asked.answer.tx_no if asked is not None and asked.answer is not None else None
    return tx_no


def read(data: bytes) -> Fact | None:
    """Return a fact, None for one that is compacted or damaged: of the latter the outbox tells (`tampering`)."""
    try:
        return decode_fact(data)
    except Refusal:
        return None
