"""Hold the newest head of the server's audit chain, so that nobody there can rewrite history unseen.

Rule: within one epoch a head never goes back, and only one that the server's key has signed is held. What is refused
is logged and changes nothing else: a till goes on selling. Not here: comparing it with the chain (the server does).
"""

import logging

from sqlalchemy import Connection

from models import codec
from models.wire import SealHead, seal_message
from pos_app.journal import identity, signatures

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
    if offered.epoch != epoch or not _signed(rows, offered):
        _log.error("the server's audit head %d is not signed as it should be; it is not taken", offered.seal_no)
        return False
    if ours is not None and ours.epoch == epoch and offered.seal_no <= ours.seal_no:
        _log.error(
            "the server's audit chain goes back from %d to %d; the head is not taken", ours.seal_no, offered.seal_no
        )
        return False
    identity.write_state(rows, _KEY, codec.to_plain(offered))
    return True


def _signed(rows: Connection, head: SealHead) -> bool:
    keys = signatures.server_keys(rows)
    return signatures.holds(keys, head.key_id, head.signature, seal_message(head)) is True
