"""A till with a cashier at it, closed again after each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pos_app.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A paired till in Shenzhen, cashier signed in, shift open; server answering."""
    made = Desk(tmp_path / "till")
    yield made
    made.stop()


@pytest.fixture
def barcelona(tmp_path: Path) -> Iterator[Desk]:
    """The same in Barcelona."""
    made = Desk(tmp_path / "barcelona", "EUR")
    yield made
    made.stop()
