"""The database in which a day of business has passed, made once for all tests of reports that look at one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from sync_server.database.engine import open_pool
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls, with_database
from tests.sync_server.conftest import Server, name_of
from tests.sync_server.reports.day import a_day
from tests.sync_server.till import as_owner


@pytest.fixture(scope="package")
def day(server: Server, template: str) -> Iterator[str]:
    """Name of a database in which that day has passed; tests break copies of it."""

    async def pass_the_day() -> None:
        async with open_pool(urls.app, min_size=1, max_size=2) as pool:
            with as_owner(urls) as owner:
                await a_day(pool, owner)

    urls = server.create(template)
    secure_database(urls)
    asyncio.run(pass_the_day())
    yield name_of(urls)
    server.drop(urls)


@pytest.fixture
def copy(server: Server, day: str) -> Iterator[DatabaseUrls]:
    """A copy of that day, to break."""
    urls = server.create(day)
    secure_database(urls)
    yield urls
    server.drop(urls)


@pytest.fixture(scope="package")
def to_break(server: Server, day: str) -> Iterator[str]:
    """Where a copy of that day is, for those who may take any role, break it in a transaction and roll back."""
    urls = server.create(day)
    secure_database(urls)
    yield with_database(server.admin_url, name_of(urls))
    server.drop(urls)
