"""Terminals as rows: make, find, revoke, and remember the nonces of their requests.

Not here: pairing codes (pairing), signatures (api.signatures).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

from models.refusals import Refusal
from models.wire import SealHead
from sync_server.database.engine import Claims, Connection, Pool, lone, retrying, transaction
from sync_server.fleet.values import TerminalIdentity, revoked
from sync_server.ledger.functions import LEDGER_ID, Plain
from sync_server.ledger.seals import newest_head
from sync_server.ledger.units import Act, perform

NONCES_KEPT = timedelta(minutes=15)
"""Longer than the 600 s in which a request with a given `created` can be valid."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to which place a terminal's facts are durable here, and up to which in a backup too; whether two histories of
    it were seen; the newest audit head."""

    acknowledged_seq: int
    backed_up_through: int
    forked: bool
    seal: SealHead | None


async def find(pool: Pool, terminal_id: str) -> TerminalIdentity | None:
    """Return the paired or revoked terminal with this id; None for an id that is no terminal's or has no key yet."""
    try:
        wanted = UUID(terminal_id)
    except ValueError:
        return None
    if str(wanted) != terminal_id:
        return None
    async with lone(pool) as connection:
        cursor = await connection.execute(
            "SELECT terminal_id::text, merchant_id::text, store_id::text, code, public_key, status, revoked_at"
            " FROM app.find_terminal(%s)",
            [wanted],
        )
        row = await cursor.fetchone()
    if row is None or row[4] is None:
        return None
    return TerminalIdentity(row[0], row[1], row[2], row[3], bytes(row[4]), row[5], row[6])


async def remember_nonce(pool: Pool, terminal: TerminalIdentity, nonce: str) -> None:
    """Use up a nonce; Refusal `request_replayed` when this terminal has used it before."""
    async with lone(pool) as connection:
        cursor = await connection.execute("SELECT app.remember_nonce(%s, %s)", [terminal.terminal_id, nonce])
        fresh = await cursor.fetchone()
    if fresh != (True,):
        raise Refusal("request_replayed")


async def forget_old_nonces(pool: Pool) -> int:
    """Drop nonces that no valid request can carry any more; returns how many."""
    async with transaction(pool) as connection:
        cursor = await connection.execute("SELECT app.forget_old_nonces(%s)", [NONCES_KEPT])
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def put_terminal(
    connection: Connection, terminal_id: str, merchant_id: str, store_id: str, code: str, name: str
) -> bool:
    """Make a terminal that waits for its pairing; True when it was new. Its own code never changes."""
    cursor = await connection.execute(
        "INSERT INTO app.terminals (terminal_id, merchant_id, store_id, code, name) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (terminal_id) DO NOTHING",
        [terminal_id, merchant_id, store_id, code, name],
    )
    return cursor.rowcount == 1


async def revoke(pool: Pool, claims: Claims, act: Act, terminal_id: str, reason: str) -> Plain:
    """Refuse whatever this terminal's key signs from now on, but its queue: {outcome, terminal, seq}; once per key.

    By the platform and the roles hq and merchant_owner; `reason` 3 to 200 characters. Refused: terminal_unknown,
    terminal_revoked, not_paired, reason_missing, permission_missing.
    """
    statement: LiteralString = "SELECT app.revoke_terminal(%s::smallint, %s, %s, %s, %s)"

    async def once() -> Plain:
        async with transaction(pool, claims) as connection:
            return await perform(connection, statement, act, terminal_id, reason)

    return await retrying(once)


def terminal_claims(terminal: TerminalIdentity) -> Claims:
    """Act for this terminal, for its merchant alone."""
    return Claims(UUID(terminal.terminal_id), "terminal", [UUID(terminal.merchant_id)])


async def standing(pool: Pool, terminal: TerminalIdentity) -> Standing:
    """Return how far this terminal's facts have come here, and the newest audit head.

    Refusal `terminal_revoked`: since it was let in, HQ has shut it out.
    """
    claims = Claims(None, "terminal", [UUID(terminal.merchant_id)])
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute(
            "SELECT coalesce(h.seq, 0), coalesce(h.backed_up_seq, 0), t.status, t.revoked_at, h.forked_at IS NOT NULL"
            " FROM app.terminals AS t"
            " LEFT JOIN app.terminal_heads AS h ON h.terminal_id = t.terminal_id AND h.ledger_id = %s"
            " WHERE t.terminal_id = %s",
            [LEDGER_ID, terminal.terminal_id],
        )
        row = await cursor.fetchone()
        seal = await newest_head(connection)
    if row is not None and row[2] == "revoked":
        raise revoked(terminal.terminal_id, row[3])
    return Standing(int(row[0]), int(row[1]), bool(row[4]), seal) if row else Standing(0, 0, False, seal)
