"""The protocol version of a request, and the one that every answer names.

Rule: the header is not signed: who alters it on the way achieves no more than who cuts the line. What the versions
mean: models.versions.
"""

from typing import Any

from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from models import versions
from models.versions import Spoken, Version


def version_of(request: Request[Any, Any, Any]) -> Version:
    """Return the version that a till says it speaks; Refusal `request_malformed`."""
    text = request.headers.get(versions.HEADER)
    return versions.FIRST if text is None else versions.parse_version(text)


def say_version(app: ASGIApp, spoken: Spoken) -> ASGIApp:
    """Wrap an application: every answer says which version the server speaks."""
    header = (versions.HEADER.lower().encode(), str(spoken.newest).encode())

    async def saying(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], header]
            await send(message)

        await app(scope, receive, sending)

    return saying
