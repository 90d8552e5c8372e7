"""Facts delivered twice, in pieces, out of order, at once: the ledger ends up the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sync_server.database.engine import open_pool
from sync_server.database.migrate import secure_database
from sync_server.intake import facts as intake
from tests.sync_server.conftest import Server
from tests.sync_server.till import (
    OWN,
    FakeTill,
    all_holds,
    build_shop,
    ledger_hash,
    value,
)

pytestmark = pytest.mark.anyio


def busy_day(till: FakeTill, count: int = 6) -> None:
    pass_id = "0f000000-0000-7000-8000-000000000000"
    for number in range(count):
        till.sell_pass(pass_id, stacked=number > 0)
        till.redeem(pass_id, OWN, redemption_id=f"0f000000-0000-7000-8001-{number:012d}", extra=number % 2)
        till.order(order_id=f"0f000000-0000-7000-8002-{number:012d}")


async def test_repeated_resplit_and_reordered_deliveries_leave_the_same_ledger(
    till: FakeTill, second_till: FakeTill
) -> None:
    busy_day(till)
    texts = till.texts
    for start in (0, 4, 2, 12, 10, 4, 0):  # batches late, early and again
        piece = texts[start : start + 5]
        await till.push(piece, seq=start + len(piece))
    answer = await till.push(texts)
    assert answer.acknowledged_seq == len(texts)
    crooked = await ledger_hash(till.pool)
    again = await till.push(texts)
    assert {result.outcome for result in again.results} == {"already_known"}
    assert [result.tx_no for result in again.results] == [result.tx_no for result in answer.results]
    assert await ledger_hash(till.pool) == crooked
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == len(texts)
    await all_holds(till.pool)


async def test_one_clean_run_and_a_crooked_one_agree(
    till: FakeTill, monkeypatch: pytest.MonkeyPatch, server: Server, template: str
) -> None:
    """The same chain in one push, and in pushes of three with batches of two, lost answers and repeats."""
    busy_day(till)
    await till.push()
    clean = await ledger_hash(till.pool)
    urls = server.create(template)
    secure_database(urls)
    try:
        async with open_pool(urls.app, min_size=1, max_size=2) as other_pool:
            await build_shop(other_pool)
            crooked = replace(till, pool=other_pool)
            await crooked.pair()
            monkeypatch.setattr(intake, "BATCH_FACTS", 2)
            for start in range(0, len(till.texts), 3):
                for _ in range(2):
                    piece = till.texts[max(0, start - 2) : start + 3]
                    await crooked.push(piece, seq=max(0, start - 2) + len(piece))
            assert await ledger_hash(other_pool) == clean
    finally:
        server.drop(urls)


async def test_one_till_pushing_from_two_connections_at_once(till: FakeTill) -> None:
    busy_day(till, 3)
    answers = await asyncio.gather(*(till.push() for _ in range(4)))
    assert {answer.acknowledged_seq for answer in answers} == {9}
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 9
    await all_holds(till.pool)


async def test_a_gap_is_answered_with_what_is_expected_and_stores_nothing_behind_it(till: FakeTill) -> None:
    for _ in range(4):
        till.order()
    await till.push(till.texts[:1], seq=1)
    answer = await till.push(till.texts[2:], seq=4)
    assert (answer.gap, answer.acknowledged_seq, answer.results) == (True, 1, ())
    assert await value(till.pool, "SELECT count(*) FROM app.facts") == 1
    assert await value(till.pool, "SELECT signed_seq FROM app.terminal_heads") == 1
    assert (await till.push()).acknowledged_seq == 4
