"""Refunds before anybody is asked: for which reasons, of which transactions, and what one hands out at least and most.

Rule: pure. The ledger decides about cards; its number of a transaction says what it is (`ZF` a charge, `CZ` a top-up).
What was sold for money comes back here and now, by the tenders that paid it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from models.cards import clawback
from models.money import check_amount
from models.refusals import Refusal
from models.tenders import Tender

REASONS = ("order_wrong", "not_delivered", "product_fault", "amount_wrong", "changed_mind", "other")
"""Codes a cashier chooses from."""
KINDS = {"ZF": "charge", "CZ": "top_up"}
ELSEWHERE = {"CK": "PassSold", "HX": "PassRedeemed", "TK": "Refunded"}
"""Numbers of what no till gives back, and the kinds of facts they stand for: head office decides about these."""
_TX_NO = re.compile(r"(ZF|CZ)[0-9]{6,30}")
_ELSEWHERE = re.compile(r"(CK|HX|TK)[0-9]{6,30}")


def kind_of(tx_no: str) -> str:
    """Return "charge" or "top_up"; Refusal `transaction_unknown` for a text that is no number of either."""
    match = _TX_NO.fullmatch(tx_no)
    if match is None:
        raise Refusal("transaction_unknown", {"tx_no": tx_no[:40]})
    return KINDS[match[1]]


def kind_elsewhere(number: str) -> str | None:
    """Return the kind of fact that a ledger number stands for when no till gives it back, None for any other text."""
    match = _ELSEWHERE.fullmatch(number)
    return None if match is None else ELSEWHERE[match[1]]


def check_refund(amount_minor: int, left_minor: int | None) -> None:
    """Check what is asked back; Refusals `amount_invalid`, `refund_exceeds` (`left_minor` None: not known here)."""
    if check_amount(amount_minor) <= 0:
        raise Refusal("amount_invalid", {"amount": str(amount_minor)})
    if left_minor is not None and amount_minor > left_minor:
        raise Refusal("refund_exceeds", {"left_minor": left_minor, "amount_minor": amount_minor})


def cash_back(amount_minor: int, bonus_minor: int, refunded_minor: int, refund_minor: int) -> tuple[int, int]:
    """Return (bonus taken back, least cash handed out) of refunding a top-up; the most is `refund_minor`.

    The least is when all its bonus was spent. Refusals of `models.cards.clawback`.
    """
    left_minor = amount_minor - refunded_minor
    untouched = clawback(amount_minor, bonus_minor, left_minor, bonus_minor, refunded_minor, refund_minor)
    spent = clawback(amount_minor, bonus_minor, left_minor, 0, refunded_minor, refund_minor)
    return untouched.from_bonus, spent.cash_out


def tenders_back(paid: Sequence[Tender], before: Iterable[Tender], total_minor: int) -> tuple[Tender, ...]:
    """Return how `total_minor` of a sale goes back, each tender by at most what is left of what it paid.

    What can be traced goes first, cash last. Refusal `refund_exceeds` when not so much is left.
    """
    left = Counter[str]()
    for tender in paid:
        left[tender.kind] += tender.amount_minor
    for tender in before:
        left[tender.kind] -= tender.amount_minor
    check_refund(total_minor, left.total())
    found = []
    for kind in sorted(left, key=lambda kind: kind == "cash"):
        amount_minor = min(left[kind], total_minor)
        if amount_minor > 0:
            found.append(Tender(kind, amount_minor, amount_minor))
            total_minor -= amount_minor
    return tuple(found)
