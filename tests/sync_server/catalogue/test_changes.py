"""The cursor of the change feed: nothing that commits late is skipped, whatever order writers finish in."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from models.catalogue import Category
from sync_server.catalogue import changes
from sync_server.catalogue.watcher import Watcher
from sync_server.catalogue.writes import note, put
from sync_server.database.engine import PLATFORM, Pool, open_pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import Keyring, open_keys
from tests.sync_server import world

pytestmark = pytest.mark.anyio

TILL = TerminalIdentity(world.TERMINAL, world.MERCHANT, world.STORE, "SZ1T01", b"\0" * 32)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys; the feed opens members with them."""
    folder: Path = tmp_path_factory.mktemp("feed") / "keys"
    return open_keys(folder, datetime.now(UTC))


def category(number: int) -> Category:
    """One of many categories."""
    return Category(f"0d000000-0000-7000-9000-{number:012x}", world.MERCHANT, {"en": str(number)}, number)


async def test_row_committed_late_is_not_skipped(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    start = (await changes.page(pool, keys, TILL, "")).cursor
    async with transaction(pool, PLATFORM) as late:
        await put(late, category(1))
        async with transaction(pool, PLATFORM) as early:
            await put(early, category(2))
        # The early one is committed, but the late one's place is before it: neither may come yet.
        page = await changes.page(pool, keys, TILL, start)
        assert page.changes == ()
        cursor = page.cursor
    page = await changes.page(pool, keys, TILL, cursor)
    assert {change.key for change in page.changes} == {category(1).category_id, category(2).category_id}


async def test_rolled_back_change_never_comes_and_holds_nothing_up(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    start = (await changes.page(pool, keys, TILL, "")).cursor

    async def fail() -> None:
        async with transaction(pool, PLATFORM) as connection:
            await put(connection, category(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with transaction(pool, PLATFORM) as connection:
        await put(connection, category(2))
    page = await changes.page(pool, keys, TILL, start)
    assert [change.key for change in page.changes] == [category(2).category_id]


async def test_many_writers_and_a_reader_that_never_stops(database: DatabaseUrls, keys: Keyring) -> None:
    chance = random.Random(7)
    async with open_pool(database.app, min_size=4, max_size=12) as pool:
        await world.build(pool)

        async def write(numbers: list[int]) -> None:
            for number in numbers:
                async with transaction(pool, PLATFORM) as connection:
                    await put(connection, category(number))
                    await asyncio.sleep(chance.random() * 0.02)  # commits overtake one another

        found: dict[str, object] = {}
        done = asyncio.Event()

        async def read() -> None:
            cursor = ""
            while True:
                last = done.is_set()
                page = await changes.page(pool, keys, TILL, cursor, limit=3)
                found.update({change.key: change.value for change in page.changes})
                cursor = page.cursor
                if last and not page.changes:
                    return

        reader = asyncio.create_task(read())
        await asyncio.gather(*(write(list(range(start, 160, 8))) for start in range(8)))
        done.set()
        await asyncio.wait_for(reader, 30)
    written = {category(number).category_id for number in range(160)}
    assert written <= found.keys()
    assert all(value is not None for value in found.values())


async def test_same_change_noted_twice_in_a_transaction_comes_once(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        await put(connection, category(1))
        for store in (None, world.STORE, None):
            await note(connection, "category", category(1).category_id, world.MERCHANT, store)
    page = await changes.page(pool, keys, TILL, "")
    assert [change.key for change in page.changes].count(category(1).category_id) == 1


async def test_cursor_moves_on_over_what_is_of_others(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await world.build(pool)
    page = await changes.page(pool, keys, TILL, "")
    with psycopg.connect(database.maintenance, autocommit=True) as connection:
        for _ in range(10_002):
            connection.execute("SELECT pg_current_xact_id()")
    moved = await changes.page(pool, keys, TILL, page.cursor)
    assert moved.changes == ()
    assert moved.cursor != page.cursor
    async with transaction(pool, PLATFORM) as writing:
        await put(writing, category(1))
    after = await changes.page(pool, keys, TILL, moved.cursor)
    assert [change.key for change in after.changes] == [category(1).category_id]


async def test_replaced_changes_are_forgotten_and_no_reader_misses_them(
    pool: Pool, keys: Keyring, database: DatabaseUrls
) -> None:
    await world.build(pool)
    for position in range(5):
        async with transaction(pool, PLATFORM) as connection:
            await put(connection, replace(category(1), position=position))
        if position == 2:
            between = (await changes.page(pool, keys, TILL, "")).cursor
    async with transaction(pool, PLATFORM) as connection:  # the same thing, told to one store only, is another audience
        await note(connection, "category", category(1).category_id, world.MERCHANT, world.OTHER_STORE)
    whole, rest = [(await changes.page(pool, keys, TILL, after)).changes for after in ("", between)]
    assert [await changes.forget_replaced(pool) for _ in range(2)] == [4, 0]
    assert [(await changes.page(pool, keys, TILL, after)).changes for after in ("", between)] == [whole, rest]
    assert [change.value["position"] for change in rest if change.value] == [4]


async def test_change_in_flight_replaces_nothing_yet(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        await put(connection, category(1))
    async with transaction(pool, PLATFORM) as open_still:
        await put(open_still, replace(category(1), position=9))
        assert await changes.forget_replaced(pool) == 0
        page = await changes.page(pool, keys, TILL, "")
        assert [change.key for change in page.changes if change.table == "category"] == [category(1).category_id]


async def test_new_epoch_begins_anew(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await world.build(pool)
    before = await changes.page(pool, keys, TILL, "")
    with psycopg.connect(database.maintenance, autocommit=True) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute("INSERT INTO app.epochs DEFAULT VALUES")
    after = await changes.page(pool, keys, TILL, before.cursor)
    assert after.epoch != before.epoch
    assert after.changes == before.changes


async def test_feed_is_closed_to_a_session_without_claims(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    async with transaction(pool) as connection:
        for table in ("stores", "terminals", "members", "categories", "staff", "risk_policies"):
            cursor = await connection.execute(f"SELECT count(*) FROM app.{table}")
            assert await cursor.fetchone() == (0,), table


async def test_watcher_wakes_for_a_change_that_fell_before_the_wait(pool: Pool) -> None:
    await world.build(pool)
    watcher = Watcher(pool, interval_seconds=0.02)
    async with watcher.running():
        await watcher.wait(watcher.generation, 0.2)  # catches up with what there was
        seen = watcher.generation
        async with transaction(pool, PLATFORM) as connection:
            await put(connection, category(1))
        assert await watcher.wait(seen, 5)
        assert not await watcher.wait(watcher.generation, 0.2)


async def test_watcher_sends_everybody_home(pool: Pool) -> None:
    watcher = Watcher(pool)
    async with watcher.running():
        waiting = [asyncio.create_task(watcher.wait(watcher.generation, 30)) for _ in range(3)]
        await asyncio.sleep(0)
        watcher.close()
        assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [False] * 3
        assert not await watcher.wait(watcher.generation, 30)
