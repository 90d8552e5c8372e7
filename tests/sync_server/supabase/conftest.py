"""A real server with the Supabase doors: two members with cards, a company, a merchant's people, and an SMS gateway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar.types import ControllerRouterHandler

from sync_server.api.rooms import Rooms
from sync_server.cards import calls, enterprise
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from sync_server.ledger.top_ups import confirm_top_up
from sync_server.ledger.units import Act
from sync_server.members import people
from sync_server.members.people import NewMember
from sync_server.messages.sms import Sender
from sync_server.staff import passwords
from sync_server.supabase import gotrue, postgrest, tokens
from sync_server.supabase.door import Doors
from tests.sync_server import world
from tests.sync_server.api.conftest import Running, keys, running_server
from tests.sync_server.conftest import Server
from tests.sync_server.messages.gateway import Received, listening
from tests.sync_server.till import as_owner, build_shop

__all__ = ["keys"]

LUCY, MARK, ANA = (f"0f000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
PHONES = {LUCY: "+8613800136021", MARK: "+8613911230002", ANA: "+8613711230003"}
CASHIER = UUID("0f000000-0000-7000-8000-000000000011")
STRANGER = UUID("0f000000-0000-7000-8000-000000000012")
NAME = "林小满"
PASSWORD, CARD_PASSWORD = "correct horse battery", "company secret"
OPERATOR = Claims(UUID(int=1), "platform")


@dataclass
class Clients:
    """The server, what clients need to reach it, and who is there. `company` is an enterprise card that Ana manages and
    Lucy is bound to; the cashier works at merchant TEST, the stranger at OTHER."""

    running: Running
    gateway: Received
    keys: Keyring
    database: DatabaseUrls
    cards: dict[str, str]
    company: str

    @property
    def url(self) -> str:
        return self.running.address

    def key(self, role: Any = "anon") -> str:
        return tokens.api_key(self.keys, role, datetime.now(UTC), 1)

    def http(self, token: str | None = None) -> httpx.Client:
        """What a browser has: the key, and the bearer when somebody has signed in."""
        headers = {"apikey": self.key()} | ({"Authorization": f"Bearer {token}"} if token else {})
        return httpx.Client(base_url=self.url, headers=headers, timeout=20)

    def sign_in(self, member_id: str) -> dict[str, Any]:
        """A member's session, through the phone."""
        with as_owner(self.database) as owner:
            owner.execute("DELETE FROM sec.phone_codes")
            owner.execute("DELETE FROM sec.phone_limits")
        self.gateway.messages.clear()
        with self.http() as client:
            assert client.post("/auth/v1/otp", json={"phone": PHONES[member_id]}).status_code == 200
            code = self.gateway.code_for(PHONES[member_id])
            asked = {"type": "sms", "phone": PHONES[member_id], "token": code}
            return self.session(client.post("/auth/v1/verify", json=asked))

    def password(self, username: str) -> dict[str, Any]:
        """Somebody at HQ."""
        with self.http() as client:
            asked = {"email": username, "password": PASSWORD}
            return self.session(client.post("/auth/v1/token?grant_type=password", json=asked))

    def anonymous(self) -> dict[str, Any]:
        """Somebody without a name."""
        with self.http() as client:
            return self.session(client.post("/auth/v1/signup", json={"data": {}}))

    @staticmethod
    def session(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def rows(self, token: str | None, path: str, **headers: str) -> Any:
        with self.http(token) as client:
            answer = client.get(f"/rest/v1/{path}", headers=headers)
        assert answer.status_code in (200, 206), answer.text
        return answer.json()

    def call(self, token: str | None, function: str, **arguments: Any) -> httpx.Response:
        with self.http(token) as client:
            return client.post(f"/rest/v1/rpc/{function}", json=arguments)


@cache
def hashed() -> str:
    """The password of everybody at HQ, hashed once."""
    return passwords.hash_password(PASSWORD)


async def _people(pool: Pool, keys: Keyring) -> tuple[dict[str, str], str]:
    await build_shop(pool)
    async with transaction(pool, PLATFORM) as connection:
        for number, (member_id, phone) in enumerate(PHONES.items()):
            new = NewMember(member_id, f"88001{number}", NAME, phone.removeprefix("+86"))
            await people.create(connection, keys, new, world.MERCHANT, datetime.now(UTC))
        for user, name, merchant in (
            (CASHIER, "cashier@test.example", world.MERCHANT),
            (STRANGER, "stranger", world.OTHER_MERCHANT),
        ):
            await connection.execute(
                "SELECT app.hq_upsert_user(%s, %s, %s, 'hq', %s, %s)", [user, name, name, [UUID(merchant)], hashed()]
            )
        await connection.execute(
            "INSERT INTO app.merchant_users (merchant_id, user_id, role) VALUES (%s, %s, 'cashier')",
            [world.MERCHANT, MARK],
        )
        rows = await (await connection.execute("SELECT member_id::text, card_id::text FROM app.cards")).fetchall()
    made = await enterprise.create_enterprise_card(pool, OPERATOR, "E1", "茶公司", Decimal("0.9"), "CNY", CARD_PASSWORD)
    await calls.enterprise_set_initial_admin(pool, OPERATOR, "E1", "880012")
    await calls.enterprise_add_member(pool, Claims(UUID(ANA), "member"), "E1", "880010", CARD_PASSWORD)
    cards = {member: card for member, card in rows if member}
    await top_up(pool, cards[LUCY], "100")
    return cards, str(made["card_id"])


async def top_up(pool: Pool, card_id: str, amount: str) -> None:
    """Put money on Lucy's card, confirmed."""
    asked = await calls.user_recharge_personal_card(
        pool, Claims(UUID(LUCY), "member"), card_id, Decimal(amount), p_idempotency_key=str(uuid4())
    )
    await paid(pool, asked["tx_no"])


async def paid(pool: Pool, tx_no: str) -> None:
    """Confirm the payment of a top-up."""
    async with transaction(pool, OPERATOR) as connection:
        done = await confirm_top_up(connection, Act(str(uuid4()), bytes(32)), tx_no, str(uuid4()))
    assert done["outcome"] == "accepted", done


@pytest.fixture(scope="module")
def clients(server: Server, template: str, keys: Keyring) -> Iterator[Clients]:
    """One server for a module."""
    urls = server.create(template)
    secure_database(urls)
    with listening() as gateway:

        def handlers(rooms: Rooms) -> Sequence[ControllerRouterHandler]:
            doors = Doors(rooms.pool, rooms.keys, rooms.now, Sender(gateway.gateway), "test")
            return [postgrest.handler(doors), gotrue.handler(doors)]

        with running_server(urls, keys, handlers) as running:
            cards, company = running.do(lambda pool: _people(pool, keys))
            yield Clients(running, gateway, keys, urls, cards, company)
    server.drop(urls)
