"""The real server in this process: its ASGI application on a database that can be copied, restarted and restored.

Rule: one event loop, which runs only while a request is answered or a job is done, so nothing happens by itself.
Database time and ids follow the run: `app.now_utc` and `app.new_id` are replaced, as only tests may.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, LiteralString, TypeVar

import psycopg
from litestar.types import ASGIApp

from sync_server import bootstrap
from sync_server.api.app import create_app
from sync_server.api.gate import Gate
from sync_server.api.rooms import Rooms
from sync_server.catalogue.changes import forget_replaced
from sync_server.catalogue.policies import publish_keys
from sync_server.catalogue.watcher import Watcher
from sync_server.database.engine import Pool, open_pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls, with_database
from sync_server.fleet.terminals import PLATFORM, forget_old_nonces
from sync_server.jobs.clockwork import seal
from sync_server.jobs.expiry import expire_cards, expire_passes
from sync_server.jobs.upkeep import before_serving, keep_months
from sync_server.keys import Keyring
from tests.faults.simulator.machine import Killed, Time
from tests.sync_server.conftest import Server as Postgres
from tests.sync_server.conftest import name_of

T = TypeVar("T")
_LATER_IDS = 1_000_000
_TRIES = 5
_PREPARE: LiteralString = """
CREATE SCHEMA simulator;
CREATE TABLE simulator.clock (now timestamptz NOT NULL);
INSERT INTO simulator.clock VALUES (%s);
CREATE SEQUENCE simulator.ids;
GRANT USAGE ON SCHEMA simulator TO PUBLIC;
GRANT SELECT ON simulator.clock TO PUBLIC;
GRANT USAGE ON SEQUENCE simulator.ids TO PUBLIC;
CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT c.now FROM simulator.clock AS c $$;
CREATE OR REPLACE FUNCTION app.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((date_part('epoch', app.now_utc()) * 1000)::bigint), 12, '0') || '70008000'
            || lpad(to_hex(nextval('simulator.ids')), 12, '0'))::uuid
