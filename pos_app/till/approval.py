"""A manager's PIN approves one action of a cashier who may not do it alone (counter.md, "People").

Rule: an approval names what it is for; it is worth nothing for anything else, and nothing a second time. The fact names
who gave it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from models.refusals import Refusal
from pos_app.till.sign_in import recognise, require_session
from pos_app.till.till import Till
from pos_app.till.values import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody with the permission said yes to one action. `subject` names it."""

    approval_id: str
    staff_id: str
    permission: str
    subject: str


def approve(till: Till, pin: str, permission: str, subject: str) -> Approval:
    """Let whoever has this PIN approve an action of whoever is signed in.

    Refusals: `not_signed_in`, `pin_wrong`, `pin_throttled`, `permission_missing` when the person may not do it either.
    """
    require_session(till)
    person = recognise(till, pin)
    if permission not in person.permissions:
        raise Refusal("permission_missing", {"permission": permission})
    return Approval(till.ids.new(), person.staff_id, permission, subject)


def approver_of(till: Till, person: Session, permission: str, subject: str, approval: Approval | None) -> str | None:
    """Return who approved, None when the person may do it alone. The approval is spent.

    Refusal `approval_needed` {permission, subject}: ask for a PIN (`approve`) and call again.
    """
    if permission in person.permissions:
        return None
    fits = approval is not None and (approval.permission, approval.subject) == (permission, subject)
    if approval is None or not fits or approval.approval_id in till.live.spent_approvals:
        raise Refusal("approval_needed", {"permission": permission, "subject": subject})
    till.live.spent_approvals.add(approval.approval_id)
    return approval.staff_id


def or_needed(command: Callable[[], T]) -> Callable[[], T | Refusal]:
    """Let `approval_needed` and `member_pin_needed` come back as a value, since they name what is to be approved."""

    def run() -> T | Refusal:
        try:
            return command()
        except Refusal as refusal:
            if refusal.code in ("approval_needed", "member_pin_needed"):
                return refusal
            raise

    return run
