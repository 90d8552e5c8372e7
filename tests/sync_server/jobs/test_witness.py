"""What the server remembers outside of the database: files of it that are put back in place begin a new epoch."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet import terminals
from sync_server.jobs import clockwork
from sync_server.jobs.upkeep import before_serving
from sync_server.jobs.witness import REVOKED, Witness
from sync_server.keys import new_keyring
from sync_server.ledger.units import Act
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.till import FakeTill, as_owner, build_shop, rows, value

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


async def revoked_and_forgotten(pool: Pool, database: DatabaseUrls, file: Path) -> FakeTill:
    """A stolen till is revoked while the server works; then an older database takes the place of that one."""
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    witness = Witness(file)
    await before_serving(pool, witness)
    async with clockwork.running(pool, KEYS, now, witness):
        outcome = await terminals.revoke(pool, OPERATOR, Act("revoke", b"0" * 32), till.terminal_id, "stolen")
    assert outcome["outcome"] == "accepted"
    with as_owner(database) as owner:
        owner.execute(
            "UPDATE app.terminals SET status = 'paired', revoked_at = NULL, revoked_by = NULL, revoked_why = NULL"
            " WHERE status = 'revoked'"
        )
    return till


@pytest.mark.parametrize("paired", [True, False])
async def test_who_was_revoked_stays_so_after_a_restore(
    pool: Pool, database: DatabaseUrls, tmp_path: Path, *, paired: bool
) -> None:
    """Before anybody is let in, and named in an alarm; one paired in the lost time may hand in its queue too."""
    file = tmp_path / "last-seal.json"
    till = await revoked_and_forgotten(pool, database, file)
    if not paired:
        with as_owner(database) as owner:
            owner.execute("UPDATE app.terminals SET status = 'created', public_key = NULL, paired_at = NULL")
    for _ in range(2):
        await before_serving(pool, Witness(file))
    found = await terminals.find(pool, till.terminal_id)
    assert found is not None
    assert found.revoked_at is not None, "its refusal can be proved"
    assert replace(found, revoked_at=None) == replace(till.identity, status="revoked")
    alarm = "SELECT kind, principal_id::text, data, count::int FROM app.alarms WHERE kind = 'revoked_again'"
    assert await rows(pool, alarm) == [
        ("revoked_again", till.terminal_id, {"code": till.code, "reason": "stolen"}, 1)
    ]  # fmt: skip
    assert await value(pool, "SELECT count(*) FROM audit.event_log WHERE event = 'revoked_again'") == 1
    till.status = "revoked"
    till.order()
    assert [result.reason for result in (await till.push()).results] == ["terminal_revoked"]


@pytest.mark.parametrize("left", [None, "{", '{"ledger":"another","terminals":[]}'])
async def test_without_its_list_a_server_begins_and_says_what_it_cannot_read(
    pool: Pool, database: DatabaseUrls, tmp_path: Path, left: str | None
) -> None:
    file = tmp_path / "last-seal.json"
    till = await revoked_and_forgotten(pool, database, file)
    listed = tmp_path / REVOKED
    if left is None:
        listed.unlink()
    else:
        listed.write_text(left)
    await before_serving(pool, Witness(file))
    assert await value(pool, "SELECT status FROM app.terminals WHERE terminal_id = %s", till.terminal_id) == "paired"


async def test_the_list_keeps_whom_the_restored_database_never_knew(
    pool: Pool, database: DatabaseUrls, tmp_path: Path
) -> None:
    file = tmp_path / "last-seal.json"
    till = await revoked_and_forgotten(pool, database, file)
    listed = tmp_path / REVOKED
    plain = json.loads(listed.read_text())
    gone = plain["terminals"][0] | {"terminal_id": str(uuid4())}
    listed.write_text(json.dumps(plain | {"terminals": [*plain["terminals"], gone]}))
    await serve(pool, file)
    kept = {one["terminal_id"] for one in json.loads(listed.read_text())["terminals"]}
    assert kept == {till.terminal_id, gone["terminal_id"]}


async def test_a_folder_that_takes_nothing_stops_nobody(pool: Pool, tmp_path: Path) -> None:
    await build_shop(pool)
    till = await FakeTill(pool, keys=KEYS).pair()
    await serve(pool, tmp_path / "nowhere" / "last-seal.json", till)
    assert await value(pool, "SELECT unsealed_rows FROM app.sealing") == 0
