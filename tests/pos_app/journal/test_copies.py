"""A copy of the journal after each shift: whole, in nobody's way, and only where there is room."""

import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models import codec, wire
from models.catalogue import Member
from pos_app.journal import copies
from pos_app.journal.copies import FOLDER, KEPT, Copies, save_due
from pos_app.journal.store import FILE_NAME, open_for_reading
from pos_app.journal.verify import verify
from pos_app.sync import apply
from pos_app.till import shift
from tests.pos_app.desk import EPOCH, NOON, Desk


def end_shift(desk: Desk) -> None:
    shift.close_shift(desk.till, {"cash": shift.x_report(desk.till).float_minor + 1_800 * len(sales(desk))})


def sales(desk: Desk) -> list[object]:
    last = max((fact.seq for fact in desk.chain() if fact.kind == "ShiftClosed"), default=0)
    return [fact for fact in desk.chain() if fact.kind == "OrderPaid" and fact.seq > last]


def names(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / FOLDER).iterdir())


def test_a_copy_is_due_once_after_each_shift(desk: Desk) -> None:
    assert save_due(desk.journal) is None
    assert not (desk.folder / FOLDER).exists()
    desk.sell()
    end_shift(desk)
    made = save_due(desk.journal)
    assert made is not None
    assert names(desk) == ["journal-00000003.sqlite"]
    assert save_due(desk.journal) is None
    assert made.parent.stat().st_mode & 0o077 == 0


def test_a_copy_alone_is_a_whole_journal(desk: Desk, tmp_path: Path) -> None:
    desk.sell()
    end_shift(desk)
    made = save_due(desk.journal)
    assert made is not None
    shift.open_shift(desk.till, 0)
    desk.sell()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(made, elsewhere / FILE_NAME)
    rows, close = open_for_reading(elsewhere)
    try:
        assert [message for finding in verify(rows) for message in finding.broken] == []
        assert rows.exec_driver_sql("SELECT max(seq) FROM facts").scalar_one() == 3
    finally:
        rows.close()
        close()
    assert desk.broken() == []


def test_only_the_last_ones_stay(desk: Desk) -> None:
    for number in range(KEPT + 2):
        if number:
            shift.open_shift(desk.till, 0)
        end_shift(desk)
        save_due(desk.journal)
    assert len(names(desk)) == KEPT
    assert names(desk)[-1] == f"journal-{len(desk.chain()):08d}.sqlite"


def test_a_disk_without_room_means_no_copy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    end_shift(desk)
    with monkeypatch.context() as now:
        now.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1_000_000}))
        assert save_due(desk.journal) is None
    assert save_due(desk.journal) is not None


def test_what_was_cut_off_is_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    end_shift(desk)
    real = sqlite3.connect

    def killed(*given: Any, **more: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = real(*given, **more)
        if str(given[0]).endswith(".part"):
            opened.execute("CREATE TABLE half (x)")
            opened.commit()
            opened.close()
        return opened

    with monkeypatch.context() as now:
        now.setattr(sqlite3, "connect", killed)
        with pytest.raises(sqlite3.Error):
            save_due(desk.journal)
    assert names(desk) == ["journal-00000002.part"]
    assert save_due(desk.journal) is not None
    assert names(desk) == ["journal-00000002.sqlite"]


def test_in_the_background_and_at_the_next_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made, failing = threading.Event(), True
    real = copies.save_due

    def sometimes(journal: Any) -> Path | None:
        if failing:
            made.set()
            raise OSError
        found = real(journal)
        made.set()
        return found

    monkeypatch.setattr(copies, "save_due", sometimes)
    end_shift(desk)
    keeper = Copies(desk.journal)
    keeper.start()
    assert made.wait(10)
    made.clear()
    failing = False
    keeper.wake()
    assert made.wait(10)
    keeper.stop()
    assert names(desk) == ["journal-00000002.sqlite"]
    keeper.stop()  # twice harms nothing


def names_in(desk: Desk, copy: Path, member_id: str) -> str:
    """What the copy says about a member, to whoever holds the till's keys."""
    raw = sqlite3.connect(copy)
    (sealed,) = raw.execute("SELECT sealed FROM members WHERE member_id = ?", [member_id]).fetchone()
    raw.close()
    return codec.decode(Member, desk.journal.sealer.open(member_id, sealed)).name


def test_whom_hq_erases_is_in_no_copy_any_more(desk: Desk) -> None:
    member = desk.member().member
    for number in range(3):
        if number:
            shift.open_shift(desk.till, 0)
        end_shift(desk)
        made = save_due(desk.journal)
    assert made is not None
    assert (len(names(desk)), names_in(desk, made, member.member_id)) == (3, member.name)
    (desk.folder / FOLDER / "journal-00000009.part").write_bytes(b"cut off")
    erased = replace(member, name="", phone="")
    change = wire.Change("member", member.member_id, codec.to_plain(erased))
    apply.apply_page(desk.journal, wire.ChangesAnswer("c", False, EPOCH, NOON, (change,), 0))
    assert save_due(desk.journal) == made
    assert (names(desk), names_in(desk, made, member.member_id)) == ([made.name], "")
    apply.apply_page(desk.journal, wire.ChangesAnswer("c", False, EPOCH, NOON, (change,), 0))
    made.write_bytes(b"kept")
    assert save_due(desk.journal) is None, "who was not known any more is in no copy"
    assert made.read_bytes() == b"kept"
