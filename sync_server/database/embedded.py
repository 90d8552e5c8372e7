"""Run a PostgreSQL server of our own from the installed programs: one data folder, one owner, no open door.

Rules: it listens on a unix socket only (no port to collide with, nothing on the network) and asks every
login for its scram-sha-256 password; fsync stays on; nothing is left running when the owning process ends,
whatever ends it. Who may start it is decided by a file lock that the kernel drops with the process, so a
leftover server is told from one in use. Linux only; elsewhere set DATABASE_URL.
Not here: roles and tables (migrations), where passwords are kept (keys). See docs/decisions/0002.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from sync_server.database import binaries, cluster, processes
from sync_server.database.errors import DatabaseTrouble, translated
from sync_server.database.server_user import ServerUser, make_folder, server_user
from sync_server.database.urls import APP_ROLE, MAINTENANCE_ROLE, DatabaseUrls, Passwords

DATABASE = "tillkeeper"
_SOCKET_PATH_LIMIT = 90  # of 107 bytes, less "/.s.PGSQL.5432" and a zero byte
_LOG_LIMIT_BYTES = 10_000_000
_LOCK_WAIT_SECONDS = 0.5

# Fixed on every start. Errors are logged without statements, parameters and row details: no personal data.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "128MB",
    "max_connections": "100",
}


class EmbeddedPostgres:
    """One server on one data folder below `home`. `start` and `stop` may be called again and again.

    `bindir` picks other programs than the wheel's; `settings` adds or overrides server settings; `shelter`
    is where root puts data and programs that the lent user could not reach at their own place.
    """

    def __init__(
        self,
        home: Path,
        passwords: Passwords,
        *,
        bindir: Path | None = None,
        settings: Mapping[str, str] | None = None,
        shelter: Path = Path("/var/lib/tillkeeper"),
        start_timeout_seconds: float = 120.0,
        stop_timeout_seconds: float = 30.0,
    ) -> None:
        self._home = home.resolve()
        self._passwords = passwords
        self._bindir = bindir
        self._settings = {**_SETTINGS, **(settings or {})}
        self._shelter = shelter
        self._start_timeout_seconds = start_timeout_seconds
        self._stop_timeout_seconds = stop_timeout_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._base = self._find_base()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self._base / "data"

    @property
    def log(self) -> Path:
        """The server's log, for people."""
        return self._home / "postgres.log"

    @property
    def pid(self) -> int | None:
        """Process number of the running postmaster, or None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def urls(self) -> DatabaseUrls:
        """Both logins; they stay the same from start to start, and another process may compute them."""
        return DatabaseUrls(
            self._url(MAINTENANCE_ROLE, self._passwords.maintenance, DATABASE),
            self._url(APP_ROLE, self._passwords.app, DATABASE),
        )

    @property
    def superuser_url(self) -> str:
        """Login of the superuser on the `postgres` database; for backups and tests, never for the program."""
        return self._url(cluster.SUPERUSER, self._passwords.superuser, "postgres")

    def start(self) -> DatabaseUrls:
        """Start the server, making the data folder at the first time, and return the two logins.

        Takes over after a kill -9 of the server, of us, or of both. Call it from the main thread: the kernel
        ends the server with the thread that started it. Raises `DatabaseTrouble`.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the embedded server must be started from the main thread")
        if self.pid is not None:
            return self.urls
        self._process = None
        try:
            with _folder_trouble(self._home):
                self._prepare_home()
                user = server_user(self._base)
                bindir = binaries.runnable_bindir(self._bindir or binaries.wheel_bindir(), user, self._shelter)
                self._prepare_base(user)
                processes.end_processes_in(self.data, grace_seconds=10.0)
                cluster.ensure_cluster(self.data, bindir, user, self._passwords.superuser)
                self._launch(bindir, user)
            self._prepare_database()
        except BaseException:
            self.stop()
            raise
        return self.urls

    def stop(self) -> None:
        """Shut down, finishing what is being written; harder after the timeout. Never leaves a process."""
        if self._process is not None:
            for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                if self._process.poll() is None:
                    self._process.send_signal(sign)
                try:
                    self._process.wait(self._stop_timeout_seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
            self._process = None
            processes.end_processes_in(self.data, grace_seconds=5.0)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def kill(self) -> None:
        """End the postmaster as a crash would (kill -9), for fault tests; `start` takes over afterwards."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        """Stop and delete the data, wherever it is; what `make clean` needs. Trouble `database_in_use`."""
        self.stop()
        try:
            with _folder_trouble(self._home):
                self._prepare_home()
                processes.end_processes_in(self.data, grace_seconds=10.0)
                for folder in (self._base, self._socket_folder()):
                    if folder.exists():
                        shutil.rmtree(folder)
                self.log.unlink(missing_ok=True)
        finally:
            self.stop()

    # Places -------------------------------------------------------------------------------------------------

    def _find_base(self) -> Path:
        """Where the data lives: below home, or in the shelter when the lent user cannot reach home."""
        beside = self._home / "postgres"
        sheltered = self._shelter / f"data-{_short_hash(self._home)}"
        if os.geteuid() != 0 or beside.exists():
            return beside
        if sheltered.exists():
            return sheltered
        reachable = next(folder for folder in (self._home, *self._home.parents) if folder.exists())
        return beside if server_user(beside).enters(reachable) else sheltered

    def _prepare_home(self) -> None:
        """Make the home and take its lock, which the kernel drops when this process ends."""
        make_folder(self._home, 0o711)
        if self._lock is None:
            lock = os.open(self._home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            if not _locked(lock, _LOCK_WAIT_SECONDS):
                os.close(lock)
                raise DatabaseTrouble("database_in_use", folder=self._home)
            self._lock = lock

    def _prepare_base(self, user: ServerUser) -> None:
        """Make the server's own folders, closed to everybody else."""
        make_folder(self._base.parent, 0o755)
        for folder in (self._base, self._socket_folder()):
            if not folder.exists():
                folder.mkdir(mode=0o700)
            if folder.lstat().st_uid == os.geteuid():
                user.own(folder)
            seen = folder.lstat()
            # A folder below /tmp has a name that others can guess: it must be the server's alone.
            closed = stat.S_ISDIR(seen.st_mode) and seen.st_uid == user.uid and not seen.st_mode & 0o077
            if not closed or not user.enters(folder):
                raise DatabaseTrouble("database_folder_refused", folder=folder)

    def _socket_folder(self) -> Path:
        """Below the data's folder, or below /tmp where that path is too long for a unix socket."""
        own = self._base / "run"
        if len(os.fsencode(own)) <= _SOCKET_PATH_LIMIT:
            return own
        return Path("/tmp") / f"tillkeeper-{_short_hash(self._base)}"  # noqa: S108 - checked to be ours

    def _url(self, role: str, password: str, database: str) -> str:
        return make_conninfo(host=str(self._socket_folder()), user=role, password=password, dbname=database)

    # Server -------------------------------------------------------------------------------------------------

    def _launch(self, bindir: Path, user: ServerUser) -> None:
        """Start the postmaster tied to this process and wait until it is ready for logins."""
        # Nobody works in this folder any more: what names a process in it is stale.
        for stale in (self.data / "postmaster.pid", *self._socket_folder().glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = {**self._settings, "unix_socket_directories": str(self._socket_folder())}
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            log_start = os.fstat(log).st_size
            self._process = subprocess.Popen(
                [
                    *processes.tied_command(user, bindir / "postgres"),
                    f"-D{self.data}",
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we stop the server when our work is finished
            )
        finally:
            os.close(log)
        deadline = time.monotonic() + self._start_timeout_seconds
        while not self._says_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                output = self.log.read_bytes()[log_start:].decode(errors="replace")
                raise cluster.start_trouble(output, self.data)
            time.sleep(0.02)

    def _says_ready(self) -> bool:
        """The eighth line of postmaster.pid is the server's own word that logins are welcome."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _prepare_database(self) -> None:
        """Make the maintenance role and our database if they are missing; the key folder's password rules."""
        with translated(), psycopg.connect(self.superuser_url, autocommit=True) as connection:
            password = connection.pgconn.encrypt_password(
                self._passwords.maintenance.encode(), MAINTENANCE_ROLE.encode(), b"scram-sha-256"
            ).decode()
            role, database = sql.Identifier(MAINTENANCE_ROLE), sql.Identifier(DATABASE)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [MAINTENANCE_ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(role))
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, role))


def _locked(file: int, wait_seconds: float) -> bool:
    """Take an exclusive lock, waiting a moment for an owner that has just been killed."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        else:
            return True


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@contextmanager
def _folder_trouble(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = "database_disk_full" if full else "database_folder_refused"
        raise DatabaseTrouble(code, folder=error.filename or folder, reason=error.strerror) from error
