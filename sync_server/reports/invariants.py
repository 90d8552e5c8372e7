"""Check on live data what must stay true (sync.md, "What must stay true"), in one consistent snapshot.

Rule: each invariant is a list of questions whose answers are the offences; no answer, no offence. Reads as the
platform; writes nothing.
"""

from dataclasses import dataclass
from typing import LiteralString

from models.wire import SealHead, head_message, seal_message
from sync_server.database.engine import Connection, Pool, as_claims, transaction
from sync_server.fleet.terminals import PLATFORM
from sync_server.keys import verify_with
from sync_server.reports import invariant_queries, invariants_acts, invariants_house

_SHOWN = 5
_TIMEOUT_SECONDS = 600
SIGNATURES_TRIED = 100_000
"""Signatures of that many newest seals are tried: some ten seconds of work."""


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """`state` is "holds" | "broken"; `details` says what was counted, or the first offences."""

    state: str
    details: str


async def check(pool: Pool) -> dict[str, InvariantResult]:
    """Return the 14 invariants by number, in order. Raises `DatabaseTrouble`."""
    async with transaction(pool) as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await as_claims(connection, PLATFORM)
        await connection.execute(f"SET LOCAL statement_timeout = {1000 * _TIMEOUT_SECONDS}".encode())
        # Read policies make every table look small to the planner, which then reads one whole for each row of another.
        await connection.execute("SET LOCAL enable_nestloop = off")
        return {str(number): await _result(connection, number) for number in range(1, 15)}


async def _result(connection: Connection, number: int) -> InvariantResult:
    (counted,) = await _texts(connection, invariant_queries.COUNTED[number])
    offences = [found for query in invariant_queries.OFFENCES[number] for found in await _texts(connection, query)]
    if number == 8:
        offences += await _false_seals(connection)
    if number == 9:
        offences += await _false_signatures(connection)
    if offences:
        more = f" … and {len(offences) - _SHOWN} more" if len(offences) > _SHOWN else ""
        return InvariantResult("broken", "; ".join(offences[:_SHOWN]) + more)
    return InvariantResult("holds", counted)


async def _texts(connection: Connection, query: LiteralString) -> list[str]:
    cursor = await connection.execute(query)
    return [row[0] for row in await cursor.fetchall()]


async def _server_keys(connection: Connection) -> dict[str, bytes]:
    cursor = await connection.execute("SELECT key_id, public_key FROM app.server_keys")
    return {row[0]: bytes(row[1]) for row in await cursor.fetchall()}


async def _false_seals(connection: Connection) -> list[str]:
    """Seals that no key of ours has signed, among the newest; one that waits for its signature is signed with the next.

    The links carry what a signature says back to the first seal, so older ones need not be tried.
    """
    server_keys = await _server_keys(connection)
    offences = []
    cursor = await connection.execute(invariants_house.SEALS, [SIGNATURES_TRIED])
    newest = True
    for seal_no, epoch, seal_hash, sealed_at, key_id, signature in await cursor.fetchall():
        head = SealHead(seal_no, epoch, seal_hash, key_id or "", "", sealed_at)
        if signature is None:
            if not newest:
                offences.append(f"seal {seal_no} is not signed")
        elif key_id not in server_keys or not verify_with(server_keys[key_id], seal_message(head), bytes(signature)):
            offences.append(f"seal {seal_no} is not signed by a key of ours ({key_id})")
        newest = newest and signature is None
    return offences


async def _false_signatures(connection: Connection) -> list[str]:
    """Heads whose signature or countersignature does not hold."""
    server_keys = await _server_keys(connection)
    offences = []
    cursor = await connection.execute(invariants_acts.HEADS)
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
