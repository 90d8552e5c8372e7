"""The world's two merchants, two members with their personal cards, and the role that owns the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from tests.sync_server.till import as_owner, build_shop


@pytest.fixture
async def shop(pool: Pool) -> Pool:
    """The program's pool on a database with a shop and two members."""
    await build_shop(pool)
    return pool


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The role that the ledger's functions run as."""
    with as_owner(database) as connection:
        yield connection
