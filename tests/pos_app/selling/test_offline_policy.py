"""The ladder: which rung holds, and that no bound is ever passed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import RiskPolicy
from models.refusals import Refusal
from pos_app.selling.offline_policy import (
    Knowledge,
    SnapshotSeen,
    decide_offline,
    exposure_left,
    offline_spending,
)

ISSUED = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
POLICY = RiskPolicy("p", "s", 7, 2, 3, 10, 3600, 1800)
SEEN = SnapshotSeen(ISSUED, "00aa", 5, 60)
KNOWN = Knowledge(0, POLICY, SEEN, 120, 0, 0)


def refusal(uses: int, **changes: Any) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as error:
        decide_offline(uses, replace(KNOWN, **changes), "r1")
    return error.value.code, error.value.data


def test_at_risk_cites_everything() -> None:
    evidence = decide_offline(2, KNOWN, "r1")
    assert (evidence.rung, evidence.request_id, evidence.policy_version) == ("at_risk", "r1", 7)
    assert (evidence.token_nonce, evidence.snapshot_at) == ("00aa", ISSUED)


def test_own_sale_needs_no_policy_no_code_and_no_clock() -> None:
    known = Knowledge(2, None, None, None, 0, 0)
    assert decide_offline(2, known, None).rung == "own_sale"
    with pytest.raises(Refusal):
        decide_offline(3, known, None)


@pytest.mark.parametrize("zero", ["max_uses_per_operation", "max_uses_per_member_day", "max_uses_terminal"])
def test_default_is_nothing(zero: str) -> None:
    assert refusal(1, policy=None)[0] == "offline_not_allowed"
    assert refusal(1, policy=RiskPolicy("p", "s", 1))[0] == "offline_not_allowed"
    changes: dict[str, Any] = {zero: 0}
    assert refusal(1, policy=replace(POLICY, **changes))[0] == "offline_not_allowed"


@pytest.mark.parametrize(
    ("uses", "changes", "code"),
    [
        (1, {"snapshot": None}, "offline_needs_signed_code"),
        (1, {"sync_age_seconds": None}, "offline_clock_frozen"),
        (1, {"sync_age_seconds": 3601}, "offline_sync_too_old"),
        (1, {"snapshot": replace(SEEN, age_seconds=1801)}, "offline_snapshot_too_old"),
        (1, {"snapshot": replace(SEEN, uses_left=0)}, "uses_exhausted"),
        (2, {"snapshot": replace(SEEN, uses_left=1)}, "uses_exhausted"),
        (3, {}, "offline_operation_cap"),
        (1, {"member_uses_today": 3}, "offline_member_cap"),
        (2, {"member_uses_today": 2}, "offline_member_cap"),
        (1, {"terminal_uses": 10}, "offline_terminal_cap"),
    ],
)
def test_each_no_has_its_own_code(uses: int, changes: dict[str, Any], code: str) -> None:
    assert refusal(uses, **changes)[0] == code


@pytest.mark.parametrize(
    "changes",
    [
        {"sync_age_seconds": 3600},
        {"snapshot": replace(SEEN, age_seconds=1800)},
        {"snapshot": replace(SEEN, uses_left=1)},
        {"member_uses_today": 2},
        {"terminal_uses": 9},
    ],
)
def test_the_bound_itself_is_allowed(changes: dict[str, Any]) -> None:
    assert decide_offline(1, replace(KNOWN, **changes), None).rung == "at_risk"


@given(asked=st.lists(st.integers(1, 4), max_size=40), left=st.integers(0, 40))
def test_no_sequence_passes_any_cap(asked: list[int], left: int) -> None:
    member = terminal = 0
    for uses in asked:
        known = replace(
            KNOWN, snapshot=replace(SEEN, uses_left=left - member), member_uses_today=member, terminal_uses=terminal
        )
        try:
            decide_offline(uses, known, None)
        except Refusal:
            continue
        member += uses
        terminal += uses
    assert member <= min(POLICY.max_uses_per_member_day, left)
    assert terminal <= POLICY.max_uses_terminal


@pytest.mark.parametrize(
    ("reachable", "policy", "frozen", "age", "word"),
    [
        (True, None, True, None, "online"),
        (False, None, False, 1, "none"),
        (False, RiskPolicy("p", "s", 1), False, 1, "none"),
        (False, POLICY, True, 1, "frozen"),
        (False, POLICY, False, None, "frozen"),
        (False, POLICY, False, 3600, "at_risk"),
        (False, POLICY, False, 3601, "none"),
    ],
)
def test_word_for_the_header(
    reachable: bool, policy: RiskPolicy | None, frozen: bool, age: int | None, word: str
) -> None:
    assert offline_spending(reachable, policy, frozen, age) == word


@pytest.mark.parametrize(
    ("policy", "taken", "frozen", "age", "left"),
    [
        (POLICY, 0, False, 3600, 10),
        (POLICY, 9, False, 0, 1),
        (POLICY, 10, False, 0, 0),
        (POLICY, 12, False, 0, 0),
        (POLICY, 0, False, 3601, 0),
        (POLICY, 0, False, None, 0),
        (POLICY, 0, True, 0, 0),
        (None, 0, False, 0, 0),
        (replace(POLICY, max_uses_per_operation=0), 0, False, 0, 0),
    ],
)
def test_what_may_still_be_taken_unproven(
    policy: RiskPolicy | None, taken: int, frozen: bool, age: int | None, left: int
) -> None:
    assert exposure_left(policy, taken, frozen, age) == left


@given(st.integers(0, 15), st.integers(1, 3), st.integers(0, 4000))
def test_nothing_is_left_where_nothing_is_allowed_and_no_use_exceeds_it(taken: int, uses: int, age: int) -> None:
    left = exposure_left(POLICY, taken, False, age)
    try:
        decide_offline(uses, replace(KNOWN, terminal_uses=taken, sync_age_seconds=age), None)
    except Refusal:
        return
    assert uses <= left
