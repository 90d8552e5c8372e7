"""The file for support: everything that helps, nothing that is anybody's."""

import json
import zipfile
from pathlib import Path

import pytest

from pos_app.__main__ import main
from pos_app.errors import Trouble
from pos_app.journal.store import FILE_NAME
from pos_app.support import write_bundle
from tests.pos_app.desk import PEOPLE, Desk


def read(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_a_running_till(desk: Desk, tmp_path: Path) -> None:
    desk.sell()
    desk.redeem()
    desk.acknowledge(2)
    desk.acknowledge(3, "held", "uses_exhausted")
    (desk.folder / "till.log").write_text("2026-11-20 WARNING something\n")
    (desk.folder / "crashes").mkdir()
    (desk.folder / "crashes" / "crash-20261120T060000Z-ABCD1234.txt").write_text("ValueError\n")
    parts = read(write_bundle(desk.folder, "1.2.3", tmp_path / "out.zip"))
    crash = "crashes/crash-20261120T060000Z-ABCD1234.txt"
    assert set(parts) == {"about.json", "journal.json", "verify.txt", "till.log", crash}
    about, journal = json.loads(parts["about.json"]), json.loads(parts["journal.json"])
    assert (about["version"], about["files"][FILE_NAME] > 0) == ("1.2.3", True)
    assert ["OrderPaid", "accepted", "", 1] in journal["facts"]
    assert ["PassRedeemed", "held", "uses_exhausted", 1] in journal["facts"]
    assert "holds chain (3)" in parts["verify.txt"]
    assert "BROKEN" not in parts["verify.txt"]


def test_it_says_nothing_of_anybody(desk: Desk, tmp_path: Path) -> None:
    done = desk.redeem()
    everything = "".join(read(write_bundle(desk.folder, "1", tmp_path / "out.zip")).values())
    secret = desk.journal.keys.private_key().hex()
    member = desk.member().member
    for text in (secret, member.member_id, member.name, done.slips[0], *(person[1] for person in PEOPLE)):
        assert text not in everything
    assert done.fact_id not in everything


def test_a_damaged_journal_is_told(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.sell()
    desk.stop()
    path = desk.folder / FILE_NAME
    path.write_bytes(b"garbage" * 1000)
    out = tmp_path / "out.zip"
    assert main(["bundle", "--data", str(desk.folder), "--out", str(out)]) == 0
    assert "trouble journal_damaged" in read(out)["verify.txt"]
    assert str(out) in capsys.readouterr().out
    assert path.read_bytes() == b"garbage" * 1000


def test_there_is_nothing_to_send(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Trouble, match="journal_missing"):
        write_bundle(tmp_path, "1")
    assert main(["bundle", "--data", str(tmp_path)]) == 3
    assert "There is no journal in" in capsys.readouterr().err


def test_it_cannot_be_written(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "nowhere" / "out.zip"
    assert main(["bundle", "--data", str(desk.folder), "--out", str(missing)]) == 3
    assert "--out" in capsys.readouterr().err
