"""A member's PIN at the server: sealed, mirrored by tills that know them, cleared by HQ alone, nowhere plain."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from models.pins import is_pin_hash
from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring, open_keys
from sync_server.ledger import functions
from sync_server.members.pins import clear_pin, set_pin
from sync_server.staff.pins import pin_fits
from tests.sync_server import world
from tests.sync_server.members.test_people import ELSEWHERE, HERE, MEMBER, mirrored, register, rows

pytestmark = pytest.mark.anyio


@pytest.fixture
async def keys(pool: Pool, tmp_path: Path) -> Keyring:
    """Keys of this test's own, and a member."""
    found = open_keys(tmp_path / "keys", datetime.now(UTC))
    await world.build(pool)
    await register(pool, found)
    return found


async def pin_hash_at(pool: Pool, keys: Keyring) -> str | None:
    """What the till of the member's merchant holds."""
    (member,) = await mirrored(pool, keys, HERE)
    return member.pin_hash


def heard(database: DatabaseUrls) -> list[tuple[str, str]]:
    """What the audit has of PINs."""
    with psycopg.connect(database.maintenance) as owner:
        owner.execute("SET ROLE tillkeeper_owner")
        found = owner.execute(
            "SELECT event, data::text FROM audit.event_log WHERE event LIKE '%pin%' ORDER BY recorded_at, xid"
        )
        return [(row[0], row[1]) for row in found]


async def test_it_reaches_the_tills_that_know_the_member_and_is_changed(pool: Pool, keys: Keyring) -> None:
    assert await pin_hash_at(pool, keys) is None
    await set_pin(pool, keys, MEMBER, "2580")
    first = await pin_hash_at(pool, keys)
    assert first is not None
    assert is_pin_hash(first)
    assert pin_fits("2580", first)
    await set_pin(pool, keys, MEMBER, "902104")
    second = await pin_hash_at(pool, keys)
    assert second is not None
    assert pin_fits("902104", second)
    assert not pin_fits("2580", second)
    assert await mirrored(pool, keys, ELSEWHERE) == []


@pytest.mark.req("R156")
async def test_it_is_sealed_at_rest_and_audited_without_it(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await set_pin(pool, keys, MEMBER, "902104")
    pin_hash = await pin_hash_at(pool, keys)
    assert pin_hash is not None
    everywhere = rows(database, "app.members") + rows(database, "app.change_log") + str(heard(database))
    for secret in ("902104", pin_hash, "argon2"):
        assert secret not in everywhere
        assert secret.encode().hex() not in everywhere
    await clear_pin(pool, PLATFORM, MEMBER)
    assert await pin_hash_at(pool, keys) is None
    with pytest.raises(Refusal, match="pin_not_set"):
        await clear_pin(pool, PLATFORM, MEMBER)
    events = [(event, json.loads(data)) for event, data in heard(database)]
    assert [event for event, _ in events] == ["member_pin_set", "member_pin_cleared", "refused.member_pin_cleared"]
    assert events[0][1] == {"changed": False}


async def test_an_erased_members_pin_is_gone(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await set_pin(pool, keys, MEMBER, "2580")
    with psycopg.connect(database.maintenance) as owner:
        owner.execute("SET ROLE tillkeeper_owner")
        owner.execute("UPDATE app.members SET key_sealed = NULL, phone_index = NULL, phone_tail_index = NULL")
    assert await pin_hash_at(pool, keys) is None
    with pytest.raises(Refusal, match="member_unknown"):
        await set_pin(pool, keys, MEMBER, "2580")


@pytest.mark.parametrize(
    ("pin", "code"),
    [("", "pin_invalid"), ("12a4", "pin_invalid"), ("1234567", "pin_invalid"), ("0000", "pin_too_easy"),
     ("1234", "pin_too_easy"), ("6021", "pin_too_easy")],
)  # fmt: skip
async def test_bad_pins_change_nothing(pool: Pool, keys: Keyring, pin: str, code: str) -> None:
    await set_pin(pool, keys, MEMBER, "2580")
    before = await pin_hash_at(pool, keys)
    with pytest.raises(Refusal) as caught:
        await set_pin(pool, keys, MEMBER, pin)
    assert caught.value.code == code
    assert not pin or pin not in repr(caught.value.data)
    assert await pin_hash_at(pool, keys) == before


async def test_nobody_known_and_nobody_active(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    for wrong, code in ((str(UUID(int=99)), "member_unknown"), ("100001", "request_malformed")):
        with pytest.raises(Refusal, match=code):
            await set_pin(pool, keys, wrong, "2580")
    with psycopg.connect(database.maintenance) as owner:
        owner.execute("SET ROLE tillkeeper_owner")
        owner.execute("UPDATE app.members SET status = 'blocked'")
    with pytest.raises(Refusal, match="member_inactive"):
        await set_pin(pool, keys, MEMBER, "2580")


async def test_who_may_not(pool: Pool, keys: Keyring) -> None:
    await set_pin(pool, keys, MEMBER, "2580")
    people = (("ana", "finance", world.MERCHANT, "permission_missing"), ("otto", "hq", world.OTHER_MERCHANT, "unknown"))
    for number, (name, role, merchant, code) in enumerate(people, 1):
        merchants = [UUID(merchant)]
        async with transaction(pool, PLATFORM) as connection:
            await connection.execute(
                "SELECT app.hq_upsert_user(%s, %s, %s, %s, %s, 'x')", [UUID(int=number), name, name, role, merchants]
            )
        with pytest.raises(Refusal, match=code):
            await clear_pin(pool, Claims(UUID(int=number), "staff", merchants), MEMBER)
    terminal = Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)])
    for claims in (terminal, Claims(UUID(MEMBER), "member")):
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            await clear_pin(pool, claims, MEMBER)
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            async with transaction(pool, claims) as connection:
                await functions.call(connection, "SELECT app.set_member_pin(1::smallint, %s, 'x')", [MEMBER])
    assert await pin_hash_at(pool, keys) is not None
