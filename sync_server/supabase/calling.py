"""The functions that a Supabase client may call: those of source 001 §4, by name, with the types that SQL gives them.

Rule: what is not in this list does not exist here. Arguments become values in Postgres, so that a wrong one is refused
in Postgres's words; the calls themselves are cards.calls', which run bcrypt in Python where the server has no pgcrypto.
Of functions that SQL has too, the list says what `pg_proc` says (a test compares them).
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg import sql
from psycopg.rows import dict_row

from sync_server.cards import calls
from sync_server.database.engine import Claims, Connection, Pool
from sync_server.supabase.reading import Source

Call = Callable[..., Awaitable[object]]
Types = Mapping[str, LiteralString]
KEY = "p_idempotency_key"


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its arguments with their SQL types, the first `required` of them without a default, and what comes
    back: the columns of a set, or the type of one value."""

    call: Call
    arguments: Types
    required: int
    returns: Types | LiteralString

    def takes(self, names: frozenset[str]) -> bool:
        """Whether it can be called with arguments of these names."""
        known = list(self.arguments)
        return names <= set(known) and names >= set(known[: self.required])


_CHARGE: Types = {
    "p_merchant_code": "text", "p_qr_plain": "text", "p_raw_price": "numeric", "p_reason": "text", "p_tag": "jsonb",
    KEY: "text", "p_external_order_id": "text",
}  # fmt: skip
_REFUND: Types = {
    "p_merchant_code": "text", "p_original_tx_no": "text", "p_refund_amount": "numeric", "p_reason": "text",
    "p_tag": "jsonb", KEY: "text",
}  # fmt: skip
_RECHARGE: Types = {
    "p_amount": "numeric", "p_payment_method": "app.pay_method", "p_reason": "text", "p_tag": "jsonb", KEY: "text",
    "p_external_order_id": "text",
}  # fmt: skip
_RECHARGED: Types = {"tx_id": "uuid", "tx_no": "text", "card_id": "uuid", "amount": "numeric"}
_BINDING: Types = {"p_card_no": "text", "p_member_no": "text"}
FUNCTIONS: Mapping[str, Function] = {
    "rotate_card_qr": Function(
        calls.rotate_card_qr,
        {"p_card_id": "uuid", "p_card_type": "app.card_type"},
        2,
        {"qr_plain": "text", "qr_expires_at": "timestamptz"},
    ),
    "merchant_charge_by_qr": Function(
        calls.merchant_charge_by_qr,
        _CHARGE,
        3,
        {"tx_id": "uuid", "tx_no": "text", "card_type": "app.card_type", "card_id": "uuid", "final_amount": "numeric",
         "discount": "numeric"},
    ),
    "merchant_refund_tx": Function(
        calls.merchant_refund_tx,
        _REFUND,
        3,
        {"refund_tx_id": "uuid", "refund_tx_no": "text", "refunded_amount": "numeric"},
    ),
    "user_recharge_personal_card": Function(
        calls.user_recharge_personal_card, {"p_personal_card_id": "uuid", **_RECHARGE}, 2, _RECHARGED
    ),
    "user_recharge_enterprise_card_admin": Function(
        calls.user_recharge_enterprise_card_admin, {"p_enterprise_card_id": "uuid", **_RECHARGE}, 2, _RECHARGED
    ),
    "enterprise_set_initial_admin": Function(calls.enterprise_set_initial_admin, _BINDING, 2, "boolean"),
    "enterprise_add_member": Function(
        calls.enterprise_add_member, {**_BINDING, "p_card_password": "text"}, 3, "boolean"
    ),
    "enterprise_remove_member": Function(calls.enterprise_remove_member, _BINDING, 2, "boolean"),
    "cron_expire_cards": Function(calls.cron_expire_cards, {}, 0, "integer"),
}  # fmt: skip


async def arguments_of(connection: Connection, function: Function, names: frozenset[str], text: str) -> dict[str, Any]:
    """Return the arguments in a JSON object as values of their SQL types; Postgres refuses what is none.

    A text that must be there and is NULL is an empty one: it names nothing, as NULL does.
    """
    if not names:
        return {}
    record = _typed({name: kind for name, kind in function.arguments.items() if name in names})
    statement = sql.SQL("SELECT * FROM jsonb_to_record(%s::jsonb) AS given({})").format(record)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, [text])
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a record is one row
    needed = list(function.arguments)[: function.required]
    empty = {name: "" for name in needed if function.arguments[name] == "text" and row[name] is None}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()} | empty


async def call(pool: Pool, claims: Claims, function: Function, arguments: dict[str, Any]) -> object:
    """Run it. Without a key, or with NULL, the call is one of its own. Raises the ledger's Refusal, DatabaseTrouble."""
    if KEY in function.arguments and arguments.get(KEY) is None:
        arguments = {**arguments, KEY: str(uuid4())}
    return await function.call(pool, claims, **arguments)


def source_of(name: str, function: Function, rows: list[dict[str, Any]]) -> Source:
    """Return the rows of an answer as something to select from."""
    assert not isinstance(function.returns, str)  # noqa: S101 - asked for sets alone
    item = sql.SQL("jsonb_to_recordset(%s::jsonb) AS {}({})").format(sql.Identifier(name), _typed(function.returns))
    return Source(name, tuple(function.returns), item, (json.dumps(rows, default=_plain),))


def _typed(types: Types) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in types.items()
    )


def _plain(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else getattr(value, "isoformat", lambda: str(value))()
