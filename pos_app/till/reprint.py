"""Print a slip again, marked as a copy, and settle a slip whose paper nobody can vouch for.

Rule: every reprint is a fact, which names who approved it where the cashier may not alone. Only the first paper of a
slip is ever unmarked (counter.md, "Paper").
"""

from datetime import datetime

from sqlalchemy import Connection

from models.facts import SlipReprinted
from models.ids import parse_slip_number
from models.refusals import Refusal
from pos_app.journal import prints
from pos_app.journal.prints import STILL_TO_COME
from pos_app.selling.permissions import REPRINT
from pos_app.till.approval import Approval, approver_of
from pos_app.till.recording import append
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import Changes, Done, Session

__all__ = ["STILL_TO_COME", "reprint", "resolve_unknown"]

_MAX_REASON = 200


def reprint(till: Till, slip_number: str, reason: str, approval: Approval | None = None) -> Done:
    """Order the next copy of a slip.

    Refusals: `not_signed_in`, `slip_unknown`, `slip_not_printed_yet` (its paper is still to come), `approval_needed`.
    """
    person = require_session(till)
    number = str(parse_slip_number(slip_number))
    approver_id = approver_of(till, person, REPRINT, f"reprint {number}", approval)
    with till.journal.writing() as rows:
        done = _copy(till, rows, person, number, reason, till.clock.now(), approver_id)
    till.notify(Changes(facts=True, outbox=True, paper=True))
    return done


def resolve_unknown(till: Till, slip_number: str, printed: bool) -> Done | None:
    """Settle a slip in state `unknown`: the paper is there, or the next copy is ordered (marked, as it must be).

    Needs no permission: somebody must be able to look at the printer. Refusals: `not_signed_in`, `slip_unknown`.
    """
    person = require_session(till)
    now = till.clock.now()
    with till.journal.writing() as rows:
        job = prints.unknown_job(rows, slip_number)
        if job is None:
            raise Refusal("slip_unknown", {"number": slip_number[:40]})
        if printed:
            prints.settle_unknown(rows, job.job_id, "printed", "seen_by_cashier", now)
            done = None
        else:
            prints.settle_unknown(rows, job.job_id, "unknown", "copy_ordered", now)
            done = _copy(till, rows, person, slip_number, "unknown", now)
    till.notify(Changes(facts=not printed, paper=True, outbox=True))
    return done


def _copy(
    till: Till,
    rows: Connection,
    person: Session,
    slip_number: str,
    reason: str,
    now: datetime,
    approver_id: str | None = None,
) -> Done:
    number = str(parse_slip_number(slip_number))
    jobs = prints.of_slip(rows, number)
    if not jobs:
        raise Refusal("slip_unknown", {"number": number})
    if any(job.state in STILL_TO_COME for job in jobs):
        raise Refusal("slip_not_printed_yet", {"number": number})
    copy = jobs[-1].copy + 1
    body = SlipReprinted(number, copy, reason.strip()[:_MAX_REASON])
    recorded = append(till, rows, body, person, now, approver_id=approver_id)
    prints.add_copy(rows, recorded.fact.seq, jobs[0], copy, now)
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=(number,),
        total_minor=0,
        change_minor=0,
        uses=0,
        uses_left=None,
        evidence=None,
    )
