"""Translate what goes wrong around Postgres into a few codes, once.

Rule: only the world's failures are translated. A wrong statement, a broken constraint or any other
bug passes through unchanged, so that it is seen and mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

# What a person can do about each code; the command line prints it below the code.
ADVICE = {
    "database_unavailable": "The database does not answer. Is it running? Check DATABASE_URL and the network.",
    "database_busy": "The database is at its limit. Try again in a moment.",
    "database_conflict": "Other work kept getting in the way. Try again in a moment.",
    "database_timeout": "The database took too long for one statement.",
    "database_disk_full": "The disk that holds the database is full. Free some space and start again.",
    "database_permission_denied": "This role may not do that. Money moves only through the ledger's functions.",
    "database_password_refused": "The database refused the password. Does the key folder belong to this data?",
    "database_url_invalid": "DATABASE_URL is not understood. Write postgresql://user:password@host/database.",
    "database_server_too_old": "This PostgreSQL is too old. Version 15 or newer is needed.",
    "database_newer_than_program": "This database was migrated by a newer program. Install that version or newer.",
    "database_role_unusable": "The maintenance role must own the database and hold CREATEROLE.",
    "database_data_other_version": "The data folder was made by another major version of PostgreSQL. "
    "Start the program that made it, dump the data there and load it here; or remove the folder to begin anew.",
    "database_in_use": "Another program of ours is running on this data folder. Stop it first.",
    "database_folder_refused": "The data folder cannot be used by this user. Choose another or mend its owner.",
    "database_no_user": "PostgreSQL refuses to run as root and no unprivileged user (postgres, nobody) can be used. "
    "Start as an ordinary user, or set DATABASE_URL.",
    "database_binaries_missing": "No PostgreSQL programs were found. Install again, or set DATABASE_URL.",
    "database_tools_missing": "pg_dump, pg_restore and psql of the server's own version were not found. "
    "Install its client package (postgresql-client-N), or name their folder with --tools.",
    "database_dump_failed": "The database's own program did not finish; its last lines say why. Nothing was changed.",
    "database_serving": "A server is working on this database. Stop it first.",
    "database_start_failed": "PostgreSQL did not start. The last lines of its log say why.",
}


class AdvisedTrouble(Exception):
    """The world failed: a code and data; `advice` has the sentence for a person."""

    advice: ClassVar[Mapping[str, str]]

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        details = "".join(f"\n  {name}: {value}" for name, value in self.data.items())
        return f"{self.code}: {self.advice[self.code]}{details}"


class DatabaseTrouble(AdvisedTrouble):
    """The world failed around the database."""

    advice = ADVICE


# SQLSTATE or its class -> our code. The longer match wins.
_CODES = {
    "08": "database_unavailable",
    "57P": "database_unavailable",  # shut down, crashed, starting
    "57014": "database_timeout",
    "25P03": "database_timeout",  # idle in transaction
    "53": "database_busy",
    "53100": "database_disk_full",
    "40001": "database_conflict",
    "40P01": "database_conflict",
    "55P03": "database_conflict",
    "42501": "database_permission_denied",
    "28": "database_password_refused",
}

# Broken by a rival who took it, or acted under our key, between our look and our posting: look again.
_RIVAL = re.compile(r"not_below_floor|one_pass_per_plan|transactions_(y\d{4}m\d\d|default)_key")


def trouble(error: psycopg.Error) -> DatabaseTrouble | None:
    """The trouble behind a driver error, or None when it is a bug and should stay as it is."""
    if isinstance(error, PoolTimeout | TooManyRequests):
        return DatabaseTrouble("database_busy")
    if isinstance(error, PoolClosed):
        return DatabaseTrouble("database_unavailable")
    state = error.sqlstate
    if state is None:
        # The driver has no SQLSTATE when the connection never came about or broke off.
        if not isinstance(error, psycopg.OperationalError):
            return None
        refused = "authentication failed" in str(error)
        return DatabaseTrouble("database_password_refused" if refused else "database_unavailable")
    if _RIVAL.fullmatch(error.diag.constraint_name or ""):
        return DatabaseTrouble("database_conflict", sqlstate=state)
    for length in (5, 3, 2):
        if code := _CODES.get(state[:length]):
            return DatabaseTrouble(code, sqlstate=state)
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raise `DatabaseTrouble` in place of a driver error that is not a bug."""
    try:
        yield
    except psycopg.Error as error:
        if found := trouble(error):
            raise found from error
        raise
