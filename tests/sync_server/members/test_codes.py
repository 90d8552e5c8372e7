"""Members' codes: one use, fifteen minutes, five tries; and the signed one that says what was left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from models.refusals import Refusal
from models.tokens import SHORT_CODE_LENGTH, code_family, decode_short, decode_snapshot, encode_short
from sync_server.catalogue.writes import put
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.terminals import PLATFORM
from sync_server.keys import Keyring, open_keys
from sync_server.ledger.functions import OpeningBalance, OpeningPass, import_opening
from sync_server.members import codes, people
from sync_server.members.codes import CheckedCode
from sync_server.members.people import NewMember
from tests.sync_server import world
from tests.sync_server.till import as_owner

pytestmark = pytest.mark.anyio

MEMBER = "0f000000-0000-7000-8000-000000000001"
OPERATOR = Claims(UUID(int=1), "platform")
NOW = datetime.now(UTC)


@pytest.fixture
async def member(pool: Pool, keys: Keyring) -> str:
    """A registered member's card reference."""
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        new = NewMember(MEMBER, "100001", "王小明", "+8613800136021")
        card_ref = await people.create(connection, keys, new, world.MERCHANT, NOW)
    assert card_ref is not None
    return card_ref


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """Keys of this test's own."""
    return open_keys(tmp_path / "keys", NOW - timedelta(days=1))


def consume(database: DatabaseUrls, checked: CheckedCode) -> str | None:
    """Use a checked code up, as the ledger does: with its owner's rights."""
    with as_owner(database) as owner:
        row = owner.execute(
            "SELECT app.consume_member_code(%s, %s)", [checked.card_ref, checked.checked_hash]
        ).fetchone()
    assert row is not None
    return str(row[0]) if row[0] else None


def age(database: DatabaseUrls, minutes: int) -> None:
    """Make every code older, and every lock."""
    with psycopg.connect(database.maintenance, autocommit=True) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute(
            "UPDATE sec.member_codes SET issued_at = issued_at - %(by)s, locked_until = locked_until - %(by)s",
            {"by": timedelta(minutes=minutes)},
        )


@pytest.mark.req("R032", "R033")
async def test_code_is_used_once(pool: Pool, member: str, database: DatabaseUrls) -> None:
    text = await codes.rotate_code(pool, MEMBER)
    assert (len(text), code_family(text), decode_short(text).card_ref) == (SHORT_CODE_LENGTH, "short", member)
    checked = await codes.check_code(pool, text)
    assert (checked.card_ref, checked.member_id) == (member, MEMBER)
    assert consume(database, checked) is None
    assert consume(database, checked) == "code_used"
    again = await codes.check_code(pool, text)  # the secret is still right; it is used all the same
    assert consume(database, again) == "code_used"


async def test_newer_code_voids_the_older_also_between_check_and_use(
    pool: Pool, member: str, database: DatabaseUrls
) -> None:
    older = await codes.rotate_code(pool, MEMBER)
    checked = await codes.check_code(pool, older)
    newer = await codes.rotate_code(pool, MEMBER)
    assert consume(database, checked) == "code_wrong"
    with pytest.raises(Refusal, match="code_wrong"):
        await codes.check_code(pool, older)
    assert consume(database, await codes.check_code(pool, newer)) is None


@pytest.mark.req("R032")
async def test_code_dies_after_fifteen_minutes_of_the_database(pool: Pool, member: str, database: DatabaseUrls) -> None:
    text = await codes.rotate_code(pool, MEMBER)
    age(database, 14)
    checked = await codes.check_code(pool, text)
    age(database, 1)
    assert consume(database, checked) == "code_expired"


