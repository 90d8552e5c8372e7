"""What a refund would hand out, in words, before anybody confirms it."""

from models.refusals import Refusal
from pos_app.selling import refunds
from pos_app.till import refundable
from pos_app.till.refund import Granted
from pos_app.till.values import Refundable
from pos_app.ui.messages import Message, explain
from pos_app.ui.phrases import Phrases


def foresee(
    one: Refundable | None, amount_minor: int | None, say: Phrases, ahead: Granted | Refusal | None = None
) -> tuple[Message | None, bool]:
    """Return what to say about refunding so much, and whether it may be asked for; `ahead`: the ledger says already."""
    is_sale = one is not None and one.kind == "order"
    if one is None or not amount_minor or (one.tx_no is None and not is_sale):
        return None, False
    try:
        if is_sale:
            parts = refunds.tenders_back(one.tenders_left, (), amount_minor)
            words = [f"{say.money(part.amount_minor)} ({say.code('tender', part.kind)})" for part in parts]
            return Message("info", say("refund.cash", amount=" + ".join(words))), True
        refunds.check_refund(amount_minor, one.left_minor)
        if isinstance(ahead, Refusal):
            raise ahead
        if ahead is not None:
            return _exactly(ahead, say), True
        cash = refundable.cash_back(one, amount_minor)
    except Refusal as refusal:
        return explain(refusal, say, "refund"), False
    if one.kind == "charge":
        return Message("info", say("refund.to_card"), say("refund.to_card.detail")), True
    if cash is None:
        return Message("info", say("refund.cash.unknown"), say("refund.cash.unknown.detail")), True
    if not cash.bonus_minor:
        return Message("info", say("refund.cash", amount=say.money(cash.most_minor))), True
    least, most = say.money(cash.least_minor), say.money(cash.most_minor)
    title = say("refund.cash.range", least=least, most=most)
    return Message("info", title, say("refund.cash.range.detail", bonus=say.money(cash.bonus_minor))), True


def _exactly(ahead: Granted, say: Phrases) -> Message:
    if ahead.kind == "charge":
        title = say("refund.exact.card", amount=say.money(ahead.amount_minor))
        figures = (("refund.exact.principal", ahead.principal_minor), ("refund.exact.bonus_back", ahead.bonus_minor))
    else:
        title = say("refund.cash", amount=say.money(ahead.cash_minor))
        figures = (("refund.exact.bonus", ahead.bonus_minor), ("refund.exact.kept", ahead.principal_minor))
    parts = [say(key, amount=say.money(amount)) for key, amount in figures if amount]
    if ahead.uncollected_minor:
        parts.append(say("refund.exact.uncollected", amount=say.money(ahead.uncollected_minor)))
    if ahead.points_taken_back:
        parts.append(say("refund.exact.points", points=ahead.points_taken_back))
    parts.append(say("refund.exact.balance", amount=say.money(ahead.balance_minor)))
    return Message("info", title, " · ".join(parts))
