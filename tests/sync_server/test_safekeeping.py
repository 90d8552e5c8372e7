"""The operator's backup and restore on real Postgres: what comes back, what is refused, what is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from models.codec import encode
from sync_server import safekeeping
from sync_server.__main__ import main
from sync_server.bootstrap import Home
from sync_server.database import dumps
from sync_server.database.engine import Pool, open_pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import new_keyring
from sync_server.reports import invariants
from sync_server.safekeeping import BackupTrouble
from tests.sync_server.conftest import Server
from tests.sync_server.till import FakeTill, build_shop, rows, value

pytestmark = pytest.mark.anyio
KEYS = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture
def home(database: DatabaseUrls) -> Home:
    return Home(KEYS, database)


@pytest.fixture
def empty(server: Server) -> Iterator[DatabaseUrls]:
    """A database in which nothing is yet."""
    urls = server.create()
    yield urls
    server.drop(urls)


async def sold(urls: DatabaseUrls) -> FakeTill:
    """A till that has sold a pass and an order; its pool is closed, as a stopped server's is."""
    async with open_pool(urls.app, min_size=1, max_size=2) as pool:
        await build_shop(pool)
        till = await FakeTill(pool, keys=KEYS).pair()
        till.sell_pass()
        till.order()
        await till.push()
    return till


async def broken(pool: Pool) -> list[str]:
    return [found.details for found in (await invariants.check(pool, full=True)).values() if found.state == "broken"]


async def test_a_backup_is_put_back_elsewhere(home: Home, empty: DatabaseUrls, tmp_path: Path) -> None:
    """All rows, owners and rights return; the till sends again what the backup did not know, and all balances."""
    till = await sold(home.urls)
    said: list[str] = []
    note = safekeeping.backup(home, tmp_path / "ledger", said.append)
    assert "app.facts" in said
    assert (tmp_path / "ledger").stat().st_mode & 0o077 == 0
    with psycopg.connect(home.urls.maintenance) as connection:
        assert connection.execute("SELECT taken_at FROM app.backups").fetchall() == [(note.holds.at,)]
    async with open_pool(home.urls.app, min_size=1, max_size=2) as pool:
        till.pool = pool
        till.order()
        await till.push()
        before = await rows(pool, "SELECT bucket, sum(balance) FROM app.accounts GROUP BY bucket ORDER BY bucket")
    there = Home(KEYS, empty)
    epoch = safekeeping.restore(there, tmp_path / "ledger", said.append)
    assert epoch != note.holds.epoch
    assert safekeeping.holdings(empty.maintenance).facts == note.holds.facts == 2
    async with open_pool(empty.app, min_size=1, max_size=2) as pool:
        till.pool = pool
        await till.push()
        assert await value(pool, "SELECT count(*) FROM app.facts") == 3
        assert await broken(pool) == []
        assert (
            await rows(pool, "SELECT bucket, sum(balance) FROM app.accounts GROUP BY bucket ORDER BY bucket") == before
        )
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            await value(pool, "UPDATE app.accounts SET balance = 0 RETURNING 1")
    assert rights(empty) == rights(home.urls)


def rights(urls: DatabaseUrls) -> list[tuple[object, ...]]:
    """Owner and grants of everything of ours, row security and policies."""
    with psycopg.connect(urls.maintenance) as connection:
        return connection.execute(
            "SELECT c.oid::regclass::text, pg_get_userbyid(c.relowner), c.relacl::text, c.relrowsecurity::text"
            "       || c.relforcerowsecurity FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('app', 'audit', 'sec', 'auth', 'public')"
            " UNION ALL SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.proacl::text,"
            " p.proconfig::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
            " WHERE n.nspname IN ('app', 'audit', 'sec', 'auth')"
            " UNION ALL SELECT tablename, policyname, roles::text, coalesce(qual, '') || coalesce(with_check, '')"
            "  FROM pg_policies"
            " UNION ALL SELECT nspname, pg_get_userbyid(nspowner), nspacl::text, '' FROM pg_namespace"
            "  WHERE nspname IN ('app', 'audit', 'sec', 'auth', 'public')"
            " UNION ALL SELECT defaclobjtype::text, pg_get_userbyid(defaclrole), defaclacl::text, ''"
            "  FROM pg_default_acl"
            " UNION ALL SELECT 'database', '', (SELECT string_agg(a.grantee::regrole || a.privilege_type, ' '"
            "  ORDER BY a.grantee, a.privilege_type)"
            "  FROM pg_database AS d, aclexplode(d.datacl) AS a WHERE d.datname = current_database()), '' ORDER BY 1, 2"
        ).fetchall()


