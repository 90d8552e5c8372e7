"""A journal that is damaged is told so, in words with a next step, and nothing is written over it."""

import random
import shutil
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.__main__ import main
from pos_app.errors import Trouble
from pos_app.journal import soundness
from pos_app.journal.store import FILE_NAME, Journal, open_for_reading
from pos_app.settings import Settings
from pos_app.ui.messages import explain
from pos_app.ui.phrases import LANGUAGES, Phrases
from tests.pos_app.desk import Desk

PAGE = 4096
LOG = f"{FILE_NAME}-wal"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A till that was stopped, and the same as it stood while it ran, with most of it in the log."""
    base = tmp_path_factory.mktemp("sound")
    desk = Desk(base / "stopped")
    for _ in range(20):
        desk.sell()
    shutil.copytree(base / "stopped", base / "cut")
    desk.stop()
    return base / "stopped", base / "cut"


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, server_url="http://127.0.0.1:1", camera="none", key_storage="file")


def contents(folder: Path) -> dict[str, bytes]:
    """Everything that is the journal; SQLite's index of the log is made anew each time."""
    found = {path.name: path.read_bytes() for path in folder.glob(f"{FILE_NAME}*") if not path.name.endswith("-shm")}
    return {name: data for name, data in found.items() if data or name == FILE_NAME}


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Start the till; returns the trouble's code, after a look at what each way of asking says of it."""
    before = contents(folder)
    with pytest.raises(Trouble) as trouble:
        bootstrap.start(settings(folder), lambda _changes: None)
    for language in LANGUAGES:
        message = explain(trouble.value, Phrases(language))
        assert message.title != trouble.value.code
        assert message.detail
        assert "{" not in message.title + message.detail
    assert main(["verify", "--data", str(folder)]) in (1, 3)
    out, err = capsys.readouterr()
    assert "safe place" in err
    assert "newer" not in out + err
    assert "Traceback" not in out + err
    assert main(["pair", "CODE", "--data", str(folder), "--server", "http://127.0.0.1:1"]) == 3
    assert "copy the whole data folder" in capsys.readouterr().err
    assert contents(folder) == before
    return trouble.value.code


def noise(count: int) -> bytes:
    return random.Random(count).randbytes(count)


def page(number: int) -> Callable[[bytes], bytes]:
    return lambda data: data[: (number - 1) * PAGE] + noise(PAGE) + data[number * PAGE :]


