"""Two demonstrations never share a folder."""

from pathlib import Path

import pytest

from demo.stage import AlreadyPlaying, alone


def test_the_second_demonstration_is_sent_away_and_the_next_is_not(tmp_path: Path) -> None:
    with (
        alone(tmp_path / "demo"),
        pytest.raises(AlreadyPlaying, match="another demonstration"),
        alone(tmp_path / "demo"),
    ):
        raise AssertionError("the second one began")
    with alone(tmp_path / "demo"):
        pass
