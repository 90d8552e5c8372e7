"""Codes sent to phones: right once, bounded, and the same for everybody who asks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from models.phones import e164
from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring, new_keyring
from sync_server.members import own_sessions, people, phone_codes
from sync_server.members.people import NewMember
from sync_server.members.phone_codes import PhoneCode
from sync_server.members.phone_numbers import calling_codes
from tests.sync_server import world
from tests.sync_server.till import as_owner, value

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)
KEYS = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
MEMBER, ABROAD = "0f000000-0000-7000-8000-000000000001", "0f000000-0000-7000-8000-000000000002"
PHONE, STRANGER, HOME = "+8613800136021", "+8613999999999", "192.0.2.7"


@pytest.fixture
async def people_there(pool: Pool) -> Pool:
    """One member whose number a till in Shenzhen took without its country, and one who wrote theirs whole."""
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        for member_id, number, phone in ((MEMBER, "1", "13800136021"), (ABROAD, "2", "+34600111011")):
            new = NewMember(member_id, f"10000{number}", "林小满", phone)
            await people.create(connection, KEYS, new, world.MERCHANT, NOW)
    return pool


async def issue(pool: Pool, phone: str = PHONE, address: str = HOME, keys: Keyring = KEYS) -> PhoneCode:
    return await phone_codes.issue(pool, keys, phone, address, NOW)


async def check(pool: Pool, code: str, phone: str = PHONE, address: str = HOME) -> str:
    return await phone_codes.check(pool, KEYS, phone, code, address, NOW)


async def refused(pool: Pool, code: str, phone: str = PHONE, address: str = HOME) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as error:
        await check(pool, code, phone, address)
    return error.value.code, dict(error.value.data)


def other(code: str, by: int = 1) -> str:
    """Another code."""
    return f"{(int(code) + by) % 1_000_000:06d}"


def later(database: DatabaseUrls, seconds: int) -> None:
    """Let time pass for everything that was kept."""
    with as_owner(database) as owner:
        owner.execute("UPDATE sec.phone_codes SET issued_at = issued_at - make_interval(secs => %s)", [seconds])
        owner.execute("UPDATE sec.phone_limits SET since = since - make_interval(secs => %s)", [seconds])


async def test_a_code_signs_in_once(people_there: Pool) -> None:
    made = await issue(people_there)
    assert len(made.code) == 6
    assert made.code not in repr(made)
    assert await check(people_there, made.code) == MEMBER
    assert await refused(people_there, made.code) == ("phone_code_expired", {})


async def test_a_number_without_its_country_is_of_the_country_of_the_store_that_took_it(
    people_there: Pool,
) -> None:
    for phone, member_id in (("+34600111011", ABROAD), ("+85260013602", None), ("+441380013602", None)):
        made = await issue(people_there, phone)
        assert await phone_codes.is_to_be_sent(people_there, KEYS, phone) == (member_id is not None)
        if member_id is not None:
            assert await check(people_there, made.code, phone) == member_id
        else:
            assert (await refused(people_there, made.code, phone))[0] == "phone_code_wrong"
    async with transaction(people_there, PLATFORM) as connection:
        assert await calling_codes(connection) == ["86"]


async def test_a_stranger_gets_the_same_answers(people_there: Pool) -> None:
    made = await issue(people_there, STRANGER)
    wrong = [await refused(people_there, other(made.code, n), STRANGER) for n in range(1, 5)]
    mine = await issue(people_there)
    assert [await refused(people_there, other(mine.code, n)) for n in range(1, 5)] == wrong
    for phone in (PHONE, STRANGER):
        with pytest.raises(Refusal, match="phone_code_too_soon"):
            await issue(people_there, phone)
    assert (await refused(people_there, made.code, STRANGER))[0] == "phone_code_wrong"


async def test_five_wrong_tries_end_a_code(people_there: Pool) -> None:
    made = await issue(people_there)
    left = [(await refused(people_there, other(made.code, n)))[1]["tries_left"] for n in range(1, 6)]
    assert left == [4, 3, 2, 1, 0]
    assert (await refused(people_there, made.code))[0] == "phone_code_expired"


async def test_guesses_at_once_count_too(people_there: Pool) -> None:
    made = await issue(people_there)
    guesses = await asyncio.gather(*(refused(people_there, other(made.code, n)) for n in range(1, 21)))
    assert sum(code == "phone_code_wrong" for code, _ in guesses) == 5
    assert (await refused(people_there, made.code))[0] == "phone_code_limit"


async def test_a_code_ends_after_ten_minutes(people_there: Pool, database: DatabaseUrls) -> None:
    made = await issue(people_there)
    later(database, 599)
    assert await check(people_there, made.code) == MEMBER
    made = await issue(people_there)
    later(database, 600)
    assert (await refused(people_there, made.code))[0] == "phone_code_expired"


async def test_a_new_code_voids_the_one_before_and_waits_a_minute(people_there: Pool, database: DatabaseUrls) -> None:
    first = await issue(people_there)
    with pytest.raises(Refusal) as error:
        await issue(people_there)
    assert error.value.code == "phone_code_too_soon"
    assert 55 <= int(str(error.value.data["seconds"])) <= 60
    later(database, 61)
    second = await issue(people_there)
    if first.code != second.code:
        assert (await refused(people_there, first.code))[0] == "phone_code_wrong"
    assert await check(people_there, second.code) == MEMBER


async def test_codes_of_a_number_are_bounded(people_there: Pool, database: DatabaseUrls) -> None:
    for _ in range(5):
        await issue(people_there)
        later(database, 61)
    with pytest.raises(Refusal) as error:
        await issue(people_there, address="198.51.100.1")
    assert error.value.code == "phone_code_limit"
    assert 0 < int(str(error.value.data["seconds"])) <= 3600
    later(database, 3600)
    await issue(people_there)


async def test_one_address_asks_for_a_bounded_number_of_codes(people_there: Pool) -> None:
    for n in range(60):
        await issue(people_there, f"+86139000000{n:02d}", f"2001:db8::{n + 1:x}")
    with pytest.raises(Refusal, match="phone_code_limit"):
        await issue(people_there, "+8613900000060", "2001:db8::ffff")  # the same /64
    await issue(people_there, "+8613900000061", "2001:db8:0:1::1")


async def test_one_address_guesses_a_bounded_number_of_times_over_many_numbers(people_there: Pool) -> None:
    made = [await issue(people_there, f"+86139000000{n:02d}", f"198.51.100.{n}") for n in range(12)]
    wrong = [
        (await refused(people_there, other(one.code, n), one.phone))[0] for one in made for n in range(1, 4)
    ]  # fmt: skip
    assert wrong == ["phone_code_wrong"] * 30 + ["phone_code_limit"] * 6
    mine = await issue(people_there, address="198.51.100.99")
    assert (await refused(people_there, mine.code))[0] == "phone_code_limit"
    assert await check(people_there, mine.code, address="198.51.100.99") == MEMBER


async def test_messages_are_bounded_and_strangers_do_not_count(people_there: Pool, database: DatabaseUrls) -> None:
    for _ in range(3):
        assert not await phone_codes.is_to_be_sent(people_there, KEYS, STRANGER)
    assert await phone_codes.is_to_be_sent(people_there, KEYS, PHONE)
    with as_owner(database) as owner:
        assert owner.execute("SELECT times FROM sec.phone_limits WHERE act = 'codes sent'").fetchall() == [(1,)]
        owner.execute("UPDATE sec.phone_limits SET times = 3000")
    with pytest.raises(Refusal, match="phone_code_limit"):
        await phone_codes.is_to_be_sent(people_there, KEYS, PHONE)
    later(database, 3600)
    assert await phone_codes.is_to_be_sent(people_there, KEYS, PHONE)


async def test_what_is_kept_tells_neither_number_nor_code(people_there: Pool, database: DatabaseUrls) -> None:
    made = await issue(people_there)
    with as_owner(database) as owner:
        kept = str(owner.execute("SELECT c, l FROM sec.phone_codes c, sec.phone_limits l").fetchall())
    assert not any(text in kept for text in (made.code, "13800136021", HOME))


@pytest.mark.parametrize(
    ("country", "typed", "expected"),
    [("86", "138 0013 6021", PHONE), ("34", "+86 138-0013-6021", PHONE), ("34", "0086 13800136021", PHONE),
     ("34", "600111011", "+34600111011")],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(country: str, typed: str, expected: str) -> None:
    assert e164(typed, country) == expected


@pytest.mark.parametrize(
    "typed", ["", "12", "+0123456789", "abc", "1" * 400, "13800136021\0", "１３８００１３６０２", "+"]
)
async def test_what_is_no_number_is_refused(people_there: Pool, typed: str) -> None:
    with pytest.raises(Refusal, match="phone_invalid"):
        e164(typed, "86")
    with pytest.raises(Refusal, match="phone_invalid"):
        await issue(people_there, typed)


async def test_a_session_is_its_members_until_it_ends(people_there: Pool, database: DatabaseUrls) -> None:
    first, second = [await own_sessions.open_session(people_there, MEMBER) for _ in range(2)]
    stranger = await own_sessions.open_session(people_there, ABROAD)
    member = await own_sessions.member_of(people_there, first)
    assert member is not None
    assert member.member_id == MEMBER
    assert await own_sessions.count(people_there, member) == 2
    assert await own_sessions.member_of(people_there, "") is None
    await own_sessions.close(people_there, first)
    assert await own_sessions.member_of(people_there, first) is None
    await own_sessions.close_all(people_there, member)
    assert await own_sessions.member_of(people_there, second) is None
    assert await own_sessions.member_of(people_there, stranger) is not None
    with as_owner(database) as owner:
        assert stranger not in str(owner.execute("SELECT s FROM sec.member_sessions s").fetchall())
        owner.execute("UPDATE sec.member_sessions SET expires_at = now()")
    assert await own_sessions.member_of(people_there, stranger) is None


async def test_erasing_a_person_ends_their_sessions(people_there: Pool, database: DatabaseUrls) -> None:
    token = await own_sessions.open_session(people_there, MEMBER)
    with as_owner(database) as owner:
        owner.execute("UPDATE app.members SET key_sealed = NULL WHERE member_id = %s", [MEMBER])
    assert await own_sessions.member_of(people_there, token) is None


async def test_a_rule_that_is_told_to_people_is_the_databases(pool: Pool) -> None:
    assert await value(pool, "SELECT app.phone_code_rule('valid_seconds')") == phone_codes.VALID_MINUTES * 60
    assert await value(pool, "SELECT app.phone_code_rule('resend_seconds')") == phone_codes.RESEND_SECONDS
