"""What is set aside for tills: which till, for whom, how much, until when, and what became of it.

Rule: read-only, under the asking person's claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import class_row

from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID

ROWS_SHOWN = 500
CLOSED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AsideRow:
    """One reservation. `unit`: use/<plan id>, or a currency. `left`: what its till may still spend of it.

    `origin`: lease | member | hq. `recalled_by`: hq | member | wanted_elsewhere. `given_up_at`: its till gave it up;
    what is `left` then waits for a decision about a held fact. `closed_at`: it has ended.
    """

    reservation_id: str
    terminal_id: str
    terminal_code: str
    terminal_status: str
    store_name: str
    timezone: str
    member_id: str | None
    source_kind: str
    source_id: str
    unit: str
    plan_names: Mapping[str, str] | None
    amount: int
    used: int
    returned: int
    left: int
    origin: str
    opened_at: datetime
    expires_at: datetime
    recalled_at: datetime | None
    recalled_by: str | None
    given_up_at: datetime | None
    closed_at: datetime | None

    @property
    def state(self) -> str:
        """open | recalled | given_up | closed."""
        if self.closed_at is not None:
            return "closed"
        if self.given_up_at is not None:
            return "given_up"
        return "recalled" if self.recalled_at is not None else "open"


async def open_ones(connection: Connection, terminal_id: str = "") -> tuple[AsideRow, ...]:
    """Return what is set aside, of one till or of all, the first to end first."""
    where: LiteralString = (
        " WHERE r.ledger_id = %(ledger)s AND r.status = 'open'"
        " AND (%(terminal)s = '' OR r.terminal_id::text = %(terminal)s)"
        " ORDER BY r.expires_at, r.reservation_id LIMIT %(limit)s"
    )
    return await _rows(connection, where, {"terminal": terminal_id, "limit": ROWS_SHOWN})


async def closed_last(connection: Connection, terminal_id: str = "") -> tuple[AsideRow, ...]:
    """Return what ended last, of one till or of all."""
    where: LiteralString = (
        " WHERE r.ledger_id = %(ledger)s AND r.status = 'closed'"
        " AND (%(terminal)s = '' OR r.terminal_id::text = %(terminal)s)"
        " ORDER BY r.closed_at DESC, r.reservation_id LIMIT %(limit)s"
    )
    return await _rows(connection, where, {"terminal": terminal_id, "limit": CLOSED_SHOWN})


async def one(connection: Connection, reservation_id: str) -> AsideRow | None:
    """Return one reservation; None when there is none or the person may not see it."""
    found = await _rows(
        connection, " WHERE r.ledger_id = %(ledger)s AND r.reservation_id::text = %(id)s", {"id": reservation_id}
    )
    return found[0] if found else None


async def _rows(connection: Connection, where: LiteralString, values: Mapping[str, Any]) -> tuple[AsideRow, ...]:
    async with connection.cursor(row_factory=class_row(AsideRow)) as cursor:
        await cursor.execute(_ROWS + where, {"ledger": LEDGER_ID, **values})
        return tuple(await cursor.fetchall())


# Whose card it is stands in its act: cards themselves are the operator's to read.
_ROWS: LiteralString = """
SELECT r.reservation_id::text, r.terminal_id::text, t.code AS terminal_code, t.status AS terminal_status,
       s.name AS store_name, s.timezone, coalesce(p.member_id, x.member_id)::text AS member_id, r.source_kind,
       r.source_id::text, r.unit, l.names AS plan_names, r.amount, r.used, r.returned,
       CASE r.status WHEN 'open' THEN r.amount - r.used - r.returned ELSE 0 END AS left, r.origin, r.opened_at,
       r.expires_at, r.recalled_at, r.recalled_by, r.given_up_at, r.closed_at
  FROM app.reservations AS r
  JOIN app.terminals AS t ON t.terminal_id = r.terminal_id
  JOIN app.stores AS s ON s.store_id = t.store_id
  LEFT JOIN app.member_passes AS p
    ON p.ledger_id = r.ledger_id AND p.pass_id = r.source_id AND r.source_kind = 'pass'
  LEFT JOIN app.pass_plans AS l ON l.plan_id = p.plan_id
  LEFT JOIN app.transactions AS x ON x.ledger_id = r.ledger_id AND x.tx_id = r.tx_id AND r.source_kind = 'card'
"""
