"""Offline losses: what was handed over and nobody's account paid for, until it is collected or written off.

Rule: as in `units`: a refusal is a result, an act's key and content make it happen once. By the platform, or by the
merchant's people as their role at HQ allows. Not here: how a loss comes about (sql/17_pass_uses, 60_held).
"""

from typing import LiteralString

from sync_server.database.engine import Connection
from sync_server.ledger.functions import Plain
from sync_server.ledger.units import Act, perform


async def collect_loss(
    connection: Connection, act: Act, loss_id: str, amount: int, tender: str, paid_minor: int
) -> Plain:
    """Somebody paid `paid_minor` by `tender` for `amount` units of a loss: {tx_no, left}; of money both are the same,
    of uses at most their share of the loss's value.

    Refused: loss_unknown, loss_settled, amount_invalid, paid_too_much {worth_minor}, tender_unknown,
    permission_missing.
    """
    statement: LiteralString = "SELECT app.collect_loss(%s::smallint, %s, %s, %s, %s::numeric, %s, %s::numeric)"
    return await perform(connection, statement, act, loss_id, amount, tender, paid_minor)


async def write_off_loss(connection: Connection, act: Act, loss_id: str, reason: str) -> Plain:
    """Give up what is left of a loss: {status: written_off, tx_no}; finance only proposes ({status: proposed}) until
    another person agrees by the same call. Refused: loss_unknown, loss_settled, reason_missing, same_person,
    permission_missing."""
    statement: LiteralString = "SELECT app.write_off_loss(%s::smallint, %s, %s, %s, %s)"
    return await perform(connection, statement, act, loss_id, reason)
