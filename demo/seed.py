"""Write the demo's shops, people and passes into a server, once: running it again changes nothing.

Rule: everything goes through the server's own functions, in one transaction (but for risk policies); what members hold
comes in as the ledger's balanced opening import.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from demo.members import MEMBERS, DemoMember
from demo.shops import Person, Shop, demo_id, shops
from models.catalogue import StaffMember
from sync_server.api.rooms import Rooms
from sync_server.cards.levels import put_bands, put_rule
from sync_server.catalogue import policies
from sync_server.catalogue.writes import Managed, put, put_merchant
from sync_server.database.engine import Claims, Connection, transaction
from sync_server.fleet.terminals import put_terminal
from sync_server.ledger.functions import OpeningBalance, OpeningPass, import_opening
from sync_server.ledger.units import Act
from sync_server.members import people
from sync_server.members.people import NewMember
from sync_server.staff.passwords import hash_password
from sync_server.staff.pins import hash_pin, pin_fits

OPERATOR = Claims(UUID(demo_id("operator")), "platform")
HQ_LOGIN, HQ_PASSWORD = "demo", "pinecone-2026"
"""Shown on the demo's printed page."""


async def seed(rooms: Rooms) -> bool:
    """Write what is missing; True when this server had not been seeded before."""
    both = shops()
    async with transaction(rooms.pool, OPERATOR) as connection:
        for shop in both:
            await _write_shop(connection, shop)
        await people.complete_phones(connection, rooms.keys, rooms.now())
        first = False
        for member in MEMBERS:
            merchant_id = next(shop.store.merchant_id for shop in both if shop.store.code == member.shop)
            new = NewMember(member.member_id, member.number, member.name, member.phone, member.level)
            first |= await people.create(connection, rooms.keys, new, merchant_id, rooms.now()) is not None
        if first:
            for shop in both:
                await put_bands(connection, shop.store.merchant_id, shop.bands)
                for rule in shop.bonus_rules:
                    await put_rule(connection, replace(rule, starts_at=rooms.now()))
                await _open_passes(connection, shop, rooms.now())
            await _make_hq_user(connection, both)
    for shop in both:  # once, as HQ does it: what was put in force since stands
        act = Act(shop.policy.policy_id, hashlib.sha256(policies.body_of(shop.policy).encode()).digest())
        await policies.put_in_force(rooms.pool, rooms.keys, OPERATOR, act, shop.policy, rooms.now())
    return first


async def _write_shop(connection: Connection, shop: Shop) -> None:
    store = shop.store
    await put_merchant(connection, store.merchant_id, shop.merchant_code, shop.merchant_name)
    values: list[Managed] = [store, *shop.categories, *shop.add_ons, *shop.products, *shop.plans, *shop.templates]
    for value in values:
        await put(connection, value)
    for person in shop.people:
        await _put_person(connection, shop, person)
    for code in shop.terminals:
        await put_terminal(connection, demo_id(f"terminal/{code}"), store.merchant_id, store.store_id, code, code[-3:])


async def _put_person(connection: Connection, shop: Shop, person: Person) -> None:
    """Write a cashier; a hash that fits the PIN already is kept, for a new one would be another each time."""
    cursor = await connection.execute("SELECT pin_hash FROM app.staff WHERE staff_id = %s", [person.staff_id])
    row = await cursor.fetchone()
    pin_hash = row[0] if row is not None and pin_fits(person.pin, row[0]) else hash_pin(person.pin)
    store = shop.store
    await put(
        connection,
        StaffMember(person.staff_id, store.merchant_id, store.store_id, person.name, pin_hash, person.permissions),
    )


async def _open_passes(connection: Connection, shop: Shop, now: datetime) -> None:
    """Bring in passes, balances and points of the members who hold something at this shop."""
    passes, balances = [], []
    for member in MEMBERS:
        passes += [
            _opening(shop, member, index, now)
            for index, held in enumerate(member.passes)
            if held.shop == shop.store.code
        ]
        if member.shop == shop.store.code:
            balances += _balances(member, shop.store.currency)
    outcome = await import_opening(connection, shop.store.merchant_id, "demo-opening", passes, balances)
    if outcome["outcome"] != "accepted":
        raise RuntimeError(f"the ledger did not take the opening of {shop.store.code}: {outcome}")
    for balance in balances:
        await connection.execute("SELECT app.note_member(%s)", [balance.member_id])


def _opening(shop: Shop, member: DemoMember, index: int, now: datetime) -> OpeningPass:
    held = member.passes[index]
    plan = shop.plan(held.plan)
    return OpeningPass(
        pass_id=member.pass_id(held),
        member_id=member.member_id,
        plan_id=plan.plan_id,
        status=held.status,
        uses_bought=held.bought,
        uses_left=held.left,
        amount_minor=plan.price_minor,
        expires_at=now + timedelta(days=held.days),
    )


def _balances(member: DemoMember, currency: str) -> list[OpeningBalance]:
    found = [
        OpeningBalance(member.member_id, "principal", currency, member.balance_minor),
        OpeningBalance(member.member_id, "points", "point", member.points),
    ]
    return [balance for balance in found if balance.amount]


async def _make_hq_user(connection: Connection, both: tuple[Shop, ...]) -> None:
    await connection.execute(
        "SELECT app.hq_upsert_user(%s, %s, %s, %s, %s::uuid[], %s)",
        [
            demo_id("hq/demo"),
            HQ_LOGIN,
            "Demo HQ",
            "hq",
            [shop.store.merchant_id for shop in both],
            hash_password(HQ_PASSWORD),
        ],
    )
