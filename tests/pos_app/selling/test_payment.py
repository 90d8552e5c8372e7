"""Received, change, and the notes offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import TENDER_KINDS
from models.refusals import Refusal
from models.tenders import Part, Tender, check_tenders
from pos_app.selling.payment import MOST_CHANGE_MINOR, MOST_PARTS, Payment, Split, notes


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


# -- several tenders ------------------------------------------------------------------------------------------------


def test_change_that_nobody_gives_is_a_figure_too_many() -> None:
    assert Payment("cash", 320 + MOST_CHANGE_MINOR).settles(320)
    much = Payment("cash", 321 + MOST_CHANGE_MINOR)
    assert (much.settles(320), much.excess(320)) == (False, MOST_CHANGE_MINOR + 1)
    half = Split((Part("bank_card", 200),))
    assert half.takes("cash", 120 + MOST_CHANGE_MINOR, 320)
    assert not half.takes("cash", 121 + MOST_CHANGE_MINOR, 320)
    assert not half.plus("cash", 120 + MOST_CHANGE_MINOR, 320).settles(310), "less became due"


@pytest.mark.req("C05", "R034")
def test_a_split_is_paid_when_nothing_is_left() -> None:
    split = Split().plus("bank_card", 1000, 2500)
    assert (split.left(2500), split.settles(2500), split.change(2500)) == (1500, False, -1500)
    with pytest.raises(Refusal, match="tender_insufficient"):
        split.tenders(2500)
    split = split.plus("cash", 2000, 2500)
    assert split.tenders(2500) == (Tender("bank_card", 1000, 1000), Tender("cash", 1500, 2000))
    assert (split.left(2500), split.change(2500)) == (0, 500)


def test_only_cash_may_be_more_than_what_is_left() -> None:
    split = Split().plus("bizum", 2000, 2500)
    assert not split.takes("wechat", 501, 2500)
    with pytest.raises(Refusal, match="change_only_from_cash"):
        split.plus("wechat", 501, 2500)
    assert split.takes("cash", 501, 2500)
    assert not split.plus("wechat", 500, 2500).takes("cash", 1, 2500), "it is paid"
    assert not split.takes("cash", 0, 2500)


def test_cash_is_one_part_and_two_cards_are_two() -> None:
    split = Split().plus("cash", 100, 1000).plus("bank_card", 200, 1000).plus("cash", 50, 1000)
    split = split.plus("bank_card", 300, 1000)
    assert split.parts == (Part("cash", 150), Part("bank_card", 200), Part("bank_card", 300))
    assert split.minus(1).parts == (Part("cash", 150), Part("bank_card", 300))
    assert split.minus(1).left(1000) == 550


def test_there_are_not_more_parts_than_a_screen_and_a_slip_bear() -> None:
    split = Split()
    for _ in range(MOST_PARTS):
        split = split.plus("bank_card", 1, 1000)
    assert not split.takes("bank_card", 1, 1000)
    assert not split.takes("cash", 1, 1000)
    assert split.minus(0).plus("cash", 1, 1000).takes("cash", 1, 1000), "more of the cash that is there already"


def test_what_was_taken_stays_taken_when_less_is_due() -> None:
    split = Split((Part("bank_card", 1000), Part("cash", 500)))
    assert (split.excess(1500), split.settles(1500)) == (0, True)
    assert (split.excess(1200), split.change(1200)) == (0, 300)
    assert (split.excess(1000), split.settles(1000), split.change(1000)) == (500, False, 0)
    assert (split.excess(900), split.settles(900), split.left(900)) == (600, False, 0)
    assert split.renewed() is split
    assert split.minus(1).settles(1000)


KINDS = st.sampled_from(sorted(TENDER_KINDS))


@given(st.integers(1, 10**6), st.lists(st.tuples(KINDS, st.integers(0, 10**6)), max_size=12), st.integers(0, 10**6))
def test_however_it_is_split_it_checks_or_is_not_paid(
    due_minor: int, taken: list[tuple[str, int]], later_minor: int
) -> None:
    """Also when the amount due changed meanwhile."""
    split = Split()
    for kind, minor in taken:
        if split.takes(kind, minor, due_minor):
            split = split.plus(kind, minor, due_minor)
    assert not split.excess(due_minor)
    for due in (due_minor, later_minor):
        if split.settles(due):
            check_tenders(due, split.tenders(due), redemption=False)
            assert sum(part.minor for part in split.parts) == due + split.change(due)
        else:
            assert split.left(due) > 0 or split.excess(due) > 0
            assert not (split.left(due) and split.excess(due))
