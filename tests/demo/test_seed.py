"""The demo's shops are written once; writing them again changes nothing."""

from __future__ import annotations

from demo.seed import seed
from demo.shops import shops
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from tests.sync_server.api.conftest import running_server
from tests.sync_server.till import rows


def test_writing_it_again_changes_nothing(database: DatabaseUrls, keys: Keyring) -> None:
    with running_server(database, keys) as running:
        assert running.do(lambda _: seed(running.rooms))
        assert not running.do(lambda _: seed(running.rooms))
        found = running.do(lambda pool: rows(pool, "SELECT store_id::text, version FROM app.risk_policies ORDER BY 1"))
    assert found == sorted((shop.store.store_id, 1) for shop in shops())
