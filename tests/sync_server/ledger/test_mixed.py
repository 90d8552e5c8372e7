"""Everything at once on a hundred cards: nobody waits in a circle, and what was told is what stands there."""

from __future__ import annotations

import asyncio

import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger import mixture
from tests.sync_server import world
from tests.sync_server.ledger.cards import Owner
from tests.sync_server.ledger.rivals import Conflicts
from tests.sync_server.till import FakeTill, all_holds, rows, value

pytestmark = pytest.mark.anyio
ACTS, CLIENTS = 1600, 16


@pytest.mark.req("R035")
async def test_mixed_business_on_a_hundred_cards(database: DatabaseUrls, pool: Pool) -> None:
    """The short form of `make bench SUITE=mixed`."""
    await mixture.build(pool, CLIENTS)
    known = [row[0] for row in await rows(pool, "SELECT tx_no FROM app.tx_registry")]
    async with mixture.beside(database.app) as side:
        tally = await mixture.play(database.app, range(CLIENTS), ACTS, seed=3)
    found = await mixture.settle_accounts(database.app, tally, known)
    assert tally.acts >= ACTS
    assert found["transactions"] > ACTS / 2
    assert min(side.seals, side.expiries, side.checks) > 0
    assert {name for name, code in tally.answers if code == "accepted"} == set(mixture.WEIGHTS)


async def test_a_batch_gives_way_to_whoever_opens_what_it_needs(till: FakeTill, owner: Owner) -> None:
    """Several acts open accounts in any order: a batch that waited for a rival's could be what the rival waits for."""
    till.order()
    conflicts = Conflicts()
    with mixture.counting_pushes(conflicts), owner.transaction():
        owner.execute(
            "INSERT INTO app.accounts (ledger_id, account_id, merchant_id, owner_kind, owner_id, bucket, unit, guarded)"
            " SELECT 1, l.account_id, l.merchant_id, l.owner_kind, l.owner_id, l.bucket, l.unit, false"
            "   FROM app.open_line(%s, 'store', %s, 'tender/cash', 'CNY', 0) AS l",
            [world.MERCHANT, world.STORE],
        )
        pushing = asyncio.create_task(till.push())
        for _ in range(300):
            if conflicts or pushing.done():
                break
            await asyncio.sleep(0.01)
    assert [result.outcome for result in (await pushing).results] == ["accepted"]
    assert set(conflicts) == {"55P03"}
    assert await value(till.pool, "SELECT count(*) FROM app.orders") == 1
    await all_holds(till.pool)
