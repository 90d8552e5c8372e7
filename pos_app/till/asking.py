"""Ask the ledger before goods move: the intent first, then the question, then a record on every way out.

Rule: one way for every request. What was asked and not recorded is abandoned, so that a late success is taken back
(sync.md, "Requests"); a refund alone is asked again instead (`refund`).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from models import codec, wire
from models.facts import RequestAbandoned
from models.refusals import CODES, Refusal
from models.wire import ActionAnswer, ActionRequest
from pos_app.errors import Trouble
from pos_app.journal import requests
from pos_app.till.recording import append
from pos_app.till.till import Till
from pos_app.till.values import Changes, Session

T = TypeVar("T")
_log = logging.getLogger(__name__)

UNREACHABLE_WAIT_SECONDS = 0.5
"""How long a till that already knows itself cut off still tries the ledger before it goes down the ladder."""
_CODE_IS_GONE = frozenset({"code_used", "code_expired", "code_wrong", "code_locked"})


def ask_and_record(
    till: Till, person: Session, request: ActionRequest, at: datetime, record: Callable[[ActionAnswer | None], T]
) -> T:
    """Keep the intent, ask, and let `record` write what follows from the answer (None: there was none in time).

    When asking or recording fails, the refusal is kept with the intent or the request is abandoned, and the failure
    goes on to the caller.
    """
    with asking(till, request):
        with till.journal.writing() as rows:
            requests.ask(rows, request, at, person.staff_id, person.shift_id)
        answer, heard = None, False
        try:
            answer = send(till, request)
            heard = True
            return record(answer)
        except Exception as error:
            refused = None
            if answer is not None and answer.outcome == "refused":
                refused = refusal_of(answer).code
            elif not heard and isinstance(error, Refusal):
                refused = error.code
            _leave_a_record(till, person, request.request_id, refused, error)
            raise


@contextmanager
def asking(till: Till, request: ActionRequest) -> Iterator[None]:
    """Say that somebody waits for this request, before its intent is there: no sweep takes it up meanwhile."""
    till.live.asking.add(request.request_id)
    try:
        yield
    finally:
        till.live.asking.discard(request.request_id)


def send(till: Till, request: ActionRequest) -> ActionAnswer | None:
    """Ask, and wait no longer than the protocol allows; None without an answer. Refusal: it will not be heard."""
    wait_seconds = wire.REQUEST_TIMEOUT_SECONDS if till.gateway.reachable else UNREACHABLE_WAIT_SECONDS
    answer = till.gateway.ask(request, wait_seconds)
    asked = request.redeem or request.charge
    code = asked.member_code if asked is not None else None
    if code is not None and (answer is None or answer.outcome == "accepted" or answer.code in _CODE_IS_GONE):
        till.live.spent_codes.add(code)
    return answer


def refusal_of(answer: ActionAnswer) -> Refusal:
    """Return the ledger's no; a code that this version does not know is `request_malformed` with its name."""
    code = answer.code or ""
    if code not in CODES:
        return Refusal("request_malformed", {"code": code[:40]})
    return Refusal(code, answer.data)


def read_data(kind: type[T], answer: ActionAnswer) -> T:
    """Return what an accepted answer says as the dataclass `kind`, fields it does not know left out.

    Refusal `request_malformed` when one of its own is missing or of another type.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return codec.from_plain(kind, {name: answer.data.get(name) for name in names}, "/data")


def abandon_open_requests(till: Till, reason: str = "till_restarted") -> int:
    """Reverse what was asked, never recorded and is not being asked now (nothing was handed over); returns how many."""
    with till.journal.reading() as rows:
        if not _left_open(till, rows):
            return 0
    now = till.clock.now()

    def work(rows: Connection) -> int:
        # Looked at again: a call that ends meanwhile settles its request before it stops being live.
        left = _left_open(till, rows)
        for request_id in left:
            _write_abandoned(till, rows, None, request_id, reason, now)
        return len(left)

    count = till.journal.keep(work)
    till.notify(Changes(facts=True, outbox=True))
    return count


def _left_open(till: Till, rows: Connection) -> list[str]:
    return [request_id for request_id in requests.without_fact(rows) if request_id not in till.live.asking]


def _leave_a_record(till: Till, person: Session | None, request_id: str, refused: str | None, error: Exception) -> None:
    """Keep the refusal, or reverse a late success. Should that fail too, the next sweep does it before a push."""
    now = till.clock.now()
    try:
        if refused is not None:
            till.journal.keep(lambda rows: requests.settle(rows, request_id, "refused", refused, now, None))
        else:
            reason = error.code if isinstance(error, Refusal | Trouble) else "record_failed"
            till.journal.keep(lambda rows: _write_abandoned(till, rows, person, request_id, reason, now))
            till.notify(Changes(facts=True, outbox=True))
    except Exception as second:  # noqa: BLE001 - the first failure is the one to tell
        _log.error("a request stays open for now: %s", type(second).__name__)


def _write_abandoned(
    till: Till, rows: Connection, person: Session | None, request_id: str, reason: str, at: datetime
) -> None:
    requests.settle(rows, request_id, "abandoned", reason, at, None)
    append(till, rows, RequestAbandoned(request_id, reason), person, at)