async def test_a_live_ledger_is_not_overwritten_unasked(home: Home, tmp_path: Path) -> None:
    till = await sold(home.urls)
    file = tmp_path / "ledger"
    safekeeping.backup(home, file, lambda _: None, noted=False)
    async with open_pool(home.urls.app, min_size=1, max_size=2) as pool:
        till.pool = pool
        assert await value(pool, "SELECT count(*) FROM app.backups") == 0
        till.order()
        await till.push()
        with pytest.raises(DatabaseTrouble, match="database_serving"):
            safekeeping.restore(home, file, lambda _: None, replace=True)
    later = safekeeping.backup(home, tmp_path / "later", lambda _: None)
    said: list[str] = []
    with pytest.raises(BackupTrouble, match="ledger_present"):
        safekeeping.restore(home, file, said.append)
    assert any("back to place 2 from 3" in line for line in said)
    assert any("A NEWER BACKUP WAS NOTED" in line for line in said)
    present = safekeeping.holdings(home.urls.maintenance)
    assert (present.facts, present.epoch) == (3, later.holds.epoch)
    safekeeping.restore(home, file, said.append, replace=True)
    put_back = safekeeping.holdings(home.urls.maintenance)
    assert (put_back.facts, put_back.epoch != later.holds.epoch) == (2, True)
    migrate(home.urls)
    async with open_pool(home.urls.app, min_size=1, max_size=2) as pool:
        assert await broken(pool) == []
        assert await value(pool, "SELECT count(*) FROM app.epochs") == 2


async def test_what_fails_halfway_leaves_the_ledger(home: Home, tmp_path: Path) -> None:
    """A note that promises more than the dump holds, and a dump cut off, are both found; nothing was changed."""
    await sold(home.urls)
    file = tmp_path / "ledger"
    note = safekeeping.backup(home, file, lambda _: None)
    present = safekeeping.holdings(home.urls.maintenance)
    said = tmp_path / "ledger.json"
    said.write_bytes(encode(replace(note, holds=replace(note.holds, facts=3))))
    with pytest.raises(DatabaseTrouble, match="holds less than its note says"):
        safekeeping.restore(home, file, lambda _: None, replace=True)
    bindir = dumps.tools(home.urls.maintenance)
    cut = tmp_path / "cut"
    cut.write_bytes(file.read_bytes()[: note.size_bytes * 9 // 10])
    with pytest.raises(DatabaseTrouble, match="database_dump_failed"):
        dumps.load(home.urls.maintenance, bindir, cut, "", lambda _: None)
    now = safekeeping.holdings(home.urls.maintenance)
    assert replace(now, at=present.at) == present


async def test_what_cannot_be_put_back(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "ledger"
    with pytest.raises(BackupTrouble, match="backup_unreadable"):
        safekeeping.check(home, file)
    safekeeping.backup(home, file, lambda _: None)
    with pytest.raises(BackupTrouble, match="backup_exists"):
        safekeeping.backup(home, file, lambda _: None)
    with pytest.raises(BackupTrouble, match="backup_keys_differ"):
        safekeeping.check(Home(new_keyring(datetime(2020, 1, 1, tzinfo=UTC)), home.urls), file)
    with file.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        stream.write(b"x")
    with pytest.raises(BackupTrouble, match="backup_damaged"):
        safekeeping.check(home, file)
    (tmp_path / "ledger.json").write_text("{}")
    with pytest.raises(BackupTrouble, match="backup_unreadable"):
        safekeeping.check(home, file)
    with pytest.raises(DatabaseTrouble, match="database_tools_missing"):
        dumps.tools(home.urls.maintenance, tmp_path)
    with pytest.raises(BackupTrouble, match="backup_unwritable"):
        safekeeping.backup(home, tmp_path / "nowhere" / "ledger", lambda _: None)


def test_the_commands_end_to_end(
    reachable_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty ledger on a disk of its own, lost whole but for its keys, comes back by one command."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = reachable_folder / "kept"
    data, file = ["--data", str(folder)], str(tmp_path / "ledger")
    assert main(["restore", file, *data]) == 1
    assert not folder.exists()
    assert main(["migrate", *data]) == 0
    assert main(["backup", file, *data]) == 0
    assert main(["restore", file, *data]) == 1
    assert "ledger_present" in capsys.readouterr().err
    assert main(["begin-epoch", *data]) == 0
    assert "epoch" in capsys.readouterr().out
    for part in folder.iterdir():
        if part.name != "keys":
            shutil.rmtree(part)
    assert main(["restore", file, *data]) == 0
    said = capsys.readouterr()
    assert "restored; epoch" in said.out
    assert len(said.out.splitlines()) == 15
    assert json.loads((tmp_path / "ledger.json").read_text())["holds"]["facts"] == 0


def test_a_password_stands_in_no_argument(
    database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    started = subprocess.Popen

    def watched(command: list[object], **options: object) -> object:
        seen.extend(str(word) for word in command)
        return started(command, **options)  # type: ignore[call-overload]

    bindir = dumps.tools(database.maintenance)
    monkeypatch.setattr(subprocess, "Popen", watched)
    dumps.dump(database.maintenance, bindir, tmp_path / "file", lambda _: None)
    dumps.load(database.maintenance, bindir, tmp_path / "file", "", lambda _: None)
    password = str(psycopg.conninfo.conninfo_to_dict(database.maintenance)["password"])
    assert len(seen) > 9
    assert password not in " ".join(seen)
