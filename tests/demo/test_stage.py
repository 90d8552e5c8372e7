"""Two demonstrations never share a folder."""

import fcntl
from pathlib import Path

import pytest

from demo.stage import AlreadyPlaying, alone, fresh_folder


def test_the_second_demonstration_is_sent_away_and_the_next_is_not(tmp_path: Path) -> None:
    with (
        alone(tmp_path / "demo"),
        pytest.raises(AlreadyPlaying, match="another demonstration"),
        alone(tmp_path / "demo"),
    ):
        raise AssertionError("the second one began")
    with alone(tmp_path / "demo"):
        pass


def test_a_folder_with_a_server_at_work_is_not_emptied(tmp_path: Path) -> None:
    home = tmp_path / "demo" / "server" / "postgres"
    home.mkdir(parents=True)
    with (home / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AlreadyPlaying, match="a server is running"):
            fresh_folder(tmp_path / "demo")
        assert home.exists()
    fresh_folder(tmp_path / "demo")
    assert list((tmp_path / "demo").iterdir()) == []
