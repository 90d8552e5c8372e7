"""What /rest/v1 and /auth/v1 share: who asks, bodies within bounds, answers that a browser of any site may read.

Rule: nothing here rests on a cookie, so every origin may ask (CORS `*`); what counts is the `apikey` and the bearer.
An answer tells the codes of PostgREST, Postgres or GoTrue; never a row, a name or a phone that was not asked for.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from sync_server.database.engine import Pool
from sync_server.keys import Keyring
from sync_server.messages.sms import Sender
from sync_server.supabase import tokens
from sync_server.supabase.tokens import Token, TokenTrouble

HttpRequest = Request[Any, Any, Any]
JSON_TYPE = "application/json; charset=utf-8"
MOST_QUERY_BYTES = 8 * 1024
_MOST_BODY_BYTES = 64 * 1024
_BODY_SECONDS = 10
_DRAIN_BYTES = 16 * _MOST_BODY_BYTES
_LOG = logging.getLogger("sync_server.supabase")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, "
    "Preference-Applied, Range-Unit, X-Request-Id, X-Supabase-Api-Version",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "accept, accept-profile, apikey, authorization, content-profile, content-type, "
    "idempotency-key, prefer, range, range-unit, x-client-info, x-retry-count, x-supabase-api-version",
    "Access-Control-Max-Age": "3600",
}


@dataclass(frozen=True)
class Doors:
    """What both doors need. `now` is server time, aware UTC."""

    pool: Pool
    keys: Keyring
    now: Callable[[], datetime]
    sender: Sender
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `body` None: none at all; `after` runs when the answer is on its way."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], Awaitable[None]] | None = None


class Denied(Exception):
    """The answer is no: what to say."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def gateway_error(message: str, hint: str) -> Denied:
    """Return a no as Supabase's gateway words it, before any door."""
    return Denied(Answer(401, {"message": message, "hint": hint}))


def check_api_key(request: HttpRequest, doors: Doors) -> str:
    """Return the key that every client sends, when it is one of ours."""
    key = request.headers.get("apikey") or request.query_params.get("apikey") or ""
    if not key:
        raise gateway_error("No API key found in request", "No `apikey` request header or url param was found.")
    try:
        known = tokens.read(doors.keys, key, doors.now()).role in ("anon", "service_role")
    except TokenTrouble:
        known = False
    if not known:
        raise gateway_error("Invalid API key", "Double check your Supabase `anon` or `service_role` API key.")
    return key


def bearer_of(request: HttpRequest) -> str:
    """Return the token of the header Authorization, "" for none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def token_of(request: HttpRequest, doors: Doors, key: str) -> Token:
    """Return whom a request acts for: the bearer, else the key itself; TokenTrouble."""
    return tokens.read(doors.keys, bearer_of(request) or key, doors.now())


async def read_json(request: HttpRequest) -> tuple[object, str]:
    """Return what the body says (None: it is empty) and its text. ValueError: no JSON, too much, or too slow."""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            found = await _read(request)
    except TimeoutError as error:
        raise ValueError("the body did not arrive") from error
    if b"\\u0000" in found or b"\0" in found:
        raise ValueError("no text may hold the character zero")
    try:
        text = found.decode().strip()
        return (json.loads(text) if text else None), text
    except RecursionError as error:
        raise ValueError("nested too deep") from error


async def _read(request: HttpRequest) -> bytes:
    found, total, more = bytearray(), 0, True
    while more and total <= _DRAIN_BYTES:
        message: Any = await request.receive()
        if message["type"] != "http.request":
            raise ValueError("the sender went away")
        chunk, more = message.get("body", b""), message.get("more_body", False)
        total += len(chunk)
        found += chunk if total <= _MOST_BODY_BYTES else b""
    if total > _MOST_BODY_BYTES:
        raise ValueError("the body is too large")
    return bytes(found)


Respond = Callable[[HttpRequest], Awaitable[Answer]]


async def serve(scope: Scope, receive: Receive, send: Send, respond: Respond, failed: Answer) -> None:
    """Answer one request: a preflight at once, everything else by `respond`; `failed` is said of a bug."""
    request: HttpRequest = Request(scope, receive, send)
    try:
        if request.method == "OPTIONS":
            answer = Answer(204, None, _PREFLIGHT)
        elif len(scope["query_string"]) > MOST_QUERY_BYTES or b"%00" in scope["query_string"]:
            answer = Answer(414, {"message": "the query is too long, or holds the character zero"})
        else:
            answer = await respond(request)
    except Denied as denied:
        answer = denied.answer
    except Exception as error:  # noqa: BLE001 - the top of a door: a bug is logged, the client gets its shape
        _LOG.error("request_failed", exc_info=error)
        answer = failed
    if answer.status >= 400 and isinstance(answer.body, dict):
        said = answer.body.get("error_code") or answer.body.get("code") or answer.status
        scope.setdefault("state", {})["problem"] = str(said)
    body = b"" if answer.body is None or request.method == "HEAD" else _encoded(answer.body)
    headers = {**_CORS, "Cache-Control": "no-store", **answer.headers}
    response = ASGIResponse(
        body=body,
        status_code=answer.status,
        headers=headers,
        media_type=headers.pop("Content-Type", JSON_TYPE),
        is_head_response=request.method == "HEAD",
    )
    await response(scope, receive, send)
    if answer.after is not None:
        await answer.after()


def _encoded(body: object) -> bytes:
    """A text is JSON that Postgres wrote."""
    return body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()
