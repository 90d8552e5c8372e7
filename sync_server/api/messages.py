"""Decode what a till sends and encode what it gets; the messages are those of models.wire."""

from typing import Any, TypeVar

from litestar import Request, Response

from models import codec
from models.refusals import Refusal
from models.wire import PROTOCOL, ActionRequest, PairRequest, PushRequest
from sync_server.api.bodies import unpack

Message = TypeVar("Message", PairRequest, PushRequest, ActionRequest)


def read(request: Request[Any, Any, Any], body: bytes, kind: type[Message]) -> Message:
    """Return the message in a body; Refusals `request_malformed`, `protocol_unsupported`, and those of `unpack`."""
    headers = request.headers
    text = unpack(body, headers.get("content-type", ""), headers.get("content-encoding", ""))
    message = codec.decode(kind, text)
    if message.protocol != PROTOCOL:
        raise Refusal("protocol_unsupported", {"protocol": message.protocol, "supported": PROTOCOL})
    return message


def answer(value: object) -> Response[bytes]:
    """Return the response that carries a message."""
    return Response(codec.encode(value), media_type="application/json")
