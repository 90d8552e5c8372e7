"""Members' pages on a real server with a real database, and an SMS gateway's other end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from models.facts import Evidence
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from sync_server.members import people
from sync_server.members.people import NewMember
from sync_server.messages.sms import Sender
from sync_server.mine.desk import COOKIE, Mine
from sync_server.mine.router import router
from tests.sync_server import card_till, world
from tests.sync_server.api.conftest import Running, keys, running_server
from tests.sync_server.messages.gateway import Received, listening
from tests.sync_server.till import FakeTill, build_shop

__all__ = ["keys"]

LUCY, MARK = "0f000000-0000-7000-8000-000000000001", "0f000000-0000-7000-8000-000000000002"
PHONE, OTHER_PHONE, STRANGER = "+8613800136021", "+8613911230002", "+8613999999999"
NAME, OTHER_NAME = "露西 <img src=x onerror=alert(1)>", "Mark & Söhne"


@dataclass
class Page:
    """A running server with two members, one of whom has done something at a till, and the gateway."""

    running: Running
    till: FakeTill
    gateway: Received
    pass_id: str

    @property
    def address(self) -> str:
        return self.running.address

    def phone(self, language: str = "en") -> httpx.Client:
        """A phone that nobody has signed in with."""
        return httpx.Client(base_url=self.address, headers={"Accept-Language": language}, timeout=20)

    def sign_in(self, client: httpx.Client, phone: str = PHONE, back: str = "/m/") -> httpx.Response:
        """Go through the door as its page does."""
        asked = client.post("/m/sign-in", data={"country": "86", "phone": phone, "back": back})
        assert asked.status_code == 200, asked.text
        code = self.gateway.code_for(phone)
        return client.post("/m/sign-in/code", data={"phone": phone, "code": code, "back": back})


async def _open(pool: Pool, keys: Keyring) -> tuple[FakeTill, str]:
    await build_shop(pool)
    async with transaction(pool, PLATFORM) as connection:
        for member_id, number, name, phone in (
            (LUCY, "880011", NAME, PHONE.removeprefix("+86")),
            (MARK, "880012", OTHER_NAME, OTHER_PHONE),
        ):
            new = NewMember(member_id, number, name, phone)
            await people.create(connection, keys, new, world.MERCHANT, datetime.now(UTC))
    till = await FakeTill(pool, keys=keys).pair()
    await card_till.set_terms(pool, till)
    till.at += timedelta(minutes=1)
    sold = till.sell_pass(member_id=LUCY)
    till.redeem(sold.pass_id, Evidence("own_sale"), member_id=LUCY, extra=1)
    card_till.top_up(till, 10000, 2000, member_id=LUCY)
    results = (await till.push()).results
    assert [result.outcome for result in results] == ["accepted"] * 3, results
    return till, sold.pass_id


@pytest.fixture
def mine(database: DatabaseUrls, keys: Keyring) -> Iterator[Page]:
    """The server; its members know no language yet."""
    with listening() as gateway:
        senders: list[Sender] = []

        def handlers(rooms: object) -> list[object]:
            senders.append(Sender(gateway.gateway))
            return [router(Mine(rooms.pool, rooms.keys, rooms.now, senders[0]))]  # type: ignore[attr-defined]

        with running_server(database, keys, more_handlers=handlers) as running:  # type: ignore[arg-type]
            till, pass_id = running.do(lambda pool: _open(pool, keys))
            yield Page(running, till, gateway, pass_id)


@pytest.fixture
def lucy(mine: Page) -> Iterator[httpx.Client]:
    """Lucy's phone, signed in, in English."""
    with mine.phone() as client:
        assert mine.sign_in(client).status_code == 303
        yield client


def csrf_of(client: httpx.Client) -> str:
    """Read the token that stands in every form of a page."""
    return client.get("/m/me").text.split('name="csrf_token" value="')[1].split('"')[0]


def token_of(client: httpx.Client) -> str:
    """The session's own token."""
    return client.cookies[COOKIE]
