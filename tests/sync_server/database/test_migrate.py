"""Migrations on every server version at hand, by a maintenance role that is no superuser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from sync_server.database.urls import DatabaseUrls
from tests.sync_server.conftest import Server, name_of


@pytest.fixture
def empty(any_server: Server) -> Iterator[DatabaseUrls]:
    """An empty database on each server."""
    urls = any_server.create()
    yield urls
    any_server.drop(urls)


@pytest.fixture
def migrated(empty: DatabaseUrls) -> DatabaseUrls:
    """A migrated database on each server."""
    migrate(empty)
    return empty


def schema_of(urls: DatabaseUrls) -> list[tuple[object, ...]]:
    """Every object with its owner and rights; two equal lists mean that nothing changed."""
    with psycopg.connect(urls.maintenance) as connection:
        return connection.execute(
            "SELECT 'relation', oid::regclass::text, relowner::regrole::text, relacl::text FROM pg_class"
            " WHERE relnamespace::regnamespace::text IN ('app', 'audit', 'sec', 'auth', 'public')"
            " UNION ALL SELECT 'function', oid::regprocedure::text, proowner::regrole::text, proacl::text FROM pg_proc"
            " WHERE pronamespace::regnamespace::text IN ('app', 'audit', 'sec', 'auth', 'public')"
            " UNION ALL SELECT 'schema', nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace"
            " WHERE nspname !~ '^pg_(temp|toast)' ORDER BY 1, 2"
        ).fetchall()


def test_maintenance_role_is_no_superuser_and_twice_changes_nothing(migrated: DatabaseUrls) -> None:
    with psycopg.connect(migrated.maintenance) as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
    before = schema_of(migrated)
    assert len(before) > 10
    migrate(migrated)
    assert schema_of(migrated) == before


def test_schemas_exist_and_belong_to_the_owner(migrated: DatabaseUrls) -> None:
    with psycopg.connect(migrated.maintenance) as connection:
        rows = connection.execute(
            "SELECT nspname, nspowner::regrole::text FROM pg_namespace"
            " WHERE nspname IN ('app', 'audit', 'sec', 'auth') ORDER BY 1"
        ).fetchall()
        roles = connection.execute(
            "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"
            " FROM pg_roles WHERE rolname IN ('tillkeeper_owner', 'tillkeeper_app') ORDER BY 1"
        ).fetchall()
    assert rows == [(name, "tillkeeper_owner") for name in ("app", "audit", "auth", "sec")]
    assert roles == [("tillkeeper_app", True, False), ("tillkeeper_owner", False, False)]


def test_what_the_owner_makes_is_closed_until_granted(migrated: DatabaseUrls) -> None:
    with psycopg.connect(migrated.maintenance, autocommit=True) as owner:
        owner.execute("SET ROLE tillkeeper_owner")
        owner.execute("CREATE TABLE app.thing (x int)")
        owner.execute("CREATE FUNCTION app.act() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$")
        owner.execute("CREATE TABLE sec.secret (x int)")
    with psycopg.connect(migrated.app, autocommit=True) as app:
        assert app.execute("SELECT app.now_utc() IS NOT NULL").fetchone() == (True,)
        for attempt in (
            "SELECT * FROM app.thing",
            "INSERT INTO app.thing VALUES (1)",
            "SELECT app.act()",
            "SELECT * FROM sec.secret",
            "SELECT * FROM public.tillkeeper_schema_version",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(attempt)


def test_other_roles_cannot_connect(any_server: Server, migrated: DatabaseUrls) -> None:
    with psycopg.connect(any_server.admin_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
        try:
            stranger = psycopg.conninfo.make_conninfo(migrated.app, user="stranger", password="stranger")
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(stranger)
        finally:
            admin.execute("DROP ROLE stranger")


def test_concurrent_calls_are_serialised(server: Server) -> None:
    """Processes and threads at once, on one database and on another, which shares the server's roles."""
    databases = [server.create() for _ in range(2)]
    try:
        with ProcessPoolExecutor(2, get_context("spawn")) as processes, ThreadPoolExecutor(2) as threads:
            there = processes.map(migrate, databases)
            reached = [*threads.map(migrate, databases), *there]
        assert len(reached) == 4
        assert len(set(reached)) == 1
        assert schema_of(databases[0]) == schema_of(databases[1])
    finally:
        for urls in databases:
            server.drop(urls)


def test_newer_database_is_refused_and_left_alone(migrated: DatabaseUrls) -> None:
    with psycopg.connect(migrated.maintenance) as connection:
        connection.execute("UPDATE public.tillkeeper_schema_version SET version_num = '9999'")
    before = schema_of(migrated)
    with pytest.raises(DatabaseTrouble) as caught:
        migrate(migrated)
    assert caught.value.code == "database_newer_than_program"
    assert caught.value.data["database"] == "9999"
    assert schema_of(migrated) == before


def test_interrupted_migration_leaves_nothing(empty: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    before = schema_of(empty)
    with monkeypatch.context() as patch:
        patch.setattr("sync_server.database.migrate._secure_database", cut)
        with pytest.raises(KeyboardInterrupt):
            migrate(empty)
    assert schema_of(empty) == before
    migrate(empty)
    assert len(schema_of(empty)) > len(before)


def test_role_without_rights_is_told_so(any_server: Server) -> None:
    urls = any_server.create()
    weak = sql.Identifier(f"weak_{name_of(urls)}")
    try:
        with psycopg.connect(any_server.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'weak'").format(weak))
        login = psycopg.conninfo.make_conninfo(urls.maintenance, user=f"weak_{name_of(urls)}", password="weak")
        with pytest.raises(DatabaseTrouble) as caught:
            migrate(DatabaseUrls(login, urls.app))
        assert caught.value.code == "database_role_unusable"
    finally:
        any_server.drop(urls)
        with psycopg.connect(any_server.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP ROLE {}").format(weak))


def test_ids_are_version_7_sorted_and_unique(migrated: DatabaseUrls) -> None:
    with psycopg.connect(migrated.app) as connection:
        before = time.time()
        rows = connection.execute("SELECT app.new_id() FROM generate_series(1, 20000)").fetchall()
        after = time.time()
    ids: list[UUID] = [row[0] for row in rows]
    assert len(set(ids)) == len(ids)
    assert {(made.version, made.variant) for made in ids} == {(7, "specified in RFC 4122")}
    seconds = [(made.int >> 80) / 1000 for made in ids]
    assert before - 1 < seconds[0] <= seconds[-1] < after + 1
    # Ids made a quarter of a microsecond or more apart sort by time: the fraction of the millisecond counts.
    fractions = [(made.int >> 80) * 4096 + (made.int >> 64 & 0xFFF) for made in ids]
    assert fractions == sorted(fractions)
    assert len({made.int >> 64 & 0xFFF for made in ids}) > 100
    assert len({made.int & (1 << 62) - 1 for made in ids}) == len(ids)
