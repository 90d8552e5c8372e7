"""What HQ manages in the tests of the road: a merchant with two stores, another merchant, and what they sell.

Rule: written through the server's own functions, as HQ would. Store SZ1 allows some unproven uses, SZ2 none.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from models.cards import BonusRule, LevelBand
from models.catalogue import AddOn, Category, PassPlan, Product, RiskPolicy, SlipTemplate, StaffMember, Store
from printing.slips import TEMPLATE_KINDS
from resources import path
from sync_server.cards.levels import put_bands, put_rule
from sync_server.catalogue import policies
from sync_server.catalogue.writes import Managed, put, put_merchant
from sync_server.database.engine import PLATFORM, Claims, Connection, Pool, transaction
from sync_server.fleet.terminals import put_terminal
from sync_server.keys import Keyring
from sync_server.ledger.functions import OpeningPass, import_opening
from sync_server.ledger.units import Act
from sync_server.members import people
from sync_server.staff.passwords import hash_password
from sync_server.staff.pins import hash_pin

MERCHANT, OTHER_MERCHANT = "1a000000-0000-7000-8000-000000000001", "1a000000-0000-7000-8000-000000000002"
SZ1, SZ2, BC1 = (f"1b000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
TEA, MILK_TEA, WATER, CAFE = (f"1d000000-0000-7000-8000-00000000001{n}" for n in (1, 2, 3, 4))
PEARLS, CHEESE = "1d000000-0000-7000-8000-000000000021", "1d000000-0000-7000-8000-000000000022"
TEN, REVIEWED, TAXED, TIGHT, BONO = (f"1d000000-0000-7000-8000-00000000003{n}" for n in (1, 2, 3, 4, 5))
RULE = "1d000000-0000-7000-8000-000000000041"
PIN, PASSWORD = "246810", "correct horse battery staple"
TERMINALS = 6000 if os.environ.get("FAULTS_FULL") == "1" else 200
"""Every pairing takes one; cutting the pairing at each of its bytes takes thousands."""

_TEA_TAB, _CAFE_TAB = "1d000000-0000-7000-8000-000000000001", "1d000000-0000-7000-8000-000000000002"
STORES = (
    Store(
        SZ1, MERCHANT, "SZ1", "茶乐园 深圳店", "Asia/Shanghai", "CNY", "zh-CN", "茶乐园有限公司", "91440300TEST", "深圳"
    ),
    Store(
        SZ2, MERCHANT, "SZ2", "茶乐园 福田店", "Asia/Shanghai", "CNY", "zh-CN", "茶乐园有限公司", "91440300TEST", "深圳"
    ),
    Store(BC1, OTHER_MERCHANT, "BC1", "Té y Juegos", "Europe/Madrid", "EUR", "es-ES", "Té S.L.", "B12345674", "BCN"),
)


def _plan(plan_id: str, name: str, price_minor: int, uses: int, **terms: Any) -> PassPlan:
    """A plan that is active at once and untaxed, unless `terms` say otherwise."""
    plan = PassPlan(
        plan_id, MERCHANT, {"zh-CN": name, "en": name}, price_minor, "CNY", uses, 90, True, "tea", "none", "0"
    )  # fmt: skip
    return replace(plan, **terms)


CATALOGUE: tuple[Managed, ...] = (
    Category(_TEA_TAB, MERCHANT, {"zh-CN": "茶饮", "en": "Tea"}, 1),
    Category(_CAFE_TAB, OTHER_MERCHANT, {"es-ES": "Café"}, 1),
    AddOn(PEARLS, MERCHANT, {"zh-CN": "珍珠"}, 200, "0.06", "free_addon"),
    AddOn(CHEESE, MERCHANT, {"zh-CN": "芝士奶盖"}, 400, "0.06", "paid_addon"),
    Product(TEA, MERCHANT, _TEA_TAB, {"zh-CN": "红茶"}, 1800, "0.06", frozenset({"tea"}), (PEARLS, CHEESE), 1),
    Product(MILK_TEA, MERCHANT, _TEA_TAB, {"zh-CN": "奶茶"}, 2200, "0.06", frozenset({"tea"}), (PEARLS,), 2),
    Product(WATER, MERCHANT, _TEA_TAB, {"zh-CN": "矿泉水"}, 500, "0.13", frozenset(), (), 3),
    Product(CAFE, OTHER_MERCHANT, _CAFE_TAB, {"es-ES": "Café"}, 250, "0.10", frozenset({"tea"})),
    _plan(TEN, "十杯卡", 15000, 10, global_free_addon_limit=1),
    _plan(REVIEWED, "审核卡", 9900, 5, auto_activate=False),
    _plan(TAXED, "单一用途卡", 15900, 10, vat_mode="single_purpose", vat_rate="0.06"),
    _plan(TIGHT, "限次卡", 9900, 10, max_uses_per_order=2, max_uses_per_day=3),
    _plan(BONO, "Bono", 2000, 10, merchant_id=OTHER_MERCHANT, currency="EUR"),
)
BANDS = (LevelBand(0, 0, 99, "1.000"), LevelBand(1, 100, None, "0.950"))
BONUS = BonusRule(RULE, MERCHANT, "CNY", 10000, 500, "0.15", datetime(2026, 1, 1, tzinfo=UTC), None)
"""From 100.00 on: 5.00 and 15 % on top."""
OPERATOR = Claims(UUID(int=9), "platform")
POLICY = RiskPolicy("1f000000-0000-7000-8000-000000000001", SZ1, 1, 2, 3, 5, 86400, 43200)


@dataclass(frozen=True)
class Person:
    """A member as a test knows them."""

    member_id: str
    name: str
    phone: str
    passes: dict[str, str]
    """Plan -> the pass brought from a former system."""


async def open_shop(pool: Pool, keys: Keyring) -> None:
    """Write the whole shop; once per database."""
    async with transaction(pool, PLATFORM) as connection:
        await put_merchant(connection, MERCHANT, "TEA", "茶乐园")
        await put_merchant(connection, OTHER_MERCHANT, "TE", "Té y Juegos")
        for value in (*STORES, *CATALOGUE, *_templates(), *_staff()):
            await put(connection, value)
        for store in STORES:
            for number in range(1, TERMINALS + 1):
                name = f"{number:03d}"
                await put_terminal(
                    connection, str(uuid4()), store.merchant_id, store.store_id, store.code + "T" + name, name
                )
        await put_bands(connection, MERCHANT, BANDS)
        cursor = await connection.execute("SELECT app.now_utc()")
        ((now,),) = await cursor.fetchall()
        await put_rule(connection, replace(BONUS, starts_at=now))
        await connection.execute(
            "SELECT app.hq_upsert_user(%s, %s, %s, %s, %s, %s)",
            [UUID(int=1), "ana", "Ana", "hq", [UUID(MERCHANT), UUID(OTHER_MERCHANT)], hash_password(PASSWORD)],
        )
    await policies.put_in_force(pool, keys, OPERATOR, Act("policy", bytes(32)), POLICY, datetime.now(UTC))


def template_id(merchant: str, kind: str) -> str:
    """A merchant has one template of a kind."""
    return str(uuid5(UUID(merchant), kind))


def _templates() -> list[SlipTemplate]:
    """The slips as they ship, for both merchants."""
    return [
        SlipTemplate(template_id(merchant, kind), merchant, kind, 1, path(f"templates/{kind}.json").read_text("utf-8"))
        for merchant in (MERCHANT, OTHER_MERCHANT)
        for kind in TEMPLATE_KINDS
    ]


def _staff() -> list[StaffMember]:
    pin_hash = hash_pin(PIN)
    return [
        StaffMember(str(uuid4()), store.merchant_id, store.store_id, "小李", pin_hash, frozenset({"reprint", "refund"}))
        for store in STORES
    ]


async def register(
    pool: Pool, keys: Keyring, number: int, uses: dict[str, int], *, merchant: str, expires: timedelta, status: str
) -> Person:
    """Register a member who brings passes: plan -> uses left."""
    person = Person(str(uuid4()), "王小雨", f"+86138{number:08d}", {plan: str(uuid4()) for plan in uses})
    async with transaction(pool, PLATFORM) as connection:
        new = people.NewMember(person.member_id, f"M{number:08d}", person.name, person.phone)
        await people.create(connection, keys, new, merchant, datetime.now(UTC))
        if uses:
            await _bring(connection, person, uses, merchant, datetime.now(UTC) + expires, status)
    return person


async def _bring(
    connection: Connection, person: Person, uses: dict[str, int], merchant: str, expires_at: datetime, status: str
) -> None:
    rows = [
        OpeningPass(person.passes[plan], person.member_id, plan, status, max(10, left), left, 15000, expires_at)
        for plan, left in uses.items()
    ]
    outcome = await import_opening(connection, merchant, f"opening {person.member_id}", rows)
    assert outcome["outcome"] == "accepted", outcome
