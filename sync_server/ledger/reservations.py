"""Set units aside for one terminal, spend them there part by part, give back the rest (sync.md rung 2).

Rule: as in `units`: a refusal is a result, an act's key and content make it happen once. A reservation ends by its
terminal's word or a person's, never by a clock. Not here: the signed token that a till can check alone (set_aside), and
what tills spend and give up by facts (SQL, 45_reserved_facts).
"""

from datetime import datetime
from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import Plain
from sync_server.ledger.units import Act, perform


async def reserve(
    connection: Connection, act: Act, terminal_id: str, source_kind: str, source_id: str, amount: int,
    expires_at: datetime, after: int | None = None,
) -> Plain:  # fmt: skip
    """Set uses of a pass or money of a card (minor units) aside: {tx_no, reservation_id, fencing_no, unit, amount,
    expires_at, uses_left or balance_minor}. `source_kind`: pass | card; at most 31 days, never past the source's end.

    By the platform, the member whose it is, and of passes the terminal itself. `after`: only while that is the
    source's newest fencing number (0: none), else refused reservations_too_many. Refused: uses_exhausted,
    balance_insufficient, amount_invalid, terminal_unknown, terminal_revoked, terminal_forked, and what makes a pass or
    card unfit.
    """
    statement: LiteralString = "SELECT app.reserve(%s::smallint, %s, %s, %s, %s, %s, %s::numeric, %s, %s)"
    return await perform(connection, statement, act, terminal_id, source_kind, source_id, amount, expires_at, after)


async def settle_reservation(
    connection: Connection, act: Act, reservation_id: str, amount: int, use_id: str, happened_at: datetime
) -> Plain:
    """Spend a part for the redemption or order `use_id`: {tx_no, left}; the last part closes the reservation.

    By its terminal. Refused: reservation_unknown, reservation_closed, reservation_exceeds {left}, content_differs,
    amount_invalid, request_malformed {field} for a time before the reservation.
    """
    statement: LiteralString = "SELECT app.settle_reservation(%s::smallint, %s, %s, %s, %s::numeric, %s, %s)"
    return await perform(connection, statement, act, reservation_id, amount, use_id, happened_at)


async def close_reservation(connection: Connection, act: Act, reservation_id: str) -> Plain:
    """Give back what is left to its pass, or to the lots of its card: {tx_no, returned, forfeited}. By its terminal.

    `forfeited` is `returned` when the pass has been bought anew since it expired, else 0.

    Refused: reservation_unknown, reservation_closed {used, returned}.
    """
    statement: LiteralString = "SELECT app.close_reservation(%s::smallint, %s, %s, %s)"
    return await perform(connection, statement, act, reservation_id)


async def recall(connection: Connection, act: Act, reservation_id: str) -> Plain:
    """Ask its till to give up what it has not used: {left}. By the platform, or the member whose it is.

    Refused: reservation_unknown, reservation_closed {used, returned}.
    """
    statement: LiteralString = "SELECT app.recall_reservation(%s::smallint, %s, %s, %s)"
    return await perform(connection, statement, act, reservation_id)


async def release_at_risk(connection: Connection, act: Act, reservation_id: str, reason: str) -> Plain:
    """Free what a lost till still may spend, with an alarm: {tx_no, returned, forfeited}. By the platform.

    Refused: reservation_unknown, reservation_closed, reason_missing.
    """
    statement: LiteralString = "SELECT app.release_at_risk(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, reservation_id, reason)
