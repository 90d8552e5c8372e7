"""A member sets uses or money aside on the phone for one till: what is theirs, within limits, and gives it back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from models.facts import Evidence
from models.refusals import Refusal
from models.reservations import ReservationClosed
from models.tokens import decode_reservation
from sync_server.database.engine import Pool, open_pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.ledger.set_aside import set_aside
from sync_server.members.reserving import LIMITS, Reserved, give_back, open_reservations, reserve_for_till
from tests.sync_server import card_till, world
from tests.sync_server.ledger.asking import OPERATOR, act
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, all_holds, build_shop, outcomes, uses_left, value

pytestmark = [pytest.mark.anyio, pytest.mark.req("C07")]


@pytest.fixture
async def till(pool: Pool) -> FakeTill:
    await build_shop(pool)
    return await FakeTill(pool).pair()


@pytest.fixture
async def wide_pool(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """Room for many at once."""
    async with open_pool(database.app, min_size=8, max_size=8) as opened:
        yield opened


@pytest.fixture
async def sold(till: FakeTill) -> str:
    """A pass of ten uses."""
    found = till.sell_pass().pass_id
    await till.push()
    return found


async def wish(
    till: FakeTill, source: str, amount: int = 1, kind: str = "pass", code: str = "SZ1T01", **more: str
) -> Reserved:
    return await reserve_for_till(till.pool, till.keys, more.pop("member", MEMBER), code, kind, source, amount, **more)


async def no(
    till: FakeTill, source: str, amount: int = 1, kind: str = "pass", code: str = "SZ1T01", **more: str
) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as refused:
        await wish(till, source, amount, kind, code, **more)
    return refused.value.code, refused.value.data


async def test_a_member_sets_uses_aside_shows_the_code_and_gives_the_rest_back(till: FakeTill, sold: str) -> None:
    found = await wish(till, sold, 3, code=" sz1t01 ")
    assert (found.amount, found.used, found.terminal_code, found.unit) == (3, 0, "SZ1T01", f"use/{world.PLAN}")
    assert (found.mine, found.recalled_at, found.plan_names is not None) == (True, None, True)
    assert found.expires_at <= datetime.now(UTC) + LIMITS.valid
    code = decode_reservation(found.token, till.keys.verify, datetime.now(UTC), world.TERMINAL)
    assert (code.reservation_id, code.member_id, code.source_id) == (found.reservation_id, MEMBER, sold)
    assert await uses_left(till.pool, sold) == 7
    assert await open_reservations(till.pool, MEMBER) == (found,)
    assert await open_reservations(till.pool, OTHER_MEMBER) == ()

    till.redeem(sold, Evidence("reserved", reservation_id=found.reservation_id))
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await give_back(till.pool, MEMBER, found.reservation_id) == 2
    (shown,) = await open_reservations(till.pool, MEMBER)
    assert (shown.used, shown.recalled_at is not None) == (1, True)
    till.fact(ReservationClosed(found.reservation_id, "given_back", 1, 3, "use"))
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await open_reservations(till.pool, MEMBER) == ()
    assert await uses_left(till.pool, sold) == 9
    await all_holds(till.pool)


async def test_money_of_ones_own_card(till: FakeTill) -> None:
    await card_till.credited(till, 5000)
    card = await card_till.card_of(till.pool)
    found = await wish(till, card, 3000, "card")
    code = decode_reservation(found.token, till.keys.verify, datetime.now(UTC))
    assert (code.amount, code.currency, code.card_type) == (3000, "CNY", "personal")
    assert await no(till, card, 2001, "card") == ("balance_insufficient", {"balance_minor": 2000, "total_minor": 2001})
    await all_holds(till.pool)


async def test_what_is_not_theirs_is_unknown(till: FakeTill, sold: str) -> None:
    await card_till.credited(till, 5000)
    card = await card_till.card_of(till.pool)
    assert (await no(till, sold, member=OTHER_MEMBER))[0] == "pass_unknown"
    assert (await no(till, card, 100, "card", member=OTHER_MEMBER))[0] == "card_unknown"
    for odd in ("x", str(uuid4())):
        assert (await no(till, odd))[0] == "pass_unknown"
    assert (await no(till, sold, 1, "ticket"))[0] == "pass_unknown"
    found = await wish(till, sold)
    for whose in (found.reservation_id, str(uuid4())):
        with pytest.raises(Refusal, match="reservation_unknown"):
            await give_back(till.pool, OTHER_MEMBER, whose)
    assert (await open_reservations(till.pool, MEMBER))[0].recalled_at is None


async def test_limits(till: FakeTill, sold: str) -> None:
    assert await no(till, sold, LIMITS.uses + 1) == ("amount_invalid", {"limit": LIMITS.uses})
    for odd in (0, -1):
        assert (await no(till, sold, odd))[0] == "amount_invalid"
    for _ in range(LIMITS.open_at_once):
        await wish(till, sold, 3)
    assert await no(till, sold) == ("reservations_too_many", {"limit": LIMITS.open_at_once})
    await all_holds(till.pool)


async def test_many_wishes_at_once_stay_within_the_limit(till: FakeTill, sold: str, wide_pool: Pool) -> None:
    crowd = [reserve_for_till(wide_pool, till.keys, MEMBER, "SZ1T01", "pass", sold, 1) for _ in range(8)]
    found = await asyncio.gather(*crowd, return_exceptions=True)
    assert sum(isinstance(one, Reserved) for one in found) == LIMITS.open_at_once
    assert {one.code for one in found if isinstance(one, Refusal)} == {"reservations_too_many"}
    await all_holds(till.pool)


async def test_a_button_pressed_twice_sets_aside_once(till: FakeTill, sold: str) -> None:
    key = str(uuid4())
    first, second = await wish(till, sold, 2, key=key), await wish(till, sold, 2, key=key)
    assert first == second
    assert await uses_left(till.pool, sold) == 8


async def test_which_tills_there_are(till: FakeTill, sold: str) -> None:
    for code in ("NOSUCH", "", "BC1T01", "SZ1T02"):
        assert (await no(till, sold, code=code))[0] == "terminal_unknown", "or one that is not paired"
    async with transaction(till.pool, OPERATOR) as connection:
        revoking = "SELECT app.revoke_terminal(1::smallint, 'k', sha256(''), %s, 'stolen')"
        await connection.execute(revoking, [world.TERMINAL])
    assert (await no(till, sold))[0] == "terminal_revoked"


async def test_the_last_use_is_set_aside_or_redeemed_never_both(till: FakeTill, sold: str, wide_pool: Pool) -> None:
    """Somebody is at another till while the phone reserves."""
    second = await FakeTill(wide_pool, world.SECOND_TERMINAL, "SZ1T02", keys=till.keys).pair()
    await wish(till, sold, 5)
    await wish(till, sold, 4)
    request = second.request(second.redemption(sold, Evidence("online")))
    answer, reserved = await asyncio.gather(
        second.ask(request),
        reserve_for_till(wide_pool, till.keys, MEMBER, "SZ1T01", "pass", sold, 1),
        return_exceptions=True,
    )
    assert not isinstance(answer, BaseException)
    assert isinstance(reserved, Reserved) != (answer.outcome == "accepted")
    assert await uses_left(till.pool, sold) == 0
    await all_holds(till.pool)


async def test_it_ends_with_its_pass_at_the_latest(till: FakeTill, sold: str) -> None:
    ends = await value(till.pool, "SELECT expires_at FROM app.member_passes WHERE pass_id = %s", sold)
    async with transaction(till.pool, OPERATOR) as connection:
        now = datetime.now(UTC)
        found = await set_aside(
            connection, till.keys, act(), world.TERMINAL, "pass", sold, 1, now + timedelta(days=30), now
        )
    code = decode_reservation(found["token"], till.keys.verify)
    assert code.expires_at <= ends
    (shown,) = await open_reservations(till.pool, MEMBER)
    assert not shown.mine
