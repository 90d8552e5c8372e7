"""Call the ledger's doors as somebody: principals of the world's shop, their acts, and rivals at one moment."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, LiteralString
from uuid import UUID, uuid4

import pytest

from sync_server.database.engine import Claims, Connection, Pool, retrying, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.ledger.units import Act
from tests.sync_server import world
from tests.sync_server.till import MEMBER, OTHER_MEMBER, rows, value

Outcome = dict[str, Any]
Door = Callable[..., Awaitable[Outcome]]

OPERATOR = Claims(UUID("0f100000-0000-7000-8000-000000000001"), "platform")
COLLEAGUE = Claims(UUID("0f100000-0000-7000-8000-000000000002"), "platform")
STAFF = Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)])
OTHER_STAFF = Claims(UUID("0f100000-0000-7000-8000-000000000003"), "staff", [UUID(world.OTHER_MERCHANT)])
TERMINAL = Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)])
SECOND_TERMINAL = Claims(UUID(world.SECOND_TERMINAL), "terminal", [UUID(world.MERCHANT)])
OTHER_TERMINAL = Claims(UUID(world.OTHER_TERMINAL), "terminal", [UUID(world.OTHER_MERCHANT)])
MEMBER_CLAIMS, OTHER_MEMBER_CLAIMS = Claims(UUID(MEMBER), "member"), Claims(UUID(OTHER_MEMBER), "member")
NOBODY = "0f100000-0000-7000-8000-0000000000ff"

DENIED = "database_permission_denied"


def act(key: str | None = None, content: object = "content") -> Act:
    """An act of its own; the same key and content make the same act."""
    return Act(key or str(uuid4()), hashlib.sha256(repr(content).encode()).digest())


async def ask(pool: Pool, claims: Claims | None, door: Door, *values: Any, act: Act | None = None) -> Outcome:
    """One call in a transaction of its own; conflicts are tried again, as the program does."""

    async def once() -> Outcome:
        async with transaction(pool, claims) as connection:
            return await door(connection, act or own, *values)

    own = Act(str(uuid4()), hashlib.sha256(repr(values).encode()).digest())
    return await retrying(once)


async def denied(pool: Pool, claims: Claims | None, door: Door, *values: Any) -> None:
    """The call is no business of this principal, and leaves nothing."""
    before = await written(pool)
    with pytest.raises(DatabaseTrouble, match=DENIED):
        await ask(pool, claims, door, *values)
    assert await written(pool) == before


async def refused(pool: Pool, claims: Claims, door: Door, *values: Any) -> tuple[str, Outcome]:
    """Ask twice under one key: the same refusal, no entry, one audit row. Returns its code and data."""
    own = act()
    before = await entries(pool)
    first = await ask(pool, claims, door, *values, act=own)
    assert await ask(pool, claims, door, *values, act=own) == first
    assert (first["outcome"], await entries(pool)) == ("refused", before), first
    assert await audited(pool, "refused", own.key) == 1
    return first["code"], first["data"]


async def accepted(pool: Pool, claims: Claims, door: Door, *values: Any) -> Outcome:
    """Ask twice under one key: done once, the same answer; other content is refused and the alarm raised; another
    principal's key is another key and is left alone."""
    own = act()
    first = await ask(pool, claims, door, *values, act=own)
    assert first["outcome"] == "accepted", first
    before = await entries(pool)
    assert await ask(pool, claims, door, *values, act=own) == first
    other = await ask(pool, claims, door, *values, act=act(own.key, "other content"))
    assert (other["outcome"], other["code"]) == ("refused", "content_differs")
    assert await audited(pool, "content_differs", own.key) == 1
    assert await entries(pool) == before
    return first


async def at_once(*calls: Awaitable[Outcome]) -> list[Outcome]:
    """Several callers at one moment, each on a connection of its own."""
    return list(await asyncio.gather(*calls))


async def know(pool: Pool, *members: str) -> None:
    """The world's merchant has dealt with these members before."""
    async with transaction(pool, OPERATOR) as connection:
        for member in members:
            await connection.execute(_KNOW, [member, world.MERCHANT])


_KNOW: LiteralString = "SELECT app.know_member(%s, %s)"


async def entries(pool: Pool) -> int:
    """How many entries there are."""
    found: int = await value(pool, "SELECT count(*) FROM app.entries")
    return found


async def written(pool: Pool) -> list[tuple[Any, ...]]:
    """How much the ledger has written."""
    return await rows(
        pool,
        "SELECT (SELECT count(*) FROM app.entries), (SELECT count(*) FROM app.transactions),"
        " (SELECT count(*) FROM app.idempotency_registry), (SELECT count(*) FROM audit.event_log)",
    )


async def audited(pool: Pool, event: str, subject: str) -> int:
    """How many audit rows of this event have this subject."""
    found: int = await value(
        pool, "SELECT count(*) FROM audit.event_log WHERE event = %s AND subject = %s", event, subject
    )
    return found


async def held(pool: Pool, owner_id: str, bucket: str) -> int:
    """What an owner holds in a bucket."""
    found: int = await value(
        pool,
        "SELECT coalesce(sum(balance), 0)::bigint FROM app.accounts WHERE guarded AND owner_id = %s AND bucket = %s",
        owner_id,
        bucket,
    )
    return found


async def run(pool: Pool, claims: Claims, work: Callable[[Connection], Awaitable[Any]]) -> Any:
    """Something else in a transaction of its own."""
    async with transaction(pool, claims) as connection:
        return await work(connection)
