"""Set uses or money aside for a till and sign what proves it, in one transaction (sync.md rung 2).

Rule: the signed code is made once, of what the ledger has kept, and stays with the reservation; the feed brings it.
"""

from datetime import datetime
from typing import LiteralString

from psycopg.rows import dict_row

from models.tokens import ReservationCode, encode_reservation
from sync_server.database.engine import PLATFORM, Connection, as_claims
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID, Plain
from sync_server.ledger.reservations import reserve
from sync_server.ledger.units import Act


async def set_aside(
    connection: Connection, keys: Keyring, act: Act, terminal_id: str, source_kind: str, source_id: str, amount: int,
    expires_at: datetime, now: datetime, *, origin: str | None = None, after: int | None = None,
) -> Plain:  # fmt: skip
    """As `reservations.reserve`, and an accepted outcome has the `token` besides. `origin` lease: by a job, no person.

    From then on the transaction is the platform's.
    """
    outcome = await reserve(connection, act, terminal_id, source_kind, source_id, amount, expires_at, after)
    if outcome["outcome"] != "accepted":
        return outcome
    await as_claims(connection, PLATFORM)
    return {**outcome, "token": await _deliver(connection, keys, outcome["reservation_id"], now, origin)}


async def _deliver(
    connection: Connection, keys: Keyring, reservation_id: str, now: datetime, origin: str | None
) -> str:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_KEPT, [LEDGER_ID, reservation_id])
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - it was kept in this transaction, or the act is known
    token: str | None = row.pop("token")
    if token is None:
        key_id = [key.id for key in keys.public_keys() if key.use_from <= now][-1]
        token = encode_reservation(ReservationCode(**row, key_id=key_id), lambda message: keys.sign(message, now)[1])
        await connection.execute(
            "SELECT app.deliver_reservation(%s::smallint, %s, %s, %s)", [LEDGER_ID, reservation_id, token, origin]
        )
    return token


_KEPT: LiteralString = """
SELECT r.reservation_id::text, r.terminal_id::text, coalesce(p.member_id, c.member_id)::text AS member_id,
       coalesce(own.card_ref, c.card_ref, '') AS card_ref, r.source_kind, r.source_id::text, r.amount, r.fencing_no,
       r.opened_at AS issued_at, r.expires_at, p.plan_id::text, c.card_type::text, r.token, r.discount::text,
       CASE r.source_kind WHEN 'card' THEN r.unit END AS currency
  FROM app.reservations AS r
  LEFT JOIN app.member_passes AS p
    ON p.ledger_id = r.ledger_id AND p.pass_id = r.source_id AND r.source_kind = 'pass'
  LEFT JOIN app.cards AS own ON own.ledger_id = r.ledger_id AND own.member_id = p.member_id
  LEFT JOIN app.cards AS c ON c.ledger_id = r.ledger_id AND c.card_id = r.source_id AND r.source_kind = 'card'
 WHERE r.ledger_id = %s AND r.reservation_id = %s
"""
