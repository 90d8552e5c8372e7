"""Compact old facts to their place and hash, so that a till's disk does not fill with what the server holds safely.

Rule: a fact loses its bytes only when the ledger accepted it at least `KEPT_DAYS` ago by server time, and the server of
this very epoch has said that its backups hold it. What is pending or held stays whole, and so does what a refund or the
end of the shift may still ask for. A fact whose bytes are not those of its hash is evidence and stays too.
docs/decisions/0014-retention.md.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from math import inf
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from models.facts import CardCharged, Fact, Refunded, RequestAbandoned, ToppedUp, decode_fact, hash_fact
from models.refusals import Refusal
from models.times import parse_instant
from pos_app.journal import companions, identity, shifts
from pos_app.journal.tables import COMPACTED, FACTS, OUTBOX, PASS_EFFECTS, REQUESTS

KEPT_DAYS = 35
FACTS_AT_ONCE = 50
"""Facts in one transaction: a sale that comes meanwhile waits a few milliseconds."""
STAY_WHOLE = frozenset({CardCharged.__name__, ToppedUp.__name__, Refunded.__name__})
_BACKED_UP = "backed_up"
_REACHED = "compacted_through"
_log = logging.getLogger(__name__)


def note_backed_up(rows: Connection, epoch: str, through_seq: int) -> None:
    """Take over how far the server's backups hold this chain. Another epoch's word counts no more, however high."""
    said = {"epoch": epoch, "seq": through_seq}
    if identity.read_state(rows, _BACKED_UP) != said:
        identity.write_state(rows, _BACKED_UP, said)


def backed_up_through(rows: Connection) -> int:
    """Return the highest place that the server of this epoch has said to be in a backup, 0 without one."""
    said = identity.read_state(rows, _BACKED_UP)
    if said is None or said["epoch"] != identity.epoch(rows):
        return 0
    return int(said["seq"])


def compact_some(rows: Connection) -> int:
    """Look at the next facts that may be old enough, and compact those that need not stay; returns how many it saw.

    0: there is nothing more to look at now. Each call is a transaction of its own, and may be repeated.
    """
    reached = int(identity.read_state(rows, _REACHED) or 0)
    now = identity.synced_at(rows)
    through = min(backed_up_through(rows), _before_open_shift(rows))
    if now is None or through <= reached:
        return 0
    looked_at, chosen = 0, []
    for row in rows.execute(_NEXT.where(FACTS.c.seq > reached, FACTS.c.seq <= through)).all():
        old = row.acknowledged_at is not None and now - parse_instant(row.acknowledged_at) >= timedelta(days=KEPT_DAYS)
        if row.state == "pending" or not old:
            break
        if row.state == "accepted" and row.kind not in STAY_WHOLE and not row.in_use and row.bytes != COMPACTED:
            chosen.append(row)
        reached, looked_at = row.seq, looked_at + 1
    _compact(rows, chosen)
    if looked_at:
        identity.write_state(rows, _REACHED, reached)
    return looked_at


def _before_open_shift(rows: Connection) -> float:
    """Return the last place that the end of the open shift does not need."""
    shift = shifts.open_shift(rows)
    return inf if shift is None else shift.first_seq - 1


_NEXT = (
    select(
        FACTS,
        OUTBOX.c.state,
        OUTBOX.c.acknowledged_at,
        exists().where(PASS_EFFECTS.c.seq == FACTS.c.seq).label("in_use"),
    )
    .select_from(FACTS.join(OUTBOX, OUTBOX.c.seq == FACTS.c.seq))
    .order_by(FACTS.c.seq)
    .limit(FACTS_AT_ONCE)
)


def _compact(rows: Connection, chosen: Sequence[Row[Any]]) -> None:
    whole = [(row, fact) for row in chosen if (fact := _fact_of(row)) is not None]
    if not whole:
        return
    # Written anew instead of changed: only then does SQLite put the short rows together and free whole pages.
    rows.execute(delete(FACTS).where(FACTS.c.seq.in_([row.seq for row, _ in whole])))
    columns = [column.name for column in FACTS.columns]
    rows.execute(
        insert(FACTS), [{name: row._mapping[name] for name in columns} | {"bytes": COMPACTED} for row, _ in whole]
    )
    companions.forget(rows, [row.seq for row, _ in whole])
    settled = [request_id for _, fact in whole if (request_id := _settles(fact)) is not None]
    rows.execute(delete(REQUESTS).where(REQUESTS.c.request_id.in_(settled), REQUESTS.c.state != "asked"))


def _fact_of(row: Row[Any]) -> Fact | None:
    try:
        fact = decode_fact(row.bytes)
    except Refusal:
        fact = None
    if fact is None or hash_fact(row.bytes) != row.hash:
        _log.error("fact %d is not what its hash says; it is kept as it is", row.seq)
        return None
    return fact


def _settles(fact: Fact) -> str | None:
    """Return the request that this fact is the end of: nothing asks for it when the fact has gone its way."""
    if isinstance(fact.body, RequestAbandoned):
        return fact.body.request_id
    evidence = getattr(fact.body, "evidence", None)
    return None if evidence is None else evidence.request_id
