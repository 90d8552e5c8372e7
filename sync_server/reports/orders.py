"""What HQ sees of the business: orders with their filter, totals and hours, one order's timeline, held facts, tills.

Rule: read-only; every query runs under the asking person's claims, so row level security decides what is seen.
An "order" here is any fact of trade a till recorded, posted or held: nothing that happened is invisible.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from models.facts import (
    CardCharged,
    OrderPaid,
    OrderRefunded,
    PassRedeemed,
    PassSold,
    Refunded,
    ToppedUp,
    decode_fact,
)
from models.refusals import Refusal
from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID

TRADE_KINDS = ("PassRedeemed", "PassSold", "OrderPaid", "OrderRefunded", "CardCharged", "ToppedUp", "Refunded")
PAGE_ROWS = 50
EXPORT_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What to look for. `day` is a business day of each order's own store; `before` continues a page."""

    search: str = ""
    store_id: UUID | None = None
    state: str = ""
    kind: str = ""
    day: date | None = None
    before: tuple[datetime, str] | None = None
    member_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order. `key` is its fact's hash (hex); `amount_minor` was paid; times are UTC.

    `state`: "posted" | "held" | "written_off" | "rejected", the last two by a `decision` about a held fact, which also
    may have posted it: post | post_to | write_off | reject, with the person's name and reason.
    """

    key: str
    tx_no: str | None
    slips: tuple[str, ...]
    store_name: str
    timezone: str
    terminal_code: str
    kind: str
    state: str
    reason: str | None
    amount_minor: int
    currency: str | None
    uses: int
    happened_at: datetime
    recorded_at: datetime
    decision: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of everything a filter finds, not of one page; money and uses as far as they are posted.

    `amounts`: (currency, minor units).
    """

    count: int
    uses: int
    amounts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Today beside the same weekday a week ago, each store in its own day.

    `revenue`: (currency, today, a week ago) of goods and passes: a top-up is none, what its card pays for is.
    `hours`: (local hour, redemptions, receipts).
    """

    revenue: tuple[tuple[str, int, int], ...]
    uses: int
    redemptions: int
    zero_price: int
    hours: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order with the fact as the till wrote it, its ledger entries and how far its slips came."""

    row: OrderRow
    fact: Mapping[str, Any]
    entries: tuple[tuple[str, str, int], ...]
    prints: tuple[tuple[str, int, str, datetime], ...]


async def orders(connection: Connection, wanted: OrderFilter, limit: int = PAGE_ROWS) -> tuple[OrderRow, ...]:
    """Return the newest orders that fit, at most `limit`."""
    where, values = _where(wanted)
    if wanted.before is not None:
        where += " AND (f.happened_at, f.hash) < (%(before_at)s, decode(%(before_key)s, 'hex'))"
        values |= {"before_at": wanted.before[0], "before_key": wanted.before[1]}
    statement = _FACTS + where + " ORDER BY f.happened_at DESC, f.hash DESC LIMIT %(limit)s"
    return tuple(_row(found) for found in await _all(connection, statement, values | {"limit": limit}))


async def totals(connection: Connection, wanted: OrderFilter) -> Totals:
    """Return the sums of everything that fits."""
    where, values = _where(wanted)
    found = await _all(connection, "WITH fitting AS (" + _FACTS + where + ")" + _TOTALS, values)
    amounts = tuple((row["currency"], int(row["amount"])) for row in found if row["currency"])
    return Totals(sum(row["count"] for row in found), sum(int(row["uses"]) for row in found), amounts)


async def day_figures(connection: Connection, now: datetime) -> DayFigures:
    """Return today's figures over all stores the person sees; "today" is each store's business day of `now`."""
    money = await _all(connection, _REVENUE, {"now": now})
    counts = (await _all(connection, _COUNTS, {"now": now}))[0]
    hours = await _all(connection, _HOURS, {"now": now})
    return DayFigures(
        revenue=tuple((row["currency"], int(row["today"]), int(row["week_ago"])) for row in money),
        uses=int(counts["uses"]),
        redemptions=counts["redemptions"],
        zero_price=counts["zero_price"],
        hours=tuple((row["hour"], row["redemptions"], row["receipts"]) for row in hours),
    )


