"""Another history that is pushed several times at once is kept once, and each push is answered."""

from __future__ import annotations

import asyncio

import pytest

from sync_server.database.engine import Pool
from tests.sync_server.till import FakeTill, all_holds, value

pytestmark = pytest.mark.anyio


async def test_another_history_that_comes_several_times_at_once_is_kept_once(till: FakeTill, wide_pool: Pool) -> None:
    till.order()
    till.order()
    await till.push()
    clone = FakeTill(wide_pool, private=till.private, keys=till.keys)
    for _ in range(2):
        clone.order()
    answers = await asyncio.gather(*(clone.push() for _ in range(6)))
    results = sorted([result.outcome for result in answer.results] for answer in answers)
    assert results == [["already_known"] * 2] * 5 + [["held"] * 2]
    assert {result.reason for answer in answers for result in answer.results} == {"fork"}
    assert await value(till.pool, "SELECT count(*) FROM app.facts WHERE NOT in_chain") == 2
    await all_holds(till.pool)
