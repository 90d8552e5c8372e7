"""What every HQ page and endpoint shares: the database, the clock, who asks, and in which language.

Rule: made once by bootstrap through `router`; a page without a session sends to the door, an endpoint answers 401.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency

from sync_server.admin import sessions
from sync_server.admin.sessions import COOKIE, HqUser
from sync_server.database.engine import Connection, Pool
from sync_server.keys import Keyring
from sync_server.languages import choose_language
from sync_server.members import people

LANGUAGE_COOKIE = "tillkeeper_language"
HttpRequest = Request[Any, Any, Any]


class SignedOut(Exception):
    """Nobody is signed in."""


@dataclass(frozen=True)
class Hq:
    """What the pages need. `now` is server time, aware UTC."""

    pool: Pool
    keys: Keyring
    now: Callable[[], datetime]

    async def members_by_phone(self, connection: Connection, search: str) -> tuple[UUID, ...]:
        """Return the members whose phone number (or its last four digits) a search may mean."""
        return tuple(await people.by_phone(connection, self.keys, search))


Desk = NamedDependency[Hq]
Asker = NamedDependency[HqUser]


def language_of(request: HttpRequest) -> str:
    """Return the language this browser reads."""
    return choose_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def token_of(request: HttpRequest) -> str:
    """Return the session's token: the cookie of a browser, or the bearer token of a program; "" for neither."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return request.cookies.get(COOKIE) or bearer


async def signed_in(request: HttpRequest, hq: Desk) -> HqUser:
    """Return who asks; SignedOut."""
    user = await sessions.user_of(hq.pool, token_of(request))
    if user is None:
        raise SignedOut
    return user
