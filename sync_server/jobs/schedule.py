"""Repeat a piece of work until the server stops: never two at once, a failure is logged once and tried again.

Rule: no exception leaves a schedule but cancellation. Not here: what the work is.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from sync_server.database.errors import DatabaseTrouble
from sync_server.keys import KeysTrouble

LAST_SECONDS = 5.0
_LOG = logging.getLogger("sync_server.jobs")


@contextlib.asynccontextmanager
async def repeating(
    name: str,
    work: Callable[[], Awaitable[object]],
    every_seconds: float,
    *,
    retry_seconds: float | None = None,
    once_more: bool = False,
) -> AsyncIterator[None]:
    """Do `work` at once and then every so often inside the block; after a failure again in `retry_seconds`.

    `once_more` does it a last time, within `LAST_SECONDS`, when the block ends.
    """
    ending = asyncio.Event()
    task = asyncio.create_task(_repeat(name, work, every_seconds, retry_seconds or every_seconds, ending))
    try:
        yield
    finally:
        ending.set()
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await task
                if once_more:
                    await _done(name, work, said=False)
        except TimeoutError:
            _LOG.warning("job_cut_short", extra={"fields": {"job": name}})


async def _repeat(
    name: str, work: Callable[[], Awaitable[object]], every_seconds: float, retry_seconds: float, ending: asyncio.Event
) -> None:
    failing = False
    while not ending.is_set():
        well = await _done(name, work, said=failing)
        if well and failing:
            _LOG.info("job_works_again", extra={"fields": {"job": name}})
        failing = not well
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every_seconds if well else retry_seconds):
                await ending.wait()


async def _done(name: str, work: Callable[[], Awaitable[object]], *, said: bool) -> bool:
    """Do it; False when it failed, which is logged unless `said` before."""
    try:
        await work()
    except (DatabaseTrouble, KeysTrouble) as trouble:
        if not said:
            _LOG.warning("job_failed", extra={"fields": {"job": name, "code": trouble.code}})
    except Exception as error:  # noqa: BLE001 - the top of a task: a bug is logged, the server goes on
        if not said:
            _LOG.error("job_failed", extra={"fields": {"job": name}}, exc_info=error)
    else:
        return True
    return False
