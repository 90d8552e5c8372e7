"""The two codes of a member's phone: the short one of their card, and the signed one for tills without a network.

Not here: what a short code is and how it is checked (cards.codes). Format: models.tokens; rules: sync.md.
"""

import os
from datetime import datetime, timedelta

from models.refusals import Refusal
from models.tokens import MAX_SNAPSHOT_PASSES, SnapshotCode, encode_snapshot
from sync_server.cards import codes
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID

SNAPSHOT_VALID = timedelta(hours=24)


async def rotate_code(pool: Pool, member_id: str) -> str:
    """Return a new short code of a member's own card, given by the operator; the one before is void.

    Refusal `member_unknown`.
    """
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            "SELECT card_id::text FROM app.cards WHERE ledger_id = %s AND member_id = %s", [LEDGER_ID, member_id]
        )
        row = await cursor.fetchone()
    if row is None:
        raise Refusal("member_unknown")
    return (await codes.rotate_code(pool, PLATFORM, row[0], "personal")).text


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
