"""What people decide about holdings: adjustments by two of them, reviews of pass purchases; and what the calendar ends.

Rule: as in `units`: a refusal is a result, an act's key and content make it happen once.
"""

from dataclasses import astuple, dataclass
from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID, Plain, call
from sync_server.ledger.units import Act, perform


@dataclass(frozen=True, slots=True)
class Adjustment:
    """By how much what somebody holds is wrong, and why (3 to 200 characters).

    `owner_kind` card: bucket principal | bonus (with the card's `currency`) | points; member: ticket | bean | silver |
    fragment/<kind>; pass: uses. `merchant_id` None: the operator's own finding.
    """

    merchant_id: str | None
    owner_kind: str
    owner_id: str
    bucket: str
    currency: str | None
    delta: int
    reason: str


async def propose_adjustment(connection: Connection, act: Act, adjustment: Adjustment) -> Plain:
    """Write down a correction that another person must approve: {adjustment_id}. By platform or the merchant's staff.

    Refused: card_unknown, member_unknown, pass_unknown, amount_invalid, currency_mismatch, reason_missing,
    request_malformed {field}; balance_insufficient or units_insufficient {balance} when so much is not there.
    """
    statement: LiteralString = (
        "SELECT app.propose_adjustment(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s::numeric, %s)"
    )
    return await perform(connection, statement, act, *astuple(adjustment))


async def decide_adjustment(connection: Connection, act: Act, adjustment_id: str, approve: bool) -> Plain:
    """Approve ({status, tx_no}) or reject ({status}) what another proposed. By the platform; of a pass or of fragments
    by the merchant's staff too. Refused: same_person, adjustment_unknown, adjustment_decided, and as when proposing."""
    statement: LiteralString = "SELECT app.decide_adjustment(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, adjustment_id, approve)


async def review_pass_order(
    connection: Connection, act: Act, topup_order_id: str, decision: str, reason: str | None = None
) -> Plain:
    """Approve or reject a purchase that awaits review: {review, pass_status}, of a rejection also {tx_no, uses_removed,
    uses_short, refund_minor, currency}. `decision`: approve | reject, the latter with a reason. Pays nothing back.

    By the platform or the merchant's staff. Refused: review_unknown, review_decided, reason_missing, pass_revoked,
    pass_expired, request_malformed.
    """
    statement: LiteralString = "SELECT app.review_pass_order(%s::smallint, %s, %s, %s, %s, %s)"
    return await perform(connection, statement, act, topup_order_id, decision, reason)


async def expire_passes(connection: Connection, limit: int = 500) -> int:
    """Mark passes past their date as expired, at most `limit` (up to 5,000); returns how many. By the platform; run
    until it returns 0."""
    expired: int = await call(connection, "SELECT app.expire_passes(%s::smallint, %s)", [LEDGER_ID, limit])
    return expired
