"""Alarms as a page and as endpoints: what is alarming, how often, who has seen it, and how it was dealt with.

Rule: parse, ask `reports`, call the ledger; an alarm is closed with a note and stays for ever.
"""

from dataclasses import asdict
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, URLEncodedBody

from models.refusals import Refusal
from sync_server.admin import sessions, views
from sync_server.admin.acts import answered, as_id, status_of
from sync_server.admin.described import REASON, queries, reads, refuses
from sync_server.admin.desk import Asker, Desk, Hq, HttpRequest, language_of
from sync_server.admin.endpoints import json_answer
from sync_server.admin.rendering import page
from sync_server.admin.risk_views import alarm_view
from sync_server.admin.sessions import HqUser
from sync_server.admin.words import hq_words
from sync_server.database.engine import transaction
from sync_server.ledger import alarms
from sync_server.ledger.functions import Plain
from sync_server.reports import orders as reports
from sync_server.reports import risk

Form = URLEncodedBody[dict[str, str]]
Body = JSONBody[dict[str, Any]]


@get("/alarms", include_in_schema=False)
async def alarms_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show what is alarming, with what to do about it and who has seen it; and what was closed last."""
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        found, closed = await risk.alarms(connection), await risk.alarms(connection, closed=True)
        waiting = await reports.waiting(connection)
    return page(
        "alarms", language, user, here="alarms", back="/admin/alarms", waiting=waiting,
        rows=[alarm_view(row, words, user.display_name) for row in found],
        closed=[alarm_view(row, words, user.display_name) for row in closed[:50]], may=user.role != "auditor",
    )  # fmt: skip


@post("/alarms/{alarm_id:str}/seen", include_in_schema=False, status_code=200)
async def see_alarm(request: HttpRequest, hq: Desk, user: Asker, alarm_id: FromPath[str], data: Form) -> Response[str]:
    """Note that the person has seen it."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    return await _told(request, hq, user, await see(hq, user, alarm_id))


@post("/alarms/{alarm_id:str}/close", include_in_schema=False, status_code=200)
async def close_alarm(
    request: HttpRequest, hq: Desk, user: Asker, alarm_id: FromPath[str], data: Form
) -> Response[str]:
    """Close it with the person's note."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    return await _told(request, hq, user, await close(hq, user, alarm_id, " ".join(data.get("note", "").split())))


@get("/api/alarms", operation_class=queries(("closed",)), responses=refuses())
async def list_alarms(request: HttpRequest, hq: Desk, user: Asker) -> Response[bytes]:
    """Return the newest open alarms, what nobody has seen first; with `?closed=1` those closed last."""
    closed = request.query_params.get("closed", "") == "1"
    async with transaction(hq.pool, user.claims) as connection:
        return json_answer({"alarms": [asdict(row) for row in await risk.alarms(connection, closed)]})


@post("/api/alarms/{alarm_id:str}/seen", status_code=200, responses=refuses(403, 404, 409))
async def see_by_program(hq: Desk, user: Asker, alarm_id: FromPath[str]) -> Response[bytes]:
    """Note that the person has seen an alarm as it is now; it stays."""
    outcome = await see(hq, user, alarm_id)
    return answered(outcome) or json_answer(outcome)


@post(
    "/api/alarms/{alarm_id:str}/close",
    status_code=200,
    operation_class=reads({"note": REASON}, ("note",), act=False),
    responses=refuses(403, 404, 409),
)
async def close_by_program(hq: Desk, user: Asker, alarm_id: FromPath[str], data: Body) -> Response[bytes]:
    """Close an alarm with a `note` of 3 to 200 characters; its next occurrence opens another."""
    note = data.get("note")
    if not isinstance(note, str) or set(data) != {"note"}:
        raise Refusal("request_malformed", {"pointer": "/note"})
    outcome = await close(hq, user, alarm_id, " ".join(note.split()))
    return answered(outcome) or json_answer(outcome)


async def see(hq: Hq, user: HqUser, alarm_id: str) -> Plain:
    """Note that the person has seen an alarm: {outcome}."""
    async with transaction(hq.pool, user.claims) as connection:
        return await alarms.see_alarm(connection, as_id(alarm_id))


async def close(hq: Hq, user: HqUser, alarm_id: str, note: str) -> Plain:
    """Close an alarm: {outcome}."""
    async with transaction(hq.pool, user.claims) as connection:
        return await alarms.close_alarm(connection, as_id(alarm_id), note)


async def _told(request: HttpRequest, hq: Hq, user: HqUser, outcome: Plain) -> Response[str]:
    if "code" not in outcome:
        return Response("", status_code=303, headers={"Location": "/admin/alarms"})
    async with transaction(hq.pool, user.claims) as connection:
        waiting = await reports.waiting(connection)
    code = str(outcome["code"])
    return page(
        "refused", language_of(request), user, here="alarms", waiting=waiting, status=status_of(code),
        error=views.said(code, hq_words(language_of(request))), onward="/admin/alarms",
    )  # fmt: skip


HANDLERS = [alarms_page, see_alarm, close_alarm, list_alarms, see_by_program, close_by_program]
