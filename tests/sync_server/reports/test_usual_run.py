"""A usual run begins at the last checkpoint and finds what was broken since; a full one, what was broken before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls, with_database
from sync_server.jobs.clockwork import seal
from sync_server.ledger import months
from sync_server.reports import invariants
from tests.sync_server.conftest import Server, name_of
from tests.sync_server.ledger.test_months import NEXT, THIS, midnight, set_clock
from tests.sync_server.till import OWN, FakeTill, as_owner, build_shop

pytestmark = pytest.mark.anyio
_BEFORE = [
    ("2", "DELETE FROM app.entries WHERE version = 1"),
    ("2", "UPDATE app.entries SET balance_after = 1 WHERE version = 1"),
    ("8", "UPDATE audit.event_log SET subject = 'x' WHERE event = 'posted.pass_sold'"),
    ("9", "UPDATE app.facts SET bytes = bytes || ' ' WHERE seq = 1"),
    ("9", "UPDATE app.facts SET prev = sha256('') WHERE seq = 1"),
    ("11", "UPDATE app.payments SET amount_minor = amount_minor + 1 WHERE kind = 'cash' AND amount_minor > 10000"),
]
_SINCE = [
    ("2", "UPDATE app.accounts SET balance = balance + 1 WHERE guarded"),
    ("2", "UPDATE app.account_checkpoints SET balance = balance + 1 WHERE version IS NOT NULL"),
    ("2", "UPDATE app.account_checkpoints SET version = version + 1 WHERE version IS NOT NULL"),
    ("2", "UPDATE app.entries SET version = 4 WHERE version = 3"),
    ("2", "UPDATE app.entries SET balance_after = 1 WHERE version = 2"),
    ("8", "UPDATE audit.event_log SET subject = 'x' WHERE event = 'posted.pass_redeemed'"),
    ("8", "DELETE FROM audit.event_log WHERE event = 'posted.order_paid'"),
    ("8", "UPDATE audit.seals SET prev = sha256('') WHERE seal_no = (SELECT max(seal_no) FROM audit.seals)"),
    ("8", "UPDATE audit.seals SET sealed_at = sealed_at - interval '1 second' WHERE seal_no = 1"),
    ("9", "UPDATE app.facts SET bytes = bytes || ' ' WHERE seq = 2"),
    ("9", "UPDATE app.facts SET prev = sha256('') WHERE seq = 2"),
    ("9", "UPDATE app.facts SET prev = sha256('') WHERE seq = 3"),
    ("11", "UPDATE app.payments SET amount_minor = amount_minor + 1 WHERE kind = 'wechat'"),
    ("11", "UPDATE app.account_checkpoints SET balance = balance + 1 WHERE version IS NULL"),
]


async def two_months(pool: Pool, database: DatabaseUrls) -> None:
    """A sale in the month that was closed, uses and an order in the next; all of it sealed."""
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    sold = till.sell_pass()
    await till.push()
    await seal(pool, till.keys, lambda: datetime.now(UTC))
    with as_owner(database) as owner:
        set_clock(owner, midnight(NEXT) + timedelta(hours=3))
        await months.write_checkpoints(pool, THIS)
        till.redeem(sold.pass_id, OWN)
        till.redeem(sold.pass_id, OWN)
        till.order()
        await till.push()
        await seal(pool, till.keys, lambda: datetime.now(UTC))


async def broken(url: str, number: str, statement: str, *, full: bool) -> bool:
    """Would such a run find it? In a transaction that is rolled back."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("SET LOCAL ROLE tillkeeper_owner")
        assert (await connection.execute(statement.encode())).rowcount > 0, statement
        await connection.execute("SET LOCAL ROLE tillkeeper_app")
        found = await invariants.answers(connection, [int(number)], full=full)
        await connection.rollback()
    return found[number].state == "broken"


async def test_what_a_usual_run_finds_and_what_a_full_one(pool: Pool, database: DatabaseUrls, server: Server) -> None:
    await two_months(pool, database)
    for full in (False, True):
        found = await invariants.check(pool, full=full)
        assert {number: result for number, result in found.items() if result.state != "holds"} == {}
    url = with_database(server.admin_url, name_of(database))
    for number, statement in _BEFORE:
        assert not await broken(url, number, statement, full=False), statement
        assert await broken(url, number, statement, full=True), statement
    for number, statement in _SINCE:
        assert await broken(url, number, statement, full=False), statement
        assert await broken(url, number, statement, full=True), statement


async def test_after_the_first_offences_the_rest_is_counted_or_left(pool: Pool, database: DatabaseUrls) -> None:
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    for _ in range(9):
        till.order()
    await till.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.tx_registry SET amount_minor = 0")
    details = (await invariants.check(pool))["7"].details
    assert details.count(": transaction and registry differ") == 5
    assert details.endswith(" … and 4 more … 5 more questions not asked")
