"""What may be lost offline, what was lost, and what is alarming: policies, worst case, losses owed, alarms.

Rule: read-only, under the asking person's claims, as in `orders`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from models import codec
from models.catalogue import INSTRUMENTS, RiskPolicy
from models.money import divide_half_up
from models.refusals import Refusal
from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID

ALARMS_SHOWN = 200
LOSSES_SHOWN = 500


@dataclass(frozen=True, slots=True)
class StorePolicy:
    """A store with the policy in force; None: nothing may be spent unproven there. `terminals` are its paired tills."""

    store_id: UUID
    store_name: str
    currency: str
    timezone: str
    terminals: int
    issued_at: datetime | None
    policy: RiskPolicy | None


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The most that may be lost of one unit: "use", "ticket" or a currency (minor units).

    `caps`: the sum over paired tills of their cap; `reserved`: what open reservations still hold, on whatever till.
    """

    unit: str
    caps: int
    reserved: int

    @property
    def total(self) -> int:
        return self.caps + self.reserved


@dataclass(frozen=True, slots=True)
class LossRow:
    """What is owed. `unit_name` is the plan of lost uses, else None; `left` of `amount` is neither paid nor given up.

    `unit` is "use/<plan>" or a currency; `value_minor` is what the whole is worth. `proposer` wants to write it off.
    """

    loss_id: UUID
    tx_no: str
    store_name: str
    timezone: str
    terminal_code: str
    member_no: str | None
    unit: str
    unit_names: Mapping[str, str] | None
    amount: int
    left: int
    collected: int
    written_off: int
    value_minor: int
    currency: str
    proposed_by: UUID | None
    reason: str | None
    happened_at: datetime
    recorded_at: datetime

    @property
    def value_left_minor(self) -> int:
        """What is left is worth."""
        return self.worth_minor(self.left)

    def worth_minor(self, amount: int) -> int:
        """Return what `amount` of it is worth, as its share of the whole, half up; no more is collected for it."""
        return divide_half_up(self.value_minor * amount, self.amount)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm, and how often it happened. `reference` is the fact its last occurrence is about, as `orders.order`
    knows it; `seen`: (who, when last) in order. `note` says how it was dealt with, when it is closed."""

    alarm_id: UUID
    event: str
    count: int
    first_at: datetime
    last_at: datetime
    terminal_code: str | None
    timezone: str
    subject: str | None
    reference: str | None
    data: Mapping[str, Any]
    closed_name: str | None
    closed_at: datetime | None
    note: str | None
    seen: tuple[tuple[str, datetime], ...]


async def policies(connection: Connection) -> tuple[StorePolicy, ...]:
    """Return the stores the person may see, by name, with the policy in force."""
    return tuple(
        StorePolicy(**{name: value for name, value in row.items() if name != "body"}, policy=_policy(row["body"]))
        for row in await _all(connection, _POLICIES, {})
    )


async def policy_at(connection: Connection, store_id: str, version: int) -> RiskPolicy | None:
    """Return one version of a store's policy; None when there is none. Refusal `policy_invalid`: a later program's."""
    statement: LiteralString = (
        "SELECT r.body FROM app.risk_policies AS r WHERE r.store_id = %(store_id)s AND r.version = %(version)s"
    )
    found = await _all(connection, statement, {"store_id": store_id, "version": version})
    policy = _policy(found[0]["body"]) if found else None
    if found and policy is None:
        raise Refusal("policy_invalid", {"version": version})
    return policy


async def worst_case(connection: Connection, stores: Sequence[StorePolicy]) -> tuple[WorstCase, ...]:
    """Return the most that may be lost: Σ over these stores' tills of their caps, and what is reserved on tills."""
    caps: dict[str, int] = {}
    for store in stores:
        for unit, cap in caps_of_a_till(store).items():
            caps[unit] = caps.get(unit, 0) + store.terminals * cap
    held: dict[str, int] = {}
    for on_it in (await reserved(connection)).values():
        for unit, left in on_it.items():
            held[unit] = held.get(unit, 0) + left
    units = sorted(set(caps) | set(held), key=lambda unit: ({"use": 0, "ticket": 1}.get(unit, 2), unit))
    found = (WorstCase(unit, caps.get(unit, 0), held.get(unit, 0)) for unit in units)
    return tuple(one for one in found if one.total)


def caps_of_a_till(store: StorePolicy) -> dict[str, int]:
    """Return the most that one paired till of a store may lose unproven, by unit; units of 0 are left out."""
    found: dict[str, int] = {}
    for name in INSTRUMENTS if store.policy is not None else ():
        assert store.policy is not None  # noqa: S101 - as asked
        unit = {"uses": "use", "tickets": "ticket"}.get(name, store.currency)
        found[unit] = found.get(unit, 0) + effective_cap(store.policy, name)
    return {unit: amount for unit, amount in found.items() if amount}


async def reserved(connection: Connection, terminal_id: UUID | None = None) -> dict[UUID, dict[str, int]]:
    """Return what open reservations still hold, by till and unit; with `terminal_id` on that one alone."""
    found: dict[UUID, dict[str, int]] = {}
    for row in await _all(connection, _RESERVED, {"ledger": LEDGER_ID, "terminal": terminal_id}):
        found.setdefault(row["terminal_id"], {})[row["unit"]] = int(row["left"])
    return found


def effective_cap(policy: RiskPolicy, instrument: str) -> int:
    """Return what one till may lose of an instrument: its cap, 0 when another of the caps forbids every operation."""
    caps = policy.caps(instrument)
    return caps.per_terminal if min(caps.per_operation, caps.per_member_day) > 0 else 0


