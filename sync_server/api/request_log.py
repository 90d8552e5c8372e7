"""Give every request an id, and write one line about it when it ends.

Rule: method, path, status, time, request id, the proven terminal and the problem's code; never a query, a header, a
body or an address.
"""

import logging
import time
from uuid import uuid4

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("sync_server.requests")
_HEADER = b"x-request-id"


def log_requests(app: ASGIApp) -> ASGIApp:
    """Wrap an application."""

    async def logged(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = uuid4().hex[:16]
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, request_id.encode())]
            await send(message)

        try:
            await app(scope, receive, sending)
        finally:
            fields = {
                "request_id": request_id,
                "method": str(scope.get("method")),
                "path": scope["path"][:200],
                "status": status,
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            }
            fields |= {name: state[name] for name in ("terminal", "problem") if name in state}
            _LOG.log(logging.WARNING if "problem" in fields else logging.INFO, "request", extra={"fields": fields})

    return logged
