"""What a refund would hand out, in words, before anybody confirms it."""

from models.refusals import Refusal
from pos_app.selling import refunds
from pos_app.till import refundable
from pos_app.till.values import Refundable
from pos_app.ui.messages import Message, explain
from pos_app.ui.phrases import Phrases


def foresee(one: Refundable | None, amount_minor: int | None, say: Phrases) -> tuple[Message | None, bool]:
    """Return what to say about refunding so much, and whether it may be asked for."""
    is_sale = one is not None and one.kind == "order"
    if one is None or not amount_minor or (one.tx_no is None and not is_sale):
        return None, False
    try:
        if is_sale:
            parts = refunds.tenders_back(one.tenders_left, (), amount_minor)
            words = [f"{say.money(part.amount_minor)} ({say.code('tender', part.kind)})" for part in parts]
            return Message("info", say("refund.cash", amount=" + ".join(words))), True
        refunds.check_refund(amount_minor, one.left_minor)
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
