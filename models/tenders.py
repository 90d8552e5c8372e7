"""What a customer pays with: which tenders may pay what, and the change.

Rule: pure. A recorded tender is what was kept (change already subtracted), so that tenders sum to the total.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.catalogue import REDEMPTION_TENDERS, TENDER_KINDS
from models.money import check_amount
from models.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Tender:
    """Money kept: `amount_minor` of the total was paid this way; `received_minor` is what was handed over (cash)."""

    kind: str
    amount_minor: int
    received_minor: int

    @property
    def change_minor(self) -> int:
        return self.received_minor - self.amount_minor


@dataclass(frozen=True, slots=True)
class Part:
    """What was handed over one way, in minor units, while a payment is still being put together."""

    kind: str
    minor: int


def check_tenders(total_minor: int, tenders: Sequence[Tender], redemption: bool) -> None:
    """Check that `tenders` pay exactly `total_minor`.

    Refusals: `tender_unknown`, `amount_invalid`, `tender_not_allowed` (a redemption's extra takes cash and bank card
    only: R103, R104), `change_only_from_cash`, `tender_insufficient`.
    """
    for tender in tenders:
        if tender.kind not in TENDER_KINDS:
            raise Refusal("tender_unknown", {"tender": tender.kind[:40]})
        if check_amount(tender.amount_minor) <= 0 or check_amount(tender.received_minor) < tender.amount_minor:
            raise Refusal("amount_invalid", {"tender": tender.kind})
        if redemption and tender.kind not in REDEMPTION_TENDERS:
            raise Refusal("tender_not_allowed", {"tender": tender.kind})
        if tender.change_minor and tender.kind != "cash":
            raise Refusal("change_only_from_cash", {"tender": tender.kind})
    paid_minor = sum(tender.amount_minor for tender in tenders)
    if paid_minor != total_minor:
        raise Refusal("tender_insufficient", {"total_minor": total_minor, "paid_minor": paid_minor})


def pay(kind: str, total_minor: int, received_minor: int) -> Tender:
    """Return the tender that pays `total_minor` out of `received_minor`; Refusal `tender_insufficient` when short."""
    if received_minor < total_minor:
        raise Refusal("tender_insufficient", {"total_minor": total_minor, "paid_minor": received_minor})
    return Tender(kind, total_minor, received_minor)
