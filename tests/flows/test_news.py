"""What changes at HQ shows at a till that runs by itself, without waiting for its interval."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_app.sync import listener, loop
from sync_server.catalogue import writes
from sync_server.database.engine import PLATFORM, Pool, transaction
from tests.flows.house import House, wait_for
from tests.flows.till import Counter


def rename(house: House, till: Counter, name: str) -> None:
    """HQ gives the first product another name."""
    product = till.till.journal.catalogue.products[0]

    async def put(pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            assert await writes.put(connection, replace(product, names={**product.names, "zh-CN": name}))

    house.do(put)


def test_a_change_shows_while_the_interval_is_far_off(
    house: House, till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PULL_SECONDS", "HEARD_SECONDS", "_NET_SECONDS"):
        monkeypatch.setattr(loop, name, 600.0)
    monkeypatch.setattr(listener, "REST_SECONDS", 0.1)
    till.app.start_background()
    before = till.till.journal.catalogue.products[0].names["zh-CN"]
    for name in ("First", "Second", before):
        rename(house, till, name)
        wait_for(lambda name=name: till.till.journal.catalogue.products[0].names["zh-CN"] == name, name)  # type: ignore[misc]
    sold = len(till.recorded)
    till.sell()
    wait_for(lambda: till.recorded[-1].state == "accepted" and len(till.recorded) == sold + 1, "a push beside it")
