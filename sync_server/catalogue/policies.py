"""Risk policies and the server's public keys: what tills believe because the server signed it.

Rule: a policy is signed over its exact text; a new version counts up; every version is kept, since facts cite it.
"""

import base64
from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import datetime
from typing import Any, LiteralString

from models import codec
from models.catalogue import INSTRUMENTS, RiskCaps, RiskPolicy
from models.refusals import Refusal
from models.wire import POLICY_CONTEXT
from sync_server.catalogue.writes import note
from sync_server.database.engine import Claims, Connection, Pool, retrying, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID, Plain, call
from sync_server.ledger.units import Act

HIGHEST_CAP = 1_000_000_000
LONGEST_AGE_SECONDS = 400 * 86_400


def policy_of(policy_id: str, store_id: str, version: int, caps: Mapping[str, RiskCaps]) -> RiskPolicy:
    """Return a policy with these caps per instrument; one that is not named allows nothing."""
    others: dict[str, Any] = {name: caps[name] for name in INSTRUMENTS if name != "uses" and name in caps}
    return replace(RiskPolicy(policy_id, store_id, version, *astuple(caps.get("uses", RiskCaps()))), **others)


def body_of(policy: RiskPolicy) -> str:
    """Return the text to sign. Instruments that allow nothing are left out, so that older tills can read it too."""
    plain = codec.to_plain(policy)
    empty = {name for name in INSTRUMENTS if name in plain and getattr(policy, name) == RiskCaps()}
    return codec.encode({name: value for name, value in plain.items() if name not in empty}).decode()


def check_caps(policy: RiskPolicy) -> None:
    """Refusal `policy_invalid` {instrument} for a negative or absurd cap."""
    for name in INSTRUMENTS:
        *caps, sync_age, snapshot_age = astuple(policy.caps(name))
        if min(*caps, sync_age, snapshot_age) < 0 or max(caps) > HIGHEST_CAP:
            raise Refusal("policy_invalid", {"instrument": name, "version": policy.version})
        if max(sync_age, snapshot_age) > LONGEST_AGE_SECONDS:
            raise Refusal("policy_invalid", {"instrument": name, "version": policy.version})


async def put_in_force(pool: Pool, keys: Keyring, claims: Claims, act: Act, policy: RiskPolicy, now: datetime) -> Plain:
    """Sign a store's next policy and put it in force, once per key: {outcome, version}; audited, noted for its tills.

    By the platform and the roles hq and merchant_owner. Refused: policy_changed {version} when `policy.version` does
    not follow the newest, permission_missing, store_unknown. Raises Refusal `policy_invalid`.
    """
    check_caps(policy)
    body = body_of(policy)
    key_id, signature = keys.sign(POLICY_CONTEXT + body.encode(), now)
    statement: LiteralString = "SELECT app.issue_policy(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s)"
    values = [
        LEDGER_ID, act.key, act.content_hash, policy.policy_id, policy.store_id, policy.version, body, key_id,
        base64.b64encode(signature).decode(),
    ]  # fmt: skip

    async def once() -> Plain:
        async with transaction(pool, claims) as connection:
            outcome: Plain = await call(connection, statement, values)
            return outcome

    return await retrying(once)


async def publish_keys(connection: Connection, keys: Keyring) -> int:
    """Make every public key known to the tills, before it is used; returns how many were new."""
    new = 0
    for key in keys.public_keys():
        cursor = await connection.execute(
            "INSERT INTO app.server_keys (key_id, public_key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [key.id, key.raw],
        )
        if cursor.rowcount:
            await note(connection, "server_key", key.id, None, None)
            new += 1
    for key in keys.sealing_keys():
        cursor = await connection.execute(
            "INSERT INTO app.sealing_keys (key_id, public_key, use_from) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key.id, key.raw, key.use_from],
        )
        if cursor.rowcount:
            await note(connection, "sealing_key", key.id, None, None)
            new += 1
    return new
