"""Keep a member signed in on a phone: a token for its cookie, whose hash alone is kept, and the token of every form.

Rule: a session lasts thirty days, and ends with the person's data. Not here: the proof that it is them (phone_codes).
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from models.refusals import Refusal
from sync_server.database.engine import Claims, Pool, transaction

SESSION_SECONDS = 30 * 86400


@dataclass(frozen=True, slots=True)
class SignedInMember:
    """Who holds this phone, and what their forms carry."""

    member_id: str
    csrf_token: str = field(repr=False)

    @property
    def claims(self) -> Claims:
        """Whom the read policies and the doors see."""
        return Claims(UUID(self.member_id), "member")


async def open_session(pool: Pool, member_id: str) -> str:
    """Begin a session and return its token."""
    token = secrets.token_urlsafe(32)
    async with transaction(pool) as connection:
        await connection.execute(
            "SELECT app.open_member_session(%s, %s, %s, %s)",
            [member_id, _hash(token), secrets.token_urlsafe(24), SESSION_SECONDS],
        )
    return token


async def member_of(pool: Pool, token: str) -> SignedInMember | None:
    """Return whose session it is; None when there is none or it ended."""
    if not token:
        return None
    async with transaction(pool) as connection:
        cursor = await connection.execute(
            "SELECT member_id::text, csrf_token FROM app.member_session(%s)", [_hash(token)]
        )
        row = await cursor.fetchone()
    return SignedInMember(row[0], row[1]) if row is not None else None


async def count(pool: Pool, member: SignedInMember) -> int:
    """Return on how many devices they are signed in."""
    async with transaction(pool, member.claims) as connection:
        row = await (await connection.execute("SELECT app.count_member_sessions()")).fetchone()
    return int(row[0]) if row else 0


async def close(pool: Pool, token: str) -> None:
    """End one session."""
    async with transaction(pool) as connection:
        await connection.execute("SELECT app.close_member_session(%s)", [_hash(token)])


async def close_all(pool: Pool, member: SignedInMember) -> None:
    """End every session of a member."""
    async with transaction(pool, member.claims) as connection:
        await connection.execute("SELECT app.close_member_sessions()")


def check_csrf(member: SignedInMember, sent: str) -> None:
    """Refusal `csrf_wrong` unless the form carries the session's own token."""
    if not secrets.compare_digest(member.csrf_token.encode(), sent.encode()):
        raise Refusal("csrf_wrong")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
