"""Intents: what was asked of the ledger before goods moved, and what came of it.

States: `asked` (no word yet) -> `accepted` | `refused` (a sticky no) | `unanswered` (the ladder let it pass; the fact
cites the request; with a code: the ledger's no, given before it heard of the sale that the fact rests on) |
`abandoned` (nothing was handed over; a `RequestAbandoned` fact says so). A refund is never abandoned: it stays `asked`
(`code`: why the last try brought no answer) until the ledger answers, and is not `told` until a cashier has seen it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from models import codec
from models.times import format_instant, parse_instant
from models.wire import ActionAnswer, ActionRequest
from pos_app.journal.tables import REQUESTS

REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the journal has it; `answer` None until the ledger said yes or no."""

    request_id: str
    request: ActionRequest
    asked_at: datetime
    cashier_id: str | None
    approver_id: str | None
    shift_id: str | None
    state: str
    code: str | None
    answer: ActionAnswer | None


def kind_of(request: ActionRequest) -> str:
    """Return what is asked for: "redeem", "charge" or "refund"."""
    if request.refund is not None:
        return REFUND
    return "redeem" if request.redeem is not None else "charge"


def ask(
    rows: Connection,
    request: ActionRequest,
    at: datetime,
    cashier_id: str | None = None,
    shift_id: str | None = None,
    approver_id: str | None = None,
) -> None:
    """Keep the intent; it is sent only after this is committed."""
    kind = kind_of(request)
    rows.execute(
        insert(REQUESTS),
        {
            "request_id": request.request_id,
            "kind": kind,
            "bytes": codec.encode(request),
            "asked_at": format_instant(at),
            "cashier_id": cashier_id,
            "approver_id": approver_id,
            "shift_id": shift_id,
            "state": "asked",
            "told": int(kind != REFUND),
        },
    )


def settle(
    rows: Connection,
    request_id: str,
    state: str,
    code: str | None,
    at: datetime,
    effect_id: str | None,
    answer: ActionAnswer | None = None,
) -> None:
    """Note what came of an intent; `effect_id` is that of the fact which cites it."""
    rows.execute(
        update(REQUESTS)
        .where(REQUESTS.c.request_id == request_id)
        .values(
            state=state,
            code=code,
            settled_at=format_instant(at),
            effect_id=effect_id,
            answer=None if answer is None else codec.encode(answer).decode(),
        )
    )


def note_silence(rows: Connection, request_id: str, code: str | None) -> None:
    """Note why a request that stays open got no answer the last time."""
    rows.execute(
        update(REQUESTS).where(REQUESTS.c.request_id == request_id, REQUESTS.c.state == "asked").values(code=code)
    )


def note_told(rows: Connection, request_id: str) -> None:
    """A cashier has seen what came of this request; one that is still open stays untold."""
    rows.execute(
        update(REQUESTS).where(REQUESTS.c.request_id == request_id, REQUESTS.c.state != "asked").values(told=1)
    )


def without_fact(rows: Connection) -> tuple[str, ...]:
    """Return the intents to abandon: the till stopped between asking and recording. Refunds are not among them."""
    statement = select(REQUESTS.c.request_id).where(REQUESTS.c.state == "asked", REQUESTS.c.kind != REFUND)
    return tuple(rows.execute(statement.order_by(REQUESTS.c.asked_at)).scalars())


def by_id(rows: Connection, request_id: str) -> Asked | None:
    """Return one request."""
    return next(iter(_find(rows, REQUESTS.c.request_id == request_id)), None)


def open_refunds(rows: Connection) -> tuple[Asked, ...]:
    """Return the refunds that wait for an answer, and those whose answer no cashier has seen; oldest first."""
    waits = (REQUESTS.c.state == "asked") & (REQUESTS.c.kind == REFUND)
    return _find(rows, or_(waits, REQUESTS.c.told == 0))


def _find(rows: Connection, condition: object) -> tuple[Asked, ...]:
    statement = select(REQUESTS).where(condition)  # type: ignore[arg-type]
    return tuple(
        Asked(
            row.request_id,
            codec.decode(ActionRequest, row.bytes),
            parse_instant(row.asked_at),
            row.cashier_id,
            row.approver_id,
            row.shift_id,
            row.state,
            row.code,
            None if row.answer is None else codec.decode(ActionAnswer, row.answer),
        )
        for row in rows.execute(statement.order_by(REQUESTS.c.asked_at, REQUESTS.c.request_id))
    )
