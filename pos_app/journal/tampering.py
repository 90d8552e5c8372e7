"""Look for what nobody but this program may have changed: the chain, the server's word about it, what HQ signed.

Rule: only reads, but for `note`, which keeps what is to be told to HQ and stops unproven spending for good. Somebody
who holds the till's key too can write a new end of the chain; what the server has countersigned he cannot.
"""

import logging

from sqlalchemy import Connection, select

from models import codec
from models.catalogue import SignedPolicy
from models.facts import GENESIS, hash_fact
from models.refusals import Refusal
from models.wire import ALARMS_OF_THE_JOURNAL, HeardHead, TillAlarm, head_message
from pos_app.journal import identity, mirror, outbox, signatures, trust
from pos_app.journal.keys import Keys
from pos_app.journal.tables import FACTS, MIRROR

_KEY = "alarms"
_TOLD = "alarms_told"
_log = logging.getLogger(__name__)


def look(rows: Connection, keys: Keys) -> tuple[TillAlarm, ...]:
    """Return what is wrong with what this till holds; one of a kind, at the first place."""
    known = identity.load(rows)
    if known is None:
        return ()
    found = [*_chain(rows), *_countersigned(rows, known.terminal_id), *_policies(rows)]
    if not trust.holds(rows, keys):
        found.append(TillAlarm("countersignature_forged", 0))
    first: dict[str, TillAlarm] = {}
    for alarm in found:
        first.setdefault(alarm.kind, alarm)
    return tuple(first.values())


def note(rows: Connection, alarms: tuple[TillAlarm, ...]) -> None:
    """Keep what is to be told, once; of an edited journal nothing is spent unproven any more."""
    if not alarms:
        return
    told = {**{one.kind: one for one in waiting(rows)}, **{one.kind: one for one in alarms}}
    identity.write_state(rows, _KEY, codec.to_plain(list(told.values())))
    for alarm in alarms:
        _log.error("what this till holds was changed: %s at %d", alarm.kind, alarm.seq)
        if alarm.kind in ALARMS_OF_THE_JOURNAL and identity.read_state(rows, "fork") is None:
            identity.write_state(rows, "fork", {"tampered": alarm.kind, "seq": alarm.seq})


def note_once(rows: Connection, alarm: TillAlarm) -> None:
    """Keep what is to be told, unless HQ has heard this very one: for what is met again with each answer."""
    if alarm not in _heard_of(rows):
        note(rows, (alarm,))


def waiting(rows: Connection) -> tuple[TillAlarm, ...]:
    """Return what HQ has not been told."""
    return tuple(codec.from_plain(TillAlarm, plain) for plain in identity.read_state(rows, _KEY) or ())


def told(rows: Connection, alarms: tuple[TillAlarm, ...]) -> None:
    """HQ has heard these; they are kept, for a restore may make it forget them."""
    left = [one for one in waiting(rows) if one not in alarms]
    identity.write_state(rows, _KEY, codec.to_plain(left) or None)
    heard = {one.kind: one for one in (*_heard_of(rows), *alarms)}
    identity.write_state(rows, _TOLD, codec.to_plain(list(heard.values())))


def tell_again(rows: Connection) -> None:
    """In a new ledger epoch HQ may have lost every alarm, and that nothing of this till is to be taken on risk."""
    again = {one.kind: one for one in (*_heard_of(rows), *waiting(rows))}
    fork = identity.read_state(rows, "fork")
    if fork is not None and again.keys().isdisjoint(ALARMS_OF_THE_JOURNAL):  # it was the server that had noticed
        again["journal_behind"] = TillAlarm("journal_behind", outbox.last_seq(rows))
    identity.write_state(rows, _KEY, codec.to_plain(list(again.values())) or None)


def _heard_of(rows: Connection) -> tuple[TillAlarm, ...]:
    return tuple(codec.from_plain(TillAlarm, plain) for plain in identity.read_state(rows, _TOLD) or ())


def _chain(rows: Connection) -> list[TillAlarm]:
    found: list[TillAlarm] = []
    expected, prev = 1, GENESIS
    columns = (FACTS.c.seq, FACTS.c.prev, FACTS.c.hash, FACTS.c.bytes)
    for seq, stated, own, data in rows.execute(select(*columns).order_by(FACTS.c.seq)):
        if seq != expected:
            found.append(TillAlarm("journal_cut", expected))
        elif stated != prev:
            found.append(TillAlarm("journal_edited", seq))
        if data and (not isinstance(data, bytes) or hash_fact(data) != own):  # a compacted one stands by its hash alone
            found.append(TillAlarm("journal_edited", seq))
        expected, prev = seq + 1, own
    return found


def _countersigned(rows: Connection, terminal_id: str) -> list[TillAlarm]:
    found = []
    for key in ("countersignature", "heard"):
        state = identity.read_state(rows, key)
        if state is None:
            continue
        try:
            head = codec.from_plain(HeardHead, state)
        except Refusal:
            found.append(TillAlarm("countersignature_forged", 0))
            continue
        own = rows.execute(select(FACTS.c.hash).where(FACTS.c.seq == head.seq)).scalar_one_or_none()
        if not _signed(rows, terminal_id, head):
            found.append(TillAlarm("countersignature_forged", head.seq))
        elif own is None:
            found.append(TillAlarm("journal_cut", head.seq))
        elif own != head.hash:
            found.append(TillAlarm("journal_edited", head.seq))
    return found


def _signed(rows: Connection, terminal_id: str, head: HeardHead) -> bool:
    message = head_message(terminal_id, head.seq, head.hash, head.epoch)
    # Of a key that the mirror has not, or has no more, nothing can be said.
    return signatures.holds(signatures.server_keys(rows), head.key_id, head.signature, message) is not False


def _policies(rows: Connection) -> list[TillAlarm]:
    keys = signatures.server_keys(rows)
    for text in rows.execute(select(MIRROR.c.value).where(MIRROR.c.kind == "policy")).scalars():
        try:
            signed = codec.decode(SignedPolicy, text, newer_too=True)
        except Refusal:
            return [TillAlarm("policy_forged", 0)]
        if not mirror.is_signed(signed, keys):
            return [TillAlarm("policy_forged", 0)]
    return []
