"""Enterprise cards at the counter: whose admin a member is, and the admins whom a card's scanned code means.

Rule: reads the mirror, with or without a network. The secret in such a code is not checked here: it brings money in.
"""

from dataclasses import replace

from models.catalogue import CompanyCard, Member
from models.refusals import Refusal
from models.tokens import code_family
from pos_app.journal import members
from pos_app.till import find_member
from pos_app.till.find_member import card_ref_of
from pos_app.till.till import Till
from pos_app.till.values import MemberView


def by_code(till: Till, text: str, *, tops_up: bool = False) -> tuple[MemberView, ...]:
    """Return whom a scanned code means: a member, or, where money comes in (`tops_up`), those who administer the
    company's card whose code it is. Anywhere else such a code opens nobody: plain members of the company pay with it.

    Refusals of `find_member.by_scan`, `code_pays_goods` for a company's.
    """
    try:
        return (find_member.by_scan(till, text),)
    except Refusal as refusal:
        found = _admins(till, text) if refusal.code in ("member_unknown", "not_in_training") else ()
        if not found:
            raise
        if not tops_up:
            raise Refusal("code_pays_goods") from None
        return found


def company_of(member: Member | None, card_id: str | None) -> CompanyCard | None:
    """Return the company's card with this id as long as the member administers it; None also for their own card."""
    held = member.companies if member is not None else ()
    return next((card for card in held if card.card_id == card_id), None)


def _admins(till: Till, text: str) -> tuple[MemberView, ...]:
    if code_family(text) != "short":
        return ()
    card_ref, now = card_ref_of(till, text), till.clock.monotonic_seconds()
    with till.journal.reading() as rows:
        admins = members.by_company_ref(rows, till.journal.sealer, card_ref)
    found = []
    for member in admins:
        if member.status == "active":
            card_id = next(card.card_id for card in member.companies if card.card_ref == card_ref)
            view = find_member.by_id(till, member.member_id)
            found.append(replace(view, found_by="company", scanned_seconds=now, company_id=card_id))
    return tuple(found)
