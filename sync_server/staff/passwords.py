"""Check the name and password of somebody at HQ: for the pages' sign-in, and for tokens.

Rule: the database keeps argon2id hashes only. An unknown name costs the same time as a wrong password and gets the same
answer; a try is counted before it is compared. Not here: sessions; what opens one also forgets the tries.
"""

import asyncio
import secrets
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from models.refusals import Refusal
from sync_server.database.engine import Pool, transaction

_HASHER = PasswordHasher()
_MAX_CHARACTERS = 200


def hash_password(password: str) -> str:
    """Return the argon2id hash to store; about 50 ms of work."""
    return _HASHER.hash(password)


async def check_password(pool: Pool, username: str, password: str) -> UUID:
    """Return whose name and password these are.

    Refusals: `login_wrong`, `login_locked` (five wrong passwords in a row: 15 minutes).
    """
    async with transaction(pool) as connection:
        found = await (
            await connection.execute(
                "SELECT user_id, password_hash, locked FROM app.hq_begin_login(%s)", [username.strip().lower()]
            )
        ).fetchone()
    user_id, stored, locked = found or (None, None, False)
    holds = await asyncio.to_thread(_verify, stored, password[:_MAX_CHARACTERS])
    if locked:
        raise Refusal("login_locked")
    if user_id is None or not holds or len(password) > _MAX_CHARACTERS:
        raise Refusal("login_wrong")
    return UUID(str(user_id))


def _verify(stored: str | None, password: str) -> bool:
    """Check a password; without a user the same work is done on a hash that nobody's password has."""
    try:
        return _HASHER.verify(stored or _nobodys_hash(), password) and stored is not None
    except VerificationError:
        return False


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))
