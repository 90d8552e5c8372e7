"""HQ on a real server with a real database, and people who may sign in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from models.facts import Evidence
from models.wire import PrintReport
from sync_server.admin.desk import Hq
from sync_server.admin.router import router
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from sync_server.staff import passwords
from tests.sync_server import world
from tests.sync_server.api.conftest import Running, keys, running_server
from tests.sync_server.till import FakeTill, build_shop

__all__ = ["keys"]

PASSWORD = "correct horse battery staple"


async def add_people(pool: Pool) -> None:
    """Two people: one sees the test merchant, the other one the other merchant."""
    for number, (name, merchant) in enumerate((("ana", world.MERCHANT), ("otto", world.OTHER_MERCHANT)), 1):
        async with transaction(pool, PLATFORM) as connection:
            await connection.execute(
                "SELECT app.hq_upsert_user(%s, %s, %s, %s, %s, %s)",
                [UUID(int=number), name, name.title(), "hq", [UUID(merchant)], passwords.hash_password(PASSWORD)],
            )


@pytest.fixture
def hq(database: DatabaseUrls, keys: Keyring) -> Iterator[Running]:
    """A server with HQ pages on the small world."""
    with running_server(
        database, keys, more_handlers=lambda rooms: [router(Hq(rooms.pool, rooms.keys, rooms.now))]
    ) as found:
        found.do(world.build)
        found.do(add_people)
        yield found


@pytest.fixture
def browser(hq: Running) -> Iterator[httpx.Client]:
    """A browser that nobody has signed in with; it reads English."""
    with httpx.Client(base_url=hq.address, headers={"Accept-Language": "en"}) as client:
        yield client


def sign_in(client: httpx.Client, name: str = "ana", password: str = PASSWORD) -> httpx.Response:
    """Send the door's form."""
    return client.post("/admin/sign-in", data={"username": name, "password": password, "back": "/admin/held"})


def csrf_of(client: httpx.Client) -> str:
    """Read the token that stands in every form of a page."""
    text = client.get("/admin/held").text
    return text.split('name="csrf_token" value="')[1].split('"')[0]


@dataclass
class Shop:
    """A day at a till, pushed: a pass sold, redeemed free and with extra, a redemption held, and its browser."""

    running: Running
    till: FakeTill
    client: httpx.Client

    def orders(self, **query: str) -> list[dict[str, object]]:
        answer = self.client.get("/admin/api/orders", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()["orders"]
        return found


@pytest.fixture
def shop(database: DatabaseUrls, keys: Keyring) -> Iterator[Shop]:
    """Build the shop and sell."""
    with running_server(
        database, keys, more_handlers=lambda rooms: [router(Hq(rooms.pool, rooms.keys, rooms.now))]
    ) as running:
        running.do(build_shop)
        running.do(add_people)
        till = running.do(_sell)
        with httpx.Client(base_url=running.address, headers={"Accept-Language": "en"}, timeout=20) as client:
            sign_in(client)
            yield Shop(running, till, client)


async def _sell(pool: Pool) -> FakeTill:
    till = FakeTill(pool)
    sold = till.sell_pass()
    till.redeem(sold.pass_id, Evidence("own_sale"))
    till.redeem(sold.pass_id, Evidence("own_sale"), extra=1, identified_by="vouched")
    till.redeem(str(uuid4()), Evidence("own_sale"))
    till.append("not a fact")
    await till.push(prints=(PrintReport(sold.slips[0], 0, "printed", datetime.now(UTC)),))
    return till
