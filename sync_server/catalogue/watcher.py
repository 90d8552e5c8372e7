"""Wake the tills that wait for changes: one question to the database for all of them, asked while anybody waits.

Rule: nothing in a money path notifies; this polls. A wake-up may be for nothing, a change is never slept through.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.errors import DatabaseTrouble

_LOG = logging.getLogger("sync_server.catalogue")
_NEWS = """
SELECT bound.xmin::text, EXISTS (SELECT FROM app.change_log AS c WHERE c.xid >= %s::text::xid8 AND c.xid < bound.xmin)
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS bound
"""


class Watcher:
    """Counts generations of the change log. Of one event loop; `running` must be entered first."""

    def __init__(self, pool: Pool, interval_seconds: float = 0.25) -> None:
        self._pool = pool
        self._interval_seconds = interval_seconds
        self._waiting = 0
        self._wanted = asyncio.Event()
        self._woken = asyncio.Event()
        self._closed = False
        self.generation = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch in the background."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def wait(self, seen: int, seconds: float) -> bool:
        """Wait until the generation is not `seen` any more; False when the time is over or the server stops.

        Read `generation` before asking the database what there is, so that nothing falls between.
        """
        self._waiting += 1
        self._wanted.set()
        try:
            async with asyncio.timeout(seconds):
                while self.generation == seen and not self._closed:
                    await self._woken.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return not self._closed

    def close(self) -> None:
        """Send everybody home: the server stops."""
        self._closed = True
        self._woken.set()

    async def _watch(self) -> None:
        known = "0"
        while True:
            if self._waiting == 0:
                self._wanted.clear()
            await self._wanted.wait()
            await asyncio.sleep(self._interval_seconds)
            try:
                async with transaction(self._pool, PLATFORM) as connection:
                    cursor = await connection.execute(_NEWS, [known])
                    known, news = await cursor.fetchone() or (known, False)
            except DatabaseTrouble as trouble:
                _LOG.warning("watch_failed", extra={"fields": {"code": trouble.code}})
                continue
            except Exception as error:  # noqa: BLE001 - the top of a task: a bug is logged, tills still get their answers
                _LOG.error("watch_failed", exc_info=error)
                continue
            if news:
                self.generation += 1
                woken, self._woken = self._woken, asyncio.Event()
                woken.set()
                if self._closed:
                    self._woken.set()
