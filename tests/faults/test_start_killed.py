"""A first start that is interrupted again and again, and at last succeeds."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from sync_server.database.processes import processes_in
from tests.faults.conftest import LAUNCHER, FaultyHouse
from tests.flows.house import wait_for
from tests.flows.till import Counter

_MIGRATING = "start: between two parts of a migration"
_MIGRATED = "start: migrated, before the pool is open"
TAKEN = (_MIGRATING, _MIGRATED)


def initdb_in(folder: Path) -> list[int]:
    """Process numbers of the initdb that makes this cluster."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"initdb") and f"--pgdata={folder}".encode() in words:
            found.append(int(entry.name))
    return found


@pytest.mark.timeout(180)
def test_a_first_start_survives_everything(tmp_path: Path) -> None:
    """initdb killed, the server killed in a migration, Postgres killed in a migration, the server killed before it
    listens: each start takes over what the one before left, and the last one is whole."""
    with FaultyHouse() as house:
        house.keys  # noqa: B018 - made first, so that the places are known
        cluster = house.postgres_data.with_name("data.new")
        launched = house.launch(LAUNCHER, house.environment())
        wait_for((cluster / "PG_VERSION").exists, "initdb is at work")
        for pid in initdb_in(cluster):
            os.kill(pid, signal.SIGKILL)
        assert house.ended_with() == 1
        assert "database_start_failed" in launched.log_end()

        house.plan(_MIGRATING)
        house.launch(LAUNCHER, house.environment())
        house.wait_killed(60)

        house.plan(f"{_MIGRATING}!postgres")
        launched = house.launch(LAUNCHER, house.environment())
        assert house.ended_with(60) == 1
        assert "database_unavailable" in launched.log_end()
        wait_for(lambda: not processes_in(house.postgres_data), "Postgres is gone")

        house.plan(_MIGRATED)
        house.launch(LAUNCHER, house.environment())
        house.wait_killed(60)

        house.run()
        house.open_shop()
        with Counter(house, tmp_path) as till:
            till.begin().sell()
            till.sync()
