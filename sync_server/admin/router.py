"""Put the HQ pages, their endpoints and their static files under `/admin`.

Rule: a failure on a page is a page with words, on an endpoint an RFC 9457 problem.
"""

import re
from typing import Any
from urllib.parse import quote

from litestar import Response, Router
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.exceptions import SerializationException
from litestar.static_files import create_static_files_router

from models.refusals import Refusal
from sync_server.admin import (
    act_endpoints,
    alarm_pages,
    aside_pages,
    endpoints,
    granted_pages,
    held_pages,
    pages,
    restore_pages,
    risk_pages,
    shift_pages,
    terminal_pages,
)
from sync_server.admin.acts import problem
from sync_server.admin.desk import Hq, HttpRequest, SignedOut, language_of, signed_in
from sync_server.admin.rendering import STATIC, page
from sync_server.database.errors import DatabaseTrouble

_STATUS = {"login_wrong": 401, "login_locked": 429, "csrf_wrong": 403, "held_unknown": 404, "loss_unknown": 404,
           "granted_unknown": 404, "alarm_unknown": 404, "store_unknown": 404, "terminal_unknown": 404,
           "member_unknown": 404, "reservation_unknown": 404, "permission_missing": 403,
           "pin_not_set": 409}  # fmt: skip

_NUL_IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def router(hq: Hq) -> Router:
    """Return everything under `/admin`."""
    static = create_static_files_router(
        path="/static", directories=[STATIC], name="hq-static", cache_control=CacheControlHeader(max_age=3600)
    )
    return Router(
        path="/admin",
        route_handlers=[
            *pages.HANDLERS,
            *held_pages.HANDLERS,
            *granted_pages.HANDLERS,
            *risk_pages.HANDLERS,
            *alarm_pages.HANDLERS,
            *terminal_pages.HANDLERS,
            *aside_pages.HANDLERS,
            *restore_pages.HANDLERS,
            *shift_pages.HANDLERS,
            *endpoints.HANDLERS,
            *act_endpoints.HANDLERS,
            static,
        ],
        dependencies={"hq": Provide(lambda: hq, sync_to_thread=False), "user": Provide(signed_in)},
        before_request=_readable,
        exception_handlers={SignedOut: _signed_out, Refusal: _refused, DatabaseTrouble: _unavailable},
    )


async def _readable(request: HttpRequest) -> None:
    """Refuse what nothing behind can read, Refusal `request_malformed`: the character that no text in the database can
    hold, in path or body; JSON that is no UTF-8 or nested without end."""
    body = await request.body()
    is_json = _is_endpoint(request)
    if "\0" in request.scope["path"] or (_NUL_IN_JSON.search(body) if is_json else b"%00" in body or b"\0" in body):
        raise Refusal("request_malformed", {"pointer": ""})
    try:
        if is_json and body:
            await request.json()
    except (RecursionError, UnicodeDecodeError, SerializationException) as error:
        raise Refusal("request_malformed", {"pointer": ""}) from error


def _signed_out(request: HttpRequest, _: Exception) -> Response[Any]:
    if _is_endpoint(request):
        return problem("signed_out", 401)
    back = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    return Response("", status_code=303, headers={"Location": f"/admin/sign-in?back={back}"})


def _refused(request: HttpRequest, error: Exception) -> Response[Any]:
    code = error.code if isinstance(error, Refusal) else "request_malformed"
    status = _STATUS.get(code, 400)
    if _is_endpoint(request):
        return problem(code, status, error.data if isinstance(error, Refusal) else None)
    return page("trouble", language_of(request), None, error=code, status=status)


def _unavailable(request: HttpRequest, error: Exception) -> Response[Any]:
    if _is_endpoint(request):
        code = error.code if isinstance(error, DatabaseTrouble) else "database_unavailable"
        return problem(code, 503)
    return page("trouble", language_of(request), None, error="unavailable", status=503)


def _is_endpoint(request: HttpRequest) -> bool:
    return request.url.path.startswith("/admin/api/")
