"""What a paired till asks for: hand in facts, ask before goods move, pull changes. And: is anybody there?

Rule: one handler, one room's function. The wire is in docs/protocol.md.
"""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from models.refusals import Refusal
from models.wire import (
    MAX_FACTS_PER_PUSH,
    MAX_PUSH_BYTES,
    ActionAnswer,
    ActionRequest,
    AlarmsAnswer,
    ChangesAnswer,
    Health,
    PushAnswer,
    PushRequest,
    TillAlarms,
)
from sync_server.api import problems
from sync_server.api.doorkeeper import alarm, let_in, read_signed
from sync_server.api.messages import answer, read
from sync_server.api.openapi import answers, asks
from sync_server.api.rooms import Rooms
from sync_server.api.versions import version_of
from sync_server.catalogue import changes
from sync_server.database.engine import transaction
from sync_server.fleet import alarms, terminals

MAX_WAIT_SECONDS = 25


@post(
    "/v1/terminals/me/facts",
    status_code=200,
    operation_class=asks(PushRequest),
    responses=answers(PushAnswer, (*problems.TERMINAL, "revoked_queue_full")),
)
async def push_facts(request: Request[Any, Any, Any], rooms: NamedDependency[Rooms]) -> Response[bytes]:
    """Hand in facts in chain order; each gets its own outcome. All that a revoked terminal hands in is held."""
    signed = await read_signed(request)
    with rooms.gate.work():
        terminal = await let_in(request, signed, rooms, revoked_too=True)
        rooms.spoken.check(version_of(request), facts=True)
        try:
            async with rooms.gate.turn():  # before it is read: who has to come back costs little
                push = read(request, signed.body, PushRequest, rooms.spoken)
                facts_bytes = sum(len(fact.encode()) for fact in push.facts)
                if len(push.facts) > MAX_FACTS_PER_PUSH or facts_bytes > MAX_PUSH_BYTES:
                    raise Refusal(
                        "request_too_large", {"limit_facts": MAX_FACTS_PER_PUSH, "limit_bytes": MAX_PUSH_BYTES}
                    )
                return answer(await rooms.accept_push(rooms.pool, rooms.keys, terminal, push, rooms.now()))
        except Refusal as refusal:
            if refusal.code == "signature_invalid":  # the request was signed, the head was not
                pointer = {"pointer": str(refusal.data.get("pointer", ""))}
                await rooms.alarms.note(rooms.pool, terminal.terminal_id, "head_forged", pointer)
            elif refusal.code == "revoked_queue_full":
                await rooms.alarms.note(rooms.pool, terminal.terminal_id, refusal.code, refusal.data)
            raise


@post(
    "/v1/terminals/me/requests",
    status_code=200,
    operation_class=asks(ActionRequest),
    responses=answers(ActionAnswer, (*problems.TERMINAL, "content_differs")),
)
async def ask(request: Request[Any, Any, Any], rooms: NamedDependency[Rooms]) -> Response[bytes]:
    """Ask the ledger before goods move; the answer is sticky for the request's id. A revoked terminal hears the answers
    that it was given before, no others."""
    signed = await read_signed(request)
    with rooms.gate.work():
        terminal = await let_in(request, signed, rooms, revoked_too=True)
        try:
            rooms.spoken.check(version_of(request))
            action = read(request, signed.body, ActionRequest, rooms.spoken)
            return answer(await rooms.answer_request(rooms.pool, terminal, action, rooms.now()))
        except Refusal as refusal:
            if refusal.code == "terminal_revoked":
                await alarm(request, rooms, terminal, refusal)
            raise


@post(
    "/v1/terminals/me/previews",
    status_code=200,
    operation_class=asks(ActionRequest),
    responses=answers(ActionAnswer, (*problems.TERMINAL, "content_differs")),
)
async def preview(request: Request[Any, Any, Any], rooms: NamedDependency[Rooms]) -> Response[bytes]:
    """Say what a refund would be answered now; nothing of it is kept, and no answer is promised."""
    signed = await read_signed(request)
    with rooms.gate.work():
        terminal = await let_in(request, signed, rooms)
        rooms.spoken.check(version_of(request))
        action = read(request, signed.body, ActionRequest, rooms.spoken)
        return answer(await rooms.preview_request(rooms.pool, terminal, action, rooms.now()))


@post("/v1/terminals/me/alarms", status_code=200, operation_class=asks(TillAlarms), responses=answers(AlarmsAnswer))
async def take_alarms(request: Request[Any, Any, Any], rooms: NamedDependency[Rooms]) -> Response[bytes]:
    """Hear what a till found wrong with what it holds; of an edited journal nothing is taken on risk any more."""
    signed = await read_signed(request)
    with rooms.gate.work():
        terminal = await let_in(request, signed, rooms)
        rooms.spoken.check(version_of(request))
        told = read(request, signed.body, TillAlarms, rooms.spoken)
        await alarms.take(rooms.pool, terminal, told)
        return answer(AlarmsAnswer(rooms.now()))


@get("/v1/terminals/me/changes", responses=answers(ChangesAnswer))
async def pull_changes(
    request: Request[Any, Any, Any],
    rooms: NamedDependency[Rooms],
    after: FromQuery[str] = "",
    wait: FromQuery[int] = 0,
    limit: FromQuery[int] = changes.PAGE_ROWS,
) -> Response[bytes]:
    """Pull what changed for the terminal's store after a cursor; `wait` seconds for something new."""
    if not 0 <= wait <= MAX_WAIT_SECONDS or not 1 <= limit <= changes.PAGE_ROWS:
        raise Refusal("request_malformed", {"pointer": "/wait" if 1 <= limit <= changes.PAGE_ROWS else "/limit"})
    signed = await read_signed(request)
    with rooms.gate.work():
        terminal = await let_in(request, signed, rooms)
        rooms.spoken.check(version_of(request))
    clock = asyncio.get_running_loop()
    deadline = clock.time() + wait
    while True:
        seen = rooms.watcher.generation
        with rooms.gate.work():
            # Before the rows: whoever reads the answer may rely on them holding every fact up to here.
            standing = await terminals.standing(rooms.pool, terminal)
            page = await changes.page(rooms.pool, rooms.keys, terminal, after, limit)
        seconds_left = deadline - clock.time()
        if page.changes or seconds_left <= 0 or not await rooms.watcher.wait(seen, seconds_left):
            break
    return answer(
        ChangesAnswer(
            cursor=page.cursor,
            more=page.more,
            epoch=page.epoch,
            server_time=rooms.now(),
            changes=page.changes,
            acknowledged_seq=standing.acknowledged_seq,
            seal=standing.seal,
            backed_up_through=standing.backed_up_through,
            forked=standing.forked,
        )
    )


@get("/v1/health", responses=answers(Health, problems.UNSIGNED))
async def health(rooms: NamedDependency[Rooms]) -> Response[bytes]:
    """Say that the server and its database are there."""
    async with transaction(rooms.pool) as connection:
        await connection.execute("SELECT 1")
    return answer(Health("ok", rooms.version, rooms.now()))
