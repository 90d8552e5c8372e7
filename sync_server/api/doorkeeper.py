"""Let a terminal in: read its request, check the signature, its age and its nonce, and say who it is.

Rule: the order of the checks is that of docs/decisions/0006-signatures.md; each "no" is logged with the request id
and, once proven, the terminal's code - never with headers or a body - and is an alarm at HQ, except one expired
request: a till whose clock is wrong corrects itself.
"""

from typing import Any

from litestar import Request

from models.refusals import Refusal
from sync_server.api import signatures
from sync_server.api.bodies import read_body
from sync_server.api.rooms import Rooms
from sync_server.api.signatures import SignedRequest
from sync_server.fleet import terminals
from sync_server.fleet.values import TerminalIdentity, revoked

PAIRING_KEY_ID = "pair"
_ALARMS = {
    "signature_missing": "signature_missing",
    "signature_invalid": "signature_invalid",
    "key_unknown": "key_unknown",
    "request_replayed": "request_replayed",
    "terminal_revoked": "revoked_key_used",
    "pairing_throttled": "pairing_throttled",
}
"""Refusal -> the alarm it is."""


async def let_in(
    request: Request[Any, Any, Any], signed: SignedRequest, rooms: Rooms, *, revoked_too: bool = False
) -> TerminalIdentity:
    """Return the terminal that signed this request. `revoked_too`: a revoked one may do this.

    Refusals: `signature_missing`, `signature_invalid`, `key_unknown`, `request_expired`,
    `terminal_revoked`, `request_replayed`.
    """
    terminal: TerminalIdentity | None = None
    try:
        terminal = await terminals.find(rooms.pool, signatures.claimed_key_id(signed))
        if terminal is None:
            raise Refusal("key_unknown")
        proof = signatures.verify(signed, terminal.terminal_id, terminal.public_key)
        request.scope["state"]["terminal"] = terminal.code
        signatures.check_age(proof, rooms.now())
        if terminal.status != "paired" and not revoked_too:
            raise revoked(terminal.terminal_id, terminal.revoked_at)
        await terminals.remember_nonce(rooms.pool, terminal, proof.nonce)
    except Refusal as refusal:
        await alarm(request, rooms, terminal, refusal)
        raise
    rooms.alarms.on_time(terminal.terminal_id)
    return terminal


async def alarm(
    request: Request[Any, Any, Any], rooms: Rooms, terminal: TerminalIdentity | None, refusal: Refusal
) -> None:
    """Tell HQ why somebody was not let in; `terminal` is who they say they are."""
    terminal_id = terminal.terminal_id if terminal is not None else None
    if refusal.code == "request_expired" and terminal_id is not None:
        await rooms.alarms.expired(rooms.pool, terminal_id, int(str(refusal.data["skew_seconds"])))
    elif refusal.code in _ALARMS:
        part = {"part": refusal.data["part"]} if "part" in refusal.data else {}
        source = {"source": request.client.host if request.client else ""}
        await rooms.alarms.note(rooms.pool, terminal_id, _ALARMS[refusal.code], {**source, **part})


async def read_signed(request: Request[Any, Any, Any]) -> SignedRequest:
    """Return the parts of a request that its signature covers; outside the gate, for whoever sends may take his time.

    Refusal `request_too_large`, Trouble `body_too_slow`.
    """
    headers = {name: ", ".join(request.headers.getall(name)) for name in request.headers}
    raw_path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    url = f"http://host{raw_path}" + (f"?{query}" if query else "")
    return SignedRequest(request.method, url, headers, await read_body(request))
