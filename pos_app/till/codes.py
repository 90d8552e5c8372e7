"""Check what the server signed and a member's phone shows, with the public keys that this till was told."""

from models.tokens import ReservationCode, SnapshotCode, decode_reservation, decode_snapshot
from pos_app.journal import signatures
from pos_app.till.till import Till


def read_snapshot(till: Till, text: str) -> SnapshotCode:
    """Check a member's offline code; the refusals of `models.tokens`."""
    return decode_snapshot(text, lambda *signed: holds(till, *signed), till.clock.now())


def read_reservation(till: Till, text: str, *, whenever: bool = False) -> ReservationCode:
    """Check a code by which something is set aside for this till, at any time with `whenever`.

    Refusals: those of `models.tokens`, `code_other_terminal` when it is set aside for another one.
    """
    now = None if whenever else till.clock.now()
    own = till.journal.require_identity().terminal_id
    return decode_reservation(text, lambda *signed: holds(till, *signed), now, own)


def holds(till: Till, key_id: str, message: bytes, signature: bytes) -> bool:
    """Say whether the server's key `key_id` made this signature."""
    return signatures.holds_raw(till.journal.catalogue.server_keys, key_id, signature, message) is True
