"""Bring the parts of the server together and run them; the only file that knows everyone.

Rule: what is opened here is closed here, in the reverse order, also after SIGTERM.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import uvicorn
from litestar.types import ASGIApp

from sync_server.admin.desk import Hq
from sync_server.admin.router import router
from sync_server.api import demo_pages
from sync_server.api.app import create_app
from sync_server.api.gate import Gate
from sync_server.api.rooms import Rooms
from sync_server.catalogue.policies import publish_keys
from sync_server.catalogue.watcher import Watcher
from sync_server.database.embedded import EmbeddedPostgres
from sync_server.database.engine import PLATFORM, open_pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from sync_server.database.urls import DatabaseUrls, Passwords, urls_from
from sync_server.intake.facts import accept_push
from sync_server.intake.requests import answer_request, preview_request
from sync_server.jobs import clockwork
from sync_server.jobs.upkeep import before_serving
from sync_server.jobs.witness import Witness
from sync_server.keys import Keyring, open_keys
from sync_server.messages.sms import Sender, gateway_from
from sync_server.mine.desk import Mine
from sync_server.mine.router import router as members_router
from sync_server.settings import Settings
from sync_server.supabase import gotrue, postgrest
from sync_server.supabase.door import Doors

Prepare = Callable[[Rooms], Awaitable[None]]
VERSION = version("tillkeeper")
_SHUTDOWN_SECONDS = 10
_BACKLOG = 256
_TEND_SECONDS = 0.5
_LOG = logging.getLogger("sync_server")


class PortTrouble(Exception):
    """The address cannot be listened on; `str` says why, for a person."""


@dataclass(frozen=True)
class Home:
    """What every command needs: keys and the two logins of the database; `postgres` when it is our own."""

    keys: Keyring
    urls: DatabaseUrls
    postgres: EmbeddedPostgres | None = None


def now() -> datetime:
    """Server time."""
    return datetime.now(UTC)


@contextlib.contextmanager
def at_home(settings: Settings, environment: Mapping[str, str], *, beside: bool = False) -> Iterator[Home]:
    """Open keys and database; an embedded Postgres runs until the end of the block.

    `beside` accepts that a server of ours runs on this data already and uses its Postgres. Raises `KeysTrouble`,
    `DatabaseTrouble`.
    """
    keys = open_keys(settings.keys, now(), environment)
    if settings.database_url is not None:
        yield Home(keys, urls_from(settings.database_url, keys.password("app")))
        return
    passwords = Passwords(keys.password("superuser"), keys.password("maintenance"), keys.password("app"))
    postgres = EmbeddedPostgres(settings.postgres, passwords)
    try:
        postgres.start()
    except DatabaseTrouble as trouble:
        if not beside or trouble.code != "database_in_use":
            raise
    try:
        yield Home(keys, postgres.urls, postgres)
    finally:
        postgres.stop()


@contextlib.asynccontextmanager
async def open_rooms(home: Home, settings: Settings) -> AsyncIterator[Rooms]:
    """Open the pool and make what the handlers call; the tills learn of every public key first."""
    async with open_pool(home.urls.app) as pool:
        async with transaction(pool, PLATFORM) as connection:
            await publish_keys(connection, home.keys)
        yield Rooms(
            pool=pool,
            keys=home.keys,
            now=now,
            watcher=Watcher(pool),
            gate=Gate(settings.max_concurrent),
            version=VERSION,
            accept_push=accept_push,
            answer_request=answer_request,
            preview_request=preview_request,
        )


def serve(settings: Settings, environment: Mapping[str, str], prepare: Prepare | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; finishes what is being answered. Raises `PortTrouble`, `GatewayUnusable` and
    those of `at_home`.

    `prepare` runs before the first request is taken; the demo writes its shops there.
    """
    if settings.ready_file is not None:
        settings.ready_file.unlink(missing_ok=True)
    gateway_from(settings.sms_url, settings.sms_secret)  # before anything is opened
    with contextlib.closing(listen(settings.host, settings.port)) as listener, at_home(settings, environment) as home:
        migrate(home.urls)
        asyncio.run(_serve(home, settings, listener, prepare))


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything else is started; PortTrouble when it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # The protocol is named because asyncio sends without delay (TCP_NODELAY) only where it is.
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
        return listener
    except OSError as error:
        raise PortTrouble(f"cannot listen on {host} port {port}: {error.strerror or error}") from error


async def _serve(home: Home, settings: Settings, listener: socket.socket, prepare: Prepare | None) -> None:
    async with open_rooms(home, settings) as rooms:
        witness = Witness(settings.witness)
        await before_serving(rooms.pool, witness)
        if prepare is not None:
            await prepare(rooms)
        pages = router(Hq(rooms.pool, rooms.keys, rooms.now))
        sender = Sender(gateway_from(settings.sms_url, settings.sms_secret))
        members = members_router(Mine(rooms.pool, rooms.keys, rooms.now, sender))
        doors = Doors(rooms.pool, rooms.keys, rooms.now, sender, VERSION)
        clients = (postgrest.handler(doors), gotrue.handler(doors))
        demo = demo_pages.HANDLERS if settings.demo else ()
        server = _Server(create_app(rooms, [pages, members, *clients, *demo]), rooms.watcher)
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, server.leave)
        host, port = listener.getsockname()[:2]
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        gc.collect()
        gc.freeze()  # what is here by now stays; to look through it again would hold every answer up, 100 ms and more
        if server.started:
            _say_ready(f"http://{f'[{host}]' if ':' in host else host}:{port}", settings.ready_file)
        tending = asyncio.create_task(_tend(home.postgres))
        async with clockwork.running(rooms.pool, rooms.keys, rooms.now, witness):
            await serving
        tending.cancel()
        await sender.close()
    _LOG.info("stopped")


async def _tend(postgres: EmbeddedPostgres | None) -> None:
    """Start our own Postgres again when it has died; nothing can be answered meanwhile, so the loop may stand still."""
    while postgres is not None:
        await asyncio.sleep(_TEND_SECONDS)
        if postgres.pid is None:
            _LOG.error("database_died")
            try:
                postgres.start()
            except DatabaseTrouble as trouble:  # a full disk, say: the next round tries again
                _LOG.error("database_not_started", extra={"fields": {"code": trouble.code}})


def _say_ready(address: str, ready_file: Path | None) -> None:
    """Tell whoever started us: a line on stdout, and a file written whole when one was asked for."""
    if ready_file is not None:
        unfinished = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
        unfinished.write_text(f"{address}\n", encoding="utf-8")
        unfinished.replace(ready_file)
    print(f"ready {address}", flush=True)  # noqa: T201 - for the parent process
    _LOG.info("ready", extra={"fields": {"address": address, "version": VERSION}})


class _Server(uvicorn.Server):
    """Uvicorn under our signals: those who wait for changes are sent home first."""

    def __init__(self, app: ASGIApp, watcher: Watcher) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="on",
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        self._watcher = watcher

    def leave(self) -> None:
        """Finish what is being answered and end; a second signal does not wait."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._watcher.close()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: Postgres must outlive the last answer."""
        yield
