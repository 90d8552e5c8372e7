"""Find a member by a scanned code, a typed phone number or member number, in the local mirror.

Rule: no network; what is shown is the mirror plus what this till has done since. Personal data stays in the values
that are returned and goes to no log.
"""

import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from models.catalogue import Member, MemberPass, PassPlan
from models.phones import e164, plain_digits, tail
from models.refusals import Refusal
from models.tokens import code_family, decode_short
from pos_app.journal import members
from pos_app.till import reservations
from pos_app.till.codes import read_reservation, read_snapshot
from pos_app.till.recording import business_day_text
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import MemberView, PassView

_LONGEST_NUMBER = 40


def by_scan(till: Till, text: str) -> MemberView:
    """Return the member whose code was scanned, or whose member number somebody typed: that is no code (`found_by`).

    Refusals: `not_signed_in`, `code_foreign`, `code_edited`, `code_expired`, `code_not_yet_valid`, `member_unknown`,
    `member_inactive`; in training `not_in_training` instead of an unknown member; of a code that sets something aside
    also those of `reservations.take_code`, and its member may be one whom the mirror does not know. `code_pays_goods`:
    it is a company's, and opens nobody.
    """
    require_session(till)
    if code_family(text) == "reservation":
        return _by_reservation(till, text)
    if code_family(text) == "foreign" and (numbered := _by_number(till, text)) is not None:
        return numbered
    card_ref = card_ref_of(till, text)
    with till.journal.reading() as rows:
        member = members.by_card_ref(rows, till.journal.sealer, card_ref)
        if member is None:
            raise Refusal("not_in_training" if till.journal.training else "member_unknown")
        return replace(
            _view(till, rows, member, code_family(text), text), scanned_seconds=till.clock.monotonic_seconds()
        )


def _by_reservation(till: Till, text: str) -> MemberView:
    code = reservations.take_code(till, text)
    if code.member_id is None:
        raise Refusal("code_pays_goods")
    with till.journal.reading() as rows:
        member = members.by_id(rows, till.journal.sealer, code.member_id) or reservations.member_by_code(till, code)
        return _view(till, rows, member, "reservation", text)


def card_ref_of(till: Till, text: str) -> str:
    """Return whose code was scanned, `code_foreign` when it is none; the refusals of `models.tokens`."""
    family = code_family(text)
    if family == "short":
        return decode_short(text).card_ref
    if family == "snapshot":
        return read_snapshot(till, text).card_ref
    if family == "reservation":
        return read_reservation(till, text).card_ref
    raise Refusal("code_foreign")


def by_phone(till: Till, text: str) -> tuple[MemberView, ...]:
    """Return the members with this phone number, or whose number ends with these four digits, or with this very member
    number, however it was written (models.phones).

    Refusals: `not_signed_in`, `phone_invalid`, `member_unknown` (nobody), `member_inactive` (the only one found).
    """
    require_session(till)
    with till.journal.reading() as rows:
        found, refused = people_by_phone(till, rows, text)
        if not found:
            raise refused or Refusal("member_unknown")
        active = [member for member in found if member.status == "active"]
        if not active:
            raise Refusal("member_inactive", {"status": found[0].status})
        return tuple(_view(till, rows, member, "phone", None) for member in active)


def people_by_phone(till: Till, rows: Connection, text: str) -> tuple[list[Member], Refusal | None]:
    """Return the members of `by_phone`, also inactive ones, and why the text is no phone number if it is none."""
    sealer, refused = till.journal.sealer, None
    found: list[Member] = []
    digits = tail(text)
    if digits is not None:
        found += members.by_tail(rows, sealer, digits)
    else:
        try:
            calling_code = till.journal.store.calling_code
            found += members.by_phone(rows, sealer, e164(text, calling_code), calling_code)
        except Refusal as refusal:
            refused = refusal
    numbered = members.by_number(rows, sealer, _number_of(text))
    if numbered is not None and numbered not in found:
        found.append(numbered)
    return found, refused


def _by_number(till: Till, text: str) -> MemberView | None:
    with till.journal.reading() as rows:
        member = members.by_number(rows, till.journal.sealer, _number_of(text))
        return None if member is None else _view(till, rows, member, "phone", None)


def _number_of(text: str) -> str:
    """Return what was typed as a member number is written: "880001", "SZ1T03.000012"."""
    return plain_digits(text) or unicodedata.normalize("NFKC", text[:_LONGEST_NUMBER]).strip().upper()


def by_id(till: Till, member_id: str) -> MemberView:
    """Return a member who was found before, without the code; Refusals `member_unknown`, `member_inactive`."""
    with till.journal.reading() as rows:
        return _view(till, rows, known_member(till, rows, member_id), "phone", None)


def refresh(till: Till, view: MemberView) -> MemberView:
    """Return the same member as the mirror has it now; Refusals `member_unknown`, `member_inactive`."""
    with till.journal.reading() as rows:
        member = known_member(till, rows, view.member.member_id)
        found = _view(till, rows, member, view.found_by, view.code)
    return replace(found, scanned_seconds=view.scanned_seconds, proof=view.proof, company_id=view.company_id)


def known_member(till: Till, rows: Connection, member_id: str) -> Member:
    """Return a member as the mirror has it, whatever a screen still shows; `member_unknown`, `member_inactive`.

    Of one whom only a reservation names, what that says.
    """
    member = members.by_id(rows, till.journal.sealer, member_id) or reservations.member_by_id(till, rows, member_id)
    if member is None:
        raise Refusal("member_unknown")
    if member.status != "active":
        raise Refusal("member_inactive", {"status": member.status})
    return member


def _view(till: Till, rows: Connection, member: Member, found_by: str, code: str | None) -> MemberView:
    if member.status != "active":
        raise Refusal("member_inactive", {"status": member.status})
    now = till.clock.now()
    today = business_day_text(till, now)
    plans = till.journal.catalogue.plans
    set_aside = reservations.of_member(till, rows, member.member_id)
    here = Counter[str]()
    for one in set_aside:
        here[one.source_id] += one.left
    views = [
        _pass_view(held, plans[held.plan_id], now, today, here[held.pass_id])
        for held in reservations.passes_of(till, rows, member.member_id)
        if held.plan_id in plans
    ]
    views.sort(key=lambda view: (not view.usable, view.held.expires_at, view.held.pass_id))
    if set_aside:
        member = replace(member, balance_minor=reservations.balance_minor(till, rows, member))
    return MemberView(member, tuple(views), found_by, code, set_aside=set_aside)


def _pass_view(held: MemberPass, plan: PassPlan, now: datetime, today: str, set_aside: int) -> PassView:
    used_today = held.used_today if held.used_on == today else 0
    reason = None
    if held.status != "active":
        reason = {"expired": "pass_expired", "revoked": "pass_revoked"}.get(held.status, "pass_not_active")
    elif now >= held.expires_at:
        reason = "pass_expired"
    elif held.uses_left < 1:
        reason = "uses_exhausted"
    elif plan.max_uses_per_day is not None and used_today >= plan.max_uses_per_day:
        reason = "uses_per_day_exceeded"
    return PassView(held, plan, reason is None, reason, used_today, set_aside)
