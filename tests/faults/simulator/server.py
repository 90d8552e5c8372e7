"""The real server in this process: its ASGI application on a database that can be kept, broken off and put back.

Rule: one event loop, which runs only while a request is answered or a job is done, so nothing happens by itself. A
server that ends leaves its sessions to the next one: its transactions are rolled back, as Postgres would.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from litestar.types import ASGIApp

from sync_server import bootstrap
from sync_server.api.app import create_app
from sync_server.api.gate import Gate
from sync_server.api.rooms import Rooms
from sync_server.catalogue.changes import forget_replaced
from sync_server.catalogue.policies import publish_keys
from sync_server.catalogue.watcher import Watcher
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet.terminals import forget_old_nonces
from sync_server.jobs.clockwork import seal
from sync_server.jobs.expiry import expire_cards, expire_passes
from sync_server.jobs.upkeep import before_serving, keep_months
from sync_server.keys import Keyring
from tests.faults.simulator.database import SAVED, SimulatedDatabase
from tests.faults.simulator.machine import Killed, Time

T = TypeVar("T")
_TRIES = 5


@dataclass(frozen=True)
class Heard:
    """What the server answered; `status` 0: it died before it could."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class SimulatedServer:
    """The server's process. It may end and `start` again."""

    def __init__(self, database: SimulatedDatabase, keys: Keyring, time: Time) -> None:
        self.database, self.keys, self.time = database, keys, time
        self.run, self.rows = database.run, database.rows
        self._app: ASGIApp | None = None
        self._made: ASGIApp | None = None
        self._rooms: Rooms | None = None
        self.restores = 0

    # Life ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server on its database; the sessions it finds may have been broken by a fault."""
        self.job(self._start)

    async def _start(self, pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            await publish_keys(connection, self.keys)
        await before_serving(pool)
        parts = Rooms(
            pool=pool,
            keys=self.keys,
            now=lambda: self.time.now,
            watcher=Watcher(pool),
            gate=Gate(8),
            version="simulated",
            accept_push=vars(bootstrap)["accept_push"],  # as wrapped at this moment
            answer_request=vars(bootstrap)["answer_request"],
            preview_request=vars(bootstrap)["preview_request"],
        )
        if self._rooms is None:
            self._rooms = parts
            self._made = create_app(parts)
        vars(self._rooms).update(vars(parts))  # making the application anew takes longer than all it does until it ends
        self._app = self._made

    def stop(self) -> None:
        """End it; what was not committed is gone."""
        self._app = None

    @property
    def running(self) -> bool:
        """Whether anybody answers."""
        return self._app is not None

    # The database --------------------------------------------------------------------------------------------

    @property
    def pool(self) -> Pool:
        """The program's sessions."""
        return self.database.pool

    def show_time(self) -> None:
        """Let the database see what time it is."""
        self.database.show_time(self.time.now)

    def back_up(self) -> None:
        """Keep a copy of the database as it is now."""
        self.database.keep(SAVED)

    def restore(self) -> None:
        """Go back to the copy, as HQ would: a new epoch begins before anybody is served."""
        self.stop()
        self.restores += 1
        self.database.go_back(SAVED)
        self.show_time()
        self.rows("SELECT set_config('tillkeeper.role', 'platform', false)")
        self.rows("SELECT app.begin_epoch(1::smallint)")
        self.start()

    def break_connections(self) -> None:
        """Postgres loses every session of the server."""
        self.database.break_connections()

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
