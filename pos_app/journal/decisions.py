"""What HQ decided about facts of this till that were held: by the hash of the fact, as a pull brought it.

Rule: rows of the mirror under a kind of their own; the fact and the server's answer to it stay as they are.
"""

from sqlalchemy import Connection, ScalarSelect, select

from models import codec
from models.refusals import Refusal
from models.wire import HeldDecision
from pos_app.journal.tables import FACTS, MIRROR

KIND = "decision"


def of_facts(rows: Connection, hashes: list[str]) -> dict[str, HeldDecision]:
    """Return hash -> decision, for those of these facts that were decided about."""
    statement = select(MIRROR.c.key, MIRROR.c.value).where(MIRROR.c.kind == KIND, MIRROR.c.key.in_(hashes))
    found = {}
    for key, text in rows.execute(statement):
        try:
            found[key] = codec.decode(HeldDecision, text, newer_too=True)
        except Refusal:  # of a later version of ours: the fact shows as held
            continue
    return found


def decided_seqs() -> ScalarSelect[int]:
    """Return the query for the places of all facts that were decided about."""
    joined = FACTS.join(MIRROR, (MIRROR.c.key == FACTS.c.hash) & (MIRROR.c.kind == KIND))
    return select(FACTS.c.seq).select_from(joined).scalar_subquery()