async def test_five_wrong_tries_lock_the_card(pool: Pool, member: str, database: DatabaseUrls) -> None:
    text = await codes.rotate_code(pool, MEMBER)
    right = decode_short(text)
    wrong = encode_short(replace(right, secret="0" * 11 if right.secret != "0" * 11 else "1" * 11))
    left = []
    for _ in range(5):
        with pytest.raises(Refusal, match="code_wrong") as refused:
            await codes.check_code(pool, wrong)
        left.append(refused.value.data["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    for attempt in (text, wrong, await codes.rotate_code(pool, MEMBER)):  # a new code does not open the lock
        with pytest.raises(Refusal, match="code_locked"):
            await codes.check_code(pool, attempt)
    age(database, 15)
    text = await codes.rotate_code(pool, MEMBER)
    assert consume(database, await codes.check_code(pool, text)) is None


async def test_right_code_forgives_the_tries_before(pool: Pool, member: str, database: DatabaseUrls) -> None:
    for _ in range(3):
        text = await codes.rotate_code(pool, MEMBER)
        for _ in range(3):
            with pytest.raises(Refusal, match="code_wrong"):
                await codes.check_code(pool, text[:-1] + ("A" if text[-1] != "A" else "B"))
        assert consume(database, await codes.check_code(pool, text)) is None


async def test_lock_between_check_and_use_holds(pool: Pool, member: str, database: DatabaseUrls) -> None:
    text = await codes.rotate_code(pool, MEMBER)
    checked = await codes.check_code(pool, text)
    async with transaction(pool) as connection:
        for _ in range(5):
            await connection.execute("SELECT app.note_wrong_member_code(%s)", [member])
    assert consume(database, checked) == "code_locked"


async def test_texts_that_are_no_code_of_ours(pool: Pool, member: str) -> None:
    with pytest.raises(Refusal, match="code_wrong"):
        await codes.check_code(pool, f"1{member}{'A' * 11}")  # a card that has no code yet
    text = await codes.rotate_code(pool, MEMBER)
    for spoiled, code in [
        ("", "code_foreign"),
        (text[:-1], "code_foreign"),
        ("https://example.org", "code_foreign"),
        (text[:8] + ("A" if text[8] != "A" else "B") + text[9:], "code_edited"),
        ("1" + "0000000" + "0" + "A" * 11, "member_unknown"),
    ]:
        with pytest.raises(Refusal, match=code):
            await codes.check_code(pool, spoiled)
    with pytest.raises(Refusal, match="member_unknown"):
        await codes.rotate_code(pool, "0f000000-0000-7000-8000-00000000ffff")


@pytest.mark.req("R033")
async def test_secret_is_kept_as_a_bcrypt_hash_only(pool: Pool, member: str, database: DatabaseUrls) -> None:
    text = await codes.rotate_code(pool, MEMBER)
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        (row,) = connection.execute("SELECT c::text FROM sec.member_codes AS c").fetchall()
    assert decode_short(text).secret not in str(row)
    assert "$2b$06$" in str(row)
    checked = await codes.check_code(pool, text)
    assert checked.checked_hash not in repr(checked)


async def test_program_cannot_read_the_hashes(pool: Pool, member: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with pool.connection() as connection:
            await connection.execute("SELECT * FROM sec.member_codes")


async def test_snapshot_says_what_is_left_and_is_signed(pool: Pool, keys: Keyring, member: str) -> None:
    passes = [(f"0f000000-0000-7000-8000-0000000001{n:02}", days, left) for n, days, left in ((1, 30, 5), (2, 3, 2))]
    async with transaction(pool, OPERATOR) as connection:
        for number, (pass_id, days, left) in enumerate(passes):
            plan = replace(world.plan(), plan_id=world.PLAN[:-1] + str(number))
            await put(connection, plan)
            opening = OpeningPass(pass_id, MEMBER, plan.plan_id, "active", 10, left, 15000, NOW + timedelta(days=days))
            balances = [OpeningBalance(MEMBER, "principal", "CNY", 8800)] if number == 0 else []
            outcome = await import_opening(connection, world.MERCHANT, f"test-{number}", [opening], balances)
            assert outcome["outcome"] == "accepted"
    text = await codes.snapshot_code(pool, keys, MEMBER, world.MERCHANT, NOW)
    assert code_family(text) == "snapshot"
    found = decode_snapshot(text, keys.verify, NOW)
    assert (found.card_ref, found.balance_minor) == (member, 8800)
    assert found.passes == ((passes[1][0], 2), (passes[0][0], 5))  # soonest expiry first
    assert found.expires_at - found.issued_at == timedelta(hours=24)
    with pytest.raises(Refusal, match="code_expired"):
        decode_snapshot(text, keys.verify, NOW + timedelta(hours=25))
    elsewhere = decode_snapshot(
        await codes.snapshot_code(pool, keys, MEMBER, world.OTHER_MERCHANT, NOW), keys.verify, NOW
    )
    assert elsewhere.passes == ()
    with pytest.raises(Refusal, match="member_unknown"):
        await codes.snapshot_code(pool, keys, "0f000000-0000-7000-8000-00000000ffff", world.MERCHANT, NOW)
