"""A shop and its till, and the role that owns the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from sync_server.database.engine import Pool, open_pool
from sync_server.database.urls import DatabaseUrls
from tests.sync_server.ledger.cards import Desk
from tests.sync_server.till import FakeTill, as_owner, build_shop


@pytest.fixture
async def till(pool: Pool) -> FakeTill:
    """The first till of a shop with a catalogue and two members."""
    await build_shop(pool)
    return await FakeTill(pool).pair()


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The role that the ledger's functions run as."""
    with as_owner(database) as connection:
        yield connection


@pytest.fixture
def desk(database: DatabaseUrls, owner: psycopg.Connection[tuple[Any, ...]]) -> Desk:
    """A till of that shop that calls the ledger's inner functions; for tests that do not await."""

    async def build() -> None:
        async with open_pool(database.app, min_size=1, max_size=1) as pool:
            await build_shop(pool)

    asyncio.run(build())
    return Desk(owner)
