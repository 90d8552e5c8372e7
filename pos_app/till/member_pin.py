"""Who stands at the counter: by their code, by the PIN that they type, by somebody's word, or as the cashier sees it.

Rule: a member who has a PIN and showed no code spends nothing before they typed it, or somebody with the permission
answered for that one act. A usual code says who stands there only once the ledger has checked it with what was asked,
one that sets something aside only for what it pays. Hashes are synced, so this works offline. Wrong PINs are counted in
the journal for each member, before they are compared: a restart forgives nothing. Nothing here keeps a PIN.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from models.catalogue import Member
from models.pins import MEMBER_DIGITS
from models.refusals import Refusal
from models.times import format_instant, parse_instant
from models.tokens import code_family
from pos_app.journal import identity
from pos_app.selling.permissions import MEMBER_PIN
from pos_app.till.approval import Approval, approver_of
from pos_app.till.codes import read_reservation
from pos_app.till.find_member import card_ref_of, known_member
from pos_app.till.pins import fits
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import MemberView, Proof

FREE_TRIES = 5
LOCK_SECONDS = 15 * 60
PROOF_SECONDS = 300
"""A member who typed their PIN longer ago may have gone."""
_STATE = "member_pins"


def hides(till: Till, view: MemberView) -> bool:
    """Whether what this member has on their card stays covered until they prove who they are. Fast."""
    typed = view.proof is not None and view.proof.how == "pin" and _holds(till, view.proof)
    told = view.code is not None and code_family(view.code) != "reservation"
    return not told and view.member.pin_hash is not None and not typed


def prove(till: Till, member_id: str, pin: str) -> Proof:
    """Return the proof that the member typed their PIN.

    Refusals: `not_signed_in`, `pin_wrong` {attempts_left}, `pin_throttled` {seconds}, `pin_not_set` (cleared by HQ),
    `member_unknown`, `member_inactive`.
    """
    require_session(till)
    with till.journal.reading() as rows:
        member = known_member(till, rows, member_id)
    if member.pin_hash is None:
        raise Refusal("pin_not_set")
    own_id = member.member_id
    wrong, wait_seconds = till.journal.keep(lambda rows: _count_try(rows, own_id, till.clock.now()))
    if wait_seconds:
        raise Refusal("pin_throttled", {"seconds": wait_seconds})
    if not (MEMBER_DIGITS[0] <= len(pin) <= MEMBER_DIGITS[1] and fits(member.pin_hash, pin)):
        if wrong >= FREE_TRIES:
            raise Refusal("pin_throttled", {"seconds": LOCK_SECONDS})
        raise Refusal("pin_wrong", {"attempts_left": FREE_TRIES - wrong})
    till.journal.keep(lambda rows: _forgive(rows, own_id))
    return Proof(till.ids.new(), own_id, "pin", till.clock.monotonic_seconds())


def vouch(till: Till, member_id: str, subject: str, approval: Approval | None = None) -> Proof:
    """Return the word of somebody who may go on without the member's PIN, for the one act that `subject` names.

    Refusals: `not_signed_in`, `approval_needed` {permission, subject} unless whoever is signed in may.
    """
    person = require_session(till)
    approver_id = approver_of(till, person, MEMBER_PIN, subject, approval)
    now_seconds = till.clock.monotonic_seconds()
    return Proof(till.ids.new(), member_id, "vouched", now_seconds, subject, approver_id)


def identified(
    till: Till,
    member: Member,
    code: str | None,
    proof: Proof | None,
    subject: str,
    *,
    checked: bool = False,
    rests_on: str | None = None,
) -> str:
    """Return how a member is known who spends something: code | pin | vouched | seen.

    `checked`: the ledger found the usual code right, in the request that carried it. `rests_on`: the reservation that
    pays. Refusal `member_pin_needed` {member_id, subject}: ask for their PIN (`prove`, or `vouch`) and call again.
    """
    if code is not None and member.card_ref and _says_who(till, member, code, checked, rests_on):
        return "code"
    if proof is not None and proof.member_id == member.member_id and _holds(till, proof):
        fresh = proof.subject == subject and proof.proof_id not in till.live.spent_approvals
        if proof.how == "pin" or fresh:
            return proof.how
    if member.pin_hash is None:
        return "seen"
    raise Refusal("member_pin_needed", {"member_id": member.member_id, "subject": subject})


def spend(till: Till, proof: Proof | None) -> None:
    """What was vouched for has happened: the word counts no more."""
    if proof is not None and proof.how == "vouched":
        till.live.spent_approvals.add(proof.proof_id)


def _says_who(till: Till, member: Member, code: str, checked: bool, rests_on: str | None) -> bool:
    family = code_family(code)
    if family == "reservation":
        shown = read_reservation(till, code, whenever=True)
        return (shown.card_ref, shown.reservation_id) == (member.card_ref, rests_on)
    return card_ref_of(till, code) == member.card_ref and (checked or family == "snapshot")


def _holds(till: Till, proof: Proof) -> bool:
    return till.clock.monotonic_seconds() - proof.at_seconds <= PROOF_SECONDS


def _count_try(rows: Connection, member_id: str, now: datetime) -> tuple[int, int]:
    """Count a try: how many were wrong if this one is, and for how many seconds none is taken (0: this one is)."""
    counted: Mapping[str, Any] = identity.read_state(rows, _STATE) or {}
    tries = {who: one for who, one in counted.items() if parse_instant(one["until"]) > now}
    before = tries.get(member_id, {"wrong": 0, "until": format_instant(now)})
    until = now + timedelta(seconds=LOCK_SECONDS)
    locked = before["wrong"] >= FREE_TRIES
    if locked:
        until = min(parse_instant(before["until"]), until)  # a clock that was set back makes it no longer than it was
    wrong = min(before["wrong"] + 1, FREE_TRIES)
    identity.write_state(rows, _STATE, {**tries, member_id: {"wrong": wrong, "until": format_instant(until)}})
    return wrong, min(int((until - now).total_seconds()) + 1, LOCK_SECONDS) if locked else 0


def _forgive(rows: Connection, member_id: str) -> None:
    counted: Mapping[str, Any] = identity.read_state(rows, _STATE) or {}
    left = {who: one for who, one in counted.items() if who != member_id}
    identity.write_state(rows, _STATE, left or None)
