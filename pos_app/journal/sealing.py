"""Seal personal data at rest and find it again without opening it.

Rule: AES-256-GCM with a fresh nonce, bound to the row it belongs to; look-ups go over keyed hashes (domain.md,
"Personal data").
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.sealed_box import NONCE, SealedBox, box_key
from models.wire import SealingKey
from pos_app.journal.errors import KeyMissing

_NONCE_BYTES = 12
_INDEX_BYTES = 16


def seal_for_server(key: SealingKey, clear: bytes, context: bytes) -> bytes:
    """Return a box that only the server opens, and only where `context` says it belongs (models.sealed_box)."""
    receiver = base64.b64decode(key.public_key)
    sender = X25519PrivateKey.generate()
    shared = sender.exchange(X25519PublicKey.from_public_bytes(receiver))
    raw = sender.public_key().public_bytes_raw()
    return SealedBox(
        key.key_id, raw, AESGCM(box_key(shared, raw, receiver, context)).encrypt(NONCE, clear, None)
    ).pack()


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals with one key, indexes with another."""

    data_key: bytes
    index_key: bytes

    def seal(self, row_id: str, clear: bytes) -> bytes:
        """Return nonce and ciphertext; it opens only under the same `row_id`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.data_key).encrypt(nonce, clear, row_id.encode())

    def open(self, row_id: str, sealed: bytes) -> bytes:
        """Return the clear bytes; Trouble `key_missing` when key, row or bytes are not those that were sealed."""
        try:
            return AESGCM(self.data_key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row_id.encode())
        except InvalidTag as error:
            raise KeyMissing(storage="sealed row") from error

    def index(self, field: str, value: str) -> bytes:
        """Return the blind index of a value; equal values of one field have equal indexes."""
        return hmac.digest(self.index_key, f"{field}\x00{value}".encode(), hashlib.sha256)[:_INDEX_BYTES]
