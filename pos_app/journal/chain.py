"""Append a fact to this terminal's chain, with everything that must not be separated from it.

Rule: called inside a `Journal.writing` transaction, which holds the lock: seq counts 1, 2, 3 … and `prev` links.
Its order is that of seq alone: `happened_at` is what the till's clock said, and a clock may be put right. The ledger
judges no fact before the one before it, nor after its arrival.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from models import codec
from models.facts import GENESIS, Body, Fact, encode_fact, hash_fact
from models.times import format_instant
from pos_app.journal import carts, marks, passes, prints, projections, reservations, shifts
from pos_app.journal.tables import FACTS, OUTBOX


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact that has no place in the chain yet."""

    fact_id: str
    terminal_id: str
    happened_at: datetime
    shift_id: str | None
    cashier_id: str | None
    approver_id: str | None
    language: str
    body: Body


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact in its place, with the hash of its bytes."""

    fact: Fact
    hash: str


# Built once: building a statement costs more than running it.
_LAST = select(FACTS.c.seq, FACTS.c.hash).order_by(FACTS.c.seq.desc()).limit(1)
_ADD_FACT = insert(FACTS)
_ADD_TO_OUTBOX = insert(OUTBOX)

Documents = Callable[[Fact, str], Sequence[prints.NewJob]]
"""(fact, its hash) -> the slips it prints"""


def append(rows: Connection, draft: Draft, documents: Documents) -> Recorded:
    """Write the fact, its outbox row, its print jobs and what follows from it."""
    last = rows.execute(_LAST).one_or_none()
    fact = Fact(
        fact_id=draft.fact_id,
        terminal_id=draft.terminal_id,
        seq=1 if last is None else last.seq + 1,
        prev=GENESIS if last is None else last.hash,
        happened_at=draft.happened_at,
        shift_id=draft.shift_id,
        cashier_id=draft.cashier_id,
        approver_id=draft.approver_id,
        language=draft.language,
        body=draft.body,
    )
    data = encode_fact(fact)
    fact_hash = hash_fact(data)
    rows.execute(
        _ADD_FACT,
        {
            "seq": fact.seq,
            "fact_id": fact.fact_id,
            "kind": fact.kind,
            "happened_at": format_instant(fact.happened_at),
            "prev": fact.prev,
            "hash": fact_hash,
            "bytes": data,
        },
    )
    rows.execute(_ADD_TO_OUTBOX, {"seq": fact.seq, "state": "pending"})
    _project(rows, fact)
    carts.end_open(rows, fact.body)
    prints.add(rows, fact.seq, documents(fact, fact_hash), fact.happened_at)
    return Recorded(fact, fact_hash)


def encode_document(document: object) -> str:
    """Return a slip document as the text that a print job keeps."""
    return codec.encode(document).decode()


def _project(rows: Connection, fact: Fact) -> None:
    effect = projections.effect_of(fact)
    if effect is not None:
        passes.add_effect(rows, effect)
    spent = projections.spent_by(fact)
    if spent is not None:
        passes.add_spent(rows, spent)
    opened = projections.opened_by(fact)
    if opened is not None:
        shifts.add(rows, opened)
    closed = projections.closed_by(fact)
    if closed is not None:
        shifts.end(rows, closed)
    reserved = projections.reserved_by(fact)
    if reserved is not None:
        reservations.add_use(rows, reserved)
    given_back = projections.reservation_ended_by(fact)
    if given_back is not None:
        reservations.add_end(rows, given_back)
    marks.add(rows, projections.marks_of(fact))
