"""The audit rows in a chain: nothing is skipped, nobody forks it, a till that holds a head sees a history rewritten."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from models.wire import SealHead, seal_message
from sync_server.catalogue.policies import publish_keys
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.jobs.clockwork import seal
from sync_server.keys import Keyring, KeysTrouble, new_keyring
from sync_server.ledger import months, seals
from sync_server.reports import invariants
from tests.sync_server.till import FakeTill, as_owner, build_shop, rows, value

pytestmark = [pytest.mark.anyio, pytest.mark.req("R039")]
KEYS = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
Owner = psycopg.Connection[tuple[Any, ...]]


def now() -> datetime:
    return datetime.now(UTC)


def note(connection: Owner, count: int = 1, event: str = "noted") -> None:
    connection.execute(
        "SELECT app.note_event(1::smallint, %s, 'info', NULL, NULL, NULL, NULL, '{}') FROM generate_series(1, %s)",
        [event, count],
    )


async def head(pool: Pool) -> SealHead | None:
    async with transaction(pool) as connection:
        return await seals.newest_head(connection)


async def sealed(pool: Pool) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in await rows(pool, "SELECT seal_no, row_count FROM audit.seals ORDER BY 1")]


async def publish(pool: Pool) -> None:
    async with transaction(pool, PLATFORM) as connection:
        await publish_keys(connection, KEYS)


async def broken(pool: Pool) -> str:
    found = (await invariants.check(pool))["8"]
    return found.details if found.state == "broken" else ""


async def test_nothing_to_seal_makes_no_seal(pool: Pool) -> None:
    await seal(pool, KEYS, now)
    assert await sealed(pool) == []
    assert await head(pool) is None


async def test_a_head_is_signed_by_the_server(pool: Pool, owner: Owner) -> None:
    note(owner, 3)
    await seal(pool, KEYS, now)
    found = await head(pool)
    assert found is not None
    assert seals.is_ours(KEYS, found)
    assert KEYS.verify(found.key_id, seal_message(found), base64.b64decode(found.signature))
    assert (found.seal_no, found.epoch) == (1, await value(pool, "SELECT app.current_epoch()"))
    assert await sealed(pool) == [(1, 3)]
    for spoilt in (
        replace(found, seal_no=2),
        replace(found, epoch="other"),
        replace(found, hash="00" * 32),
        replace(found, hash="nonsense"),
        replace(found, signature="nonsense"),
        replace(found, sealed_at=now()),
    ):
        assert not seals.is_ours(KEYS, spoilt)


async def test_a_late_commit_is_not_skipped(pool: Pool, owner: Owner, database: DatabaseUrls) -> None:
    """Rows of a transaction that still runs stay out, and those of younger ones with it; then all come in."""
    note(owner)
    with as_owner(database) as slow:
        slow.execute("BEGIN")
        note(slow, event="late")
        note(owner, 2, event="younger")
        await seal(pool, KEYS, now)
        assert await sealed(pool) == [(1, 1)]
        await seal(pool, KEYS, now)
        assert await sealed(pool) == [(1, 1)]
        slow.execute("COMMIT")
    await seal(pool, KEYS, now)
    assert await sealed(pool) == [(1, 1), (2, 3)]
    await publish(pool)
    assert await broken(pool) == ""


async def test_a_long_reader_does_not_hold_sealing_up(pool: Pool, owner: Owner, database: DatabaseUrls) -> None:
    note(owner)
    with as_owner(database) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM audit.event_log")
        note(owner)
        await seal(pool, KEYS, now)
        assert await sealed(pool) == [(1, 2)]


async def test_a_backlog_is_worked_off_in_steps(pool: Pool, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded, but a transaction stays in one seal however many rows it has."""
    monkeypatch.setattr(seals, "ROWS_PER_SEAL", 4)
    for count in (1, 1, 1, 7, 2, 1):
        note(owner, count)
    assert await seals.seal_once(pool, KEYS, now())
    assert await sealed(pool) == [(1, 3)]
    await seal(pool, KEYS, now)
    assert await sealed(pool) == [(1, 3), (2, 7), (3, 3)]


async def test_many_servers_make_one_chain(pool: Pool, owner: Owner, database: DatabaseUrls) -> None:
    async def work() -> None:
        for _ in range(15):
            await asyncio.to_thread(note, owner)
            await seals.seal_once(pool, KEYS, now())

    await asyncio.gather(*(work() for _ in range(4)))
    await seal(pool, KEYS, now)
    assert sum(count for _, count in await sealed(pool)) == 60
    await publish(pool)
    assert await broken(pool) == ""


class NoKey(Keyring):
    """Keys of which none is in force yet."""

    def __init__(self) -> None:
        super().__init__({"data": [], "blind_index": [], "signing": []}, {})


async def test_without_a_key_nothing_is_sealed_until_there_is_one(pool: Pool, owner: Owner) -> None:
    note(owner)
    with pytest.raises(KeysTrouble):
        await seals.seal_once(pool, NoKey(), now())
    assert await sealed(pool) == []
    await seal(pool, KEYS, now)
    assert await sealed(pool) == [(1, 1)]


