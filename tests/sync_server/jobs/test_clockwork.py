"""What a running server does by the clock: audit rows sealed within a second, passes expired, months kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.jobs import clockwork
from sync_server.keys import new_keyring
from tests.sync_server.till import FakeTill, as_owner, build_shop, rows, value

pytestmark = pytest.mark.anyio
KEYS = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))


def now() -> datetime:
    return datetime.now(UTC)


async def wait_for(pool: Pool, question: str, seconds: float = 5) -> float:
    """Seconds until the answer is true."""
    clock = asyncio.get_running_loop()
    started = clock.time()
    async with asyncio.timeout(seconds):
        while not await value(pool, question):
            await asyncio.sleep(0.01)
    return clock.time() - started


@pytest.mark.req("R039")
async def test_rows_are_sealed_within_a_second_and_the_last_ones_at_the_end(pool: Pool) -> None:
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    async with clockwork.running(pool, KEYS, now):
        for _ in range(3):
            till.order()
            await till.push()
            lag = await wait_for(pool, "SELECT unsealed_rows = 0 AND signed FROM app.sealing", 1.5)
            assert lag < 1
        till.order()
        await till.push()
    assert await rows(pool, "SELECT unsealed_rows, signed FROM app.sealing") == [(0, True)]


async def test_what_is_past_its_date_expires(pool: Pool, database: DatabaseUrls) -> None:
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    till.sell_pass()
    await till.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.member_passes SET expires_at = now() - interval '1 second'")
        owner.execute("UPDATE app.cards SET expires_at = now() - interval '1 second' WHERE card_no = 'PM0'")
    async with clockwork.running(pool, KEYS, now):
        await wait_for(pool, "SELECT bool_and(status = 'expired') FROM app.member_passes")
        await wait_for(pool, "SELECT count(*) = 1 FROM app.cards WHERE status = 'expired'")
