"""What the server set aside for this till alone: found by code or member, looked at, given back (sync.md, rung 2).

Rule: what counts is the signed token, read anew for every use, less what this till's own facts took. It ends by a fact
of this till only: used up, or given back at its end less `CLOSING_MARGIN`, at the end of the shift, when the server
asks for it, or when somebody at the counter does. A till whose history is disputed uses none.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from models.catalogue import Member, MemberPass, mask_name
from models.refusals import Refusal
from models.reservations import UNIT_OF_USES, ReservationClosed, last_use
from models.tokens import ReservationCode
from pos_app.journal import identity, members, passes, reservations
from pos_app.journal.reservations import Kept
from pos_app.selling.offline_policy import Reserved
from pos_app.till.codes import read_reservation
from pos_app.till.recording import append
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import Changes, Session, SetAside


def take_code(till: Till, text: str) -> ReservationCode:
    """Keep a code that was scanned and return what it says.

    Refusals: those of `codes.read_reservation`, `code_expired` from the margin on, `code_used` (nothing is left of it),
    `reservation_closed` (this till or the server has ended it, or wants it back).
    """
    code = read_reservation(till, text)
    if till.clock.now() >= last_use(code.expires_at):
        raise Refusal("code_expired", {"expired_at": code.expires_at.isoformat()})

    def work(rows: Connection) -> Kept | None:
        reservations.take(rows, code, text)
        return reservations.by_id(rows, code.reservation_id)

    known = till.journal.keep(work)
    if known is None or known.state != "open" or known.ended:
        raise Refusal("reservation_closed")
    if not known.left:
        raise Refusal("code_used")
    return code


def usable(till: Till, rows: Connection, source_id: str) -> tuple[Reserved, ...]:
    """Return what this till may take from a pass or card without asking, soonest expiry first.

    Empty when the server sees another history of this till: a copy of it may spend the same.
    """
    if identity.read_state(rows, "fork") is not None:
        return ()
    now = till.clock.now()
    found = []
    for kept in reservations.of_source(rows, source_id):
        if not kept.is_open or kept.state != "open" or now >= last_use(kept.expires_at):
            continue
        code = _vouched(till, kept)
        if code is not None and code.amount > kept.used and now < last_use(code.expires_at):
            found.append(Reserved(kept.reservation_id, code.amount - kept.used, code.discount))
    return tuple(found)


def with_set_aside(till: Till, rows: Connection, held: MemberPass) -> MemberPass:
    """Return a pass with what it has for this till: the free uses, and those that are set aside here.

    The mirror's count is without what the feed told of, and still with what was scanned before the feed could tell.
    """
    kept = reservations.of_source(rows, held.pass_id)
    if not kept:
        return held
    own = sum(one.left for one in _of_use(till, rows, kept) if one.told)
    taken = sum(one.used for one in kept if not one.told)
    return replace(held, uses_left=max(0, held.uses_left + own - taken))


def passes_of(till: Till, rows: Connection, member_id: str) -> tuple[MemberPass, ...]:
    """Return a member's passes with what is set aside here, those too that only a code tells of."""
    known = passes.of_member(rows, member_id)
    found = [with_set_aside(till, rows, held) for held in known]
    ids = {held.pass_id for held in known}
    for kept in reservations.of_member(rows, member_id):
        if kept.source_kind == "pass" and kept.source_id not in ids:
            held = pass_by_id(till, rows, kept.source_id)
            if held is not None:
                found.append(held)
                ids.add(kept.source_id)
    return tuple(found)


def pass_by_id(till: Till, rows: Connection, pass_id: str) -> MemberPass | None:
    """Return a pass with what is set aside here; of one that the mirror lacks just that."""
    held = passes.by_id(rows, pass_id)
    if held is not None:
        return with_set_aside(till, rows, held)
    for kept in _of_use(till, rows, reservations.of_source(rows, pass_id)):
        code = _vouched(till, kept)
        if code is not None and code.plan_id is not None:
            merchant_id = till.journal.store.merchant_id
            return MemberPass(
                pass_id, merchant_id, kept.member_id, code.plan_id, "active", code.amount, kept.left, code.expires_at
            )  # fmt: skip
    return None


def balance_minor(till: Till, rows: Connection, member: Member) -> int:
    """Return what a member's own card has for this till: the free money, and what is set aside here of it."""
    kept = [one for one in reservations.of_member(rows, member.member_id, ended_too=True) if one.source_kind == "card"]
    own = sum(one.left for one in _of_use(till, rows, kept) if one.told)
    return max(0, member.balance_minor + own - sum(one.used for one in kept if not one.told))


def code_of(till: Till, rows: Connection, reservation_id: str) -> ReservationCode | None:
    """Return what the token of a reservation says; None when there is none that holds."""
    kept = reservations.by_id(rows, reservation_id)
    return None if kept is None else _vouched(till, kept)


