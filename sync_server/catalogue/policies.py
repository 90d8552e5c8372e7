"""Risk policies and the server's public keys: what tills believe because the server signed it.

Rule: a policy is signed over its exact text; a new version counts up; every version is kept, since facts cite it.
"""

import base64
from datetime import datetime

from models import codec
from models.catalogue import RiskPolicy
from models.refusals import Refusal
from models.wire import POLICY_CONTEXT
from sync_server.catalogue.writes import note
from sync_server.database.engine import Connection
from sync_server.keys import Keyring


async def issue(connection: Connection, keys: Keyring, policy: RiskPolicy, merchant_id: str, now: datetime) -> bool:
    """Sign and store a policy for its store; False when it is the one in force.

    Refusal `policy_invalid` for a version that is not newer, or for a negative limit.
    """
    body = codec.encode(policy).decode()
    limits = (
        policy.max_uses_per_operation,
        policy.max_uses_per_member_day,
        policy.max_uses_terminal,
        policy.max_sync_age_seconds,
        policy.max_snapshot_age_seconds,
    )
    cursor = await connection.execute(
        "SELECT version, body FROM app.risk_policies WHERE store_id = %s ORDER BY version DESC LIMIT 1",
        [policy.store_id],
    )
    newest = await cursor.fetchone()
    if newest is not None and newest[1] == body:
        return False
    if min(limits) < 0 or policy.version <= (newest[0] if newest else 0):
        raise Refusal("policy_invalid", {"version": policy.version})
    key_id, signature = keys.sign(POLICY_CONTEXT + body.encode(), now)
    await connection.execute(
        "INSERT INTO app.risk_policies (policy_id, merchant_id, store_id, version, body, key_id, signature)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            policy.policy_id,
            merchant_id,
            policy.store_id,
            policy.version,
            body,
            key_id,
            base64.b64encode(signature).decode(),
        ],
    )
    await note(connection, "policy", policy.store_id, merchant_id, policy.store_id)
    return True


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
    return new