$$;
"""


@dataclass(frozen=True)
class Heard:
    """What the server answered; `status` 0: it died before it could."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class SimulatedServer:
    """The server's process and its database. `kill` and `start` may follow each other."""

    def __init__(self, postgres: Postgres, urls: DatabaseUrls, keys: Keyring, time: Time) -> None:
        self._postgres, self.urls, self.keys, self.time = postgres, urls, keys, time
        self._runner = asyncio.Runner()
        self._open: AsyncExitStack | None = None
        self._pool: Pool | None = None
        self._app: ASGIApp | None = None
        self._saved: DatabaseUrls | None = None
        self._shown: object = None
        self._look: psycopg.Connection[tuple[Any, ...]] | None = None
        self.restores = 0

    @staticmethod
    def prepare(postgres: Postgres, urls: DatabaseUrls, time: Time) -> None:
        """Let the database's time and ids follow the run; once, in the template."""
        admin = with_database(postgres.admin_url, name_of(urls))
        with psycopg.connect(admin, cursor_factory=psycopg.ClientCursor) as connection:
            connection.execute(_PREPARE, [time.now])

    # Life ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server on its database."""
        self.show_time()
        self.run(self._start())

    async def _start(self) -> None:
        self._open = AsyncExitStack()
        pool = await self._open.enter_async_context(open_pool(self.urls.app, min_size=1, max_size=3))
        async with transaction(pool, PLATFORM) as connection:
            await publish_keys(connection, self.keys)
        await before_serving(pool)
        rooms = Rooms(
            pool=pool,
            keys=self.keys,
            now=lambda: self.time.now,
            watcher=Watcher(pool),
            gate=Gate(8),
            version="simulated",
            accept_push=vars(bootstrap)["accept_push"],  # as wrapped at this moment
            answer_request=vars(bootstrap)["answer_request"],
        )
        self._pool, self._app = pool, create_app(rooms)

    def stop(self) -> None:
        """End it; what was not committed is gone."""
        if self._open is not None:
            self.run(self._open.aclose())
            self._open = self._pool = self._app = None

    def close(self, *, drop: bool = True) -> None:
        """End it for good, and drop its databases unless they are still needed."""
        self.leave()
        for urls in (self.urls, self._saved):
            if urls is not None and drop:
                self._postgres.drop(urls)
        self._runner.close()

    def leave(self) -> None:
        """End it, and keep its database with nobody connected."""
        self.stop()
        if self._look is not None:
            self._look.close()
            self._look = None

    @property
    def running(self) -> bool:
        """Whether anybody answers."""
        return self._app is not None

    # The database --------------------------------------------------------------------------------------------

    @property
    def pool(self) -> Pool:
        assert self._pool is not None
        return self._pool

    def run(self, work: Awaitable[T]) -> T:
        """Let the event loop run until this is done."""
        return self._runner.run(_awaited(work))

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Look into the database, or change something there, as its superuser."""
        cursor = self._connection().execute(query.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []

    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._look is None:
            self._look = psycopg.connect(with_database(self._postgres.admin_url, name_of(self.urls)), autocommit=True)
        return self._look

    def show_time(self) -> None:
        """Let the database see what time it is."""
        if self._shown != self.time.now:
            self.rows("UPDATE simulator.clock SET now = %s", self.time.now)
            self._shown = self.time.now

    def back_up(self) -> None:
        """Keep a copy of the database as it is now."""
        self.leave()
        if self._saved is not None:
            self._postgres.drop(self._saved)
        self._saved = self._postgres.create(name_of(self.urls))
        self.start()

    def restore(self) -> None:
        """Go back to the copy, as HQ would: a new epoch begins before anybody is served."""
        assert self._saved is not None
        self.leave()
        lost, self.restores, self._shown = self.urls, self.restores + 1, None
        self.urls = self._postgres.create(name_of(self._saved))
        secure_database(self.urls)
        self._postgres.drop(lost)
        self.show_time()
        # Ids that were given in the lost time are not given again, as luck would see to.
        self.rows("SELECT setval('simulator.ids', nextval('simulator.ids') + %s)", _LATER_IDS)
        self.rows("SELECT set_config('tillkeeper.role', 'platform', false)")
        self.rows("SELECT app.begin_epoch(1::smallint)")
        self.start()

    def break_connections(self) -> None:
        """Postgres loses every session of the server."""
        self.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'sync-server'"
        )

    # What it does --------------------------------------------------------------------------------------------

    def answer(self, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes, cut: bool) -> Heard:
        """Hand a request to the application; `cut`: the connection ends before the body does."""
        if self._app is None:
            return Heard(0, [], b"")
        self.show_time()
        try:
            return self.run(_exchange(self._app, method, target, headers, body, cut))
        except Killed:
            self.stop()
            return Heard(0, [], b"")

    def seal(self) -> None:
        """What the clock does every half second."""
        self.job(lambda pool: seal(pool, self.keys, lambda: self.time.now))

    def keep_house(self) -> None:
        """What the clock does every now and then: expiry, months, old nonces, replaced changes."""
        months = partial(keep_months, now=lambda: self.time.now)
        for work in (expire_cards, expire_passes, months, forget_old_nonces, forget_replaced):
            self.job(work)

    def job(self, work: Callable[[Pool], Awaitable[T]]) -> T:
        """Do something on the server's pool; after a lost connection again, as the server's own jobs do."""
        self.show_time()
        for _ in range(_TRIES):
            try:
                return self.run(work(self.pool))
            except DatabaseTrouble as trouble:
                if trouble.code != "database_unavailable":
                    raise
        raise AssertionError("the database does not come back")


async def _awaited(work: Awaitable[T]) -> T:
    return await work


async def _exchange(
    app: ASGIApp, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes, cut: bool
) -> Heard:
    path, _, query = target.partition("?")
    scope: Any = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    status, told, found = 0, [], bytearray()
    coming = _incoming(body, cut)

    async def send(message: Any) -> None:
        nonlocal status, told
        if message["type"] == "http.response.start":
            status, told = message["status"], list(message["headers"])
        else:
            found.extend(message.get("body", b""))

    async def receive() -> Any:
        return await anext(coming)

    await app(scope, receive, send)
    return Heard(status, told, bytes(found))


async def _incoming(body: bytes, cut: bool) -> AsyncIterator[dict[str, Any]]:
    if cut:
        yield {"type": "http.request", "body": body[: len(body) // 2], "more_body": True}
    else:
        yield {"type": "http.request", "body": body, "more_body": False}
    while True:
        yield {"type": "http.disconnect"}
