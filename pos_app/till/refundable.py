"""What may be refunded: this till's last charges and top-ups, one found by its number, and what it would hand out."""

import re

from sqlalchemy import Connection

from models.catalogue import mask_name
from models.facts import CardCharged, ToppedUp
from models.refusals import Refusal
from pos_app.journal import members, stored_value
from pos_app.journal.stored_value import CardFact
from pos_app.selling import refunds
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import CashBack, Refundable

_SLIP = re.compile(r"((?:VR|TP)\.[A-Z0-9]{2,8}\.[0-9]{6,9})(?:\.[0-9A-F]{16})?")


def recent(till: Till, limit: int = 50) -> tuple[Refundable, ...]:
    """Return the last charges and top-ups of this till, newest first. Refusal `not_signed_in`."""
    require_session(till)
    with till.journal.reading() as rows:
        found = stored_value.recent(rows, limit)
        return _shown(till, rows, found)


def find(till: Till, text: str) -> Refundable:
    """Return the transaction with this number: the ledger's, a slip's, or the text of a slip's check code.

    Refusals: `not_signed_in`, `transaction_unknown`; a ledger number of another till is taken as it is.
    """
    require_session(till)
    number = "".join(text.split()).upper()
    slip = _SLIP.fullmatch(number)
    with till.journal.reading() as rows:
        found = stored_value.by_slip(rows, slip[1]) if slip else stored_value.by_tx_no(rows, number)
        if found is not None:
            return _shown(till, rows, (found,))[0]
    if slip:
        raise Refusal("transaction_unknown", {"tx_no": number[:40]})
    return Refundable(refunds.kind_of(number), number)


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


def _shown(till: Till, rows: Connection, found: tuple[CardFact, ...]) -> tuple[Refundable, ...]:
    before = stored_value.refunded_minor(rows, [one.tx_no for one in found if one.tx_no is not None])
    made = []
    for one in found:
        body = one.fact.body
        if not isinstance(body, CardCharged | ToppedUp):
            continue
        member = None
        if body.member_id is not None:
            member = members.by_id(rows, till.journal.sealer, body.member_id)
        amount_minor = stored_value.amount_minor(one.fact)
        made.append(
            Refundable(
                kind="charge" if isinstance(body, CardCharged) else "top_up",
                tx_no=one.tx_no,
                slip=body.slips[0],
                happened_at=one.fact.happened_at,
                amount_minor=amount_minor,
                bonus_minor=body.bonus_minor if isinstance(body, ToppedUp) else 0,
                left_minor=amount_minor - before.get(one.tx_no or "", 0),
                who=mask_name(member.name) if member is not None else "",
            )
        )
    return tuple(made)
