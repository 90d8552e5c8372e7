"""Members' codes: that of their own card, and the signed one that says what was left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from models.refusals import Refusal
from models.tokens import code_family, decode_short, decode_snapshot
from sync_server.cards.codes import check_code
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.keys import Keyring, open_keys
from sync_server.ledger.functions import OpeningBalance, OpeningPass, import_opening
from sync_server.members import codes, people
from sync_server.members.people import NewMember
from tests.sync_server import world

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


async def test_a_member_has_the_code_of_their_card(pool: Pool, member: str) -> None:
    """What a code is and how it is checked: tests of cards."""
    text = await codes.rotate_code(pool, MEMBER)
    assert (code_family(text), decode_short(text).card_ref) == ("short", member)
    assert (await check_code(pool, text)).member_id == MEMBER
    with pytest.raises(Refusal, match="member_unknown"):
        await codes.rotate_code(pool, "0f000000-0000-7000-8000-00000000ffff")


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
