"""Refund lines of a sale for money: the money goes back by the tenders that paid, with or without a network.

Rule: only the till that sold still holds the sale, so it alone knows what came back of it; the ledger looks again.
"""

from collections.abc import Sequence

from models.facts import OrderPaid, OrderRefunded
from models.money import split_vat
from models.refusals import Refusal
from models.tenders import Tender
from pos_app.journal import members, series, takings
from pos_app.journal.takings import Taking
from pos_app.selling import permissions, refunds
from pos_app.till.approval import Approval, approver_of
from pos_app.till.recording import append
from pos_app.till.sell import has_cash
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import Changes, Done


def refund_order(till: Till, fact_id: str, lines: Sequence[int], reason: str, approval: Approval | None = None) -> Done:
    """Give back `lines` (places 1, 2, … in the sale that this fact is), whole cups.

    Refusals: `not_signed_in`, `shift_not_open`, `transaction_unknown`, `basket_empty` (no lines), `refund_exceeds` (a
    line came back before), `reason_missing`, `approval_needed`.
    """
    person = require_shift(till)
    chosen = tuple(sorted(set(lines)))
    if reason not in refunds.REASONS:
        raise Refusal("reason_missing")
    subject = f"refund {fact_id} {','.join(map(str, chosen))} {reason}"
    approver_id = approver_of(till, person, permissions.REFUND, subject, approval)
    with till.journal.writing() as rows:
        sale = takings.by_fact(rows, fact_id)
        if sale is None or not isinstance(sale.fact.body, OrderPaid):
            raise Refusal("transaction_unknown")
        sold, tenders = sale.fact.body, _tenders(sale, sale.fact.body, chosen)
        cups = tuple(sold.cups[place - 1] for place in chosen)
        body = OrderRefunded(
            refund_id=till.ids.new(),
            order_id=sold.order_id,
            original_slip=sold.slips[0],
            lines=chosen,
            cups=cups,
            total_minor=sum(cup.total_minor for cup in cups),
            currency=sold.currency,
            vat=split_vat(part for cup in cups for part in cup.gross_by_rate()),
            tenders=tenders,
            reason=reason,
            slips=(series.next_slip(rows, "VR", till.journal.terminal_code),),
        )
        member = None if sold.member_id is None else members.by_id(rows, till.journal.sealer, sold.member_id)
        recorded = append(
            till, rows, body, person, till.clock.now(), member=member, kicks_drawer=has_cash(tenders),
            approver_id=approver_id,
        )  # fmt: skip
    till.notify(Changes(facts=True, outbox=True, paper=True))
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.total_minor,
        change_minor=0,
        uses=0,
        uses_left=None,
        evidence=None,
        given_back=tenders,
    )


def _tenders(sale: Taking, sold: OrderPaid, lines: Sequence[int]) -> tuple[Tender, ...]:
    if not lines:
        raise Refusal("basket_empty")
    if not set(lines) <= set(range(1, len(sold.cups) + 1)) - sale.lines_back:
        raise Refusal("refund_exceeds", {"left_minor": sale.left_minor})
    total_minor = sum(sold.cups[place - 1].total_minor for place in lines)
    return refunds.tenders_back(sold.tenders, sale.tenders_back, total_minor)
