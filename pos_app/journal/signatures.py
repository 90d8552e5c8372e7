"""Check what the server signed against the keys that this till learnt from it.

Rule: one place says whether a signature holds. Not here: whether those keys are still the ones it learnt (`trust`).
"""

import base64
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from models import codec
from models.refusals import Refusal
from models.wire import Revocation, ServerKey, revocation_message
from pos_app.journal.tables import MIRROR


def server_keys(rows: Connection) -> dict[str, str]:
    """Return the server's public keys, id -> base64; one that cannot be read is no key."""
    found = {}
    for key_id, text in rows.execute(select(MIRROR.c.key, MIRROR.c.value).where(MIRROR.c.kind == "server_key")):
        try:
            found[key_id] = codec.decode(ServerKey, text, newer_too=True).public_key
        except Refusal:
            continue
    return found


def holds(keys: Mapping[str, str], key_id: str, signature: str, message: bytes) -> bool | None:
    """Say whether this key of the server has signed these bytes; None when it is not among `keys` (id -> base64)."""
    try:
        return holds_raw(keys, key_id, base64.b64decode(signature, validate=True), message)
    except ValueError:
        return False if key_id in keys else None


def holds_raw(keys: Mapping[str, str], key_id: str, signature: bytes, message: bytes) -> bool | None:
    """Say the same of a signature that is bytes."""
    if key_id not in keys:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[key_id])).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def proves_revocation(rows: Connection, terminal_id: str, plain: object) -> bool:
    """Say whether this is the server's signed word that it has shut this terminal out."""
    try:
        said = codec.from_plain(Revocation, plain, newer_too=True)
    except Refusal:
        return False
    return (said.terminal_id, said.code) == (terminal_id, "terminal_revoked") and holds(
        server_keys(rows), said.key_id, said.signature, revocation_message(said)
    ) is True
