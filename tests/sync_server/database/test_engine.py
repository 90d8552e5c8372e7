"""The pool, claims, and retries, on a real server."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from sync_server.database import engine
from sync_server.database.engine import (
    Claims,
    Connection,
    Pool,
    _require_version,
    as_claims,
    open_pool,
    retrying,
    transaction,
)
from sync_server.database.errors import ADVICE, DatabaseTrouble
from sync_server.database.urls import DatabaseUrls, urls_from

pytestmark = pytest.mark.anyio
NAIVE = datetime(2026, 11, 21, 8, tzinfo=UTC).replace(tzinfo=None)


async def one(connection: Connection, query: str) -> tuple[object, ...] | None:
    cursor = await connection.execute(query)
    return await cursor.fetchone()


@pytest.mark.req("R084", "R085")
async def test_session_speaks_utc_with_microseconds(pool: Pool) -> None:
    async with transaction(pool) as connection:
        cursor = await connection.execute("SELECT current_setting('TimeZone'), app.now_utc(), current_user::text")
        row = await cursor.fetchone()
    assert row is not None
    assert (row[0], row[2]) == ("UTC", "tillkeeper_app")
    assert row[1].utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - row[1]) < timedelta(minutes=1)


@pytest.mark.req("R086")
async def test_naive_datetime_is_refused_and_other_zones_become_utc(pool: Pool) -> None:
    shenzhen = datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT %s::timestamptz", [shenzhen])
        row = await cursor.fetchone()
        assert row == (datetime(2026, 11, 21, 0, 0, 0, 123456, tzinfo=UTC),)
        with pytest.raises(ValueError, match="time zone"):
            await connection.execute("SELECT %s::timestamptz", [NAIVE])
        with pytest.raises(ValueError, match="time zone"):
            await connection.execute("SELECT %s::timestamptz[]", [[NAIVE]])


async def test_claims_live_in_one_transaction(database: DatabaseUrls) -> None:
    claims = Claims(uuid4(), "staff", [uuid4(), uuid4()])
    question = "SELECT auth.uid(), auth.role(), auth.merchant_ids()"
    async with open_pool(database.app, min_size=1, max_size=1) as single:  # always the same session
        async with transaction(single, claims) as connection:
            assert await one(connection, question) == (claims.principal_id, "staff", list(claims.merchant_ids))
        async with transaction(single) as connection:
            assert await one(connection, question) == (None, None, [])
        async with transaction(single, Claims(None, "guest")) as connection:
            assert await one(connection, question) == (None, "guest", [])


async def test_claims_outside_a_transaction_are_a_bug(pool: Pool) -> None:
    async with pool.connection() as connection:
        with pytest.raises(RuntimeError, match="transaction"):
            await as_claims(connection, Claims(uuid4(), "staff"))


async def test_a_bug_is_not_hidden_as_trouble_and_rolls_back(pool: Pool) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        async with transaction(pool) as connection:
            await connection.execute("SELECT * FROM app.no_such_table")
    async with transaction(pool) as connection:
        assert await one(connection, "SELECT 1") == (1,)


@pytest.mark.req("R079")
async def test_program_may_not_act_as_owner_or_make_things(pool: Pool) -> None:
    for attempt in (
        "SET ROLE tillkeeper_owner",
        "CREATE TABLE app.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
        "CREATE ROLE friend",
        "UPDATE public.tillkeeper_schema_version SET version_num = 'x'",
        "CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$",
    ):
        with pytest.raises(DatabaseTrouble) as caught:
            async with transaction(pool) as connection:
                await connection.execute(attempt)
        assert caught.value.code == "database_permission_denied", attempt


async def test_deadlock_is_tried_again(database: DatabaseUrls, pool: Pool) -> None:
    with psycopg.connect(database.maintenance, autocommit=True) as owner:
        owner.execute("CREATE TABLE app.box (id int PRIMARY KEY, n int NOT NULL)")
        owner.execute("INSERT INTO app.box VALUES (1, 0), (2, 0)")
        owner.execute("GRANT SELECT, UPDATE ON app.box TO tillkeeper_app")
    tries = 0

    async def add(first: int, second: int) -> None:
        nonlocal tries
        tries += 1
        async with transaction(pool) as connection:
            await connection.execute("UPDATE app.box SET n = n + 1 WHERE id = %s", [first])
            await asyncio.sleep(0.2 if tries <= 2 else 0)  # both hold their first row
            await connection.execute("UPDATE app.box SET n = n + 1 WHERE id = %s", [second])

    await asyncio.gather(retrying(lambda: add(1, 2)), retrying(lambda: add(2, 1)))
    assert tries == 3
    async with transaction(pool) as connection:
        assert await one(connection, "SELECT array_agg(n) FROM app.box") == ([2, 2],)


async def test_tries_are_bounded_and_other_trouble_is_not_repeated() -> None:
    seen: list[str] = []

    async def fail(code: str) -> None:
        seen.append(code)
        raise DatabaseTrouble(code)

    with pytest.raises(DatabaseTrouble):
        await retrying(lambda: fail("database_conflict"), tries=3)
    with pytest.raises(DatabaseTrouble):
        await retrying(lambda: fail("database_unavailable"), tries=3)
    assert seen == ["database_conflict"] * 3 + ["database_unavailable"]
    with pytest.raises(DatabaseTrouble):
        await retrying(lambda: fail("database_unavailable"), tries=2, also_unavailable=True)
    assert seen[4:] == ["database_unavailable"] * 2


async def test_slow_statement_and_exhausted_pool_have_their_own_codes(database: DatabaseUrls) -> None:
    async with open_pool(
        database.app, min_size=1, max_size=1, wait_seconds=0.1, statement_timeout_seconds=0.2
    ) as small:
        with pytest.raises(DatabaseTrouble, match="database_timeout"):
            async with transaction(small) as connection:
                await connection.execute("SELECT pg_sleep(5)")
        async with transaction(small):
            with pytest.raises(DatabaseTrouble, match="database_busy"):
                async with transaction(small):
                    pass
        async with transaction(small) as connection:  # and the connection is still good
            assert await one(connection, "SELECT 1") == (1,)


async def test_unreachable_and_refused_logins_are_told_apart(database: DatabaseUrls) -> None:
    nowhere = make_conninfo("", host="127.0.0.1", port="1", user="x", dbname="x", password="hidden-word")
    for url, code in (
        (make_conninfo(database.app, password="wrong"), "database_password_refused"),
        (nowhere, "database_unavailable"),
    ):
        with pytest.raises(DatabaseTrouble) as caught:
            async with open_pool(url):
                pass
        assert caught.value.code == code
        assert "hidden-word" not in str(caught.value)


def test_urls_keep_the_server_and_change_the_login() -> None:
    urls = urls_from("postgresql+psycopg://boss:secret@db.example:5433/shop?sslmode=require", "word")
    app = psycopg.conninfo.conninfo_to_dict(urls.app)
    assert (app["user"], app["password"], app["host"], app["sslmode"]) == (
        "tillkeeper_app",
        "word",
        "db.example",
        "require",
    )
    assert "secret" not in repr(urls)
    for wrong in ("mysql://x", "postgresql://[::1", "not a url"):
        with pytest.raises(DatabaseTrouble, match="database_url_invalid"):
            urls_from(wrong, "word")


def test_old_servers_are_refused() -> None:
    _require_version(15_00_00)
    with pytest.raises(DatabaseTrouble, match="database_server_too_old"):
        _require_version(14_00_12)


def test_every_trouble_has_advice() -> None:
    package = Path(engine.__file__).parent
    used = {code for file in package.glob("*.py") for code in re.findall(r'"(database_\w+)"', file.read_text())}
    assert used == set(ADVICE)
    assert "Free some space" in str(DatabaseTrouble("database_disk_full", folder="/x"))