def member_by_code(till: Till, code: ReservationCode) -> Member:
    """Return whom a code belongs to as far as it says; the mirror does not know them."""
    currency = till.journal.store.currency
    return Member(code.member_id or "", code.card_ref, "", "", "", "", "active", 0, currency, 0)


def member_by_id(till: Till, rows: Connection, member_id: str) -> Member | None:
    """Return a member for whom something is set aside here, though the mirror does not know them."""
    for kept in reservations.of_member(rows, member_id):
        code = _vouched(till, kept)
        if code is not None:
            return member_by_code(till, code)
    return None


def of_member(till: Till, rows: Connection, member_id: str) -> tuple[SetAside, ...]:
    """Return what is set aside here for a member and can be used, soonest expiry first."""
    return tuple(_shown(till, one, "") for one in _of_use(till, rows, reservations.of_member(rows, member_id)))


def unfinished(till: Till) -> tuple[SetAside, ...]:
    """Return all that is set aside on this till, or given back without the server knowing yet."""
    with till.journal.reading() as rows:
        found = []
        for kept in reservations.unfinished(rows):
            member = members.by_id(rows, till.journal.sealer, kept.member_id)
            found.append(_shown(till, kept, mask_name(member.name) if member and member.name else ""))
    return tuple(found)


# -- ending -------------------------------------------------------------------------------------------------------


def give_back(till: Till, reservation_id: str) -> None:
    """Give a reservation back because somebody at the counter asked for it; nothing happens when it has ended.

    Refusals: `not_signed_in`, `reservation_unknown`.
    """
    person = require_session(till)
    now = till.clock.now()
    with till.journal.writing() as rows:
        kept = reservations.by_id(rows, reservation_id)
        if kept is None:
            raise Refusal("reservation_unknown")
        if kept.is_open:
            _close(till, rows, kept, "given_back", person, now)
    till.notify(Changes(facts=True, outbox=True, members=True))


def close_due(till: Till) -> int:
    """Give back what is wanted back and what is about to end; returns how many. An unproven clock ends none."""
    if till.journal.identity is None:
        return 0
    frozen, now = till.clock.standing().frozen, till.clock.now()

    def due(kept: Kept) -> str | None:
        if not kept.is_open:
            return None
        if kept.state == "recalled":
            return "recalled"
        return "expired" if not frozen and now >= last_use(kept.expires_at) else None

    with till.journal.reading() as rows:
        if not any(due(kept) for kept in reservations.unfinished(rows)):
            return 0

    def work(rows: Connection) -> int:
        found = [(kept, reason) for kept in reservations.unfinished(rows) if (reason := due(kept)) is not None]
        for kept, reason in found:
            _close(till, rows, kept, reason, None, now)
        reservations.forget_old(rows, now)
        return len(found)

    count = till.journal.keep(work)
    till.notify(Changes(facts=True, outbox=True, members=True))
    return count


def close_for_shift(till: Till, rows: Connection, person: Session, now: datetime) -> None:
    """Give everything back: nobody is here to use it."""
    for kept in reservations.unfinished(rows):
        if kept.is_open:
            _close(till, rows, kept, "shift_closed", person, now)


def _close(till: Till, rows: Connection, kept: Kept, reason: str, person: Session | None, now: datetime) -> None:
    unit = UNIT_OF_USES if kept.source_kind == "pass" else till.journal.store.currency
    used = min(kept.used, kept.amount)
    append(till, rows, ReservationClosed(kept.reservation_id, reason, used, kept.amount, unit), person, now)


# -- looking ------------------------------------------------------------------------------------------------------


def _of_use(till: Till, rows: Connection, found: Iterable[Kept]) -> list[Kept]:
    """Return those that could be used now; none at a till whose history is disputed."""
    if identity.read_state(rows, "fork") is not None:
        return []
    now = till.clock.now()
    return [one for one in found if one.is_open and one.state == "open" and now < last_use(one.expires_at)]


def _vouched(till: Till, kept: Kept) -> ReservationCode | None:
    """Return what the token says, if it still is the server's word about this very reservation."""
    try:
        code = read_reservation(till, kept.token, whenever=True)
    except Refusal:
        return None
    same = (code.reservation_id, code.source_id) == (kept.reservation_id, kept.source_id)
    return code if same else None


def _shown(till: Till, kept: Kept, who: str) -> SetAside:
    until = last_use(kept.expires_at)
    state = "closing" if kept.ended else kept.state
    if state == "open" and till.clock.now() >= until:
        state = "expired"
    return SetAside(
        reservation_id=kept.reservation_id,
        member_id=kept.member_id,
        who=who,
        source_kind=kept.source_kind,
        source_id=kept.source_id,
        left=kept.left,
        amount=kept.amount,
        until=until,
        state=state,
        origin=kept.origin,
    )