async def losses(connection: Connection, settled: bool = False) -> tuple[LossRow, ...]:
    """Return what is owed, oldest first; with `settled` what was collected or written off, newest first."""
    where: LiteralString = (
        " WHERE l.collected + l.written_off = l.amount ORDER BY l.recorded_at DESC, l.loss_id"
        if settled
        else " WHERE l.collected + l.written_off < l.amount ORDER BY l.recorded_at, l.loss_id"
    )
    found = await _all(connection, _LOSSES + where + " LIMIT %(limit)s", {"limit": LOSSES_SHOWN})
    return tuple(LossRow(**row) for row in found)


async def loss(connection: Connection, loss_id: str) -> LossRow | None:
    """Return one loss; None when the person may not see it or there is none."""
    found = await _all(connection, _LOSSES + " WHERE l.loss_id = %(loss_id)s", {"loss_id": loss_id})
    return LossRow(**found[0]) if found else None


async def alarms(connection: Connection, closed: bool = False) -> tuple[AlarmRow, ...]:
    """Return the newest open alarms, what nobody has seen first; `closed`: those closed last. Those of no merchant are
    for the operator's people."""
    values = {"limit": ALARMS_SHOWN, "ledger": LEDGER_ID, "closed": closed}
    found = await _all(connection, _ALARMS, values)
    return tuple(AlarmRow(seen=tuple(zip(row.pop("names"), row.pop("times"), strict=True)), **row) for row in found)


def _policy(body: str | None) -> RiskPolicy | None:
    try:
        return None if body is None else codec.decode(RiskPolicy, body)
    except Refusal:  # of a later version of ours
        return None


async def _all(connection: Connection, statement: LiteralString, values: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()


# A till that forked spends nothing unproven; one that was revoked or never paired has no cap either.
_POLICIES: LiteralString = """
SELECT s.store_id, s.name AS store_name, s.currency, s.timezone, newest.issued_at, newest.body,
       (SELECT count(*) FROM app.terminals AS t
         WHERE t.store_id = s.store_id AND t.status = 'paired' AND NOT EXISTS (
                SELECT FROM app.terminal_heads AS h WHERE h.terminal_id = t.terminal_id AND h.forked_at IS NOT NULL)
       )::int AS terminals
  FROM app.stores AS s
  LEFT JOIN LATERAL (SELECT r.issued_at, r.body FROM app.risk_policies AS r
                      WHERE r.store_id = s.store_id ORDER BY r.version DESC LIMIT 1) AS newest ON true
 ORDER BY s.name, s.store_id
"""

_RESERVED: LiteralString = """
SELECT r.terminal_id, CASE WHEN r.unit LIKE 'use/%%' THEN 'use' ELSE r.unit END AS unit,
       sum(r.amount - r.used - r.returned) AS left
  FROM app.reservations AS r
 WHERE r.ledger_id = %(ledger)s AND r.status = 'open'
   AND (%(terminal)s::uuid IS NULL OR r.terminal_id = %(terminal)s::uuid)
 GROUP BY 1, 2
"""

_LOSSES: LiteralString = """
SELECT l.loss_id, l.tx_no, s.name AS store_name, s.timezone, t.code AS terminal_code, m.member_no, l.unit,
       p.names AS unit_names, l.amount, l.amount - l.collected - l.written_off AS left, l.collected, l.written_off,
       l.value_minor, l.currency, l.proposed_by, l.reason, l.happened_at, l.recorded_at
  FROM app.offline_losses AS l
  JOIN app.stores AS s ON s.store_id = l.store_id
  JOIN app.terminals AS t ON t.terminal_id = l.terminal_id
  LEFT JOIN app.members AS m ON m.member_id = l.member_id
  LEFT JOIN app.pass_plans AS p ON 'use/' || p.plan_id = l.unit
"""

_ALARMS: LiteralString = """
WITH found AS (
    SELECT e.alarm_id, e.event, e.principal_id, e.subject, e.data, e.count, e.first_at, e.last_at, e.closed_name,
           e.closed_at, e.note, seen.names, seen.times
      FROM app.alarms AS e
      LEFT JOIN LATERAL (SELECT array_agg(a.name ORDER BY a.seen_at) AS names,
                                array_agg(a.seen_at ORDER BY a.seen_at) AS times
                           FROM app.alarms_seen AS a
                          WHERE a.ledger_id = e.ledger_id AND a.alarm_id = e.alarm_id) AS seen ON true
     WHERE e.ledger_id = %(ledger)s AND e.merchant_id IS NOT NULL
    UNION ALL
    SELECT * FROM app.operators_alarms(%(ledger)s::smallint)
)
SELECT e.alarm_id, e.event, e.count, e.first_at, e.last_at, t.code AS terminal_code,
       coalesce(s.timezone, 'UTC') AS timezone, e.subject, encode(f.hash, 'hex') AS reference, e.data, e.closed_name,
       e.closed_at, e.note, coalesce(e.names, '{}') AS names, coalesce(e.times, '{}') AS times
  FROM found AS e
  LEFT JOIN app.terminals AS t ON t.terminal_id = e.principal_id
  LEFT JOIN app.stores AS s ON s.store_id = t.store_id
  LEFT JOIN app.facts AS f ON f.ledger_id = %(ledger)s AND f.terminal_id = e.principal_id
       AND f.hash = CASE WHEN e.subject ~ '^[0-9a-f]{64}$' THEN decode(e.subject, 'hex') END
 WHERE (e.closed_at IS NOT NULL) = %(closed)s
 ORDER BY coalesce(e.times[cardinality(e.times)] >= e.last_at, false), coalesce(e.closed_at, e.last_at) DESC, e.alarm_id
 LIMIT %(limit)s
"""
