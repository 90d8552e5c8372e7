"""Read a request's body within bounds, and unpack it within bounds.

Rule: what a caller sends is never held beyond the bound, packed or unpacked, nor waited for without end.
The digest of a signature is over the bytes as sent, so unpacking comes after the signature.
"""

import asyncio
import zlib
from typing import Any

from litestar import Request
from litestar.exceptions import InternalServerException

from models.refusals import Refusal
from models.wire import MAX_PUSH_BYTES
from sync_server.api.problems import HttpTrouble

MAX_BODY_BYTES = 2 * MAX_PUSH_BYTES
"""Twice the bound of the facts: as texts inside JSON their quotation marks are escaped."""
MAX_BODY_SECONDS = 10
"""How long a body may take to arrive whole."""
_DRAIN_BYTES = 16 * MAX_BODY_BYTES
"""How much of a too large body is read away, so that its sender hears the answer instead of a reset."""
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


async def read_body(request: Request[Any, Any, Any]) -> bytes:
    """Return the body as sent; Refusal `request_too_large`, Troubles `body_too_slow`, `body_cut`."""
    try:
        async with asyncio.timeout(MAX_BODY_SECONDS):
            return await _read(request)
    except TimeoutError as error:
        raise HttpTrouble("body_too_slow", {"limit_seconds": MAX_BODY_SECONDS}) from error
    except InternalServerException as error:  # Litestar's word for a sender who went away: no failure of ours
        raise HttpTrouble("body_cut") from error


async def _read(request: Request[Any, Any, Any]) -> bytes:
    found = bytearray()
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > _DRAIN_BYTES:
            break
        if total <= MAX_BODY_BYTES:
            found += chunk
    if total > MAX_BODY_BYTES:
        raise Refusal("request_too_large", {"limit_bytes": MAX_BODY_BYTES})
    return bytes(found)


def unpack(body: bytes, content_type: str, content_encoding: str) -> bytes:
    """Return the JSON text of a body.

    Troubles: `content_type_wrong`, `content_encoding_wrong`; Refusals: `request_too_large`, `request_malformed`.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise HttpTrouble("content_type_wrong", {"expected": "application/json"})
    encoding = content_encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise HttpTrouble("content_encoding_wrong", {"expected": "gzip"})
    unpacking = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        text = unpacking.decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error as error:
        raise Refusal("request_malformed", {"pointer": ""}) from error
    if len(text) > MAX_BODY_BYTES:
        raise Refusal("request_too_large", {"limit_bytes": MAX_BODY_BYTES})
    if not unpacking.eof or unpacking.unused_data:
        raise Refusal("request_malformed", {"pointer": ""})
    return text
