"""On empty tables nothing may settle on a plan that reads more the more there is (ledger.md, "A trap found")."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.facts import Evidence
from sync_server.database.engine import open_pool
from sync_server.database.urls import DatabaseUrls
from sync_server.ledger.functions import is_milestone
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, value

pytestmark = pytest.mark.anyio
READ = """
SELECT sum(s.idx_tup_fetch + s.seq_tup_read)::bigint FROM pg_stat_user_tables AS s
 WHERE s.schemaname IN ('app', 'audit')
"""


async def test_a_till_that_starts_on_empty_tables_reads_no_more_with_every_fact(
    till: FakeTill, database: DatabaseUrls
) -> None:
    """One session, as long as it lives; its counts are told when it ends."""
    passes = [till.sell_pass(member_id=member).pass_id for member in (MEMBER, OTHER_MEMBER)]
    await till.push()
    read: list[int] = []
    for _ in range(2):
        before = await value(till.pool, READ)
        async with open_pool(database.app, min_size=1, max_size=1) as pool:
            one = replace(till, pool=pool)
            for _ in range(3):
                for _ in range(100):
                    one.order()
                one.redeem(passes[1], Evidence("own_sale"), member_id=OTHER_MEMBER)
                await one.push(one.texts[-101:], seq=one.seq)
            till = replace(one, pool=till.pool)
        read.append(await value(till.pool, READ) - before)
    assert read[1] < 1.2 * read[0] + 1000, read
    assert read[1] < 303 * 60, read


def test_statistics_are_looked_after_while_a_table_doubles() -> None:
    numbers = [n for n in range(1, 5000) if is_milestone(f"HX001{n:08d}")]
    assert numbers == [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
