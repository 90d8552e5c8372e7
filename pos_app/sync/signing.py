"""Sign what a terminal sends: HTTP Message Signatures (RFC 9421), and the head of its chain.

Rule: pure but for the library; key, time and nonce are arguments. Source: docs/protocol.md.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from models import wire


@dataclass
class _Message:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, private_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002 - one key, one id
        return self._key


def signature_headers(
    method: str, url: str, body: bytes, key_id: str, private_key: bytes, created: datetime, nonce: str
) -> dict[str, str]:
    """Return `Content-Digest`, `Signature-Input` and `Signature` for a request; `body` is as sent, after gzip."""
    message = _Message(method, url)
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(private_key))
    covered = tuple(name for name in wire.SIGNED_COMPONENTS if name != "content-digest")
    signer.sign(
        message,
        key_id=key_id,
        created=created,
        nonce=nonce,
        label=wire.SIGNATURE_LABEL,
        covered_component_ids=covered,
        body=body,
    )
    return message.headers


def signed_head(terminal_id: str, seq: int, fact_hash: str, private_key: bytes) -> wire.Head:
    """Return the end of a chain as its till signs it."""
    message = wire.head_message(terminal_id, seq, fact_hash, "")
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(message)
    return wire.Head(seq, fact_hash, base64.b64encode(signature).decode())
