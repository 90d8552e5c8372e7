"""Check the HTTP message signature (RFC 9421) of a request; the profile is in docs/protocol.md.

Rule: pure but for the key it is given: no database, no clock. Nothing of a request is believed before `verify`.
Not here: whether a nonce was seen before and whether the terminal is revoked (doorkeeper).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

from models.refusals import Refusal
from models.wire import MAX_CLOCK_SKEW_SECONDS, SIGNATURE_LABEL, SIGNED_COMPONENTS

MAX_HEADER_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The parts of a request that a signature covers, or that carry it. `url` is absolute; its host is not covered."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """What a signature that holds says about its making."""

    created: datetime
    nonce: str


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its own clock: age is checked by `check_age`, against server time."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Leave time to `check_age`."""


def claimed_key_id(request: SignedRequest) -> str:
    """Return the key id of a request's one signature, unproven; Refusals `signature_missing`, `signature_invalid`."""
    inputs, signature = request.headers.get("signature-input", ""), request.headers.get("signature", "")
    if not inputs or not signature:
        raise Refusal("signature_missing")
    if len(inputs) > MAX_HEADER_CHARACTERS or len(signature) > MAX_HEADER_CHARACTERS:
        raise Refusal("signature_invalid", {"part": "signature-input"})
    try:
        parsed: Any = http_sf.parse(inputs.encode("ascii"), tltype="dictionary")
        (label,) = parsed
        _, parameters = parsed[label]
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal("signature_invalid", {"part": "signature-input"}) from error
    key_id = parameters.get("keyid")
    if label != SIGNATURE_LABEL or not isinstance(key_id, str):
        raise Refusal("signature_invalid", {"part": "signature-input"})
    return key_id


def verify(request: SignedRequest, key_id: str, public_key: bytes) -> Proof:
    """Check signature, coverage and digest under this key; Refusal `signature_invalid` with the `part` that fails."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError as error:
        raise Refusal("signature_invalid", {"part": "key"}) from error
    resolver: HTTPSignatureKeyResolver = MappingKeyResolver(public_keys={key_id: key}, private_keys={})
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=resolver)
    try:
        results = verifier.verify(request, max_age=None, require_components=SIGNED_COMPONENTS)
    except HTTPMessageSignaturesException as error:
        raise Refusal("signature_invalid", {"part": "signature"}) from error
    try:
        (result,) = verifier.verify_body(request, results, request.body)
    except (InvalidSignature, HTTPMessageSignaturesException) as error:
        raise Refusal("signature_invalid", {"part": "content-digest"}) from error
    created, nonce = result.parameters.get("created"), result.nonce
    if not isinstance(created, int) or not 0 < created < 1 << 37 or nonce is None or not 16 <= len(nonce) <= 64:
        raise Refusal("signature_invalid", {"part": "signature-input"})
    return Proof(datetime.fromtimestamp(created, UTC), nonce)


def check_age(proof: Proof, now: datetime) -> None:
    """Refusal `request_expired` with the seconds (created − now) when the request is too old or from the future."""
    skew_seconds = round((proof.created - now).total_seconds())
    if abs(skew_seconds) > MAX_CLOCK_SKEW_SECONDS:
        raise Refusal("request_expired", {"skew_seconds": skew_seconds})
