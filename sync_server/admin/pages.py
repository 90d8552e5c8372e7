"""The HQ pages over HTTP: parse what the browser sends, ask `reports`, render.

Rule: every page but the door needs a session; every form carries the session's own token. Values ready to be read
come from `views`, words from `words`.
"""

import csv
import io
from dataclasses import replace
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from models.catalogue import LANGUAGES
from models.refusals import Refusal
from sync_server.admin import sessions, views
from sync_server.admin.desk import LANGUAGE_COOKIE, Asker, Desk, HttpRequest, language_of, token_of
from sync_server.admin.filters import query_of, read_filter
from sync_server.admin.rendering import page
from sync_server.admin.sessions import COOKIE, SESSION_SECONDS
from sync_server.admin.words import hq_words
from sync_server.database.engine import transaction
from sync_server.reports import concerned, fleet
from sync_server.reports import orders as reports

Form = URLEncodedBody[dict[str, str]]


@get("/sign-in", include_in_schema=False)
async def sign_in_page(request: HttpRequest) -> Response[str]:
    """Show the door."""
    back = safe_back(request.query_params.get("back", ""))
    return page("sign_in", language_of(request), None, error="", username="", back=back)


@post("/sign-in", include_in_schema=False, status_code=200)
async def sign_in(request: HttpRequest, hq: Desk, data: Form) -> Response[str]:
    """Open a session, or show the door again with the reason."""
    username, back = data.get("username", "")[:40], safe_back(data.get("back", ""))
    try:
        token = await sessions.sign_in(hq.pool, username, data.get("password", ""))
    except Refusal as refusal:
        status = 429 if refusal.code == "login_locked" else 401
        return page(
            "sign_in", language_of(request), None, error=refusal.code, username=username, back=back, status=status
        )
    secure = request.url.scheme == "https"
    cookie = Cookie(COOKIE, "/admin", token, SESSION_SECONDS, httponly=True, samesite="strict", secure=secure)
    return Response("", status_code=303, headers={"Location": back}, cookies=[cookie])


@post("/sign-out", include_in_schema=False, status_code=200)
async def sign_out(request: HttpRequest, hq: Desk, user: Asker, data: Form) -> Response[str]:
    """End the session."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    await sessions.sign_out(hq.pool, token_of(request))
    gone = Cookie(COOKIE, "/admin", "", 0)
    return Response("", status_code=303, headers={"Location": "/admin/sign-in"}, cookies=[gone])


@post("/language", include_in_schema=False, status_code=200)
async def choose_language(user: Asker, data: Form) -> Response[str]:
    """Remember the language that this browser reads."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    chosen = data.get("language", "")
    language = Cookie(LANGUAGE_COOKIE, "/admin", chosen if chosen in LANGUAGES else LANGUAGES[0], 400 * 86400)
    return Response("", status_code=303, headers={"Location": safe_back(data.get("back", ""))}, cookies=[language])


@get("/", include_in_schema=False, status_code=303)
async def home() -> Redirect:
    """Begin with the orders."""
    return Redirect("/admin/orders", status_code=303)


@get("/orders", include_in_schema=False)
async def orders_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show today's figures and the orders that fit the filter."""
    asked, language = read_filter(request.query_params), language_of(request)
    words, now = hq_words(language), hq.now()
    async with transaction(hq.pool, user.claims) as connection:
        wanted = replace(asked.wanted, member_ids=await hq.members_by_phone(connection, asked.wanted.search))
        found = await reports.orders(connection, wanted, reports.PAGE_ROWS + 1)
        totals = await reports.totals(connection, wanted)
        figures = await reports.day_figures(connection, now)
        terminals = await fleet.terminals(connection)
        stores = await reports.stores(connection)
        waiting = await reports.waiting(connection)
    rows = found[: reports.PAGE_ROWS]
    return page(
        "orders",
        language,
        user,
        here="orders",
        back=f"/admin/orders?{query_of(asked.shown)}",
        waiting=waiting,
        overview=views.overview(figures, terminals, waiting["held"], now, words, language),
        filter=asked.shown,
        filter_ignored=asked.ignored,
        kinds=reports.TRADE_KINDS,
        stores=[{"store_id": str(store_id), "name": name} for store_id, name in stores],
        rows=[views.order_view(row, words, language) for row in rows],
        totals=views.totals_view(totals, language),
        query=query_of(asked.shown),
        more=query_of(asked.shown, rows[-1]) if len(found) > len(rows) else "",
    )


@get("/orders.csv", include_in_schema=False)
async def orders_csv(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Hand out everything the filter finds as CSV; amounts as plain decimals, times in UTC."""
    asked = read_filter(request.query_params)
    async with transaction(hq.pool, user.claims) as connection:
        wanted = replace(asked.wanted, member_ids=await hq.members_by_phone(connection, asked.wanted.search))
        found = await reports.orders(connection, wanted, reports.EXPORT_ROWS)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["number", "slips", "store", "terminal", "kind", "state", "amount_minor", "currency", "uses", "happened_at",
         "recorded_at", "reason"]
    )  # fmt: skip
    for row in found:
        table.writerow(
            [row.tx_no or "", " ".join(row.slips), _harmless(row.store_name), row.terminal_code, row.kind, row.state,
             row.amount_minor, row.currency or "", row.uses, row.happened_at.isoformat(), row.recorded_at.isoformat(),
             row.reason or ""]
        )  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="orders.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@get("/orders/{key:str}", include_in_schema=False)
async def order_page(request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str]) -> Response[str]:
    """Show one order: its timeline, lines and ledger entries."""
    language = language_of(request)
    async with transaction(hq.pool, user.claims) as connection:
        detail = await reports.order(connection, key) if is_key(key) else None
        waiting = await reports.waiting(connection)
        company = await concerned.company_of_fact(connection, detail.fact) if detail is not None else ""
        people = await concerned.people_of_fact(connection, detail.fact) if detail is not None else ("", "")
    if detail is None:
        return page("trouble", language, user, here="orders", error="not_found", waiting=waiting, status=404)
    shown = views.order_page(detail, hq_words(language), language, company, people)
    return page("order", language, user, here="orders", back=f"/admin/orders/{key}", waiting=waiting, order=shown)


def is_key(text: str) -> bool:
    """Say whether a text can be an order's key: 64 hex digits."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def safe_back(text: str) -> str:
    """Return where to go next: only ever a page of ours, whatever the browser was talked into sending."""
    parts = urlsplit(text)
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/admin/") and "\\" not in text
    return text if ours and text.isprintable() else "/admin/orders"


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


HANDLERS = [
    sign_in_page, sign_in, sign_out, choose_language, home, orders_page, orders_csv, order_page,
]  # fmt: skip
