"""Uses taken without asking: inside the policy their loss is posted by name, outside it they are held."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.facts import Evidence
from models.wire import MAX_CLOCK_SKEW_SECONDS
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.till import (
    MEMBER,
    OWN,
    FakeTill,
    all_holds,
    as_owner,
    at_risk,
    balance,
    outcomes,
    rows,
    set_policy,
    uses_left,
    value,
)

pytestmark = pytest.mark.anyio


async def test_an_overspend_inside_the_policy_is_accepted_and_its_loss_posted_by_name(
    till: FakeTill, second_till: FakeTill
) -> None:
    await set_policy(till.pool)
    sold = second_till.sell_pass()
    second_till.redeem(sold.pass_id, OWN, cups=9)
    await second_till.push()
    body = till.redeem(sold.pass_id, at_risk(till), cups=2)
    assert await outcomes(till) == [("accepted", None)]
    assert await uses_left(till.pool, sold.pass_id) == 0
    assert await rows(till.pool, "SELECT uses, loss_uses FROM app.pass_redemption_batches WHERE redemption_id = %s",
                      body.redemption_id) == [(2, 1)]  # fmt: skip
    assert await rows(
        till.pool, "SELECT owner_kind, owner_id::text FROM app.accounts WHERE bucket = 'offline_loss'"
    ) == [("member", MEMBER)]
    assert await balance(till.pool, "offline_loss") == -1
    lines = "SELECT use_no FROM app.pass_redemptions WHERE redemption_id = %s ORDER BY line_no"
    assert await rows(till.pool, lines, body.redemption_id) == [(10,), (None,)]
    assert await value(till.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'offline_loss'") == 1
    await all_holds(till.pool)


@pytest.mark.parametrize(
    ("caps", "cups", "reason"),
    [
        ({"max_uses_per_operation": 1}, 2, "offline_operation_cap"),
        ({"max_uses_per_member_day": 1}, 2, "offline_member_cap"),
        ({"max_uses_terminal": 1}, 2, "offline_terminal_cap"),
        ({"max_snapshot_age_seconds": 60}, 1, "offline_snapshot_too_old"),
        (
            {"max_uses_per_operation": 0, "max_uses_per_member_day": 0, "max_uses_terminal": 0},
            1,
            "offline_operation_cap",
        ),
    ],
)
async def test_what_is_outside_the_policy_is_held(
    till: FakeTill, second_till: FakeTill, caps: dict[str, int], cups: int, reason: str
) -> None:
    await set_policy(till.pool, **caps)
    sold = second_till.sell_pass()
    await second_till.push()
    till.redeem(sold.pass_id, at_risk(till), cups=cups)
    assert await outcomes(till) == [("held", reason)]
    assert await uses_left(till.pool, sold.pass_id) == 10


async def test_a_snapshot_from_after_the_use_proves_nothing(till: FakeTill, second_till: FakeTill) -> None:
    await set_policy(till.pool)
    sold = second_till.sell_pass()
    await second_till.push()
    for seconds in (MAX_CLOCK_SKEW_SECONDS, MAX_CLOCK_SKEW_SECONDS + 1):  # the till's clock may be so much behind
        till.redeem(sold.pass_id, replace(at_risk(till), snapshot_at=till.at + timedelta(seconds=seconds)))
    assert await outcomes(till) == [("accepted", None), ("held", "offline_needs_signed_code")]


async def test_caps_count_what_is_unsettled_and_forget_what_was_handed_in(
    till: FakeTill, second_till: FakeTill
) -> None:
    await set_policy(till.pool, max_uses_terminal=2, max_uses_per_member_day=9)
    sold = second_till.sell_pass()
    await second_till.push()
    for _ in range(3):
        till.redeem(sold.pass_id, at_risk(till))
    assert await outcomes(till) == [("accepted", None), ("accepted", None), ("held", "offline_terminal_cap")]
    till.at = datetime.now(UTC)
    till.redeem(sold.pass_id, at_risk(till))
    await asyncio.sleep(0.01)
    assert (await outcomes(till))[3] == ("accepted", None)
    await all_holds(till.pool)


async def test_the_policy_cited_must_exist_and_be_in_force(
    till: FakeTill, second_till: FakeTill, database: DatabaseUrls
) -> None:
    await set_policy(till.pool)
    sold = second_till.sell_pass()
    await second_till.push()
    till.redeem(sold.pass_id, at_risk(till, version=7))
    till.redeem(sold.pass_id, Evidence("at_risk", None, 1, None, None))
    assert await outcomes(till) == [("held", "policy_invalid"), ("held", "offline_needs_signed_code")]
    # a newer version, which an honest till may not have heard of for as long as it may go without sync
    await set_policy(till.pool, 2, max_uses_per_operation=0, max_sync_age_seconds=3600)
    till.redeem(sold.pass_id, at_risk(till))
    assert (await outcomes(till))[2] == ("accepted", None)
    with as_owner(database) as owner:
        owner.execute("UPDATE app.risk_policies SET issued_at = now() - interval '3 days' WHERE version = 2")
    till.redeem(sold.pass_id, at_risk(till))
    assert (await outcomes(till))[3] == ("held", "policy_invalid")


async def test_only_what_this_till_sold_is_its_own_to_take(till: FakeTill, second_till: FakeTill) -> None:
    sold = second_till.sell_pass()
    await second_till.push()
    till.redeem(sold.pass_id, OWN)
    till.redeem(sold.pass_id, Evidence("online", world.PLAN))
    till.redeem(sold.pass_id, Evidence("reserved"))
    till.redeem(sold.pass_id, Evidence("online"))
    assert await outcomes(till) == [
        ("held", "offline_not_allowed"), ("held", "request_unknown"), ("held", "reservation_unknown"),
        ("held", "request_unknown"),
    ]  # fmt: skip
    await all_holds(till.pool)


async def test_no_more_is_taken_than_is_there(till: FakeTill) -> None:
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN, cups=10)
    till.sell_pass(sold.pass_id, stacked=True)
    till.redeem(sold.pass_id, OWN, cups=11)
    till.redeem(sold.pass_id, OWN, cups=10)
    assert (await outcomes(till))[3:] == [("held", "offline_not_allowed"), ("accepted", None)]
    assert await uses_left(till.pool, sold.pass_id) == 0
