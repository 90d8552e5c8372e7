"""What pages and endpoints share when a person decides: the key of the act, who may, how a refusal is told.

Rule: on a page an act is confirmed first; the confirmation carries the key, so that a second click is the same act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from litestar import Response

from models import codec
from models.refusals import PROBLEM_TYPE_PREFIX, Refusal
from sync_server.admin.desk import HttpRequest, language_of
from sync_server.admin.rendering import page
from sync_server.admin.sessions import HqUser
from sync_server.ledger.functions import Plain

DECIDING_ROLES = frozenset({"hq", "merchant_owner", "finance"})
"""Roles whose people see the forms; the ledger decides again, and by amount (sql/60_held)."""
_STATUS = {"permission_missing": 403, "held_unknown": 404, "loss_unknown": 404, "alarm_unknown": 404,
           "granted_unknown": 404, "store_unknown": 404, "terminal_unknown": 404, "member_unknown": 404,
           "reservation_unknown": 404, "content_differs": 422}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is about to happen: `lines` of (label, text), where the form goes, and what it carries besides."""

    title: str
    lines: tuple[tuple[str, str], ...]
    action: str
    back: str
    fields: Mapping[str, str]


def may_decide(user: HqUser) -> bool:
    """Whether the person's role decides at all."""
    return user.role in DECIDING_ROLES


def new_key() -> str:
    """Return the key of an act that is about to be confirmed."""
    return str(uuid4())


def key_of(text: str | None) -> str:
    """Return a usable key; Refusal `idempotency_key_missing`."""
    if not text or len(text) > 200 or not text.isprintable():
        raise Refusal("idempotency_key_missing")
    return text


def as_id(text: str) -> str:
    """Return an id in its plain form; Refusal `request_malformed`."""
    try:
        return str(UUID(text.strip()))
    except ValueError as error:
        raise Refusal("request_malformed", {"pointer": ""}) from error


def reason_of(text: str) -> str:
    """Return a person's reason in one line; Refusal `reason_missing` unless it has 3 to 200 characters."""
    reason = " ".join(text.split())
    if not 3 <= len(reason) <= 200:
        raise Refusal("reason_missing")
    return reason


def whole(text: str) -> int:
    """Return a whole number that a person typed; Refusal `amount_invalid`."""
    try:
        return int(text.strip().replace(" ", "").replace("_", "x"))
    except ValueError as error:
        raise Refusal("amount_invalid") from error


def status_of(code: str) -> int:
    """Return the HTTP status that tells a refusal."""
    return _STATUS.get(code, 409)


def confirm(request: HttpRequest, user: HqUser, here: str, waiting: Mapping[str, int], asked: Confirmation) -> Any:
    """Show what is about to happen."""
    return page("confirm", language_of(request), user, here=here, back=asked.back, waiting=waiting, asked=asked)


def answered(outcome: Plain) -> Response[bytes] | None:
    """Return the problem that tells a refused outcome; None when it was accepted."""
    if outcome["outcome"] == "accepted":
        return None
    return problem(str(outcome["code"]), status_of(str(outcome["code"])), outcome.get("data"))


def problem(code: str, status: int, data: Mapping[str, Any] | None = None) -> Response[bytes]:
    """Return an RFC 9457 problem."""
    plain = {"type": PROBLEM_TYPE_PREFIX + code, "title": code.replace("_", " "), "status": status, "code": code}
    if data:
        plain["data"] = dict(data)
    return Response(codec.encode(plain), status_code=status, media_type="application/problem+json")
