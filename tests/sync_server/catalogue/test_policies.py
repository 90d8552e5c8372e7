"""Risk policies: signed over their exact text, versions only forward, delivered to their store alone."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import codec
from models.catalogue import RiskPolicy, SignedPolicy
from models.refusals import Refusal
from models.wire import POLICY_CONTEXT, ServerKey
from sync_server.catalogue import changes, policies
from sync_server.database.engine import Pool, transaction
from sync_server.fleet.terminals import PLATFORM
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import open_keys, verify_with
from tests.sync_server import world

pytestmark = pytest.mark.anyio

POLICY = RiskPolicy("0e000000-0000-7000-8000-000000000001", world.STORE, 1, 1, 2, 20, 86400, 86400)
NEWER = replace(POLICY, policy_id="0e000000-0000-7000-8000-000000000002", version=2, max_uses_terminal=5)
HERE = TerminalIdentity(world.TERMINAL, world.MERCHANT, world.STORE, "SZ1T01", b"\0" * 32)
ELSEWHERE = TerminalIdentity(world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE, "BC1T01", b"\0" * 32)


async def test_policy_as_a_till_gets_it(pool: Pool, tmp_path: Path) -> None:
    keys = open_keys(tmp_path / "keys", datetime.now(UTC))
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        assert await policies.publish_keys(connection, keys) == 1
        assert await policies.publish_keys(connection, keys) == 0
        for policy in (POLICY, NEWER):
            assert await policies.issue(connection, keys, policy, world.MERCHANT, datetime.now(UTC))
            assert not await policies.issue(connection, keys, policy, world.MERCHANT, datetime.now(UTC))
    page = await changes.page(pool, keys, HERE, "")
    values = {change.table: (change.key, change.value) for change in page.changes}
    key, value = values["policy"]
    signed = codec.from_plain(SignedPolicy, value)
    server_key = codec.from_plain(ServerKey, values["server_key"][1])
    assert (key, codec.decode(RiskPolicy, signed.body)) == (world.STORE, NEWER)
    assert server_key.key_id == signed.key_id
    raw, signature = base64.b64decode(server_key.public_key), base64.b64decode(signed.signature)
    assert verify_with(raw, POLICY_CONTEXT + signed.body.encode(), signature)
    assert not verify_with(raw, signed.body.encode(), signature)
    assert [change.table for change in (await changes.page(pool, keys, ELSEWHERE, "")).changes] == [
        "store",
        "server_key",
    ]


@pytest.mark.parametrize("wrong", [replace(NEWER, version=1), replace(NEWER, max_uses_terminal=-1)])
async def test_policy_that_is_refused(pool: Pool, tmp_path: Path, wrong: RiskPolicy) -> None:
    keys = open_keys(tmp_path / "keys", datetime.now(UTC))
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        assert await policies.issue(connection, keys, POLICY, world.MERCHANT, datetime.now(UTC))
        with pytest.raises(Refusal, match="policy_invalid"):
            await policies.issue(connection, keys, wrong, world.MERCHANT, datetime.now(UTC))
