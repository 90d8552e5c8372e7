"""Facts on their way to the server.

States: `pending` -> `accepted` | `held` (a person at HQ must look). Nothing is deleted by age. After a gap, what the
server does not acknowledge becomes pending again, and in a new ledger epoch all that is kept: it is sent once more,
byte for byte. `heard` stays: a ledger has once acknowledged the fact, so others may have acted on it.
A sale of a pass is noted as sent before the first byte of it leaves: what happens to the answer is anybody's guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from models.times import format_instant, parse_instant
from models.wire import FactResult, HeldDecision
from pos_app.journal import decisions, identity
from pos_app.journal.tables import COMPACTED, FACTS, OUTBOX


@dataclass(frozen=True, slots=True)
class PendingFact:
    """A fact to send; `text` is its exact bytes as text, unless they were damaged: then what can be sent of them."""

    seq: int
    fact_id: str
    hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as the outbox shows it."""

    seq: int
    kind: str
    happened_at: datetime
    state: str
    reason: str | None
    tx_no: str | None
    decided: HeldDecision | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """How much waits for the server, and since when; and how much waits for a person at HQ."""

    pending: int
    held: int
    oldest_pending_at: datetime | None


def pending(rows: Connection, most_facts: int, most_bytes: int) -> tuple[PendingFact, ...]:
    """Return the first pending facts in chain order: an unbroken run, within both bounds (one at least)."""
    statement = (
        select(FACTS.c.seq, FACTS.c.fact_id, FACTS.c.hash, FACTS.c.bytes)
        .select_from(OUTBOX.join(FACTS, FACTS.c.seq == OUTBOX.c.seq))
        .where(OUTBOX.c.state == "pending")
        .order_by(OUTBOX.c.seq)
        .limit(most_facts)
    )
    found: list[PendingFact] = []
    size = 0
    for seq, fact_id, fact_hash, stored in rows.execute(statement):
        data = _sendable(stored, most_bytes)
        size += len(data) + data.count(b'"') + data.count(b"\\") + 3  # as a string inside JSON
        if found and (size > most_bytes or seq != found[-1].seq + 1):
            break
        found.append(PendingFact(seq, fact_id, fact_hash, data.decode()))
    return tuple(found)


def sent_through(rows: Connection) -> int:
    """Return the place up to which each sale of a pass may have reached a server, answered or not; 0: none has left."""
    return int(identity.read_state(rows, "sent_through") or 0)


def note_sent(rows: Connection, through: int) -> None:
    """Note the place up to which sales are about to leave, or take that back: nothing has left."""
    identity.write_state(rows, "sent_through", through)


def holds_unsent_sale(rows: Connection, facts: Sequence[PendingFact]) -> bool:
    """Whether a sale of a pass would leave this till for the first time with these facts, which are in chain order."""
    if not facts:
        return False
    first = max(facts[0].seq, sent_through(rows) + 1)
    sale = select(FACTS.c.seq).where(FACTS.c.kind == "PassSold", FACTS.c.seq.between(first, facts[-1].seq))
    return rows.execute(sale.limit(1)).scalar_one_or_none() is not None


