"""The two codes of a member's phone: the short one-time code, and the signed one for tills without a network.

Rule: of a short code only a bcrypt hash of its secret is kept; bcrypt runs here, age and use are decided in SQL under
a lock (`app.consume_member_code`, called by the posting function itself). Format: models.tokens; rules: sync.md.
"""

import asyncio
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import bcrypt

from models.refusals import Refusal
from models.tokens import (
    MAX_SNAPSHOT_PASSES,
    ShortCode,
    SnapshotCode,
    decode_short,
    encode_short,
    encode_snapshot,
    make_secret,
)
from sync_server.database.engine import Pool, transaction
from sync_server.fleet.terminals import PLATFORM
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID

SNAPSHOT_VALID = timedelta(hours=24)
_BCRYPT_COST = 6
"""A random secret of 58 bits with five tries needs no slow hash; the source asks for bcrypt (stack.md)."""


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A short code whose secret is right. `checked_hash` goes to `app.consume_member_code`, which decides the rest."""

    card_ref: str
    member_id: str
    checked_hash: str = field(repr=False)


async def rotate_code(pool: Pool, member_id: str) -> str:
    """Return a new short code, valid 15 minutes by the database's clock; the one before is void.

    Refusal `member_unknown`.
    """
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute("SELECT card_ref FROM app.members WHERE member_id = %s", [member_id])
        row = await cursor.fetchone()
    if row is None:
        raise Refusal("member_unknown")
    secret = make_secret(os.urandom(16))
    hashed = await asyncio.to_thread(bcrypt.hashpw, secret.encode(), bcrypt.gensalt(_BCRYPT_COST))
    async with transaction(pool) as connection:
        await connection.execute("SELECT app.put_member_code(%s, %s)", [row[0], hashed.decode()])
    return encode_short(ShortCode(row[0], secret))


async def check_code(pool: Pool, text: str) -> CheckedCode:
    """Compare a scanned short code with the newest of its card; its age and use are decided when it is consumed.

    Refusals: `code_foreign`, `code_edited`, `member_unknown`, `code_locked` (five wrong tries: 15 minutes),
    `code_wrong` with `tries_left`.
    """
    code = decode_short(text)
    async with transaction(pool) as connection:
        cursor = await connection.execute(
            "SELECT member_id::text, secret_hash, refused FROM app.member_code_hash(%s)", [code.card_ref]
        )
        row = await cursor.fetchone()
    if row is None:
        raise Refusal("member_unknown")
    if row[2] is not None:
        raise Refusal(row[2])
    if await asyncio.to_thread(bcrypt.checkpw, code.secret.encode(), row[1].encode()):
        return CheckedCode(code.card_ref, row[0], row[1])
    async with transaction(pool) as connection:
        cursor = await connection.execute("SELECT app.note_wrong_member_code(%s)", [code.card_ref])
        left = await cursor.fetchone()
    raise Refusal("code_wrong", {"tries_left": left[0] if left else 0})


async def snapshot_code(pool: Pool, keys: Keyring, member_id: str, merchant_id: str, now: datetime) -> str:
    """Return a signed code that says what the member's passes at this merchant had left at `now`.

    At most four passes, soonest expiry first. Refusal `member_unknown`.
    """
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            _SNAPSHOT, {"ledger": LEDGER_ID, "member": member_id, "merchant": merchant_id, "now": now}
        )
        rows = await cursor.fetchall()
    if not rows:
        raise Refusal("member_unknown")
    code = SnapshotCode(
        card_ref=rows[0][0],
        issued_at=now,
        expires_at=now + SNAPSHOT_VALID,
        nonce=os.urandom(8).hex(),
        balance_minor=rows[0][1],
        key_id=[key.id for key in keys.public_keys() if key.use_from <= now][-1],
        passes=tuple((row[2], row[3]) for row in rows if row[2] is not None)[:MAX_SNAPSHOT_PASSES],
    )
    return encode_snapshot(code, lambda message: keys.sign(message, now)[1])


_SNAPSHOT = """
SELECT m.card_ref, coalesce(h.balance_minor, 0), p.pass_id::text, p.uses_left
  FROM app.members AS m
  LEFT JOIN app.member_holdings(ARRAY[%(member)s::text::uuid]) AS h USING (member_id)
  LEFT JOIN app.passes_held AS p
    ON p.ledger_id = %(ledger)s AND p.member_id = m.member_id AND p.merchant_id = %(merchant)s
   AND p.status = 'active' AND p.expires_at > %(now)s
 WHERE m.member_id = %(member)s::text::uuid ORDER BY p.expires_at, p.pass_id
"""