async def test_a_seal_without_signature_is_signed_by_the_next_run(pool: Pool, owner: Owner) -> None:
    note(owner)
    async with transaction(pool, PLATFORM) as connection:
        await connection.execute("SELECT app.seal_events(1::smallint, 100)")
    assert await head(pool) is None
    await seal(pool, KEYS, now)
    found = await head(pool)
    assert found is not None
    assert found.seal_no == 1
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute("SELECT app.sign_seal(1::smallint, 1, 'other', sha512(''))")
        assert await cursor.fetchone() == (False,)
    assert await head(pool) == found


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT app.seal_events(1::smallint, 100)",
        "SELECT app.sign_seal(1::smallint, 1, 'k', sha512(''))",
        "SELECT app.begin_epoch(1::smallint)",
        "SELECT app.notice_restore(1::smallint)",
        "SELECT app.keep_months()",
        "SELECT app.month_gaps()",
        "SELECT app.alarm_month_gaps(1::smallint)",
        "SELECT app.write_checkpoints(1::smallint, '2026-01-01')",
        "SELECT app.vouch_for_seal(1::smallint, 1, 'e', sha256(''))",
    ],
)
@pytest.mark.parametrize("claims", [None, Claims(None, "staff"), Claims(None, "member"), Claims(None, "terminal")])
async def test_nobody_else_may(pool: Pool, statement: str, claims: Claims | None) -> None:
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        async with transaction(pool, claims) as connection:
            await connection.execute(statement.encode())


# What tills hold ------------------------------------------------------------------------------------------------


@pytest.fixture
async def till(pool: Pool) -> FakeTill:
    """A till with a sale, and the audit rows sealed."""
    await build_shop(pool)
    paired = await FakeTill(pool, keys=KEYS).pair()
    paired.order()
    await paired.push()
    await seal(pool, KEYS, now)
    return paired


async def alarms(pool: Pool) -> list[str]:
    found = await rows(pool, "SELECT event FROM audit.event_log WHERE severity = 'alarm' ORDER BY recorded_at")
    return [row[0] for row in found]


async def test_a_push_brings_the_newest_head_and_takes_it_back(till: FakeTill) -> None:
    answer = await till.push([])
    assert answer.seal is not None
    assert answer.seal == await head(till.pool)
    await till.push([], seal=answer.seal)
    kept = await rows(till.pool, "SELECT vouched_seal_no, encode(vouched_hash, 'hex') FROM app.terminal_heads")
    assert kept == [(answer.seal.seal_no, answer.seal.hash)]
    assert await alarms(till.pool) == []
    assert await broken(till.pool) == ""


async def test_a_rewritten_history_is_found_by_what_a_till_holds(till: FakeTill, owner: Owner) -> None:
    """The owner changes a row and makes the whole chain anew: the server signs it, and a till knows better."""
    held = (await till.push([])).seal
    owner.execute("UPDATE audit.event_log SET subject = 'ZF1' WHERE event = 'posted.order_paid'")
    owner.execute("DELETE FROM audit.seals")
    await seal(till.pool, KEYS, now)
    assert await broken(till.pool) == ""
    await till.push([], seal=held)
    assert await alarms(till.pool) == ["audit_rewritten"]
    assert "holds seal 1" in await broken(till.pool)
    # Said once for one head; and a good head that comes later does not make it undone.
    await till.push([], seal=held)
    await seal(till.pool, KEYS, now)
    newer = (await till.push([])).seal
    await till.push([], seal=newer)
    assert await alarms(till.pool) == ["audit_rewritten"]
    assert "holds seal 1" in await broken(till.pool)


async def test_a_head_cut_off_is_found(till: FakeTill, owner: Owner) -> None:
    held = (await till.push([])).seal
    owner.execute("DELETE FROM audit.seals")
    await till.push([], seal=held)
    assert await alarms(till.pool) == ["audit_rewritten"]


async def test_a_head_that_is_not_ours_vouches_for_nothing_and_alarms(till: FakeTill) -> None:
    held = (await till.push([])).seal
    assert held is not None
    await till.push([], seal=replace(held, hash="00" * 32))
    assert await alarms(till.pool) == ["seal_forged"]
    assert await value(till.pool, "SELECT count(vouched_seal_no) FROM app.terminal_heads") == 0


async def test_a_restore_may_lose_a_head(till: FakeTill, owner: Owner) -> None:
    """In a new epoch a head of the lost window is listed for HQ; it is not called a rewritten history."""
    lost = (await till.push([])).seal
    owner.execute("DELETE FROM audit.seals")  # the restore went behind it
    async with transaction(till.pool, PLATFORM) as connection:
        await connection.execute("SELECT app.begin_epoch(1::smallint)")
    await seal(till.pool, KEYS, now)
    fresh = (await till.push([], seal=lost)).seal
    assert await alarms(till.pool) == ["epoch_began", "audit_head_lost"]
    assert await broken(till.pool) == ""
    assert fresh is not None
    assert lost is not None
    assert fresh.epoch != lost.epoch
    await till.push([], seal=fresh)
    assert await value(till.pool, "SELECT vouched_epoch FROM app.terminal_heads") == fresh.epoch


async def test_a_dump_restored_elsewhere_begins_a_new_life(till: FakeTill, owner: Owner) -> None:
    """There transaction numbers begin anew: new rows would lie below what is sealed, and the feed would stop."""
    assert await months.notice_restore(till.pool) is None
    await till.push([])
    for table in ("audit.event_log", "app.change_log"):
        owner.execute(f"UPDATE {table} SET xid = (xid::text::bigint + 1000000)::text::xid8")
    owner.execute("DELETE FROM audit.seals")
    epoch = await months.notice_restore(till.pool)
    assert epoch == await value(till.pool, "SELECT app.current_epoch()")
    assert await months.notice_restore(till.pool) is None
    till.order()
    await till.push()
    await seal(till.pool, KEYS, now)
    lives = await rows(till.pool, "SELECT life, epoch FROM audit.seals ORDER BY seal_no")
    assert [life for life, _ in lives] == [1, 2]
    assert lives[1][1] == epoch
    assert await value(till.pool, "SELECT count(*) FROM app.change_log WHERE xid >= pg_current_xact_id()") == 0
    assert await broken(till.pool) == ""
