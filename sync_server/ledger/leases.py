"""How much is set aside ahead for a store's regulars (sync.md rung 2), and what is due of it. No policy, nothing.

Rule: as in `units`: a refusal is a result. Handing it out: jobs.leases.
"""

from dataclasses import asdict, dataclass
from typing import Any, LiteralString

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID, Plain
from sync_server.ledger.units import Act, perform


@dataclass(frozen=True, slots=True)
class LeasePolicy:
    """Who was served on `min_visits` of the last `days` days gets `uses` of a pass and `amount_minor` of the own card
    set aside for `valid_hours`, at the till that served them last; at most `most_uses` and `most_minor` on one till.

    Bounds: visits 1–100, days 1–90, uses 0–20, amount 0–1,000.00, hours 1–168.
    """

    min_visits: int
    days: int
    uses: int
    amount_minor: int
    most_uses: int
    most_minor: int
    valid_hours: int


@dataclass(frozen=True, slots=True)
class Due:
    """One reservation that a policy wants: uses of a pass, or minor units of a card, for a till.

    `fencing_no` is the newest of that source: another one there, and this wish is void.
    """

    terminal_id: str
    source_kind: str
    source_id: str
    amount: int
    valid_hours: int
    fencing_no: int


async def put_policy(
    connection: Connection, act: Act, store_id: str, plan_id: str | None, policy: LeasePolicy
) -> Plain:
    """Set a store's policy for passes of one plan, or (None) of any and for cards. By the platform, or people of HQ.

    Refused: store_unknown, plan_unknown, policy_invalid, permission_missing.
    """
    statement: LiteralString = "SELECT app.put_lease_policy(%s::smallint, %s, %s, %s, %s, %s)"
    return await perform(connection, statement, act, store_id, plan_id, Jsonb(asdict(policy)))


async def policies(connection: Connection) -> list[dict[str, Any]]:
    """Return every store that is seen with its policies, as plain values; one without any once, with None in it."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_POLICIES, {"ledger": LEDGER_ID})
        return await cursor.fetchall()


async def due(connection: Connection, limit: int) -> list[Due]:
    """Return what should be set aside now; for the platform."""
    async with connection.cursor(row_factory=class_row(Due)) as cursor:
        await cursor.execute(_DUE, [LEDGER_ID, limit])
        return await cursor.fetchall()


_POLICIES: LiteralString = """
SELECT s.store_id::text, s.name AS store_name, s.timezone, s.currency, p.plan_id::text, l.names AS plan_names,
       p.min_visits, p.days, p.uses, p.amount_minor, p.most_uses, p.most_minor, p.valid_hours, p.name AS set_by,
       p.set_at
  FROM app.stores AS s
  LEFT JOIN app.lease_policies AS p ON p.ledger_id = %(ledger)s AND p.store_id = s.store_id
  LEFT JOIN app.pass_plans AS l ON l.plan_id = p.plan_id
 ORDER BY s.name, s.store_id, p.plan_id NULLS FIRST
"""
_DUE: LiteralString = """
SELECT d.terminal_id::text, d.source_kind, d.source_id::text, d.amount, d.valid_hours, d.fencing_no
  FROM app.leases_due(%s::smallint, %s) AS d
"""
