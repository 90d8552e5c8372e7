"""Sign people in at HQ: password, session cookie, lockout, and the token that guards every form.

Rule: the database keeps hashes only (argon2id of passwords, SHA-256 of session tokens).
Not here: the password (staff.passwords).
"""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from models.refusals import Refusal
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.staff.passwords import check_password

COOKIE = "tillkeeper_hq"
SESSION_SECONDS = 12 * 3600


@dataclass(frozen=True)
class HqUser:
    """A signed-in person at HQ and the merchants they may see."""

    user_id: UUID
    username: str
    display_name: str
    role: str
    merchant_ids: tuple[UUID, ...]
    csrf_token: str

    @property
    def claims(self) -> Claims:
        """Whom the read policies see."""
        return Claims(self.user_id, "staff", self.merchant_ids)


async def sign_in(pool: Pool, username: str, password: str) -> str:
    """Check name and password and return a new session token.

    Refusals: `login_wrong`, `login_locked` (five wrong passwords in a row: 15 minutes).
    """
    user_id = await check_password(pool, username, password)
    token = secrets.token_urlsafe(32)
    async with transaction(pool) as connection:
        await connection.execute(
            "SELECT app.hq_open_session(%s, %s, %s, %s)",
            [user_id, _token_hash(token), secrets.token_urlsafe(24), SESSION_SECONDS],
        )
    return token


async def user_of(pool: Pool, token: str | None) -> HqUser | None:
    """Return whom a session cookie belongs to, None when there is none or it ended."""
    if not token:
        return None
    async with transaction(pool) as connection:
        found = await (
            await connection.execute(
                "SELECT user_id, username, display_name, role, merchant_ids, csrf_token FROM app.hq_session(%s)",
                [_token_hash(token)],
            )
        ).fetchone()
    if found is None:
        return None
    return HqUser(found[0], found[1], found[2], found[3], tuple(found[4]), found[5])


async def sign_out(pool: Pool, token: str) -> None:
    """End the session."""
    async with transaction(pool) as connection:
        await connection.execute("SELECT app.hq_close_session(%s)", [_token_hash(token)])


def check_csrf(user: HqUser, sent: str) -> None:
    """Refusal `csrf_wrong` unless the form carries the session's own token."""
    if not secrets.compare_digest(user.csrf_token.encode(), sent.encode()):
        raise Refusal("csrf_wrong")


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
