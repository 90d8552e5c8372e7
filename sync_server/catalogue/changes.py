"""The feed of changes that a till pulls: in commit-safe order, page by page, as values on the wire.

Rule: a page takes log rows below the snapshot's xmin only, so a transaction that commits late is never skipped
(sync.md, "Pull"); of several rows of one key only the last is sent. A cursor belongs to an epoch.
Not here: waiting for something new (watcher), the values themselves (mirror).
"""

import re
from dataclasses import dataclass
from typing import Any

from models.refusals import Refusal
from models.wire import CHANGE_TABLES, Change
from sync_server.catalogue import mirror
from sync_server.database.engine import Connection, Pool, settled, transaction
from sync_server.fleet.terminals import terminal_claims
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import Keyring

PAGE_ROWS = 500
_STALE_TRANSACTIONS = 10_000
"""When so many transactions brought nothing, the cursor moves on, so that the log is not read again from there."""
_FORGET_ROWS = 20_000
_CURSOR = re.compile(r"([0-9a-f]{32})\.([0-9]{1,19})\.([a-z_]{0,20})\.([0-9A-Za-z/-]{0,64})")

_PAGE = """
WITH mine AS (
    SELECT c.xid, c.table_name, c.key FROM app.change_log AS c
     WHERE c.xid < pg_snapshot_xmin(pg_current_snapshot())
       AND (c.xid, c.table_name, c.key) > (%(xid)s::text::xid8, %(table)s, %(key)s)
       AND (c.merchant_id IS NULL OR c.merchant_id = %(merchant)s)
       AND (c.store_id IS NULL OR c.store_id = %(store)s)
       AND NOT EXISTS (
           SELECT FROM app.change_log AS later
            WHERE later.table_name = c.table_name AND later.key = c.key AND later.xid > c.xid
              AND later.xid < pg_snapshot_xmin(pg_current_snapshot())
              AND (later.merchant_id IS NULL OR later.merchant_id = %(merchant)s)
              AND (later.store_id IS NULL OR later.store_id = %(store)s))
     GROUP BY c.xid, c.table_name, c.key
)
SELECT m.xid::text, m.table_name, m.key FROM mine AS m ORDER BY m.xid, m.table_name, m.key LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the feed; ask again with `cursor`, at once while `more`."""

    cursor: str
    more: bool
    epoch: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    xid: int
    table: str
    key: str

    def text(self, epoch: str) -> str:
        return f"{epoch}.{self.xid}.{self.table}.{self.key}"


_BEGINNING = _Place(0, "", "")


async def page(pool: Pool, keys: Keyring, terminal: TerminalIdentity, after: str, limit: int = PAGE_ROWS) -> Page:
    """Return what changed for this terminal's store after a cursor ("" begins anew).

    A cursor of another epoch begins anew too. Refusal `request_malformed` for a text that is no cursor.
    """
    async with transaction(pool, terminal_claims(terminal)) as connection:
        cursor = await connection.execute("SELECT app.current_epoch(), pg_snapshot_xmin(pg_current_snapshot())::text")
        epoch, xmin = await cursor.fetchone() or ("", "0")
        place = _parse(after, epoch)
        cursor = await connection.execute(
            _PAGE,
            {
                "xid": str(place.xid),
                "table": place.table,
                "key": place.key,
                "merchant": terminal.merchant_id,
                "store": terminal.store_id,
                "limit": limit + 1,
            },
        )
        rows = [_Place(int(row[0]), row[1], row[2]) for row in await cursor.fetchall()]
        more, rows = len(rows) > limit, rows[:limit]
        changes = await _changes(connection, keys, terminal, rows)
    if rows:
        place = rows[-1]
    elif int(xmin) - place.xid > _STALE_TRANSACTIONS:
        place = _Place(int(xmin), "", "")
    await settled(pool)  # the cursor passes over what it has seen: that must not be undone by a crash
    return Page(place.text(epoch), more, epoch, changes)


async def forget_replaced(pool: Pool) -> int:
    """Drop log rows that a newer one of the same key and audience has replaced; returns how many.

    No reader misses them: of several rows only the last is ever sent.
    """
    async with transaction(pool) as connection:
        cursor = await connection.execute("SELECT app.forget_replaced_changes(%s)", [_FORGET_ROWS])
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def _changes(
    connection: Connection, keys: Keyring, terminal: TerminalIdentity, rows: list[_Place]
) -> tuple[Change, ...]:
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for table in {row.table for row in rows}:
        wanted = [row.key for row in rows if row.table == table]
        for key, value in (await mirror.values(connection, keys, terminal, table, wanted)).items():
            values[table, key] = value
    return tuple(Change(row.table, row.key, values.get((row.table, row.key))) for row in rows)


def _parse(text: str, epoch: str) -> _Place:
    if not text:
        return _BEGINNING
    match = _CURSOR.fullmatch(text)
    if not match or int(match[2]) >= 1 << 63 or (match[3] and match[3] not in CHANGE_TABLES):
        raise Refusal("request_malformed", {"pointer": "/after"})
    return _Place(int(match[2]), match[3], match[4]) if match[1] == epoch else _BEGINNING
