"""Backups: what a noted one holds, who may say so, what tills hear of it, and the alarm when nobody does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet import terminals
from sync_server.jobs.upkeep import watch_backups
from sync_server.ledger import backups
from tests.sync_server import hq
from tests.sync_server.till import FakeTill, rows, value

pytestmark = pytest.mark.anyio
Owner = psycopg.Connection[tuple[Any, ...]]
OPERATOR = Claims(UUID(int=1), "platform")


async def note(pool: Pool, ago: timedelta = timedelta(0), claims: Claims = OPERATOR) -> dict[str, Any]:
    async with transaction(pool, claims) as connection:
        at: datetime = await value(pool, "SELECT app.now_utc()")
        return await backups.note(connection, at - ago)


def recorded(owner: Owner, seq: int, ago: str) -> None:
    """Facts up to a place came so long ago."""
    owner.execute("UPDATE app.facts SET recorded_at = app.now_utc() - %s::interval WHERE seq <= %s", [ago, seq])


async def told(till: FakeTill) -> tuple[int, int, int]:
    """What a till hears by push, by pull and at HQ."""
    pushed = (await till.push([])).backed_up_through
    standing = (await terminals.standing(till.pool, till.identity)).backed_up_through
    return pushed, standing, await value(till.pool, "SELECT backed_up_seq FROM app.terminal_heads")


async def test_what_was_committed_before_is_in_it(till: FakeTill, owner: Owner) -> None:
    for _ in range(6):
        till.order()
    await till.push()
    assert await told(till) == (0, 0, 0), "nothing is in a backup that nobody has noted"
    recorded(owner, 4, "1 hour")
    assert (await note(till.pool))["tills"] == 1
    assert await told(till) == (4, 4, 4), "what came in the last minutes may have been committed after it began"
    # Another one brings the rest; an older one, and the same again, take nothing back.
    recorded(owner, 6, "30 minutes")
    assert (await note(till.pool, timedelta(minutes=31)))["tills"] == 0
    assert await told(till) == (4, 4, 4)
    assert (await note(till.pool, timedelta(minutes=1)))["tills"] == 1
    assert (await note(till.pool, timedelta(hours=2)))["outcome"] == "accepted"
    assert await told(till) == (6, 6, 6)
    noted = await rows(till.pool, "SELECT (data ->> 'tills')::int FROM audit.event_log WHERE event = 'backup_noted'")
    assert sorted(row[0] for row in noted) == [0, 0, 1, 1]


async def test_what_stands_aside_is_no_place_in_the_chain(till: FakeTill, owner: Owner) -> None:
    till.order()
    await till.push()
    other = FakeTill(till.pool, private=till.private, keys=till.keys)
    for _ in range(3):
        other.order()
    assert {result.reason for result in (await other.push()).results} == {"fork"}
    recorded(owner, 9, "1 hour")
    await note(till.pool)
    assert (await till.push([])).backed_up_through == 1
    assert (await other.push()).backed_up_through == 0, "another history is told of no backup"


async def test_a_restored_database_says_what_it_knows(till: FakeTill, owner: Owner) -> None:
    """The newest backup cannot know that it was noted: the number goes back with the database, and tills follow."""
    for _ in range(3):
        till.order()
    await till.push()
    recorded(owner, 3, "1 hour")
    await note(till.pool, timedelta(minutes=1))
    owner.execute("UPDATE app.terminal_heads SET backed_up_seq = 2")  # as the copy has it
    owner.execute("DELETE FROM app.backups")
    async with transaction(till.pool, PLATFORM) as connection:
        await connection.execute("SELECT app.begin_epoch(1::smallint)")
    assert await told(till) == (2, 2, 2)


async def test_who_may_say_so(till: FakeTill) -> None:
    await hq.employ(till.pool)
    pool = till.pool
    assert (await note(pool, claims=hq.HQ))["outcome"] == "accepted"
    async with transaction(pool, hq.HQ) as connection:
        found = await backups.newest(connection)
    assert found is not None
    assert found.name == "Hq"
    for claims in (hq.OWNER, hq.FINANCE, hq.SUPPORT, hq.AUDITOR):
        assert (await note(pool, claims=claims))["code"] == "permission_missing"
        async with transaction(pool, claims) as connection:
            assert await backups.newest(connection) is None
    for claims in (Claims(UUID(int=5), "member"), Claims(UUID(till.terminal_id), "terminal", [hq.MERCHANT])):
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            await note(pool, claims=claims)
    assert (await note(pool, -timedelta(minutes=1)))["code"] == "backup_time_invalid"
    assert await value(pool, "SELECT count(*) FROM app.backups") == 1


async def test_the_alarm_when_nobody_takes_backups(till: FakeTill, owner: Owner) -> None:
    async def alarms() -> list[str | None]:
        await watch_backups(till.pool)
        found = await rows(till.pool, "SELECT data ->> 'taken_at' FROM audit.event_log WHERE event = 'backup_missing'")
        return [row[0] for row in found]

    assert await alarms() == [], "the database is young"
    owner.execute("UPDATE app.epochs SET started_at = started_at - interval '8 days'")
    assert await alarms() == [None]
    assert await alarms() == [None], "said once"
    owner.execute("UPDATE audit.event_log SET recorded_at = recorded_at - interval '8 days'")
    await note(till.pool)
    assert await alarms() == [None]
    owner.execute("UPDATE app.backups SET taken_at = taken_at - interval '8 days'")
    assert len(await alarms()) == 2
