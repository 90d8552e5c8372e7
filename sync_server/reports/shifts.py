"""The shifts that tills have closed: each Z report, and whether the facts that HQ holds say the same.

Rule: read-only, under the asking person's claims. The sums are made again by `models.shifts`, which the till used too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import dict_row

from models.catalogue import Store
from models.drawer import ShiftClosed
from models.facts import Fact, decode_fact
from models.refusals import Refusal
from models.shifts import problems_of
from sync_server.database.engine import Connection

PAGE_ROWS = 100


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One closed shift. `key` is its fact's hash (hex); `reason` says why it is held, None when it was taken."""

    key: str
    store: Store
    terminal_code: str
    cashier: str | None
    approver: str | None
    reason: str | None
    fact: Fact

    @property
    def body(self) -> ShiftClosed:
        assert isinstance(self.fact.body, ShiftClosed)  # noqa: S101 - the query asks for this kind
        return self.fact.body


@dataclass(frozen=True, slots=True)
class ShiftDetail:
    """A shift beside its facts: `differs` names the sums that are not theirs, `missing` counts facts that
    are not here, or cannot be read."""

    row: ShiftRow
    differs: tuple[str, ...]
    missing: int


async def shifts(connection: Connection, before: datetime | None = None) -> tuple[ShiftRow, ...]:
    """Return the shifts closed last, at most `PAGE_ROWS`, those before a time to go on."""
    return await _rows(connection, _SHIFTS + _NEWEST, {"before": before, "limit": PAGE_ROWS})


async def shift(connection: Connection, key: str) -> ShiftDetail | None:
    """Return one shift, compared with its facts; None when the person sees no such."""
    found = await _rows(connection, _SHIFTS + " AND f.hash = decode(%(key)s, 'hex')", {"key": key})
    if not found:
        return None
    row = found[0]
    first, last = row.body.first_seq, row.fact.seq - 1
    cursor = await connection.execute(_FACTS, [row.fact.terminal_id, first, last])
    facts = [fact for (data,) in await cursor.fetchall() if (fact := _read(bytes(data))) is not None]
    return ShiftDetail(row, problems_of(row.body, facts), last - first + 1 - len(facts))


async def _rows(connection: Connection, statement: LiteralString, values: dict[str, Any]) -> tuple[ShiftRow, ...]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, values)
        found = await cursor.fetchall()
    read = [(row, fact) for row in found if (fact := _read(bytes(row["bytes"]))) is not None]
    facts = [fact for _, fact in read]
    wanted = {person for fact in facts for person in (fact.cashier_id, fact.approver_id) if person is not None}
    named = await connection.execute(
        "SELECT s.staff_id::text, s.name FROM app.staff AS s WHERE s.staff_id = ANY(%s::uuid[])", [list(wanted)]
    )
    names: dict[str | None, str] = dict(await named.fetchall())
    return tuple(
        ShiftRow(
            row["key"], Store(**{name: row[name] for name in _OF_STORE}), row["terminal_code"],
            names.get(fact.cashier_id), names.get(fact.approver_id), row["reason"], fact,
        )
        for row, fact in read
    )  # fmt: skip


def _read(data: bytes) -> Fact | None:
    """Return a fact; None for one that cannot be read: it is held, and no shift."""
    try:
        return decode_fact(data)
    except Refusal:
        return None


_OF_STORE = (
    "store_id", "merchant_id", "code", "name", "timezone", "currency", "slip_language", "issuer_name", "tax_id",
    "address", "business_day_cutoff_minutes",
)  # fmt: skip

_SHIFTS: LiteralString = """
SELECT encode(f.hash, 'hex') AS key, f.reason, f.bytes, t.code AS terminal_code, s.store_id::text, s.merchant_id::text,
       s.code, s.name, s.timezone, s.currency, s.slip_language, s.issuer_name, s.tax_id, s.address,
       s.business_day_cutoff_minutes
  FROM app.facts AS f
  JOIN app.stores AS s ON s.store_id = f.store_id
  JOIN app.terminals AS t ON t.terminal_id = f.terminal_id
 WHERE f.kind = 'ShiftClosed'
"""
_NEWEST: LiteralString = """
   AND (%(before)s::timestamptz IS NULL OR f.happened_at < %(before)s)
 ORDER BY f.happened_at DESC, f.hash LIMIT %(limit)s
"""
_FACTS: LiteralString = """
SELECT f.bytes FROM app.facts AS f
 WHERE f.terminal_id = %s AND f.in_chain AND f.seq BETWEEN %s AND %s ORDER BY f.seq
"""
