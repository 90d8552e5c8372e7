"""Name the logins of one database: who maintains it, and who the program is.

Rule: an address carries a password, so it is never logged; `repr` hides it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sync_server.database.errors import DatabaseTrouble

APP_ROLE = "tillkeeper_app"
OWNER_ROLE = "tillkeeper_owner"
MAINTENANCE_ROLE = "tillkeeper_maintenance"


@dataclass(frozen=True)
class Passwords:
    """The three passwords of an embedded server, from the key folder."""

    superuser: str = field(repr=False)
    maintenance: str = field(repr=False)
    app: str = field(repr=False)


@dataclass(frozen=True)
class DatabaseUrls:
    """Connection strings (libpq form) of the maintenance role and of the program's login role."""

    maintenance: str = field(repr=False)
    app: str = field(repr=False)


def urls_from(maintenance_url: str, app_password: str) -> DatabaseUrls:
    """Both logins of the database that `DATABASE_URL` names; trouble `database_url_invalid`."""
    # SQLAlchemy's dialect prefix is common in such variables and means the same server.
    plain = maintenance_url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        conninfo_to_dict(plain)
        app = make_conninfo(plain, user=APP_ROLE, password=app_password)
        return DatabaseUrls(make_conninfo(plain), app)
    except psycopg.ProgrammingError as error:
        raise DatabaseTrouble("database_url_invalid") from error


def with_database(url: str, name: str) -> str:
    """The same login on another database of the same server."""
    return make_conninfo(url, dbname=name)
