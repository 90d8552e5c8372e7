"""Intents: what was asked of the ledger before goods moved, and what came of it.

States: `asked` (no word yet) -> `accepted` | `refused` (a sticky no) | `unanswered` (the ladder let it pass; the fact
cites the request; with a code: the ledger's no, given before it heard of the sale that the fact rests on) |
`abandoned` (nothing was handed over; a `RequestAbandoned` fact says so).
"""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from models import codec
from models.times import format_instant
from models.wire import ActionRequest
from pos_app.journal.tables import REQUESTS


def ask(rows: Connection, request: ActionRequest, at: datetime) -> None:
    """Keep the intent; it is sent only after this is committed."""
    rows.execute(
        insert(REQUESTS),
        {
            "request_id": request.request_id,
            "bytes": codec.encode(request),
            "asked_at": format_instant(at),
            "state": "asked",
        },
    )


def settle(
    rows: Connection, request_id: str, state: str, code: str | None, at: datetime, redemption_id: str | None
) -> None:
    """Note what came of an intent."""
    rows.execute(
        update(REQUESTS)
        .where(REQUESTS.c.request_id == request_id)
        .values(state=state, code=code, settled_at=format_instant(at), redemption_id=redemption_id)
    )


def without_fact(rows: Connection) -> tuple[str, ...]:
    """Return the intents that nothing came of: the till stopped between asking and recording."""
    statement = select(REQUESTS.c.request_id).where(REQUESTS.c.state == "asked").order_by(REQUESTS.c.asked_at)
    return tuple(rows.execute(statement).scalars())
