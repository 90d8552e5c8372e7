"""What a member sets aside on the phone for a till that has no network, sees of it, and gives back (sync.md rung 2).

Rule: the member is signed in (own_sessions); what is theirs is checked by the ledger. A till ends a reservation, never
the clock: giving back asks the till, which hears of it at its next contact.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import LiteralString
from uuid import UUID, uuid4

from psycopg.rows import dict_row

from models import codec
from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, Claims, Connection, Pool, as_claims, retrying, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID, Plain
from sync_server.ledger.reservations import recall
from sync_server.ledger.set_aside import set_aside
from sync_server.ledger.units import Act


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a member may set aside: `open_at_once` reservations, `uses` of a pass in one, each for `valid`.

    Of a card at most what it holds.
    """

    open_at_once: int = 3
    uses: int = 5
    valid: timedelta = timedelta(hours=12)


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a member has set aside and a till has not given up. `unit`: use/<plan id>, or a currency (minor units).

    `used`: what the server has heard of. `recalled_at`: when the till was asked to give it up. `plan_names` by language
    for a pass. `mine`: set aside by the member, not by HQ or as a lease.
    """

    token: str
    reservation_id: str
    source_kind: str
    source_id: str
    unit: str
    amount: int
    used: int
    expires_at: datetime
    terminal_code: str
    store_name: str
    plan_names: dict[str, str] | None = None
    recalled_at: datetime | None = None
    mine: bool = True


async def reserve_for_till(
    pool: Pool, keys: Keyring, member_id: str, terminal_code: str, source_kind: str, source_id: str, amount: int,
    key: str | None = None,
) -> Reserved:  # fmt: skip
    """Set `amount` uses of a pass (`source_kind` pass) or minor units of a card (card) aside for one till.

    `key`: the act's identity, so that a button pressed twice sets aside once. Refusals: `terminal_unknown` (also of one
    that is not paired), `terminal_revoked`, `terminal_forked`, `reservations_too_many` {limit}, `amount_invalid`
    {limit}, `uses_exhausted` {uses_left}, `balance_insufficient` {balance_minor}, `pass_unknown` or
    `card_unknown` also of somebody else's, and
    what makes a pass or card unfit. Raises `DatabaseTrouble`.
    """
    act = _act(key, member_id, terminal_code, source_kind, source_id, amount)

    async def once() -> Plain:
        async with transaction(pool, PLATFORM) as connection:
            terminal_id = await _terminal(connection, terminal_code)
            await _check(connection, act, member_id, source_kind, source_id, amount)
            await as_claims(connection, Claims(UUID(member_id), "member"))
            now = datetime.now(UTC)
            return await set_aside(
                connection, keys, act, terminal_id, source_kind, source_id, amount, now + LIMITS.valid, now
            )

    outcome = await retrying(once)
    if outcome["outcome"] == "refused":
        raise Refusal(outcome["code"], outcome["data"])
    async with transaction(pool, PLATFORM) as connection:
        (found,) = await _find(connection, "r.reservation_id = %(id)s::text::uuid", {"id": outcome["reservation_id"]})
    return found


async def open_reservations(pool: Pool, member_id: str) -> tuple[Reserved, ...]:
    """Return what is set aside of a member's passes and own card, and not given up, the soonest to end first.

    Also what HQ or a lease has set aside (`mine` False), and what the member set aside of an enterprise card.
    """
    async with transaction(pool, PLATFORM) as connection:
        found = await _find(connection, _OF_MEMBER, {"member": member_id})
    return tuple(found)


async def give_back(pool: Pool, member_id: str, reservation_id: str, key: str | None = None) -> int:
    """Ask the till to give up what it has not used; returns how much that is. It goes back once the till hears of it.

    Refusals: `reservation_unknown` (also of somebody else's), `reservation_closed`. Raises `DatabaseTrouble`.
    """
    act = _act(key, member_id, reservation_id)

    async def once() -> Plain:
        async with transaction(pool, Claims(UUID(member_id), "member")) as connection:
            return await recall(connection, act, reservation_id)

    outcome = await retrying(once)
    if outcome["outcome"] == "refused":
        raise Refusal(outcome["code"], outcome["data"])
    return int(outcome["left"])


def _act(key: str | None, *content: object) -> Act:
    return Act(key or str(uuid4()), hashlib.sha256(codec.encode(list(content))).digest())


async def _terminal(connection: Connection, code: str) -> str:
    cursor = await connection.execute(
        "SELECT terminal_id::text FROM app.terminals WHERE code = %s AND status <> 'created'", [code.strip().upper()]
    )
    row = await cursor.fetchone()
    if row is None:
        raise Refusal("terminal_unknown")
    return str(row[0])


async def _check(
    connection: Connection, act: Act, member_id: str, source_kind: str, source_id: str, amount: int
) -> None:
    """Refuse what is beyond the member's limits, or not theirs; a member's wishes are looked at one after another."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('reserving/' || %s, 0))", [member_id])
    cursor = await connection.execute(
        _STANDING,
        {"ledger": LEDGER_ID, "member": member_id, "kind": source_kind, "source": source_id, "key": act.key},
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the query returns one row always
    known, open_now, theirs = row
    if known:
        return  # it was answered before: the ledger answers the same again
    if source_kind not in ("pass", "card") or not theirs:
        raise Refusal("card_unknown" if source_kind == "card" else "pass_unknown")
    if open_now >= LIMITS.open_at_once:
        raise Refusal("reservations_too_many", {"limit": LIMITS.open_at_once})
    if source_kind == "pass" and amount > LIMITS.uses:
        raise Refusal("amount_invalid", {"limit": LIMITS.uses})


async def _find(connection: Connection, which: LiteralString, values: dict[str, object]) -> list[Reserved]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_RESERVED + which + _ORDER, {"ledger": LEDGER_ID, **values})
        return [Reserved(**row) for row in await cursor.fetchall()]


