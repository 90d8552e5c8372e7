"""HQ decides about purchases of passes: approved they are used, rejected their uses go; no money is paid back here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sync_server.database.engine import Claims
from sync_server.ledger.decisions import review_pass_order
from sync_server.ledger.reservations import reserve
from tests.sync_server import world
from tests.sync_server.ledger.asking import (
    COLLEAGUE,
    MEMBER_CLAIMS,
    NOBODY,
    OPERATOR,
    OTHER_STAFF,
    STAFF,
    TERMINAL,
    Outcome,
    accepted,
    ask,
    at_once,
    audited,
    denied,
    refused,
)
from tests.sync_server.till import OWN, REVIEWED_PLAN, FakeTill, all_holds, outcomes, plan, rows, value

pytestmark = pytest.mark.anyio
REVIEWED = plan(REVIEWED_PLAN, auto_activate=False)
WHY = "the tender was false"
PASSES = "SELECT status, uses_bought, uses_left, amount_minor FROM app.passes_held ORDER BY created_at"


async def buy(till: FakeTill, pass_id: str | None = None, **changes: Any) -> tuple[str, str]:
    """A purchase that awaits review: (pass, order)."""
    sold = till.sell_pass(pass_id, stacked=pass_id is not None, sold=REVIEWED, **changes)
    answer = await till.push()
    assert answer.results[-1].outcome == "accepted"
    order = await value(
        till.pool, "SELECT topup_order_id::text FROM app.topup_orders ORDER BY recorded_at DESC LIMIT 1"
    )
    return sold.pass_id, order


async def approve(till: FakeTill, order: str) -> Outcome:
    return await ask(till.pool, STAFF, review_pass_order, order, "approve", None)


async def reject(till: FakeTill, order: str) -> Outcome:
    return await ask(till.pool, STAFF, review_pass_order, order, "reject", WHY)


@pytest.mark.req("R093", "R096", "R097", "R039", "R036")
async def test_an_approved_first_purchase_activates_the_pass(till: FakeTill) -> None:
    bought, order = await buy(till)
    till.redeem(bought, OWN)
    assert (await outcomes(till))[-1] == ("held", "pass_not_active")
    said = await accepted(till.pool, STAFF, review_pass_order, order, "approve", None)
    assert (said["review"], said["pass_status"], "tx_no" in said) == ("approved", "active", False)
    assert await audited(till.pool, "pass_order_approved", order) == 1
    assert await audited(till.pool, "pass_activated", bought) == 1
    till.redeem(bought, OWN)
    assert (await outcomes(till))[-1] == ("accepted", None)
    await all_holds(till.pool)


@pytest.mark.req("R094", "R097", "R095")
async def test_a_rejected_first_purchase_takes_the_pass_with_it(till: FakeTill) -> None:
    bought, order = await buy(till)
    said = await accepted(till.pool, OPERATOR, review_pass_order, order, "reject", WHY)
    assert (said["pass_status"], said["uses_removed"], said["uses_short"]) == ("revoked", 10, 0)
    assert (said["refund_minor"], said["currency"], said["tx_no"][:2]) == (15000, "CNY", "YW")
    assert await rows(till.pool, PASSES) == [("revoked", 0, 0, 0)]
    kept = (
        "SELECT decision, reason, uses_removed, uses_short, refund_minor, decided_by, tx_id::text FROM app.pass_reviews"
    )
    assert await rows(till.pool, kept) == [("rejected", WHY, 10, 0, 15000, OPERATOR.principal_id, said["tx_id"])]
    money = "SELECT count(*) FROM app.payments WHERE amount_minor < 0"
    assert await value(till.pool, money) == 0
    till.redeem(bought, OWN)
    assert (await outcomes(till))[-1] == ("held", "pass_revoked")
    await all_holds(till.pool)


@pytest.mark.req("R094", "R099")
@pytest.mark.parametrize(
    ("used", "removed", "short", "refund"), [(0, 10, 0, 15000), (13, 7, 3, 10500), (19, 1, 9, 1500)]
)
async def test_a_rejected_stack_takes_what_is_still_there(
    till: FakeTill, used: int, removed: int, short: int, refund: int
) -> None:
    bought, first = await buy(till)
    _, stack = await buy(till, bought)
    await approve(till, first)
    if used:
        taken = await ask(
            till.pool, OPERATOR, reserve, world.TERMINAL, "pass", bought, used, till.at + timedelta(days=1)
        )
        assert taken["outcome"] == "accepted"
    said = await accepted(till.pool, STAFF, review_pass_order, stack, "reject", WHY)
    assert (said["uses_removed"], said["uses_short"], said["refund_minor"]) == (removed, short, refund)
    assert said["pass_status"] == "active"
    assert await rows(till.pool, PASSES) == [("active", 20 - removed, 20 - used - removed, 30000 - refund)]
    severity = "SELECT severity FROM audit.event_log WHERE event = 'pass_order_rejected'"
    assert await value(till.pool, severity) == ("alarm" if short else "info")
    await all_holds(till.pool)


async def test_a_stack_with_nothing_left_is_rejected_without_a_posting(till: FakeTill) -> None:
    bought, first = await buy(till)
    _, stack = await buy(till, bought)
    await approve(till, first)
    await ask(till.pool, OPERATOR, reserve, world.TERMINAL, "pass", bought, 20, till.at + timedelta(days=1))
    said = await accepted(till.pool, STAFF, review_pass_order, stack, "reject", WHY)
    assert (said["uses_removed"], said["uses_short"], said["refund_minor"], "tx_no" in said) == (0, 10, 0, False)
    await all_holds(till.pool)


@pytest.mark.req("R099")
async def test_an_approved_stack_leaves_the_status_untouched(till: FakeTill) -> None:
    bought, first = await buy(till)
    _, stack = await buy(till, bought)
    assert (await approve(till, stack))["pass_status"] == "suspended"
    assert (await approve(till, first))["pass_status"] == "active"
    assert await rows(till.pool, PASSES) == [("active", 20, 20, 30000)]
    await all_holds(till.pool)


@pytest.mark.req("R098")
async def test_a_stack_does_not_lift_a_hold(till: FakeTill, owner: Any) -> None:
    bought, first = await buy(till)
    await approve(till, first)
    owner.execute("UPDATE app.member_passes SET status = 'suspended'")
    _, stack = await buy(till, bought)
    assert (await approve(till, stack))["pass_status"] == "suspended"


async def test_rejecting_the_first_leaves_the_stack_to_be_rejected(till: FakeTill) -> None:
    bought, first = await buy(till)
    _, stack = await buy(till, bought)
    assert (await reject(till, first))["uses_removed"] == 10
    assert await rows(till.pool, PASSES) == [("revoked", 10, 10, 15000)]
    assert (await refused(till.pool, STAFF, review_pass_order, stack, "approve", None))[0] == "pass_revoked"
    said = await reject(till, stack)
    assert (said["uses_removed"], said["refund_minor"]) == (10, 15000)
    assert await rows(till.pool, PASSES) == [("revoked", 0, 0, 0)]
    await all_holds(till.pool)


async def test_a_pass_that_began_anew_stands_with_its_latest_beginning(till: FakeTill, owner: Any) -> None:
    bought, first = await buy(till)
    owner.execute("UPDATE app.member_passes SET expires_at = %s, status = 'expired'", [till.at])
    till.at += timedelta(seconds=1)
    _, renewed = await buy(till, bought)
    starts = "SELECT kind, starts, uses_forfeited FROM app.topup_orders ORDER BY recorded_at"
    assert await rows(till.pool, starts) == [("first", True, 0), ("stacked", True, 10)]
    said = await reject(till, first)
    assert (said["uses_removed"], said["uses_short"], said["pass_status"]) == (0, 10, "suspended")
    assert (await approve(till, renewed))["pass_status"] == "active"
    await all_holds(till.pool)


async def test_a_pass_that_expired_meanwhile_is_not_activated(till: FakeTill, owner: Any) -> None:
    _, order = await buy(till)
    owner.execute("UPDATE app.member_passes SET expires_at = now()")
    assert (await refused(till.pool, STAFF, review_pass_order, order, "approve", None))[0] == "pass_expired"
    owner.execute("UPDATE app.member_passes SET status = 'expired'")
    assert (await refused(till.pool, STAFF, review_pass_order, order, "approve", None))[0] == "pass_expired"
    assert (await reject(till, order))["pass_status"] == "revoked"
    await all_holds(till.pool)


async def test_a_purchase_is_decided_once(till: FakeTill) -> None:
    _, order = await buy(till)
    await approve(till, order)
    for decision in ("approve", "reject"):
        found = await refused(till.pool, COLLEAGUE, review_pass_order, order, decision, WHY)
        assert found == ("review_decided", {"review": "approved"})
    till.sell_pass()
    await till.push()
    plain = await value(till.pool, "SELECT topup_order_id::text FROM app.topup_orders WHERE review = 'not_needed'")
    found = await refused(till.pool, STAFF, review_pass_order, plain, "reject", WHY)
    assert found == ("review_decided", {"review": "not_needed"})


async def test_what_is_no_decision(till: FakeTill) -> None:
    _, order = await buy(till)
    for decision in ("", "maybe", None):
        assert (await refused(till.pool, STAFF, review_pass_order, order, decision, WHY))[0] == "request_malformed"
    for reason in (None, "", "x"):
        assert (await refused(till.pool, STAFF, review_pass_order, order, "reject", reason))[0] == "reason_missing"
    assert (await refused(till.pool, OPERATOR, review_pass_order, NOBODY, "approve", None))[0] == "review_unknown"


@pytest.mark.req("R027", "R093")
@pytest.mark.parametrize("claims", [None, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS])
async def test_only_headquarters_reviews(till: FakeTill, claims: Claims | None) -> None:
    _, order = await buy(till)
    for decision in ("approve", "reject"):
        await denied(till.pool, claims, review_pass_order, order, decision, WHY)
    await denied(till.pool, STAFF, review_pass_order, NOBODY, "approve", None)


@pytest.mark.req("R035")
async def test_two_reviewers_at_once(till: FakeTill) -> None:
    _, order = await buy(till)
    said = await at_once(*(approve(till, order) if turn % 2 else reject(till, order) for turn in range(8)))
    assert sorted(each["outcome"] for each in said) == ["accepted"] + ["refused"] * 7
    await all_holds(till.pool)


async def test_tills_hear_of_it(till: FakeTill) -> None:
    bought, order = await buy(till)
    changes = "SELECT count(*) FROM app.change_log WHERE table_name = 'pass' AND key = %s"
    before = await value(till.pool, changes, bought)
    await approve(till, order)
    assert await value(till.pool, changes, bought) == before + 1
