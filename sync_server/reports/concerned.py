"""Whom and what a held fact is about: member, pass, card, plan, cashier, as far as the ledger knows them.

Rule: read-only, under the asking person's claims, as in `orders`. The fact's own words are untrusted: compared as text.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import class_row

from models.catalogue import Names, mask_card_no
from sync_server.database.engine import Connection
from sync_server.keys import Keyring
from sync_server.members.known import KnownMember, ids_in, known


@dataclass(frozen=True, slots=True)
class KnownPass:
    """A pass that the ledger knows, with its holder."""

    pass_id: str
    member_id: str
    names: Names
    status: str
    uses_left: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan that a sale can go to."""

    plan_id: str
    names: Names
    price_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Concerned:
    """`said` is the fact's body as the till wrote it; None and "" stand for what nobody knows here.

    `typed`: a new member as typed at the till, masked. `company`: name and masked number of an enterprise card.
    """

    said: Mapping[str, Any]
    member: KnownMember | None
    held: KnownPass | None
    cashier: str
    approver: str
    typed: str = ""
    company: str = ""


async def concerned(connection: Connection, keys: Keyring, fact: Mapping[str, Any]) -> Concerned:
    """Return what a fact is about."""
    body = fact.get("body")
    said: Mapping[str, Any] = body if isinstance(body, dict) else {}
    members = await known(connection, keys, [str(said["member_id"])]) if said.get("member_id") else []
    cashier, approver = await people_of_fact(connection, fact)
    return Concerned(
        said,
        members[0] if members else None,
        await pass_of(connection, str(said["pass_id"])) if said.get("pass_id") else None,
        cashier,
        approver,
        company=await company_of_fact(connection, fact),
    )


async def people_of_fact(connection: Connection, fact: Mapping[str, Any]) -> tuple[str, str]:
    """Return the names of the cashier and of who approved it; "" for nobody, and for whom nobody knows here."""
    cursor = await connection.execute(
        "SELECT staff_id::text, name FROM app.staff WHERE staff_id = ANY (%s)",
        [ids_in([str(fact.get("cashier_id")), str(fact.get("approver_id"))])],
    )
    staff: dict[object, str] = dict(await cursor.fetchall())
    return staff.get(fact.get("cashier_id"), ""), staff.get(fact.get("approver_id"), "")


async def company_of_fact(connection: Connection, fact: Mapping[str, Any]) -> str:
    """Return name and masked card number of the company whose card a fact names; "" for what is not known."""
    body = fact.get("body")
    if not isinstance(body, dict) or not body.get("card_id"):
        return ""
    cursor = await connection.execute(
        "SELECT company_name, card_no FROM app.named_companies(%s::uuid[])", [ids_in([str(body["card_id"])])]
    )
    row = await cursor.fetchone()
    return f"{row[0]} · {mask_card_no(row[1])}" if row is not None else ""


async def passes_of(connection: Connection, key: str, member_ids: Collection[str]) -> list[KnownPass]:
    """Return the passes of these members at the merchant of the fact `key`, latest expiry first."""
    return await _passes(connection, {"members": ids_in(member_ids), "key": key, "passes": []})


async def pass_of(connection: Connection, pass_id: str) -> KnownPass | None:
    """Return one pass by its id, or by that of one that was merged into it."""
    found = await _passes(connection, {"members": [], "key": "", "passes": ids_in([pass_id])})
    return found[0] if found else None


async def plans(connection: Connection, key: str) -> list[KnownPlan]:
    """Return the plans of the merchant of the fact `key`."""
    async with connection.cursor(row_factory=class_row(KnownPlan)) as cursor:
        await cursor.execute(_PLANS, {"key": key})
        return await cursor.fetchall()


async def _passes(connection: Connection, values: Mapping[str, object]) -> list[KnownPass]:
    async with connection.cursor(row_factory=class_row(KnownPass)) as cursor:
        await cursor.execute(_PASSES, values)
        return await cursor.fetchall()


_PASSES: LiteralString = """
SELECT h.pass_id::text, h.member_id::text, p.names, h.status, h.uses_left, h.expires_at
  FROM app.passes_held AS h JOIN app.pass_plans AS p USING (merchant_id, plan_id)
 WHERE h.pass_id IN (
        SELECT o.pass_id FROM app.member_passes AS o
         WHERE o.member_id = ANY (%(members)s)
           AND o.merchant_id IN (SELECT f.merchant_id FROM app.facts AS f WHERE f.hash = decode(%(key)s, 'hex'))
        UNION ALL SELECT unnest(%(passes)s::uuid[])
        UNION ALL SELECT a.pass_id FROM app.pass_aliases AS a WHERE a.alias_id = ANY (%(passes)s))
 ORDER BY h.expires_at DESC LIMIT 40
"""

_PLANS: LiteralString = """
SELECT p.plan_id::text, p.names, p.price_minor, p.currency FROM app.pass_plans AS p
 WHERE p.merchant_id IN (SELECT f.merchant_id FROM app.facts AS f WHERE f.hash = decode(%(key)s, 'hex'))
 ORDER BY p.price_minor, p.plan_id LIMIT 100
"""
