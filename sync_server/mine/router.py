"""Put the member's pages and their static files under `/m`.

Rule: whatever goes wrong is a page with words and a way on, never a stack of codes.
"""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.static_files import create_static_files_router

from models.refusals import Refusal
from sync_server.database.errors import DatabaseTrouble
from sync_server.mine import door_pages, offline_pages, pages, self_pages
from sync_server.mine.desk import HttpRequest, Mine, SignedOut, language_of, safe_back, signed_in
from sync_server.mine.rendering import STATIC, page, redirect

_MOST_BODY_BYTES = 8 * 1024
_STATUS = {
    "csrf_wrong": 403,
    "not_admin": 403,
    "card_unknown": 404,
    "terminal_unknown": 404,
    "reservation_unknown": 404,
    "member_unknown": 404,
}
"""Refusals that have words of their own."""
_YEAR_SECONDS = 31_536_000


def router(mine: Mine) -> Router:
    """Return everything under `/m`."""
    static = create_static_files_router(
        path="/static",
        directories=[STATIC],
        name="member-static",
        cache_control=CacheControlHeader(max_age=_YEAR_SECONDS, public=True, immutable=True),
    )
    return Router(
        path="/m",
        route_handlers=[
            *door_pages.HANDLERS,
            *pages.HANDLERS,
            *offline_pages.HANDLERS,
            *self_pages.HANDLERS,
            nowhere,
            static,
        ],
        dependencies={"mine": Provide(lambda: mine, sync_to_thread=False), "me": Provide(signed_in)},
        before_request=_readable,
        request_max_body_size=_MOST_BODY_BYTES,
        exception_handlers={
            SignedOut: _signed_out, Refusal: _refused, DatabaseTrouble: _unavailable, HTTPException: _misread,
        },
    )  # fmt: skip


@get("/{rest:path}", include_in_schema=False)
async def nowhere(request: HttpRequest, rest: FromPath[str]) -> Response[str]:  # noqa: ARG001 - any path
    """Say that there is no such page."""
    return _trouble(request, "not_found", 404)


async def _readable(request: HttpRequest) -> None:
    """Refuse the character that no text in the database can hold, in path or form; Refusal `request_malformed`."""
    body = await request.body()
    if "\0" in request.scope["path"] or b"\0" in body or b"%00" in body:
        raise Refusal("request_malformed")


def _signed_out(request: HttpRequest, _: Exception) -> Response[Any]:
    if request.method != "GET":
        return redirect("/m/sign-in")
    back = safe_back(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    return redirect("/m/sign-in" if back == "/m/" else f"/m/sign-in?back={quote(back)}")


def _refused(request: HttpRequest, error: Exception) -> Response[Any]:
    code = error.code if isinstance(error, Refusal) else ""
    return _trouble(request, code if code in _STATUS else "request_malformed", _STATUS.get(code, 400))


def _unavailable(request: HttpRequest, _: Exception) -> Response[Any]:
    return _trouble(request, "unavailable", 503)


def _misread(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return _trouble(request, "not_found" if status in (404, 405) else "request_malformed", status)


def _trouble(request: HttpRequest, code: str, status: int) -> Response[Any]:
    return page("trouble", language_of(request), None, error=code, status=status)
