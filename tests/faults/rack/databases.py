"""Two PostgreSQL on one machine: one serves, the other follows it by streaming replication and can be promoted.

Rule: the programs of the product's own wheel, run as the product runs them. No disk is waited for: the machine stays
up, and a process that is killed leaves what it wrote with the kernel.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from sync_server.database import binaries
from sync_server.database.embedded import DATABASE, EmbeddedPostgres
from sync_server.database.processes import end_processes_in, processes_in
from sync_server.database.server_user import server_user
from sync_server.database.urls import DatabaseUrls, Passwords, with_database

_PASSWORDS = Passwords("super-for-the-rack", "maintenance-for-the-rack", "app-for-the-rack")
_SETTINGS = {
    "fsync": "off",
    "max_wal_senders": "4",
    "wal_keep_size": "256MB",
    "hot_standby": "on",
    "max_connections": "60",
}
_NAME = "standby"
_CATCH_UP_SECONDS = 20.0


class _Follower(EmbeddedPostgres):
    """As the product's, but for what needs a server that may be written to."""

    def _says_ready(self) -> bool:
        with suppress(FileNotFoundError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[7].strip() in ("ready", "standby")
        return False

    def _prepare_database(self) -> None:
        """It has what its leader has."""


class Databases:
    """The one that serves, and its standby. `synchronous`: a commit waits until the standby has it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lives = folder, 0
        self.synchronous = False
        self._leader: EmbeddedPostgres = EmbeddedPostgres(self._place(), _PASSWORDS, settings=_SETTINGS)
        self._follower: EmbeddedPostgres | None = None

    def _place(self) -> Path:
        self._lives += 1
        return self._folder / f"pg{self._lives}"

    def start(self) -> None:
        """Start the first, and a standby beside it."""
        self._leader.start()
        self.follow()

    def close(self) -> None:
        """End and delete both."""
        for one in (self._follower, self._leader):
            if one is not None:
                self._release()
                one.remove()

    @property
    def urls(self) -> DatabaseUrls:
        """The program's logins at the one that serves."""
        return self._leader.urls

    @property
    def superuser_url(self) -> str:
        """The superuser's login there, on the product's database."""
        return with_database(self._leader.superuser_url, DATABASE)

    # Replication ---------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Make a standby from a copy of the one that serves; asynchronous at first."""
        follower = _Follower(self._place(), _PASSWORDS, settings={**_SETTINGS, "primary_conninfo": self._leader_url()})
        follower._prepare_home()
        user = server_user(follower.data.parent)
        bindir = binaries.runnable_bindir(binaries.wheel_bindir(), user, Path("/var/lib/tillkeeper"))
        follower._prepare_base(user)
        done = subprocess.run(
            [bindir / "pg_basebackup", "-D", follower.data, "-d", self._leader_url(), "-X", "stream", "-cfast", "-N"],
            capture_output=True, text=True, cwd="/", check=False, **user.run_as(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        signal_file = follower.data / "standby.signal"
        signal_file.touch()
        user.own(signal_file)
        follower.start()
        self._follower = follower
        self._until(lambda: self._sent("state = 'streaming'"), "the standby streams")

    def be_synchronous(self, wanted: bool) -> None:
        """Let commits wait for the standby, or no longer."""
        self._set("synchronous_standby_names", _NAME if wanted else "")
        self.synchronous = wanted
        state = "sync" if wanted else "async"
        self._until(lambda: self._sent(f"sync_state = '{state}'"), f"replication is {state}")

    def stall(self) -> None:
        """The standby receives nothing from now on: what commits without waiting for it is here alone."""
        for pid in self._receivers():
            os.kill(pid, signal.SIGSTOP)

    def promote(self) -> None:
        """The one that serves dies at once; the standby takes its place, and has no standby itself."""
        follower, leader = self._follower, self._leader
        assert follower is not None
        leader.kill()
        end_processes_in(leader.data, grace_seconds=5.0)
        for pid in self._receivers():
            os.kill(pid, signal.SIGTERM)  # one that was stalled ends before it takes up what lies in its socket
        self._release()
        with psycopg.connect(follower.superuser_url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")
        self._leader, self._follower = follower, None
        self._set("synchronous_standby_names", "")
        self.synchronous = False
        leader.remove()

    def kill(self) -> None:
        """End the one that serves as a crash would, and start it again; the standby follows on."""
        self._leader.kill()
        end_processes_in(self._leader.data, grace_seconds=5.0)
        self._leader.stop()
        self._leader.start()

    def _leader_url(self) -> str:
        return make_conninfo(self._leader.superuser_url, application_name=_NAME)

    def _receivers(self) -> list[int]:
        """Process numbers of the standby's side of the stream."""
        assert self._follower is not None
        found = []
        for pid in processes_in(self._follower.data):
            with suppress(OSError):
                if b"walreceiver" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def _release(self) -> None:
        if self._follower is not None:
            for pid in self._receivers():
                os.kill(pid, signal.SIGCONT)

    def _sent(self, condition: str) -> bool:
        query = f"SELECT count(*) FROM pg_stat_replication WHERE {condition}"
        with psycopg.connect(self._leader.superuser_url) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row == (1,)

    def _set(self, name: str, value: str) -> None:
        with psycopg.connect(self._leader.superuser_url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute("SELECT pg_reload_conf()")

    def _until(self, holds: Any, what: str) -> None:
        deadline = time.monotonic() + _CATCH_UP_SECONDS
        while not holds():
            assert time.monotonic() < deadline, what
            time.sleep(0.02)


def wipe(folder: Path) -> None:
    """Delete what is left of a folder of databases."""
    shutil.rmtree(folder, ignore_errors=True)
