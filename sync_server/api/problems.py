"""Turn every "no" and every failure into an RFC 9457 problem with a stable code.

Rule: a problem says a code and plain data; never a header, a body, a name or a phone. What is not foreseen is
`server_error`, logged with its request id.
"""

import base64
import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from models import codec
from models.refusals import PROBLEM_TYPE_PREFIX, Refusal
from models.wire import Problem, Revocation, revocation_message
from sync_server.database.errors import DatabaseTrouble
from sync_server.keys import Keyring, KeysTrouble

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("sync_server.api")

_STATUS = {
    "request_malformed": 400,
    "till_too_old": 400,
    "server_too_old": 400,
    "body_cut": 400,
    "signature_missing": 401,
    "signature_invalid": 401,
    "key_unknown": 401,
    "request_replayed": 401,
    "request_expired": 401,
    "terminal_revoked": 403,
    "revoked_queue_full": 403,
    "pairing_code_wrong": 403,
    "pairing_code_expired": 403,
    "pairing_code_used": 403,
    "not_found": 404,
    "member_unknown": 404,
    "method_not_allowed": 405,
    "body_too_slow": 408,
    "already_paired": 409,
    "request_too_large": 413,
    "content_type_wrong": 415,
    "content_encoding_wrong": 415,
    "pairing_throttled": 429,
    "server_error": 500,
    "server_busy": 503,
}
KNOWN = frozenset(_STATUS)
"""Codes that HTTP adds to those of models.refusals, and those with a status of their own."""
_REFUSED = 422
BODY = ("body_cut", "body_too_slow", "request_too_large", "content_type_wrong", "content_encoding_wrong")
UNSIGNED = ("server_error", "server_busy")
VERSION = ("request_malformed", "till_too_old", "server_too_old")
SIGNATURE = ("signature_missing", "signature_invalid", "key_unknown", "request_expired")
PAIRING = ("pairing_code_wrong", "pairing_code_expired", "pairing_code_used", "already_paired", "pairing_throttled")
TERMINAL = (*VERSION, *SIGNATURE, "request_replayed", "terminal_revoked", *BODY, *UNSIGNED)
"""What an operation may answer with, for the OpenAPI document."""
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "request_too_large", 415: "content_type_wrong"}
_RETRY_AFTER_SECONDS = {"pairing_throttled": 900, "server_busy": 1}
_DATABASE_RETRY_SECONDS = 2


def by_status(codes: Collection[str]) -> dict[int, list[str]]:
    """Return the codes under the status that tells each."""
    found: dict[int, list[str]] = {}
    for code in codes:
        found.setdefault(_STATUS.get(code, _REFUSED), []).append(code)
    return found


class HttpTrouble(Exception):
    """What only HTTP can get wrong: a code of `_STATUS` and data. Not a refusal: no room knows these."""

    def __init__(self, code: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.data = data or {}


def exception_handlers(now: Callable[[], datetime], keys: Keyring) -> dict[int | type[Exception], Any]:
    """Return Litestar's table: exception -> problem. With `keys` a revocation is signed."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        code, status, data = _translate(error)
        if isinstance(error, Refusal) and code == "terminal_revoked":
            data = _proof(error, keys, now())
        request_id = str(request.scope.get("state", {}).get("request_id", ""))
        if status == 500:
            _LOG.error("request_failed", exc_info=error, extra={"fields": {"request_id": request_id}})
        request.scope.setdefault("state", {})["problem"] = code
        retry_seconds = _DATABASE_RETRY_SECONDS if code.startswith("database_") else _RETRY_AFTER_SECONDS.get(code)
        problem = Problem(
            type=PROBLEM_TYPE_PREFIX + code,
            title=code.replace("_", " "),
            status=status,
            code=code,
            server_time=now(),
            request_id=request_id,
            data=data,
        )
        return Response(
            codec.encode(problem),
            status_code=status,
            media_type=MEDIA_TYPE,
            headers={} if retry_seconds is None else {"Retry-After": str(retry_seconds)},
        )

    return {Exception: handle}


def _proof(refusal: Refusal, keys: Keyring, now: datetime) -> dict[str, Any]:
    """Return what a till believes that it is shut out by; nothing of whom is not known when."""
    revoked_at = refusal.data.get("revoked_at")
    if not isinstance(revoked_at, datetime):
        return {}
    said = Revocation(str(refusal.data["terminal_id"]), refusal.code, revoked_at, "", "")
    key_id, signature = keys.sign(revocation_message(said), now)
    said = replace(said, key_id=key_id, signature=base64.b64encode(signature).decode())
    return {"revocation": codec.to_plain(said)}


def _translate(error: Exception) -> tuple[str, int, dict[str, Any]]:
    if isinstance(error, HttpTrouble):
        return error.code, _STATUS[error.code], error.data
    if isinstance(error, Refusal):
        return error.code, _STATUS.get(error.code, _REFUSED), codec.to_plain(error.data)
    if isinstance(error, DatabaseTrouble):
        return error.code, 503, {}
    if isinstance(error, HTTPException) and error.status_code in _BY_STATUS:
        return _BY_STATUS[error.status_code], error.status_code, {}
    if isinstance(error, HTTPException) and 400 <= error.status_code < 500:
        return "request_malformed", 400, {}
    if isinstance(error, KeysTrouble):
        return "server_error", 500, {"cause": error.code}
    return "server_error", 500, {}
