"""Received, change, and the notes offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusals import Refusal
from models.tenders import Tender, check_tenders
from pos_app.ui.payment import Payment, notes


def test_exact_cash_needs_no_typing() -> None:
    assert Payment().tenders(1250) == (Tender("cash", 1250, 1250),)
    assert Payment().change(1250) == 0


def test_change_comes_back_from_cash_only() -> None:
    assert Payment("cash", 2000).tenders(1250) == (Tender("cash", 1250, 2000),)
    assert Payment("bank_card", 2000).change(1250) == 0


def test_nothing_due_is_paid_with_nothing() -> None:
    assert Payment("cash", 5000).tenders(0) == ()


def test_too_little_is_refused() -> None:
    with pytest.raises(Refusal, match="tender_insufficient"):
        Payment("cash", 100).tenders(101)


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_what_is_paid_always_checks(due_minor: int, more_minor: int) -> None:
    check_tenders(due_minor, Payment("cash", due_minor + more_minor).tenders(due_minor), redemption=True)


@pytest.mark.parametrize(
    ("due_minor", "offered"),
    [(400, (500, 1000, 2000)), (1000, (2000, 5000, 10000)), (1830, (2000, 5000, 10000)), (60000, ())],
)
def test_notes_are_above_what_is_due(due_minor: int, offered: tuple[int, ...]) -> None:
    assert notes(due_minor) == offered
