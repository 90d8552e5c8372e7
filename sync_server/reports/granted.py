"""What tills were granted online without telling what came of it: uses, charges and refunds whose fact is missing.

Rule: read-only, under the asking person's claims. What waits for a person, and since when: app.granted_waiting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import class_row

from sync_server.database.engine import Connection


@dataclass(frozen=True, slots=True)
class GrantedRow:
    """One granted request; `kind` is that of the fact it waits for, `number` of its transaction. Money in minor units.

    `cash_minor`: what a refund of a top-up gives out, None for everything else. `decision`: "stand" when somebody let
    it stand.
    """

    number: str
    terminal_id: str
    request_id: str
    kind: str
    store_name: str
    timezone: str
    terminal_code: str
    terminal_status: str
    member_id: str | None
    uses: int
    amount_minor: int
    currency: str
    cash_minor: int | None
    original_tx_no: str | None
    granted_at: datetime
    decision: str | None

    @property
    def can_be_taken_back(self) -> bool:
        """A refund of a charge cannot: its card has the money."""
        return self.kind != "Refunded" or self.cash_minor is not None


async def granted(connection: Connection) -> tuple[GrantedRow, ...]:
    """Return what waits for a person, oldest first."""
    return await _rows(connection, _ROWS + _WAITING + " ORDER BY a.recorded_at, a.request_id LIMIT 500", {})


async def granted_as(connection: Connection, number: str) -> GrantedRow | None:
    """Return what was granted under a transaction's number; None when its fact came or it was taken back."""
    found = await _rows(connection, _ROWS + " WHERE t.tx_no = %(number)s", {"number": number})
    return found[0] if found else None


async def request_of(connection: Connection, number: str) -> tuple[str, str] | None:
    """Return (terminal, request id) of whatever a till was granted under a number, also when that is settled by now."""
    cursor = await connection.execute(_REQUEST, {"number": number})
    return await cursor.fetchone()


async def granted_to(connection: Connection, key: str) -> GrantedRow | None:
    """Return what the request that a held fact cites was granted; None: nothing, or another fact has confirmed it."""
    found = await _rows(connection, _ROWS + _CITED, {"key": key})
    return found[0] if found else None


async def _rows(connection: Connection, statement: LiteralString, values: Mapping[str, Any]) -> tuple[GrantedRow, ...]:
    async with connection.cursor(row_factory=class_row(GrantedRow)) as cursor:
        await cursor.execute(statement, values)
        return tuple(await cursor.fetchall())


_ROWS: LiteralString = """
SELECT t.tx_no AS number, a.terminal_id::text, a.request_id, a.kind, s.name AS store_name, s.timezone,
       m.code AS terminal_code, m.status AS terminal_status, coalesce(a.member_id, t.member_id)::text AS member_id,
       a.uses, a.amount_minor, a.currency, a.cash_minor, a.original_tx_no, a.recorded_at AS granted_at, d.decision
  FROM app.unconfirmed_acts AS a
  JOIN app.transactions AS t ON t.ledger_id = a.ledger_id AND t.tx_id = a.tx_id
  JOIN app.stores AS s ON s.store_id = a.store_id
  JOIN app.terminals AS m ON m.terminal_id = a.terminal_id
  LEFT JOIN app.granted_decisions AS d
    ON d.ledger_id = a.ledger_id AND d.terminal_id = a.terminal_id AND d.request_id = a.request_id
"""
_WAITING: LiteralString = """
 WHERE (a.terminal_id, a.request_id) IN (SELECT w.terminal_id, w.request_id FROM app.granted_waiting AS w)
"""
_CITED: LiteralString = """
 WHERE EXISTS (SELECT FROM app.facts AS f
                WHERE f.hash = decode(%(key)s, 'hex') AND f.terminal_id = a.terminal_id
                  AND f.kind = a.kind AND position(a.request_id IN convert_from(f.bytes, 'UTF8')) > 0)
"""
_REQUEST: LiteralString = """
WITH t AS (SELECT t.ledger_id, t.tx_id FROM app.transactions AS t WHERE t.tx_no = %(number)s)
SELECT b.terminal_id::text, b.request_id FROM app.pass_redemption_batches AS b JOIN t USING (ledger_id, tx_id)
 WHERE b.request_id IS NOT NULL
UNION ALL
SELECT g.terminal_id::text, g.request_id FROM app.card_charges AS g JOIN t USING (ledger_id, tx_id)
 WHERE g.request_id IS NOT NULL
UNION ALL
SELECT f.terminal_id::text, f.request_id FROM app.card_refunds AS f JOIN t USING (ledger_id, tx_id)
 WHERE f.request_id IS NOT NULL
"""
