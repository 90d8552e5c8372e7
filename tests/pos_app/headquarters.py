"""What head office signs for a till of the tests: risk policies and members' offline codes."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import codec
from models.catalogue import RiskPolicy, SignedPolicy
from models.tokens import SnapshotCode, encode_snapshot
from models.wire import POLICY_CONTEXT, ServerKey
from tests.pos_app.ui.shop import Shop, card_ref, uid

KEY_ID = "srv1"
SERVER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
POLICY = RiskPolicy(uid(0x71), uid(0), 1, 1, 2, 20, 86_400, 86_400)
PASS_TEN = uid(0x901)


def trust(shop: Shop) -> None:
    """The till learns the server's public key."""
    public = base64.b64encode(SERVER_KEY.public_key().public_bytes_raw()).decode()
    shop.mirrored("server_key", KEY_ID, ServerKey(KEY_ID, public))


def allow(shop: Shop, policy: RiskPolicy = POLICY, signer: Ed25519PrivateKey = SERVER_KEY) -> None:
    """HQ signs a policy for this store."""
    body = codec.encode(replace(policy, store_id=shop.store.store_id)).decode()
    signature = signer.sign(POLICY_CONTEXT + body.encode())
    shop.mirrored("policy", shop.store.store_id, SignedPolicy(body, KEY_ID, base64.b64encode(signature).decode()))


def snapshot(
    shop: Shop, member: int = 1, uses: int = 6, pass_id: str = PASS_TEN, age_seconds: int = 60, **changes: Any
) -> str:
    """A member's signed offline code."""
    issued = shop.clock.now() - timedelta(seconds=age_seconds)
    code = SnapshotCode(
        card_ref(member), issued, issued + timedelta(days=7), "00112233aabbccdd", 0, KEY_ID, ((pass_id, uses),)
    )
    return encode_snapshot(replace(code, **changes), SERVER_KEY.sign)
