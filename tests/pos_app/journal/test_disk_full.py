"""A disk that is really full: a small file system of its own, where the machine lets us make one, else a file limit."""

import subprocess
import sys
from pathlib import Path

import pytest

_STORY = """
import os, resource, signal, sys
from datetime import timedelta
from pathlib import Path
from models import wire
from pos_app.journal import identity, retention
from pos_app.journal.tables import FACTS
from pos_app.sync import apply
from pos_app.journal.errors import DiskFull
from pos_app.errors import Trouble
from tests.pos_app.desk import EPOCH, Desk

folder, limited = Path(sys.argv[1]), sys.argv[2] == "limit"
desk = Desk(folder)
desk.sell()
if limited:  # no file of this process may grow beyond where the log stands now
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = max(path.stat().st_size for path in folder.glob("journal*")) + 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
else:
    ballast = folder.parent / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(65536)); file.flush()
        except OSError:
            pass
refused = 0
for _ in range(400):
    try:
        desk.sell()
    except Trouble as trouble:
        refused += 1
        assert limited or trouble.code == "disk_full", trouble.code
        if refused == 3:
            break
assert refused == 3, "the disk never became full"
recorded = len(desk.chain())
assert desk.broken() == []
if not limited:
    desk.acknowledge(recorded)  # syncing still goes on, on the reserve
    assert all(row.state == "accepted" for row in desk.facts())
    later = desk.clock.now() + timedelta(days=36)
    apply.apply_page(desk.journal, wire.ChangesAnswer("c9", False, EPOCH, later, (), recorded, None, recorded))
    with desk.journal.reading() as rows:
        assert identity.read_state(rows, "cursor") == "c9"
    retention._before_open_shift = lambda _: 10**9  # as if it had ended
    while desk.journal.compact():  # what shrinks the journal works on a full disk too
        pass
    assert not any(row["bytes"] for row in desk.table(FACTS))
    assert desk.broken() == []
    ballast.unlink()
    desk.sell()
    assert len(desk.facts()) == recorded + 1
    assert desk.broken() == []
desk.stop()
print("story told")
"""


def _tell(folder: Path, how: str) -> None:
    root = Path(__file__).parents[3]
    told = subprocess.run(
        [sys.executable, "-c", _STORY, str(folder), how],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "story told" in told.stdout, told.stderr[-3000:]


def test_file_size_limit(tmp_path: Path) -> None:
    """Writes that fail half-way leave whole facts only."""
    _tell(tmp_path / "till", "limit")


def test_small_file_system(tmp_path: Path) -> None:
    """Every sale is recorded or refused; what only empties the queue still works."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a small file system; test_file_size_limit ran")
    try:
        _tell(disk / "till", "disk")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
