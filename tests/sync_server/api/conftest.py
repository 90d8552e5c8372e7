"""A real server on a real port, in a thread of its own, on the test's own database."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from litestar.types import ControllerRouterHandler

from models.wire import ActionAnswer, ActionRequest, PairAnswer, PairRequest, PushAnswer, PushRequest
from sync_server.api.app import create_app
from sync_server.api.gate import Gate
from sync_server.api.rooms import Rooms
from sync_server.bootstrap import listen
from sync_server.catalogue.watcher import Watcher
from sync_server.database.engine import Pool, open_pool
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet import pairing
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import Keyring, open_keys
from tests.sync_server import world
from tests.sync_server.conftest import Server
from tests.sync_server.signer import Signer, answer, send

Result = TypeVar("Result")


async def accept_push(_: Pool, __: Keyring, terminal: TerminalIdentity, push: PushRequest, now: datetime) -> PushAnswer:
    """Say how many facts came through the door; what intake does with them has its own tests."""
    return PushAnswer((), len(push.facts), False, terminal.code, now)


async def answer_request(_: Pool, terminal: TerminalIdentity, action: ActionRequest, now: datetime) -> ActionAnswer:
    """Say who asked."""
    return ActionAnswer(action.request_id, "refused", "uses_exhausted", {"by": terminal.code}, 0, None, now)


@dataclass
class Running:
    """A running server: where it listens, and a way to run code beside it, on its own loop."""

    address: str
    rooms: Rooms
    loop: asyncio.AbstractEventLoop = field(repr=False)

    def do(self, work: Callable[[Pool], Awaitable[Result]]) -> Result:
        """Run an async function of the pool on the server's loop."""

        async def run() -> Result:
            return await work(self.rooms.pool)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(30)

    def pair(self, terminal: str = "SZ1T01", store: str = "SZ1") -> Signer:
        """Pair a fresh key, over HTTP, as a till does."""
        code = self.do(lambda pool: pairing.new_code(pool, store, terminal))
        signer = Signer(version=str(self.rooms.spoken.newest))
        found = answer(send(self.address, signer, "POST", "/v1/pair", pair_request(signer, code.text)), PairAnswer)
        signer.key_id = found.terminal_id
        return signer


def pair_request(signer: Signer, code: str) -> PairRequest:
    """The message that brings a signer's key."""
    return PairRequest(1, code, base64.b64encode(signer.public_key).decode(), "test machine", "0.1.0")


@contextlib.contextmanager
def running_server(
    database: DatabaseUrls,
    keys: Keyring,
    more_handlers: Callable[[Rooms], Sequence[ControllerRouterHandler]] = lambda _: (),
    **rooms_options: Any,
) -> Iterator[Running]:
    """Serve until the block ends."""
    started = threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        async with open_pool(database.app, min_size=1, max_size=6) as pool:
            options: dict[str, Any] = {
                "now": lambda: datetime.now(UTC),
                "watcher": Watcher(pool, interval_seconds=0.05),
                "gate": Gate(32),
                "accept_push": accept_push,
                "answer_request": answer_request,
                "preview_request": answer_request,
            }
            rooms = Rooms(pool=pool, keys=keys, version="test", **(options | rooms_options))
            server = uvicorn.Server(
                uvicorn.Config(create_app(rooms, more_handlers(rooms)), log_config=None, access_log=False)
            )
            found.update(rooms=rooms, server=server, loop=asyncio.get_running_loop())
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.005)
            started.set()
            await serving

    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        while not started.wait(0.05):
            assert thread.is_alive(), "the server did not start"
        port = listener.getsockname()[1]
        try:
            yield Running(f"http://127.0.0.1:{port}", found["rooms"], found["loop"])
        finally:
            found["rooms"].watcher.close()
            found["server"].should_exit = True
            thread.join(20)
            assert not thread.is_alive()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of a deployment."""
    folder: Path = tmp_path_factory.mktemp("deployment") / "keys"
    return open_keys(folder, datetime.now(UTC))


@pytest.fixture
def running(database: DatabaseUrls, keys: Keyring) -> Iterator[Running]:
    """A server on the small world, nobody paired yet."""
    with running_server(database, keys) as found:
        found.do(world.build)
        yield found


@pytest.fixture
def till(running: Running) -> Signer:
    """The paired terminal SZ1T01."""
    return running.pair()


@pytest.fixture(scope="module")
def shared(server: Server, template: str, keys: Keyring) -> Iterator[Running]:
    """One server for a module whose tests leave nothing behind that another could trip over."""
    urls = server.create(template)
    secure_database(urls)
    with running_server(urls, keys) as found:
        found.do(world.build)
        yield found
    server.drop(urls)
