"""Hear within a second that something changed at HQ: ask the server to hold its answer back until there is news.

Rule: a bell, not a pull. It asks for one row on a connection of its own and only rings; the cycle (`loop`) fetches and
stores, so a push waits for nobody and one thread alone moves the cursor. It rests while the last cycle failed, and
after each news: in a shop that trades something changes at every moment, and the interval of the loop is enough. Where
something in between cuts long silences it asks for shorter ones, then seldom; meanwhile that interval holds too.
"""

import logging
import random
import threading
import time
from collections.abc import Callable

from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.journal import identity
from pos_app.journal.store import Journal
from pos_app.sync import apply
from pos_app.sync.client import ServerClient
from pos_app.sync.errors import ServerUnavailable

_log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 20
"""The server allows 25."""
LISTEN_SILENCE_SECONDS = LONGEST_WAIT_SECONDS + 10.0
"""What its client must bear without a byte (docs/protocol.md, "Pull")."""
SHORTEST_WAIT_SECONDS = 5
SPREAD_SECONDS = 1.0
"""Within this time the tills of a chain fetch what all of them heard at once."""
REST_SECONDS = 15.0
"""After news, between half and one and a half of it; so long the till pulls at the interval of its loop."""
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0
_JOIN_SECONDS = 1.0


class Listener:
    """The bell of one till. `client` is for it alone: stopping cuts its line."""

    def __init__(self, journal: Journal, client: ServerClient, jitter: Callable[[], float] = random.random) -> None:
        self._journal = journal
        self._client = client
        self._jitter = jitter
        self._ring: Callable[[], None] = lambda: None
        self._thread: threading.Thread | None = None
        self._in_step = threading.Event()
        self._stopped = threading.Event()
        self._wait_seconds = LONGEST_WAIT_SECONDS
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._rang_at: str | None = None
        self.hears = False
        """Whether it would hear of news now: the whole silence came through the last time, and it asks again."""

    def start(self, ring: Callable[[], None]) -> None:
        """Begin; `ring` is called, from a thread of its own, when a cycle is worth while."""
        self._ring = ring
        self._thread = threading.Thread(target=self._run, name="sync-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End at once; nothing is touched afterwards."""
        self._stopped.set()
        self._in_step.set()
        if self._thread is not None:
            self._client.cut()
            self._thread.join(_JOIN_SECONDS)
        self._client.close()

    def note_cycle(self, in_step: bool) -> None:
        """Told after each cycle whether till and server are in step, so that waiting for news makes sense."""
        if in_step:
            self._in_step.set()
        elif not self._stopped.is_set():
            self._in_step.clear()
            self.hears = False

    def _run(self) -> None:
        while True:
            self._in_step.wait()
            if self._stopped.is_set():
                return
            try:
                pause_seconds = self._ask()
            except Exception:  # noqa: BLE001 - a bug here must not end hearing for the day; the interval goes on
                _log.exception("listening failed")
                pause_seconds = LONGEST_PAUSE_SECONDS
            if pause_seconds:
                self.hears = False
                self._stopped.wait(pause_seconds)

    def _ask(self) -> float:
        """Wait for news once; returns after how many seconds to ask again."""
        with self._journal.reading() as rows:
            cursor, epoch = apply.cursor(rows), identity.epoch(rows)
        began = time.monotonic()
        try:
            answer = self._client.changes(cursor, self._wait_seconds, limit=1)
        except ServerUnavailable as error:
            return self._missed(error.retry_after_seconds)
        except (Refusal, Trouble):
            return self._missed(0.0)
        if answer.changes or answer.epoch != epoch:
            self.hears = False
            self._stopped.wait(SPREAD_SECONDS * self._jitter())
            self._call()
            rest_seconds = REST_SECONDS * (0.5 + self._jitter())
            if cursor == self._rang_at:  # the cycle came no further; it will not now
                return max(self._longer_pause(), rest_seconds)
            self._rang_at, self._pause_seconds = cursor, FIRST_PAUSE_SECONDS
            return rest_seconds
        if time.monotonic() - began < self._wait_seconds / 2:
            return self._missed(0.0)  # nobody held it back: something else answers, or the server is going down
        self._pause_seconds, self.hears = FIRST_PAUSE_SECONDS, True
        self._wait_seconds = min(self._wait_seconds + 1, LONGEST_WAIT_SECONDS)
        return 0.0

    def _missed(self, asked_seconds: float) -> float:
        """No news and no silence: let a cycle find out why, unless the server asked to be left alone."""
        self._wait_seconds = max(self._wait_seconds // 2, SHORTEST_WAIT_SECONDS)
        self.hears = False
        if not asked_seconds:
            self._call()
        return max(self._longer_pause(), asked_seconds)

    def _longer_pause(self) -> float:
        pause_seconds = self._pause_seconds
        self._pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)
        return pause_seconds

    def _call(self) -> None:
        if not self._stopped.is_set():
            self._in_step.clear()
            self._ring()
