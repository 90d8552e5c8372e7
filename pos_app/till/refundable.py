"""What may be refunded: this till's last sales, charges and top-ups, one found by its number, and the cash."""

import re
from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from models.catalogue import Member, mask_name
from models.facts import CardCharged, Fact, OrderPaid, PassRedeemed, PassSold, SoldCup, ToppedUp
from models.notes import clean_note
from models.refusals import Refusal
from models.tenders import Tender
from pos_app.journal import members, orders, outbox, takings
from pos_app.journal.takings import Taking
from pos_app.selling import refunds
from pos_app.till.companies import company_of
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import CashBack, Refundable, SoldLine

KINDS = {OrderPaid: "order", CardCharged: "charge", ToppedUp: "top_up"}
NOT_HERE = (PassSold.__name__, PassRedeemed.__name__)
"""Kinds of facts that a customer paid with money or uses, and of which only head office gives anything back."""
_SLIP = re.compile(r"((?:VR|TP)\.[A-Z0-9]{2,8}\.[0-9]{6,9})(?:\.[0-9A-F]{16})?")


def recent(till: Till, limit: int = 50) -> tuple[Refundable, ...]:
    """Return the last sales, charges and top-ups of this till, newest first. Refusal `not_signed_in`."""
    require_session(till)
    with till.journal.reading() as rows:
        found = takings.recent(rows, limit)
        return _shown(till, rows, found)


def find(till: Till, text: str) -> Refundable:
    """Return the transaction with this number: the ledger's, a slip's, or the text of a slip's check code.

    Refusals: `not_signed_in`, `not_refundable_here` {kind: of a fact} for what is no such, `transaction_unknown`;
    a ledger number of another till is taken as it is.
    """
    require_session(till)
    number = "".join(text.split()).upper()
    slip = _SLIP.fullmatch(number)
    with till.journal.reading() as rows:
        found = takings.by_slip(rows, slip[1]) if slip else takings.by_tx_no(rows, number)
        if found is not None:
            return _shown(till, rows, (found,))[0]
        kind = _kind_of_other(rows, slip[1] if slip else None, number)
    if kind is not None:
        raise Refusal("not_refundable_here", {"kind": kind, "number": number[:40]})
    if slip:
        raise Refusal("transaction_unknown", {"tx_no": number[:40]})
    return Refundable(refunds.kind_of(number), number)


def of_fact(till: Till, rows: Connection, fact: Fact) -> Refundable | None:
    """Return what there is to refund of a fact, None for one that never comes back."""
    found = takings.by_fact(rows, fact.fact_id)
    return None if found is None else _shown(till, rows, (found,))[0]


def _kind_of_other(rows: Connection, slip: str | None, number: str) -> str | None:
    seq = orders.of_slip(rows, slip) if slip is not None else outbox.seq_of_number(rows, number)
    kinds = [one.entry.kind for one in orders.at(rows, [] if seq is None else [seq])]
    if kinds and kinds[0] in orders.KINDS and kinds[0] not in takings.KINDS:
        return kinds[0]
    return refunds.kind_elsewhere(number)


def cash_back(one: Refundable, refund_minor: int) -> CashBack | None:
    """Return what refunding so much of a top-up hands out; None for a charge, and when the till does not know enough.

    Refusals of `models.cards.clawback`.
    """
    if one.kind != "top_up" or one.amount_minor is None or one.left_minor is None:
        return None
    bonus_minor, least_minor = refunds.cash_back(
        one.amount_minor, one.bonus_minor, one.amount_minor - one.left_minor, refund_minor
    )
    return CashBack(bonus_minor, least_minor, refund_minor)


def _shown(till: Till, rows: Connection, found: tuple[Taking, ...]) -> tuple[Refundable, ...]:
    made = []
    for one in found:
        body = one.fact.body
        if not isinstance(body, OrderPaid | CardCharged | ToppedUp):
            continue
        member = None
        if body.member_id is not None:
            member = members.by_id(rows, till.journal.sealer, body.member_id)
        made.append(
            Refundable(
                kind=KINDS[type(body)],
                tx_no=one.tx_no,
                slip=body.slips[0],
                happened_at=one.fact.happened_at,
                amount_minor=one.amount_minor,
                bonus_minor=body.bonus_minor if isinstance(body, ToppedUp) else 0,
                left_minor=one.left_minor,
                who=_who(body, member),
                fact_id=one.fact.fact_id,
                lines=_lines(one),
                tenders_left=_tenders_left(one),
            )
        )
    return tuple(made)


def _who(body: OrderPaid | CardCharged | ToppedUp, member: Member | None) -> str:
    company = company_of(member, body.card_id) if isinstance(body, ToppedUp) else None
    parts = company.company_name if company else "", mask_name(member.name) if member is not None else ""
    return " · ".join(part for part in parts if part)


def _lines(one: Taking) -> tuple[SoldLine, ...]:
    if not isinstance(one.fact.body, OrderPaid):
        return ()
    return lines_of(one.fact.body.cups, one.lines_back)


def lines_of(cups: Sequence[SoldCup], gone: Collection[int]) -> tuple[SoldLine, ...]:
    """Return cups as screens show them, and which of them, by their place, came back."""
    return tuple(
        SoldLine(place, cup.name, _add_ons(cup), cup.total_minor, place in gone, clean_note(cup.note))
        for place, cup in enumerate(cups, 1)
    )


def _tenders_left(one: Taking) -> tuple[Tender, ...]:
    if not isinstance(one.fact.body, OrderPaid) or not one.left_minor:
        return ()
    return refunds.tenders_back(one.fact.body.tenders, one.tenders_back, one.left_minor)


def _add_ons(cup: SoldCup) -> str:
    return " · ".join(f"{part.quantity} × {part.name}" if part.quantity > 1 else part.name for part in cup.add_ons)