async def waiting(connection: Connection) -> dict[str, int]:
    """Return how many facts and granted requests ("held") and alarms ("alarms") wait for a person at HQ."""
    return {name: int(count) for name, count in (await _all(connection, _WAITING, {"ledger": LEDGER_ID}))[0].items()}


async def held(connection: Connection) -> tuple[OrderRow, ...]:
    """Return the held facts of every kind that nobody has decided about, oldest first."""
    statement = _FACTS + " WHERE f.outcome = 'held' AND d.decision IS NULL ORDER BY f.recorded_at LIMIT 500"
    found = await _all(connection, statement, {"day": None})
    return tuple(_row(row) for row in found)


async def quarantined(connection: Connection, terminal_id: str) -> tuple[OrderRow, ...]:
    """Return what a terminal handed in after it was revoked and nobody has decided about, in the order of its chain.

    What lies on a forked branch is `forked`: it is decided about singly.
    """
    statement = _FACTS + (
        " WHERE f.outcome = 'held' AND d.decision IS NULL AND f.reason = 'terminal_revoked' AND f.in_chain"
        " AND f.terminal_id::text = %(terminal)s ORDER BY f.seq LIMIT 10000"
    )
    return tuple(_row(row) for row in await _all(connection, statement, {"day": None, "terminal": terminal_id}))


async def forked(connection: Connection, terminal_id: str) -> tuple[OrderRow, ...]:
    """Return the facts of a terminal's other history that nobody has decided about, by place."""
    statement = _FACTS + (
        " WHERE f.outcome = 'held' AND d.decision IS NULL AND NOT f.in_chain"
        " AND f.terminal_id::text = %(terminal)s ORDER BY f.seq, f.recorded_at LIMIT 500"
    )
    return tuple(_row(row) for row in await _all(connection, statement, {"day": None, "terminal": terminal_id}))


async def decided(connection: Connection) -> tuple[OrderRow, ...]:
    """Return the facts that were decided about last, newest first."""
    statement = _FACTS + " WHERE d.decision IS NOT NULL ORDER BY d.decided_at DESC LIMIT 50"
    return tuple(_row(row) for row in await _all(connection, statement, {"day": None}))


async def regranted(connection: Connection) -> tuple[OrderRow, ...]:
    """Return the facts of what had been granted online and was lost by a restore, newest first."""
    statement = _FACTS + _LOST + " ORDER BY f.recorded_at DESC, f.hash LIMIT 500"
    return tuple(_row(row) for row in await _all(connection, statement, {"day": None}))


async def order(connection: Connection, key: str) -> OrderDetail | None:
    """Return one fact with everything known of it; None when the person may not see it or it does not exist."""
    found = await _all(connection, _FACTS + " WHERE f.hash = decode(%(key)s, 'hex')", {"key": key, "day": None})
    if not found:
        return None
    row = _row(found[0])
    raw = await _all(connection, "SELECT bytes FROM app.facts WHERE hash = decode(%(key)s, 'hex')", {"key": key})
    entries = await _all(connection, _ENTRIES, {"key": key})
    prints = await _all(connection, _PRINTS, {"slips": list(row.slips)})
    return OrderDetail(
        row=row,
        fact=_plain(bytes(raw[0]["bytes"])),
        entries=tuple((entry["account"], entry["unit"], entry["delta"]) for entry in entries),
        prints=tuple((slip["slip_no"], slip["copy"], slip["state"], slip["changed_at"]) for slip in prints),
    )


async def stores(connection: Connection) -> tuple[tuple[UUID, str], ...]:
    """Return (id, name) of the stores the person may see."""
    found = await _all(connection, "SELECT store_id, name FROM app.stores ORDER BY name", {})
    return tuple((row["store_id"], row["name"]) for row in found)


def _where(wanted: OrderFilter) -> tuple[LiteralString, dict[str, Any]]:
    where: LiteralString = " WHERE f.kind = ANY (%(kinds)s)"
    values: dict[str, Any] = {"kinds": [wanted.kind] if wanted.kind in TRADE_KINDS else list(TRADE_KINDS)}
    if wanted.search:
        where += (
            " AND (f.tx_no = %(search)s OR tx.member_id = ANY (%(members)s) OR EXISTS"
            " (SELECT 1 FROM app.slips AS wanted WHERE wanted.fact_hash = f.hash AND wanted.slip_no = %(search)s))"
        )
        values |= {"search": wanted.search.strip().upper(), "members": list(wanted.member_ids)}
    if wanted.store_id is not None:
        where += " AND f.store_id = %(store_id)s"
        values["store_id"] = wanted.store_id
    if wanted.state == "held":
        where += " AND f.outcome = 'held' AND d.decision IS NULL"
    elif wanted.state:
        where += " AND (f.outcome = 'accepted' OR d.decision IN ('post', 'post_to'))"
    if wanted.day is not None:
        where += " AND f.happened_at >= app_day.begins AND f.happened_at < app_day.ends"
    values["day"] = wanted.day
    return where, values


