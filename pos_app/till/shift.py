"""Open a shift with the float in the drawer, look at its sums, and close it with what was counted.

Rule: the count is blind: nothing says what is expected before it is given; a difference that was told stands beside a
later one. Closing needs no network; its fact seals the sums, the numbers used and, by its place in the chain,
everything before it (counter.md, "Cash").
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from models.drawer import Counted, ShiftClosed, ShiftTotals
from models.facts import ShiftOpened
from models.money import check_amount
from models.refusals import Refusal
from models.shifts import compare, countable, expected_of, totals_of
from pos_app.journal import identity, series, shifts
from pos_app.selling import permissions
from pos_app.till import reservations
from pos_app.till.approval import Approval, approver_of
from pos_app.till.recording import append, business_day_text, record_alone
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import Changes, ClosedShift, Session, ShiftView

DIFFERENCE_REASONS = ("miscounted", "change_error", "float_wrong", "unexplained", "other")


def open_shift(till: Till, float_minor: int) -> Session:
    """Open the till's shift; `float_minor` is in the store's currency.

    Refusals: `not_signed_in`, `shift_already_open`, `amount_invalid`.
    """
    person = require_session(till)
    if check_amount(float_minor) < 0:
        raise Refusal("amount_invalid", {"amount": str(float_minor)})
    if person.shift_id is not None:
        raise Refusal("shift_already_open")
    store = till.journal.store
    now = till.clock.now()
    shift_id = till.ids.new()
    body = ShiftOpened(shift_id, float_minor, store.currency, business_day_text(till, now))
    record_alone(till, body, person, now, shift_id=shift_id)
    till.notify(Changes(facts=True, outbox=True, session=True))
    return require_session(till)


def look(till: Till) -> ShiftView:
    """Return the open shift; its sums only for whoever may settle a difference, since everybody else counts blind.

    Refusals: `not_signed_in`, `shift_not_open`.
    """
    person = require_session(till)
    with till.journal.reading() as rows:
        shift = shifts.open_shift(rows)
        if shift is None:
            raise Refusal("shift_not_open")
        may_see = permissions.CASH_DIFFERENCE in person.permissions
        totals = totals_of(shifts.facts_of(rows, shift)) if may_see else None
    opener = till.journal.catalogue.staff.get(shift.opened_by or "")
    return ShiftView(
        shift_id=shift.shift_id,
        opened_at=shift.opened_at,
        opened_by=opener.name if opener else "",
        totals=totals,
        expected=tuple(expected_of(totals).items()) if totals else (),
    )


def to_count(till: Till) -> tuple[str, ...]:
    """Return the tenders that closing asks to count, cash first. Refusals: `not_signed_in`, `shift_not_open`."""
    return countable(x_report(till))


def x_report(till: Till) -> ShiftTotals:
    """Return the sums of the open shift so far. Refusals: `not_signed_in`, `shift_not_open`."""
    require_session(till)
    with till.journal.reading() as rows:
        shift = shifts.open_shift(rows)
        if shift is None:
            raise Refusal("shift_not_open")
        return totals_of(shifts.facts_of(rows, shift))


def close_shift(
    till: Till, counted_minor: Mapping[str, int], difference_reason: str | None = None, approval: Approval | None = None
) -> ClosedShift:
    """Close the shift with what was counted of each tender of `to_count`, and print its Z report.

    Refusals: `not_signed_in`, `shift_not_open`, `amount_invalid`, `count_missing` {tenders}, and for a difference
    `difference_unexplained` {differences}, `reason_missing`, `approval_needed`.
    """
    person = require_session(till)
    if any(check_amount(minor) < 0 for minor in counted_minor.values()):
        raise Refusal("amount_invalid")
    try:
        closed = _close(till, person, counted_minor, difference_reason, approval)
    except Refusal as refusal:
        if refusal.code == "difference_unexplained":
            _keep_told(till, refusal.data["differences"])
        raise
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True, session=True))
    return closed


def _close(
    till: Till,
    person: Session,
    counted_minor: Mapping[str, int],
    difference_reason: str | None,
    approval: Approval | None,
) -> ClosedShift:
    store, now = till.journal.store, till.clock.now()
    with till.journal.writing() as rows:
        shift = shifts.open_shift(rows)
        if shift is None:
            raise Refusal("shift_not_open")
        totals = totals_of(shifts.facts_of(rows, shift))
        counted = _counted(totals, counted_minor, _told(rows, shift))
        reason, approver_id = _explained(till, person, shift.shift_id, counted, difference_reason, approval)
        reservations.close_for_shift(till, rows, person, now)
        body = ShiftClosed(
            shift_id=shift.shift_id,
            first_seq=shift.first_seq,
            opened_at=shift.opened_at,
            # Opened by a clock that was ahead, it is of today.
            business_day=business_day_text(till, min(shift.opened_at, now)),
            currency=store.currency,
            totals=totals,
            counted=counted,
            difference_reason=reason,
            slips=(series.next_slip(rows, "ZR", till.journal.terminal_code),),
        )
        recorded = append(till, rows, body, person, now, kicks_drawer=True, approver_id=approver_id)
    return ClosedShift(recorded.fact.fact_id, body.slips[0], totals, counted)


def _counted(
    totals: ShiftTotals, counted_minor: Mapping[str, int], told: Mapping[str, int] | None
) -> tuple[Counted, ...]:
    missing = [kind for kind in countable(totals) if kind not in counted_minor]
    if missing:
        raise Refusal("count_missing", {"tenders": missing})
    return compare(totals, counted_minor, told)


def _keep_told(till: Till, differences: object) -> None:
    """Keep the first difference of this shift that was told, however the count goes on."""
    with till.journal.writing() as rows:
        shift = shifts.open_shift(rows)
        if shift is not None and _told(rows, shift) is None:
            told = {"shift_id": shift.shift_id, "differences": differences}
            identity.write_state(rows, "told_difference", told)


def _told(rows: Connection, shift: shifts.Shift) -> Mapping[str, int] | None:
    kept = identity.read_state(rows, "told_difference")
    found: Mapping[str, int] | None = kept["differences"] if kept and kept["shift_id"] == shift.shift_id else None
    return found


def _explained(
    till: Till,
    person: Session,
    shift_id: str,
    counted: tuple[Counted, ...],
    reason: str | None,
    approval: Approval | None,
) -> tuple[str | None, str | None]:
    """The reason and the approver that a difference needs; none without one."""
    differing = {item.kind: item.difference_minor for item in counted if item.difference_minor}
    if not differing:
        return None, None
    if reason is None:
        raise Refusal("difference_unexplained", {"differences": differing})
    if reason not in DIFFERENCE_REASONS:
        raise Refusal("reason_missing")
    subject = f"close {shift_id} " + " ".join(f"{kind}{minor:+d}" for kind, minor in differing.items())
    return reason, approver_of(till, person, permissions.CASH_DIFFERENCE, subject, approval)
