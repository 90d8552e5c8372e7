"""The values that a till mirrors, in their wire form: one query a table, for the keys of a page.

Rule: what this terminal's store may not see is absent, and so becomes a tombstone. The session's claims are the
terminal's, so that row security holds besides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from models import codec
from models.cards import BonusRule, LevelBand
from models.catalogue import (
    AddOn,
    Category,
    MemberPass,
    PassPlan,
    Product,
    SignedPolicy,
    SlipTemplate,
    StaffMember,
    Store,
)
from models.reservations import Reservation
from models.wire import HeldDecision, MemberAlias, SealingKey, ServerKey
from sync_server.database.engine import Connection
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID
from sync_server.members import people

Values = dict[str, dict[str, Any]]

_TABLES: dict[str, tuple[type, str, str, str]] = {
    "store": (Store, "app.stores", "store_id", "store_id = %(store)s"),
    "staff": (StaffMember, "app.staff", "staff_id", "store_id = %(store)s"),
    "category": (Category, "app.categories", "category_id", "merchant_id = %(merchant)s"),
    "product": (Product, "app.products", "product_id", "merchant_id = %(merchant)s"),
    "add_on": (AddOn, "app.add_ons", "add_on_id", "merchant_id = %(merchant)s"),
    "plan": (PassPlan, "app.pass_plans", "plan_id", "merchant_id = %(merchant)s"),
    "template": (SlipTemplate, "app.slip_templates", "template_id", "merchant_id = %(merchant)s"),
}
"""Change table -> value type, table, key column, and who may see a row. The columns are the fields of the type."""

_POLICIES = """
SELECT DISTINCT ON (store_id) store_id::text AS key, body, key_id, signature FROM app.risk_policies
 WHERE store_id::text = ANY(%(keys)s) AND store_id = %(store)s ORDER BY store_id, version DESC
"""
_PASSES = """
SELECT p.pass_id::text AS key, p.pass_id, p.merchant_id, p.member_id, p.plan_id, p.status, p.uses_bought, p.uses_left,
       p.expires_at, coalesce(p.used_on::text, '') AS used_on, p.used_today
  FROM app.passes_held AS p
 WHERE p.ledger_id = %(ledger)s AND p.pass_id = ANY(%(keys)s::text[]::uuid[]) AND p.merchant_id = %(merchant)s
"""
_LEVEL_BANDS = """
SELECT named.key, l.level, l.min_points, l.max_points, l.discount::text AS discount, l.merchant_id
  FROM app.membership_levels AS l
 CROSS JOIN LATERAL (SELECT coalesce(l.merchant_id::text, 'operator') || '/' || l.level AS key) AS named
 WHERE named.key = ANY(%(keys)s) AND (l.merchant_id = %(merchant)s OR l.merchant_id IS NULL)
"""
_BONUS_RULES = """
SELECT r.rule_id::text AS key, r.rule_id, r.merchant_id, r.currency, r.min_amount_minor, r.bonus_minor,
       r.bonus_rate::text AS bonus_rate, r.starts_at, r.ends_at
  FROM app.bonus_rules AS r WHERE r.rule_id = ANY(%(keys)s::text[]::uuid[]) AND r.merchant_id = %(merchant)s
"""
_SERVER_KEYS = """
SELECT key_id AS key, key_id, translate(encode(public_key, 'base64'), E'\\n', '') AS public_key
  FROM app.server_keys WHERE key_id = ANY(%(keys)s)
"""
_SEALING_KEYS = """
SELECT key_id AS key, key_id, translate(encode(public_key, 'base64'), E'\\n', '') AS public_key, use_from
  FROM app.sealing_keys WHERE key_id = ANY(%(keys)s)
"""
_MEMBER_ALIASES = """
SELECT a.alias_id::text AS key, a.alias_id, a.member_id FROM app.member_aliases AS a
 WHERE a.alias_id = ANY(%(keys)s::text[]::uuid[]) AND a.merchant_id = %(merchant)s
"""
_DECISIONS = """
SELECT encode(chain.hash, 'hex') AS key, encode(chain.hash, 'hex') AS hash, d.decision, d.reason, d.tx_no, d.decided_at
  FROM app.held_decisions AS d
  JOIN app.facts AS f ON f.ledger_id = d.ledger_id AND f.terminal_id = d.terminal_id AND f.hash = d.hash
 CROSS JOIN LATERAL (VALUES (coalesce(f.chained_as, f.hash))) AS chain (hash)
 WHERE d.ledger_id = %(ledger)s AND d.terminal_id = %(terminal)s
   AND chain.hash IN (SELECT decode(wanted, 'hex') FROM unnest(%(keys)s::text[]) AS wanted)
"""
# What has ended is told too, as long as a code of it may be believed somewhere (31 days at most).
_RESERVATIONS = """
SELECT r.reservation_id::text AS key, r.reservation_id, r.token, r.amount, r.used, r.expires_at, r.origin,
       CASE WHEN r.status = 'closed' OR r.given_up_at IS NOT NULL THEN 'closed'
            WHEN r.recalled_at IS NOT NULL THEN 'recalled' ELSE 'open' END AS state
  FROM app.reservations AS r
 WHERE r.ledger_id = %(ledger)s AND r.reservation_id = ANY(%(keys)s::text[]::uuid[])
   AND r.terminal_id = %(terminal)s::text::uuid AND r.token IS NOT NULL
   AND (r.status = 'open' OR r.closed_at > now() - interval '31 days')
"""
_QUERIES: dict[str, tuple[type, str]] = {
    "policy": (SignedPolicy, _POLICIES),
    "server_key": (ServerKey, _SERVER_KEYS),
    "sealing_key": (SealingKey, _SEALING_KEYS),
    "member_alias": (MemberAlias, _MEMBER_ALIASES),
    "pass": (MemberPass, _PASSES),
    "level_band": (LevelBand, _LEVEL_BANDS),
    "bonus_rule": (BonusRule, _BONUS_RULES),
    "decision": (HeldDecision, _DECISIONS),
    "reservation": (Reservation, _RESERVATIONS),
}
"""Change table -> value type and the query for its values, with the column `key` besides."""


async def values(
    connection: Connection, keys: Keyring, terminal: TerminalIdentity, table: str, wanted: Sequence[str]
) -> Values:
    """Return key -> value in wire form for the keys of one change table that exist for this terminal."""
    if table == "member":
        found = await people.mirrored(connection, keys, terminal.merchant_id, terminal.store_id, wanted)
        return {member.member_id: codec.to_plain(member) for member in found}
    parameters = {
        "keys": list(wanted),
        "store": terminal.store_id,
        "merchant": terminal.merchant_id,
        "ledger": LEDGER_ID,
        "terminal": terminal.terminal_id,
    }
    if table in _QUERIES:
        kind, query = _QUERIES[table]
        return await _values(connection, query, parameters, kind)
    kind, name, key, visible = _TABLES[table]
    query = f"SELECT *, {key}::text AS key FROM {name} WHERE {key} = ANY(%(keys)s::text[]::uuid[]) AND {visible}"  # noqa: S608
    return await _values(connection, query, parameters, kind)


async def _values(connection: Connection, query: str, parameters: Mapping[str, object], kind: type) -> Values:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query.encode(), parameters)
        rows = await cursor.fetchall()
    names = [field.name for field in fields(kind)]
    return {row["key"]: {name: _plain(row[name]) for name in names} for row in rows}


def _plain(value: object) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return codec.to_plain(value)
