"""Members: what stands in the tables is sealed, what a till gets is open, and an erased person stays erased."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from models import codec
from models.catalogue import Member
from models.people import Person
from models.refusals import Refusal
from models.tokens import check_character
from sync_server.catalogue import changes
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import Keyring, add_key, open_keys
from sync_server.members import people
from sync_server.members.people import NewMember
from tests.sync_server import world

pytestmark = pytest.mark.anyio

MEMBER = "0f000000-0000-7000-8000-000000000001"
NEW = NewMember(MEMBER, "100001", "王小明", "+86 138-0013-6021")
HERE = TerminalIdentity(world.TERMINAL, world.MERCHANT, world.STORE, "SZ1T01", b"\0" * 32)
ELSEWHERE = TerminalIdentity(world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE, "BC1T01", b"\0" * 32)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """Keys of this test's own."""
    return open_keys(tmp_path / "keys", datetime.now(UTC))


async def register(pool: Pool, keys: Keyring, member: NewMember = NEW) -> str | None:
    """Register a member at the test's merchant."""
    async with transaction(pool, PLATFORM) as connection:
        return await people.create(connection, keys, member, world.MERCHANT, datetime.now(UTC))


async def mirrored(pool: Pool, keys: Keyring, till: TerminalIdentity) -> list[Member]:
    """The members a till gets."""
    page = await changes.page(pool, keys, till, "")
    return [codec.from_plain(Member, change.value) for change in page.changes if change.table == "member"]


def rows(database: DatabaseUrls, table: str) -> str:
    """Everything a table holds, as text; bytes as hexadecimal digits."""
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        return str(connection.execute(f"SELECT t::text FROM {table} AS t").fetchall())


