"""Terminals as rows: make, find, revoke, and remember the nonces of their requests.

Not here: pairing codes (pairing), signatures (api.signatures).
"""

from datetime import timedelta
from uuid import UUID

from models.refusals import Refusal
from models.wire import SealHead
from sync_server.database.engine import Claims, Connection, Pool, lone, transaction
from sync_server.fleet.values import TerminalIdentity
from sync_server.ledger.functions import LEDGER_ID
from sync_server.ledger.seals import newest_head

NONCES_KEPT = timedelta(minutes=15)
"""Longer than the 600 s in which a request with a given `created` can be valid."""
PLATFORM = Claims(None, "platform")
"""The operator's own work: seeds, command line, keys."""


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
            "SELECT terminal_id::text, merchant_id::text, store_id::text, code, public_key, status"
            " FROM app.find_terminal(%s)",
            [wanted],
        )
        row = await cursor.fetchone()
    if row is None or row[4] is None:
        return None
    return TerminalIdentity(row[0], row[1], row[2], row[3], bytes(row[4]), row[5])


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


async def revoke(connection: Connection, terminal_id: str) -> None:
    """Refuse whatever this terminal's key signs from now on; Refusal `terminal_unknown`."""
    cursor = await connection.execute(
        "UPDATE app.terminals SET status = 'revoked' WHERE terminal_id = %s AND status = 'paired'", [terminal_id]
    )
    if cursor.rowcount == 0:
        raise Refusal("terminal_unknown", {"terminal_id": terminal_id[:40]})


async def standing(pool: Pool, terminal: TerminalIdentity) -> tuple[int, SealHead | None]:
    """Return up to which place of its chain this terminal's facts are durable here, and the newest audit head."""
    claims = Claims(None, "terminal", [UUID(terminal.merchant_id)])
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute(
            "SELECT seq FROM app.terminal_heads WHERE ledger_id = %s AND terminal_id = %s",
            [LEDGER_ID, terminal.terminal_id],
        )
        row = await cursor.fetchone()
        seal = await newest_head(connection)
    return int(row[0]) if row else 0, seal
