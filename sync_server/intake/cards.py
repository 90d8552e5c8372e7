"""What top-ups, charges and refunds of cards ask of the ledger, as plain values, after their sums have been checked.

Rule: pure. A request and the fact that follows it have one digest when they do the same. What the till wrote down of
the answer it was given goes to the ledger, which compares. Not here: balances, discount, points (ledger, in SQL).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from models import codec, facts
from models.cards import check_charge, discounted_vat
from models.money import MOST_TOP_UP_MINOR, VatGroup, check_amount
from models.passes import Cup
from models.refusals import Refusal
from models.tenders import check_tenders
from models.wire import ChargeAsked, RefundAsked
from sync_server.intake.checks import Plain, Problems, check_cups, gross_of, kinds_of, sold

_CODE = re.compile(r"[a-z_]{1,40}")
CupContent = tuple[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge's content, alike in the request and in the fact. The card is the scanned code's, in the answer."""

    order_id: str
    cups: tuple[CupContent, ...]
    raw_total_minor: int
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund's content, alike in the request and in the fact."""

    refund_id: str
    original_tx_no: str
    amount_minor: int
    tender: str | None
    currency: str


def digest(content: object) -> str:
    """Return the SHA-256 in hex of a content: equal for a request and its fact, unequal when they do something else."""
    return hashlib.sha256(codec.content(content)).hexdigest()


def asked_cups(cups: Sequence[Cup]) -> tuple[CupContent, ...]:
    """Return what a request's cups are, without prices."""
    return tuple((cup.product_id, tuple((choice.add_on_id, choice.quantity) for choice in cup.add_ons)) for cup in cups)


def sold_cups(cups: Sequence[facts.SoldCup]) -> tuple[CupContent, ...]:
    """Return what a fact's cups are, without prices."""
    return tuple((cup.product_id, tuple((part.add_on_id, part.quantity) for part in cup.add_ons)) for cup in cups)


def check_reason(reason: str) -> None:
    """Check a reason (3 to 200 characters, as app.check_reason); Refusals `reason_missing`, `request_malformed`."""
    if len(reason.strip()) < 3:
        raise Refusal("reason_missing")
    if len(reason) > 200:
        raise Refusal("request_malformed", {"field": "reason"})


def harmless(reason: str) -> str:
    """Return a reason as far as it is a code: the ledger and the audit keep no free text."""
    return reason if _CODE.fullmatch(reason) else "other"


def charge_effect(asked: ChargeAsked, request_id: str, cups: Sequence[Plain], vat: Sequence[VatGroup]) -> Plain:
    """Return a requested charge as the ledger's functions take it."""
    content = Charge(
        asked.order_id, asked_cups(asked.cups), asked.raw_total_minor, asked.total_minor, asked.currency
    )  # fmt: skip
    return {
        "charge_id": asked.order_id,
        "raw_minor": asked.raw_total_minor,
        "total_minor": asked.total_minor,
        "currency": asked.currency,
        "cups": list(cups),
        "vat": codec.to_plain(list(vat)),
        "pickup_no": None,
        "request_id": request_id,
        "effect_hash": digest(content),
    }


def refund_effect(asked: RefundAsked, request_id: str) -> Plain:
    """Return a requested refund as the ledger's functions take it."""
    content = Refund(asked.refund_id, asked.original_tx_no, asked.amount_minor, asked.tender, asked.currency)
    return {
        **codec.to_plain(content),
        "reason": harmless(asked.reason),
        "request_id": request_id,
        "effect_hash": digest(content),
    }


def content_beside(body: facts.Body) -> Plain:
    """What posting without a granted request needs besides: of charges and refunds the intake compares digests only."""
    if isinstance(body, facts.CardCharged):
        charge = Charge(body.order_id, sold_cups(body.cups), body.raw_total_minor, body.total_minor, body.currency)
        return {
            "charge_id": body.order_id,
            "card_id": body.card_id,
            "member_id": body.member_id,
            "raw_minor": body.raw_total_minor,
            "total_minor": body.total_minor,
            "discount": body.discount,
            "currency": body.currency,
            "cups": [sold(cup) for cup in body.cups],
            "vat": codec.to_plain(list(body.vat)),
            "pickup_no": body.pickup_no,
            "effect_hash": digest(charge),
            "request_id": None,
        }
    if isinstance(body, facts.Refunded):
        content = Refund(body.refund_id, body.original_tx_no, body.amount_minor, body.tender, body.currency)
        return {
            **codec.to_plain(content),
            "cash_minor": body.cash_minor,
            "reason": harmless(body.reason),
            "effect_hash": digest(content),
            "request_id": None,
        }
    return {}


def topped_up(body: facts.ToppedUp, problems: Problems) -> Plain:
    """Check a top-up that happened and return its effect."""
    for amount in (body.amount_minor, body.bonus_minor):
        problems.refused(check_amount, amount)
    problems.require(body.amount_minor > 0 and body.bonus_minor >= 0, "amount_invalid")
    problems.require(body.amount_minor <= MOST_TOP_UP_MINOR, "amount_unusual")
    problems.refused(check_tenders, body.amount_minor, body.tenders, False)
    problems.require(kinds_of(body.slips) == ("VR",), "slips_wrong")
    plain: Plain = codec.to_plain(body)
    return {name: value for name, value in plain.items() if name != "slips"}


def card_charged(body: facts.CardCharged, problems: Problems) -> Plain:
    """Check a charge that happened and return what the ledger compares with the request it cites."""
    check_cups(body.cups, body.raw_total_minor, problems)
    problems.refused(check_charge, body.total_minor)
    problems.require(bool(body.cups), "basket_empty")
    problems.require(body.total_minor <= body.raw_total_minor, "arithmetic_wrong")
    if problems.held is None:
        problems.require(body.vat == discounted_vat(gross_of(body.cups), body.total_minor), "arithmetic_wrong")
    problems.require(kinds_of(body.slips) == ("TP",), "slips_wrong")
    content = Charge(body.order_id, sold_cups(body.cups), body.raw_total_minor, body.total_minor, body.currency)
    aside = reserved(body.evidence)
    told = ["card_id", "card_type", "total_minor"]
    told += [] if aside else ["member_id", "discount", "points_earned", "balance_minor"]
    return {
        **(content_beside(body) if aside else {}),
        "pickup_no": body.pickup_no,
        **_granted(content, body.evidence, {name: getattr(body, name) for name in told}),
        **aside,
    }


def reserved(evidence: facts.Evidence) -> Plain:
    """Return which reservation a use rests on, when it rests on one."""
    return {"reservation_id": evidence.reservation_id} if evidence.rung == "reserved" else {}


def refunded(body: facts.Refunded, problems: Problems) -> Plain:
    """Check a refund that happened and return what the ledger compares with the request it cites."""
    for amount in (body.amount_minor, body.cash_minor):
        problems.refused(check_amount, amount)
    problems.require(0 <= body.cash_minor <= body.amount_minor and body.amount_minor > 0, "amount_invalid")
    problems.require(kinds_of(body.slips) == ("VR",), "slips_wrong")
    content = Refund(body.refund_id, body.original_tx_no, body.amount_minor, body.tender, body.currency)
    told = ("kind", "amount_minor", "cash_minor", "balance_minor")
    return _granted(content, body.evidence, {name: getattr(body, name) for name in told})


def _granted(content: object, evidence: facts.Evidence, answer: Plain) -> Plain:
    return {
        "rung": evidence.rung,
        "request_id": evidence.request_id,
        "effect_hash": digest(content),
        "answer": answer,
    }
