"""Months: the edge of one, a partition that is missing, checkpoints that a balance is proven from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sync_server.database.engine import Pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.jobs.upkeep import before_serving, keep_months, keep_partitions
from sync_server.ledger import months
from sync_server.reports import invariants
from tests.sync_server.ledger.all_doors import KINDS, through_every_door
from tests.sync_server.ledger.cards import set_clock as stop_clock
from tests.sync_server.till import OWN, FakeTill, all_holds, as_owner, rows, value

pytestmark = pytest.mark.anyio
Owner = psycopg.Connection[tuple[Any, ...]]


def set_clock(owner: Owner, at: datetime) -> None:
    """From now on it is `at`, and time runs on from there."""
    ahead = (at - datetime.now(UTC)).total_seconds()
    owner.execute(
        "CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
        f" AS $$ SELECT statement_timestamp() + interval '{ahead} seconds' $$".encode()
    )


def first_of(moment: datetime, ahead: int) -> date:
    month = moment.year * 12 + moment.month - 1 + ahead
    return date(month // 12, month % 12 + 1, 1)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


THIS = first_of(datetime.now(UTC), 0)
NEXT = first_of(datetime.now(UTC), 1)
AFTER_NEXT = first_of(datetime.now(UTC), 2)


def name_of(parent: str, month: date) -> str:
    return f"app.{parent}_y{month:%Ym%m}"


async def where(pool: Pool, parent: str) -> dict[str, int]:
    """Rows by partition."""
    found = await rows(
        pool,
        f"SELECT tableoid::regclass::text, count(*) FROM app.{parent} GROUP BY 1",
    )
    return dict(found)


@pytest.mark.req("R026", "R040", "R049", "R073", "R076")
async def test_this_month_and_the_next_are_there_before_the_first_request(pool: Pool, owner: Owner) -> None:
    for month in (THIS, NEXT):
        for parent in ("transactions", "entries"):
            owner.execute(f"DROP TABLE IF EXISTS {name_of(parent, month)}".encode())
    missing = "SELECT count(*) FROM app.missing_partitions WHERE missing"
    assert await value(pool, missing) == 4
    await before_serving(pool)
    assert await value(pool, missing) == 0
    assert await months.keep_partitions(pool) == 0
    names = {row[0] for row in await rows(pool, "SELECT inhrelid::regclass::text FROM pg_inherits")}
    assert {name_of(parent, month) for parent in ("transactions", "entries") for month in (THIS, NEXT)} <= names


@pytest.mark.req("R049")
async def test_the_edge_of_a_month(till: FakeTill, owner: Owner) -> None:
    """A pass is sold in the last second of a month and used in the first of the next: one chain across both."""
    set_clock(owner, midnight(NEXT) - timedelta(seconds=30))
    sold = till.sell_pass()
    await till.push()
    set_clock(owner, midnight(NEXT) + timedelta(seconds=1))
    till.redeem(sold.pass_id, OWN)
    await till.push()
    counted = await where(till.pool, "transactions")
    assert (counted[name_of("transactions", THIS)], counted[name_of("transactions", NEXT)]) == (1, 1)
    await all_holds(till.pool)


@pytest.mark.req("R076", "R078")
async def test_a_missing_partition_loses_nothing(till: FakeTill, owner: Owner) -> None:
    """Two months on, nobody made partitions: rows wait in the default one, an alarm says so, upkeep moves them."""
    set_clock(owner, midnight(AFTER_NEXT) + timedelta(days=3))
    sold = till.sell_pass()
    till.order()
    await till.push()
    assert set(await where(till.pool, "transactions")) == {"app.transactions_default"}
    gaps = await rows(
        till.pool, "SELECT parent, missing, stray_rows > 0 FROM app.missing_partitions WHERE month = %s", AFTER_NEXT
    )
    assert sorted(gaps) == [("entries", True, True), ("transactions", True, True)]
    await all_holds(till.pool)
    before = await where(till.pool, "entries")

    await keep_partitions(till.pool)
    alarms = "SELECT count(*) FROM audit.event_log WHERE event = 'partition_missing' AND severity = 'alarm'"
    assert await value(till.pool, alarms) == 2
    assert set(await where(till.pool, "transactions")) == {name_of("transactions", AFTER_NEXT)}
    assert await where(till.pool, "entries") == {name_of("entries", AFTER_NEXT): before["app.entries_default"]}
    assert await value(till.pool, "SELECT count(*) FROM app.missing_partitions") == 0
    till.redeem(sold.pass_id, OWN)
    await till.push()
    await all_holds(till.pool)
    await keep_partitions(till.pool)
    assert await value(till.pool, alarms) == 2


@pytest.mark.req("R049", "R076", "R078")
@pytest.mark.parametrize(
    ("moment", "month"),
    [
        pytest.param(midnight(NEXT) - timedelta(microseconds=1), THIS, id="the last microsecond"),
        pytest.param(midnight(NEXT), NEXT, id="the first microsecond"),
        pytest.param(midnight(AFTER_NEXT), None, id="no partition"),
    ],
)
async def test_every_door_at_the_edge_of_a_month(
    till: FakeTill, owner: Owner, moment: datetime, month: date | None
) -> None:
    """While the clock stands still everything is done that can be: nothing is lost, nothing is where nobody looks."""
    stop_clock(owner, moment)
    numbers = await through_every_door(till, moment)
    assert len(set(numbers)) == len(numbers) > 25
    posted = "SELECT tx_no, kind FROM app.transactions WHERE status = 'completed'"
    found = dict(await rows(till.pool, posted))
    assert (sorted(found), set(found.values())) == (sorted(numbers), KINDS)
    suffix = "default" if month is None else f"y{month:%Ym%m}"
    assert await where(till.pool, "transactions") == {f"app.transactions_{suffix}": len(numbers)}
    written = await where(till.pool, "entries")
    assert set(written) == {f"app.entries_{suffix}"}
    await all_holds(till.pool)
    if month is None:
        await keep_partitions(till.pool)
        alarms = "SELECT count(*) FROM audit.event_log WHERE event = 'partition_missing' AND severity = 'alarm'"
        assert await value(till.pool, alarms) == 2
        assert await where(till.pool, "transactions") == {name_of("transactions", AFTER_NEXT): len(numbers)}
        assert await where(till.pool, "entries") == {name_of("entries", AFTER_NEXT): sum(written.values())}
        assert dict(await rows(till.pool, posted)) == found
        await all_holds(till.pool)


async def test_a_reader_in_the_way_is_waited_for_a_little(till: FakeTill, owner: Owner, database: DatabaseUrls) -> None:
    """Whoever reads for long keeps the partition from being made; the alarm stays, and the next try succeeds."""
    set_clock(owner, midnight(AFTER_NEXT) + timedelta(days=3))
    till.order()
    await till.push()
    with as_owner(database) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM app.transactions")
        with pytest.raises(DatabaseTrouble, match="database_conflict"):
            await keep_partitions(till.pool)
        await before_serving(till.pool)  # does not stand in the way of serving
        till.order()
        await till.push()
    assert await value(till.pool, "SELECT count(*) > 0 FROM audit.event_log WHERE event = 'partition_missing'")
    await keep_partitions(till.pool)
    await all_holds(till.pool)


# Checkpoints ----------------------------------------------------------------------------------------------------


async def test_a_month_is_written_when_it_is_closed(till: FakeTill, owner: Owner) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="not closed"):
        await months.write_checkpoints(till.pool, THIS)
    sold = till.sell_pass()
    await till.push()
    set_clock(owner, midnight(NEXT) + timedelta(minutes=59))
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="not closed"):
        await months.write_checkpoints(till.pool, THIS)
    set_clock(owner, midnight(NEXT) + timedelta(hours=3))
    till.redeem(sold.pass_id, OWN, cups=3)
    await till.push()
    assert await months.write_checkpoints(till.pool, THIS) == 4
    assert await months.write_checkpoints(till.pool, THIS) == 0
    held = await rows(
        till.pool,
        "SELECT c.month, c.balance, c.entry_count, c.version, a.balance FROM app.account_checkpoints AS c"
        " JOIN app.accounts AS a USING (ledger_id, account_id) WHERE a.bucket = 'uses'",
    )
    assert held == [(THIS, 10, 1, 1, 7)]
    await all_holds(till.pool)

    set_clock(owner, midnight(AFTER_NEXT) + timedelta(hours=3))
    till.order()
    await till.push()
    later = midnight(AFTER_NEXT) + timedelta(hours=3)
    await keep_months(till.pool, lambda: later)
    written = await rows(till.pool, "SELECT month, count(*) FROM app.account_checkpoints GROUP BY 1 ORDER BY 1")
    assert written == [(THIS, 4), (NEXT, 2)]
    await all_holds(till.pool)


async def test_the_total_of_an_open_account(till: FakeTill, owner: Owner) -> None:
    """The same before a checkpoint, at it and after."""
    total = "SELECT app.open_total(1::smallint, account_id) FROM app.accounts WHERE bucket = 'tender/cash'"  # one store
    till.order()
    till.order()
    await till.push()
    assert await value(till.pool, total) == 2000
    set_clock(owner, midnight(NEXT) + timedelta(hours=3))
    await months.write_checkpoints(till.pool, THIS)
    assert await value(till.pool, total) == 2000
    till.order()
    await till.push()
    assert await value(till.pool, total) == 3000
    assert await value(till.pool, "SELECT app.open_total(1::smallint, gen_random_uuid())") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE app.account_checkpoints SET balance = balance + 1",
        "UPDATE app.account_checkpoints SET entry_count = entry_count + 1",
        "INSERT INTO app.account_checkpoints SELECT ledger_id, account_id, month + interval '1 month', balance + 1,"
        " entry_count, version, written_at FROM app.account_checkpoints",
        "DELETE FROM app.entries WHERE version = 1",
        "UPDATE app.entries SET delta = delta + 1, balance_after = balance_after + 1 WHERE version = 1",
    ],
)
async def test_a_checkpoint_and_its_entries_watch_each_other(till: FakeTill, owner: Owner, statement: str) -> None:
    till.sell_pass()
    await till.push()
    set_clock(owner, midnight(NEXT) + timedelta(hours=3))
    await months.write_checkpoints(till.pool, THIS)
    await all_holds(till.pool)
    owner.execute(statement.encode())
    found = (await invariants.check(till.pool))["2"]
    assert (found.state, found.details.split()[0]) == ("broken", "account")


@pytest.mark.req("R077")
async def test_a_dropped_month_is_proven_by_its_checkpoints(till: FakeTill, owner: Owner) -> None:
    """As archiving will leave it: the partition is gone, the registry and the checkpoints stay."""
    sold = till.sell_pass()
    await till.push()
    set_clock(owner, midnight(NEXT) + timedelta(hours=3))
    till.redeem(sold.pass_id, OWN, cups=2)
    await till.push()
    await months.write_checkpoints(till.pool, THIS)
    owner.execute(f"DROP TABLE {name_of('entries', THIS)}".encode())
    owner.execute(f"DROP TABLE {name_of('transactions', THIS)}".encode())
    till.redeem(sold.pass_id, OWN)
    await till.push()
    await all_holds(till.pool)
    owner.execute("UPDATE app.accounts SET balance = balance - 1, version = version WHERE bucket = 'uses'")
    assert "balance 6, entries 7" in (await invariants.check(till.pool))["2"].details