_STANDING: LiteralString = """
SELECT EXISTS (SELECT FROM app.idempotency_registry AS k
                WHERE k.ledger_id = %(ledger)s AND k.principal_id = %(member)s::text::uuid AND k.key = %(key)s),
       (SELECT count(*) FROM app.reservations AS r
         WHERE r.ledger_id = %(ledger)s AND r.asked_by = %(member)s::text::uuid AND r.status = 'open'),
       EXISTS (SELECT FROM app.member_passes AS p WHERE %(kind)s = 'pass' AND p.ledger_id = %(ledger)s
                  AND p.pass_id::text = %(source)s AND p.member_id = %(member)s::text::uuid)
       OR EXISTS (SELECT FROM app.cards AS c
                    LEFT JOIN app.enterprise_card_bindings AS b
                      ON b.ledger_id = c.ledger_id AND b.enterprise_card_id = c.card_id AND b.role = 'admin'
                     AND b.member_id = %(member)s::text::uuid
                   WHERE %(kind)s = 'card' AND c.ledger_id = %(ledger)s AND c.card_id::text = %(source)s
                     AND (c.member_id = %(member)s::text::uuid OR b.member_id IS NOT NULL))
"""
_RESERVED: LiteralString = """
SELECT coalesce(r.token, '') AS token, r.reservation_id::text, r.source_kind, r.source_id::text, r.unit, r.amount,
       r.used, r.expires_at, t.code AS terminal_code, s.name AS store_name, l.names AS plan_names, r.recalled_at,
       r.origin = 'member' AS mine
  FROM app.reservations AS r
  JOIN app.terminals AS t ON t.terminal_id = r.terminal_id
  JOIN app.stores AS s ON s.store_id = t.store_id
  LEFT JOIN app.member_passes AS p
    ON p.ledger_id = r.ledger_id AND p.pass_id = r.source_id AND r.source_kind = 'pass'
  LEFT JOIN app.pass_plans AS l ON l.plan_id = p.plan_id
  LEFT JOIN app.cards AS c ON c.ledger_id = r.ledger_id AND c.card_id = r.source_id AND r.source_kind = 'card'
 WHERE r.ledger_id = %(ledger)s AND
"""
_OF_MEMBER: LiteralString = """
       r.status = 'open' AND r.given_up_at IS NULL
   AND (p.member_id = %(member)s::text::uuid OR c.member_id = %(member)s::text::uuid
        OR r.asked_by = %(member)s::text::uuid)
"""
_ORDER: LiteralString = " ORDER BY r.expires_at, r.reservation_id"