def _sendable(stored: object, most_bytes: int) -> bytes:
    """Return a fact's bytes as they can go to the server: UTF-8 without NUL, and not more than one push may carry.

    What is damaged or too large for any push goes with what is left of it. Its hash is another then: the server holds
    it for a person, in its place, and what waits behind it goes on.
    """
    data = stored if isinstance(stored, bytes) else str(stored).encode(errors="ignore")
    if len(data) > most_bytes:
        data = data[: most_bytes // 2]
    return data.decode(errors="ignore").replace("\0", "").encode()


def note_results(
    rows: Connection, sent: Sequence[PendingFact], results: Sequence[FactResult], acknowledged_seq: int, at: datetime
) -> int:
    """Take over what became of the facts that were sent; returns how many left the queue.

    Only facts that were sent, named by their own id and acknowledged as durable, count. A held one may bear another
    id, or none: the server reads it in the bytes, which may not be those of this fact any more.
    """
    ids = {fact.seq: fact.fact_id for fact in sent}
    done = 0
    for result in results:
        named = ids.get(result.seq) == result.fact_id or (result.reason is not None and result.seq in ids)
        if not named or result.seq > acknowledged_seq:
            continue
        # A fact that happened is never refused; should a server say so all the same, or a newer one say what this
        # version does not know, a person must look.
        held = result.outcome not in ("accepted", "already_known") or result.reason is not None
        rows.execute(
            update(OUTBOX)
            .where(OUTBOX.c.seq == result.seq, OUTBOX.c.state == "pending")
            .values(
                state="held" if held else "accepted",
                reason=(result.reason or result.outcome) if held else None,
                tx_no=result.tx_no,
                acknowledged_at=format_instant(at),
                heard=1,
            )
        )
        done += 1
    return done


def send_again_after(rows: Connection, acknowledged_seq: int) -> int:
    """Make every fact after this place pending again, but those that are compacted; returns how many they are.

    From 0 in a new epoch: even what the server acknowledges there has stood in another history meanwhile, so numbers
    and outcomes are asked for anew.
    """
    whole = select(FACTS.c.seq).where(FACTS.c.seq > acknowledged_seq, FACTS.c.bytes != COMPACTED)
    changed = rows.execute(
        update(OUTBOX)
        .where(OUTBOX.c.seq > acknowledged_seq, OUTBOX.c.state != "pending", OUTBOX.c.seq.in_(whole))
        .values(state="pending", reason=None, tx_no=None, acknowledged_at=None)
    )
    return changed.rowcount


def whole(rows: Connection) -> int:
    """Count the facts that could be sent again: all that are not compacted."""
    return int(rows.execute(select(func.count()).select_from(FACTS).where(FACTS.c.bytes != COMPACTED)).scalar_one())


def last_seq(rows: Connection) -> int:
    """Return the place of the last fact, 0 when there is none."""
    return int(rows.execute(select(func.coalesce(func.max(FACTS.c.seq), 0))).scalar_one())


def summary(rows: Connection) -> Summary:
    """Count what waits and what is held."""
    count = select(func.count()).select_from(OUTBOX)
    waiting = int(rows.execute(count.where(OUTBOX.c.state == "pending")).scalar_one())
    undecided = OUTBOX.c.seq.not_in(decisions.decided_seqs())
    held = int(rows.execute(count.where(OUTBOX.c.state == "held", undecided)).scalar_one())
    oldest = None
    if waiting:
        first = select(func.min(OUTBOX.c.seq)).where(OUTBOX.c.state == "pending").scalar_subquery()
        oldest = rows.execute(select(FACTS.c.happened_at).where(FACTS.c.seq == first)).scalar_one_or_none()
    return Summary(waiting, held, parse_instant(oldest) if oldest else None)


def recent(rows: Connection, limit: int) -> tuple[Entry, ...]:
    """Return the last facts, newest first."""
    return _entries(rows, _ENTRIES.limit(limit))


def of_facts(rows: Connection, seqs: Sequence[int]) -> tuple[Entry, ...]:
    """Return the facts at these places, newest first."""
    return _entries(rows, _ENTRIES.where(FACTS.c.seq.in_(seqs)))


def seq_of_number(rows: Connection, tx_no: str) -> int | None:
    """Return the place of the fact that the ledger gave this number."""
    found: int | None = rows.execute(select(OUTBOX.c.seq).where(OUTBOX.c.tx_no == tx_no)).scalars().first()
    return found


_ENTRIES = (
    select(
        FACTS.c.seq,
        FACTS.c.kind,
        FACTS.c.happened_at,
        OUTBOX.c.state,
        OUTBOX.c.reason,
        OUTBOX.c.tx_no,
        FACTS.c.hash,
    )
    .select_from(FACTS.join(OUTBOX, OUTBOX.c.seq == FACTS.c.seq))
    .order_by(FACTS.c.seq.desc())
)


def _entries(rows: Connection, statement: Select[Any]) -> tuple[Entry, ...]:
    found = rows.execute(statement).all()
    decided = decisions.of_facts(rows, [row.hash for row in found if row.state == "held"])
    return tuple(
        Entry(
            row.seq, row.kind, parse_instant(row.happened_at), row.state, row.reason, row.tx_no, decided.get(row.hash)
        )
        for row in found
    )
