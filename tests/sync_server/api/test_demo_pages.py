"""The demo's page of codes: it shows codes that tills take, and exists under `--demo` only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import zxingcpp
from PIL import Image

from models.tokens import code_family, decode_short, decode_snapshot
from sync_server.api import demo_pages
from sync_server.cards.codes import check_code
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from sync_server.members import people
from sync_server.members.people import NewMember
from tests.sync_server import world
from tests.sync_server.api.conftest import Running, running_server
from tests.sync_server.signer import problem

MEMBER = "0f000000-0000-7000-8000-000000000001"


@pytest.fixture
def demo(database: DatabaseUrls, keys: Keyring) -> Iterator[Running]:
    """A server with the demo's pages and one member whose name is a trap."""

    async def prepare(pool: Pool) -> None:
        await world.build(pool)
        async with transaction(pool, PLATFORM) as connection:
            new = NewMember(MEMBER, "100001", "<script>alert(1)</script>", "13800136021")
            await people.create(connection, keys, new, world.MERCHANT, datetime.now(UTC))

    with running_server(database, keys, lambda _: demo_pages.HANDLERS) as running:
        running.do(prepare)
        yield running


def read(running: Running, query: str) -> str:
    """The text of a code's picture."""
    response = httpx.get(f"{running.address}/demo/members/{MEMBER}/code.png{query}")
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    assert response.headers["cache-control"] == "no-store"
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
    return str(found.text)


def test_page_shows_members_harmlessly(demo: Running) -> None:
    response = httpx.get(demo.address + "/demo/members")
    assert response.headers["content-type"].startswith("text/html")
    assert "&lt;script&gt;alert(1)" in response.text
    assert "<script>alert(1)" not in response.text
    assert f"/demo/members/{MEMBER}/code.png?merchant={world.MERCHANT}&amp;face=short" in response.text


def test_pictures_hold_codes_that_are_valid(demo: Running, keys: Keyring) -> None:
    short = read(demo, "?face=short")
    checked = demo.do(lambda pool: check_code(pool, short))
    assert checked.member_id == MEMBER
    assert read(demo, "") != short  # each view makes a new one
    snapshot = read(demo, f"?face=snapshot&merchant={world.MERCHANT}")
    assert code_family(snapshot) == "snapshot"
    found = decode_snapshot(snapshot, keys.verify, datetime.now(UTC))
    assert found.card_ref == decode_short(short).card_ref


def test_pictures_that_do_not_exist(demo: Running) -> None:
    for path, status, code in [
        (f"{MEMBER}/code.png?face=third", 400, "request_malformed"),
        (f"{MEMBER}/code.png?merchant={world.OTHER_MERCHANT}", 404, "member_unknown"),
        ("nobody/code.png", 404, "member_unknown"),
    ]:
        found = problem(httpx.get(f"{demo.address}/demo/members/{path}"))
        assert (found.status, found.code) == (status, code)


def test_no_such_page_without_the_flag(running: Running) -> None:
    assert problem(httpx.get(running.address + "/demo/members")).code == "not_found"
    assert problem(httpx.get(f"{running.address}/demo/members/{MEMBER}/code.png")).code == "not_found"
