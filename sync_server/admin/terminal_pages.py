"""The tills: a list with what each may lose, one till with its queue, and shutting one out, confirmed first.

Rule: parse, ask `reports`, call `fleet` and `intake.held`; the ledger decides who may.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, URLEncodedBody

from models.refusals import Refusal
from sync_server.admin import sessions, views
from sync_server.admin.acts import Confirmation, answered, confirm, key_of, new_key, reason_of, status_of, whole
from sync_server.admin.described import REASON, WHOLE, reads, refuses, words
from sync_server.admin.desk import Asker, Desk, Hq, HttpRequest, language_of
from sync_server.admin.endpoints import json_answer
from sync_server.admin.fleet_views import queue_view, terminal_view
from sync_server.admin.rendering import page
from sync_server.admin.sessions import HqUser
from sync_server.admin.words import hq_words
from sync_server.database.engine import transaction
from sync_server.fleet import terminals
from sync_server.intake import held
from sync_server.ledger import backups
from sync_server.ledger.functions import Plain
from sync_server.reports import fleet
from sync_server.reports import orders as reports

Form = URLEncodedBody[dict[str, str]]
Body = JSONBody[dict[str, Any]]
REVOKING_ROLES = frozenset({"hq", "merchant_owner"})
"""Roles that shut a till out, and decide about a whole queue; the ledger decides again about each fact."""
QUEUE_DECISIONS = ("post", "write_off", "reject")
_QUEUE = {"decision": words(QUEUE_DECISIONS), "reason": REASON, "upto": WHOLE}


@get("/terminals", include_in_schema=False)
async def terminals_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show the tills: state, last contact, how far their facts came, what waits, what they may lose."""
    language, now = language_of(request), hq.now()
    async with transaction(hq.pool, user.claims) as connection:
        found, waiting = await fleet.terminals(connection), await reports.waiting(connection)
        backup = await backups.newest(connection)
    rows = [terminal_view(row, now, hq_words(language), language) for row in found]
    line = views.backup_line(backup.taken_at if backup else None, hq_words(language)) if user.role == "hq" else ""
    return page(
        "terminals", language, user, here="terminals", back="/admin/terminals", waiting=waiting, rows=rows, backup=line
    )


@get("/terminals/{terminal_id:str}", include_in_schema=False)
async def terminal_page(request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str]) -> Response[str]:
    """Show one till with its queue."""
    return await _show(request, hq, user, terminal_id, {}, None)


@post("/terminals/{terminal_id:str}/revoke/confirm", include_in_schema=False, status_code=200)
async def confirm_revoking(
    request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str], data: Form
) -> Response[str]:
    """Say what revoking does; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    words = hq_words(language_of(request))
    async with transaction(hq.pool, user.claims) as connection:
        row, waiting = await fleet.terminal(connection, terminal_id), await reports.waiting(connection)
    try:
        if row is None:
            raise Refusal("terminal_unknown")
        reason = reason_of(data.get("reason", ""))
    except Refusal as refusal:
        return await _show(request, hq, user, terminal_id, data, refusal.code)
    lines = ((words["column.terminal"], f"{row.code} · {row.store_name}"), (words["held.does"], words["revoke.does"]),
             (words["column.reason"], reason))  # fmt: skip
    path = f"/admin/terminals/{terminal_id}"
    asked = Confirmation(words["revoke.title"], lines, f"{path}/revoke", path, {"reason": reason, "key": new_key()})
    shown: Response[str] = confirm(request, user, "terminals", waiting, asked)
    return shown


@post("/terminals/{terminal_id:str}/revoke", include_in_schema=False, status_code=200)
async def revoke(request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str], data: Form) -> Response[str]:
    """Shut it out, and show it again."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    try:
        outcome = await _revoke(hq, user, terminal_id, key_of(data.get("key")), data.get("reason", ""))
    except Refusal as refusal:
        outcome = {"outcome": "refused", "code": refusal.code}
    if outcome["outcome"] == "refused":
        return await _show(request, hq, user, terminal_id, data, str(outcome["code"]))
    return Response("", status_code=303, headers={"Location": f"/admin/terminals/{terminal_id}"})


@post("/terminals/{terminal_id:str}/queue/confirm", include_in_schema=False, status_code=200)
async def confirm_queue(
    request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str], data: Form
) -> Response[str]:
    """Name what a decision about the whole queue is about: how many facts and their sums; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    language = language_of(request)
    words = hq_words(language)
    decision = data.get("decision", "")
    async with transaction(hq.pool, user.claims) as connection:
        row, waiting = await fleet.terminal(connection, terminal_id), await reports.waiting(connection)
        found = await reports.quarantined(connection, terminal_id)
    try:
        if row is None:
            raise Refusal("terminal_unknown")
        if decision not in QUEUE_DECISIONS:
            raise Refusal("request_malformed", {"pointer": "/decision"})
        reason = reason_of(data.get("reason", ""))
    except Refusal as refusal:
        return await _show(request, hq, user, terminal_id, data, refusal.code)
    queue = queue_view(found, words, language)
    lines = [(words["column.terminal"], f"{row.code} · {row.store_name}"),
             *((label, " · ".join(filter(None, (f"{count} ×", sums)))) for label, count, sums in queue.lines),
             (words["queue.all"], " · ".join(filter(None, (f"{queue.count} ×", queue.sums)))),
             (words["held.does"], words[f"does.{decision}"]), (words["column.reason"], reason)]  # fmt: skip
    fields = {"decision": decision, "reason": reason, "upto": str(row.seq), "key": new_key()}
    path = f"/admin/terminals/{terminal_id}"
    asked = Confirmation(words[f"decision.{decision}"], tuple(lines), f"{path}/queue/decide", path, fields)
    shown: Response[str] = confirm(request, user, "terminals", waiting, asked)
    return shown


@post("/terminals/{terminal_id:str}/queue/decide", include_in_schema=False, status_code=200)
async def decide_queue(
    request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str], data: Form
) -> Response[str]:
    """Decide about the queue as it was confirmed, and show what is left of it."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    try:
        await _decide_queue(hq, user, terminal_id, key_of(data.get("key")), data)
    except Refusal as refusal:
        return await _show(request, hq, user, terminal_id, data, refusal.code)
    return Response("", status_code=303, headers={"Location": f"/admin/terminals/{terminal_id}"})


