"""Check on live data what must stay true (sync.md, "What must stay true"), in one consistent snapshot.

Rule: each invariant is a list of questions whose answers are the offences; no answer, no offence. What does not exist
yet is said to be not applicable, never said to hold. Reads as the platform; writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from models.wire import head_message
from sync_server.database.engine import Connection, Pool, as_claims, transaction
from sync_server.fleet.terminals import PLATFORM
from sync_server.keys import verify_with
from sync_server.reports import invariant_queries

_SHOWN = 5
_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """`state` is "holds" | "broken" | "not-applicable"; `details` says what was counted, or the first offences."""

    state: str
    details: str


async def check(pool: Pool) -> dict[str, InvariantResult]:
    """Return the 14 invariants by number, in order. Raises `DatabaseTrouble`."""
    async with transaction(pool) as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await as_claims(connection, PLATFORM)
        await connection.execute(f"SET LOCAL statement_timeout = {1000 * _TIMEOUT_SECONDS}".encode())
        return {str(number): await _result(connection, number) for number in range(1, 15)}


async def _result(connection: Connection, number: int) -> InvariantResult:
    counted = await _counted(connection, number)
    if counted is None:
        return InvariantResult("not-applicable", invariant_queries.ABSENT[number])
    offences = [found for query in invariant_queries.OFFENCES[number] for found in await _texts(connection, query)]
    if number == 9:
        offences += await _false_signatures(connection)
    if offences:
        more = f" … and {len(offences) - _SHOWN} more" if len(offences) > _SHOWN else ""
        return InvariantResult("broken", "; ".join(offences[:_SHOWN]) + more)
    if number in invariant_queries.PARTLY:
        return InvariantResult("not-applicable", f"{counted}, {invariant_queries.PARTLY[number]}")
    return InvariantResult("holds", counted)


async def _counted(connection: Connection, number: int) -> str | None:
    """What there is to check, in words; None when this invariant has nothing to be about."""
    query = invariant_queries.COUNTED.get(number)
    if query is None:
        return None
    cursor = await connection.execute(query)
    row = await cursor.fetchone()
    return row[0] if row else None


async def _texts(connection: Connection, query: LiteralString) -> list[str]:
    cursor = await connection.execute(query)
    return [row[0] for row in await cursor.fetchall()]


async def _false_signatures(connection: Connection) -> list[str]:
    """Heads whose signature or countersignature does not hold."""
    cursor = await connection.execute("SELECT key_id, public_key FROM app.server_keys")
    server_keys: Mapping[str, bytes] = {row[0]: bytes(row[1]) for row in await cursor.fetchall()}
    offences = []
    cursor = await connection.execute(invariant_queries.HEADS)
    for (
        terminal_id,
        code,
        public_key,
        seq,
        fact_hash,
        signature,
        countersignature,
        key_id,
        epoch,
    ) in await cursor.fetchall():
        if public_key is None or not verify_with(
            bytes(public_key), head_message(terminal_id, seq, fact_hash, ""), bytes(signature)
        ):
            offences.append(f"{code}: the head at {seq} is not signed by the till")
        server_key = server_keys.get(key_id)
        if server_key is None or not verify_with(
            server_key, head_message(terminal_id, seq, fact_hash, epoch), bytes(countersignature)
        ):
            offences.append(f"{code}: the head at {seq} is not countersigned by a key of ours ({key_id})")
    return offences
