"""What a refund would do, asked of the ledger before anybody confirms it: exact while the server answers in time.

Rule: writes nothing, promises nothing, and is never waited for; without an answer the till shows what it knows itself.
"""

from models import wire
from models.refusals import Refusal
from pos_app.till.asking import refusal_of
from pos_app.till.refund import Granted, check, granted_of
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till

_REASON = "other"
"""Why is asked later; no figure hangs on it."""


def preview(till: Till, tx_no: str, amount_minor: int, tender: str | None) -> Granted | Refusal | None:
    """Return what the ledger would grant now, or its refusal; None: nobody says so in time. Refusal `not_signed_in`.

    What the till itself refuses (`refund`) is returned likewise, and not asked.
    """
    require_session(till)
    if not till.gateway.reachable:
        return None
    try:
        check(till, tx_no, amount_minor, tender, _REASON)
    except Refusal as refusal:
        return refusal
    asked = wire.RefundAsked(
        till.ids.new(), tx_no, amount_minor, tender, till.journal.store.currency, _REASON, till.clock.now()
    )
    request = wire.ActionRequest(wire.PROTOCOL, till.ids.new(), refund=asked)
    answer = till.gateway.preview(request, wire.REQUEST_TIMEOUT_SECONDS)
    if answer is None:
        return None
    if answer.outcome != "accepted":
        return refusal_of(answer)
    try:
        return granted_of(answer, tx_no)
    except Refusal:
        return None
