"""What a till may ask before goods or money move, and what is particular to each: ids, prices, effect, ledger function.

Rule: prices come from the server's catalogue. What is found wrong here is a refusal that the ledger stores as the
answer. Not here: the one way in which all of them are answered (requests).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models import facts, wire
from models.cards import discounted_vat
from models.catalogue import TENDER_KINDS
from models.money import VatGroup, check_amount, split_vat
from models.passes import Cup, CupQuote, price_cup
from models.refusals import Refusal
from models.tenders import check_tenders
from models.wire import ChargeAsked, RedeemAsked, RefundAsked
from sync_server.cards.codes import CheckedCode
from sync_server.database.engine import Claims, Pool
from sync_server.intake.cards import charge_effect, check_reason, refund_effect
from sync_server.intake.checks import Plain
from sync_server.intake.effects import StoreRules, asked_of_request, quoted_cups, redemption_effect
from sync_server.intake.prices import Terms
from sync_server.ledger import functions
from sync_server.ledger.functions import Question

Action = RedeemAsked | ChargeAsked | RefundAsked
_TX_NO = re.compile(r"[A-Z]{2}[0-9]{8,30}")


@dataclass(frozen=True, slots=True)
class Priced:
    """Cups with the prices of the server's catalogue, and the VAT of what is to be paid."""

    cups: tuple[Plain, ...] = ()
    vat: tuple[VatGroup, ...] = ()


def action_of(request: wire.ActionRequest) -> Action:
    """Return what a request asks for; Refusal `request_malformed` when that is nothing."""
    action = request.redeem or request.charge or request.refund
    if action is None:
        raise Refusal("request_malformed", {"pointer": ""})
    return action


def ids_of(action: Action) -> tuple[str, ...]:
    """Return the ids that the till made or names."""
    match action:
        case RedeemAsked():
            return action.redemption_id, action.pass_id, action.member_id
        case ChargeAsked():
            return (action.order_id,)
        case RefundAsked():
            return (action.refund_id,)


def code_of(action: Action) -> str | None:
    """Return the short code just scanned, when there was one."""
    return None if isinstance(action, RefundAsked) else action.member_code


def check_owner(action: Action, code: CheckedCode) -> None:
    """Refuse somebody else's code: whoever shows a card's code may pay with it, but a pass is its member's alone."""
    if isinstance(action, RedeemAsked) and code.member_id != action.member_id:
        raise Refusal("pass_other_member", {"pass_id": action.pass_id})


def cups_of(action: Action) -> tuple[Cup, ...]:
    """Return the cups to be priced."""
    return () if isinstance(action, RefundAsked) else action.cups


def pass_of(action: Action) -> str | None:
    """Return the pass that is to be used."""
    return action.pass_id if isinstance(action, RedeemAsked) else None


def price(action: Action, terms: Terms) -> Priced:
    """Check amounts and price the cups from the server's catalogue.

    Refusals: those of `price_cup` and `check_tenders`, `price_changed`, `basket_empty`, `pass_unknown`,
    `pass_other_merchant`, `amount_invalid`, `currency_mismatch`, `transaction_unknown`.
    """
    match action:
        case RedeemAsked():
            return _price_redemption(action, terms)
        case ChargeAsked():
            return _price_charge(action, terms)
        case RefundAsked():
            return _check_refund(action, terms.rules)


def effect_of(action: Action, request_id: str, priced: Priced, judged_day: str) -> Plain:
    """Return what the ledger is asked to do; `judged_day` is the business day that limits count."""
    match action:
        case RedeemAsked():
            evidence = facts.Evidence("online", request_id)
            return redemption_effect(asked_of_request(action), priced.cups, priced.vat, evidence, judged_day, None)
        case ChargeAsked():
            return charge_effect(action, request_id, priced.cups, priced.vat)
        case RefundAsked():
            return refund_effect(action, request_id)


async def decide(pool: Pool, claims: Claims, action: Action, question: Question) -> Plain:
    """Let the ledger answer; the answer is to be told when it is settled."""
    match action:
        case RedeemAsked():
            return await functions.redeem_pass(pool, claims, question)
        case ChargeAsked():
            return await functions.charge_by_request(pool, claims, question)
        case RefundAsked():
            return await functions.refund_by_request(pool, claims, question)


def _price_redemption(asked: RedeemAsked, terms: Terms) -> Priced:
    if not asked.cups:
        raise Refusal("basket_empty")
    plan = terms.plan_of(asked.pass_id)
    quotes = [price_cup(cup, terms.prices, plan) for cup in asked.cups]
    extra_minor = sum(quote.total_minor for quote in quotes)
    if extra_minor != asked.extra_total_minor:
        raise Refusal("price_changed", {"extra_total_minor": extra_minor})
    check_tenders(extra_minor, asked.tenders, redemption=True)
    return Priced(tuple(quoted_cups(quotes, terms.rules.slip_language)), split_vat(_gross(quotes)))


def _price_charge(asked: ChargeAsked, terms: Terms) -> Priced:
    """The discount is the ledger's to find: `total_minor` is taken as asked and refused there if it is another."""
    if not asked.cups:
        raise Refusal("basket_empty")
    quotes = [price_cup(cup, terms.prices, None) for cup in asked.cups]
    raw_minor = sum(quote.total_minor for quote in quotes)
    if raw_minor != asked.raw_total_minor:
        raise Refusal("price_changed", {"raw_total_minor": raw_minor})
    if raw_minor == 0 or check_amount(asked.total_minor) < 0:
        raise Refusal("amount_invalid", {"amount": asked.total_minor})
    _check_currency(asked.currency, terms.rules)
    return Priced(
        tuple(quoted_cups(quotes, terms.rules.slip_language)), discounted_vat(_gross(quotes), asked.total_minor)
    )


def _check_refund(asked: RefundAsked, rules: StoreRules) -> Priced:
    if check_amount(asked.amount_minor) <= 0:
        raise Refusal("amount_invalid", {"amount": asked.amount_minor})
    if asked.tender is not None and asked.tender not in TENDER_KINDS:
        raise Refusal("tender_unknown", {"tender": asked.tender[:40]})
    if not _TX_NO.fullmatch(asked.original_tx_no):
        raise Refusal("transaction_unknown")
    check_reason(asked.reason)
    _check_currency(asked.currency, rules)
    return Priced()


def _gross(quotes: Sequence[CupQuote]) -> list[tuple[str, int]]:
    return [part for quote in quotes for part in quote.gross_by_rate()]


def _check_currency(currency: str, rules: StoreRules) -> None:
    if currency != rules.currency:
        raise Refusal("currency_mismatch", {"currency": currency[:10]})
