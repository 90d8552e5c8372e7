"""What a person on duty sees: events, conflicts, gaps, seal lag, the abnormal, takings; each for whom it concerns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, LiteralString
from uuid import UUID

import pytest

from sync_server.database.engine import Claims, Pool, open_pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.till import FakeTill, as_owner, build_shop, rows, value

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
async def test_conflicts_of_keys_and_orders(pool: Pool, database: DatabaseUrls) -> None:
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    order = till.order()
    till.order(order_id=order.order_id)  # one id, another order: held
    await till.push()
    with as_owner(database) as owner:
        owner.execute(
            "SELECT app.note_event(1::smallint, 'refused', 'info', NULL, %s, NULL, 'K1', %s)",
            [world.MERCHANT, '{"code": "external_order_used", "data": {"tx_no": "ZF1"}}'],
        )
        owner.execute(
            "SELECT app.note_event(1::smallint, 'refused', 'info', NULL, %s, NULL, 'K2', %s)",
            [world.MERCHANT, '{"code": "uses_exhausted", "data": {}}'],
        )
    found = await rows(pool, "SELECT conflict, subject FROM app.registry_conflicts ORDER BY recorded_at")
    assert [conflict for conflict, _ in found] == ["content_differs", "external_order_used"]
    assert found[1][1] == "K1"


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
    found = await rows(
        day_pool,
        "SELECT store_id::text, tender, currency, taken_minor, given_back_minor, net_minor, agrees"
        " FROM app.reconciliation ORDER BY tender",
    )
    assert found == [
        (world.STORE, "card", "CNY", 7005, -1134, 5871, True),
        (world.STORE, "cash", "CNY", 15000 + 15000 + 500 + 1000 + 20000, -9000, 42500, True),
        (world.STORE, "wechat", "CNY", 1100, 0, 1100, True),
    ]
    with as_owner(copy) as owner:
        owner.execute("UPDATE app.payments SET amount_minor = amount_minor + 1 WHERE kind = 'wechat'")
    assert await value(day_pool, "SELECT string_agg(tender, ',') FROM app.reconciliation WHERE NOT agrees") == "wechat"


async def test_a_business_day_ends_at_the_stores_cutoff(day_pool: Pool) -> None:
    stored = "SELECT count(DISTINCT day) FROM app.reconciliation"
    assert await value(day_pool, stored) in (1, 2)
    sold = await value(day_pool, "SELECT min(happened_at) FROM app.transactions WHERE kind = 'order_paid'")
    till = FakeTill(day_pool)
    assert till.day(sold) == str(await value(day_pool, "SELECT day FROM app.reconciliation WHERE tender = 'wechat'"))


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
