"""What the server remembers outside of the database: files of it that are put back in place begin a new epoch."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.jobs import clockwork
from sync_server.jobs.upkeep import before_serving
from sync_server.jobs.witness import Witness
from sync_server.keys import new_keyring
from tests.sync_server.till import FakeTill, as_owner, build_shop, value

pytestmark = pytest.mark.anyio
KEYS = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
EPOCHS = "SELECT count(*) FROM app.epochs"


def now() -> datetime:
    return datetime.now(UTC)


async def serve(pool: Pool, file: Path, till: FakeTill | None = None) -> None:
    """A server's life: it looks, works and stops."""
    witness = Witness(file)
    await before_serving(pool, witness)
    async with clockwork.running(pool, KEYS, now, witness):
        if till is not None:
            till.order()
            await till.push()


async def test_files_put_back_in_place_are_noticed_once(pool: Pool, database: DatabaseUrls, tmp_path: Path) -> None:
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    file = tmp_path / "last-seal.json"
    await serve(pool, file, till)
    await serve(pool, file, till)
    assert await value(pool, EPOCHS) == 1
    seen = json.loads(file.read_text())
    assert seen["seal_no"] == await value(pool, "SELECT max(seal_no) FROM audit.seals")
    with as_owner(database) as owner:  # as after the older files
        owner.execute("DELETE FROM audit.seals WHERE seal_no > 1")
    await serve(pool, file)
    await serve(pool, file)
    assert await value(pool, EPOCHS) == 2


@pytest.mark.parametrize(
    "changed", [{"ledger": "another"}, {"seal_no": "x"}, {"hash": "x"}, {"sealed_at": "2020-01-01T00:00:00.000000Z"}]
)
async def test_what_says_nothing_about_this_ledger_is_left(
    pool: Pool, database: DatabaseUrls, tmp_path: Path, changed: dict[str, object]
) -> None:
    """Of another database, damaged, or older than the present epoch: begun by hand after a restore by other means."""
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    file = tmp_path / "last-seal.json"
    await serve(pool, file, till)
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))
    with as_owner(database) as owner:
        owner.execute("DELETE FROM audit.seals")
    await before_serving(pool, Witness(file))
    assert await value(pool, EPOCHS) == 1


async def test_a_folder_that_takes_nothing_stops_nobody(pool: Pool, tmp_path: Path) -> None:
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    await serve(pool, tmp_path / "nowhere" / "last-seal.json", till)
    assert await value(pool, "SELECT unsealed_rows FROM app.sealing") == 0
