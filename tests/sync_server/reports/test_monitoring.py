"""What a person on duty sees: events, conflicts, gaps, seal lag, the abnormal, takings; each for whom it concerns."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

import pytest

from models.refusals import Refusal
from sync_server.cards.calls import user_recharge_personal_card
from sync_server.database.engine import Claims, Pool, open_pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.till import MEMBER, FakeTill, as_owner, build_shop, rows, value

pytestmark = pytest.mark.anyio
VIEWS = ("recent_events", "registry_conflicts", "abnormal_transactions", "reconciliation")


@pytest.fixture
async def day_pool(copy: DatabaseUrls) -> AsyncIterator[Pool]:
    async with open_pool(copy.app, min_size=1, max_size=2) as opened:
        yield opened


async def rows_as(pool: Pool, claims: Claims | None, query: LiteralString) -> list[tuple[Any, ...]]:
    async with transaction(pool, claims) as connection:
        return await (await connection.execute(query)).fetchall()


@pytest.mark.req("R078")
async def test_the_last_hundred_events_newest_first(day_pool: Pool, copy: DatabaseUrls) -> None:
    with as_owner(copy) as owner:
        for number in range(101):
            owner.execute(
                "SELECT app.note_event(1::smallint, %s, 'info', NULL, NULL, NULL, NULL, '{}')", [f"n{number}"]
            )
    found = await rows(day_pool, "SELECT event FROM app.recent_events")
    assert [row[0] for row in found] == [f"n{number}" for number in range(100, 0, -1)]


@pytest.mark.req("R078")
async def test_conflicts_of_keys_and_orders(pool: Pool) -> None:
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    order = till.order()
    till.order(order_id=order.order_id)  # one id, another order: held
    await till.push()
    card = await value(pool, "SELECT card_id::text FROM app.cards WHERE member_id = %s", MEMBER)

    async def top_up(key: str, amount: str, external_order_id: str) -> str:
        made = await user_recharge_personal_card(
            pool, Claims(UUID(MEMBER), "member"), card, Decimal(amount), p_idempotency_key=key,
            p_external_order_id=external_order_id,
        )  # fmt: skip
        return str(made["tx_no"])

    tx_no = await top_up("K1", "50", "W1")
    with pytest.raises(Refusal, match="amount_invalid"):
        await top_up("K2", "0", "W2")  # refused, and no conflict
    with pytest.raises(Refusal, match="external_order_used"):
        await top_up("K3", "50", "W1")
    found = await rows(pool, "SELECT conflict, subject, data FROM app.registry_conflicts ORDER BY recorded_at")
    assert [conflict for conflict, _, _ in found] == ["content_differs", "external_order_used"]
    named = "sha256/" + hashlib.sha256(b"K3").hexdigest()  # the audit keeps no text that anybody typed
    assert (found[1][1], found[1][2]["data"]) == (named, {"tx_no": tx_no})


@pytest.mark.req("R078")
async def test_how_long_the_oldest_row_waits_for_its_seal(day_pool: Pool, copy: DatabaseUrls) -> None:
    sealing: LiteralString = "SELECT unsealed_rows, lag_seconds >= 0, lag_seconds FROM app.sealing"
    assert await rows(day_pool, sealing) == [(0, True, 0)]
    with as_owner(copy) as owner:
        owner.execute("SELECT app.note_event(1::smallint, 'late', 'info', NULL, NULL, NULL, NULL, '{}')")
        ((count, _, lag),) = await rows(day_pool, sealing)
        assert (count, 0 < lag < 60) == (1, True)
        owner.execute("DELETE FROM audit.seals")
    ((count, signed),) = await rows(day_pool, "SELECT unsealed_rows, signed FROM app.sealing")
    assert count == await value(day_pool, "SELECT count(*) FROM audit.event_log")
    assert signed is None


@pytest.mark.req("R083")
async def test_the_abnormal_and_what_made_it_good(day_pool: Pool, copy: DatabaseUrls) -> None:
    with as_owner(copy) as owner:
        owner.execute(
            "INSERT INTO app.adjustments SELECT 1, gen_random_uuid(), NULL, 'card', gen_random_uuid(), 'points',"
            " 'point', -3, 'a test', 'proposed', gen_random_uuid(), now()"
        )
        owner.execute("UPDATE app.card_refunds SET points_short = 4 WHERE kind = 'charge' AND amount_minor = 401")
        owner.execute("UPDATE app.card_refunds SET uncollected_minor = 7 WHERE amount_minor = 6000")
    found = await rows(
        day_pool, "SELECT what, amount, unit, reason, compensation FROM app.abnormal_transactions ORDER BY what"
    )
    assert [row for row in found if row[0] != "reversed"] == [
        ("adjustment", 3, "point", "a test", "proposed"),
        ("held", None, None, "pass_unknown", "open"),
        ("offline_loss", 1, f"use/{world.PLAN}", "at_risk", "receivable"),
        ("points_short", 4, "point", "changed_mind", "open"),
        ("uncollected", 7, "CNY", "changed_mind", "open"),
    ]
    ((_, _, currency, reason, how),) = [row for row in found if row[0] == "reversed"]
    assert (currency, reason, how) == ("CNY", "no_answer", "reversal")


@pytest.mark.req("R083")
async def test_takings_as_posted_and_as_recorded(day_pool: Pool, copy: DatabaseUrls) -> None:
    # Its hour may lie on both sides of a cutoff.
    found = await rows(
        day_pool,
        "SELECT store_id::text, tender, currency, sum(taken_minor)::bigint, sum(given_back_minor)::bigint,"
        " sum(net_minor)::bigint, bool_and(agrees) FROM app.reconciliation GROUP BY 1, 2, 3 ORDER BY tender",
    )
    assert found == [
        (world.STORE, "card", "CNY", 7005, -1134, 5871, True),
        (world.STORE, "cash", "CNY", 15000 + 15000 + 500 + 1000 + 20000, -9000, 42500, True),
        (world.STORE, "wechat", "CNY", 1100, 0, 1100, True),
    ]
    with as_owner(copy) as owner:
        owner.execute("UPDATE app.payments SET amount_minor = amount_minor + 1 WHERE kind = 'wechat'")
    assert await value(day_pool, "SELECT string_agg(tender, ',') FROM app.reconciliation WHERE NOT agrees") == "wechat"


async def test_a_business_day_ends_at_the_stores_cutoff(pool: Pool) -> None:
    """In Shenzhen it ends at 02:00, which is 18:00 UTC."""
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    cutoff = datetime(2024, 5, 10, 18, tzinfo=UTC)
    days = []
    for moment in (cutoff - timedelta(hours=2, microseconds=1), cutoff - timedelta(microseconds=1), cutoff):
        till.at = moment
        days.append(till.day())
        till.order()
    await till.push()
    assert days == ["2024-05-10", "2024-05-10", "2024-05-11"]
    found = await rows(pool, "SELECT day::text, payments FROM app.reconciliation WHERE tender = 'wechat' ORDER BY day")
    assert found == [("2024-05-10", 2), ("2024-05-11", 1)]


@pytest.mark.parametrize("view", VIEWS)
async def test_each_merchant_sees_its_own(day_pool: Pool, copy: DatabaseUrls, view: str) -> None:
    with as_owner(copy) as owner:
        owner.execute(
            "SELECT app.note_event(1::smallint, 'content_differs', 'alarm', NULL, %s, NULL, 'K', '{}')",
            [world.MERCHANT],
        )
    query: LiteralString = f"SELECT merchant_id FROM app.{view}"
    own = await rows_as(day_pool, Claims(None, "staff", [UUID(world.MERCHANT)]), query)
    assert {row[0] for row in own} == {UUID(world.MERCHANT)}
    assert await rows_as(day_pool, Claims(None, "staff", [UUID(world.OTHER_MERCHANT)]), query) == []
    assert await rows_as(day_pool, None, query) == []


async def test_what_concerns_the_operator_alone(day_pool: Pool) -> None:
    staff = Claims(None, "staff", [UUID(world.MERCHANT)])
    assert await rows_as(day_pool, staff, "SELECT seal_no FROM app.sealing WHERE seal_no IS NOT NULL") == []
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        await rows_as(day_pool, staff, "SELECT * FROM app.missing_partitions")
