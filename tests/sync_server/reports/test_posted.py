"""Whatever entry of whatever act stands on another account than its act says, and balances there, is found."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls, with_database
from sync_server.reports import invariants
from tests.bench.ledger import mixture
from tests.sync_server.conftest import Server, name_of
from tests.sync_server.till import all_holds, rows

pytestmark = pytest.mark.anyio
ACTS, CLIENTS = 300, 8
# One of each: a kind of act, the open account or tender that it touched.
_ONES: LiteralString = """
SELECT DISTINCT ON (t.kind, a.bucket, split_part(a.unit, '/', 1)) t.kind, a.bucket, e.tx_id::text, a.account_id::text
  FROM app.entries AS e
  JOIN app.accounts AS a USING (ledger_id, account_id) JOIN app.transactions AS t USING (ledger_id, tx_id)
 WHERE NOT a.guarded
 ORDER BY t.kind, a.bucket, split_part(a.unit, '/', 1), e.tx_id
"""
_ANOTHER: LiteralString = """
INSERT INTO app.accounts (ledger_id, account_id, merchant_id, owner_kind, owner_id, bucket, unit, guarded)
SELECT ledger_id, 'ffffffff-0000-7000-8000-000000000001', merchant_id, owner_kind, {owner}, {bucket}, unit, false
  FROM app.accounts WHERE account_id = %s
"""
_MOVE: LiteralString = """
UPDATE app.entries SET account_id = 'ffffffff-0000-7000-8000-000000000001' WHERE tx_id = %s AND account_id = %s
"""


async def test_an_entry_on_another_account_is_found(pool: Pool, database: DatabaseUrls, server: Server) -> None:
    await mixture.build(pool, CLIENTS)
    await mixture.play(database.app, range(CLIENTS), ACTS, seed=5)
    await all_holds(pool)
    ones = await rows(pool, _ONES)
    assert len({kind for kind, *_ in ones}) > 8, ones
    async with await psycopg.AsyncConnection.connect(with_database(server.admin_url, name_of(database))) as connection:
        for kind, bucket, tx_id, account_id in ones:
            for owner, name in (("owner_id", "'x' || bucket"), ("gen_random_uuid()", "bucket")):
                await connection.execute("SET LOCAL ROLE tillkeeper_owner")
                await connection.execute(_ANOTHER.format(owner=owner, bucket=name), [account_id])
                await connection.execute(_MOVE, [tx_id, account_id])
                await connection.execute("SET LOCAL ROLE tillkeeper_app")
                found = (await invariants.answers(connection, [11]))["11"]
                await connection.rollback()
                # Which uses and points an opening brought has no other row.
                expected = kind != "opening" or owner == "owner_id"
                assert (found.state == "broken") == expected, (kind, bucket, name, found)