FILES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "journal_emptied"),
    "random bytes": (lambda data: noise(len(data)), "journal_damaged"),
    "zeros": (lambda data: bytes(len(data)), "journal_damaged"),
    "half of it": (lambda data: data[: len(data) // 2], "journal_damaged"),
    "cut inside a page": (lambda data: data[: len(data) // 2 + 777], "journal_damaged"),
    "a schema number that no program wrote": (lambda data: data[:60] + b"\xff" * 4 + data[64:], "journal_damaged"),
    "the first page": (lambda data: data[:2000] + noise(2096) + data[PAGE:], "journal_damaged"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = shutil.copytree(folders[0], tmp_path / "till")
    damage, code = FILES[name]
    (folder / FILE_NAME).write_bytes(damage((folder / FILE_NAME).read_bytes()))
    assert told(folder, capsys) == code


def test_any_page_that_was_flipped_stops_the_start_and_is_not_written_over(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(folders[0], tmp_path / "till")
    good = (folder / FILE_NAME).read_bytes()
    raw = sqlite3.connect(folder / FILE_NAME)
    unused = raw.execute("PRAGMA freelist_count").fetchone()[0]
    raw.close()
    missed = []
    for number in range(1, len(good) // PAGE + 1):
        bad = page(number)(good)
        (folder / FILE_NAME).write_bytes(bad)
        try:
            Journal.open(folder, "file").close()
        except Trouble as trouble:
            assert trouble.code in ("journal_damaged", "journal_garbled"), (number, trouble.code)  # noqa: PT017
            assert (folder / FILE_NAME).read_bytes() == bad
        else:
            missed.append(number)
    assert len(missed) <= unused, missed


def test_a_file_that_is_gone(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, source in enumerate(folders):
        folder = shutil.copytree(source, tmp_path / str(number))
        (folder / FILE_NAME).unlink()
        assert told(folder, capsys) == "journal_emptied"


def frames(log: bytes) -> list[int]:
    """Where each transaction of a log ends."""
    found = []
    for start in range(32, len(log) - 24 - PAGE + 1, 24 + PAGE):
        if struct.unpack(">I", log[start + 4 : start + 8])[0]:
            found.append(start + 24 + PAGE)
    return found


LOGS: dict[str, Callable[[bytes], bytes]] = {
    "random bytes": lambda log: noise(len(log)),
    "its head": lambda log: noise(32) + log[32:],
    "zeros for a head": lambda log: bytes(32) + log[32:],
    "a page in the middle": lambda log: log[: frames(log)[5] - 900] + noise(50) + log[frames(log)[5] - 850 :],
    "a whole transaction": lambda log: (
        log[: frames(log)[5]] + noise(frames(log)[6] - frames(log)[5]) + log[frames(log)[6] :]
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_damaged_log(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = shutil.copytree(folders[1], tmp_path / "till")
    (folder / LOG).write_bytes(LOGS[name]((folder / LOG).read_bytes()))
    assert told(folder, capsys) == "journal_log_damaged"


def test_a_log_that_is_gone(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of this till is in its log; without it the file is a database with nothing in it."""
    folder = shutil.copytree(folders[1], tmp_path / "till")
    (folder / LOG).unlink()
    assert told(folder, capsys) == "journal_emptied"


def test_what_a_power_cut_leaves_is_no_damage(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """The end of the log may be missing or torn anywhere in its last transaction, or the log just begun."""
    log = (folders[1] / LOG).read_bytes()
    *_, before, end = frames(log)
    for cut in (before, before + 1, before + 24, before + 3000, end - 1, end):
        assert soundness.log_holds(log[:cut])
        assert soundness.log_holds(log[:cut] + bytes(end - cut))
    for torn in range(before, end, 1000):
        assert soundness.log_holds(log[:torn] + bytes(100) + log[torn + 100 : end])
    for begun in (b"", log[:20], bytes(32), bytes(PAGE)):
        assert soundness.log_holds(begun)
    folder = shutil.copytree(folders[1], tmp_path / "till")
    (folder / LOG).write_bytes(log[: end - 10])
    journal = Journal.open(folder, "file")
    with journal.reading() as rows:
        kept = rows.exec_driver_sql("SELECT count(*) FROM facts").scalar_one()
    assert kept == 20, "the shift and 19 of 20 sales"
    journal.close()


def test_remains_of_attempts_that_failed_are_no_damage(folders: tuple[Path, Path]) -> None:
    """A commit whose sync failed is written over by the next; what it leaves behind does not continue the new end."""
    log = (folders[1] / LOG).read_bytes()
    ends = frames(log)
    first, second, third = (log[ends[n] : ends[n + 1]] for n in (3, 4, 5))
    assert soundness.log_holds(log[: ends[3]] + second + first)
    assert soundness.log_holds(log[: ends[3]] + second + first + third)
    assert not soundness.log_holds(log[: ends[3]] + second + third + log[ends[6] :])


STATE = {
    "compacted_through": '"many"', "backed_up": '{"epoch": "e1", "seq": "x"}', "synced_at": '"yesterday"',
    "clock": '{"ticks": "x"}', "cursor": "7", "epoch": "[]", "identity": '{"terminal_id": 3}', "refused": "{}",
    "countersignature": '{"seq": "x"}', "heard": "7", "seal": "[]", "alarms": "3", "server_keys": "1",
    "pin_throttle": '{"wrong": "x", "until": "y"}', "pulled_as": "1", "mirror_epoch": "1", "fork": "no JSON",
}  # fmt: skip


@pytest.mark.parametrize("key", STATE)
def test_a_garbled_value(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    folder = shutil.copytree(folders[0], tmp_path / "till")
    raw = sqlite3.connect(folder / FILE_NAME)
    raw.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, STATE[key]))
    raw.commit()
    raw.close()
    assert told(folder, capsys) == "journal_garbled"
    assert main(["verify", "--data", str(folder)]) == 1
    out = capsys.readouterr().out
    assert f"the value {key} is not what it must be" in out
    assert "holds   chain (21)" in out, "the facts are all there"


def test_a_value_of_bytes_that_are_no_text(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(folders[0], tmp_path / "till")
    raw = sqlite3.connect(folder / FILE_NAME)
    raw.execute("UPDATE state SET value = CAST(x'22ff22' AS TEXT) WHERE key = 'epoch'")
    raw.commit()
    raw.close()
    assert told(folder, capsys) == "journal_damaged"


def test_a_journal_of_an_older_program_is_called_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Journal.open(tmp_path, "file").close()
    raw = sqlite3.connect(tmp_path / FILE_NAME)
    raw.execute("PRAGMA user_version = 3")
    raw.close()
    assert main(["verify", "--data", str(tmp_path)]) == 3
    assert "older program" in capsys.readouterr().err


def test_a_stop_leaves_all_in_the_file_also_while_somebody_looks(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "till")
    rows, close = open_for_reading(desk.folder)
    for _ in range(5):
        desk.sell()
    facts = [fact.fact_id for fact in desk.chain()]
    assert (desk.folder / LOG).stat().st_size > PAGE
    desk.stop()
    assert not (desk.folder / LOG).exists() or (desk.folder / LOG).stat().st_size == 0
    (tmp_path / "alone" / "keys").mkdir(parents=True)
    shutil.copytree(desk.folder / "keys", tmp_path / "alone" / "keys", dirs_exist_ok=True)
    shutil.copy(desk.folder / FILE_NAME, tmp_path / "alone")
    journal = Journal.open(tmp_path / "alone", "file")
    with journal.reading() as found:
        assert found.exec_driver_sql("SELECT fact_id FROM facts ORDER BY seq").scalars().all() == facts
    journal.close()
    rows.close()
    close()
