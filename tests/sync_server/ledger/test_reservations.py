"""Set aside for one terminal, spent there, given back: spent + reserved + free = issued after every step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sync_server.database.engine import Claims, transaction
from sync_server.ledger.reservations import close_reservation, release_at_risk, reserve, settle_reservation
from tests.sync_server import card_till, world
from tests.sync_server.ledger.asking import (
    MEMBER_CLAIMS,
    NOBODY,
    OPERATOR,
    OTHER_MEMBER_CLAIMS,
    OTHER_STAFF,
    OTHER_TERMINAL,
    SECOND_TERMINAL,
    STAFF,
    TERMINAL,
    Outcome,
    accepted,
    ask,
    at_once,
    audited,
    denied,
    held,
    refused,
)
from tests.sync_server.ledger.cards import card_of, enterprise_card, lots
from tests.sync_server.till import MEMBER, OTHER_MEMBER, OWN, FakeTill, all_holds, rows, uses_left, value

pytestmark = pytest.mark.anyio
WHY = "the till was stolen"


def until(hours: float = 8) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def sold(till: FakeTill) -> str:
    """A pass of ten uses."""
    found = till.sell_pass().pass_id
    await till.push()
    return found


@pytest.fixture
async def card(till: FakeTill, owner: Any) -> str:
    """A card with 100.00 + 20.00 and then 50.00."""
    await card_till.set_terms(till.pool, till)
    card_till.top_up(till, 10000, 2000)
    card_till.top_up(till, 5000)
    await till.push()
    return card_of(owner)


async def take(till: FakeTill, source: str, amount: int, kind: str = "pass", claims: Claims = OPERATOR) -> Outcome:
    found = await ask(till.pool, claims, reserve, world.TERMINAL, kind, source, amount, until())
    assert found["outcome"] == "accepted", found
    return found


async def settle(till: FakeTill, reservation: Outcome, amount: int, claims: Claims = TERMINAL) -> Outcome:
    return await ask(till.pool, claims, settle_reservation, reservation["reservation_id"], amount, str(uuid4()), now())


async def state(till: FakeTill, reservation: Outcome) -> tuple[Any, ...]:
    """(used, returned, status, still reserved)."""
    (found,) = await rows(
        till.pool,
        "SELECT used, returned, status FROM app.reservations WHERE reservation_id = %s",
        reservation["reservation_id"],
    )
    return (*found, await held(till.pool, reservation["reservation_id"], "reserved"))


# Uses of a pass -------------------------------------------------------------------------------------------------


@pytest.mark.req("R035", "R036", "R039")
async def test_uses_are_set_aside_spent_and_given_back(till: FakeTill, sold: str) -> None:
    taken = await accepted(till.pool, TERMINAL, reserve, world.TERMINAL, "pass", sold, 4, until())
    assert (taken["fencing_no"], taken["amount"], taken["uses_left"]) == (1, 4, 6)
    assert taken["unit"] == f"use/{world.PLAN}"
    assert (await uses_left(till.pool, sold), await state(till, taken)) == (6, (0, 0, "open", 4))
    await all_holds(till.pool)

    use = str(uuid4())
    done = await accepted(till.pool, TERMINAL, settle_reservation, taken["reservation_id"], 1, use, now())
    assert (done["left"], await state(till, taken)) == (3, (1, 0, "open", 3))
    await all_holds(till.pool)
    cited = "SELECT use_id::text, amount, tx_id::text FROM app.reservation_uses"
    assert await rows(till.pool, cited) == [(use, 1, done["tx_id"])]

    back = await accepted(till.pool, TERMINAL, close_reservation, taken["reservation_id"])
    assert (back["returned"], await state(till, taken)) == (3, (1, 3, "closed", 0))
    assert await uses_left(till.pool, sold) == 9
    await all_holds(till.pool)
    kinds = "SELECT kind FROM app.transactions WHERE kind <> 'pass_sold' ORDER BY created_at"
    assert await rows(till.pool, kinds) == [("reserved",), ("settled",), ("released",)]


async def test_what_is_used_up_closes_by_itself(till: FakeTill, sold: str) -> None:
    taken = await take(till, sold, 2)
    assert [(await settle(till, taken, 1))["left"] for _ in range(2)] == [1, 0]
    assert await state(till, taken) == (2, 0, "closed", 0)
    closed = ("reservation_closed", {"used": 2, "returned": 0})
    use = str(uuid4())
    assert await refused(till.pool, TERMINAL, settle_reservation, taken["reservation_id"], 1, use, now()) == closed
    assert await refused(till.pool, TERMINAL, close_reservation, taken["reservation_id"]) == closed
    assert await refused(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], WHY) == closed
    await all_holds(till.pool)


async def test_no_more_is_spent_than_was_set_aside(till: FakeTill, sold: str) -> None:
    taken = await take(till, sold, 2)
    use = str(uuid4())
    asked = (settle_reservation, taken["reservation_id"])
    assert await refused(till.pool, TERMINAL, *asked, 3, use, now()) == ("reservation_exceeds", {"left": 2})
    for odd in (0, -1, 10**9 + 1, 10**30):
        assert (await refused(till.pool, TERMINAL, *asked, odd, use, now()))[0] == "amount_invalid"
    assert (await refused(till.pool, TERMINAL, *asked, 1, None, now()))[0] == "request_malformed"
    await accepted(till.pool, TERMINAL, *asked, 1, use, now())
    assert await refused(till.pool, TERMINAL, *asked, 1, use, now()) == ("content_differs", {"use_id": use})
    await all_holds(till.pool)


async def test_a_reservation_is_its_terminals(till: FakeTill, sold: str) -> None:
    taken = await take(till, sold, 2)
    calls: list[tuple[Any, ...]] = [
        (settle_reservation, taken["reservation_id"], 1, str(uuid4()), now()),
        (close_reservation, taken["reservation_id"]),
    ]
    for call in calls:
        for claims in (SECOND_TERMINAL, OTHER_TERMINAL):
            assert (await refused(till.pool, claims, *call))[0] == "reservation_unknown"
        for nobody in (None, OPERATOR, STAFF, OTHER_STAFF, MEMBER_CLAIMS):
            await denied(till.pool, nobody, *call)
    assert (await refused(till.pool, TERMINAL, close_reservation, NOBODY))[0] == "reservation_unknown"
    assert await state(till, taken) == (0, 0, "open", 2)


async def test_the_clock_alone_ends_nothing(till: FakeTill, sold: str, owner: Any) -> None:
    """Past its date it can be given back; what happened before the date counts, later acts do not."""
    taken = await take(till, sold, 3)
    owner.execute(
        "UPDATE app.reservations SET opened_at = now() - interval '1 hour', expires_at = now() - interval '1 minute'"
    )
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 0, "open", 3), 7)
    use = str(uuid4())
    asked = (settle_reservation, taken["reservation_id"], 1, use)
    code, data = await refused(till.pool, TERMINAL, *asked, now())
    assert (code, list(data)) == ("reservation_closed", ["expires_at"])
    assert (await refused(till.pool, TERMINAL, *asked, now() + timedelta(days=1)))[0] == "reservation_closed"
    await accepted(till.pool, TERMINAL, *asked, now() - timedelta(minutes=5))
    await accepted(till.pool, TERMINAL, close_reservation, taken["reservation_id"])
    assert await uses_left(till.pool, sold) == 9
    await all_holds(till.pool)


async def test_what_a_till_says_of_the_time_is_judged_as_in_a_fact(till: FakeTill, sold: str, owner: Any) -> None:
    """No use before the reservation, and none before what the till has told already; a clock may be a little behind."""
    taken = await take(till, sold, 3)
    asked = (settle_reservation, taken["reservation_id"], 1)
    for moment in (datetime(2000, 1, 1, tzinfo=UTC), now() - timedelta(minutes=10), None):
        found = await refused(till.pool, TERMINAL, *asked, str(uuid4()), moment)
        assert found == ("request_malformed", {"field": "happened_at"})
    done = await accepted(till.pool, TERMINAL, *asked, str(uuid4()), now() - timedelta(minutes=4))
    judged = "SELECT t.happened_at = r.opened_at FROM app.transactions AS t, app.reservations AS r WHERE t.tx_id = %s"
    assert await value(till.pool, judged, done["tx_id"])

    owner.execute(
        "UPDATE app.reservations SET opened_at = now() - interval '2 hours', expires_at = now() - interval '1 hour'"
    )
    early = now() - timedelta(minutes=90)
    owner.execute("UPDATE app.terminal_heads SET happened_at = now() - interval '30 minutes'")
    assert (await refused(till.pool, TERMINAL, *asked, str(uuid4()), early))[0] == "reservation_closed"
    owner.execute("UPDATE app.terminal_heads SET happened_at = now() - interval '100 minutes'")
    await accepted(till.pool, TERMINAL, *asked, str(uuid4()), early)


@pytest.mark.parametrize("door", ["close", "release"])
async def test_setting_aside_saves_no_use_from_being_forfeited(
    till: FakeTill, sold: str, owner: Any, door: str
) -> None:
    """The pass ended and was bought anew: what comes back later belongs to the uses that were forfeited then."""
    taken = await take(till, sold, 4)
    await settle(till, taken, 1)
    owner.execute("UPDATE app.member_passes SET expires_at = now() - interval '2 hours'")
    till.sell_pass(sold, stacked=True)
    await till.push()
    again = await take(till, sold, 2)
    assert await uses_left(till.pool, sold) == 8
    await all_holds(till.pool)
    claims, wanted = (TERMINAL, close_reservation) if door == "close" else (OPERATOR, release_at_risk)
    reason: tuple[str, ...] = () if door == "close" else (WHY,)
    back = await ask(till.pool, claims, wanted, taken["reservation_id"], *reason)
    assert (back["returned"], back["forfeited"], await uses_left(till.pool, sold)) == (3, 3, 8)
    await all_holds(till.pool)
    back = await ask(till.pool, claims, wanted, again["reservation_id"], *reason)
    assert (back["returned"], back["forfeited"], await uses_left(till.pool, sold)) == (2, 0, 10)
    lost = (
        "SELECT sum(e.delta) FROM app.entries AS e JOIN app.accounts AS a USING (account_id) WHERE bucket = 'forfeited'"
    )
    bought = "SELECT uses_bought FROM app.member_passes"
    assert [await value(till.pool, lost), await value(till.pool, bought)] == [9, 11]
    await all_holds(till.pool)


@pytest.mark.req("R039")
async def test_headquarters_releases_at_risk_and_says_so(till: FakeTill, sold: str) -> None:
    taken = await take(till, sold, 3)
    await settle(till, taken, 1)
    wanted = (release_at_risk, taken["reservation_id"])
    for reason in (None, "", "x"):
        assert (await refused(till.pool, OPERATOR, *wanted, reason))[0] == "reason_missing"
    for claims in (None, TERMINAL, MEMBER_CLAIMS, OTHER_STAFF):
        await denied(till.pool, claims, *wanted, WHY)
    assert (await refused(till.pool, STAFF, *wanted, WHY))[0] == "permission_missing", "nobody at HQ"
    back = await accepted(till.pool, OPERATOR, *wanted, WHY)
    assert (back["returned"], await uses_left(till.pool, sold)) == (2, 9)
    assert await audited(till.pool, "released_at_risk", taken["reservation_id"]) == 1
    alarm = "SELECT severity FROM audit.event_log WHERE event = 'released_at_risk'"
    assert await value(till.pool, alarm) == "alarm"
    assert (await refused(till.pool, OPERATOR, release_at_risk, NOBODY, WHY))[0] == "reservation_unknown"
    await all_holds(till.pool)


async def test_later_numbers_are_higher(till: FakeTill, sold: str) -> None:
    first = await take(till, sold, 1)
    await ask(till.pool, TERMINAL, close_reservation, first["reservation_id"])
    assert [(await take(till, sold, 1))["fencing_no"] for _ in range(3)] == [2, 3, 4]


async def test_what_cannot_be_set_aside(till: FakeTill, sold: str) -> None:
    async def no(*values: Any, claims: Claims = OPERATOR) -> tuple[str, Any]:
        return await refused(till.pool, claims, reserve, *values)

    here = world.TERMINAL
    assert await no(here, "pass", sold, 11, until()) == ("uses_exhausted", {"uses_left": 10, "uses": 11})
    for odd in (0, -1, 10**9 + 1, 10**30):
        assert (await no(here, "pass", sold, odd, until()))[0] == "amount_invalid"
    for moment in (now() - timedelta(seconds=1), now() + timedelta(days=32), None):
        assert await no(here, "pass", sold, 1, moment) == ("request_malformed", {"field": "expires_at"})
    assert await no(here, "member", MEMBER, 1, until()) == ("request_malformed", {"field": "source_kind"})
    assert (await no(here, "pass", NOBODY, 1, until()))[0] == "pass_unknown"
    assert (await no(world.OTHER_TERMINAL, "pass", sold, 1, until()))[0] == "pass_other_merchant"
    assert (await no(NOBODY, "pass", sold, 1, until()))[0] == "terminal_unknown"
    assert (await no(here, "card", NOBODY, 1, until()))[0] == "card_unknown"
    assert await uses_left(till.pool, sold) == 10


@pytest.mark.req("R100")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("app.member_passes SET status = 'suspended'", "pass_not_active"),
        ("app.member_passes SET status = 'revoked'", "pass_revoked"),
        ("app.member_passes SET expires_at = now()", "pass_expired"),
        ("app.members SET status = 'frozen'", "member_inactive"),
        ("app.terminals SET status = 'revoked' WHERE code = 'SZ1T01'", "terminal_revoked"),
        ("app.terminal_heads SET forked_at = now()", "terminal_forked"),
    ],
)
async def test_only_a_pass_fit_for_use(till: FakeTill, sold: str, owner: Any, change: str, code: str) -> None:
    owner.execute(f"UPDATE {change}".encode())
    assert (await refused(till.pool, OPERATOR, reserve, world.TERMINAL, "pass", sold, 1, until()))[0] == code


async def test_no_longer_than_the_pass_lives(till: FakeTill, sold: str, owner: Any) -> None:
    owner.execute("UPDATE app.member_passes SET expires_at = now() + interval '1 hour'")
    taken = await take(till, sold, 1)
    assert datetime.fromisoformat(taken["expires_at"]) < until(1.1)


async def test_who_may_set_aside(till: FakeTill, sold: str, card: str) -> None:
    for claims in (None, STAFF, OTHER_STAFF, SECOND_TERMINAL, OTHER_TERMINAL, OTHER_MEMBER_CLAIMS):
        await denied(till.pool, claims, reserve, world.TERMINAL, "pass", sold, 1, until())
        await denied(till.pool, claims, reserve, world.TERMINAL, "card", card, 1, until())
    await denied(till.pool, TERMINAL, reserve, world.TERMINAL, "card", card, 1, until())
    for claims in (OPERATOR, MEMBER_CLAIMS):
        await accepted(till.pool, claims, reserve, world.TERMINAL, "card", card, 1, until())
    for claims in (OPERATOR, MEMBER_CLAIMS, TERMINAL):
        await accepted(till.pool, claims, reserve, world.TERMINAL, "pass", sold, 1, until())
    await all_holds(till.pool)


@pytest.mark.req("R031")
async def test_an_enterprise_cards_admin_alone_reserves_from_it(till: FakeTill, owner: Any) -> None:
    company = enterprise_card(owner)
    for member, role in ((MEMBER, "admin"), (OTHER_MEMBER, "member")):
        owner.execute("INSERT INTO app.enterprise_card_bindings VALUES (1, %s, %s, %s, now())", [company, member, role])
    await denied(till.pool, OTHER_MEMBER_CLAIMS, reserve, world.TERMINAL, "card", company, 1, until())
    assert await refused(till.pool, MEMBER_CLAIMS, reserve, world.TERMINAL, "card", company, 1, until()) == (
        "balance_insufficient",
        {"balance_minor": 0, "total_minor": 1},
    )


@pytest.mark.req("R035")
async def test_one_last_use_is_set_aside_once(till: FakeTill, sold: str) -> None:
    await take(till, sold, 9)
    wanted = (reserve, world.TERMINAL, "pass", sold, 1, until())
    said = await at_once(*(ask(till.pool, OPERATOR, *wanted) for _ in range(12)))
    assert sorted(each["outcome"] for each in said) == ["accepted"] + ["refused"] * 11
    assert await uses_left(till.pool, sold) == 0
    await all_holds(till.pool)


async def test_set_aside_used_and_closed_at_once(till: FakeTill, sold: str) -> None:
    taken = await take(till, sold, 5)
    closing: list[Callable[[], Awaitable[Outcome]]] = [
        lambda: ask(till.pool, TERMINAL, close_reservation, taken["reservation_id"]),
        lambda: ask(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], WHY),
    ]
    said = await at_once(*(settle(till, taken, 1) for _ in range(4)), *(close() for close in closing))
    used = sum(each["outcome"] == "accepted" for each in said[:4])
    assert sorted(each["outcome"] for each in said[4:]) == ["accepted", "refused"]
    assert await state(till, taken) == (used, 5 - used, "closed", 0)
    assert await uses_left(till.pool, sold) == 10 - used
    await all_holds(till.pool)


async def test_a_pass_that_was_merged_is_found_by_either_id(till: FakeTill, sold: str) -> None:
    alias = till.sell_pass().pass_id
    await till.push()
    await take(till, alias, 15)
    assert await uses_left(till.pool, sold) == 5


async def test_what_is_set_aside_is_not_redeemed_elsewhere(till: FakeTill, sold: str) -> None:
    await take(till, sold, 10)
    till.redeem(sold, OWN)
    (result,) = (await till.push()).results[-1:]
    assert (result.outcome, result.reason) == ("held", "uses_exhausted")


# Money of a card ------------------------------------------------------------------------------------------------


async def money(till: FakeTill, card: str) -> tuple[int, int]:
    """(principal, bonus)."""
    return await held(till.pool, card, "principal"), await held(till.pool, card, "bonus")


async def test_money_is_taken_in_the_order_of_spending(till: FakeTill, card: str, owner: Any) -> None:
    taken = await accepted(till.pool, OPERATOR, reserve, world.TERMINAL, "card", card, 13000, until())
    assert (taken["unit"], taken["balance_minor"], await money(till, card)) == ("CNY", 4000, (4000, 0))
    assert lots(owner) == [(10000, 2000, 0, 0), (5000, 0, 4000, 0)]
    parts = "SELECT parts -> 0 ->> 1, parts -> 0 ->> 2, parts -> 1 ->> 2, parts -> 2 ->> 2 FROM app.reservations"
    assert await rows(till.pool, parts) == [("bonus", "2000", "10000", "1000")]
    assert await state(till, taken) == (0, 0, "open", 13000)
    await all_holds(till.pool)


@pytest.mark.parametrize(
    ("used", "back"),
    [
        (0, [(10000, 2000, 10000, 2000), (5000, 0, 5000, 0)]),
        (500, [(10000, 2000, 10000, 1500), (5000, 0, 5000, 0)]),
        (2000, [(10000, 2000, 10000, 0), (5000, 0, 5000, 0)]),
        (2001, [(10000, 2000, 9999, 0), (5000, 0, 5000, 0)]),
        (12500, [(10000, 2000, 0, 0), (5000, 0, 4500, 0)]),
        (12999, [(10000, 2000, 0, 0), (5000, 0, 4001, 0)]),
    ],
)
async def test_the_rest_goes_back_to_the_lots_it_came_from(
    till: FakeTill, card: str, owner: Any, used: int, back: list[Any]
) -> None:
    taken = await take(till, card, 13000, "card")
    if used:
        await settle(till, taken, used)
        await all_holds(till.pool)
    closed = await ask(till.pool, TERMINAL, close_reservation, taken["reservation_id"])
    assert (closed["returned"], lots(owner)) == (13000 - used, back)
    assert sum(await money(till, card)) == 17000 - used
    await all_holds(till.pool)


async def test_money_is_spent_in_the_shops_books(till: FakeTill, card: str) -> None:
    taken = await take(till, card, 3000, "card")
    done = await settle(till, taken, 1000)
    moved = await rows(
        till.pool,
        "SELECT a.owner_kind, a.bucket, a.unit, e.delta FROM app.entries e JOIN app.accounts a"
        " USING (ledger_id, account_id) WHERE e.tx_id = %s ORDER BY e.delta",
        done["tx_id"],
    )
    assert moved == [("reservation", "reserved", "CNY", -1000), ("store", "redeemed", "CNY", 1000)]


async def test_money_of_a_lot_that_is_gone_comes_back_in_a_new_one(till: FakeTill, card: str, owner: Any) -> None:
    """Its top-up was refunded meanwhile: bonus that was collected from principal then comes back as principal."""
    taken = await take(till, card, 1500, "card")
    topped_up = await value(till.pool, "SELECT tx_no FROM app.card_top_ups WHERE bonus_minor > 0")
    refund = await till.ask(card_till.refund(topped_up, 10000, "cash"))
    assert (refund.outcome, refund.data["cash_minor"]) == ("accepted", 8500)
    await all_holds(till.pool)
    await ask(till.pool, TERMINAL, close_reservation, taken["reservation_id"])
    assert await money(till, card) == (6500, 0)
    assert lots(owner)[-1] == (1500, 0, 1500, 0)
    await all_holds(till.pool)


async def test_money_that_cannot_be_set_aside(till: FakeTill, card: str, owner: Any) -> None:
    here = (reserve, world.TERMINAL, "card", card)
    short = {"balance_minor": 17000, "total_minor": 17001}
    assert await refused(till.pool, OPERATOR, *here, 17001, until()) == ("balance_insufficient", short)
    owner.execute("UPDATE app.cards SET status = 'frozen'")
    assert (await refused(till.pool, OPERATOR, *here, 1, until()))[0] == "card_inactive"
    owner.execute("UPDATE app.cards SET status = 'active', expires_at = now()")
    assert (await refused(till.pool, OPERATOR, *here, 1, until()))[0] == "card_expired"
    owner.execute("UPDATE app.cards SET expires_at = NULL, currency = 'EUR'")
    assert (await refused(till.pool, OPERATOR, *here, 1, until()))[0] == "currency_mismatch"
    empty = card_of(owner, OTHER_MEMBER)
    owner.execute("UPDATE app.cards SET currency = NULL WHERE card_id = %s", [empty])
    found = await refused(till.pool, OPERATOR, reserve, world.TERMINAL, "card", empty, 1, until())
    assert found[0] == "card_currency_unset"


@pytest.mark.req("R035")
async def test_one_last_cent_is_set_aside_once(till: FakeTill, card: str) -> None:
    await take(till, card, 16999, "card")
    wanted = (reserve, world.TERMINAL, "card", card, 1, until())
    said = await at_once(*(ask(till.pool, OPERATOR, *wanted) for _ in range(10)))
    assert sorted(each["outcome"] for each in said) == ["accepted"] + ["refused"] * 9
    assert await money(till, card) == (0, 0)
    await all_holds(till.pool)


@pytest.mark.req("R038")
async def test_merchants_see_their_own_reservations(till: FakeTill, sold: str) -> None:
    taken = await take(till, sold, 2)
    await settle(till, taken, 1)
    stranger = Claims(UUID(world.STAFF), "staff", [UUID(world.OTHER_MERCHANT)])
    for claims, seen in ((STAFF, 1), (stranger, 0), (MEMBER_CLAIMS, 0)):
        for table in ("reservations", "reservation_uses"):
            assert await _count(till, claims, table) == seen


async def _count(till: FakeTill, claims: Claims, table: str) -> int:

    async with transaction(till.pool, claims) as connection:
        cursor = await connection.execute(f"SELECT count(*) FROM app.{table}".encode())
        ((found,),) = await cursor.fetchall()
    return int(found)
