"""Keep somebody signed in at /auth/v1: sessions, refresh tokens that change at each use, and whom the database sees.

Rule: a session counts only while the database says so, at every request: signing out, leaving HQ and being erased take
effect at once, whatever time a token has left. Refresh tokens are random; their hashes alone are kept.
"""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from models.phones import phone_digits
from sync_server.database.engine import Claims, Connection, Pool, as_claims, transaction
from sync_server.keys import Keyring
from sync_server.members import people, phone_codes
from sync_server.supabase.tokens import Token

Kind = Literal["anonymous", "member", "staff"]
Method = Literal["anonymous", "otp", "password"]
_ADDRESS = "anonymous-sign-in-address"


class NoSession(Exception):
    """No session comes of it: a code in GoTrue's words, and for `anonymous_limit` the seconds to wait."""

    def __init__(self, code: str, seconds: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a session. `phone`: digits only, "" for none; `username`: of a person at HQ."""

    user_id: UUID
    session_id: UUID
    kind: Kind
    method: Method
    merchant_ids: list[UUID]
    username: str | None
    opened_at: datetime
    created_at: datetime
    last_sign_in_at: datetime
    phone: str = field(repr=False, default="")

    @property
    def claims(self) -> Claims:
        """Whom the read policies and the doors see; a user without a name is a member who has nothing."""
        return Claims(self.user_id, "staff" if self.kind == "staff" else "member", self.merchant_ids)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened or continued, and the refresh token for its next step."""

    user: User
    refresh_token: str = field(repr=False)


async def open_session(pool: Pool, keys: Keyring, user_id: UUID, kind: Kind, method: Method) -> Opened:
    """Begin a session for somebody who has proven who they are."""
    token = _fresh()
    async with transaction(pool) as connection:
        cursor = await connection.execute(
            "SELECT app.open_api_session(%s, %s, %s, %s)", [user_id, kind, method, _hash(token)]
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - a function call returns one row
        return Opened(await _known(connection, keys, row[0], user_id), token)


async def open_anonymous(pool: Pool, keys: Keyring, address: str, now: datetime) -> Opened:
    """Begin a session for a new user without a name. NoSession `anonymous_limit`: too many in an hour, from this
    address or in all."""
    token = _fresh()
    async with transaction(pool) as connection:
        cursor = await connection.execute(
            "SELECT wait_seconds, user_id, session_id FROM app.open_anonymous_session(%s, %s)",
            [keys.blind_index(_ADDRESS, phone_codes.network(address), now), _hash(token)],
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - a function with OUT parameters returns one row
        wait_seconds, user_id, session_id = row
        user = None if wait_seconds else await _known(connection, keys, session_id, user_id)
    if user is None:
        raise NoSession("anonymous_limit", wait_seconds)
    return Opened(user, token)


async def refresh(pool: Pool, keys: Keyring, token: str) -> Opened:
    """Continue a session. NoSession: `refresh_token_not_found`, `refresh_token_already_used` (the session is over)."""
    following = _fresh()
    async with transaction(pool) as connection:
        cursor = await connection.execute(
            "SELECT refused, session_id, user_id FROM app.rotate_api_token(%s, %s)", [_hash(token), _hash(following)]
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - a function with OUT parameters returns one row
        user = None if row[0] else await _known(connection, keys, row[1], row[2])
    if user is None:
        raise NoSession(row[0])
    return Opened(user, following)


async def user_of(pool: Pool, keys: Keyring, token: Token) -> User | None:
    """Return whose session a token is of; None when it ended."""
    async with transaction(pool) as connection:
        found = await find(connection, token)
        return found and await _with_phone(connection, keys, found)


async def find(connection: Connection, token: Token) -> User | None:
    """Return who a token is, without phone; None when the session ended; for whoever then acts for them."""
    if token.session_id is None or token.user_id is None:
        return None
    async with connection.cursor(row_factory=class_row(User)) as cursor:
        await cursor.execute(_SESSION, [token.user_id, token.session_id, token.session_id, token.user_id])
        return await cursor.fetchone()


async def close(pool: Pool, user: User, scope: str) -> None:
    """End this session (local), the user's others, or all of theirs (global)."""
    async with transaction(pool) as connection:
        await connection.execute("SELECT app.close_api_sessions(%s, %s, %s)", [user.session_id, user.user_id, scope])


_SESSION = """
SELECT %s::uuid AS user_id, %s::uuid AS session_id, kind, method, merchant_ids, username, opened_at, created_at,
       last_sign_in_at
  FROM app.api_session(%s, %s)
"""
_PHONE = "SELECT key_sealed, name_sealed, phone_sealed FROM app.members WHERE member_id = %s"


async def _known(connection: Connection, keys: Keyring, session_id: UUID, user_id: UUID) -> User:
    found = await find(connection, Token("authenticated", user_id, session_id))
    if found is None:
        raise NoSession("refresh_token_not_found")
    return await _with_phone(connection, keys, found)


async def _with_phone(connection: Connection, keys: Keyring, user: User) -> User:
    """Add the phone of a member, read as the member."""
    if user.kind != "member":
        return user
    await as_claims(connection, user.claims)
    row = await (await connection.execute(_PHONE, [user.user_id])).fetchone()
    if row is None:
        return user
    _, phone = people.opened(keys, str(user.user_id), *row)
    return replace(user, phone=phone_digits(phone))


def _fresh() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
