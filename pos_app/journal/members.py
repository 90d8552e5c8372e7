"""Members in the mirror: sealed rows, found by card reference, member number, full phone or its last four digits.

Rule: no name and no phone stands in the file in clear, nor in any log. Phones come in their one form (models.phones);
rows that came before there was one are found too.
"""

from dataclasses import replace

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from models import codec
from models.catalogue import Member
from models.phones import TAIL_DIGITS, is_same, older_forms, phone_digits
from pos_app.journal import aliases
from pos_app.journal.sealing import Sealer
from pos_app.journal.tables import COMPANIONS, COMPANY_CARDS, MEMBER_ALIASES, MEMBERS, OUTBOX

_MOST_FOUND = 20


def put(rows: Connection, sealer: Sealer, member: Member, epoch: str) -> None:
    """Store one member as the server told it."""
    digits = phone_digits(member.phone)
    values = {
        "card_ref_index": sealer.index("card_ref", member.card_ref),
        "number_index": sealer.index("member_no", member.member_no),
        "phone_index": sealer.index("phone", digits),
        "tail_index": sealer.index("phone_tail", digits[-TAIL_DIGITS:]),
        "sealed": sealer.seal(member.member_id, codec.encode(member)),
        "epoch": epoch,
    }
    statement = insert(MEMBERS).values(member_id=member.member_id, **values)
    rows.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_=values))
    merged = select(MEMBER_ALIASES.c.alias_id).where(MEMBER_ALIASES.c.member_id == member.member_id)
    rows.execute(delete(MEMBERS).where(MEMBERS.c.member_id.in_(merged)))
    rows.execute(delete(COMPANY_CARDS).where(COMPANY_CARDS.c.member_id == member.member_id))
    for card in member.companies:
        index = sealer.index("card_ref", card.card_ref)
        rows.execute(insert(COMPANY_CARDS).values(card_ref_index=index, member_id=member.member_id))


def merge(rows: Connection, alias_id: str, member_id: str, epoch: str) -> None:
    """Note that an id stands for a member; the row made under it goes as soon as the member's own is there."""
    aliases.put(rows, alias_id, member_id, epoch)
    if rows.execute(select(MEMBERS.c.member_id).where(MEMBERS.c.member_id == member_id)).first() is not None:
        remove(rows, alias_id)


def remove(rows: Connection, member_id: str) -> None:
    """Forget one member."""
    rows.execute(delete(MEMBERS).where(MEMBERS.c.member_id == member_id))
    rows.execute(delete(COMPANY_CARDS).where(COMPANY_CARDS.c.member_id == member_id))


def note_card(rows: Connection, sealer: Sealer, member_id: str, balance_minor: int, points: int | None) -> None:
    """Take over what the ledger just said about a member's card; the next row of the pull replaces it."""
    known = by_id(rows, sealer, member_id)
    if known is None:
        return
    told = replace(known, balance_minor=balance_minor, points=known.points if points is None else points)
    sealed = sealer.seal(member_id, codec.encode(told))
    rows.execute(update(MEMBERS).where(MEMBERS.c.member_id == member_id).values(sealed=sealed))


def forget_other_epochs(rows: Connection, epoch: str) -> None:
    """Drop members that a complete pull of this epoch did not bring, but those made here that the server does not
    know yet, or knows as somebody whom it does not show to this merchant yet."""
    waiting = select(COMPANIONS.c.member_id).join(OUTBOX, OUTBOX.c.seq == COMPANIONS.c.seq)
    made_here = waiting.where(OUTBOX.c.state == "pending")
    merged = select(MEMBER_ALIASES.c.alias_id).where(MEMBER_ALIASES.c.epoch == epoch)
    left = MEMBERS.c.member_id.not_in(made_here) & MEMBERS.c.member_id.not_in(merged)
    rows.execute(delete(MEMBERS).where(MEMBERS.c.epoch != epoch, left))
    rows.execute(delete(COMPANY_CARDS).where(COMPANY_CARDS.c.member_id.not_in(select(MEMBERS.c.member_id))))


def by_id(rows: Connection, sealer: Sealer, member_id: str) -> Member | None:
    """Return the member whom this id stands for."""
    own = aliases.resolve(rows, member_id)
    found = _find(rows, sealer, MEMBERS.c.member_id.in_((own, member_id)))
    return next((member for member in found if member.member_id == own), next(iter(found), None))


def by_card_ref(rows: Connection, sealer: Sealer, card_ref: str) -> Member | None:
    """Return the member with this card reference."""
    return next(iter(_find(rows, sealer, MEMBERS.c.card_ref_index == sealer.index("card_ref", card_ref))), None)


def by_company_ref(rows: Connection, sealer: Sealer, card_ref: str) -> tuple[Member, ...]:
    """Return the members who administer the enterprise card with this reference, by member number."""
    index = sealer.index("card_ref", card_ref)
    admins = select(COMPANY_CARDS.c.member_id).where(COMPANY_CARDS.c.card_ref_index == index)
    return _find(rows, sealer, MEMBERS.c.member_id.in_(admins))


def by_phone(rows: Connection, sealer: Sealer, phone: str, calling_code: str) -> tuple[Member, ...]:
    """Return the members with this phone (E.164), at most 20, by member number.

    `calling_code`: of the store, to which a number belongs that was kept without its country.
    """
    forms = [sealer.index("phone", form) for form in older_forms(phone)]
    found = _find(rows, sealer, MEMBERS.c.phone_index.in_(forms))
    return tuple(member for member in found if is_same(member.phone, phone, calling_code))


def by_tail(rows: Connection, sealer: Sealer, digits: str) -> tuple[Member, ...]:
    """Return the members whose phone ends with these four digits; at most 20, by member number."""
    return _find(rows, sealer, MEMBERS.c.tail_index == sealer.index("phone_tail", digits))


def by_number(rows: Connection, sealer: Sealer, member_no: str) -> Member | None:
    """Return the member with exactly this number."""
    found = _find(rows, sealer, MEMBERS.c.number_index == sealer.index("member_no", member_no))
    if found:
        return found[0]
    older = select(MEMBERS.c.member_id, MEMBERS.c.sealed).where(MEMBERS.c.number_index.is_(None))
    opened = (codec.decode(Member, sealer.open(member_id, sealed)) for member_id, sealed in rows.execute(older))
    return next((member for member in opened if member.member_no == member_no), None)


def _find(rows: Connection, sealer: Sealer, condition: object) -> tuple[Member, ...]:
    statement = select(MEMBERS.c.member_id, MEMBERS.c.sealed).where(condition)  # type: ignore[arg-type]
    found = [
        codec.decode(Member, sealer.open(member_id, sealed))
        for member_id, sealed in rows.execute(statement.limit(_MOST_FOUND))
    ]
    return tuple(sorted(found, key=lambda member: member.member_no))
