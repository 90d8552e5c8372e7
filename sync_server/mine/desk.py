"""What every page of a member shares: the database, the clock, the way to their phone, who asks, in which language.

Rule: made once by bootstrap through `router`; a page without a session leads to the door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from models.refusals import Refusal
from sync_server.database.engine import Pool
from sync_server.keys import Keyring
from sync_server.languages import choose_language
from sync_server.members import own_sessions
from sync_server.members.own_sessions import SignedInMember
from sync_server.messages.sms import Sender

COOKIE, LANGUAGE_COOKIE = "tillkeeper_member", "tillkeeper_language"
HOME = "/m/"
HttpRequest = Request[Any, Any, Any]
Form = URLEncodedBody[dict[str, str]]


class SignedOut(Exception):
    """Nobody is signed in."""


@dataclass(frozen=True)
class Mine:
    """What the pages need. `now` is server time, aware UTC."""

    pool: Pool
    keys: Keyring
    now: Callable[[], datetime]
    sender: Sender


Desk = NamedDependency[Mine]
Me = NamedDependency[SignedInMember]


def language_of(request: HttpRequest) -> str:
    """Return the language this phone reads."""
    return choose_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from: "" when nobody knows."""
    return request.client.host if request.client else ""


async def signed_in(request: HttpRequest, mine: Desk) -> SignedInMember:
    """Return who asks; SignedOut."""
    member = await own_sessions.member_of(mine.pool, request.cookies.get(COOKIE, ""))
    if member is None:
        raise SignedOut
    return member


def check_origin(request: HttpRequest) -> None:
    """Refusal `csrf_wrong` for a form that another site sent: as the browser says, else by its `Origin`."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise Refusal("csrf_wrong")


def safe_back(text: str) -> str:
    """Return where to go next: only ever a page of ours, whatever the browser was talked into sending."""
    parts = urlsplit(text) if len(text) <= 200 else urlsplit("")
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/m/") and "\\" not in text
    return text if ours and text.isascii() and text.isprintable() else HOME
