"""Openings come in once, balanced, whole; and the calls carry what they are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from models.facts import Evidence
from models.money import MAX_MINOR
from sync_server.database.engine import PLATFORM, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.ledger.functions import OpeningBalance, OpeningPass, import_opening
from sync_server.reports import invariants
from tests.sync_server import world
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, redeem_of, rows, uses_left, value

pytestmark = pytest.mark.anyio
PASS = "0f000000-0000-7000-8000-000000000001"
UNTIL = datetime.now(UTC) + timedelta(days=30)
OPENING = OpeningPass(PASS, MEMBER, world.PLAN, "active", 10, 7, 15000, UNTIL)
BALANCES = (OpeningBalance(MEMBER, "principal", "CNY", 12345), OpeningBalance(MEMBER, "points", "point", 120))


async def bring(till: FakeTill, *passes: OpeningPass, key: str = "opening", balances: Any = BALANCES) -> dict[str, Any]:
    async with transaction(till.pool, PLATFORM) as connection:
        return await import_opening(connection, world.MERCHANT, key, passes, balances)


async def test_an_opening_brings_passes_and_balances_once(till: FakeTill) -> None:
    first = await bring(till, OPENING, replace(OPENING, pass_id=PASS[:-1] + "2", member_id=OTHER_MEMBER, uses_left=0))
    assert (first["outcome"], first["tx_no"]) == ("accepted", "KZ00100000001")
    again = await bring(till, OPENING, replace(OPENING, pass_id=PASS[:-1] + "2", member_id=OTHER_MEMBER, uses_left=0))
    assert again == first
    found = await rows(
        till.pool, "SELECT status, uses_bought, uses_left, amount_minor FROM app.passes_held ORDER BY pass_id"
    )
    assert found == [("active", 10, 7, 15000), ("active", 10, 0, 15000)]
    held = "SELECT bucket, unit, balance, merchant_id FROM app.accounts WHERE owner_kind = 'card' ORDER BY 1"
    assert await rows(till.pool, held) == [("points", "point", 120, None), ("principal", "CNY", 12345, None)]
    results = await invariants.check(till.pool)
    assert {number for number, result in results.items() if result.state == "broken"} == set()
    assert results["4"].state == "holds"


async def test_a_pass_from_the_opening_is_used_like_any_other(till: FakeTill) -> None:
    await bring(till, OPENING)
    body = till.redemption(PASS, Evidence("online"), cups=7)
    request = till.request(body)
    answer = await till.ask(request)
    till.fact(
        replace(body, business_day=redeem_of(request).business_day, evidence=Evidence("online", request.request_id))
    )
    assert (answer.outcome, answer.uses_left) == ("accepted", 0)
    till.sell_pass(PASS, stacked=True)
    await till.push()
    assert await rows(till.pool, "SELECT uses_bought, uses_left FROM app.passes_held") == [(20, 10)]
    results = await invariants.check(till.pool)
    assert {number for number, result in results.items() if result.state == "broken"} == set()


async def test_other_content_under_the_same_key_is_refused(till: FakeTill) -> None:
    await bring(till, OPENING)
    for _ in range(2):
        other = await bring(till, replace(OPENING, uses_left=8))
        assert (other["outcome"], other["code"]) == ("refused", "content_differs")
    assert await uses_left(till.pool, PASS) == 7


@pytest.mark.parametrize(
    "wrong",
    [
        (replace(OPENING, uses_left=11),),
        (replace(OPENING, uses_left=-1),),
        (replace(OPENING, status="frozen"),),
        (replace(OPENING, member_id=PASS),),
        (replace(OPENING, plan_id=PASS),),
        (OPENING, replace(OPENING, pass_id=PASS[:-1] + "2")),
        (OPENING, OPENING),
    ],
)
async def test_an_opening_comes_whole_or_not_at_all(till: FakeTill, wrong: tuple[OpeningPass, ...]) -> None:
    with pytest.raises((psycopg.Error, DatabaseTrouble)):
        await bring(till, *wrong)
    assert await value(till.pool, "SELECT count(*) FROM app.member_passes") == 0
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 0


async def test_a_balance_is_nothing_else_than_one(till: FakeTill) -> None:
    for wrong in (OpeningBalance(MEMBER, "uses", "CNY", 5), OpeningBalance(MEMBER, "bonus", "CNY", -5)):
        with pytest.raises(psycopg.Error):
            await bring(till, balances=(wrong,))
    assert await value(till.pool, "SELECT count(*) FROM app.accounts") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        OpeningBalance(PASS, "principal", "CNY", 99999),
        OpeningBalance(MEMBER, "principal", "CNY", 0),
        OpeningBalance(MEMBER, "principal", "CNY", MAX_MINOR + 1),
        OpeningBalance(MEMBER, "points", "EUR", 777),
        OpeningBalance(MEMBER, "principal", "point", 777),
        OpeningBalance(MEMBER, "bonus", "USD", 777),
        replace(OpeningBalance(MEMBER, "", "CNY", 5), bucket=None),  # type: ignore[arg-type]
        replace(OpeningBalance(MEMBER, "bonus", "", 5), unit=None),  # type: ignore[arg-type]
        replace(OpeningBalance(MEMBER, "bonus", "CNY", 5), amount=None),  # type: ignore[arg-type]
        replace(OpeningBalance(MEMBER, "bonus", "CNY", 5), member_id=None),  # type: ignore[arg-type]
    ],
)
async def test_a_balance_that_nobody_could_hold_brings_nothing_at_all(till: FakeTill, wrong: OpeningBalance) -> None:
    """Nothing of a former system is lost without a word."""
    with pytest.raises(errors.CheckViolation):
        await bring(till, OPENING, balances=(OpeningBalance(MEMBER, "principal", "CNY", 1000), wrong))
    assert await value(till.pool, "SELECT count(*) FROM app.accounts") == 0
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 0
