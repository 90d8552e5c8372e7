"""Real Postgres for every server test: one server a session, one fresh database a test.

`database` is a migrated database of its own; `pool` is the program's pool on it (async tests). The schema is
migrated once and copied, which takes some tens of milliseconds. TEST_DATABASE_URL, the login of a role that
owns nothing yet but holds CREATEDB and CREATEROLE, runs the same tests on a real server.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from sync_server.database.embedded import EmbeddedPostgres
from sync_server.database.engine import Pool, open_pool
from sync_server.database.migrate import migrate, secure_database
from sync_server.database.urls import MAINTENANCE_ROLE, DatabaseUrls, Passwords, urls_from, with_database

PASSWORDS = Passwords("super-for-tests", "maintenance-for-tests", "app-for-tests")


@dataclass(frozen=True)
class Server:
    """A running server on which tests make databases. `admin_url` may create them, `owner` will own them."""

    admin_url: str
    maintenance_url: str
    owner: str

    def create(self, template: str | None = None) -> DatabaseUrls:
        """A new database, empty or a copy of `template`."""
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(self.owner), sql.Identifier(template or "template0")
                )
            )
        return urls_from(with_database(self.maintenance_url, name), PASSWORDS.app)

    def drop(self, urls: DatabaseUrls) -> None:
        """Drop it, whoever is still connected."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name_of(urls))))


def name_of(urls: DatabaseUrls) -> str:
    """The database's name."""
    return str(psycopg.conninfo.conninfo_to_dict(urls.maintenance)["dbname"])


@pytest.fixture(scope="session")
def reachable_folder() -> Iterator[Path]:
    """A folder with a short path that the user lent by root can reach; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="tk-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def embedded_server(home: Path, bindir: Path | None = None) -> Iterator[tuple[EmbeddedPostgres, Server]]:
    """An embedded server for many tests. The machine stays up, so it need not wait for the disk."""
    postgres = EmbeddedPostgres(home, PASSWORDS, bindir=bindir, settings={"fsync": "off"})
    with postgres:
        yield postgres, Server(postgres.superuser_url, postgres.urls.maintenance, MAINTENANCE_ROLE)


@pytest.fixture(scope="session")
def server(reachable_folder: Path) -> Iterator[Server]:
    """The server of this test session."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        with psycopg.connect(url) as connection:
            yield Server(url, url, connection.info.user)
        return
    for _, running in embedded_server(reachable_folder / "server"):
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> Iterator[str]:
    """Name of a database with the newest schema and no rows; nobody stays connected to it."""
    urls = server.create()
    migrate(urls)
    yield name_of(urls)
    server.drop(urls)


@pytest.fixture
def database(server: Server, template: str) -> Iterator[DatabaseUrls]:
    """A migrated database of the test's own."""
    urls = server.create(template)
    secure_database(urls)
    yield urls
    server.drop(urls)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
async def pool(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """The program's pool on the test's database."""
    async with open_pool(database.app, min_size=1, max_size=4) as opened:
        yield opened
