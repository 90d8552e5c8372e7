"""Pulling changes: in pages, with tombstones, of one's own merchant only, and waiting for them."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any

import httpx
import pytest

from models import codec
from models.catalogue import Product, Store
from models.wire import (
    ChangesAnswer,
    PushRequest,
)
from sync_server.api import bodies
from sync_server.api.gate import Gate
from sync_server.catalogue import changes
from sync_server.catalogue.writes import put, remove
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet import terminals
from sync_server.keys import Keyring
from tests.sync_server import world
from tests.sync_server.api.conftest import Running, running_server
from tests.sync_server.signer import Signer, answer, problem, send

FACTS, REQUESTS, PULL = (f"/v1/terminals/me/{name}" for name in ("facts", "requests", "changes"))


def write(running: Running, *values: Any) -> None:
    """Write catalogue values in one transaction."""

    async def work(pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            for value in values:
                await put(connection, value)

    running.do(work)


def pull(running: Running, till: Signer, after: str = "", **parameters: int) -> ChangesAnswer:
    """One page."""
    query = "".join(f"&{name}={value}" for name, value in parameters.items())
    found: ChangesAnswer = answer(send(running.address, till, "GET", f"{PULL}?after={after}{query}"), ChangesAnswer)
    return found


def test_pull_brings_everything_in_pages_then_nothing(running: Running, till: Signer) -> None:
    write(running, world.category(), world.product(), world.plan(), world.person())
    whole = pull(running, till)
    assert not whole.more
    found = {(change.table, change.key): change.value for change in whole.changes}
    assert set(found) == {
        ("store", world.STORE),
        ("category", world.CATEGORY),
        ("product", world.PRODUCT),
        ("plan", world.PLAN),
        ("staff", world.STAFF),
    }
    assert codec.from_plain(Store, found["store", world.STORE]) == world.store()
    assert codec.from_plain(Product, found["product", world.PRODUCT]) == world.product()
    assert found["plan", world.PLAN] == codec.to_plain(world.plan())
    assert found["staff", world.STAFF] == codec.to_plain(world.person())

    cursor, pages = "", []
    while True:
        page = pull(running, till, cursor, limit=2)
        pages.append(page.changes)
        cursor = page.cursor
        if not page.more:
            break
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sum(pages, ()) == whole.changes
    assert pull(running, till, cursor).changes == ()


def test_changed_twice_comes_once_and_removed_is_a_tombstone(running: Running, till: Signer) -> None:
    write(running, world.category(), world.product())
    cursor = pull(running, till).cursor
    write(running, world.product(1900))
    write(running, world.product(2000))
    page = pull(running, till, cursor)
    assert [(change.key, (change.value or {})["price_minor"]) for change in page.changes] == [(world.PRODUCT, 2000)]

    async def take_out(pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            assert await remove(connection, Product, world.PRODUCT, world.MERCHANT)
            assert not await remove(connection, Product, world.PRODUCT, world.MERCHANT)

    running.do(take_out)
    (gone,) = pull(running, till, page.cursor).changes
    assert (gone.table, gone.key, gone.value) == ("product", world.PRODUCT, None)


@pytest.mark.req("R038")
def test_a_till_sees_its_own_merchant_only(running: Running) -> None:
    write(running, world.category(), world.product(), world.person())
    other = running.pair("BC1T01", "BC1")
    assert {(change.table, change.key) for change in pull(running, other).changes} == {("store", world.OTHER_STORE)}


def test_person_who_moves_leaves_a_tombstone_at_the_old_store(running: Running, till: Signer) -> None:
    second = "0b000000-0000-7000-8000-000000000009"
    write(running, world.store(second, code="SZ2"), world.person())
    cursor = pull(running, till).cursor
    write(running, world.person(second))
    (gone,) = pull(running, till, cursor).changes
    assert (gone.table, gone.value) == ("staff", None)


def test_cursor_of_another_epoch_begins_anew(running: Running, till: Signer, database: DatabaseUrls) -> None:
    first = pull(running, till)
    assert pull(running, till, "0" * 32 + first.cursor[32:]).changes == first.changes


def test_waiting_pull_answers_when_something_changes(running: Running, till: Signer) -> None:
    cursor = pull(running, till).cursor
    threading.Timer(0.6, write, (running, world.category())).start()
    started = time.monotonic()
    page = pull(running, till, cursor, wait=20)
    assert [change.key for change in page.changes] == [world.CATEGORY]
    assert 0.5 < time.monotonic() - started < 5


def test_waiting_pull_gives_up_after_its_time(running: Running, till: Signer) -> None:
    cursor = pull(running, till).cursor
    started = time.monotonic()
    page = pull(running, till, cursor, wait=1)
    assert page.changes == ()
    assert page.cursor == cursor
    assert 0.9 < time.monotonic() - started < 4


def test_rows_are_read_after_the_place_they_reach(
    running: Running, till: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push that commits while a page is read: its rows may be missing, so its place must not be in the answer."""
    reached = [4]
    real = changes.page

    async def page(*arguments: Any) -> changes.Page:
        found = await real(*arguments)
        reached[0] = 5
        return found

    async def standing(*_: Any) -> terminals.Standing:
        return terminals.Standing(reached[0], 0, False, None)

    monkeypatch.setattr(changes, "page", page)
    monkeypatch.setattr(terminals, "standing", standing)
    assert pull(running, till).acknowledged_seq == 4
    assert pull(running, till).acknowledged_seq == 5


def test_full_house_says_when_to_come_back(database: DatabaseUrls, keys: Keyring) -> None:
    with running_server(database, keys, gate=Gate(0)) as full:
        full.do(world.build)
        response = send(full.address, Signer(world.TERMINAL), "GET", PULL)
        found = problem(response)
        assert (found.status, found.code, response.headers["retry-after"]) == (503, "server_busy", "1")
        assert httpx.get(full.address + "/v1/health").status_code == 200


def test_silent_strangers_stop_no_till(database: DatabaseUrls, keys: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that never comes takes no place at the gate, and its sender is let go after a while."""
    monkeypatch.setattr(bodies, "MAX_BODY_SECONDS", 2)
    with running_server(database, keys, gate=Gate(1)) as house, contextlib.ExitStack() as open_sockets:
        house.do(world.build)
        till = house.pair()
        port = httpx.URL(house.address).port
        silent = []
        for path in (FACTS, REQUESTS, "/v1/pair"):
            stranger = open_sockets.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            stranger.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode())
            silent.append(stranger)
        time.sleep(0.3)
        assert pull(house, till).changes
        assert send(house.address, till, "POST", FACTS, PushRequest(1, (), None)).status_code == 200
        for stranger in silent:
            said = stranger.recv(4096)
            assert said.startswith(b"HTTP/1.1 408 ")
            assert b"body_too_slow" in said + stranger.recv(4096)


def test_answers_are_packed_when_asked_for(running: Running, till: Signer) -> None:
    write(running, world.category(), world.product(), world.plan(), world.person())
    response = send(running.address, till, "GET", PULL)  # httpx asks for gzip
    assert response.headers["content-encoding"] == "gzip"
    plain = httpx.get(running.address + PULL, headers=till.headers("GET", PULL, b"") | {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert codec.decode(ChangesAnswer, plain.content).changes == codec.decode(ChangesAnswer, response.content).changes
