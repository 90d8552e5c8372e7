"""Open the database for the program: the pool of its own login, claims per transaction, bounded retries.

Rules: the program logs in as `tillkeeper_app` only. Every connection speaks UTC (requirement R085) and
refuses a datetime without a zone (R086). Claims live in one transaction and never leak into the next.
Not here: schema changes, which use the maintenance login (migrate).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import sqlalchemy
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.datetime import DatetimeDumper
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.pool import NullPool

from sync_server.database.errors import DatabaseTrouble, translated

MINIMUM_SERVER_VERSION = 15_00_00

Connection = AsyncConnection[tuple[Any, ...]]
Result = TypeVar("Result")
Pool = AsyncConnectionPool[Connection]


class AwareDatetimeDumper(DatetimeDumper):
    """Sends aware datetimes only; a naive one is a bug and raises ValueError."""

    def upgrade(self, obj: datetime, format: psycopg.adapt.PyFormat) -> AwareDatetimeDumper:  # noqa: ARG002
        """Called by the driver with the value to send."""
        if obj.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return self


@dataclass(frozen=True)
class Claims:
    """Who the current transaction acts for, verified by the door that took the request.

    `role` is the kind of principal in the sense of the read policies, for example `member`, `staff`,
    `terminal`, `platform`; `merchant_ids` are the merchants it may see.
    """

    principal_id: UUID | None
    role: str
    merchant_ids: Collection[UUID] = ()


PLATFORM = Claims(None, "platform")
"""The operator's own work: seeds, command line, keys, upkeep."""


def connect_options(application_name: str, statement_timeout_seconds: float) -> dict[str, str]:
    """Parameters that fix the session from its first moment, without a further round trip."""
    timeout_milliseconds = round(statement_timeout_seconds * 1000)
    return {
        "application_name": application_name,
        "connect_timeout": "10",
        "client_encoding": "UTF8",
        "options": f"-c timezone=UTC -c datestyle=ISO -c statement_timeout={timeout_milliseconds} "
        f"-c idle_in_transaction_session_timeout={2 * timeout_milliseconds}",
    }


@asynccontextmanager
async def open_pool(
    app_url: str,
    *,
    application_name: str = "sync-server",
    min_size: int = 2,
    max_size: int = 10,
    wait_seconds: float = 10.0,
    statement_timeout_seconds: float = 15.0,
) -> AsyncIterator[Pool]:
    """The program's pool, in autocommit: a lone function call is one round trip and one transaction.

    Raises `DatabaseTrouble` at once when the database cannot be reached or refuses the login.
    """
    conninfo = make_conninfo(app_url, **connect_options(application_name, statement_timeout_seconds))
    with translated():
        async with await AsyncConnection.connect(conninfo) as first:
            _require_version(first.info.server_version)
    pool: Pool = AsyncConnectionPool(
        conninfo,
        kwargs={"autocommit": True},
        min_size=min_size,
        max_size=max_size,
        timeout=wait_seconds,
        max_waiting=max_size * 50,  # bounded: beyond it a request is told to come back
        configure=_configure,
        open=False,
        name=application_name,
    )
    async with pool:
        yield pool


async def _configure(connection: Connection) -> None:
    connection.adapters.register_dumper(datetime, AwareDatetimeDumper)


@asynccontextmanager
async def transaction(pool: Pool, claims: Claims | None = None) -> AsyncIterator[Connection]:
    """One transaction on a connection of the pool, acting for `claims`; driver errors become trouble."""
    async with lone(pool) as connection, connection.transaction():
        if claims is not None:
            await as_claims(connection, claims)
        yield connection


async def as_claims(connection: Connection, claims: Claims) -> None:
    """Set what the read policies and `auth.uid()` see, until the end of the open transaction."""
    if connection.info.transaction_status is not TransactionStatus.INTRANS:
        raise RuntimeError("claims need an open transaction, else they are lost at once")
    await connection.execute(
        "SELECT set_config('tillkeeper.principal_id', %s, true), set_config('tillkeeper.role', %s, true),"
        " set_config('tillkeeper.merchant_ids', %s, true)",
        [_principal(claims), claims.role, _merchants(claims)],
    )


