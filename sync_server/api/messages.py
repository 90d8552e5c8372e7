"""Decode what a till sends and encode what it gets; the messages are those of models.wire."""

from typing import Any, TypeVar

from litestar import Request, Response

from models import codec
from models.refusals import Refusal
from models.versions import Spoken
from models.wire import ActionRequest, PairRequest, PushRequest, TillAlarms
from sync_server.api.bodies import unpack
from sync_server.api.versions import version_of

Message = TypeVar("Message", PairRequest, PushRequest, ActionRequest, TillAlarms)


def read(request: Request[Any, Any, Any], body: bytes, kind: type[Message], spoken: Spoken) -> Message:
    """Return the message in a body.

    Fields that only a newer till knows are left out, but not of what it asks before goods move: whoever answers must
    have understood everything. Refusals `request_malformed`, `till_too_old`, `server_too_old`, and those of `unpack`.
    """
    headers, theirs = request.headers, version_of(request)
    text = unpack(body, headers.get("content-type", ""), headers.get("content-encoding", ""))
    newer = theirs > spoken.newest
    try:
        message = codec.decode(kind, text, newer_too=newer and kind is not ActionRequest)
    except Refusal as refusal:
        raise Refusal("server_too_old", spoken.told(theirs)) if newer else refusal from None
    spoken.check_major(message.protocol)
    return message


def answer(value: object) -> Response[bytes]:
    """Return the response that carries a message."""
    return Response(codec.encode(value), media_type="application/json")
