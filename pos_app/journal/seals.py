"""Hold the newest head of the server's audit chain, so that nobody there can rewrite history unseen.

Rule: within one epoch a head never goes back, and only one that the server's key has signed is held. What is refused
is told to HQ and changes nothing else: a till goes on selling. Not here: comparing it with the chain (the server does).
"""

import logging

from sqlalchemy import Connection

from models import codec
from models.wire import SealHead, TillAlarm, seal_message
from pos_app.journal import identity, signatures, tampering

_KEY = "seal"
_log = logging.getLogger(__name__)


def held(rows: Connection) -> SealHead | None:
    """Return the head this till holds."""
    found = identity.read_state(rows, _KEY)
    return None if found is None else codec.from_plain(SealHead, found)


def take(rows: Connection, offered: SealHead | None, epoch: str) -> bool:
    """Hold the head that an answer of this epoch brought, when it is newer and signed; True when it is held now."""
    if offered is None:
        return False
    ours = held(rows)
    if ours == offered:
        return True
    keys = signatures.server_keys(rows)
    signed = signatures.holds(keys, offered.key_id, offered.signature, seal_message(offered))
    if offered.epoch != epoch or not signed:
        _log.error("the server's audit head %d is not signed as it should be; it is not taken", offered.seal_no)
        if signed is False:  # a key that the next pull brings is no forgery
            _refuse(rows, ours)
        return False
    if ours is not None and ours.epoch == epoch and offered.seal_no <= ours.seal_no:
        _log.error(
            "the server's audit chain goes back from %d to %d; the head is not taken", ours.seal_no, offered.seal_no
        )
        _refuse(rows, ours)
        return False
    identity.write_state(rows, _KEY, codec.to_plain(offered))
    return True


def _refuse(rows: Connection, ours: SealHead | None) -> None:
    """Tell HQ once for each head that this till holds: the next answers bring the same."""
    tampering.note_once(rows, TillAlarm("seal_refused", 0 if ours is None else ours.seal_no))
