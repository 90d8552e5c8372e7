"""Enterprise cards and their passwords: made by the operator, managed by their admins.

Rule: a password is compared here with its bcrypt hash, off the event loop; a try is counted before it is compared, and
the fifth wrong one in a row locks 15 minutes. bcrypt and not argon2, so that SQL clients can be served too (pgcrypto).
"""

import asyncio
import os
from datetime import datetime
from decimal import Decimal

import bcrypt

from models.refusals import Refusal
from models.tokens import make_card_ref
from sync_server.cards.outcomes import Plain, ask
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.ledger.functions import LEDGER_ID

_COST = 11
_MIN_LENGTH, _MAX_BYTES = 8, 72
_NOBODYS_HASH = b"$2b$11$lGSmdxCJwcE/I9NppqjJNu2x2ztS4dJ5Ylj0V/vIYUB9rTJlKi6yW"


async def create_enterprise_card(
    pool: Pool,
    claims: Claims,
    card_no: str,
    company_name: str,
    fixed_discount: Decimal,
    currency: str,
    password: str,
    expires_at: datetime | None = None,
) -> Plain:
    """Make an enterprise card without members, for the operator: {card_id, card_no}. The same again changes nothing.

    `fixed_discount` is what a price is multiplied with, in (0, 1]. Refusals: `request_malformed`, `amount_invalid`,
    `currency_mismatch`, `content_differs` (the number is another card's).
    """
    hashed = await _hashed(password)
    card_ref = make_card_ref(os.urandom(16))
    values = [LEDGER_ID, card_no, card_ref, company_name, fixed_discount, currency, expires_at, hashed]
    return await ask(
        pool, claims, "SELECT app.create_enterprise_card(%s::smallint, %s, %s, %s, %s, %s, %s, %s)::text", values
    )


async def set_password(pool: Pool, claims: Claims, card_no: str, new: str, old: str | None = None) -> None:
    """Give a card a new password: the operator at once, an admin by showing the old one.

    Refusals: `request_malformed`, `card_unknown`, `not_admin`, `card_password_wrong`, `card_password_locked`.
    """
    checked = None
    hashed = await _hashed(new)
    if claims.role != "platform":
        checked, refused = await compared_password(pool, claims, card_no, old or "")
        if refused is not None:
            raise Refusal(refused)
    await ask(
        pool,
        claims,
        "SELECT app.set_card_password(%s::smallint, %s, %s, %s)::text",
        [LEDGER_ID, card_no, checked, hashed],
    )


async def compared_password(pool: Pool, claims: Claims, card_no: str, password: str) -> tuple[str | None, str | None]:
    """Return (the hash that this password fits, None), or (None, why not); a try that did not fit has been counted."""
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute(
            "SELECT password_hash, refused FROM app.begin_card_password(%s::smallint, %s)", [LEDGER_ID, card_no]
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function with OUT parameters returns one row
    stored, refused = row
    if refused is not None:
        return None, refused
    against = stored.encode() if stored is not None else _NOBODYS_HASH
    plain = password.encode()
    fits = len(plain) <= _MAX_BYTES and await asyncio.to_thread(bcrypt.checkpw, plain, against)
    return (stored, None) if fits and stored is not None else (None, "card_password_wrong")


async def _hashed(password: str) -> str:
    if len(password) < _MIN_LENGTH or len(password.encode()) > _MAX_BYTES or "\0" in password:
        raise Refusal("request_malformed", {"pointer": "/password"})
    return (await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt(_COST))).decode()
