"""Effects of own facts on a pass: the same arithmetic as the rules that made them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import MemberPass, PassPlan
from models.facts import GENESIS, Body, Evidence, Fact, PassRedeemed, PassSold
from models.passes import first_purchase, redeem, stack_purchase
from pos_app.journal.projections import after, effect_of, opened_by, spent_by

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
PLAN = PassPlan("plan", "merchant", {"en": "x"}, 1, "CNY", 10, 30, True, "tea", "none", "0")
HELD = MemberPass("pass", "merchant", "member", "plan", "active", 20, 4, AT + timedelta(days=9), "2026-11-20", 2)


def fact(body: Body) -> Fact:
    return Fact("f", "t", 1, GENESIS, AT, None, None, None, "en", body)


def sold(result: MemberPass, stacked: bool) -> Fact:
    body = PassSold(
        result.pass_id, "member", "plan", "x", stacked, PLAN.uses, result.uses_left, result.expires_at, result.status,
        1, "CNY", "none", (), (), (),
    )  # fmt: skip
    return fact(body)


def redeemed(uses: int, rung: str = "at_risk") -> Fact:
    body = PassRedeemed(
        "r", "pass", "member", "x", "2026-11-20", (), uses, 0, AT, 0, "CNY", (), (), (), "1", Evidence(rung)
    )  # fmt: skip
    return fact(body)


def test_a_first_purchase_is_the_pass() -> None:
    bought = first_purchase(PLAN, "pass", "member", AT)
    assert after(None, sold(bought, stacked=False), "merchant") == bought


@given(
    status=st.sampled_from(["active", "suspended", "expired"]),
    left=st.integers(0, 20),
    days=st.integers(-40, 60),
    auto=st.booleans(),
)
def test_a_stacked_purchase_follows_the_rule(status: str, left: int, days: int, auto: bool) -> None:
    held = replace(HELD, status=status, uses_left=left, expires_at=AT + timedelta(days=days))
    expected = stack_purchase(held, replace(PLAN, auto_activate=auto), AT)
    assert after(held, sold(expected, stacked=True), "merchant") == expected


@given(uses=st.integers(1, 30), left=st.integers(0, 20))
def test_uses_never_go_below_zero_whatever_others_took(uses: int, left: int) -> None:
    found = after(replace(HELD, uses_left=left), redeemed(uses), "merchant")
    assert found is not None
    assert found.uses_left == max(0, left - uses)
    if uses <= left:
        assert found == redeem(replace(HELD, uses_left=left), uses, "2026-11-20")


def test_what_the_server_revoked_stays_revoked() -> None:
    held = replace(HELD, status="revoked")
    assert after(held, sold(HELD, stacked=True), "merchant") == held
    assert after(None, redeemed(1), "merchant") is None


@pytest.mark.parametrize(("rung", "has_effect"), [("online", False), ("at_risk", True), ("own_sale", True)])
def test_only_what_the_ledger_did_not_grant_is_an_effect(rung: str, has_effect: bool) -> None:
    assert (effect_of(redeemed(1, rung)) is not None) is has_effect
    spent = spent_by(redeemed(2, rung))
    assert spent is not None
    assert (spent.rung, spent.uses) == (rung, 2)
    assert opened_by(redeemed(1)) is None
    assert spent_by(sold(HELD, stacked=True)) is None
