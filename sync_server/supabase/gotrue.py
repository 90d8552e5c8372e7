"""/auth/v1 as GoTrue (Supabase Auth) answers: nameless sign-in, codes to phones, passwords, refresh, sign-out.

Rule: parse, ask, answer. The proof of a phone is members.phone_codes', of a password staff.passwords', sessions are the
database's. The answer to a number is the same, and as quick, whoever has it. A user is never changed here.
Errors: https://supabase.com/docs/guides/auth/debugging/error-codes
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar.handlers import ASGIRouteHandler
from litestar.handlers import asgi as asgi_handler
from litestar.types import Receive, Scope, Send

from models.refusals import Refusal
from sync_server.database.errors import DatabaseTrouble
from sync_server.languages import choose_language
from sync_server.members import phone_codes
from sync_server.staff import passwords
from sync_server.supabase import sessions, tokens
from sync_server.supabase.door import Answer, Denied, Doors, HttpRequest, bearer_of, check_api_key, read_json, serve
from sync_server.supabase.sessions import NoSession, Opened, User
from sync_server.supabase.tokens import TokenTrouble

ACCESS_SECONDS = 3600
_API_VERSION = "2024-01-01"
_VERSION_HEADER = "x-supabase-api-version"
_SCOPES = ("global", "local", "others")
_PROVIDERS = {"anonymous": "anonymous", "otp": "phone", "password": "email"}
_FAILED = Answer(500, {"code": 500, "error_code": "unexpected_failure", "msg": "Internal Server Error"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, its body already read."""

    doors: Doors
    request: HttpRequest
    body: dict[str, object]

    def text(self, name: str) -> str:
        """Return a field of the body; "" for what is no text, cut at 400 characters."""
        found = self.body.get(name)
        return found[:400] if isinstance(found, str) else ""

    @property
    def now(self) -> datetime:
        """Server time."""
        return self.doors.now()

    @property
    def address(self) -> str:
        """Where it comes from: "" when nobody knows."""
        return self.request.client.host if self.request.client else ""


def handler(doors: Doors) -> ASGIRouteHandler:
    """Return everything under /auth/v1."""

    async def respond(request: HttpRequest) -> Answer:
        path = request.scope["path"].rstrip("/").rpartition("/auth/v1")[2] or "/"
        if path == "/.well-known/jwks.json":
            return Answer(200, tokens.public_keys(doors.keys), {"Cache-Control": "public, max-age=600"})
        check_api_key(request, doors)
        act = _ACTS.get((request.method, path))
        if act is None:
            raise _no(request, 404, "not_found", "404 page not found")
        try:
            body, _ = await read_json(request) if request.method in ("POST", "PUT") else ({}, "")
        except ValueError as error:
            raise _no(request, 400, "bad_json", f"Could not parse request body as JSON: {error}") from error
        if body is not None and not isinstance(body, dict):
            raise _no(request, 400, "bad_json", "Could not parse request body as JSON: an object is expected")
        try:
            return await act(Asked(doors, request, body or {}))
        except DatabaseTrouble as trouble:
            raise _no(request, 503, "unexpected_failure", trouble.code) from trouble

    @asgi_handler("/auth/v1", is_mount=True, copy_scope=True)
    async def auth(scope: Scope, receive: Receive, send: Send) -> None:
        await serve(scope, receive, send, respond, _FAILED)

    return auth


# Whoever may sign in ------------------------------------------------------------------------------------------------


async def _health(asked: Asked) -> Answer:
    return Answer(
        200,
        {
            "name": "GoTrue",
            "version": f"tillkeeper {asked.doors.version}",
            "description": "GoTrue is a user registration and authentication API",
        },
    )


async def _settings(asked: Asked) -> Answer:
    external = {"anonymous_users": True, "phone": asked.doors.sender.ready, "email": True}
    return Answer(
        200,
        {
            "external": external,
            "disable_signup": False,
            "mailer_autoconfirm": False,
            "phone_autoconfirm": False,
            "sms_provider": "hook" if asked.doors.sender.ready else "",
            "saml_enabled": False,
        },
    )


