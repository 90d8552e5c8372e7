"""What a till finds out about itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.errors import Trouble
from pos_app.till import self_check
from tests.pos_app.ui.shop import NOON, PEOPLE, PRODUCTS, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.stop()


def test_the_server_is_asked_and_its_time_compared(shop: Shop) -> None:
    assert self_check.reach(shop.till) == self_check.Reached(1, 0.0)
    shop.clock.moment = NOON + timedelta(seconds=90)
    assert self_check.reach(shop.till).ahead_seconds == 90.0
    shop.server.slow = lambda: shop.clock.pass_by(0.4)
    found = self_check.reach(shop.till)
    assert found.milliseconds == 400
    assert found.ahead_seconds == pytest.approx(90.2)
    shop.server.reachable = False
    with pytest.raises(Trouble) as trouble:
        self_check.reach(shop.till)
    assert trouble.value.code == "server_unreachable"


def test_what_came_so_far_is_counted(shop: Shop, tmp_path: Path) -> None:
    found = self_check.loaded(shop.till)
    assert (found.whole, found.products, found.staff, found.members) == (True, len(PRODUCTS), 1, len(PEOPLE))
    assert found.records > found.products + found.staff + found.members
    fresh = Shop(tmp_path / "fresh", paired=False)
    assert self_check.loaded(fresh.till) == self_check.Loaded(False, 0, 0, 0, 0)
    fresh.stop()


def test_the_journal_is_read_through_while_it_is_open(shop: Shop) -> None:
    found = self_check.stored(shop.till)
    assert found.facts == 0
    assert found.free_bytes > 0


def test_a_damaged_journal_is_told(shop: Shop) -> None:
    shop.journal.close()
    path = shop.journal.path
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 6] = bytes(4096 * 4)
    path.write_bytes(data)
    with pytest.raises(Trouble) as trouble:
        self_check.stored(shop.till)
    assert trouble.value.code == "journal_damaged"
