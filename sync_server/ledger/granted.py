"""Decide about what a till was granted online and no fact has confirmed.

Rule: a refusal is a result, as in `units`.
"""

from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import Plain
from sync_server.ledger.units import Act, perform

DECISIONS = ("take_back", "stand")


async def decide_granted(
    connection: Connection, act: Act, terminal_id: str, request_id: str, decision: str, reason: str
) -> Plain:
    """Take back what the request was granted, or let it stand: {decision, tx_no}; by the platform and deciding roles.

    `reason`: 3 to 200 characters. What was let stand can be taken back later, while no fact has come. Refused:
    granted_unknown (a fact came, or it was taken back), refund_not_allowed (of a charge: the card has it),
    refund_followed (a later refund of the same top-up counts on it), card_inactive, reason_missing, permission_missing.
    """
    statement: LiteralString = "SELECT app.decide_granted(%s::smallint, %s, %s, %s, %s, %s, %s)"
    return await perform(connection, statement, act, terminal_id, request_id, decision, reason)