@get("/api/terminals", responses=refuses())
async def list_terminals(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the tills."""
    async with transaction(hq.pool, user.claims) as connection:
        return json_answer({"terminals": [asdict(row) for row in await fleet.terminals(connection)]})


@post(
    "/api/terminals/{terminal_id:str}/revoke",
    status_code=200,
    operation_class=reads({"reason": REASON}, ("reason",)),
    responses=refuses(403, 404, 409, 422),
)
async def revoke_by_program(
    request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str], data: Body
) -> Response[bytes]:
    """Shut a till out for good, with a `reason`: {outcome, terminal, seq}."""
    if set(data) != {"reason"} or not isinstance(data["reason"], str):
        raise Refusal("request_malformed", {"pointer": "/reason"})
    key = key_of(request.headers.get("idempotency-key"))
    outcome = await _revoke(hq, user, terminal_id, key, data["reason"])
    return answered(outcome) or json_answer(outcome)


@get("/api/terminals/{terminal_id:str}/queue", responses=refuses(404))
async def list_queue(hq: Desk, user: Asker, terminal_id: FromPath[str]) -> Response[bytes]:
    """Return what a revoked till handed in and nobody has decided about, and up to which place that is (`upto`)."""
    async with transaction(hq.pool, user.claims) as connection:
        row = await fleet.terminal(connection, terminal_id)
        found = await reports.quarantined(connection, terminal_id)
    if row is None:
        raise Refusal("terminal_unknown")
    return json_answer({"upto": row.seq, "queue": [asdict(one) for one in found]})


@post(
    "/api/terminals/{terminal_id:str}/queue",
    status_code=200,
    operation_class=reads(_QUEUE, ("decision", "reason", "upto")),
    responses=refuses(403, 404, 409, 422),
)
async def decide_queue_by_program(
    request: HttpRequest, hq: Desk, user: Asker, terminal_id: FromPath[str], data: Body
) -> Response[bytes]:
    """Decide alike about the queue up to `upto`: `decision` (post, write_off, reject) and `reason`; {decided, refused,
    left}."""
    if set(data) != {"decision", "reason", "upto"}:
        raise Refusal("request_malformed", {"pointer": ""})
    key = key_of(request.headers.get("idempotency-key"))
    texts = {name: str(value) for name, value in data.items()}
    return json_answer(await _decide_queue(hq, user, terminal_id, key, texts))


async def _revoke(hq: Hq, user: HqUser, terminal_id: str, key: str, reason: str) -> Plain:
    async with transaction(hq.pool, user.claims) as connection:
        if await fleet.terminal(connection, terminal_id) is None:
            raise Refusal("terminal_unknown")
    reason = " ".join(reason.split())
    act = held.act_of(key, "revoke", terminal_id, reason)
    return await terminals.revoke(hq.pool, user.claims, act, terminal_id, reason)


async def _decide_queue(hq: Hq, user: HqUser, terminal_id: str, key: str, data: Mapping[str, str]) -> Plain:
    if user.role not in REVOKING_ROLES:
        raise Refusal("permission_missing")
    reason = reason_of(data.get("reason", ""))
    upto = whole(data.get("upto", ""))
    if not 0 <= upto < 1 << 62:
        raise Refusal("amount_invalid")
    wanted = held.Decision(data.get("decision", ""), reason)
    return await held.decide_queue(hq.pool, user.claims, key, terminal_id, upto, wanted, hq.keys)


async def _show(
    request: HttpRequest, hq: Hq, user: HqUser, terminal_id: str, data: Mapping[str, str], error: str | None
) -> Response[str]:
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        row, waiting = await fleet.terminal(connection, terminal_id), await reports.waiting(connection)
        found = await reports.quarantined(connection, terminal_id)
        branch = await reports.forked(connection, terminal_id)
    if row is None:
        return page("trouble", language, user, here="terminals", error="not_found", waiting=waiting, status=404)
    return page(
        "terminal", language, user, here="terminals", back=f"/admin/terminals/{terminal_id}", waiting=waiting,
        row=terminal_view(row, hq.now(), words, language), queue=queue_view(found, words, language),
        facts=[views.order_view(one, words, language) for one in found[:200]],
        branch=[views.order_view(one, words, language) for one in branch], choices=QUEUE_DECISIONS,
        may=user.role in REVOKING_ROLES, typed=dict(data), error="" if error is None else views.said(error, words),
        status=200 if error is None else status_of(error),
    )  # fmt: skip


HANDLERS = [
    terminals_page, terminal_page, confirm_revoking, revoke, confirm_queue, decide_queue, list_terminals,
    revoke_by_program, list_queue, decide_queue_by_program,
]  # fmt: skip
