"""Pair a new till: the request is signed by the key it brings."""

import base64
import binascii
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency

from models.refusals import Refusal
from models.wire import PairAnswer, PairRequest, ServerKey
from sync_server.api import problems, signatures
from sync_server.api.doorkeeper import PAIRING_KEY_ID, read_signed
from sync_server.api.messages import answer, read
from sync_server.api.openapi import answers, asks
from sync_server.api.rooms import Rooms
from sync_server.api.versions import version_of
from sync_server.fleet import pairing, stores

_TEXT_CHARACTERS = 200
_CODES = (*problems.VERSION, *problems.SIGNATURE, *problems.PAIRING, *problems.BODY, *problems.UNSIGNED)


@post("/v1/pair", status_code=200, operation_class=asks(PairRequest), responses=answers(PairAnswer, _CODES))
async def pair(request: Request[Any, Any, Any], rooms: NamedDependency[Rooms]) -> Response[bytes]:
    """Bind the key that signed this request to the terminal of a one-use code."""
    signed = await read_signed(request)
    with rooms.gate.work():
        if signatures.claimed_key_id(signed) != PAIRING_KEY_ID:
            raise Refusal("key_unknown")
        rooms.spoken.check(version_of(request))
        asked = read(request, signed.body, PairRequest, rooms.spoken)
        public_key = _public_key(asked.public_key)
        signatures.check_age(signatures.verify(signed, PAIRING_KEY_ID, public_key), rooms.now())
        paired = await pairing.pair(
            rooms.pool,
            asked.code,
            public_key,
            asked.hardware[:_TEXT_CHARACTERS],
            asked.version[:_TEXT_CHARACTERS],
            request.client.host if request.client else "",
            asked.terminal_id,
        )
        request.scope["state"]["terminal"] = paired.code
        store, epoch = await stores.find(rooms.pool, paired.merchant_id, paired.store_id)
        return answer(
            PairAnswer(
                terminal_id=paired.terminal_id,
                terminal_code=paired.code,
                store=store,
                server_keys=tuple(
                    ServerKey(key.id, base64.b64encode(key.raw).decode()) for key in rooms.keys.public_keys()
                ),
                epoch=epoch,
                server_time=rooms.now(),
            )
        )


def _public_key(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("request_malformed", {"pointer": "/public_key"}) from error
    if len(raw) != 32:
        raise Refusal("request_malformed", {"pointer": "/public_key"})
    return raw
