"""Cards and passes past their date: many at a time, none waited for, neither kept back by the other."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.jobs.clockwork import running
from sync_server.jobs.expiry import expire_cards, expire_passes
from sync_server.keys import new_keyring
from tests.sync_server.jobs.test_clockwork import wait_for
from tests.sync_server.till import FakeTill, as_owner, build_shop, value

pytestmark = pytest.mark.anyio
EXPIRED = "SELECT count(*) FROM app.cards WHERE status = 'expired'"
MANY = 501
"""More than one call takes."""


def end_cards(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    owner.execute("UPDATE app.cards SET expires_at = now() - interval '1 minute'")


@pytest.mark.req("R041")
async def test_a_card_in_use_keeps_nobody_waiting(pool: Pool, database: DatabaseUrls) -> None:
    await build_shop(pool)
    with as_owner(database) as owner, as_owner(database) as user:
        owner.execute(
            "INSERT INTO app.cards (ledger_id, card_id, card_type, card_no, card_ref, company_name, fixed_discount,"
            " currency, created_at) SELECT 1, gen_random_uuid(), 'enterprise', 'E' || n, lpad(n::text, 8, '0'), 'Acme',"
            " 0.9, 'CNY', now() FROM generate_series(1, %s) AS n",
            [MANY],
        )
        end_cards(owner)
        with user.transaction():
            user.execute("SELECT FROM app.cards WHERE card_no = 'E7' FOR NO KEY UPDATE")
            assert await expire_cards(pool) == MANY + 1  # two members' cards, and all companies' but that one
        assert [await expire_cards(pool), await expire_cards(pool)] == [1, 0]
    assert await value(pool, EXPIRED) == MANY + 2
    audited = "SELECT count(DISTINCT subject) FROM audit.event_log WHERE event = 'card_expired'"
    assert await value(pool, audited) == MANY + 2


async def test_what_keeps_cards_back_does_not_keep_passes_back(pool: Pool, database: DatabaseUrls) -> None:
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    till.sell_pass()
    await till.push()
    with as_owner(database) as owner:
        end_cards(owner)
        owner.execute("UPDATE app.member_passes SET expires_at = now() - interval '1 minute'")
        owner.execute("ALTER TABLE app.cards ADD CONSTRAINT kept_back CHECK (status <> 'expired')")
    async with running(pool, new_keyring(datetime(2020, 1, 1, tzinfo=UTC)), lambda: datetime.now(UTC)):
        await wait_for(pool, "SELECT status = 'expired' FROM app.member_passes")
    assert [await value(pool, EXPIRED), await expire_passes(pool)] == [0, 0]
