"""A shop, its till, and a way to look at what the ledger says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sync_server.database.engine import Pool, open_pool
from sync_server.database.urls import DatabaseUrls
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.till import MEMBER, FakeTill, build_shop


@pytest.fixture
async def till(pool: Pool) -> FakeTill:
    """The first till of a shop with a catalogue and two members."""
    await build_shop(pool)
    return await FakeTill(pool).pair()


@pytest.fixture
async def second_till(till: FakeTill) -> FakeTill:
    """Another till of the same store."""
    return await FakeTill(till.pool, world.SECOND_TERMINAL, "SZ1T02", keys=till.keys).pair()


@pytest.fixture
async def held(till: FakeTill) -> str:
    """A pass of ten uses that the first member holds."""
    sold = till.sell_pass()
    await till.push()
    return sold.pass_id


@pytest.fixture
async def code(till: FakeTill) -> str:
    """The first member's code."""
    return await rotate_code(till.pool, MEMBER)


@pytest.fixture
async def wide_pool(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """Room for many at once."""
    async with open_pool(database.app, min_size=16, max_size=16) as opened:
        yield opened
