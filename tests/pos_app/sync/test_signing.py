"""Signatures: the exact string of docs/protocol.md, checked without the library that made it."""

import base64
import hashlib
import re
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.wire import head_message
from pos_app.sync.signing import signature_headers, signed_head

KEY = bytes(range(32))
CREATED = datetime(2026, 11, 20, 6, 32, 0, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("method", "url", "body", "query"),
    [
        ("POST", "https://t.example/v1/terminals/me/facts", b"\x1f\x8bbody", "?"),
        ("GET", "http://127.0.0.1:8000/v1/terminals/me/changes?after=c1", b"", "?after=c1"),
        ("GET", "http://127.0.0.1:8000/v1/terminals/me/changes?after=", b"", "?after="),
    ],
)
def test_the_signed_string(method: str, url: str, body: bytes, query: str) -> None:
    headers = signature_headers(method, url, body, "till-1", KEY, CREATED, "n" * 20)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert headers["Content-Digest"] == f"sha-256=:{digest}:"
    parameters = headers["Signature-Input"].removeprefix("till=")
    assert set(re.findall(r";(\w+)=", parameters)) == {"created", "keyid", "alg", "nonce"}
    assert f";created={int(CREATED.timestamp())}" in parameters
    path = url.split("/", 3)[3].split("?", maxsplit=1)[0]
    signed = (
        f'"@method": {method}\n"@path": /{path}\n"@query": {query}\n'
        f'"content-digest": sha-256=:{digest}:\n"@signature-params": {parameters}'
    )
    signature = base64.b64decode(headers["Signature"].removeprefix("till=:").removesuffix(":"))
    Ed25519PrivateKey.from_private_bytes(KEY).public_key().verify(signature, signed.encode())


def test_the_head_is_bound_to_terminal_place_and_hash() -> None:
    head = signed_head("t1", 5, "ab" * 32, KEY)
    public = Ed25519PrivateKey.from_private_bytes(KEY).public_key()
    public.verify(base64.b64decode(head.signature), head_message("t1", 5, "ab" * 32, ""))
    for other in (
        ("t2", 5, "ab" * 32, ""),
        ("t1", 6, "ab" * 32, ""),
        ("t1", 5, "ac" * 32, ""),
        ("t1", 5, "ab" * 32, "e"),
    ):
        with pytest.raises(InvalidSignature):
            public.verify(base64.b64decode(head.signature), head_message(*other))
