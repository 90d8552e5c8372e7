"""The door of the member's page: a number, then the code that was sent to it.

Rule: the answer to a number is the same, and as quick, whoever has it: looking whose it is, and sending, come after it.
"""

from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie

from models.phones import e164
from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, transaction
from sync_server.members import own_sessions, phone_codes
from sync_server.members.own_sessions import SESSION_SECONDS
from sync_server.members.phone_numbers import calling_codes
from sync_server.mine.desk import (
    COOKIE,
    Desk,
    Form,
    HttpRequest,
    Mine,
    address_of,
    check_origin,
    language_of,
    safe_back,
)
from sync_server.mine.rendering import page, redirect
from sync_server.mine.words import counted, member_words

_STATUS = {"phone_code_limit": 429, "phone_code_too_soon": 429, "phone_invalid": 400}
_USUAL_CODES = {"zh-CN": "86", "es-ES": "34"}
"""Offered in any case, and first to who reads that language."""


@get("/sign-in", include_in_schema=False)
async def sign_in_page(request: HttpRequest, mine: Desk) -> Response[str]:
    """Ask for a number."""
    return await _ask_number(request, mine, safe_back(request.query_params.get("back", "")))


@post("/sign-in", include_in_schema=False, status_code=200)
async def send_code(request: HttpRequest, mine: Desk, data: Form) -> Response[str]:
    """Send a code if the number is a member's, and ask for it in any case."""
    check_origin(request)
    back, typed = safe_back(data.get("back", "")), data.get("phone", "")[:40]
    if not mine.sender.ready:
        return await _ask_number(request, mine, back)
    try:
        phone = e164(typed, data.get("country", ""))
        made = await phone_codes.issue(mine.pool, mine.keys, phone, address_of(request), mine.now())
    except Refusal as refusal:
        if refusal.code == "phone_code_too_soon":
            return _ask_code(request, phone, back, wait=_seconds(refusal))
        return await _ask_number(request, mine, back, refusal, typed, data.get("country", ""))
    answer = _ask_code(request, phone, back, wait=phone_codes.RESEND_SECONDS)
    answer.background = BackgroundTask(
        phone_codes.deliver, mine.pool, mine.keys, mine.sender, made, language_of(request)
    )
    return answer


@post("/sign-in/code", include_in_schema=False, status_code=200)
async def sign_in(request: HttpRequest, mine: Desk, data: Form) -> Response[str]:
    """Open a session for whoever types the code."""
    check_origin(request)
    phone, back = data.get("phone", "")[:20], safe_back(data.get("back", ""))
    code = "".join(data.get("code", "")[:20].split())
    try:
        member_id = await phone_codes.check(mine.pool, mine.keys, phone, code, address_of(request), mine.now())
    except Refusal as refusal:
        if refusal.code == "phone_invalid":
            return await _ask_number(request, mine, back, refusal)
        return _ask_code(request, phone, back, refusal)
    token = await own_sessions.open_session(mine.pool, member_id)
    secure = request.url.scheme == "https"
    cookie = Cookie(COOKIE, "/m", token, SESSION_SECONDS, httponly=True, samesite="lax", secure=secure)
    return redirect(back, cookies=[cookie])


async def _ask_number(
    request: HttpRequest, mine: Mine, back: str, refusal: Refusal | None = None, typed: str = "", country: str = ""
) -> Response[str]:
    async with transaction(mine.pool, PLATFORM) as connection:
        codes = list(dict.fromkeys([*await calling_codes(connection), *_USUAL_CODES.values()]))
    usual = _USUAL_CODES.get(language_of(request), codes[0])
    return page(
        "sign_in",
        language_of(request),
        None,
        status=_STATUS.get(refusal.code, 400) if refusal else 200,
        back=back,
        ready=mine.sender.ready,
        failing=mine.sender.failing,
        codes=codes,
        country=country if country in codes else usual,
        typed=typed,
        error=_sentence(request, refusal),
    )


def _ask_code(
    request: HttpRequest, phone: str, back: str, refusal: Refusal | None = None, wait: int = 0
) -> Response[str]:
    return page(
        "sign_in_code",
        language_of(request),
        None,
        status=_STATUS.get(refusal.code, 401) if refusal else 200,
        back=back,
        phone=phone,
        wait=wait,
        minutes=phone_codes.VALID_MINUTES,
        error=_sentence(request, refusal),
    )


def _sentence(request: HttpRequest, refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    words: Any = member_words(language_of(request))
    if refusal.code == "phone_code_limit":
        return counted(words, "error.phone_code_limit", -(-_seconds(refusal) // 60))
    if refusal.code == "phone_code_wrong":
        return counted(words, "error.phone_code_wrong", int(str(refusal.data.get("tries_left", 0))))
    return str(words[f"error.{refusal.code}"])


def _seconds(refusal: Refusal) -> int:
    return int(str(refusal.data.get("seconds", 60)))


HANDLERS = [sign_in_page, send_code, sign_in]