async def _sign_up(asked: Asked) -> Answer:
    """Somebody without a name; people with one are made at a till or at HQ."""
    if asked.text("email"):
        raise _no(asked.request, 422, "email_provider_disabled", "Email signups are disabled")
    if asked.text("phone"):
        raise _no(asked.request, 422, "signup_disabled", "Signups not allowed for this instance")
    try:
        opened = await sessions.open_anonymous(asked.doors.pool, asked.doors.keys, asked.address, asked.now)
    except NoSession as refused:
        raise _limited(asked.request, "over_request_rate_limit", refused.seconds) from refused
    return _session(asked, opened)


async def _send_code(asked: Asked) -> Answer:
    """A code is sent if the number is a member's; the answer does not tell, and sending comes after it."""
    phone = _phone(asked)
    if asked.text("channel") not in ("", "sms"):
        raise _no(asked.request, 400, "validation_failed", "Invalid channel, supported values are 'sms'")
    if not asked.doors.sender.ready:
        raise _no(asked.request, 400, "phone_provider_disabled", "Unsupported phone provider")
    doors = asked.doors
    try:
        made = await phone_codes.issue(doors.pool, doors.keys, phone, asked.address, asked.now)
    except Refusal as refused:
        raise _phone_refused(asked, refused) from refused
    language = choose_language(None, asked.request.headers.get("accept-language", ""))

    async def send() -> None:
        await phone_codes.deliver(doors.pool, doors.keys, doors.sender, made, language)

    return Answer(200, {"message_id": None}, after=send)


async def _verify(asked: Asked) -> Answer:
    if asked.text("type") != "sms":
        raise _no(asked.request, 400, "validation_failed", "Verify requires the type sms")
    phone, code, doors = _phone(asked), "".join(asked.text("token").split()), asked.doors
    try:
        member_id = await phone_codes.check(doors.pool, doors.keys, phone, code, asked.address, asked.now)
    except Refusal as refused:
        raise _phone_refused(asked, refused) from refused
    return _session(asked, await sessions.open_session(doors.pool, doors.keys, UUID(member_id), "member", "otp"))


async def _token(asked: Asked) -> Answer:
    grant = asked.request.query_params.get("grant_type", "")
    if grant == "password":
        return await _password(asked)
    if grant == "refresh_token":
        return await _refresh(asked)
    raise _no(asked.request, 400, "unsupported_grant_type", "unsupported_grant_type")


async def _password(asked: Asked) -> Answer:
    """People at HQ have passwords; the field `email` takes their user name. Members prove their phone instead."""
    doors = asked.doors
    try:
        if not asked.text("email"):
            raise Refusal("login_wrong")
        user_id = await passwords.check_password(doors.pool, asked.text("email"), asked.text("password"))
    except Refusal as refused:
        if refused.code == "login_locked":
            raise _limited(asked.request, "over_request_rate_limit", 900) from refused
        raise _no(asked.request, 400, "invalid_credentials", "Invalid login credentials") from refused
    return _session(asked, await sessions.open_session(doors.pool, doors.keys, user_id, "staff", "password"))


async def _refresh(asked: Asked) -> Answer:
    try:
        opened = await sessions.refresh(asked.doors.pool, asked.doors.keys, asked.text("refresh_token"))
    except NoSession as refused:
        words = {
            "refresh_token_not_found": "Invalid Refresh Token: Refresh Token Not Found",
            "refresh_token_already_used": "Invalid Refresh Token: Already Used",
        }
        raise _no(asked.request, 400, refused.code, words[refused.code]) from refused
    return _session(asked, opened)


# Whoever is signed in -----------------------------------------------------------------------------------------------


async def _user(asked: Asked) -> Answer:
    return Answer(200, _shown(await _signed_in(asked)))


async def _change_user(asked: Asked) -> Answer:
    await _signed_in(asked)
    raise _no(asked.request, 422, "validation_failed", "Users are not changed here")


async def _sign_out(asked: Asked) -> Answer:
    user = await _signed_in(asked)
    scope = asked.request.query_params.get("scope", "global")
    if scope not in _SCOPES:
        raise _no(asked.request, 400, "validation_failed", f"Unsupported logout scope {scope[:20]!r}")
    await sessions.close(asked.doors.pool, user, scope)
    return Answer(204)


