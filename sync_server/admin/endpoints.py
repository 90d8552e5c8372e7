"""The JSON side of the HQ pages, under `/admin/api`: the same queries, money in minor units, times in UTC.

Rule: signed in with the same session; lists are pages with a `next` query to continue.
"""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from models import codec
from models.refusals import Refusal
from sync_server.admin import sessions
from sync_server.admin.acts import problem
from sync_server.admin.described import TEXT, queries, reads, refuses
from sync_server.admin.desk import Asker, Desk, HttpRequest
from sync_server.admin.filters import query_of, read_filter
from sync_server.admin.pages import is_key
from sync_server.database.engine import transaction
from sync_server.reports import orders as reports


@post(
    "/api/session",
    status_code=200,
    operation_class=reads({"username": TEXT, "password": TEXT}, ("username", "password"), act=False),
    responses=refuses(429),
)
async def open_session(hq: Desk, data: JSONBody[dict[str, str]]) -> Response[bytes]:
    """Sign in with `username` and `password`; the token goes back as `Authorization: Bearer` or as the cookie."""
    token = await sessions.sign_in(hq.pool, data.get("username", ""), data.get("password", ""))
    return json_answer({"token": token, "seconds": sessions.SESSION_SECONDS})


@get("/api/orders", operation_class=queries(("search", "store", "state", "kind", "day", "before")), responses=refuses())
async def orders(request: HttpRequest, hq: Desk, user: Asker) -> Response[bytes]:
    """Return a page of orders and the totals of the whole filter; query as on the page."""
    asked = read_filter(request.query_params)
    if asked.ignored:
        raise Refusal("request_malformed", {"pointer": ""})
    async with transaction(hq.pool, user.claims) as connection:
        wanted = replace(asked.wanted, member_ids=await hq.members_by_phone(connection, asked.wanted.search))
        found = await reports.orders(connection, wanted, reports.PAGE_ROWS + 1)
        totals = await reports.totals(connection, wanted)
    rows = found[: reports.PAGE_ROWS]
    more = query_of(asked.shown, rows[-1]) if len(found) > len(rows) else None
    return json_answer({"orders": [asdict(row) for row in rows], "totals": asdict(totals), "next": more})


@get("/api/orders/{key:str}", responses=refuses(404))
async def order(hq: Desk, user: Asker, key: FromPath[str]) -> Response[bytes]:
    """Return one order with its fact, entries and slips."""
    async with transaction(hq.pool, user.claims) as connection:
        detail = await reports.order(connection, key) if is_key(key) else None
    if detail is None:
        return problem("not_found", 404)
    return json_answer(asdict(detail))


@get("/api/held", responses=refuses())
async def held(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the facts that wait for a person, oldest first."""
    async with transaction(hq.pool, user.claims) as connection:
        return json_answer({"held": [asdict(row) for row in await reports.held(connection)]})


def json_answer(value: Any) -> Response[bytes]:
    """Return plain values as JSON that nobody keeps."""
    return Response(codec.encode(_plain(value)), media_type="application/json", headers={"Cache-Control": "no-store"})


def _plain(value: Any) -> Any:
    """Turn ids into texts; the codec knows the rest."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


HANDLERS = [open_session, orders, order, held]
