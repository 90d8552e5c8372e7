"""Back-pressure: let so many requests work at once, tell the others when to come back; queues give way to people.

Rule: a request that waits for changes does not count; one that works does, from when its body is here to its
answer. Of those that hand in facts only a few work at once and some wait in line, so that whoever stands at a counter
finds the database free however many tills come back together.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sync_server.api.problems import HttpTrouble

INTAKES = max(1, (os.cpu_count() or 1) // 2)
"""Pushes that work at once: the other half of the machine is for those who wait at a counter."""
LINE = 16
_TURN_SECONDS = 5.0
"""Less than the silence that a till endures (docs/protocol.md), with room for its push to be worked on."""


class Gate:
    """A counter with a bound, and turns for those that hand in; of one event loop."""

    def __init__(self, limit: int, intakes: int = INTAKES, turn_seconds: float = _TURN_SECONDS) -> None:
        self._limit = limit
        self._inside = 0
        self._turns = asyncio.Semaphore(intakes)
        self._turn_seconds = turn_seconds
        self._waiting = 0

    @contextmanager
    def work(self) -> Iterator[None]:
        """Be inside while working; HttpTrouble `server_busy` when it is full."""
        if self._inside >= self._limit:
            raise HttpTrouble("server_busy")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hand in when it is one's turn; HttpTrouble `server_busy` when the line is full or no turn comes in time."""
        if self._waiting >= LINE:
            raise HttpTrouble("server_busy")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._turn_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise HttpTrouble("server_busy") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()
