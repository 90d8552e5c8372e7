"""Put the handlers together into one ASGI application."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.types import ASGIApp, ControllerRouterHandler

from sync_server.api import openapi, pairing, terminals
from sync_server.api.housekeeping import keep_house
from sync_server.api.problems import exception_handlers
from sync_server.api.request_log import log_requests
from sync_server.api.rooms import Rooms
from sync_server.api.versions import say_version


def create_app(rooms: Rooms, more_handlers: Sequence[ControllerRouterHandler] = ()) -> ASGIApp:
    """Return the application; `more_handlers` are HQ's and the demo's."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with rooms.watcher.running(), keep_house(rooms.pool, rooms.alarms):
            yield

    app = Litestar(
        route_handlers=[
            pairing.pair,
            terminals.push_facts,
            terminals.ask,
            terminals.preview,
            terminals.take_alarms,
            terminals.pull_changes,
            terminals.health,
            *more_handlers,
        ],
        dependencies={"rooms": Provide(lambda: rooms, sync_to_thread=False)},
        exception_handlers=exception_handlers(rooms.now, rooms.keys),
        compression_config=CompressionConfig(backend="gzip", minimum_size=1000, gzip_compress_level=5),
        openapi_config=openapi.config(rooms.version),
        lifespan=[lifespan],
        logging_config=None,
    )
    return log_requests(say_version(app, rooms.spoken))  # outermost: an unknown path has a request id too
