"""Tell the ledger what became of the payment of a top-up that waits for it, and give such a top-up back.

Rule: by the operator's payment service, which has checked the gateway's word. A refusal is a result, {outcome
"refused", code, data}. What is no key (1 to 200 characters) is request_malformed {field} and leaves nothing. Not here:
asking for a top-up (the functions of source 001), what a till takes or gives back (intake).
"""

from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import Plain
from sync_server.ledger.units import Act, perform


async def confirm_top_up(connection: Connection, act: Act, tx_no: str, payment_ref: str) -> Plain:
    """Credit a top-up that was paid: {tx_id, tx_no, card_id, amount_minor, bonus_minor}; the same for the same payment.

    `payment_ref` is the payment's number at its gateway, 1 to 200 characters. Refused: request_malformed {field},
    content_differs {tx_no} (the payment has paid another one); and transaction_unknown, top_up_not_pending {status},
    card_inactive, currency_mismatch: of those the money must go back to the payer, and an alarm says so.
    """
    statement: LiteralString = "SELECT app.confirm_top_up(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, tx_no, payment_ref)


async def cancel_top_up(connection: Connection, act: Act, tx_no: str, reason: str) -> Plain:
    """Give up a top-up that will not be paid: {tx_no, status}. `reason`: 3 to 200 characters.

    Refused: transaction_unknown, top_up_not_pending {status}, reason_missing, request_malformed {field}.
    """
    statement: LiteralString = "SELECT app.cancel_top_up(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, tx_no, reason)


async def refund_own_top_up(connection: Connection, act: Act, tx_no: str, amount_minor: int, reason: str) -> Plain:
    """Give back money of a top-up that was asked for at no merchant: {tx_no, cash_minor, bonus_minor, …}.

    `amount_minor` of its principal leaves the card, its bonus is clawed back (`models.cards.clawback`), and
    `cash_minor` is what the payer gets, the way it was paid. `reason`: 3 to 200 characters. Refused:
    transaction_unknown (a merchant's own too), refund_not_allowed, refund_exceeds {left_minor}, amount_invalid,
    reason_missing, request_malformed {field}, and what makes a card unfit.
    """
    statement: LiteralString = "SELECT app.refund_own_top_up(%s::smallint, %s, %s, %s, %s::bigint, %s)"
    return await perform(connection, statement, act, tx_no, amount_minor, reason)
