"""Tenders: what may pay what, and change only from cash."""

import pytest

from models.catalogue import TENDER_KINDS
from models.refusals import Refusal
from models.tenders import Tender, check_tenders, pay


@pytest.mark.req("R103", "R104")
@pytest.mark.parametrize("kind", TENDER_KINDS)
def test_the_extra_of_a_redemption_takes_cash_and_bank_card_only(kind: str) -> None:
    tenders = [Tender(kind, 500, 500)]
    check_tenders(500, tenders, redemption=False)
    if kind in ("cash", "bank_card"):
        check_tenders(500, tenders, redemption=True)
    else:
        with pytest.raises(Refusal, match="tender_not_allowed"):
            check_tenders(500, tenders, redemption=True)


@pytest.mark.req("R102")
def test_nothing_to_pay_needs_no_tender() -> None:
    check_tenders(0, [], redemption=True)
    with pytest.raises(Refusal, match="amount_invalid"):
        check_tenders(0, [Tender("cash", 0, 0)], redemption=True)


@pytest.mark.parametrize(
    ("tenders", "code"),
    [
        ([], "tender_insufficient"),
        ([Tender("cash", 400, 400)], "tender_insufficient"),
        ([Tender("cash", 600, 600)], "tender_insufficient"),
        ([Tender("cash", -500, 500), Tender("cash", 1000, 1000)], "amount_invalid"),
        ([Tender("cash", 500, 400)], "amount_invalid"),
        ([Tender("bank_card", 500, 600)], "change_only_from_cash"),
        ([Tender("seashells", 500, 500)], "tender_unknown"),
    ],
)
def test_what_does_not_pay(tenders: list[Tender], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        check_tenders(500, tenders, redemption=False)


def test_split_tenders_and_change() -> None:
    cash = pay("cash", 300, 1000)
    assert cash.change_minor == 700
    check_tenders(500, [cash, Tender("bank_card", 200, 200)], redemption=True)
    with pytest.raises(Refusal, match="tender_insufficient"):
        pay("cash", 300, 299)
