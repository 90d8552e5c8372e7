"""What is set aside for tills, and how much ahead: looked at, recalled, freed at risk; as pages and as endpoints.

Rule: parse, ask `reports`, call the ledger, which decides who may; what touches what others hold is confirmed first.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, URLEncodedBody

from models.catalogue import name_in
from models.refusals import Refusal
from sync_server.admin import sessions, views
from sync_server.admin.acts import (
    Confirmation,
    answered,
    as_id,
    confirm,
    key_of,
    new_key,
    reason_of,
    status_of,
    whole,
)
from sync_server.admin.described import ID, REASON, WHOLE, queries, reads, refuses, words
from sync_server.admin.desk import Asker, Desk, Hq, HttpRequest, language_of
from sync_server.admin.endpoints import json_answer
from sync_server.admin.rendering import page
from sync_server.admin.sessions import HqUser
from sync_server.admin.terminal_pages import REVOKING_ROLES
from sync_server.admin.words import hq_words
from sync_server.database.engine import Connection, transaction
from sync_server.intake.held import act_of
from sync_server.ledger import leases
from sync_server.ledger.functions import Plain
from sync_server.ledger.leases import LeasePolicy
from sync_server.ledger.reservations import recall, release_at_risk
from sync_server.members.known import KnownMember, known
from sync_server.reports import aside
from sync_server.reports import orders as reports
from sync_server.reports.aside import AsideRow

Form = URLEncodedBody[dict[str, str]]
DEEDS = ("recall", "release")
POLICY_FIELDS = tuple(field.name for field in fields(LeasePolicy))
USUAL = asdict(LeasePolicy(3, 30, 2, 0, 100, 0, 12))
"""What the form proposes for a store that has no policy."""


@get("/aside", include_in_schema=False)
async def aside_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show what is set aside, of all tills or (`?till=` its id) of one, and the policies that set aside ahead."""
    return await _show(request, hq, user, {}, None)


@post("/aside/{reservation_id:str}/confirm", include_in_schema=False, status_code=200)
async def confirm_deed(
    request: HttpRequest, hq: Desk, user: Asker, reservation_id: FromPath[str], data: Form
) -> Response[str]:
    """Say what recalling or releasing does; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    texts, deed = hq_words(language_of(request)), data.get("deed", "")
    async with transaction(hq.pool, user.claims) as connection:
        row, waiting = await aside.one(connection, reservation_id), await reports.waiting(connection)
        shown = None if row is None else (await _views(connection, hq, (row,), language_of(request)))[0]
    try:
        if row is None or shown is None:
            raise Refusal("reservation_unknown")
        if deed not in DEEDS:
            raise Refusal("request_malformed", {"pointer": "/deed"})
        reason = reason_of(data.get("reason", "")) if deed == "release" else ""
    except Refusal as refusal:
        return await _show(request, hq, user, data, refusal.code)
    lines = [
        (texts["column.terminal"], f"{row.terminal_code} · {row.store_name}"),
        (texts["loss.member"], shown["member"]),
        (texts["aside.left"], shown["left"]),
        (texts["held.does"], texts[f"aside.{deed}_does"]),
    ] + ([(texts["column.reason"], reason)] if reason else [])
    hidden = {"deed": deed, "reason": reason, "key": new_key()}
    path = f"/admin/aside/{reservation_id}/do"
    asked = Confirmation(texts[f"aside.{deed}"], tuple(lines), path, "/admin/aside", hidden)
    confirmed: Response[str] = confirm(request, user, "aside", waiting, asked)
    return confirmed


@post("/aside/{reservation_id:str}/do", include_in_schema=False, status_code=200)
async def do_deed(
    request: HttpRequest, hq: Desk, user: Asker, reservation_id: FromPath[str], data: Form
) -> Response[str]:
    """Recall or release, and show the list again."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    try:
        outcome = await _do(
            hq, user, reservation_id, data.get("deed", ""), key_of(data.get("key")), data.get("reason", "")
        )
    except Refusal as refusal:
        outcome = {"outcome": "refused", "code": refusal.code}
    if outcome["outcome"] == "refused":
        return await _show(request, hq, user, data, str(outcome["code"]))
    return Response("", status_code=303, headers={"Location": "/admin/aside"})


