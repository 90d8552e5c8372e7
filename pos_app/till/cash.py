"""Put money into the drawer or take it out without a sale, or open it for nothing: each a fact with its paper."""

from sqlalchemy import Connection

from models.drawer import CASH_MOVES, CashMoved
from models.money import check_amount
from models.refusals import Refusal
from models.shifts import CASH, expected_of, totals_of
from pos_app.journal import series, shifts
from pos_app.selling import permissions
from pos_app.till.approval import Approval, approver_of
from pos_app.till.recording import append, business_day_text
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import Changes, Done

REASONS = {
    "paid_in": ("change", "correction", "other"),
    "paid_out": ("supplier", "expenses", "correction", "other"),
    "safe_drop": ("safe", "bank"),
    "no_sale": ("change", "check", "other"),
}
"""Why money moves, by movement; a till says it in its own words."""
_NEEDS = {"paid_out": permissions.CASH_OUT, "no_sale": permissions.NO_SALE}


def move_cash(till: Till, move: str, amount_minor: int, reason: str, approval: Approval | None = None) -> Done:
    """Record a movement of `CASH_MOVES` and open the drawer; `amount_minor` is 0 for `no_sale` and above it else.

    Refusals: `not_signed_in`, `shift_not_open`, `amount_invalid`, `reason_missing`, `cash_insufficient` {cash_minor}:
    more than the drawer holds, `approval_needed`.
    """
    person = require_shift(till)
    if move not in CASH_MOVES:
        raise ValueError(f"no cash movement {move!r}")
    if (check_amount(amount_minor) > 0) != (move != "no_sale"):
        raise Refusal("amount_invalid", {"amount": str(amount_minor)})
    if reason not in REASONS[move]:
        raise Refusal("reason_missing")
    with till.journal.reading() as rows:
        _check_drawer(rows, move, amount_minor)  # before anybody is asked for a PIN
    approver_id = None
    if move in _NEEDS:
        subject = f"{move} {person.shift_id} {amount_minor} {reason}"
        approver_id = approver_of(till, person, _NEEDS[move], subject, approval)
    now = till.clock.now()
    with till.journal.writing() as rows:
        _check_drawer(rows, move, amount_minor)
        body = CashMoved(
            movement_id=till.ids.new(),
            move=move,
            amount_minor=amount_minor,
            currency=till.journal.store.currency,
            reason=reason,
            business_day=business_day_text(till, now),
            slips=(series.next_slip(rows, "CM", till.journal.terminal_code),),
        )
        recorded = append(till, rows, body, person, now, kicks_drawer=True, approver_id=approver_id)
    till.notify(Changes(facts=True, outbox=True, paper=True))
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=amount_minor,
        change_minor=0,
        uses=0,
        uses_left=None,
        evidence=None,
    )


def _check_drawer(rows: Connection, move: str, amount_minor: int) -> None:
    """Refusal `cash_insufficient` when the drawer does not hold what is to be taken out."""
    shift = shifts.open_shift(rows)
    if move not in ("paid_out", "safe_drop") or shift is None:
        return
    if amount_minor > expected_of(totals_of(shifts.facts_of(rows, shift)))[CASH]:
        raise Refusal("cash_insufficient")
