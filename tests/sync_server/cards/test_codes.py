"""Short codes of cards: whose they are, one use, fifteen minutes, five tries, and nothing kept but a hash."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import bcrypt
import psycopg
import pytest

from models.refusals import Refusal
from models.tokens import SHORT_CODE_LENGTH, check_character, code_family, decode_short, encode_short
from sync_server.cards import codes
from sync_server.cards.codes import CheckedCode, check_code, rotate_code
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from tests.sync_server.cards.people import ME, NOT_MEMBERS, OTHER, PLATFORM, Owner, card_of, enterprise_card
from tests.sync_server.till import MEMBER, OTHER_MEMBER, as_owner, rows

pytestmark = pytest.mark.anyio
NOWHERE = "0f000000-0000-7000-8000-00000000ffff"


@pytest.fixture
async def card(shop: Pool) -> str:
    """The member's personal card."""
    return await card_of(shop, MEMBER)


def consume(owner: Owner, checked: CheckedCode) -> str | None:
    """Use a checked code up, as a posting function does: with the owner's rights."""
    row = owner.execute(
        "SELECT app.consume_card_code(1::smallint, %s, %s)", [checked.card_ref, checked.checked_hash]
    ).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def age(owner: Owner, minutes: int) -> None:
    """Make every code older, and every lock."""
    owner.execute(
        "UPDATE sec.card_codes SET issued_at = issued_at - %(by)s, locked_until = locked_until - %(by)s",
        {"by": timedelta(minutes=minutes)},
    )


async def shown(pool: Pool, card: str, claims: Claims = ME) -> str:
    return (await rotate_code(pool, claims, card, "personal")).text


def spoiled(text: str) -> str:
    """The same card with another secret."""
    return text[:-1] + ("A" if text[-1] != "A" else "B")


@pytest.mark.req("R032", "R033", "R059")
async def test_a_code_is_used_once(shop: Pool, card: str, owner: Owner) -> None:
    made = await rotate_code(shop, ME, card, "personal")
    assert (len(made.text), code_family(made.text)) == (SHORT_CODE_LENGTH, "short")
    assert timedelta(minutes=14, seconds=50) < made.expires_at - datetime.now(UTC) <= timedelta(minutes=15)
    checked = await check_code(shop, made.text)
    assert (checked.card_id, checked.card_type, checked.member_id) == (card, "personal", MEMBER)
    assert consume(owner, checked) is None
    assert consume(owner, checked) == "code_used"
    assert consume(owner, await check_code(shop, made.text)) == "code_used"  # right still, and used all the same


@pytest.mark.req("R059")
async def test_an_enterprise_cards_code_is_for_its_admins(shop: Pool, owner: Owner) -> None:
    company = enterprise_card(owner, MEMBER, members=(OTHER_MEMBER,))
    checked = await check_code(shop, (await rotate_code(shop, ME, company, "enterprise")).text)
    assert (checked.card_id, checked.card_type, checked.member_id) == (company, "enterprise", None)
    for _ in range(2):
        with pytest.raises(Refusal, match="not_admin"):
            await rotate_code(shop, OTHER, company, "enterprise")
    assert consume(owner, checked) is None  # nobody else's attempt made a newer one
    assert len((await rotate_code(shop, PLATFORM, company, "enterprise")).text) == SHORT_CODE_LENGTH


@pytest.mark.req("R059")
async def test_a_card_of_somebody_else_looks_like_none(shop: Pool, card: str, owner: Owner) -> None:
    company = enterprise_card(owner, MEMBER)
    first = await check_code(shop, await shown(shop, card))
    attempts: list[tuple[Claims, str, codes.CardType]] = [
        (OTHER, card, "personal"), (OTHER, company, "enterprise"), (ME, NOWHERE, "personal"), (ME, card, "enterprise"),
        (ME, company, "personal"), (PLATFORM, NOWHERE, "personal"), (PLATFORM, card, "enterprise"),
    ]  # fmt: skip
    for claims, card_id, card_type in attempts * 2:
        with pytest.raises(Refusal, match="card_unknown"):
            await rotate_code(shop, claims, card_id, card_type)
    assert consume(owner, first) is None
    refused = "SELECT count(*) FROM audit.event_log WHERE event = 'card_code_refused'"
    assert await rows(shop, refused) == [(2 * 2,)]  # for cards that there are


@pytest.mark.parametrize("claims", NOT_MEMBERS)
async def test_nobody_but_members_and_the_operator_gets_a_code(shop: Pool, card: str, claims: Claims | None) -> None:
    with pytest.raises(Exception, match="database_permission_denied"):
        await rotate_code(shop, claims or Claims(None, ""), card, "personal")


async def test_newer_code_voids_the_older_also_between_check_and_use(shop: Pool, card: str, owner: Owner) -> None:
    older = await shown(shop, card)
    checked = await check_code(shop, older)
    newer = await shown(shop, card)
    assert consume(owner, checked) == "code_wrong"
    with pytest.raises(Refusal, match="code_wrong"):
        await check_code(shop, older)
    assert consume(owner, await check_code(shop, newer)) is None


@pytest.mark.req("R032")
async def test_code_dies_after_fifteen_minutes_of_the_database(shop: Pool, card: str, owner: Owner) -> None:
    text = await shown(shop, card)
    age(owner, 14)
    checked = await check_code(shop, text)
    age(owner, 1)
    assert [consume(owner, checked) for _ in range(2)] == ["code_expired"] * 2


