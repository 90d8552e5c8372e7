"""Seal the audit rows, sign the seals, and compare what tills hold with them (docs/decisions/0010-audit-seals.md).

Rule: the key stays outside the database; a seal without a signature is signed by the next run.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, LiteralString

from models.times import parse_instant
from models.wire import SealHead, seal_message
from sync_server.database.engine import PLATFORM, Connection, Pool, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID

ROWS_PER_SEAL = 5000


async def seal_once(
    pool: Pool, keys: Keyring, now: datetime, remember: Callable[[SealHead], object] | None = None
) -> bool:
    """Seal what has been written since, at most about `ROWS_PER_SEAL` rows, and sign it; True when there is more.

    `remember` is told the newest seal once it is durable. Raises `DatabaseTrouble`; `KeysTrouble` leaves no seal.
    """
    async with transaction(pool, PLATFORM) as connection:
        found: dict[str, Any] = await _value(connection, "SELECT app.seal_events(%s::smallint, %s)", ROWS_PER_SEAL)
        heads = [_unsigned(seal) for seal in found["seals"]]
        for seal, head in zip(found["seals"], heads, strict=True):
            key_id, signature = keys.sign(seal_message(head), now)
            await _value(
                connection, "SELECT app.sign_seal(%s::smallint, %s, %s, %s)", seal["seal_no"], key_id, signature
            )
    if heads and remember is not None:
        remember(heads[-1])
    return bool(found["more"])


async def newest_head(connection: Connection) -> SealHead | None:
    """Return the head that tills are handed; None before the first of this epoch."""
    cursor = await connection.execute(
        "SELECT seal_no, epoch, encode(hash, 'hex'), key_id, signature, sealed_at FROM app.newest_seal(%s::smallint)",
        [LEDGER_ID],
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    return SealHead(row[0], row[1], row[2], row[3], base64.b64encode(row[4]).decode(), row[5])


async def vouch(connection: Connection, head: SealHead) -> str:
    """Compare the head a till holds with our chain: known | lost | rewritten. Acts for the terminal of the claims."""
    statement: LiteralString = "SELECT app.vouch_for_seal(%s::smallint, %s, %s, %s)"
    return str(await _value(connection, statement, head.seal_no, head.epoch, bytes.fromhex(head.hash)))


def is_ours(keys: Keyring, head: SealHead) -> bool:
    """Whether one of our keys has signed this head; False for anything malformed."""
    try:
        signature = base64.b64decode(head.signature, validate=True)
        return len(bytes.fromhex(head.hash)) == 32 and keys.verify(head.key_id, seal_message(head), signature)
    except ValueError:
        return False


def _unsigned(seal: Mapping[str, Any]) -> SealHead:
    return SealHead(seal["seal_no"], seal["epoch"], seal["hash"], "", "", parse_instant(seal["sealed_at"]))


async def _value(connection: Connection, statement: LiteralString, *values: object) -> Any:
    cursor = await connection.execute(statement, [LEDGER_ID, *values])
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function call returns one row
    return row[0]