def _row(found: dict[str, Any]) -> OrderRow:
    said = found.pop("said")
    if said is not None:
        found |= _said_of_itself(bytes(said))
    return OrderRow(**found | {"slips": tuple(found["slips"])})


def _said_of_itself(data: bytes) -> dict[str, Any]:
    """Return amount, currency and uses as a held fact tells them; nothing when it cannot be read."""
    try:
        body: Any = decode_fact(data).body
    except Refusal:
        return {}
    return {
        "amount_minor": _amount_of(body),
        "currency": getattr(body, "currency", None),
        "uses": body.uses if isinstance(body, PassRedeemed) else 0,
    }


def _amount_of(body: object) -> int:
    """What was paid, in minor units; money given back is negative."""
    match body:
        case PassRedeemed():
            return body.extra_total_minor
        case PassSold() | OrderPaid() | CardCharged():
            return body.total_minor
        case ToppedUp():
            return body.amount_minor
        case Refunded():
            return -body.amount_minor
        case OrderRefunded():
            return -body.total_minor
        case _:
            return 0


def _plain(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _all(connection: Connection, statement: LiteralString, values: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()


# A held fact has no transaction: what it says of itself stands in its bytes, if they can be read at all.
_FACTS: LiteralString = """
SELECT encode(f.hash, 'hex') AS key, coalesce(f.tx_no, d.tx_no) AS tx_no,
       ARRAY(SELECT slip.slip_no FROM app.slips AS slip WHERE slip.fact_hash = f.hash ORDER BY slip.slip_no DESC)
           AS slips,
       s.name AS store_name, s.timezone, t.code AS terminal_code, coalesce(f.kind, 'unknown') AS kind,
       CASE WHEN f.outcome <> 'held' OR d.decision IN ('post', 'post_to') THEN 'posted'
            WHEN d.decision IS NULL THEN 'held'
            WHEN d.decision = 'write_off' THEN 'written_off' ELSE 'rejected' END AS state, f.reason,
       coalesce(tx.amount_minor, 0) AS amount_minor, tx.currency, coalesce(batch.uses, 0) AS uses,
       coalesce(f.happened_at, f.recorded_at) AS happened_at, f.recorded_at,
       d.decision, d.name AS decided_by, d.decided_at, d.reason AS decision_reason,
       CASE WHEN f.outcome = 'held' AND d.tx_id IS NULL THEN f.bytes END AS said
  FROM app.facts AS f
  LEFT JOIN app.held_decisions AS d USING (ledger_id, terminal_id, hash)
  JOIN app.stores AS s ON s.store_id = f.store_id
  JOIN app.terminals AS t ON t.terminal_id = f.terminal_id
  LEFT JOIN app.transactions AS tx ON tx.ledger_id = f.ledger_id AND tx.tx_id = coalesce(f.tx_id, d.tx_id)
  LEFT JOIN app.pass_redemption_batches AS batch
    ON batch.ledger_id = f.ledger_id AND batch.tx_id = coalesce(f.tx_id, d.tx_id)
  CROSS JOIN LATERAL (
      SELECT (%(day)s::date + make_interval(mins => s.business_day_cutoff_minutes)) AT TIME ZONE s.timezone AS begins,
             (%(day)s::date + 1 + make_interval(mins => s.business_day_cutoff_minutes)) AT TIME ZONE s.timezone AS ends
  ) AS app_day
"""

_LOST: LiteralString = """
  JOIN app.lost_requests AS lost ON lost.ledger_id = f.ledger_id AND lost.terminal_id = f.terminal_id
   AND lost.fact_id = f.fact_id WHERE f.in_chain AND NOT f.id_taken
"""

_WAITING: LiteralString = """
SELECT (SELECT count(*) FROM app.held_facts) + (SELECT count(*) FROM app.granted_waiting) AS held,
       (SELECT count(*) FROM app.alarms AS e
         WHERE e.closed_at IS NULL AND e.merchant_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM app.alarms_seen AS a
                 WHERE a.ledger_id = e.ledger_id AND a.alarm_id = e.alarm_id AND a.seen_at >= e.last_at))
       + (SELECT count(*) FROM app.operators_alarms(%(ledger)s::smallint) AS o
           WHERE o.closed_at IS NULL AND coalesce(o.times[cardinality(o.times)] < o.last_at, true)) AS alarms
"""

_TOTALS: LiteralString = """
SELECT count(*) AS count, coalesce(sum(uses), 0) AS uses, currency, coalesce(sum(amount_minor), 0) AS amount
  FROM fitting GROUP BY currency ORDER BY currency
"""

# Each posted transaction with the business day and hour of its own store, today and the same weekday a week ago. What
# was granted is redeemed from its fact on (`is_told`), as on lists and Z reports; what was withdrawn never has one.
_POSTED: LiteralString = """
WITH posted AS (
    SELECT tx.kind, tx.amount_minor, tx.currency, coalesce(batch.uses, 0) AS uses, local.day,
           extract(hour FROM tx.happened_at AT TIME ZONE s.timezone)::int AS hour,
           local.today - local.day AS days_ago,
           batch.tx_id IS NULL OR batch.fact_id IS NOT NULL AS is_told, tx.tx_id, tx.reverses
      FROM app.transactions AS tx
      JOIN app.stores AS s ON s.store_id = tx.store_id
      LEFT JOIN app.pass_redemption_batches AS batch ON batch.ledger_id = tx.ledger_id AND batch.tx_id = tx.tx_id
     CROSS JOIN LATERAL (
         SELECT (tx.happened_at AT TIME ZONE s.timezone - make_interval(mins => s.business_day_cutoff_minutes))::date
                    AS day,
                (%(now)s AT TIME ZONE s.timezone - make_interval(mins => s.business_day_cutoff_minutes))::date AS today
     ) AS local
     WHERE tx.happened_at > %(now)s - interval '9 days'
       AND tx.kind NOT IN ('opening', 'topped_up', 'topup_refunded', 'refund_reversed', 'cash_lost',
                            'refund_lost', 'loss_collected', 'loss_written_off')
)
"""

_REVENUE: LiteralString = (
    _POSTED
    + """
SELECT currency, coalesce(sum(amount_minor) FILTER (WHERE days_ago = 0), 0) AS today,
       coalesce(sum(amount_minor) FILTER (WHERE days_ago = 7), 0) AS week_ago
  FROM posted WHERE currency IS NOT NULL GROUP BY currency ORDER BY currency
"""
)

_COUNTS: LiteralString = (
    _POSTED
    + """
SELECT coalesce(sum(uses), 0) AS uses, count(*)::int AS redemptions,
       (count(*) FILTER (WHERE amount_minor = 0))::int AS zero_price
  FROM posted WHERE kind = 'pass_redeemed' AND days_ago = 0 AND is_told
"""
)

_HOURS: LiteralString = (
    _POSTED
    + """
SELECT hour, (count(*) FILTER (WHERE kind = 'pass_redeemed'))::int AS redemptions,
       (count(*) FILTER (WHERE amount_minor > 0))::int AS receipts
  FROM posted WHERE days_ago = 0 AND is_told
   AND NOT EXISTS (SELECT FROM posted AS back WHERE back.kind = 'reversal' AND back.reverses = posted.tx_id)
 GROUP BY hour ORDER BY hour
"""
)

_ENTRIES: LiteralString = """
SELECT line.owner_kind || ':' || line.bucket AS account, line.unit, line.delta
  FROM app.facts AS f
  LEFT JOIN app.held_decisions AS d USING (ledger_id, terminal_id, hash)
 CROSS JOIN LATERAL app.lines_of(f.ledger_id, coalesce(f.tx_id, d.tx_id)) AS line
 WHERE f.hash = decode(%(key)s, 'hex') ORDER BY line.line_no
"""

_PRINTS: LiteralString = """
SELECT slip_no, copy, state, changed_at FROM app.print_reports
 WHERE slip_no = ANY (%(slips)s) ORDER BY changed_at
"""