async def test_five_wrong_tries_lock_the_card(shop: Pool, card: str, owner: Owner) -> None:
    text = await shown(shop, card)
    left = []
    for _ in range(5):
        with pytest.raises(Refusal, match="code_wrong") as refused:
            await check_code(shop, spoiled(text))
        left.append(refused.value.data["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    for attempt in (text, spoiled(text), await shown(shop, card)):  # a new code does not open the lock
        with pytest.raises(Refusal, match="code_locked"):
            await check_code(shop, attempt)
    locked = await rows(shop, "SELECT severity FROM audit.event_log WHERE event = 'card_code_locked'")
    assert locked == [("alarm",)]
    elsewhere = await rotate_code(shop, ME, enterprise_card(owner, MEMBER), "enterprise")
    assert consume(owner, await check_code(shop, elsewhere.text)) is None
    age(owner, 15)
    assert consume(owner, await check_code(shop, await shown(shop, card))) is None


async def test_right_code_forgives_the_tries_before(shop: Pool, card: str, owner: Owner) -> None:
    for _ in range(3):
        text = await shown(shop, card)
        for _ in range(3):
            with pytest.raises(Refusal, match="code_wrong"):
                await check_code(shop, spoiled(text))
        assert consume(owner, await check_code(shop, text)) is None


async def test_lock_between_check_and_use_holds(shop: Pool, card: str, owner: Owner) -> None:
    checked = await check_code(shop, await shown(shop, card))
    for _ in range(5):
        owner.execute("SELECT app.note_wrong_card_code(1::smallint, %s)", [checked.card_ref])
    assert [consume(owner, checked) for _ in range(2)] == ["code_locked"] * 2


async def test_wrong_tries_at_once_all_count(shop: Pool, card: str) -> None:
    wrong = spoiled(await shown(shop, card))
    found = await asyncio.gather(*(check_code(shop, wrong) for _ in range(5)), return_exceptions=True)
    assert sorted(str(one) for one in found)[0] in ("code_locked", "code_wrong")
    with pytest.raises(Refusal, match="code_locked"):
        await check_code(shop, wrong)


async def test_of_two_uses_at_once_one_wins(shop: Pool, card: str, database: DatabaseUrls) -> None:
    checked = await check_code(shop, await shown(shop, card))

    def use() -> str | None:
        with as_owner(database) as connection:
            return consume(connection, checked)

    found = await asyncio.gather(*(asyncio.to_thread(use) for _ in range(6)))
    assert sorted(found, key=str) == [None] + ["code_used"] * 5


async def test_texts_that_are_no_code_of_ours(shop: Pool, card: str, owner: Owner) -> None:
    text = await shown(shop, card)
    unknown = "1ABCDEFG" + check_character("ABCDEFG") + "A" * 11
    for wrong, code in [
        ("", "code_foreign"),
        (text[:-1], "code_foreign"),
        (text + "A", "code_foreign"),
        ("https://example.org", "code_foreign"),
        ("1" + "9999999" + "0" + "A" * 11, "code_edited"),
        (unknown, "card_unknown"),
    ]:
        for _ in range(2):
            with pytest.raises(Refusal, match=code):
                await check_code(shop, wrong)
    company = enterprise_card(owner, MEMBER)
    (ref,) = owner.execute("SELECT card_ref FROM app.cards WHERE card_id = %s", [company]).fetchone() or ("",)
    with pytest.raises(Refusal, match="code_wrong") as refused:
        await check_code(shop, f"1{ref}{'A' * 11}")  # a card that has no code yet
    assert refused.value.data == {}


async def test_every_scan_costs_one_compare(shop: Pool, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a known card, a card without code, and no card at all; with the same cost, so that the time does not tell."""
    text = await shown(shop, card)
    right = decode_short(text)
    costs: list[bytes] = []
    real = bcrypt.checkpw

    def counted(secret: bytes, hashed: bytes) -> bool:
        costs.append(hashed[:7])
        return real(secret, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    await check_code(shop, text)
    ref = "ABCDEFG" + check_character("ABCDEFG")
    for one in (spoiled(text), encode_short(replace(right, card_ref=ref))):
        with pytest.raises(Refusal):
            await check_code(shop, one)
    assert costs == [b"$2b$06$"] * 3


@pytest.mark.req("R033")
async def test_a_scan_reads_one_row_however_many_cards_there_are(shop: Pool, card: str, owner: Owner) -> None:
    text = await shown(shop, card)
    owner.execute("""
        INSERT INTO app.cards (ledger_id, card_id, card_type, card_no, card_ref, company_name, fixed_discount,
                               created_at)
        SELECT 1, gen_random_uuid(), 'enterprise', 'X' || n, lpad(n::text, 8, 'X'), 'X', 1, now()
          FROM generate_series(1, 3000) AS n""")
    owner.execute("INSERT INTO sec.card_codes SELECT 1, card_ref, 'x', now() FROM app.cards ON CONFLICT DO NOTHING")
    read: LiteralString = """
        SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables
         WHERE relname IN ('cards', 'card_codes')"""
    async with transaction(shop) as connection:
        before: Any = await (await connection.execute(read)).fetchone()
        await connection.execute("SELECT * FROM app.card_code_hash(1::smallint, %s)", [decode_short(text).card_ref])
        after: Any = await (await connection.execute(read)).fetchone()
    assert (after[0] or 0) - (before[0] or 0) == 2


@pytest.mark.req("R033")
async def test_secret_is_kept_as_a_bcrypt_hash_only(shop: Pool, card: str, owner: Owner) -> None:
    made = await rotate_code(shop, ME, card, "personal")
    ((row,),) = owner.execute("SELECT k::text FROM sec.card_codes AS k").fetchall()
    secret = decode_short(made.text).secret
    assert secret not in row
    assert "$2b$06$" in row
    checked = await check_code(shop, made.text)
    assert checked.checked_hash not in repr(checked)
    assert secret not in repr(made)


async def test_program_cannot_read_the_hashes(shop: Pool) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with shop.connection() as connection:
            await connection.execute("SELECT * FROM sec.card_codes")
