"""What a till was granted and never told of: looked at, then taken back or let stand; as pages and as endpoints.

Rule: parse, ask `reports`, call the ledger, which decides who may and what can still be taken back.
"""

from collections.abc import Mapping
from dataclasses import asdict

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from models.refusals import Refusal
from sync_server.admin import sessions, views
from sync_server.admin.acts import Confirmation, answered, confirm, key_of, may_decide, new_key, reason_of, status_of
from sync_server.admin.described import REASON, reads, refuses, words
from sync_server.admin.desk import Asker, Desk, Hq, HttpRequest, language_of
from sync_server.admin.endpoints import json_answer
from sync_server.admin.held_pages import Form
from sync_server.admin.held_views import granted_view
from sync_server.admin.rendering import page
from sync_server.admin.sessions import HqUser
from sync_server.admin.words import hq_words
from sync_server.database.engine import transaction
from sync_server.intake.held import act_of
from sync_server.ledger.functions import Plain
from sync_server.ledger.granted import DECISIONS, decide_granted
from sync_server.members.known import known
from sync_server.reports import granted
from sync_server.reports import orders as reports


@get("/granted/{number:str}", include_in_schema=False)
async def granted_page(request: HttpRequest, hq: Desk, user: Asker, number: FromPath[str]) -> Response[str]:
    """Show one granted request whose fact is missing, and what can be decided."""
    return await _show(request, hq, user, number, {}, None)


@post("/granted/{number:str}/confirm", include_in_schema=False, status_code=200)
async def confirm_granted(
    request: HttpRequest, hq: Desk, user: Asker, number: FromPath[str], data: Form
) -> Response[str]:
    """Say what is about to happen; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    texts, decision = hq_words(language_of(request)), data.get("decision", "")
    async with transaction(hq.pool, user.claims) as connection:
        row, waiting = await granted.granted_as(connection, number), await reports.waiting(connection)
    try:
        if row is None:
            raise Refusal("granted_unknown")
        if decision not in DECISIONS:
            raise Refusal("request_malformed", {"pointer": "/decision"})
        reason = reason_of(data.get("reason", ""))
    except Refusal as refusal:
        return await _show(request, hq, user, number, data, refusal.code)
    shown = granted_view(row, texts, language_of(request))
    lines = (
        (texts["column.number"], f"{row.number} · {shown.kind} · {row.store_name}"),
        (texts["column.terminal"], row.terminal_code),
        (texts["column.amount"], shown.what),
        (texts["held.does"], dict(shown.choices)[decision]),
        (texts["column.reason"], reason),
    )
    path = f"/admin/granted/{number}"
    fields = {"decision": decision, "reason": reason, "key": new_key()}
    asked = Confirmation(texts[f"decision.{decision}"], lines, f"{path}/decide", path, fields)
    confirmed: Response[str] = confirm(request, user, "held", waiting, asked)
    return confirmed


@post("/granted/{number:str}/decide", include_in_schema=False, status_code=200)
async def make_decision(
    request: HttpRequest, hq: Desk, user: Asker, number: FromPath[str], data: Form
) -> Response[str]:
    """Decide, and go back to what waits."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    try:
        outcome = await _decide(hq, user, number, key_of(data.get("key")), data)
    except Refusal as refusal:
        outcome = {"outcome": "refused", "code": refusal.code}
    if outcome["outcome"] == "refused":
        return await _show(request, hq, user, number, data, str(outcome["code"]))
    return Response("", status_code=303, headers={"Location": "/admin/held"})


@get("/api/granted", responses=refuses())
async def list_granted(hq: Desk, user: Asker) -> Response[bytes]:
    """Return what tills were granted online and sent no fact of: for over a day, or by tills that act no more."""
    async with transaction(hq.pool, user.claims) as connection:
        return json_answer({"granted": [asdict(row) for row in await granted.granted(connection)]})


@post(
    "/api/granted/{number:str}",
    status_code=200,
    operation_class=reads({"decision": words(DECISIONS), "reason": REASON}, ("decision", "reason")),
    responses=refuses(403, 404, 409, 422),
)
async def decide_by_program(
    request: HttpRequest, hq: Desk, user: Asker, number: FromPath[str], data: JSONBody[dict[str, str]]
) -> Response[bytes]:
    """Decide about what was granted under a transaction's number: `decision` (take_back, stand) and `reason`."""
    if set(data) != {"decision", "reason"} or not all(isinstance(text, str) for text in data.values()):
        raise Refusal("request_malformed", {"pointer": ""})
    outcome = await _decide(hq, user, number, key_of(request.headers.get("idempotency-key")), data)
    return answered(outcome) or json_answer(outcome)


async def _decide(hq: Hq, user: HqUser, number: str, key: str, data: Mapping[str, str]) -> Plain:
    decision, reason = data.get("decision", ""), reason_of(data.get("reason", ""))
    async with transaction(hq.pool, user.claims) as connection:
        found = await granted.request_of(connection, number)
        if found is None:
            raise Refusal("granted_unknown")
        act = act_of(key, "granted", number, decision, reason)
        return await decide_granted(connection, act, found[0], found[1], decision, reason)


async def _show(
    request: HttpRequest, hq: Hq, user: HqUser, number: str, data: Mapping[str, str], error: str | None
) -> Response[str]:
    language = language_of(request)
    texts = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        row, waiting = await granted.granted_as(connection, number), await reports.waiting(connection)
        members = [] if row is None or row.member_id is None else await known(connection, hq.keys, [row.member_id])
    if row is None:
        return page("trouble", language, user, here="held", error="not_found", waiting=waiting, status=404)
    return page(
        "granted", language, user, here="held", back=f"/admin/granted/{number}", waiting=waiting,
        row=granted_view(row, texts, language, members[0] if members else None), may=may_decide(user),
        typed=dict(data), error="" if error is None else views.said(error, texts),
        status=200 if error is None else status_of(error),
    )  # fmt: skip


HANDLERS = [granted_page, confirm_granted, make_decision, list_granted, decide_by_program]
