"""A FakeTill's dealings with cards: top-ups that happened, charges and refunds asked for, and the facts after them.

Rule: for tests only. Money is CNY; the world's cup of tea costs 1800, a pearl 300.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from models import facts, wire
from models.cards import BonusRule, LevelBand, discounted, discounted_vat
from models.facts import Evidence, SoldAddOn, SoldCup
from models.passes import AddOnChoice, Cup
from models.tenders import Tender
from models.wire import ActionAnswer, ActionRequest, ChargeAsked, RefundAsked
from sync_server.cards.levels import put_bands, put_rule
from sync_server.database.engine import PLATFORM, Pool, transaction
from tests.sync_server import world
from tests.sync_server.till import BOBA, MEMBER, FakeTill, rows, value

RULE = BonusRule(
    "0d000000-0000-7000-8000-000000000051", world.MERCHANT, "CNY", 10000, 500, "0.15",
    datetime(2026, 1, 1, tzinfo=UTC), None,
)  # fmt: skip
"""From 100.00 on: 5.00 and 15 % on top; in force since it was made, see `set_terms`."""
BANDS = (LevelBand(0, 0, 99, "1.000"), LevelBand(1, 100, None, "0.950"))


async def set_terms(pool: Pool, till: FakeTill | None = None) -> BonusRule:
    """The merchant's level bands and its bonus rule; what this till does comes after."""
    rule = replace(RULE, starts_at=datetime.now(UTC) - timedelta(minutes=4))
    async with transaction(pool, PLATFORM) as connection:
        await put_bands(connection, world.MERCHANT, BANDS)
        await put_rule(connection, rule)
    if till is not None:
        till.at = max(till.at, rule.starts_at)
    return rule


def top_up(till: FakeTill, amount: int = 10000, bonus: int = 0, **changes: Any) -> facts.ToppedUp:
    """A top-up in cash that happened; with a bonus it cites the rule."""
    body = facts.ToppedUp(
        str(uuid4()), MEMBER, amount, bonus, RULE.rule_id if bonus else None, "CNY",
        (Tender("cash", amount, amount),), (till.slip("VR"),),
    )  # fmt: skip
    body = replace(body, **changes)
    till.fact(body)
    return body


def cups(count: int = 1, boba: int = 0) -> tuple[SoldCup, ...]:
    """Cups of tea, the first with pearls."""
    pearls = (SoldAddOn(BOBA.add_on_id, "珍珠", boba, 0, 300, "0.06"),) if boba else ()
    return tuple(SoldCup(world.PRODUCT, "红茶", 1800, "0.06", pearls if number == 0 else ()) for number in range(count))


def charge(till: FakeTill, code: str, count: int = 1, discount: str = "1.000", **changes: Any) -> ActionRequest:
    """A request to pay cups from the card of a code, with the total that the till shows."""
    raw = 1800 * count
    now = datetime.now(UTC)
    asked = ChargeAsked(
        str(uuid4()), code, (Cup(world.PRODUCT),) * count, raw, discounted(raw, discount), "CNY", till.day(now), now
    )
    return ActionRequest(wire.PROTOCOL, str(uuid4()), charge=replace(asked, **changes))


def refund(tx_no: str | None, amount: int, tender: str | None = None, **changes: Any) -> ActionRequest:
    """A request to give back part of a charge (without tender) or of a top-up."""
    asked = RefundAsked(str(uuid4()), tx_no or "", amount, tender, "CNY", "order_wrong", datetime.now(UTC))
    return ActionRequest(wire.PROTOCOL, str(uuid4()), refund=replace(asked, **changes))


def charged(till: FakeTill, request: ActionRequest, answer: ActionAnswer, **changes: Any) -> facts.CardCharged:
    """The charge as the till writes it down; not yet in its chain."""
    asked, said = charge_of(request), answer.data
    sold = tuple(
        SoldCup(cup.product_id, "红茶", 1800, "0.06", tuple(_pearls(choice) for choice in cup.add_ons))
        for cup in asked.cups
    )
    gross = [("0.06", asked.raw_total_minor)]
    body = facts.CardCharged(
        asked.order_id, said["card_id"], said["card_type"], said["member_id"], sold, asked.raw_total_minor,
        said["discount"], said["total_minor"], "CNY", discounted_vat(gross, said["total_minor"]),
        said["points_earned"], said["balance_minor"], (till.slip("TP"),), "A3", Evidence("online", request.request_id),
    )  # fmt: skip
    return replace(body, **changes)


def refunded(till: FakeTill, request: ActionRequest, answer: ActionAnswer, **changes: Any) -> facts.Refunded:
    """The refund as the till writes it down; not yet in its chain."""
    asked, said = refund_of(request), answer.data
    body = facts.Refunded(
        asked.refund_id, asked.original_tx_no, said["kind"], said["amount_minor"], said["cash_minor"], asked.tender,
        "CNY", said["balance_minor"], asked.reason, (till.slip("VR"),), Evidence("online", request.request_id),
    )  # fmt: skip
    return replace(body, **changes)


def charge_of(request: ActionRequest) -> ChargeAsked:
    """The charge that a request asks for."""
    assert request.charge is not None
    return request.charge


def refund_of(request: ActionRequest) -> RefundAsked:
    """The refund that a request asks for."""
    assert request.refund is not None
    return request.refund


async def credited(till: FakeTill, amount: int = 10000, bonus: int = 0, **changes: Any) -> str:
    """Top up, push it and return its number."""
    top_up(till, amount, bonus, **changes)
    result = (await till.push()).results[-1]
    assert (result.outcome, result.reason) == ("accepted", None)
    assert result.tx_no is not None
    return result.tx_no


async def holds(pool: Pool, member_id: str = MEMBER) -> dict[str, int]:
    """Bucket -> what the member's card holds, empty buckets left out."""
    query = """
        SELECT a.bucket, a.balance FROM app.accounts AS a JOIN app.cards AS c ON c.card_id = a.owner_id
         WHERE a.owner_kind = 'card' AND c.member_id = %s AND a.balance <> 0"""
    return dict(await rows(pool, query, member_id))


async def card_of(pool: Pool, member_id: str = MEMBER) -> str:
    """The id of the member's card."""
    found: str = await value(pool, "SELECT card_id::text FROM app.cards WHERE member_id = %s", member_id)
    return found


def late(request: ActionRequest, minutes: int) -> ActionRequest:
    """The same charge or refund, asked at another time."""
    moved = timedelta(minutes=minutes)
    if request.charge is not None:
        return replace(request, charge=replace(request.charge, happened_at=request.charge.happened_at + moved))
    asked = refund_of(request)
    return replace(request, refund=replace(asked, happened_at=asked.happened_at + moved))


def _pearls(choice: AddOnChoice) -> SoldAddOn:
    return SoldAddOn(choice.add_on_id, "珍珠", choice.quantity, 0, 300, "0.06")
