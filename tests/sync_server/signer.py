"""A till's side of the wire, for tests only: sign as docs/protocol.md says, and let a test spoil any part of it.

Rule: written from the page, without the server's library, so that both sides are held to the same text.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import codec
from models.versions import CURRENT, HEADER
from models.wire import Problem

COMPONENTS = ("@method", "@path", "@query", "content-digest")


def digest(body: bytes) -> str:
    """The Content-Digest of a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@dataclass
class Signer:
    """A key and the id under which it speaks. `skew_seconds` puts its clock wrong."""

    key_id: str = "pair"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    skew_seconds: int = 0
    version: str = str(CURRENT)

    @property
    def public_key(self) -> bytes:
        """The raw public half."""
        return self.private.public_key().public_bytes_raw()

    def headers(
        self,
        method: str,
        target: str,
        body: bytes,
        *,
        nonce: str | None = None,
        components: tuple[str, ...] = COMPONENTS,
        alg: str = "ed25519",
        label: str = "till",
    ) -> dict[str, str]:
        """The headers of a signed request; `target` is path and query as sent."""
        path, _, query = target.partition("?")
        values = {"@method": method, "@path": path, "@query": f"?{query}", "content-digest": digest(body)}
        listed = " ".join(f'"{name}"' for name in components)
        created = int(time.time()) + self.skew_seconds
        parameters = (
            f'({listed});created={created};keyid="{self.key_id}";alg="{alg}";nonce="{nonce or secrets.token_hex(16)}"'
        )
        base = "".join(f'"{name}": {values[name]}\n' for name in components) + f'"@signature-params": {parameters}'
        signature = base64.b64encode(self.private.sign(base.encode())).decode()
        return {
            "Content-Digest": digest(body),
            "Signature-Input": f"{label}={parameters}",
            "Signature": f"{label}=:{signature}:",
        }


def send(
    address: str, signer: Signer, method: str, target: str, message: object = None, *, packed: bool = False
) -> httpx.Response:
    """Send a signed message as a till does."""
    body = b"" if message is None else message if isinstance(message, bytes) else codec.encode(message)
    headers = {HEADER: signer.version} | ({"Content-Type": "application/json"} if body else {})
    if packed:
        body = gzip.compress(body)
        headers["Content-Encoding"] = "gzip"
    headers |= signer.headers(method, target, body)
    return httpx.request(method, address + target, content=body, headers=headers, timeout=40)


def problem(response: httpx.Response) -> Problem:
    """The problem of a refused request; it must be one, and carry the id of its request."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    found = codec.decode(Problem, response.content)
    assert found.status == response.status_code
    assert found.request_id == response.headers["x-request-id"]
    assert found.type == f"urn:tillkeeper:problem:{found.code}"
    return found


def answer(response: httpx.Response, kind: Any) -> Any:
    """The message of an answer."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return codec.decode(kind, response.content)
