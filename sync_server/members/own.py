"""What a member sees of themselves: who they are, cards, passes, levels, history, and the till in front of them.

Rule: read-only, under the member's own claims: the doors (sql/own_pages.sql) give the acting member's rows to nobody
else. In the clear a name lives in this module's calls alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row, dict_row

from models.catalogue import Names
from models.phones import mask_phone
from sync_server.database.engine import Connection
from sync_server.keys import Keyring
from sync_server.members import people


@dataclass(frozen=True, slots=True)
class Person:
    """Who they are. `phone` is masked."""

    member_no: str
    status: str
    has_pin: bool
    name: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card they may read; `role`: owner of their own, admin or member of a company's. Money in minor units; without
    `currency` no money has come in yet. `level` and `discount` (0.950: 5 % off) by the operator's bands."""

    card_id: str
    card_type: str
    card_no: str
    company_name: str | None
    role: str
    status: str
    currency: str | None
    principal: int
    bonus: int
    points: int
    level: int | None
    discount: Decimal | None
    expires_at: datetime | None

    @property
    def balance(self) -> int:
        """Principal and bonus."""
        return self.principal + self.bonus


@dataclass(frozen=True, slots=True)
class OwnLevel:
    """A merchant that knows them, and what their points give there."""

    merchant_id: str
    name: str
    level: int
    discount: Decimal


@dataclass(frozen=True, slots=True)
class OwnPass:
    """A pass; `status`: active, suspended (waits for HQ), expired, revoked. `timezone`: a store's of that merchant."""

    pass_id: str
    merchant_id: str
    merchant_name: str
    names: Names
    status: str
    uses_left: int
    uses_bought: int
    expires_at: datetime
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Till:
    """A till as the sign on it says. `known`: its merchant knows the member."""

    terminal_id: str
    code: str
    name: str
    store_name: str
    merchant_id: str
    merchant_name: str
    currency: str
    timezone: str
    status: str
    known: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `kind` is the ledger's (pass_sold, pass_redeemed, order_paid, …), `status` done,
    completed, reversed, pending, or a pass purchase's review. Amounts and uses are signed as the member sees them."""

    id: str
    kind: str
    status: str
    happened_at: datetime
    amount_minor: int
    bonus_minor: int | None
    currency: str | None
    uses: int | None
    names: Names | None
    company_name: str | None
    number: str | None
    place: str | None
    timezone: str | None


async def person(connection: Connection, keys: Keyring, member_id: str) -> Person:
    """Return who the acting member is, in the clear."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "SELECT member_no, status, key_sealed, name_sealed, phone_sealed, pin_sealed IS NOT NULL AS has_pin"
            "  FROM app.members WHERE member_id = %s",
            [member_id],
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a session ends with its member
    name, phone = people.opened(keys, member_id, row["key_sealed"], row["name_sealed"], row["phone_sealed"])
    return Person(row["member_no"], row["status"], row["has_pin"], name, mask_phone(phone) if phone else "")


async def cards(connection: Connection) -> list[OwnCard]:
    """Return their own card first, then the companies'."""
    return await _rows(connection, OwnCard, _CARDS)


async def levels(connection: Connection) -> list[OwnLevel]:
    """Return the merchants that know them."""
    return await _rows(connection, OwnLevel, _LEVELS)


async def passes(connection: Connection) -> list[OwnPass]:
    """Return their passes: those that can be used first, soonest expiry first."""
    return await _rows(connection, OwnPass, _PASSES)


async def till(connection: Connection, code: str) -> Till | None:
    """Return the till with this code, None when there is none."""
    found = await _rows(connection, Till, _TILL, [code])
    return found[0] if found else None


async def history(connection: Connection, before: tuple[datetime, UUID] | None, rows: int) -> list[Event]:
    """Return the newest events, at most 200, older than the one that `before` names."""
    at, event_id = before or (None, None)
    return await _rows(connection, Event, _HISTORY, [at, event_id, rows])


async def _rows(
    connection: Connection, kind: type[Any], query: LiteralString, values: Sequence[object] = ()
) -> list[Any]:
    async with connection.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, values or None)
        return await cursor.fetchall()


_CARDS: LiteralString = """
SELECT card_id::text, card_type, card_no, company_name, role, status, currency, principal, bonus, points, level,
       discount, expires_at
  FROM app.own_card_rows() ORDER BY card_type = 'personal' DESC, company_name
"""
_LEVELS: LiteralString = "SELECT merchant_id::text, name, level, discount FROM app.own_level_rows()"
_PASSES: LiteralString = """
SELECT pass_id::text, merchant_id::text, merchant_name, names, status, uses_left, uses_bought, expires_at, timezone
  FROM app.own_pass_rows()
"""
_TILL: LiteralString = """
SELECT terminal_id::text, code, name, store_name, merchant_id::text, merchant_name, currency, timezone, status, known
  FROM app.own_till(%s)
"""
_HISTORY: LiteralString = """
SELECT id::text, kind, status, happened_at, amount_minor, bonus_minor, currency, uses, names, company_name, number,
       place, timezone
  FROM app.own_history(%s, %s, %s)
"""