async def test_till_of_the_merchant_gets_the_person_and_others_do_not(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    card_ref = await register(pool, keys)
    assert card_ref is not None
    assert check_character(card_ref[:-1]) == card_ref[-1]
    (found,) = await mirrored(pool, keys, HERE)
    assert found == Member(MEMBER, card_ref, "100001", "王小明", "+8613800136021", "0", "active", 0, "CNY", 0)
    assert await mirrored(pool, keys, ELSEWHERE) == []
    async with transaction(pool, PLATFORM) as connection:
        await connection.execute("SELECT app.know_member(%s, %s)", [MEMBER, world.OTHER_MERCHANT])
    assert [member.member_id for member in await mirrored(pool, keys, ELSEWHERE)] == [MEMBER]


@pytest.mark.req("R156")
async def test_personal_data_is_sealed_at_rest(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await world.build(pool)
    await register(pool, keys)
    stored = rows(database, "app.members") + rows(database, "app.change_log")
    for secret in ("王小明", "13800136021", "6021"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


async def test_found_by_whole_number_or_its_end(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    await register(pool, keys)
    await register(pool, keys, NewMember("0f000000-0000-7000-8000-000000000002", "100002", "李", "+8613911116021"))
    async with transaction(pool, PLATFORM) as connection:
        for typed in ("+86 138 0013 6021", "13800136021", "8613800136021", "１３８００１３６０２１"):
            assert [str(found) for found in await people.by_phone(connection, keys, typed)] == [MEMBER]
        assert len(await people.by_phone(connection, keys, "6021")) == 2
        assert await people.by_phone(connection, keys, "0000") == []
        for typed in ("13800136022", "+34600136021", "6021'; --", "", "📱13800136021"):
            assert await people.by_phone(connection, keys, typed) == []


async def test_found_by_the_index_of_an_older_key(pool: Pool, keys: Keyring, tmp_path: Path) -> None:
    await world.build(pool)
    await register(pool, keys)
    add_key(tmp_path / "keys", "blind_index", datetime.now(UTC))
    add_key(tmp_path / "keys", "data", datetime.now(UTC))
    newer = open_keys(tmp_path / "keys", datetime.now(UTC))
    async with transaction(pool, PLATFORM) as connection:
        assert [str(found) for found in await people.by_phone(connection, newer, "6021")] == [MEMBER]
    assert [member.name for member in await mirrored(pool, newer, HERE)] == ["王小明"]


async def test_registering_twice_changes_nothing(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await world.build(pool)
    await register(pool, keys)
    before = rows(database, "app.members")
    assert await register(pool, keys) is None
    assert rows(database, "app.members") == before


async def test_one_number_is_one_person(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    await register(pool, keys)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await register(pool, keys, NewMember("0f000000-0000-7000-8000-000000000002", "100002", "李", "+8613800136021"))


async def test_people_who_cannot_be_registered(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    for name, phone, code in [
        ("王", "12", "phone_invalid"),
        ("王", "call me", "phone_invalid"),
        (" ", "123456", "name_invalid"),
    ]:
        with pytest.raises(Refusal, match=code):
            await register(pool, keys, NewMember(MEMBER, "100001", name, phone))


async def test_erased_person_is_nobody_and_the_card_stays(pool: Pool, keys: Keyring, database: DatabaseUrls) -> None:
    await world.build(pool)
    await register(pool, keys)
    with psycopg.connect(database.maintenance, autocommit=True) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute("UPDATE app.members SET key_sealed = NULL, phone_index = NULL, phone_tail_index = NULL")
    (found,) = await mirrored(pool, keys, HERE)
    assert (found.member_id, found.name, found.phone) == (MEMBER, "", "")


async def test_merchant_cannot_write_members(pool: Pool, keys: Keyring) -> None:
    await world.build(pool)
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        async with transaction(pool, Claims(None, "staff", [UUID(world.MERCHANT)])) as connection:
            await people.create(connection, keys, NEW, world.MERCHANT, datetime.now(UTC))


async def test_name_and_phone_hide_from_logs() -> None:
    assert "王" not in repr(NEW)
    assert "138" not in repr(NEW)


async def test_numbers_that_were_kept_without_a_country_get_the_stores(
    pool: Pool, keys: Keyring, database: DatabaseUrls
) -> None:
    """As a database of before has them; two people of one number stay two: the whole one has it."""
    await world.build(pool)
    older, twin, foreign = (f"0f000000-0000-7000-8000-00000000000{number}" for number in (5, 6, 7))
    await register(pool, keys)
    for number, (member_id, phone) in enumerate(
        ((older, "13911116021"), (twin, "13800136021"), (foreign, "600111011"))
    ):
        await register(pool, keys, NewMember(member_id, f"20000{number}", "李", f"+8613700000{number:03d}"))
        _keep(database, keys, member_id, phone)
    async with transaction(pool, PLATFORM) as connection:
        assert await people.by_phone(connection, keys, "13911116021") == []
        assert await people.complete_phones(connection, keys, datetime.now(UTC)) == 1
        assert await people.complete_phones(connection, keys, datetime.now(UTC)) == 0
        for typed in ("13911116021", "+86 139 1111 6021"):
            assert [str(found) for found in await people.by_phone(connection, keys, typed)] == [older]
        assert [str(found) for found in await people.by_phone(connection, keys, "13800136021")] == [MEMBER]
    phones = {member.member_id: member.phone for member in await mirrored(pool, keys, HERE)}
    assert phones == {MEMBER: "+8613800136021", older: "+8613911116021", twin: "13800136021", foreign: "600111011"}


def _keep(database: DatabaseUrls, keys: Keyring, member_id: str, phone: str) -> None:
    """Keep a number as a till of before handed it in."""
    row = people.sealed(keys, member_id, Person("李", phone, "zh-CN"), datetime.now(UTC))
    columns = ("key_sealed", "name_sealed", "phone_sealed", "phone_index", "phone_tail_index", "name_index")
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        assignments = ", ".join(f"{name} = %({name})s" for name in columns)
        connection.execute(
            f"UPDATE app.members SET {assignments} WHERE member_id = %(member_id)s".encode(),
            {**{name: row[name] for name in columns}, "member_id": member_id},
        )
