"""Call the ledger's functions: one round trip each, inside the caller's transaction and under its claims.

Rule: a refusal is a result. Driver errors pass through `database.engine.transaction`, which translates them.
"""

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from models import codec
from models.refusals import Refusal
from sync_server.database import engine
from sync_server.database.engine import Claims, Connection, Pool, transaction
from sync_server.database.errors import DatabaseTrouble

LEDGER_ID = 1
"""The cell that this deployment's merchants live in (ledger.md, "Outgrowing one Postgres")."""

Plain = dict[str, Any]
_LOG = logging.getLogger("sync_server.ledger")


@dataclass(frozen=True, slots=True)
class OpeningPass:
    """A pass brought from a former system; `amount_minor` is what was paid for it."""

    pass_id: str
    member_id: str
    plan_id: str
    status: str
    uses_bought: int
    uses_left: int
    amount_minor: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """What a member holds: `bucket` principal or bonus with a currency as `unit`, or points with the unit "point"."""

    member_id: str
    bucket: str
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Question:
    """What a terminal asks before goods move; it acts as the terminal of the transaction's claims.

    `refusal` is stored as the answer when the program has found one. `card_ref` and `checked_hash` are of the scanned
    code, which is used up with the effect.
    """

    key: str
    content_hash: bytes
    effect: Mapping[str, object]
    refusal: Refusal | None
    card_ref: str | None = None
    checked_hash: str | None = field(default=None, repr=False)


async def request_terms(
    pool: Pool,
    claims: Claims,
    key: str,
    content_hash: bytes,
    pass_id: str | None,
    products: Collection[str],
    add_ons: Collection[str],
) -> Plain:
    """Return the stored {outcome} of a request, or what it is priced and judged by (see app.request_terms)."""
    values = [LEDGER_ID, key, content_hash, pass_id, list(products), list(add_ons)]
    terms: Plain = await engine.call(
        pool, claims, "app.request_terms(%s::smallint, %s, %s, %s::uuid, %s::uuid[], %s::uuid[])", values
    )
    return terms


async def redeem_pass(pool: Pool, claims: Claims, question: Question) -> Plain:
    """Answer a request to redeem, once for its key: {outcome, code, data, tx_no, uses_left}; then wait."""
    return await _answer(pool, claims, "app.redeem_pass(%s::smallint, %s, %s, %s, %s, %s, %s)", question)


async def charge_by_request(pool: Pool, claims: Claims, question: Question) -> Plain:
    """Answer a request to pay an order from the card of a code, once for its key: {outcome, code, data, tx_no}."""
    return await _answer(pool, claims, "app.charge_by_request(%s::smallint, %s, %s, %s, %s, %s, %s)", question)


async def refund_by_request(pool: Pool, claims: Claims, question: Question) -> Plain:
    """Answer a request to refund part of a charge or a top-up, once for its key: {outcome, code, data, tx_no}."""
    return await _answer(pool, claims, _REFUND, question)


async def preview_refund(pool: Pool, claims: Claims, question: Question) -> Plain:
    """Return what `refund_by_request` would answer now. It runs whole and is rolled back: no row, no number stays."""
    async with engine.lone(pool) as connection, connection.transaction(force_rollback=True):
        await engine.as_claims(connection, claims)
        outcome: Plain = await call(connection, f"SELECT {_REFUND}", _values(question)[: _REFUND.count("%s")])
    return outcome


_REFUND: LiteralString = "app.refund_by_request(%s::smallint, %s, %s, %s, %s)"


async def _answer(pool: Pool, claims: Claims, function: LiteralString, question: Question) -> Plain:
    outcome: Plain = await engine.call(pool, claims, function, _values(question)[: function.count("%s")])
    return outcome


def _values(question: Question) -> list[object]:
    refusal = question.refusal
    return [
        LEDGER_ID,
        question.key,
        question.content_hash,
        Jsonb(question.effect),
        None if refusal is None else Jsonb({"code": refusal.code, "data": refusal.data}),
        question.card_ref,
        question.checked_hash,
    ]


async def intake_facts(
    connection: Connection,
    expected: Mapping[str, object],
    batch: Sequence[Mapping[str, object]],
    head: Mapping[str, object] | None,
    apart: bool,
) -> list[Plain] | None:
    """Take facts that follow the head `expected` {seq, hash}; one {hash, reason, tx_no} each, in order.

    None when that head has moved: look again. `apart` gives each fact a subtransaction of its own.
    """
    found: list[Plain] | None = await call(
        connection,
        "SELECT app.intake_facts(%s::smallint, %s, %s, %s, %s)",
        [LEDGER_ID, Jsonb(expected), Jsonb(batch), None if head is None else Jsonb(head), apart],
    )
    return found


async def note_gap(connection: Connection, known_seq: int, sent_seq: int) -> None:
    """Raise an alarm, one for each place, that the acting terminal sent facts beyond the next one."""
    await connection.execute("SELECT app.note_gap(%s::smallint, %s, %s)", [LEDGER_ID, known_seq, sent_seq])


async def take_print_reports(connection: Connection, reports: Sequence[Mapping[str, object]]) -> None:
    """Keep how far each slip's paper came; a late report never steps back."""
    await call(connection, "SELECT app.take_print_reports(%s::smallint, %s)::text", [LEDGER_ID, Jsonb(reports)])


async def import_opening(
    connection: Connection,
    merchant_id: str,
    key: str,
    passes: Sequence[OpeningPass],
    balances: Sequence[OpeningBalance] = (),
) -> Plain:
    """Bring in what a merchant's members hold, as one balanced transaction, once per key: {outcome, tx_no}.

    Other content under the key: outcome refused, code `content_differs`. Needs the platform's claims.
    """
    rows = {"passes": codec.to_plain(passes), "balances": codec.to_plain(balances)}
    outcome: Plain = await call(
        connection,
        "SELECT app.import_opening(%s::smallint, %s, %s, %s, %s)",
        [LEDGER_ID, merchant_id, key, hashlib.sha256(codec.encode(rows)).digest(), Jsonb(rows)],
    )
    return outcome


async def refresh_statistics(pool: Pool) -> None:
    """Let the planner know how far the tables have grown (ledger.md, "A trap found by measuring"); cheap when they have
    not. After a commit, never inside it. A failure is logged: autovacuum does the same, later."""
    try:
        async with transaction(pool) as connection:
            await connection.execute("SELECT app.refresh_statistics()")
    except DatabaseTrouble as trouble:
        _LOG.warning("statistics were not refreshed: %s", trouble.code)


def is_milestone(tx_no: str) -> bool:
    """Whether a number's counter is a power of two from 16 on: often enough to follow a table that doubles."""
    counter = int(tx_no[-8:])
    return counter >= 16 and counter & (counter - 1) == 0


async def call(connection: Connection, statement: str, values: Sequence[object]) -> Any:
    """Run a statement that calls one function; return its one value. For the modules of this room."""
    cursor = await connection.execute(statement.encode(), values)
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function call returns one row
    return row[0]
