"""A till whose sync speaks real HTTP to a double."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.clock import TillClock
from pos_app.journal import identity
from pos_app.sync.client import ServerClient
from pos_app.sync.loop import SyncLoop
from tests.pos_app.desk import Desk
from tests.pos_app.sync.double import Double


@dataclass
class Link:
    """Both ends of the line."""

    desk: Desk
    double: Double
    client: ServerClient
    loop: SyncLoop
    clock: TillClock
    reported: list[dict[str, bool]]

    def pending(self) -> int:
        return sum(row.state == "pending" for row in self.desk.facts())


@pytest.fixture
def link(desk: Desk) -> Iterator[Link]:
    """A till with some facts, and a server that has none of them."""
    public_key = Ed25519PrivateKey.from_private_bytes(desk.journal.keys.private_key()).public_key().public_bytes_raw()
    with Double(public_key) as double:
        with desk.journal.upkeep() as rows:
            identity.set_server_url(rows, desk.journal.require_identity(), double.address)
        desk.journal.reload()
        double.signer, double.terminal_id = desk.server_key, desk.journal.require_identity().terminal_id
        clock = TillClock(None, lambda anchor: identity.save_anchor(desk.journal, anchor))
        client = ServerClient(desk.journal, clock)
        reported: list[dict[str, bool]] = []
        loop = SyncLoop(desk.journal, client, lambda **what: reported.append(what), jitter=lambda: 0.5)
        yield Link(desk, double, client, loop, clock, reported)
        loop.stop()
        client.close()
