"""A full disk under the till's own process and under the server's Postgres: refused before goods move, then whole.

Rule: small filesystems in memory, mounted for the test. Without the right to mount nothing here is shown, and the skip
says so; that a write fails at a till is shown without it by the simulator (tests/faults/simulator), at the server not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.till import sign_in
from tests.faults.conftest import FaultyHouse, OpenTill, catch_up
from tests.faults.crashes.kills import ran
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.till import Counter

TILL_MEGABYTES, SERVER_MEGABYTES = 24, 400


class SmallDisk:
    """A filesystem of a few megabytes that a test can fill to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Take everything that is left."""
        with (self.folder / "filler").open("wb") as filler:
            while (left := shutil.disk_usage(self.folder).free) > 0:
                with suppress(OSError):  # others took some of it meanwhile: look again
                    os.posix_fallocate(filler.fileno(), filler.seek(0, os.SEEK_END), left)

    def free(self) -> None:
        """Give it back."""
        (self.folder / "filler").unlink()


@contextmanager
def mounted(megabytes: int) -> Iterator[SmallDisk]:
    """A new one, below a path that others may enter."""
    folder = Path(tempfile.mkdtemp(prefix="tk-", dir="/tmp"))
    options = f"size={megabytes}m,mode=0711"
    tried = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        folder.rmdir()
        pytest.skip(f"NOT SHOWN HERE, a full disk: no right to mount ({tried.stderr.strip()}); run it as root")
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: what a failed test left open must not keep it mounted.
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def test_under_a_till(house: FaultyHouse, tmp_path: Path) -> None:
    """Its process refuses the sale and keeps the queue; handing in and paper still work; with room it sells again."""
    if not house.running:
        house.run()
    with mounted(TILL_MEGABYTES) as disk:
        (tmp_path / "till").symlink_to(disk.folder / "data")
        (disk.folder / "data").mkdir(mode=0o700)
        with Counter(house, tmp_path) as till:
            person = house.member({shop.TEN: 3})
            till.begin()
            till.network.down()
            for _ in range(3):
                till.sell()
            waiting = till.recorded
            disk.fill()
            for action, more in (
                ("sell", {"product": shop.TEA}),
                ("top_up", {"phone": person.phone, "amount_minor": 1000}),
                ("sell_pass", {"phone": person.phone, "plan": shop.TEN}),
            ):
                ended = ran(till, "", action, **more)
                assert (ended.returncode, "disk_full" in ended.stderr) == (1, True), ended.stderr[-2000:]
            till.network.up()
            till.open()
            assert till.recorded == waiting
            code = house.short_code(person)
            sign_in.sign_in(till.till, shop.PIN)
            with pytest.raises(Trouble, match="disk_full"):
                till.redeem(till.scan(code), shop.TEN)
            assert house.uses_left(person.passes[shop.TEN]) == 3
            till.print_all()
            till.sync()
            assert {item.state for item in till.recorded} == {"accepted"}
            disk.free()
            till.sell()
            assert till.redeem(till.scan(code), shop.TEN).evidence == "online"
            till.print_all()
            till.sync()
            all_is_well(house, till)


@pytest.mark.timeout(180)
def test_under_the_server(open_till: OpenTill, tmp_path: Path) -> None:
    """It acknowledges nothing that it cannot keep, gives nothing away, and takes everything when there is room."""
    del open_till
    with mounted(SERVER_MEGABYTES) as disk, FaultyHouse() as house:
        house.data = disk.folder / "data"
        house.run()
        house.open_shop()
        with Counter(house, tmp_path) as till:
            till.begin()
            person = house.member({shop.TEN: 2000})
            till.sync()
            for _ in range(300):
                till.sell()
            disk.fill()
            till.app.sync.cycle()
            waiting, given = till.pending, 0
            assert waiting
            while given < 2000:  # a few still fit into pages that are there
                try:
                    till.redeem(till.member(person), shop.TEN)
                except Refusal as refusal:
                    if refusal.code != "offline_needs_signed_code":
                        raise
                    break
                given += 1
            assert given < 2000
            disk.free()
            till.app.start_background()
            catch_up(till)
            assert house.uses_left(person.passes[shop.TEN]) == 2000 - given
            assert {item.state for item in till.recorded} == {"accepted"}
            assert till.redeem(till.member(person), shop.TEN).evidence == "online"
            till.sync()
            all_is_well(house, till)