@post("/aside/policy", include_in_schema=False, status_code=200)
async def set_policy(request: HttpRequest, hq: Desk, user: Asker, data: Form) -> Response[str]:
    """Put a store's policy in force: the first time to be confirmed, then with the confirmation's key."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    texts = hq_words(language_of(request))
    try:
        policy = _policy(data)
        if "key" in data:
            outcome = await _set(hq, user, data.get("store", ""), data.get("plan", ""), key_of(data["key"]), policy)
            if outcome["outcome"] == "refused":
                raise Refusal(str(outcome["code"]))
            return Response("", status_code=303, headers={"Location": "/admin/aside#ahead"})
        async with transaction(hq.pool, user.claims) as connection:
            stores = {row["store_id"]: row["store_name"] for row in await leases.policies(connection)}
            waiting = await reports.waiting(connection)
        if data.get("store", "") not in stores:
            raise Refusal("store_unknown")
    except Refusal as refusal:
        return await _show(request, hq, user, data, refusal.code)
    lines = [(texts["column.store"], stores[data["store"]])]
    lines += [(texts[f"lease.{name}"], str(value)) for name, value in asdict(policy).items()]
    lines.append((texts["held.does"], texts["lease.does"]))
    hidden = {name: text for name, text in data.items() if name != "csrf_token"} | {"key": new_key()}
    asked = Confirmation(texts["lease.title"], tuple(lines), "/admin/aside/policy", "/admin/aside", hidden)
    confirmed: Response[str] = confirm(request, user, "aside", waiting, asked)
    return confirmed


@get("/api/aside", operation_class=queries(("till",)), responses=refuses())
async def list_aside(request: HttpRequest, hq: Desk, user: Asker) -> Response[bytes]:
    """Return what is set aside for tills, what ended last, and the policies that set aside ahead."""
    till = request.query_params.get("till", "")
    async with transaction(hq.pool, user.claims) as connection:
        found = {"open": await aside.open_ones(connection, till), "closed": await aside.closed_last(connection, till)}
        policies = await leases.policies(connection)
    plain = {name: [{**asdict(row), "state": row.state} for row in rows] for name, rows in found.items()}
    return json_answer({**plain, "policies": [row for row in policies if row["uses"] is not None]})


@post(
    "/api/aside/{reservation_id:str}",
    status_code=200,
    operation_class=reads({"deed": words(DEEDS), "reason": REASON}, ("deed",)),
    responses=refuses(403, 404, 409, 422),
)
async def do_by_program(
    request: HttpRequest, hq: Desk, user: Asker, reservation_id: FromPath[str], data: JSONBody[dict[str, str]]
) -> Response[bytes]:
    """`deed` recall: ask the till to give it up; release: free at risk what a lost till may spend, with a `reason`."""
    if not {"deed"} <= set(data) <= {"deed", "reason"} or not all(isinstance(text, str) for text in data.values()):
        raise Refusal("request_malformed", {"pointer": ""})
    key = key_of(request.headers.get("idempotency-key"))
    outcome = await _do(hq, user, reservation_id, data["deed"], key, data.get("reason", ""))
    return answered(outcome) or json_answer(outcome)


@post(
    "/api/leases/{store_id:str}",
    status_code=200,
    operation_class=reads({**dict.fromkeys(POLICY_FIELDS, WHOLE), "plan": ID}, POLICY_FIELDS),
    responses=refuses(403, 404, 409, 422),
)
async def set_by_program(
    request: HttpRequest, hq: Desk, user: Asker, store_id: FromPath[str], data: JSONBody[dict[str, Any]]
) -> Response[bytes]:
    """Set how much a store sets aside ahead, for passes of `plan` (an id; left out: of any, and for cards)."""
    if not set(data) <= {*POLICY_FIELDS, "plan"} or any(isinstance(value, bool) for value in data.values()):
        raise Refusal("request_malformed", {"pointer": ""})
    policy = _policy({name: str(text) for name, text in data.items()})
    key = key_of(request.headers.get("idempotency-key"))
    outcome = await _set(hq, user, store_id, str(data.get("plan", "")), key, policy)
    return answered(outcome) or json_answer(outcome)


async def _do(hq: Hq, user: HqUser, reservation_id: str, deed: str, key: str, reason: str) -> Plain:
    reservation_id = as_id(reservation_id)
    if deed not in DEEDS:
        raise Refusal("request_malformed", {"pointer": "/deed"})
    async with transaction(hq.pool, user.claims) as connection:
        if await aside.one(connection, reservation_id) is None:
            raise Refusal("reservation_unknown")
        act = act_of(key, "aside", reservation_id, deed, reason)
        if deed == "recall":
            return await recall(connection, act, reservation_id)
        return await release_at_risk(connection, act, reservation_id, reason_of(reason))


async def _set(hq: Hq, user: HqUser, store_id: str, plan_id: str, key: str, policy: LeasePolicy) -> Plain:
    store_id, plan = as_id(store_id), as_id(plan_id) if plan_id else None
    async with transaction(hq.pool, user.claims) as connection:
        if store_id not in {row["store_id"] for row in await leases.policies(connection)}:
            raise Refusal("store_unknown")
        act = act_of(key, "lease", store_id, plan, policy)
        return await leases.put_policy(connection, act, store_id, plan, policy)


def _policy(data: Mapping[str, str]) -> LeasePolicy:
    return LeasePolicy(**{name: whole(data.get(name, "")) for name in POLICY_FIELDS})


async def _views(connection: Connection, hq: Hq, rows: tuple[AsideRow, ...], language: str) -> list[dict[str, str]]:
    texts = hq_words(language)
    wanted = sorted({row.member_id for row in rows if row.member_id is not None})
    members: dict[str, KnownMember] = {}
    for start in range(0, len(wanted), 20):
        members |= {one.member_id: one for one in await known(connection, hq.keys, wanted[start : start + 20])}
    shown = []
    for row in rows:
        member = members.get(row.member_id or "")
        amounts = {name: getattr(row, name) for name in ("amount", "used", "left")}
        shown.append(
            {
                "id": row.reservation_id,
                "terminal_id": row.terminal_id,
                "terminal": row.terminal_code,
                "store": row.store_name,
                "member": "–" if member is None else f"{member.member_no} · {member.name}",
                "what": texts["loss.money"] if row.plan_names is None else name_in(dict(row.plan_names), language),
                **{name: views.unit_amount(amount, row.unit, language, texts) for name, amount in amounts.items()},
                "until": views.local_time(row.expires_at, row.timezone),
                "origin": texts[f"aside.origin.{row.origin}"],
                "state": row.state,
                "why": "" if row.recalled_by is None else texts[f"aside.recalled_by.{row.recalled_by}"],
            }
        )
    return shown


async def _show(
    request: HttpRequest, hq: Hq, user: HqUser, data: Mapping[str, str], error: str | None
) -> Response[str]:
    language, till = language_of(request), request.query_params.get("till", "")
    texts = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        rows = await _views(connection, hq, await aside.open_ones(connection, till), language)
        closed = await _views(connection, hq, await aside.closed_last(connection, till), language)
        policies, waiting = await leases.policies(connection), await reports.waiting(connection)
    ahead = [
        {
            "store_id": row["store_id"],
            "store": row["store_name"],
            "plan": name_in(row["plan_names"], language) if row["plan_names"] else texts["lease.any"],
            "said": ""
            if row["uses"] is None
            else f"{row['set_by']} · {views.local_time(row['set_at'], row['timezone'])}",
            "values": [(name, USUAL[name] if row[name] is None else row[name]) for name in POLICY_FIELDS],
            "plan_id": row["plan_id"] or "",
        }
        for row in policies
    ]
    return page(
        "aside", language, user, here="aside", back="/admin/aside", waiting=waiting, rows=rows, closed=closed,
        ahead=ahead, may=user.role in REVOKING_ROLES, error="" if error is None else views.said(error, texts),
        typed=dict(data), status=200 if error is None else status_of(error),
    )  # fmt: skip


HANDLERS = [aside_page, confirm_deed, do_deed, set_policy, list_aside, do_by_program, set_by_program]
