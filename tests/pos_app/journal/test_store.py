"""Opening the journal and running transactions: versions, damage, full disks, many threads, sealed data."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from models.refusals import Refusal
from pos_app.journal import migrations
from pos_app.journal.errors import (
    AlreadyRunning,
    DataDirUnwritable,
    DiskFull,
    JournalDamaged,
    JournalMissing,
    JournalNewer,
    JournalUnavailable,
    KeyMissing,
)
from pos_app.journal.identity import read_state, write_state
from pos_app.journal.single import SingleInstance
from pos_app.journal.store import FILE_NAME, Journal, open_for_reading
from pos_app.journal.tables import METADATA
from tests.pos_app.desk import PEOPLE, Desk


def test_schema_of_the_migrations_is_the_schema_of_the_tables(tmp_path: Path) -> None:
    Journal.open(tmp_path, "file").close()
    wanted = sqlite3.connect(":memory:")
    for table in METADATA.tables.values():
        wanted.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in table.indexes:
            wanted.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    found = sqlite3.connect(tmp_path / FILE_NAME)
    for kind in ("table", "index"):
        query = f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND name NOT LIKE 'sqlite_%' ORDER BY name"

        def written(connection: sqlite3.Connection, query: str = query) -> list[tuple[str, str]]:
            return [(name, " ".join((sql or "").split())) for name, sql in connection.execute(query)]

        assert written(found) == written(wanted)
    found.close()
    wanted.close()


def test_durability_settings(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, "file")
    with journal.reading() as rows:
        assert rows.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert rows.execute(text("PRAGMA synchronous")).scalar_one() == 2
    journal.close()


def test_newer_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    Journal.open(tmp_path, "file").close()
    raw = sqlite3.connect(tmp_path / FILE_NAME)
    raw.execute(f"PRAGMA user_version = {migrations.KNOWN + 1}")
    raw.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(JournalNewer) as error:
        Journal.open(tmp_path, "file")
    assert error.value.data == {"found": migrations.KNOWN + 1, "known": migrations.KNOWN}
    with pytest.raises(JournalNewer):
        open_for_reading(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Journal.open(tmp_path, "file").close()
    steps = (*migrations.STEPS, ("CREATE TABLE half (x)", "CREATE NONSENSE"))
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations, "KNOWN", len(steps))
    with pytest.raises(JournalUnavailable):
        Journal.open(tmp_path, "file")
    raw = sqlite3.connect(tmp_path / FILE_NAME)
    assert raw.execute("PRAGMA user_version").fetchone() == (migrations.KNOWN - 1,)
    assert raw.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchone() is None
    raw.close()


def test_a_journal_of_the_first_schema_keeps_its_requests_and_pulls_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as old:
        old.setattr(migrations, "KNOWN", 1)
        Journal.open(tmp_path, "file").close()
    raw = sqlite3.connect(tmp_path / FILE_NAME)
    raw.execute("INSERT INTO requests VALUES ('r1', x'7b7d', '2026-11-20', 'accepted', NULL, '2026-11-20', 'd1')")
    raw.execute("INSERT INTO requests VALUES ('r2', x'7b7d', '2026-11-21', 'asked', NULL, NULL, NULL)")
    raw.execute("INSERT INTO state VALUES ('cursor', '\"c9\"'), ('epoch', '\"e1\"')")
    raw.commit()
    raw.close()
    journal = Journal.open(tmp_path, "file")
    with journal.reading() as rows:
        found = rows.execute(text("SELECT request_id, kind, state, effect_id, told FROM requests ORDER BY 1")).all()
        assert [tuple(row) for row in found] == [
            ("r1", "redeem", "accepted", "d1", 1),
            ("r2", "redeem", "asked", None, 1),
        ]
        assert (read_state(rows, "cursor"), read_state(rows, "epoch")) == (None, "e1")
    journal.close()


@pytest.mark.parametrize("content", [b"this is no database, it is a shopping list" * 100, bytes(4096)])
def test_a_file_that_is_no_journal(tmp_path: Path, content: bytes) -> None:
    tmp_path.joinpath(FILE_NAME).write_bytes(content)
    with pytest.raises(JournalDamaged):
        Journal.open(tmp_path, "file")
    assert tmp_path.joinpath(FILE_NAME).read_bytes() == content


def test_a_page_destroyed_in_the_middle_is_found(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for _ in range(60):
        desk.sell()
    desk.stop()
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    for start in range(8192, len(data), 4096):
        data[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    with pytest.raises(JournalDamaged):
        Journal.open(tmp_path, "file")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataDirUnwritable):
        Journal.open(tmp_path / "file" / "till", "file")
    with pytest.raises(DataDirUnwritable):
        SingleInstance.take(tmp_path / "file" / "till")
    with pytest.raises(JournalMissing):
        open_for_reading(tmp_path / "nothing")


def test_one_till_per_folder(tmp_path: Path) -> None:
    first = SingleInstance.take(tmp_path / "till")
    with pytest.raises(AlreadyRunning) as error:
        SingleInstance.take(tmp_path / "till")
    assert int(str(error.value.data["pid"])) > 0
    first.release()
    SingleInstance.take(tmp_path / "till").release()


def test_a_transaction_is_whole_or_not_at_all(desk: Desk) -> None:
    def cut_short(rows: Connection) -> None:
        write_state(rows, "mark", 1)
        raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        desk.journal.keep(cut_short)
    with desk.journal.reading() as rows:
        assert read_state(rows, "mark") is None


def test_after_a_commit_that_failed_the_journal_goes_on(desk: Desk) -> None:
    """SQLite may keep a transaction open whose COMMIT failed, as on a full disk; nothing of it must stay."""

    def refused_at_commit(rows: Connection) -> None:
        write_state(rows, "half", True)
        rows.exec_driver_sql("INSERT INTO child VALUES (1)")

    journal = desk.journal
    with journal.upkeep() as rows:
        rows.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        rows.exec_driver_sql("CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(JournalUnavailable):
        journal.keep(refused_at_commit)
    with journal.upkeep() as rows:
        assert read_state(rows, "half") is None
        write_state(rows, "whole", True)
    with journal.reading() as rows:
        assert read_state(rows, "whole") is True


def test_a_transaction_inside_a_transaction_is_a_bug(desk: Desk) -> None:
    with desk.journal.writing(), pytest.raises(RuntimeError), desk.journal.writing():
        pass
    with desk.journal.writing() as rows:
        write_state(rows, "mark", 1)
        with desk.journal.reading() as same:
            assert read_state(same, "mark") == 1


def test_threads_make_one_chain(desk: Desk) -> None:
    threads = [threading.Thread(target=lambda: [desk.sell() for _ in range(8)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts = desk.chain()
    assert [fact.seq for fact in facts] == list(range(1, 1 + 1 + 48))
    numbers = [slip for fact in facts for slip in getattr(fact.body, "slips", ())]
    assert numbers == [f"TP.SZ1T03.{counter:06d}" for counter in range(1, 49)]
    assert desk.broken() == []


def test_unpaired_journal_knows_nothing(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, "file")
    assert journal.identity is None
    for ask in (lambda: journal.store, lambda: journal.terminal_code):
        with pytest.raises(Refusal) as refusal:
            ask()
        assert refusal.value.code == "not_paired"
    journal.close()


def test_no_personal_data_lies_in_the_file_in_clear(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.redeem()
    desk.stop()
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for name, phone, *_ in PEOPLE:
        assert name.encode() not in content
        assert phone.lstrip("+").encode() not in content


def test_keys_are_private_and_outside_the_database(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    secret = desk.journal.keys.secret
    desk.stop()
    assert stat.S_IMODE((tmp_path / "keys" / "till.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    database = (tmp_path / FILE_NAME).read_bytes()
    assert all(secret[start : start + 32] not in database for start in (0, 32, 64))


def test_a_paired_journal_without_its_keys(tmp_path: Path) -> None:
    Desk(tmp_path).stop()
    (tmp_path / "keys" / "till.key").unlink()
    with pytest.raises(KeyMissing):
        Journal.open(tmp_path, "file")
    (tmp_path / "keys" / "where.json").unlink()
    with pytest.raises(KeyMissing):
        Journal.open(tmp_path, "file")


def test_looking_while_a_till_runs_changes_nothing(desk: Desk) -> None:
    desk.sell()
    rows, close = open_for_reading(desk.folder)
    with rows.begin():
        assert rows.execute(text("SELECT count(*) FROM facts")).scalar_one() == 2
        with pytest.raises(Exception, match="readonly"):
            rows.execute(text("DELETE FROM facts"))
    rows.close()
    close()
    desk.sell()
    assert desk.broken() == []


def test_full_disk_is_refused_before_goods_move_and_syncing_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sell()
    facts = len(desk.chain())
    reserve = desk.folder / "reserve"
    assert reserve.stat().st_size == 8 << 20
    full = type("Usage", (), {"free": 0})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: full)
    with pytest.raises(DiskFull):
        desk.sell()
    assert len(desk.chain()) == facts
    desk.acknowledge(facts)
    monkeypatch.undo()
    desk.sell()
    assert desk.broken() == []
