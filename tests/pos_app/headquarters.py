"""What head office signs for a till of the tests: risk policies and members' offline codes."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import codec
from models.catalogue import RiskPolicy, SignedPolicy
from models.reservations import Reservation
from models.tokens import ReservationCode, SnapshotCode, encode_reservation, encode_snapshot
from models.wire import POLICY_CONTEXT, Change, ChangesAnswer, ServerKey
from pos_app.sync import apply
from pos_app.till.values import Changes
from tests.pos_app.ui.shop import EPOCH, NOON, Shop, card_ref, uid

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


def reserved(
    shop: Shop, number: int = 1, member: int = 1, uses: int = 1, hours: float = 12, **changes: Any
) -> ReservationCode:
    """Uses of the pass of ten set aside for this till; `changes` make another source of it."""
    issued = shop.clock.now() - timedelta(minutes=5)
    code = ReservationCode(
        uid(0xD500 + number), shop.journal.require_identity().terminal_id, uid(member), card_ref(member), "pass",
        PASS_TEN, uses, number, issued, shop.clock.now() + timedelta(hours=hours), KEY_ID, plan_id=uid(0xF00),
    )  # fmt: skip
    return replace(code, **changes)


def money(shop: Shop, amount: int = 5_000, number: int = 1, member: int = 1, **changes: Any) -> ReservationCode:
    """Money of the member's card set aside for this till, at 5 % off."""
    changes = {
        "source_kind": "card", "source_id": uid(0xCA00 + member), "plan_id": None, "card_type": "personal",
        "currency": shop.store.currency, "discount": "0.950", **changes,
    }  # fmt: skip
    return reserved(shop, number, member, amount, **changes)


def shown(code: ReservationCode, signer: Ed25519PrivateKey = SERVER_KEY) -> str:
    """The code as a member's phone shows it."""
    return encode_reservation(code, signer.sign)


def told(shop: Shop, code: ReservationCode, state: str = "open", used: int = 0, origin: str = "lease") -> None:
    """A pull brings what is set aside."""
    value = Reservation(code.reservation_id, shown(code), code.amount, used, code.expires_at, state, origin)
    pulled(shop, Change("reservation", code.reservation_id, codec.to_plain(value)))


def pulled(shop: Shop, *changes: Change, epoch: str = EPOCH, acknowledged_seq: int = 0) -> None:
    """A pull brings these changes, and ends."""
    answer = ChangesAnswer("c1", False, epoch, NOON, changes, acknowledged_seq)
    apply.apply_page(shop.journal, answer)
    shop.till.notify(Changes(members=True, outbox=True))
