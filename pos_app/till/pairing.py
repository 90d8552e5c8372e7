"""Pair this till with a server by a one-use code from HQ.

Rule: the key pair is made here and its private half never leaves the machine (sync.md, "Pairing and identity").
"""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import wire
from models.refusals import Refusal
from pos_app import addresses
from pos_app.journal import identity, trust
from pos_app.till.till import Till
from pos_app.till.values import Changes


def is_paired(till: Till) -> bool:
    """Say whether this till has an identity. Fast."""
    return till.journal.identity is not None


def pair(till: Till, server_url: str, code: str) -> None:
    """Introduce this till to the server at `server_url` with a one-use code.

    A till that its server no longer knows, because a restore lost the pairing, goes on with its key and its records
    when the code is for its own terminal. An address without a scheme means https. Refusals: `already_paired`,
    `server_address_wrong`, `pairing_code_wrong`, `pairing_code_expired`, `pairing_code_used`, `till_too_old`,
    `server_too_old`. Trouble: `server_unreachable`, `server_nonsense`.
    """
    known = till.journal.identity
    if known is not None and not _is_forgotten(till):
        raise Refusal("already_paired")
    try:
        address = addresses.server_url(server_url)
    except ValueError as error:
        raise Refusal("server_address_wrong") from error
    cleaned = "".join(code.split()).replace("-", "").upper()
    if not cleaned:
        raise Refusal("pairing_code_wrong")
    private_key = till.journal.keys.private_key()
    public_key = Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()
    request = wire.PairRequest(
        wire.PROTOCOL,
        cleaned,
        base64.b64encode(public_key).decode(),
        till.options.hardware,
        till.options.version,
        "" if known is None else known.terminal_id,
    )
    answer = till.gateway.pair(address, request, private_key)
    found = identity.Identity(answer.terminal_id, answer.terminal_code, answer.store.store_id, address)
    if known is not None and found.terminal_id != known.terminal_id:
        raise Refusal("already_paired")
    with till.journal.writing() as rows:
        if known is None:
            identity.begin(rows, found, answer)
            trust.seal(rows, till.journal.keys)
        else:  # the next cycle hears of the new epoch, as any till's does, and hands in again
            identity.set_server_url(rows, known, address)
            identity.write_state(rows, "refused", None)
    till.journal.reload()
    till.notify(Changes(full_reload=True))


def _is_forgotten(till: Till) -> bool:
    with till.journal.reading() as rows:
        return bool(identity.read_state(rows, "refused") == "key_unknown")
