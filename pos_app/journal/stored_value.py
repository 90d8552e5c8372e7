"""What this till took from and put on cards: its charges and top-ups, found again for a refund.

Rule: reads facts; the ledger's number of one comes with its acknowledgement, or with the answer to the request before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.facts import CardCharged, Fact, Refunded, ToppedUp, decode_fact
from pos_app.journal import requests
from pos_app.journal.tables import FACTS, OUTBOX, PRINT_JOBS

KINDS = (CardCharged.__name__, ToppedUp.__name__)


@dataclass(frozen=True, slots=True)
class CardFact:
    """A charge or top-up of this till; `tx_no` None while the ledger has not told its number."""

    fact: Fact
    tx_no: str | None


def amount_minor(fact: Fact) -> int:
    """Return what a charge took from the card, or what was paid for a top-up; 0 for any other fact."""
    if isinstance(fact.body, CardCharged):
        return fact.body.total_minor
    return fact.body.amount_minor if isinstance(fact.body, ToppedUp) else 0


def recent(rows: Connection, limit: int) -> tuple[CardFact, ...]:
    """Return the last charges and top-ups, newest first."""
    statement = _FACTS.where(FACTS.c.kind.in_(KINDS)).order_by(FACTS.c.seq.desc()).limit(limit)
    return tuple(_card_fact(rows, data, tx_no) for data, tx_no in rows.execute(statement))


def by_tx_no(rows: Connection, tx_no: str) -> CardFact | None:
    """Return this till's charge or top-up with this ledger number."""
    for found in recent(rows, _MOST_LOOKED_AT):
        if found.tx_no == tx_no:
            return found
    return None


def by_slip(rows: Connection, number: str) -> CardFact | None:
    """Return the charge or top-up that printed this slip."""
    seq = rows.execute(select(PRINT_JOBS.c.seq).where(PRINT_JOBS.c.slip == number)).scalars().first()
    if seq is None:
        return None
    row = rows.execute(_FACTS.where(FACTS.c.seq == seq, FACTS.c.kind.in_(KINDS))).one_or_none()
    return None if row is None else _card_fact(rows, row.bytes, row.tx_no)


def refunded_minor(rows: Connection, tx_nos: Sequence[str]) -> dict[str, int]:
    """Return how much of each of these this till has refunded; other tills' refunds are not known here."""
    found = dict.fromkeys(tx_nos, 0)
    statement = select(FACTS.c.bytes).where(FACTS.c.kind == Refunded.__name__)
    for data in rows.execute(statement).scalars():
        body = decode_fact(data).body
        if isinstance(body, Refunded) and body.original_tx_no in found:
            found[body.original_tx_no] += body.amount_minor
    return found


_FACTS = select(FACTS.c.bytes, OUTBOX.c.tx_no).select_from(FACTS.join(OUTBOX, OUTBOX.c.seq == FACTS.c.seq))
_MOST_LOOKED_AT = 2000


def _card_fact(rows: Connection, data: bytes, tx_no: str | None) -> CardFact:
    fact = decode_fact(data)
    if tx_no is None and isinstance(fact.body, CardCharged) and fact.body.evidence.request_id is not None:
        asked = requests.by_id(rows, fact.body.evidence.request_id)
        tx_no = asked.answer.tx_no if asked is not None and asked.answer is not None else None
    return CardFact(fact, tx_no)
