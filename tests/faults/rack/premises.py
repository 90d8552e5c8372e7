"""The house of the rack: the server as shipped, on a PostgreSQL with a standby, and what the operator does there.

Rule: the product's own programs and commands; nothing of them is wrapped.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

from sync_server.database import binaries
from sync_server.database.engine import Pool, open_pool
from sync_server.database.urls import DatabaseUrls, urls_from
from tests.faults.conftest import FaultyHouse
from tests.faults.rack.databases import Databases
from tests.flows.house import Result

_OPERATOR_SECONDS = 60


class Premises(FaultyHouse):
    """A server that finds its database by its address."""

    def __init__(self) -> None:
        super().__init__()
        self.databases = Databases(self.folder)
        self._backups = 0

    def open(self) -> None:
        """Start everything, with a shop."""
        self.databases.start()
        self.run()
        self.open_shop()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            self.databases.close()

    # The same, with another database -----------------------------------------------------------------------------

    def run(self, gate: int | None = None, line: int | None = None) -> None:
        """Start the server as it is shipped."""
        self.start(None, self.environment())

    def environment(self, gate: int | None = None) -> dict[str, str]:
        """What tells it where its database is."""
        return {"DATABASE_URL": self.databases.urls.maintenance}

    @property
    def urls(self) -> DatabaseUrls:
        """The program's logins."""
        return urls_from(self.databases.urls.maintenance, self.keys.password("app"))

    @property
    def superuser_url(self) -> str:
        return self.databases.superuser_url

    def do(self, work: Callable[[Pool], Awaitable[Result]]) -> Result:
        """Run an async function of the product on a pool of its own."""

        async def run() -> Result:
            async with open_pool(self.urls.app, min_size=1, max_size=2) as pool:
                return await work(pool)

        return asyncio.run(run())

    # What goes wrong, and what the operator does -------------------------------------------------------------------

    def kill_server(self) -> None:
        """kill -9, and start it again."""
        self.kill()
        self.run()

    def kill_database(self) -> None:
        """Its PostgreSQL crashes under the server and comes back."""
        self.databases.kill()

    def back_up(self) -> Path:
        """`sync-server backup`, while everybody works."""
        self._backups += 1
        file = self.folder / f"backup{self._backups}"
        self.operate("backup", str(file), "--tools", str(binaries.wheel_bindir()))
        return file

    def put_back(self, file: Path) -> None:
        """Stop the server, put a backup back, start it: what came after it is lost, until the tills send it again."""
        self.stop()
        self.operate("restore", str(file), "--replace", "--tools", str(binaries.wheel_bindir()))
        self.run()
        self._token = ""

    def promote(self) -> None:
        """The machine of the database dies; the standby takes over, and a new one follows it."""
        self.kill()
        self.databases.promote()
        self.run()
        self.databases.follow()
        self._token = ""

    def verify(self) -> str:
        """`sync-server verify --full`; returns what it says."""
        return self.operate("verify", "--full")

    def operate(self, *command: str) -> str:
        """One command of `sync-server`; returns its output."""
        done = subprocess.run(
            [sys.executable, "-m", "sync_server", *command, "--data", str(self.data)],
            capture_output=True, text=True, timeout=_OPERATOR_SECONDS, check=False,
            env={**os.environ, **self.environment()},
        )  # fmt: skip
        assert done.returncode == 0, f"sync-server {command[0]}: {done.stdout[-2000:]}{done.stderr[-3000:]}"
        return done.stdout

    def revoke(self, terminal_id: str) -> None:
        """HQ shuts a till out."""
        self.hq("/admin/api/risk")  # signed in
        self.hq_post(f"/admin/api/terminals/{terminal_id}/revoke", {"reason": "stolen, they say"}, str(uuid4()))

    def published(self) -> dict[str, int]:
        """The worst case as HQ shows it now, by unit."""
        found: dict[str, Any] = self.hq("/admin/api/risk")
        return {one["unit"]: one["total"] for one in found["worst_case"]}
