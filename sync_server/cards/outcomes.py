"""Call a function of the ledger that answers with an outcome, under the caller's claims.

Rule: what SQL has refused is a refusal here too; it has been committed. Numbers with a point are Decimals, not floats.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, LiteralString

from models.refusals import Refusal
from sync_server.database.engine import Claims, Pool, retrying, transaction

Plain = dict[str, Any]


async def ask(pool: Pool, claims: Claims, statement: LiteralString, values: Sequence[object]) -> Plain:
    """Run one call that returns an outcome as text; give back what an accepted one says.

    A conflict with somebody else is tried again. Raises the Refusal that the ledger answered, and `DatabaseTrouble`.
    """

    async def once() -> Plain:
        async with transaction(pool, claims) as connection:
            cursor = await connection.execute(statement, values)
            row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - a function call returns one row
        found: Plain = json.loads(row[0], parse_float=Decimal)
        return found

    outcome = await retrying(once)
    if outcome.pop("outcome") != "accepted":
        raise Refusal(outcome["code"], outcome.get("data"))
    return outcome
