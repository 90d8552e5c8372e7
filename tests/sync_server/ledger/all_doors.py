"""One pass through every door that posts, at one moment of the ledger's clock.

Rule: for tests only. Each step returns the numbers of what it posted; whoever calls compares them with what is there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from models.facts import Evidence, RequestAbandoned
from sync_server.cards import calls
from sync_server.cards.enterprise import create_enterprise_card
from sync_server.database.engine import PLATFORM, Claims
from sync_server.ledger.decisions import Adjustment, decide_adjustment, propose_adjustment, review_pass_order
from sync_server.ledger.functions import OpeningBalance, OpeningPass, import_opening
from sync_server.ledger.reservations import close_reservation, release_at_risk, reserve, settle_reservation
from sync_server.ledger.top_ups import confirm_top_up
from sync_server.ledger.units import Trade, debit_tickets, grant_units, reverse_grant, trade_units
from tests.sync_server import card_till, world
from tests.sync_server.ledger.asking import (
    COLLEAGUE,
    MEMBER_CLAIMS,
    OPERATOR,
    STAFF,
    TERMINAL,
    Door,
    Outcome,
    ask,
    run,
)
from tests.sync_server.till import MEMBER, ONLINE, OTHER_MEMBER, OWN, REVIEWED_PLAN, FakeTill, plan, rows, value

KINDS = {
    "adjusted", "card_charged", "charge_refunded", "grant_reversed", "granted", "opening", "order_paid",
    "pass_redeemed", "pass_reviewed", "pass_sold", "released", "reserved", "reversal", "settled", "ticket_debited",
    "topped_up", "traded",
}  # fmt: skip
"""What all of it posts."""
_PASSWORD = "correct horse battery"
_WHY = "at the edge"


async def through_every_door(till: FakeTill, moment: datetime) -> list[str]:
    """A day of a shop: the numbers of its transactions."""
    sold, numbers = await _at_the_till(till)
    numbers += await _asked_online(till, sold, moment)
    numbers += await _set_aside(till, sold, moment)
    numbers += await _units(till)
    numbers += await _decided(till)
    numbers += await _opening(till, moment)
    return numbers + await _source_001(till)


async def _done(till: FakeTill, claims: Claims, door: Door, *values: Any) -> Outcome:
    found = await ask(till.pool, claims, door, *values)
    assert found["outcome"] == "accepted", found
    return found


async def _pushed(till: FakeTill) -> list[str]:
    results = (await till.push()).results
    assert {result.outcome for result in results} <= {"accepted", "already_known"}, results
    return [result.tx_no for result in results if result.outcome == "accepted" and result.tx_no is not None]


async def _at_the_till(till: FakeTill) -> tuple[str, list[str]]:
    reviewed = plan(REVIEWED_PLAN, auto_activate=False)
    sold = till.sell_pass().pass_id
    till.sell_pass(sold=reviewed)
    till.sell_pass(sold=reviewed, member_id=OTHER_MEMBER)
    till.order()
    card_till.top_up(till, 10000)
    till.redeem(sold, OWN, extra=1)
    return sold, await _pushed(till)


async def _asked_online(till: FakeTill, sold: str, moment: datetime) -> list[str]:
    """A request and its fact are one; another is given up."""
    body = till.redemption(sold, ONLINE)
    day = till.day(moment)
    request, late = (
        till.request(each, happened_at=moment, business_day=day)
        for each in (body, replace(body, redemption_id=str(uuid4())))
    )
    answer, given_up = await till.ask(request), await till.ask(late)
    assert (answer.outcome, given_up.outcome) == ("accepted", "accepted"), (answer, given_up)
    till.fact(replace(body, business_day=day, evidence=Evidence("online", request.request_id)))
    till.fact(RequestAbandoned(late.request_id, "no_answer"))
    again, reversal = await _pushed(till)
    assert again == answer.tx_no
    assert given_up.tx_no is not None
    return [again, given_up.tx_no, reversal]


async def _set_aside(till: FakeTill, sold: str, moment: datetime) -> list[str]:
    card = await value(till.pool, "SELECT card_id::text FROM app.cards WHERE member_id = %s", MEMBER)
    numbers = []
    for kind, source, end in (
        ("pass", sold, (TERMINAL, close_reservation)),
        ("card", card, (OPERATOR, release_at_risk)),
    ):
        until = moment + timedelta(hours=1)
        taken = await _done(till, OPERATOR, reserve, world.TERMINAL, kind, source, 3, until)
        name = taken["reservation_id"]
        used = await _done(till, TERMINAL, settle_reservation, name, 1, str(uuid4()), moment)
        back = await _done(till, *end, name, *([_WHY] if kind == "card" else []))
        assert back["returned"] == 2
        numbers += [taken["tx_no"], used["tx_no"], back["tx_no"]]
    return numbers


async def _units(till: FakeTill) -> list[str]:
    shop = world.MERCHANT
    tickets = await _done(till, OPERATOR, grant_units, MEMBER, "ticket", 500, _WHY)
    beans = await _done(till, OPERATOR, grant_units, MEMBER, "bean", 5, _WHY)
    dragons = await _done(till, STAFF, grant_units, MEMBER, "fragment/dragon", 3, _WHY, shop)
    back = await _done(till, OPERATOR, reverse_grant, beans["tx_no"], _WHY)
    spent = await _done(till, TERMINAL, debit_tickets, MEMBER, 400, "C-17")
    traded = await _done(till, OPERATOR, trade_units, Trade(shop, MEMBER, "fragment/dragon", 2, "silver", 40))
    return [each["tx_no"] for each in (tickets, beans, dragons, back, spent, traded)]


async def _decided(till: FakeTill) -> list[str]:
    """A correction by two people, and two purchases that awaited their review."""
    wrong = Adjustment(None, "member", MEMBER, "silver", None, -10, _WHY)
    proposed = await _done(till, OPERATOR, propose_adjustment, wrong)
    agreed = await _done(till, COLLEAGUE, decide_adjustment, proposed["adjustment_id"], True)
    waiting = "SELECT topup_order_id::text FROM app.topup_orders WHERE review = 'pending' AND member_id = %s"
    await _done(till, STAFF, review_pass_order, await value(till.pool, waiting, MEMBER), "approve", None)
    rejected = await _done(
        till, STAFF, review_pass_order, await value(till.pool, waiting, OTHER_MEMBER), "reject", _WHY
    )
    return [agreed["tx_no"], rejected["tx_no"]]


async def _opening(till: FakeTill, moment: datetime) -> list[str]:
    brought = OpeningPass(
        str(uuid4()), OTHER_MEMBER, world.PLAN, "active", 10, 7, 15000, moment + timedelta(days=30)
    )  # fmt: skip
    money = [OpeningBalance(OTHER_MEMBER, "principal", "CNY", 12345)]
    found = await run(till.pool, PLATFORM, lambda it: import_opening(it, world.MERCHANT, "opening", [brought], money))
    return [found["tx_no"]]


async def _source_001(till: FakeTill) -> list[str]:
    """An enterprise card from its first admin to its first cup, and part of that given back."""
    made = await create_enterprise_card(till.pool, PLATFORM, "E9", "Acme", Decimal("0.900"), "CNY", _PASSWORD)
    admin, other = [row[0] for row in await rows(
        till.pool, "SELECT member_no FROM app.members ORDER BY member_id")]  # fmt: skip
    assert await calls.enterprise_set_initial_admin(till.pool, PLATFORM, "E9", admin)
    assert await calls.enterprise_add_member(till.pool, MEMBER_CLAIMS, "E9", other, _PASSWORD)
    asked = await calls.user_recharge_enterprise_card_admin(
        till.pool, MEMBER_CLAIMS, made["card_id"], Decimal(100), p_idempotency_key=_key()
    )
    paid = await _done(till, OPERATOR, confirm_top_up, asked["tx_no"], "pay-1")
    code = await calls.rotate_card_qr(till.pool, MEMBER_CLAIMS, made["card_id"], "enterprise")
    shop = await value(till.pool, "SELECT code FROM app.merchants WHERE merchant_id = %s", world.MERCHANT)
    charged = await calls.merchant_charge_by_qr(
        till.pool, STAFF, shop, code["qr_plain"], Decimal("25.50"), p_idempotency_key=_key()
    )
    refunded = await calls.merchant_refund_tx(
        till.pool, STAFF, shop, charged["tx_no"], Decimal(10), p_idempotency_key=_key()
    )
    assert await calls.enterprise_remove_member(till.pool, MEMBER_CLAIMS, "E9", other)
    assert paid["tx_no"] == asked["tx_no"]
    return [asked["tx_no"], charged["tx_no"], refunded["refund_tx_no"]]


def _key() -> str:
    return str(uuid4())
