"""What a member sets: language, PIN, and where they are signed in.

Rule: every form carries the session's own token; the language alone is anybody's to choose.
"""

from litestar import Response, get, post
from litestar.datastructures import Cookie

from models.catalogue import LANGUAGES
from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, transaction
from sync_server.members import own, own_sessions, pins
from sync_server.members.own_sessions import SignedInMember
from sync_server.mine.desk import (
    COOKIE,
    LANGUAGE_COOKIE,
    Desk,
    Form,
    HttpRequest,
    Me,
    Mine,
    check_origin,
    safe_back,
)
from sync_server.mine.pages import reader_of
from sync_server.mine.rendering import page, redirect

_YEAR_SECONDS = 400 * 86400
_DOOR = "/m/sign-in"
_PIN_REFUSALS = ("pin_invalid", "pin_too_easy")


@get("/me", include_in_schema=False)
async def me_page(request: HttpRequest, mine: Desk, me: Me) -> Response[str]:
    """Show who one is, and what can be set."""
    said = request.query_params.get("pin", "")
    return await _me_page(request, mine, me, said=f"pin.{said}" if said in ("saved", "removed") else "")


async def _me_page(
    request: HttpRequest, mine: Mine, me: SignedInMember, *, said: str = "", error: str = ""
) -> Response[str]:
    reader = reader_of(request, mine)
    async with transaction(mine.pool, me.claims) as connection:
        person = await own.person(connection, mine.keys, me.member_id)
    return page(
        "me",
        reader.language,
        me,
        status=400 if error else 200,
        tab="me",
        back="/m/me",
        person=person,
        devices=await own_sessions.count(mine.pool, me),
        said=reader.words[said] if said else "",
        error=reader.words[error] if error else "",
    )


@post("/me/pin", include_in_schema=False, status_code=200)
async def set_pin(request: HttpRequest, mine: Desk, me: Me, data: Form) -> Response[str]:
    """Give oneself a PIN, typed twice."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    pin = data.get("pin", "")[:20]
    if pin != data.get("again", "")[:20]:
        return await _me_page(request, mine, me, error="pin.differs")
    try:
        await pins.set_pin(mine.pool, mine.keys, me.member_id, pin)
    except Refusal as refusal:
        if refusal.code not in _PIN_REFUSALS:
            raise
        return await _me_page(request, mine, me, error=f"pin.{refusal.data.get('why', 'invalid')}")
    return redirect("/m/me?pin=saved")


@post("/me/pin/remove", include_in_schema=False, status_code=200)
async def remove_pin(request: HttpRequest, mine: Desk, me: Me, data: Form) -> Response[str]:
    """Do without a PIN again."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    try:
        await pins.clear_pin(mine.pool, PLATFORM, me.member_id)
    except Refusal as refusal:
        if refusal.code != "pin_not_set":
            raise
    return redirect("/m/me?pin=removed")


@post("/language", include_in_schema=False, status_code=200)
async def choose_language(request: HttpRequest, data: Form) -> Response[str]:
    """Remember the language that this phone reads."""
    check_origin(request)
    chosen = data.get("language", "")
    language = chosen if chosen in LANGUAGES else LANGUAGES[0]
    cookie = Cookie(LANGUAGE_COOKIE, "/m", language, _YEAR_SECONDS, samesite="lax")
    return redirect(safe_back(data.get("back", "")), cookies=[cookie])


@post("/sign-out", include_in_schema=False, status_code=200)
async def sign_out(request: HttpRequest, mine: Desk, me: Me, data: Form) -> Response[str]:
    """End this phone's session."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    await own_sessions.close(mine.pool, request.cookies.get(COOKIE, ""))
    return redirect(_DOOR, cookies=[Cookie(COOKIE, "/m", "", 0)])


@post("/sign-out-everywhere", include_in_schema=False, status_code=200)
async def sign_out_everywhere(request: HttpRequest, mine: Desk, me: Me, data: Form) -> Response[str]:
    """End every session of this member."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    await own_sessions.close_all(mine.pool, me)
    return redirect(_DOOR, cookies=[Cookie(COOKIE, "/m", "", 0)])


HANDLERS = [me_page, set_pin, remove_pin, choose_language, sign_out, sign_out_everywhere]
