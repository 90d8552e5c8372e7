"""The tills as HQ sees them: state, last contact, how far their facts came, what waits, and what they may lose.

Rule: read-only, under the asking person's claims, as in `orders`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID
from sync_server.reports import risk


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """One till. `seq` is up to where its facts are durable here, `backed_up_seq` in a backup too; `held` is how many of
    them wait for a person, `quarantined` those that came after it was revoked; `alarms` are open. `forked_at`: nothing
    is taken on risk since.

    `cap` and `exposure` by unit ("use", "ticket" or a currency, minor units): what its policy lets it lose, and that
    with what is reserved on it. A revoked or forked till has no cap; what was reserved on it counts on.
    """

    terminal_id: UUID
    store_id: UUID
    code: str
    store_name: str
    timezone: str
    status: str
    last_seen_at: datetime | None
    version: str
    seq: int
    backed_up_seq: int
    held: int
    quarantined: int
    alarms: int
    forked_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_why: str | None
    cap: Mapping[str, int]
    exposure: Mapping[str, int]


async def terminals(connection: Connection, terminal_id: UUID | None = None) -> tuple[TerminalRow, ...]:
    """Return the tills the person may see, by code; with `terminal_id` that one alone."""
    stores = {store.store_id: store for store in await risk.policies(connection)}
    reserved = await risk.reserved(connection, terminal_id)
    found = []
    for row in await _all(connection, _TERMINALS, terminal_id):
        store = stores.get(row["store_id"])
        counts = row["status"] == "paired" and row["forked_at"] is None
        cap = risk.caps_of_a_till(store) if counts and store is not None else {}
        on_it = reserved.get(row["terminal_id"], {})
        exposure = {unit: cap.get(unit, 0) + on_it.get(unit, 0) for unit in sorted({*cap, *on_it})}
        found.append(TerminalRow(**row, cap=cap, exposure=exposure))
    return tuple(found)


async def terminal(connection: Connection, terminal_id: str) -> TerminalRow | None:
    """Return one till; None when the person may not see it or there is none."""
    try:
        wanted = UUID(terminal_id)
    except ValueError:
        return None
    return next(iter(await terminals(connection, wanted)), None)


async def _all(connection: Connection, statement: LiteralString, terminal_id: UUID | None) -> Sequence[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"ledger": LEDGER_ID, "terminal": terminal_id})
        return await cursor.fetchall()


_TERMINALS: LiteralString = """
SELECT t.terminal_id, t.store_id, t.code, s.name AS store_name, s.timezone, t.status, t.last_seen_at, t.version,
       coalesce(h.seq, 0) AS seq, coalesce(h.backed_up_seq, 0) AS backed_up_seq,
       coalesce(w.held, 0) AS held, coalesce(w.quarantined, 0) AS quarantined,
       (SELECT count(*) FROM app.alarms AS a
         WHERE a.ledger_id = %(ledger)s AND a.principal_id = t.terminal_id AND a.closed_at IS NULL)::int AS alarms,
       h.forked_at, t.revoked_at, t.revoked_by, t.revoked_why
  FROM app.terminals AS t
  JOIN app.stores AS s ON s.store_id = t.store_id
  LEFT JOIN app.terminal_heads AS h ON h.ledger_id = %(ledger)s AND h.terminal_id = t.terminal_id
  LEFT JOIN (SELECT f.terminal_id, count(*)::int AS held,
                    (count(*) FILTER (WHERE f.reason = 'terminal_revoked'))::int AS quarantined
               FROM app.held_facts AS f GROUP BY f.terminal_id) AS w ON w.terminal_id = t.terminal_id
 WHERE %(terminal)s::uuid IS NULL OR t.terminal_id = %(terminal)s::uuid
 ORDER BY t.code
"""
