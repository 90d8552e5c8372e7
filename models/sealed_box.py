"""The form of what a till seals for the server: key id (4 bytes), sender's X25519 key (32), AES-256-GCM text and tag.

Rule: pure; the curve and the cipher are the callers' (pos_app.journal.sealing, sync_server.keys). Each box has a key of
its own, from a fresh X25519 exchange by HKDF-SHA256 (RFC 5869), so the nonce is always `NONCE`.
"""

import hmac
from dataclasses import dataclass

from models.refusals import Refusal

NONCE = bytes(12)
_LABEL = b"tillkeeper/sealed-box/1\x00"
_ID_BYTES, _KEY_BYTES, _TAG_BYTES = 4, 32, 16


@dataclass(frozen=True, slots=True)
class SealedBox:
    """`key_id`: 8 hex digits of the server's key; `sender`: 32 raw bytes, made for this box alone."""

    key_id: str
    sender: bytes
    ciphertext: bytes

    def pack(self) -> bytes:
        """Return the bytes that travel."""
        return bytes.fromhex(self.key_id) + self.sender + self.ciphertext


def unpack(data: bytes) -> SealedBox:
    """Read a box; Refusal `request_malformed` for what is too short to be one."""
    start = _ID_BYTES + _KEY_BYTES
    if len(data) < start + _TAG_BYTES:
        raise Refusal("request_malformed", {"pointer": ""})
    return SealedBox(data[:_ID_BYTES].hex(), data[_ID_BYTES:start], data[start:])


def box_key(shared: bytes, sender: bytes, receiver: bytes, context: bytes) -> bytes:
    """Return the 32-byte key of a box from the X25519 secret and both public keys; `context` binds it to its place."""
    secret = hmac.digest(sender + receiver, shared, "sha256")
    return hmac.digest(secret, _LABEL + context + b"\x01", "sha256")


def person_context(fact_id: str, member_id: str) -> bytes:
    """Return what a person's box is bound to: it opens beside its own fact only."""
    return f"person\x00{fact_id}\x00{member_id}".encode()
