"""Back-pressure: let so many requests work at once, tell the others when to come back.

Rule: a request that waits for changes does not count; one that works does, from when its body is here to its
answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sync_server.api.problems import HttpTrouble


class Gate:
    """A counter with a bound; of one event loop."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside = 0

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
