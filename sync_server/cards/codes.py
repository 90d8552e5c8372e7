"""The short one-time code of a card, personal or enterprise: make one, and compare a scanned one.

Rule: only a bcrypt hash of the secret is kept; bcrypt runs here, off the event loop. Who may have a code is decided in
SQL by the claims; age, lock and use are decided under a lock by the posting function itself (`app.consume_card_code`).
An unknown card costs the same compare as a known one. Format: models.tokens; rules: sync.md.
"""

import asyncio
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import bcrypt

from models.refusals import Refusal
from models.tokens import ShortCode, decode_short, encode_short, make_secret
from sync_server.database.engine import Claims, Pool, lone, transaction
from sync_server.ledger.functions import LEDGER_ID

CardType = Literal["personal", "enterprise"]
_BCRYPT_COST = 6
"""A random secret of 58 bits with five tries needs no slow hash; the source asks for bcrypt (stack.md)."""
_NOBODYS_HASH = b"$2b$06$FDh1BXaqufbleg7SVQ5O1uY8bIahfGShVu/Id0zd8BU7kWD12o9Ni"
"""Made from 32 random bytes nobody kept: what a secret is compared with when there is no card or no code."""


@dataclass(frozen=True, slots=True)
class CardCode:
    """A fresh code to show, and until when it is good."""

    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A short code whose secret is right. `checked_hash` goes to `app.consume_card_code`, which decides the rest.

    `member_id` is the owner of a personal card; None for an enterprise card.
    """

    card_ref: str
    card_id: str
    card_type: str
    member_id: str | None
    checked_hash: str = field(repr=False)


async def rotate_code(pool: Pool, claims: Claims, card_id: str, card_type: CardType) -> CardCode:
    """Return a new short code of a card, valid 15 minutes by the database's clock; the one before is void.

    Refusals: `card_unknown` (also one of somebody else), `not_admin` (an enterprise card's code is for its admins).
    """
    secret = make_secret(os.urandom(16))
    hashed = await asyncio.to_thread(bcrypt.hashpw, secret.encode(), bcrypt.gensalt(_BCRYPT_COST))
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute(
            "SELECT card_ref, expires_at, refused FROM app.put_card_code(%s::smallint, %s, %s, %s)",
            [LEDGER_ID, card_id, card_type, hashed.decode()],
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function with OUT parameters returns one row
    if row[2] is not None:
        raise Refusal(row[2])
    return CardCode(encode_short(ShortCode(row[0], secret)), row[1])


async def check_code(pool: Pool, text: str) -> CheckedCode:
    """Compare a scanned short code with the newest of its card; its age and use are decided when it is consumed.

    Refusals: `code_foreign`, `code_edited`, `card_unknown`, `code_locked` (five wrong tries: 15 minutes),
    `code_wrong` with `tries_left`.
    """
    code = decode_short(text)
    async with lone(pool) as connection:
        cursor = await connection.execute(_HASH, [LEDGER_ID, code.card_ref])
        row = await cursor.fetchone()
    card_id, card_type, member_id, secret_hash, refused = row or (None, None, None, None, "card_unknown")
    against = secret_hash.encode() if secret_hash is not None else _NOBODYS_HASH
    fits = await asyncio.to_thread(bcrypt.checkpw, code.secret.encode(), against)
    if refused is not None:
        raise Refusal(refused)
    if fits and secret_hash is not None:
        return CheckedCode(code.card_ref, card_id, card_type, member_id, secret_hash)
    async with lone(pool) as connection:
        cursor = await connection.execute(
            "SELECT app.note_wrong_card_code(%s::smallint, %s)", [LEDGER_ID, code.card_ref]
        )
        left = await cursor.fetchone()
    raise Refusal("code_wrong", {"tries_left": left[0]} if left and left[0] is not None else {})


_HASH = """
SELECT card_id::text, card_type::text, member_id::text, secret_hash, refused FROM app.card_code_hash(%s::smallint, %s)
"""
