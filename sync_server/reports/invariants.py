"""Check on live data what must stay true (sync.md, "What must stay true"), in one consistent snapshot.

Rule: each invariant is a list of questions whose answers are the offences; no answer, no offence. Reads as the
platform; writes nothing.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString

from models.wire import SealHead, head_message, seal_message
from sync_server.database.engine import PLATFORM, Connection, Pool, as_claims, transaction
from sync_server.keys import verify_with
from sync_server.reports import invariant_queries, invariants_acts, invariants_house, invariants_money

_SHOWN = 5
_SECONDS = {False: 300, True: 4 * 3600}
"""How long all questions together may take, of a usual run and of a full one."""
SIGNATURES_TRIED = {False: 1_000, True: 100_000}
"""Signatures of that many newest seals are tried: a tenth of a second, some ten seconds."""

TITLES = {
    "1": "entries sum to zero", "2": "balances follow from entries", "3": "nothing below its floor",
    "4": "principal, bonus, refunds", "5": "uses of passes", "6": "one id, one effect", "7": "numbers",
    "8": "sealed audit", "9": "tills' chains", "10": "acknowledged is stored", "11": "spent and free are issued",
    "12": "risk within policy", "13": "points and prices", "14": "everybody at home",
}  # fmt: skip
"""What each invariant of sync.md is about, for a person who reads the list."""


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """`state` is "holds" | "broken"; `details` says what was counted, or the first offences."""

    state: str
    details: str


async def check(pool: Pool, *, full: bool = True) -> dict[str, InvariantResult]:
    """Return the 14 invariants by number, in order. Raises `DatabaseTrouble`, also when time is up.

    Not `full`: entries, facts and audit rows are read from the end of the last month with checkpoints on. What was
    changed behind it since a full run has seen it is not found, but for balances, which start from the checkpoints; nor
    are the lines of an old transaction that was paid since, but for its balances.
    """
    async with transaction(pool) as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return await answers(connection, range(1, 15), full=full)


async def answers(connection: Connection, numbers: Iterable[int], *, full: bool = True) -> dict[str, InvariantResult]:
    """Return these invariants in the open transaction, whose role is the program's."""
    run = _Run(connection, full, time.monotonic() + _SECONDS[full])
    await as_claims(connection, PLATFORM)
    await connection.execute(invariants_money.BEGIN, [full])
    # Read policies make every table look small to the planner, which then reads one whole for each row of another.
    await connection.execute("SET LOCAL enable_nestloop = off")
    return {str(number): await _result(run, number) for number in numbers}


@dataclass(frozen=True, slots=True)
class _Run:
    connection: Connection
    full: bool
    until: float

    async def ask(self, query: LiteralString) -> tuple[list[str], int]:
        """The first offences in words, and how many there are in all."""
        left = max(1, int(1000 * (self.until - time.monotonic())))
        await self.connection.execute(f"SET LOCAL statement_timeout = {left}".encode())
        cursor = await self.connection.execute(
            f"WITH found (words) AS MATERIALIZED ({query})"  # noqa: S608 - a constant of this room
            f" SELECT words, (SELECT count(*) FROM found) FROM found LIMIT {_SHOWN}"
        )
        found = await cursor.fetchall()
        return [row[0] for row in found], found[0][1] if found else 0


async def _result(run: _Run, number: int) -> InvariantResult:
    """Once there are offences enough to show, the further questions of an invariant are left."""
    offences: list[str] = []
    more = left = 0
    for query in invariant_queries.OFFENCES[number]:
        if query in invariant_queries.FULL_ONLY and not run.full:
            continue
        if len(offences) >= _SHOWN:
            left += 1
            continue
        words, count = await run.ask(query)
        more += count - len(words)
        offences += words
    if number == 8:
        offences += await _false_seals(run.connection, SIGNATURES_TRIED[run.full])
    if number == 9:
        offences += await _false_signatures(run.connection)
    if not offences:
        ((counted,), _) = await run.ask(invariant_queries.COUNTED[number])
        return InvariantResult("holds", counted)
    more += max(0, len(offences) - _SHOWN)
    words = ["; ".join(offences[:_SHOWN])]
    words += [f"and {more} more"] if more else []
    words += [f"{left} more questions not asked"] if left else []
    return InvariantResult("broken", " … ".join(words))


async def _server_keys(connection: Connection) -> dict[str, bytes]:
    cursor = await connection.execute("SELECT key_id, public_key FROM app.server_keys")
    return {row[0]: bytes(row[1]) for row in await cursor.fetchall()}


async def _false_seals(connection: Connection, tried: int) -> list[str]:
    """Seals that no key of ours has signed, among the newest; one that waits for its signature is signed with the next.

    The links carry what a signature says back to the first seal, so older ones need not be tried.
    """
    server_keys = await _server_keys(connection)
    offences = []
    cursor = await connection.execute(invariants_house.SEALS, [tried])
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
