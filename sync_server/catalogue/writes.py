"""Write what HQ manages: each value checked, stored, and its change noted for the tills, in one transaction.

Rule: the caller's claims decide whose rows it may write (row security). Writing the same value again changes nothing
and notes nothing. Not here: members (members.people), terminals (fleet.terminals).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psycopg import sql
from psycopg.types.json import Jsonb

from models import codec
from models.catalogue import (
    LANGUAGES,
    AddOn,
    Category,
    PassPlan,
    Product,
    SlipTemplate,
    StaffMember,
    Store,
)
from models.ids import parse_id
from models.money import check_amount, check_rate, currency
from models.refusals import Refusal
from sync_server.database.engine import Connection

Managed = Store | Category | Product | AddOn | PassPlan | StaffMember | SlipTemplate


@dataclass(frozen=True, slots=True)
class _Home:
    change: str
    table: str
    key: str


_HOMES: Mapping[type, _Home] = {
    Store: _Home("store", "stores", "store_id"),
    Category: _Home("category", "categories", "category_id"),
    Product: _Home("product", "products", "product_id"),
    AddOn: _Home("add_on", "add_ons", "add_on_id"),
    PassPlan: _Home("plan", "pass_plans", "plan_id"),
    StaffMember: _Home("staff", "staff", "staff_id"),
    SlipTemplate: _Home("template", "slip_templates", "template_id"),
}
_REMOVABLE = frozenset({Category, Product, AddOn, SlipTemplate})


async def put_merchant(connection: Connection, merchant_id: str, code: str, name: str) -> bool:
    """Write a merchant; True when it changed."""
    cursor = await connection.execute(
        "INSERT INTO app.merchants AS m (merchant_id, code, name) VALUES (%s, %s, %s) ON CONFLICT (merchant_id)"
        " DO UPDATE SET code = excluded.code, name = excluded.name"
        " WHERE (m.code, m.name) IS DISTINCT FROM (excluded.code, excluded.name)",
        [parse_id(merchant_id), code, name],
    )
    return cursor.rowcount == 1


async def put(connection: Connection, value: Managed) -> bool:
    """Write a value of the catalogue; True when it changed.

    Refusals: `request_malformed` (ids, names, time zone), `amount_invalid`, `currency_mismatch`, `template_invalid`.
    """
    check(value)
    home = _HOMES[type(value)]
    columns = [field.name for field in fields(value)]
    old_store = await _store_of(connection, value) if isinstance(value, StaffMember) else None
    identifiers = [sql.Identifier(name) for name in columns]
    listed = sql.SQL(", ").join(identifiers)
    cursor = await connection.execute(
        sql.SQL(
            "INSERT INTO app.{table} AS t ({columns}) VALUES ({values}) ON CONFLICT ({key}) DO UPDATE"
            " SET ({columns}) = ROW ({excluded}) WHERE ROW ({old}) IS DISTINCT FROM ROW ({excluded})"
        ).format(
            table=sql.Identifier(home.table),
            columns=listed,
            values=sql.SQL(", ").join(sql.Placeholder() for _ in columns),
            key=sql.Identifier(home.key),
            excluded=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in identifiers),
            old=sql.SQL(", ").join(sql.SQL("t.{}").format(name) for name in identifiers),
        ),
        [_column(getattr(value, name)) for name in columns],
    )
    if cursor.rowcount == 0:
        return False
    key, store_id = getattr(value, home.key), getattr(value, "store_id", None)
    await note(connection, home.change, key, value.merchant_id, store_id)
    if old_store is not None and old_store != store_id:
        await note(connection, home.change, key, value.merchant_id, old_store)
    return True


async def remove(connection: Connection, kind: type[Managed], key: str, merchant_id: str) -> bool:
    """Take a row out of the catalogue; its tills get a tombstone. True when it was there.

    Stores, people and plans stay for ever, since facts cite them: they are closed by their own fields.
    """
    if kind not in _REMOVABLE:
        raise ValueError(f"{kind.__name__} is never removed")
    home = _HOMES[kind]
    cursor = await connection.execute(
        sql.SQL("DELETE FROM app.{} WHERE {} = %s AND merchant_id = %s").format(
            sql.Identifier(home.table), sql.Identifier(home.key)
        ),
        [parse_id(key), merchant_id],
    )
    if cursor.rowcount == 0:
        return False
    await note(connection, home.change, key, merchant_id, None)
    return True


async def note(connection: Connection, change: str, key: str, merchant_id: str | None, store_id: str | None) -> None:
    """Tell the tills of a store, of a merchant, or of all that a row changed; part of the caller's transaction."""
    await connection.execute("SELECT app.note_change(%s, %s, %s, %s)", [change, key, merchant_id, store_id])


def check(value: Managed) -> None:
    """Refuse a value that a till could not use; Refusals as in `put`."""
    codec.from_plain(type(value), codec.to_plain(value))
    for field in fields(value):
        content = getattr(value, field.name)
        if field.name.endswith("_id") and field.name != "tax_id":
            parse_id(content)
        elif field.name in ("price_minor", "position") and check_amount(content) < 0:
            raise Refusal("amount_invalid", {"field": field.name})
        elif field.name == "vat_rate":
            check_rate(content)
        elif field.name == "currency":
            currency(content)
        elif field.name == "names" and not (content and all(content.values()) and content.keys() <= set(LANGUAGES)):
            raise Refusal("request_malformed", {"pointer": "/names"})
    if isinstance(value, Store):
        _check_store(value)
    if isinstance(value, SlipTemplate):
        _check_template(value)


def _check_store(store: Store) -> None:
    try:
        ZoneInfo(store.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal("request_malformed", {"pointer": "/timezone"}) from error
    if store.slip_language not in LANGUAGES:
        raise Refusal("request_malformed", {"pointer": "/slip_language"})


def _check_template(template: SlipTemplate) -> None:
    try:
        codec.decode(dict[str, object], template.body)
    except Refusal as error:
        raise Refusal("template_invalid", {"kind": template.kind[:40], **error.data}) from error


async def _store_of(connection: Connection, person: StaffMember) -> str | None:
    cursor = await connection.execute("SELECT store_id::text FROM app.staff WHERE staff_id = %s", [person.staff_id])
    row = await cursor.fetchone()
    return row[0] if row else None


def _column(content: object) -> object:
    if isinstance(content, dict):
        return Jsonb(content)
    if isinstance(content, frozenset):
        return sorted(content)
    return list(content) if isinstance(content, tuple) else content
