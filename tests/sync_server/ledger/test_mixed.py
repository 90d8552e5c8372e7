"""Everything at once on a hundred cards: nobody waits in a circle, and what was told is what stands there."""

from __future__ import annotations

import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger import mixture
from tests.sync_server.till import rows

pytestmark = pytest.mark.anyio
ACTS, CLIENTS = 2000, 16


@pytest.mark.req("R035")
async def test_mixed_business_on_a_hundred_cards(database: DatabaseUrls, pool: Pool) -> None:
    """The short form of `make bench SUITE=mixed`."""
    await mixture.build(pool, CLIENTS)
    known = [row[0] for row in await rows(pool, "SELECT tx_no FROM app.tx_registry")]
    async with mixture.beside(database.app) as side:
        tally = await mixture.play(database.app, range(CLIENTS), ACTS, seed=3)
    found = await mixture.settle_accounts(database.app, tally, known)
    print(tally.answers, tally.conflicts, side, found)
    assert tally.acts >= ACTS
    assert found["transactions"] > ACTS / 2
    assert min(side.seals, side.expiries, side.checks) > 0
    assert {name for name, code in tally.answers if code == "accepted"} == set(mixture.WEIGHTS)