async def _signed_in(asked: Asked) -> User:
    text = bearer_of(asked.request)
    if not text:
        raise _no(asked.request, 401, "no_authorization", "This endpoint requires a valid Bearer token")
    try:
        token = tokens.read(asked.doors.keys, text, asked.now)
    except TokenTrouble as trouble:
        said = "token is expired" if trouble.code == "expired" else "token is malformed or its signature is wrong"
        raise _no(
            asked.request, 403, "bad_jwt", f"invalid JWT: unable to parse or verify signature, {said}"
        ) from trouble
    if token.role != "authenticated":
        raise _no(asked.request, 403, "bad_jwt", "invalid claim: missing sub claim")
    user = await sessions.user_of(asked.doors.pool, asked.doors.keys, token)
    if user is None:
        raise _no(asked.request, 403, "session_not_found", "Session from session_id claim in JWT does not exist")
    return user


Act = Callable[[Asked], Awaitable[Answer]]
_ACTS: dict[tuple[str, str], Act] = {
    ("GET", "/health"): _health,
    ("GET", "/settings"): _settings,
    ("POST", "/signup"): _sign_up,
    ("POST", "/otp"): _send_code,
    ("POST", "/resend"): _send_code,
    ("POST", "/verify"): _verify,
    ("POST", "/token"): _token,
    ("GET", "/user"): _user,
    ("PUT", "/user"): _change_user,
    ("POST", "/logout"): _sign_out,
}

# Shapes -------------------------------------------------------------------------------------------------------------


def _session(asked: Asked, opened: Opened) -> Answer:
    user, now = opened.user, asked.now
    shown = _shown(user)
    claims = {name: shown[name] for name in ("aud", "role", "email", "phone", "app_metadata", "user_metadata")}
    claims |= {
        "sub": str(user.user_id),
        "aal": "aal1",
        "amr": [{"method": user.method, "timestamp": int(user.opened_at.timestamp())}],
        "session_id": str(user.session_id),
        "is_anonymous": shown["is_anonymous"],
    }
    return Answer(
        200,
        {
            "access_token": tokens.sign(asked.doors.keys, claims, now, ACCESS_SECONDS),
            "token_type": "bearer",
            "expires_in": ACCESS_SECONDS,
            "expires_at": int(now.timestamp()) + ACCESS_SECONDS,
            "refresh_token": opened.refresh_token,
            "user": shown,
        },
    )


def _shown(user: User) -> dict[str, object]:
    """Return a user as GoTrue shows one. A user name that is an address is the e-mail."""
    provider = _PROVIDERS[user.method]
    known = user.kind != "anonymous"
    email = user.username if user.username and "@" in user.username else ""
    created, seen = user.created_at.isoformat(), user.last_sign_in_at.isoformat()
    return {
        "id": str(user.user_id),
        "aud": "authenticated",
        "role": "authenticated",
        "email": email,
        "phone": user.phone,
        "confirmed_at": created if known else None,
        "last_sign_in_at": seen,
        "app_metadata": {"provider": provider, "providers": [provider]} if known else {},
        "user_metadata": {},
        "identities": [],
        "created_at": created,
        "updated_at": seen,
        "is_anonymous": not known,
    }


def _phone(asked: Asked) -> str:
    """Return the number as E.164; clients may leave the "+" out, as GoTrue keeps it."""
    plain = asked.text("phone")[:40].replace(" ", "").removeprefix("+")
    if not plain:
        raise _no(asked.request, 400, "validation_failed", "One of email or phone must be set")
    return f"+{plain}"


def _phone_refused(asked: Asked, refused: Refusal) -> Denied:
    if refused.code == "phone_invalid":
        return _no(asked.request, 400, "validation_failed", "Invalid phone number format (E.164 required)")
    if refused.code in ("phone_code_too_soon", "phone_code_limit"):
        return _limited(asked.request, "over_sms_send_rate_limit", int(str(refused.data.get("seconds", 60))))
    return _no(asked.request, 403, "otp_expired", "Token has expired or is invalid")


def _limited(request: HttpRequest, code: str, seconds: int) -> Denied:
    message = f"For security purposes, you can only request this after {seconds} seconds."
    return _no(request, 429, code, message, {"Retry-After": str(seconds)})


def _no(request: HttpRequest, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Denied:
    """Return a no in the form that the client says it reads."""
    if request.headers.get(_VERSION_HEADER, "") >= _API_VERSION:
        told = {_VERSION_HEADER: _API_VERSION, **(headers or {})}
        return Denied(Answer(status, {"code": code, "message": message}, told))
    return Denied(Answer(status, {"code": status, "error_code": code, "msg": message}, headers or {}))
