"""Small regular work of a running server: forget nonces that no request can carry any more, and changes that newer
ones have replaced; write the alarms of the door that were only counted."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable

from sync_server.catalogue.changes import forget_replaced
from sync_server.database.engine import Pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet.alarms import DoorAlarms
from sync_server.fleet.terminals import forget_old_nonces

_EVERY_SECONDS = 60.0
_LOG = logging.getLogger("sync_server.api")


@contextlib.asynccontextmanager
async def keep_house(pool: Pool, alarms: DoorAlarms, every_seconds: float = _EVERY_SECONDS) -> AsyncIterator[None]:
    """Do the regular work in the background."""
    task = asyncio.create_task(_work(pool, alarms, every_seconds))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await _told(alarms.flush(pool))


async def _work(pool: Pool, alarms: DoorAlarms, every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        await _told(_round(pool, alarms))


async def _round(pool: Pool, alarms: DoorAlarms) -> None:
    await alarms.flush(pool)
    await forget_old_nonces(pool)
    await forget_replaced(pool)


async def _told(work: Awaitable[None]) -> None:
    try:
        await work
    except DatabaseTrouble as trouble:  # the next round does it
        _LOG.warning("housekeeping_failed", extra={"fields": {"code": trouble.code}})
    except Exception as error:  # noqa: BLE001 - the top of a task: a bug is logged, the server goes on
        _LOG.error("housekeeping_failed", exc_info=error)
