"""A member's PIN: set and changed by themselves, cleared by HQ.

Rule: whoever calls `set_pin` has made sure that it is the member. The PIN is hashed here and forgotten; the hash is
sealed under the person's own key and goes to the tills that know them. Which PIN may be: models.pins.
"""

import asyncio
from typing import LiteralString

from models.ids import parse_id
from models.pins import check_member_pin
from models.refusals import Refusal
from sync_server.cards.outcomes import ask
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID
from sync_server.members import people
from sync_server.staff.pins import hashed

_PERSON: LiteralString = """
SELECT m.member_id::text, m.key_sealed, m.name_sealed, m.phone_sealed FROM app.members AS m
 WHERE m.key_sealed IS NOT NULL AND (m.member_id = %(id)s
       OR m.member_id IN (SELECT a.member_id FROM app.member_aliases AS a WHERE a.alias_id = %(id)s))
"""


async def set_pin(pool: Pool, keys: Keyring, member_id: str, pin: str) -> None:
    """Give a member this PIN in place of the one before, and tell the tills.

    Refusals: `pin_invalid`, `pin_too_easy` (models.pins), `member_unknown`, `member_inactive`, `request_malformed`.
    """
    wanted = parse_id(member_id)
    async with transaction(pool, PLATFORM) as connection:
        row = await (await connection.execute(_PERSON, {"id": wanted})).fetchone()
    if row is None:
        raise Refusal("member_unknown")
    own_id, key_sealed = row[0], bytes(row[1])
    check_member_pin(pin, people.opened(keys, own_id, key_sealed, row[2], row[3])[1])
    pin_hash = await asyncio.to_thread(hashed, pin)
    sealed = people.sealed_pin(keys, own_id, key_sealed, pin_hash)
    await ask(pool, PLATFORM, "SELECT app.set_member_pin(%s::smallint, %s, %s)::text", [LEDGER_ID, own_id, sealed])


async def clear_pin(pool: Pool, claims: Claims, member_id: str) -> None:
    """Take a member's PIN away, for HQ; the tills then let them be as before.

    Refusals: `member_unknown`, `pin_not_set`, `permission_missing`, `request_malformed`.
    """
    await ask(pool, claims, "SELECT app.clear_member_pin(%s::smallint, %s)::text", [LEDGER_ID, parse_id(member_id)])
