"""What is set aside ahead for regulars: as HQ's policy says, for tills that are there, never more than is free."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models import facts
from models.facts import Evidence
from models.reservations import ReservationClosed
from sync_server.catalogue import changes
from sync_server.database.engine import PLATFORM, Pool, open_pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.jobs.leases import hand_out, hand_out_leases
from sync_server.ledger.leases import LeasePolicy, due, policies, put_policy
from tests.sync_server import card_till, world
from tests.sync_server.ledger.asking import OPERATOR, STAFF, TERMINAL, accepted, ask, denied, refused
from tests.sync_server.till import OWN, FakeTill, all_holds, as_owner, build_shop, outcomes, rows, uses_left, value

pytestmark = [pytest.mark.anyio, pytest.mark.req("C07")]
POLICY = LeasePolicy(2, 30, 2, 0, 10, 0, 12)


@pytest.fixture
async def till(pool: Pool) -> FakeTill:
    await build_shop(pool)
    return await FakeTill(pool).pair()


@pytest.fixture
async def sold(till: FakeTill) -> str:
    """A pass of ten uses whose holder was served on two days, by a till that is there and has its shift open."""
    till.at -= timedelta(days=1)
    till.fact(facts.ShiftOpened(str(uuid4()), 0, "CNY", till.day()))
    found = till.sell_pass().pass_id
    for _ in range(2):
        till.redeem(found, OWN)
        till.at += timedelta(days=1)
    till.at -= timedelta(days=1)
    assert {outcome for outcome, _ in await outcomes(till)} == {"accepted"}
    return found


async def allow(till: FakeTill, policy: LeasePolicy = POLICY, plan_id: str | None = None) -> None:
    done = await ask(till.pool, OPERATOR, put_policy, world.STORE, plan_id, policy)
    assert done["outcome"] == "accepted", done


async def handed_out(till: FakeTill, database: DatabaseUrls, seen: timedelta = timedelta()) -> int:
    """Run the job; the till was heard of so long ago."""
    with as_owner(database) as owner:
        owner.execute("UPDATE app.terminals SET last_seen_at = %s", [datetime.now(UTC) - seen])
    return await hand_out_leases(till.pool, till.keys, lambda: datetime.now(UTC))


async def leases(till: FakeTill) -> list[tuple[Any, ...]]:
    query = "SELECT source_kind, amount, origin, status, token IS NOT NULL FROM app.reservations ORDER BY opened_at"
    return await rows(till.pool, query)


async def test_without_a_policy_nothing_is_set_aside(till: FakeTill, sold: str, database: DatabaseUrls) -> None:
    assert await handed_out(till, database) == 0
    await allow(till, replace(POLICY, uses=0))
    assert await handed_out(till, database) == 0


async def test_a_regular_gets_a_lease_and_another_once_it_is_used(
    till: FakeTill, sold: str, database: DatabaseUrls
) -> None:
    await allow(till)
    assert (await handed_out(till, database), await handed_out(till, database)) == (1, 0)
    assert await leases(till) == [("pass", 2, "lease", "open", True)]
    assert await uses_left(till.pool, sold) == 6
    page = await changes.page(till.pool, till.keys, till.identity, "")
    (told,) = [change.value for change in page.changes if change.table == "reservation"]
    assert told is not None
    assert (told["origin"], told["state"]) == ("lease", "open")
    till.redeem(sold, Evidence("reserved", reservation_id=told["reservation_id"]), cups=2)
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await handed_out(till, database) == 1
    assert await uses_left(till.pool, sold) == 4
    await all_holds(till.pool)


async def test_two_servers_at_once_set_it_aside_once(till: FakeTill, sold: str, database: DatabaseUrls) -> None:
    await allow(till)
    async with open_pool(database.app, min_size=4, max_size=4) as wide:
        crowd = replace(till, pool=wide)
        await asyncio.gather(*(handed_out(crowd, database) for _ in range(4)))
    assert await leases(till) == [("pass", 2, "lease", "open", True)]
    assert await uses_left(till.pool, sold) == 6
    await all_holds(till.pool)


async def test_two_servers_at_the_turn_of_an_hour_set_it_aside_once(
    till: FakeTill, sold: str, database: DatabaseUrls
) -> None:
    await allow(till)
    with as_owner(database) as owner:
        owner.execute("UPDATE app.terminals SET last_seen_at = now()")
    async with transaction(till.pool, PLATFORM) as connection:
        (seen_by_both,) = await due(connection, 10)
    at = datetime.now(UTC)
    hours = (at, at + timedelta(hours=1))
    assert [await hand_out(till.pool, till.keys, seen_by_both, hour) for hour in hours] == [True, False]
    assert (await leases(till), await uses_left(till.pool, sold)) == ([("pass", 2, "lease", "open", True)], 6)
    await all_holds(till.pool)


async def test_never_more_than_is_free_and_than_a_till_may_hold(
    till: FakeTill, sold: str, database: DatabaseUrls
) -> None:
    await allow(till, replace(POLICY, uses=20, most_uses=7))
    assert await handed_out(till, database) == 0, "eight are free, and seven may be on a till"
    await allow(till, replace(POLICY, uses=20, most_uses=8))
    assert await handed_out(till, database) == 1
    assert (await leases(till), await uses_left(till.pool, sold)) == ([("pass", 8, "lease", "open", True)], 0)
    await all_holds(till.pool)


@pytest.mark.parametrize("why", ["seldom", "long ago", "other plan", "silent", "shift closed", "forked", "expired"])
async def test_who_gets_none(till: FakeTill, sold: str, database: DatabaseUrls, why: str) -> None:
    await allow(till, replace(POLICY, min_visits=3 if why == "seldom" else 2, days=1 if why == "long ago" else 30))
    with as_owner(database) as owner:
        if why == "other plan":
            await allow(till, replace(POLICY, uses=0), world.PLAN)
        elif why == "forked":
            owner.execute("UPDATE app.terminal_heads SET forked_at = now()")
        elif why == "expired":
            owner.execute("UPDATE app.member_passes SET expires_at = now() + interval '30 minutes'")
        elif why == "shift closed":
            owner.execute("UPDATE app.facts SET kind = 'ShiftClosed' WHERE kind = 'ShiftOpened'")
    assert await handed_out(till, database, timedelta(minutes=16 if why == "silent" else 14)) == 0


async def test_money_of_the_own_card(till: FakeTill, sold: str, database: DatabaseUrls) -> None:
    await card_till.credited(till, 3000)
    await allow(till, replace(POLICY, uses=0, amount_minor=2000, most_minor=2000))
    assert await handed_out(till, database) == 1
    assert await leases(till) == [("card", 2000, "lease", "open", True)]
    taken = await value(till.pool, "SELECT reservation_id::text FROM app.reservations")
    till.fact(ReservationClosed(taken, "shift_closed", 0, 2000, "CNY"))
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await card_till.holds(till.pool) == {"principal": 3000}
    await all_holds(till.pool)


async def test_who_sets_policies(till: FakeTill) -> None:
    call = (put_policy, world.STORE, None)
    await accepted(till.pool, OPERATOR, *call, POLICY)
    assert (await refused(till.pool, STAFF, *call, POLICY))[0] == "permission_missing", "nobody at HQ"
    for nobody in (None, TERMINAL):
        await denied(till.pool, nobody, *call, POLICY)
    for odd in ({"uses": 21}, {"days": 0}, {"valid_hours": 1000}, {"amount_minor": -1}):
        assert (await refused(till.pool, OPERATOR, *call, replace(POLICY, **odd)))[0] == "policy_invalid"
    nowhere = str(uuid4())
    assert (await refused(till.pool, OPERATOR, put_policy, nowhere, None, POLICY))[0] == "store_unknown"
    assert (await refused(till.pool, OPERATOR, put_policy, world.STORE, nowhere, POLICY))[0] == "plan_unknown"
    async with transaction(till.pool, STAFF) as connection:
        found = await policies(connection)
    assert [(one["store_id"], one["uses"]) for one in found] == [(world.STORE, 2)]
