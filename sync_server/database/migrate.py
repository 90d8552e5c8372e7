"""Bring a database to the program's schema, once, whoever else tries at the same time.

Rules: all pending revisions run in one transaction under an advisory lock, as the maintenance login; it
need not be a superuser, it owns the database and holds CREATEROLE. A database that a newer program has
migrated is refused. Running it again changes nothing.
Not here: the SQL itself (segments beside each room), data of the demo.
"""

from __future__ import annotations

import time
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sync_server.database.engine import maintenance_engine
from sync_server.database.errors import DatabaseTrouble, trouble
from sync_server.database.urls import APP_ROLE, OWNER_ROLE, DatabaseUrls

_MIGRATIONS = Path(__file__).with_name("migrations")
ROLES = _MIGRATIONS / "sql" / "0001_0_roles.sql"
"""What a database of ours needs of its server before anything else."""
_LOCK = 0x7469_6C6C_6B65_6570  # "tillkeep"
_ROLE_TRIES = 6
_VERSION_TABLE = "tillkeeper_schema_version"
_ALEMBIC = Lock()  # its `op` is global to the process


def migrate(urls: DatabaseUrls) -> str:
    """Apply what is missing and return the revision reached.

    Also sets the app role's password to the one in `urls.app`. Troubles: `database_newer_than_program`,
    `database_role_unusable`, and those of the connection.
    """
    engine = maintenance_engine(urls.maintenance)
    try:
        with _ALEMBIC, engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            reached = _upgrade(connection)
            _secure_database(connection, urls)
        return reached
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, psycopg.errors.InsufficientPrivilege):
            raise DatabaseTrouble("database_role_unusable", reason=cause.diag.message_primary) from error
        if isinstance(cause, psycopg.Error) and (found := trouble(cause)):
            raise found from error
        raise
    finally:
        engine.dispose()


def secure_database(urls: DatabaseUrls) -> None:
    """Only what `migrate` sets on the database itself, for a copy of a migrated template."""
    engine = maintenance_engine(urls.maintenance)
    with engine.begin() as connection:
        _secure_database(connection, urls)
    engine.dispose()


def run_segment(connection: Connection, segment: Path, *, as_owner: bool = True) -> None:
    """Run one file of plain SQL inside the migration's transaction.

    `as_owner` runs it as `tillkeeper_owner`, so that everything it makes belongs to that role.
    """
    # The driver's own connection: a colon or percent sign in the file means nothing to it.
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - maintenance_engine makes no other
    if as_owner:
        driver.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER_ROLE)))
    driver.execute(segment.read_bytes())
    driver.execute("RESET ROLE")


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at, None before the first."""
    options = {"version_table": _VERSION_TABLE, "version_table_schema": "public"}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def _upgrade(connection: Connection) -> str:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    assert head is not None  # noqa: S101 - the package brings at least one revision
    found = current_revision(connection)
    if found == head:
        return head
    known = {revision.revision for revision in script.walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseTrouble("database_newer_than_program", database=found, program=head)
    environment = EnvironmentContext(
        config, script, fn=lambda revision, _: script._upgrade_revs(head, revision), destination_rev=head
    )
    with environment:
        environment.configure(
            connection=connection,
            version_table=_VERSION_TABLE,
            version_table_schema="public",
            transactional_ddl=True,
        )
        environment.run_migrations()
    return head


def _secure_database(connection: Connection, urls: DatabaseUrls) -> None:
    """What belongs to the database itself and is not copied with a template: who may connect, and passwords."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - as above
    database = sql.Identifier(driver.info.dbname)
    app = sql.Identifier(APP_ROLE)
    driver.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    driver.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))
    password = psycopg.conninfo.conninfo_to_dict(urls.app).get("password")
    if password is not None:
        # Hashed here, so that the plain word never reaches the server or its log.
        hashed = driver.pgconn.encrypt_password(str(password).encode(), APP_ROLE.encode(), b"scram-sha-256")
        _alter_shared_role(driver, sql.SQL("ALTER ROLE {} PASSWORD {}").format(app, sql.Literal(hashed.decode())))


def _alter_shared_role(driver: psycopg.Connection[Any], statement: sql.Composed) -> None:
    """Run it again when another database's migration changes the same role at this moment: roles are the server's."""
    for turn in range(_ROLE_TRIES):
        try:
            with driver.transaction():
                driver.execute(statement)
            return
        except psycopg.errors.InternalError_ as error:
            if "concurrently updated" not in str(error) or turn == _ROLE_TRIES - 1:
                raise
            time.sleep(0.05 * 2**turn)
