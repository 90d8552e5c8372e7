"""Risk policies: signed over their exact text, versions only forward, delivered to their store alone."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from models import codec
from models.catalogue import INSTRUMENTS, RiskCaps, RiskPolicy, SignedPolicy
from models.refusals import Refusal
from models.wire import POLICY_CONTEXT, ServerKey
from sync_server.catalogue import changes, policies
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import new_keyring, open_keys, verify_with
from sync_server.ledger.reservations import reserve
from sync_server.ledger.units import Act
from sync_server.reports import risk
from tests.sync_server import world
from tests.sync_server.hq import AUDITOR, FINANCE, HQ, OWNER, STRANGER, SUPPORT, employ
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.till import FakeTill, build_shop

pytestmark = pytest.mark.anyio

POLICY = RiskPolicy("0e000000-0000-7000-8000-000000000001", world.STORE, 1, 1, 2, 20, 86400, 86400)
NEWER = replace(POLICY, policy_id="0e000000-0000-7000-8000-000000000002", version=2, max_uses_terminal=5)
HERE = TerminalIdentity(world.TERMINAL, world.MERCHANT, world.STORE, "SZ1T01", b"\0" * 32)
ELSEWHERE = TerminalIdentity(world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE, "BC1T01", b"\0" * 32)


async def test_policy_as_a_till_gets_it(pool: Pool, tmp_path: Path) -> None:
    keys = open_keys(tmp_path / "keys", datetime.now(UTC))
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        assert await policies.publish_keys(connection, keys) == 2
        assert await policies.publish_keys(connection, keys) == 0
    for policy in (POLICY, NEWER):
        act = Act(policy.policy_id, bytes(32))
        done = await policies.put_in_force(pool, keys, OPERATOR, act, policy, datetime.now(UTC))
        assert (done["outcome"], done["version"]) == ("accepted", policy.version)
    async with transaction(pool, PLATFORM) as connection:
        audited = await (await connection.execute(
            "SELECT subject, data ->> 'version' FROM audit.event_log"
            " WHERE event = 'policy_issued' ORDER BY xid, event_id"
        )).fetchall()  # fmt: skip
    assert audited == [(world.STORE, "1"), (world.STORE, "2")]
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
        "sealing_key",
        "server_key",
    ]


@pytest.mark.parametrize(
    "wrong", [replace(POLICY, max_uses_terminal=-1), replace(POLICY, max_uses_terminal=policies.HIGHEST_CAP + 1)]
)
async def test_policy_that_is_refused(pool: Pool, tmp_path: Path, wrong: RiskPolicy) -> None:
    keys = open_keys(tmp_path / "keys", datetime.now(UTC))
    await world.build(pool)
    with pytest.raises(Refusal, match="policy_invalid"):
        await policies.put_in_force(pool, keys, OPERATOR, Act("k", bytes(32)), wrong, datetime.now(UTC))


async def test_the_program_cannot_write_a_policy_past_its_function(pool: Pool) -> None:
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(
                "INSERT INTO app.risk_policies (policy_id, merchant_id, store_id, version, body, key_id, signature)"
                " VALUES (%s, %s, %s, 7, '{}', 'k', 's')",
                [POLICY.policy_id, world.MERCHANT, world.STORE],
            )


CAPS = {"uses": RiskCaps(1, 2, 20, 86400, 3600), "personal_card": RiskCaps(1000, 2000, 5000, 3600, 60)}


def next_policy(version: int, caps: dict[str, RiskCaps] | None = None) -> RiskPolicy:
    return policies.policy_of(str(uuid4()), world.STORE, version, CAPS if caps is None else caps)


async def test_hq_puts_the_next_version_in_force_once(pool: Pool) -> None:
    await world.build(pool)
    await employ(pool)
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
    act, policy = Act("k1", b"\1" * 32), next_policy(1)
    first = await policies.put_in_force(pool, keys, HQ, act, policy, datetime.now(UTC))
    again = await policies.put_in_force(pool, keys, HQ, act, next_policy(1), datetime.now(UTC))
    assert first == again == {"outcome": "accepted", "version": 1}
    other = await policies.put_in_force(pool, keys, HQ, Act("k1", b"\2" * 32), policy, datetime.now(UTC))
    late = await policies.put_in_force(pool, keys, OWNER, Act("k2", b"\1" * 32), next_policy(1), datetime.now(UTC))
    assert (other["code"], late["code"], late["data"]) == ("content_differs", "policy_changed", {"version": 1})
    (page,) = [change for change in (await changes.page(pool, keys, HERE, "")).changes if change.table == "policy"]
    signed = codec.from_plain(SignedPolicy, page.value)
    assert codec.decode(RiskPolicy, signed.body) == policy
    assert policy.caps("personal_card") == CAPS["personal_card"]
    assert "tickets" not in signed.body  # so that a till before them can read it
    assert keys.verify(signed.key_id, POLICY_CONTEXT + signed.body.encode(), base64.b64decode(signed.signature))
    async with transaction(pool, PLATFORM) as connection:
        found = await (await connection.execute(
            "SELECT principal_id, merchant_id::text, data ->> 'version' FROM audit.event_log"
            " WHERE event = 'policy_issued'"
        )).fetchall()  # fmt: skip
    assert found == [(HQ.principal_id, world.MERCHANT, "1")]


async def test_who_may_set_a_policy(pool: Pool) -> None:
    await world.build(pool)
    await employ(pool)
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
    for number, claims in enumerate((FINANCE, SUPPORT, AUDITOR)):
        act = Act(f"k{number}", b"\1" * 32)
        for _ in range(2):
            said = await policies.put_in_force(pool, keys, claims, act, next_policy(1), datetime.now(UTC))
            assert said["code"] == "permission_missing"
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        await policies.put_in_force(pool, keys, STRANGER, Act("k", b"\1" * 32), next_policy(1), datetime.now(UTC))


async def test_two_who_set_one_policy_at_once(pool: Pool) -> None:
    await world.build(pool)
    await employ(pool)
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
    said = await asyncio.gather(*(
        policies.put_in_force(pool, keys, HQ, Act(f"k{number}", b"\1" * 32), next_policy(1), datetime.now(UTC))
        for number in range(4)
    ))  # fmt: skip
    assert sorted(one.get("code", "") for one in said) == ["", "policy_changed", "policy_changed", "policy_changed"]


@pytest.mark.parametrize("caps", [RiskCaps(-1), RiskCaps(per_terminal=10**9 + 1), RiskCaps(sync_age_seconds=10**8)])
@pytest.mark.parametrize("instrument", INSTRUMENTS)
async def test_absurd_caps_are_refused(instrument: str, caps: RiskCaps) -> None:
    with pytest.raises(Refusal, match="policy_invalid"):
        policies.check_caps(next_policy(1, {instrument: caps}))


async def test_the_worst_case_is_caps_of_paired_tills_and_what_is_reserved(pool: Pool) -> None:
    await build_shop(pool)
    await employ(pool)
    till = await FakeTill(pool).pair()
    second = await FakeTill(pool, world.SECOND_TERMINAL, "SZ1T02", keys=till.keys).pair()
    sold = till.sell_pass()
    await till.push()
    async with transaction(pool, HQ) as connection:
        stores = await risk.policies(connection)
        assert [(one.store_name, one.terminals, one.policy) for one in stores] == [("测试店", 2, None)]
        assert await risk.worst_case(connection, stores) == ()
    caps = {"uses": RiskCaps(1, 2, 20, 86400, 3600), "tickets": RiskCaps(0, 5, 5, 1, 1)}
    await policies.put_in_force(pool, till.keys, HQ, Act("k", b"\1" * 32), next_policy(1, caps), datetime.now(UTC))
    expires = datetime.now(UTC) + timedelta(days=1)
    async with transaction(pool, OPERATOR) as connection:
        await reserve(connection, Act("r", b"\1" * 32), world.SECOND_TERMINAL, "pass", sold.pass_id, 4, expires)
    async with transaction(pool, HQ) as connection:
        worst = await risk.worst_case(connection, await risk.policies(connection))
    assert [(one.unit, one.caps, one.reserved, one.total) for one in worst] == [
        ("use", 40, 4, 44)
    ]  # a cap of 0 per operation allows no ticket
    assert second.status == "paired"
