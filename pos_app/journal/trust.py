"""Know again the server's keys that this till learnt, for they stand in the file that they protect.

Rule: written at pairing, and by a pull that found them unchanged; the code of the check is made with a key that lives
outside the journal (`keys`). Whoever edits the file alone cannot put a key of his own among them.
"""

import hmac
import json

from sqlalchemy import Connection, select

from pos_app.journal import identity
from pos_app.journal.keys import Keys
from pos_app.journal.tables import MIRROR

_STATE = "server_keys"


def seal(rows: Connection, keys: Keys) -> None:
    """Vouch for the server's keys as they stand now."""
    code = _code(rows, keys)
    if identity.read_state(rows, _STATE) != code:
        identity.write_state(rows, _STATE, code)


def holds(rows: Connection, keys: Keys) -> bool:
    """Say whether the server's keys are those that were vouched for."""
    return hmac.compare_digest(str(identity.read_state(rows, _STATE) or ""), _code(rows, keys))


def _code(rows: Connection, keys: Keys) -> str:
    known = identity.load(rows)
    statement = select(MIRROR.c.key, MIRROR.c.value).where(MIRROR.c.kind == "server_key").order_by(MIRROR.c.key)
    found = [[key, value] for key, value in rows.execute(statement)]
    content = json.dumps([known.terminal_id if known else None, found])
    return hmac.digest(keys.trust_key(), content.encode(), "sha256").hex()
