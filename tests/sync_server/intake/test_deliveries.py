"""Duplicated, reordered, re-split, replayed, interleaved deliveries end in the ledger of the clean run (sync.md).

DELIVERIES=100000 runs as many (docs/faults-runs.md); DELIVERIES_SEED names another disorder.
"""

from __future__ import annotations

import os
import time

import pytest

from sync_server.database.engine import open_pool
from sync_server.database.migrate import secure_database
from tests.sync_server.conftest import Server
from tests.sync_server.intake.deliveries import clean_run, crooked_run, differing, digest, open_shop, traders
from tests.sync_server.till import all_holds, value

pytestmark = pytest.mark.anyio
DELIVERIES = int(os.environ.get("DELIVERIES", "2000"))
SEED = int(os.environ.get("DELIVERIES_SEED", "1"))


@pytest.mark.req("R087")
@pytest.mark.timeout(7200 if DELIVERIES > 10_000 else 120)
async def test_deliveries_in_any_disorder_leave_the_ledger_of_the_clean_run(server: Server, template: str) -> None:
    """Both are given the same bytes; one ledger gets each once and in order, the other as a bad network would."""
    urls = [server.create(template) for _ in range(2)]
    for one in urls:
        secure_database(one)
    try:
        async with (
            open_pool(urls[0].app, min_size=1, max_size=2) as tidy,
            open_pool(urls[1].app, min_size=4, max_size=8) as untidy,
        ):
            chains = traders(tidy, max(30, min(DELIVERIES // 100, 300)))
            straight, crooked = [await open_shop(*at, chains) for at in zip((tidy, untidy), urls, strict=True)]
            await clean_run(straight)
            began = time.monotonic()
            done = await crooked_run(crooked, DELIVERIES, SEED)
            seconds = time.monotonic() - began
            assert done["facts"] >= DELIVERIES
            assert min(done["pushes"], done["requests"], done["gaps"]) > 0
            held = await value(tidy, "SELECT count(*) FROM app.facts WHERE outcome = 'held'")
            posted = await value(tidy, "SELECT count(*) FROM app.transactions")
            assert 0 < held < posted
            assert await differing(untidy, tidy) == []
            assert await digest(untidy) == await digest(tidy)
            await all_holds(untidy)
            crooked[0].till.order()
            await crooked[0].till.push(crooked[0].till.texts[-1:])
            assert await digest(untidy) != await digest(tidy), "one more order shows"
            print(f"\n{sum(len(one.till.texts) for one in chains)} facts, {done}, {seconds:.0f} s")
    finally:
        for one in urls:
            server.drop(one)
