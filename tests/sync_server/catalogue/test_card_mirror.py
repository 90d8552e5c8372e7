"""What tills mirror of cards: level bands, bonus rules, and what a member holds after each movement of money."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models import codec
from models.cards import BonusRule, LevelBand
from models.catalogue import Member
from models.refusals import Refusal
from models.wire import Change
from sync_server.cards.levels import put_bands, put_rule
from sync_server.catalogue import changes
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.card_till import BANDS, RULE, charge, credited, refund, set_terms
from tests.sync_server.cards.people import enterprise_card
from tests.sync_server.ledger.asking import know
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, as_owner, build_shop, rows

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


@pytest.mark.req("R031", "R056")
async def test_a_till_learns_which_companies_a_member_administers(
    till: FakeTill, foreign: FakeTill, database: DatabaseUrls
) -> None:
    """A card comes with its admins, without a secret and its money; it goes when their part in it ends, or it does."""
    await know(till.pool, MEMBER, OTHER_MEMBER)
    _, cursor = await pulled(till)
    told: list[dict[str, list[tuple[str, str]]]] = []
    with as_owner(database) as owner:
        card_id = enterprise_card(owner, MEMBER, members=(OTHER_MEMBER,))
        for change in (
            "UPDATE app.cards SET company_name = '松果公司' WHERE card_no = 'E1'",
            "UPDATE app.enterprise_card_bindings SET role = 'admin'",
            "UPDATE app.cards SET status = 'expired' WHERE card_no = 'E1'",
            "UPDATE app.cards SET status = 'active' WHERE card_no = 'E1'",
            f"DELETE FROM app.enterprise_card_bindings WHERE member_id = '{MEMBER}'",
            f"UPDATE app.enterprise_card_bindings SET role = 'member' WHERE member_id = '{OTHER_MEMBER}'",
        ):
            found, cursor = await pulled(till, cursor)
            members = [codec.from_plain(Member, value) for value in of(found, "member").values()]
            told.append({m.member_id: [(c.company_name, c.card_no) for c in m.companies] for m in members})
            owner.execute(change.encode())
        (whole,) = await rows(till.pool, "SELECT card_ref FROM app.cards WHERE card_no = 'E1'")
    found, _ = await pulled(till, cursor)
    told.append({str(key): value["companies"] for key, value in of(found, "member").items()})  # type: ignore[index]
    pine = [("松果公司", "E1")]
    assert told == [
        {MEMBER: [("公司", "E1")]},
        {MEMBER: pine},
        {OTHER_MEMBER: pine},
        {MEMBER: [], OTHER_MEMBER: []},
        {MEMBER: pine, OTHER_MEMBER: pine},
        {MEMBER: []},
        {OTHER_MEMBER: []},
    ]
    assert of((await pulled(foreign))[0], "member") == {}, "nobody there is known to the other merchant"
    with as_owner(database) as owner:
        owner.execute("UPDATE app.enterprise_card_bindings SET role = 'admin'")
    last = of((await pulled(till, cursor))[0], "member")[OTHER_MEMBER]
    assert last["companies"] == [  # type: ignore[index]
        {"card_id": card_id, "card_ref": whole[0], "card_no": "E1", "company_name": "松果公司", "currency": "CNY"}
    ]
