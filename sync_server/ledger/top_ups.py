"""Tell the ledger what became of the payment of a top-up that waits for it.

Rule: by the operator's payment service, which has checked the gateway's word. A refusal is a result, {outcome
"refused", code, data}. Not here: asking for a top-up (the functions of source 001), top-ups paid at a till (intake).
"""

from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import Plain
from sync_server.ledger.units import Act, perform


async def confirm_top_up(connection: Connection, act: Act, tx_no: str, payment_ref: str) -> Plain:
    """Credit a top-up that was paid: {tx_id, tx_no, card_id, amount_minor, bonus_minor}; the same for the same payment.

    `payment_ref` is the payment's number at its gateway, 1 to 200 characters. Refused: transaction_unknown,
    top_up_not_pending {status}, content_differs {tx_no} (the payment has paid another one), card_inactive,
    currency_mismatch; of those the money must go back to the payer.
    """
    statement: LiteralString = "SELECT app.confirm_top_up(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, tx_no, payment_ref)


async def cancel_top_up(connection: Connection, act: Act, tx_no: str, reason: str) -> Plain:
    """Give up a top-up that will not be paid: {tx_no, status}. Refused: transaction_unknown, top_up_not_pending."""
    statement: LiteralString = "SELECT app.cancel_top_up(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, tx_no, reason)