def _principal(claims: Claims) -> str:
    return "" if claims.principal_id is None else str(claims.principal_id)


def _merchants(claims: Claims) -> str:
    return "{" + ",".join(str(merchant) for merchant in claims.merchant_ids) + "}"


async def call(pool: Pool, claims: Claims, function: LiteralString, values: Sequence[object]) -> Any:
    """Call one SQL function for `claims` as a transaction of its own, in a single round trip; return its value.

    The commit is not waited for: its locks go at once, so that rivals for one account queue for the work and not for
    the disk. Nothing may be told to anybody before `settled`.
    """
    claimed = [_principal(claims), claims.role, _merchants(claims)]
    async with lone(pool) as connection:
        cursor = await connection.execute(_CALL.format(sql.SQL(function)), [*claimed, *values])
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function call returns one row
    return row[0]


_CALL = sql.SQL(
    "WITH claims AS MATERIALIZED (SELECT set_config('tillkeeper.principal_id', %s, true),"
    " set_config('tillkeeper.role', %s, true), set_config('tillkeeper.merchant_ids', %s, true),"
    " set_config('synchronous_commit', 'off', true)) SELECT {} FROM claims"
)


@asynccontextmanager
async def lone(pool: Pool) -> AsyncIterator[Connection]:
    """A connection on which each statement is a transaction of its own; driver errors become trouble."""
    try:
        with translated():
            async with pool.connection() as connection:
                yield connection
    except DatabaseTrouble as trouble:
        if trouble.code == "database_unavailable":
            await pool.check()  # a restarted server broke them all: replace them now, not one request each
        raise


class _Flush:
    """The next write-out of the log, which everybody who asks meanwhile waits for together."""

    def __init__(self) -> None:
        self._next: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def wait(self, pool: Pool) -> None:
        """Return when everything committed before this call is on disk, and at the standby where one is waited for."""
        if self._next is None:
            self._next = asyncio.create_task(self._write_out(pool))
        await asyncio.shield(self._next)

    async def _write_out(self, pool: Pool) -> None:
        async with self._turn:
            self._next = None  # who comes from now on may have committed too late for this one
            async with lone(pool) as connection:
                await connection.execute("SELECT pg_logical_emit_message(true, 'tillkeeper', '')")


_FLUSHES: WeakKeyDictionary[Pool, _Flush] = WeakKeyDictionary()


async def settled(pool: Pool) -> None:
    """Wait until all that is committed is durable: before an answer says so to anybody (docs/decisions/0011)."""
    await _FLUSHES.setdefault(pool, _Flush()).wait(pool)


async def retrying(work: Callable[[], Awaitable[Result]], *, tries: int = 5, also_unavailable: bool = False) -> Result:
    """Run `work` (a whole transaction) again after a deadlock or serialization failure, at most `tries` times.

    `also_unavailable` repeats after a lost connection too. Its commit may have happened: only for work that
    carries an idempotency key. Waits double from 10 ms, with chance, so that rivals part.
    """
    repeatable = {"database_conflict", "database_unavailable"} if also_unavailable else {"database_conflict"}
    for turn in range(tries - 1):
        try:
            with translated():
                return await work()
        except DatabaseTrouble as trouble:
            if trouble.code not in repeatable:
                raise
        await asyncio.sleep(0.01 * 2**turn * (0.5 + random.random()))  # noqa: S311 - no secret
    with translated():
        return await work()


def maintenance_engine(maintenance_url: str) -> sqlalchemy.Engine:
    """SQLAlchemy on the maintenance login, for migrations and schema work; no pool, no statement limit."""
    conninfo = make_conninfo(maintenance_url, **connect_options("tillkeeper-maintenance", 0))

    def connect() -> psycopg.Connection[tuple[Any, ...]]:
        with translated():
            connection = psycopg.connect(conninfo)
        _require_version(connection.info.server_version)
        return connection

    return sqlalchemy.create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)


def _require_version(found: int) -> None:
    if found < MINIMUM_SERVER_VERSION:
        raise DatabaseTrouble("database_server_too_old", found=found // 10_000)
