"""What tills mirror of cards: level bands, bonus rules, and what a member holds after each movement of money."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models import codec
from models.cards import BonusRule, LevelBand
from models.refusals import Refusal
from models.wire import Change
from sync_server.cards.levels import put_bands, put_rule
from sync_server.catalogue import changes
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.card_till import BANDS, RULE, charge, credited, refund, set_terms
from tests.sync_server.till import MEMBER, FakeTill, build_shop

pytestmark = pytest.mark.anyio


@pytest.fixture
async def till(pool: Pool) -> FakeTill:
    """A paired till of the world's shop."""
    await build_shop(pool)
    return await FakeTill(pool).pair()


@pytest.fixture
async def foreign(till: FakeTill) -> FakeTill:
    """A till of the other merchant."""
    return await FakeTill(
        till.pool, world.OTHER_TERMINAL, "BC1T01", world.OTHER_MERCHANT, world.OTHER_STORE, keys=till.keys
    ).pair()


async def pulled(till: FakeTill, after: str = "", limit: int = changes.PAGE_ROWS) -> tuple[list[Change], str]:
    """All that changed since, page by page, and the cursor behind it."""
    found: list[Change] = []
    while True:
        page = await changes.page(till.pool, till.keys, till.identity, after, limit)
        found += page.changes
        after = page.cursor
        if not page.more:
            return found, after


def of(found: list[Change], table: str) -> dict[str, object]:
    """Key -> value of one table."""
    return {change.key: change.value for change in found if change.table == table}


async def set_bands(pool: Pool, merchant_id: str | None, *bands: LevelBand) -> None:
    async with transaction(pool, PLATFORM) as connection:
        await put_bands(connection, merchant_id, bands)


@pytest.mark.req("R063")
async def test_bands_and_rules_come_as_they_were_written(till: FakeTill, foreign: FakeTill) -> None:
    rule = await set_terms(till.pool)
    everybodys = LevelBand(1, 1000, None, "0.990")
    await set_bands(till.pool, None, everybodys)
    found, _ = await pulled(till, limit=1)  # a page ends behind each key, also one with a slash
    bands = {key: codec.from_plain(LevelBand, value) for key, value in of(found, "level_band").items()}
    assert bands == {
        f"{world.MERCHANT}/0": replace(BANDS[0], merchant_id=world.MERCHANT),
        f"{world.MERCHANT}/1": replace(BANDS[1], merchant_id=world.MERCHANT),
        "operator/1": everybodys,
    }
    assert of(found, "bonus_rule") == {RULE.rule_id: codec.to_plain(replace(rule, bonus_rate="0.1500"))}
    theirs, _ = await pulled(foreign)
    assert set(of(theirs, "level_band")) == {"operator/1"}
    assert of(theirs, "bonus_rule") == {}


async def test_a_band_that_is_gone_leaves_a_tombstone(till: FakeTill) -> None:
    await set_terms(till.pool)
    _, cursor = await pulled(till)
    await set_bands(till.pool, world.MERCHANT, LevelBand(0, 0, None, "0.800"))
    found, _ = await pulled(till, cursor)
    bands = of(found, "level_band")
    assert bands[f"{world.MERCHANT}/1"] is None
    assert codec.from_plain(LevelBand, bands[f"{world.MERCHANT}/0"]).discount == "0.800"


async def test_a_rule_that_has_ended_says_so(till: FakeTill) -> None:
    await set_terms(till.pool)
    _, cursor = await pulled(till)
    async with transaction(till.pool, PLATFORM) as connection:
        await connection.execute("SELECT app.end_bonus_rule(%s, now())", [RULE.rule_id])
    found, _ = await pulled(till, cursor)
    rule = codec.from_plain(BonusRule, of(found, "bonus_rule")[RULE.rule_id])
    assert rule.ends_at is not None
    assert rule.ends_at <= datetime.now(UTC)


async def test_what_is_refused_changes_nothing(till: FakeTill) -> None:
    await set_terms(till.pool)
    _, cursor = await pulled(till)
    with pytest.raises(Refusal, match="levels_overlap"):
        await set_bands(till.pool, world.MERCHANT, LevelBand(1, 0, 100, "1.000"), LevelBand(2, 100, None, "0.900"))
    with pytest.raises(Refusal, match="content_differs"):
        async with transaction(till.pool, PLATFORM) as connection:
            await put_rule(connection, replace(RULE, bonus_minor=RULE.bonus_minor + 1))
    assert (await pulled(till, cursor))[0] == []


async def test_every_merchant_that_knows_a_member_hears_of_their_money(till: FakeTill, foreign: FakeTill) -> None:
    """Topped up, charged and refunded at one merchant: the other's tills show the same balance and points."""
    async with transaction(till.pool, PLATFORM) as connection:
        await connection.execute("SELECT app.know_member(%s, %s)", [MEMBER, world.OTHER_MERCHANT])
    _, cursor = await pulled(foreign)

    async def shown() -> tuple[int, int]:
        nonlocal cursor
        found, cursor = await pulled(foreign, cursor)
        (value,) = of(found, "member").values()
        assert isinstance(value, dict)
        return value["balance_minor"], value["points"]

    tx_no = await credited(till, 10000)
    assert await shown() == (10000, 0)
    answer = await till.ask(charge(till, await rotate_code(till.pool, MEMBER)))
    assert await shown() == (8200, 18)
    await till.ask(refund(answer.tx_no, 900))
    assert await shown() == (9100, 9)
    await till.ask(refund(tx_no, 5000, "cash"))
    assert await shown() == (4100, 9)
