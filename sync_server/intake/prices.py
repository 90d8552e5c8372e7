"""Read what a request's cups cost from the server's own catalogue.

Rule: reads under the terminal's claims; the arithmetic is `models.passes`.
"""

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any, TypeVar
from uuid import UUID

from psycopg import sql
from psycopg.rows import dict_row

from models import codec
from models.catalogue import AddOn, PassPlan, PriceList, Product
from models.ids import parse_id
from models.passes import Cup
from models.refusals import Refusal
from sync_server.database.engine import Connection
from sync_server.fleet.values import TerminalIdentity
from sync_server.ledger.functions import LEDGER_ID

T = TypeVar("T")


async def plan_of_pass(connection: Connection, terminal: TerminalIdentity, pass_id: str) -> PassPlan:
    """Return the terms of a pass. Refusals: `pass_unknown`, `pass_other_merchant`."""
    cursor = await connection.execute(
        "SELECT merchant_id::text, plan_id::text FROM app.pass_terms(%s::smallint, %s)", [LEDGER_ID, pass_id]
    )
    row = await cursor.fetchone()
    if row is None:
        raise Refusal("pass_unknown", {"pass_id": pass_id})
    if row[0] != terminal.merchant_id:
        raise Refusal("pass_other_merchant", {"pass_id": pass_id})
    (plan,) = await _read(connection, PassPlan, "pass_plans", "plan_id", [row[1]])
    return plan


async def price_list(connection: Connection, cups: Iterable[Cup], currency: str) -> PriceList:
    """Return the products and add-ons of these cups that the merchant has; what is missing is not on its list."""
    cups = tuple(cups)
    products = await _read(connection, Product, "products", "product_id", {cup.product_id for cup in cups})
    wanted = {choice.add_on_id for cup in cups for choice in cup.add_ons}
    add_ons = await _read(connection, AddOn, "add_ons", "add_on_id", wanted)
    return PriceList(currency, {item.product_id: item for item in products}, {item.add_on_id: item for item in add_ons})


async def _read(connection: Connection, kind: type[T], table: str, key: str, ids: Collection[str]) -> list[T]:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    query = sql.SQL("SELECT {} FROM app.{} WHERE {} = ANY(%s)").format(
        sql.SQL(", ").join(sql.Identifier(name) for name in names), sql.Identifier(table), sql.Identifier(key)
    )
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, [[UUID(text) for text in ids if _is_id(text)]])
        rows = await cursor.fetchall()
    return [codec.from_plain(kind, {name: _plain(value) for name, value in row.items()}) for row in rows]


def _plain(value: object) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _is_id(text: str) -> bool:
    try:
        return parse_id(text) == text
    except Refusal:
        return False
