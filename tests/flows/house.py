"""The server as a shop runs it, in a process of its own, and ways to look behind it.

Rule: only the product's own programs are started; a test may wrap them from outside (`launcher`). What looks into the
database reads as its superuser and writes nothing of the product's.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import psycopg

from demo.processes import Child
from sync_server.database.embedded import DATABASE, EmbeddedPostgres
from sync_server.database.engine import Pool, open_pool
from sync_server.database.processes import processes_in
from sync_server.database.urls import Passwords, with_database
from sync_server.fleet import pairing
from sync_server.keys import Keyring, open_keys
from sync_server.members import codes
from tests.flows import shop

Result = TypeVar("Result")
START_SECONDS = 60.0


class House:
    """A server with its embedded Postgres below a folder of its own; the port stays the same from start to start."""

    def __init__(self) -> None:
        # Short, and open to the user that root lends to Postgres; pytest's own folders are neither.
        self.folder = Path(tempfile.mkdtemp(prefix="tk-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.data = self.folder / "data"
        self.port = 0
        self._child: Child | None = None
        self._terminals = itertools.count(1)
        self._members = itertools.count(1)
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.stop()
        self._postgres().remove()
        shutil.rmtree(self.folder)

    # The process ---------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server wrote to stderr, over all its starts."""
        return self.folder / "server.log"

    def launch(self, launcher: list[str] | None = None, environment: Mapping[str, str] | None = None) -> Child:
        """Start the server process and return at once; `launcher` runs it in place of `-m sync_server`."""
        assert self._child is None or self._child.process.poll() is not None
        if self._child is not None:
            self._child.stop()
        arguments = [*(launcher or ["-m", "sync_server"]), "serve", "--port", str(self.port), "--data", str(self.data)]
        clean = {"DATABASE_URL": "", "TILLKEEPER_KEYS": "", "TILLKEEPER_KEYS_FILE": ""}
        self._child = Child("server", arguments, self.log, {**clean, **(environment or {})})
        return self._child

    def start(self, launcher: list[str] | None = None, environment: Mapping[str, str] | None = None) -> None:
        """Start the server and wait until it answers."""
        ready = self.launch(launcher, environment).read_line(START_SECONDS)
        self.port = int(ready.rsplit(":", 1)[1])

    def wait_killed(self, seconds: float = 20.0) -> None:
        """Wait until the server process has been killed with -9, and its Postgres is gone too."""
        assert self._child is not None
        code = self._child.process.wait(seconds)
        assert code == -signal.SIGKILL, f"exit code {code}; {self._child.log_end()}"
        self._child.stop()
        wait_for(lambda: not processes_in(self._postgres().data), "Postgres is gone")

    def ended_with(self, seconds: float = 20.0) -> int:
        """Wait until the server process ends by itself; returns its exit code."""
        assert self._child is not None
        self._child.process.wait(seconds)
        return self._child.stop()

    def stop(self) -> int:
        """Stop the server as an operator does; returns its exit code."""
        assert self._child is not None
        return self._child.stop()

    @property
    def running(self) -> bool:
        """Whether the server process lives."""
        return self._child is not None and self._child.process.poll() is None

    @property
    def pid(self) -> int:
        """Process number of the server."""
        assert self._child is not None
        return self._child.process.pid

    @property
    def postmaster(self) -> int:
        """Process number of its Postgres."""
        return int((self._postgres().data / "postmaster.pid").read_text().split()[0])

    def _postgres(self) -> EmbeddedPostgres:
        ring = self.keys
        passwords = Passwords(ring.password("superuser"), ring.password("maintenance"), ring.password("app"))
        return EmbeddedPostgres(self.data / "postgres", passwords)

    # Behind it -----------------------------------------------------------------------------------------------

    @property
    def postgres_data(self) -> Path:
        """The database's data folder."""
        return self._postgres().data

    @property
    def keys(self) -> Keyring:
        """The deployment's keys."""
        return open_keys(self.data / "keys", datetime.now(UTC), {})

    @property
    def superuser_url(self) -> str:
        """The superuser's login on the product's database."""
        return with_database(self._postgres().superuser_url, DATABASE)

    def do(self, work: Callable[[Pool], Awaitable[Result]]) -> Result:
        """Run an async function of the product on a pool of its own."""

        async def run() -> Result:
            async with open_pool(self._postgres().urls.app, min_size=1, max_size=2) as pool:
                return await work(pool)

        return asyncio.run(run())

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with psycopg.connect(self.superuser_url) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def open_shop(self) -> None:
        """Write what HQ manages."""
        self.do(lambda pool: shop.open_shop(pool, self.keys))

    def pairing_code(self, store: str, number: int) -> str:
        """A fresh code for a terminal."""
        return self.do(lambda pool: pairing.new_code(pool, store, f"T{number:03d}")).text

    def next_number(self) -> int:
        """A terminal's number that no test of this house has taken yet."""
        return next(self._terminals)

    def member(
        self,
        uses: dict[str, int] | None = None,
        *,
        merchant: str = shop.MERCHANT,
        expires: timedelta = timedelta(days=30),
        status: str = "active",
    ) -> shop.Person:
        """Register a member who brings passes: plan -> uses left."""
        number = next(self._members)
        return self.do(
            lambda pool: shop.register(
                pool, self.keys, number, uses or {}, merchant=merchant, expires=expires, status=status
            )
        )

    def short_code(self, person: shop.Person) -> str:
        """The code on the member's phone."""
        return self.do(lambda pool: codes.rotate_code(pool, person.member_id))

    def snapshot_code(self, person: shop.Person, at: datetime | None = None) -> str:
        """The signed code that the member's phone shows when the till is offline; `at` makes it older."""
        at = at or datetime.now(UTC)
        return self.do(lambda pool: codes.snapshot_code(pool, self.keys, person.member_id, shop.MERCHANT, at))

    def uses_left(self, pass_id: str) -> int:
        """What the ledger says."""
        ((left,),) = self.rows("SELECT uses_left FROM app.passes_held WHERE pass_id = %s", pass_id)
        return int(left)

    def hq(self, path: str) -> Any:
        """Ask HQ's JSON side, as somebody who is signed in."""
        with httpx.Client(base_url=self.address, timeout=20) as client:
            if not self._token:
                answer = client.post("/admin/api/session", json={"username": "ana", "password": shop.PASSWORD})
                self._token = answer.json()["token"]
            answer = client.get(path, headers={"Authorization": f"Bearer {self._token}"})
        assert answer.status_code == 200, answer.text
        return answer.json()


def wait_for(holds: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Wait until a condition holds; AssertionError names it when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s: {what}"
        time.sleep(0.01)
