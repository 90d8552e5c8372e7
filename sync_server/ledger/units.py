"""Move what members hold beside money: grant, take back, spend tickets, trade; one round trip each.

Rule: a refusal is a result, {outcome "refused", code, data}; what was done is {outcome "accepted", tx_no, …}. Amounts
are whole numbers from 1 to 10⁹. `key` is the caller's identity of the act, `content_hash` the SHA-256 of what it asked.
Not here: units set aside for a terminal (reservations), decisions by people (decisions).
"""

from dataclasses import astuple, dataclass
from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID, Plain, call


@dataclass(frozen=True, slots=True)
class Act:
    """An act's identity: the same key and content get the stored answer again, other content is refused."""

    key: str
    content_hash: bytes


async def grant_units(
    connection: Connection,
    act: Act,
    member_id: str,
    unit: str,
    amount: int,
    reason: str,
    merchant_id: str | None = None,
) -> Plain:
    """Give a member units: {tx_no, balance}. `unit`: point, ticket, bean, silver (by the platform), or fragment/<kind>
    of a merchant (by its staff too). Refused: amount_invalid, member_unknown, reason_missing, request_malformed."""
    statement: LiteralString = "SELECT app.grant_units(%s::smallint, %s, %s, %s, %s, %s::numeric, %s, %s)"
    return await perform(connection, statement, act, member_id, unit, amount, reason, merchant_id)


async def reverse_grant(
    connection: Connection, act: Act, tx_no: str, reason: str, merchant_id: str | None = None
) -> Plain:
    """Take a grant back as far as it is still there: {tx_no, taken_back, short, balance}; who could grant it may.

    Refused: transaction_unknown, refund_not_allowed (taken back before), reason_missing.
    """
    statement: LiteralString = "SELECT app.reverse_grant(%s::smallint, %s, %s, %s, %s, %s)"
    return await perform(connection, statement, act, tx_no, reason, merchant_id)


async def debit_tickets(
    connection: Connection, act: Act, member_id: str, tickets: int, reference: str, merchant_id: str | None = None
) -> Plain:
    """Spend a member's tickets on what `reference` names: {tx_no}. By a terminal, or by the platform for a
    merchant. Refused: tickets_insufficient {balance}, amount_invalid, member_unknown, member_inactive."""
    statement: LiteralString = "SELECT app.debit_tickets(%s::smallint, %s, %s, %s, %s::numeric, %s, %s)"
    return await perform(connection, statement, act, member_id, tickets, reference, merchant_id)


async def perform(connection: Connection, statement: LiteralString, act: Act, *values: object) -> Plain:
    """Call a door that takes the ledger, key, content hash and these values; return its outcome."""
    outcome: Plain = await call(connection, statement, [LEDGER_ID, act.key, act.content_hash, *values])
    return outcome


@dataclass(frozen=True, slots=True)
class Trade:
    """A member gives `given` of one unit and takes `taken` of another: silver and fragment/<kind>, either way.

    `with_id` is the other member; None: the house.
    """

    merchant_id: str
    member_id: str
    gives: str
    given: int
    takes: str
    taken: int
    with_id: str | None = None


async def trade_units(connection: Connection, act: Act, trade: Trade) -> Plain:
    """Post a trade whose price the caller has found: {tx_no, gave_balance, took_balance}; by the platform.

    Refused: units_insufficient {member_id, unit, balance}, amount_invalid, member_unknown, member_inactive.
    """
    statement: LiteralString = (
        "SELECT app.trade_units(%s::smallint, %s, %s, %s, %s, %s, %s::numeric, %s, %s::numeric, %s)"
    )
    return await perform(connection, statement, act, *astuple(trade))
