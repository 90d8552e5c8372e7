"""Who this till is, and small facts about where it stands: epoch, cursor, time of the last complete pull.

Rule: small values live as JSON under a key in the table `state`; nothing personal, no secret. What is read is what
`_SHAPES` says, else Trouble `journal_garbled`: nothing goes on with half of what it stands on.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from models import codec
from models.refusals import Refusal
from models.times import format_instant, parse_instant
from models.wire import HeardHead, PairAnswer, SealHead, TillAlarm
from pos_app.clock import Anchor
from pos_app.journal import mirror
from pos_app.journal.errors import JournalGarbled
from pos_app.journal.tables import STATE

if TYPE_CHECKING:
    from pos_app.journal.store import Journal


TRAINING = "training"
"""Key whose value stands only in the journal of a till in training (`practice`)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What pairing gave this till; its keys live outside the journal."""

    terminal_id: str
    terminal_code: str
    store_id: str
    server_url: str


def _is(kind: Any) -> Callable[[Any], object]:
    return lambda value: codec.from_plain(kind, value)


def _text(value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(value)


def _place(value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)


def _backed_up(value: Any) -> None:
    _text(value["epoch"])
    _place(value["seq"])


def _throttle(value: Any) -> None:
    _place(value["wrong"])
    parse_instant(value["until"])


def _throttles(value: Any) -> None:
    for one in value.values():
        _throttle(one)


def _told_difference(value: Any) -> None:
    _text(value["shift_id"])
    for minor in value["differences"].values():
        _place(abs(minor))


_SHAPES: Mapping[str, Callable[[Any], object]] = {
    "identity": _is(Identity),
    "epoch": _text,
    "cursor": _text,
    "pulled_as": _text,
    "mirror_epoch": _text,
    "synced_at": parse_instant,
    "refused": _text,
    "server_keys": _text,
    "clock": _is(Anchor),
    "countersignature": _is(HeardHead),
    "heard": _is(HeardHead),
    "seal": _is(SealHead),
    "alarms": lambda value: [codec.from_plain(TillAlarm, one) for one in value],
    "alarms_told": lambda value: [codec.from_plain(TillAlarm, one) for one in value],
    "backed_up": _backed_up,
    "compacted_through": _place,
    "sent_through": _place,
    "pin_throttle": _throttle,
    "member_pins": _throttles,
    "told_difference": _told_difference,
}
"""Key -> what fails when its value is not what is read from it; of others only that they are there counts."""


def parse_state(key: str, text: Any) -> Any:
    """Return the value that stands under a key; Trouble `journal_garbled` when it is none, or not of its kind."""
    try:
        value = json.loads(text)
        _SHAPES.get(key, lambda _: None)(value)
    except (ValueError, TypeError, LookupError, Refusal) as error:
        raise JournalGarbled(key=key) from error
    return value


_VALUE = select(STATE.c.value).where(STATE.c.key == bindparam("key"))


def read_state(rows: Connection, key: str) -> Any:
    """Return the JSON value under a key, or None; Trouble `journal_garbled`."""
    text = rows.execute(_VALUE, {"key": key}).scalar_one_or_none()
    return None if text is None else parse_state(key, text)


def write_state(rows: Connection, key: str, value: object) -> None:
    """Store a JSON value under a key; None removes it."""
    if value is None:
        rows.execute(delete(STATE).where(STATE.c.key == key))
        return
    text = json.dumps(value, ensure_ascii=False)
    statement = insert(STATE).values(key=key, value=text)
    rows.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": text}))


def load(rows: Connection) -> Identity | None:
    """Return this till's identity; None before pairing."""
    found = read_state(rows, "identity")
    return None if found is None else codec.from_plain(Identity, found)


def begin(rows: Connection, found: Identity, answer: PairAnswer) -> None:
    """Store what pairing gave: identity, store, the server's keys; the catalogue follows by pull."""
    write_state(rows, "identity", codec.to_plain(found))
    write_state(rows, "epoch", answer.epoch)
    write_state(rows, "cursor", "")
    write_state(rows, "refused", None)
    mirror.put(rows, "store", answer.store.store_id, codec.to_plain(answer.store), answer.epoch)
    for key in answer.server_keys:
        mirror.put(rows, "server_key", key.key_id, codec.to_plain(key), answer.epoch)


def set_server_url(rows: Connection, found: Identity, server_url: str) -> None:
    """Remember another address of the same server."""
    write_state(rows, "identity", {**codec.to_plain(found), "server_url": server_url})


def epoch(rows: Connection) -> str:
    """Return the ledger epoch that the server last named."""
    return str(read_state(rows, "epoch") or "")


def synced_at(rows: Connection) -> datetime | None:
    """Return the server time of the last complete pull."""
    text = read_state(rows, "synced_at")
    return None if text is None else parse_instant(text)


def set_synced_at(rows: Connection, moment: datetime) -> None:
    """Note that the mirror was complete at this server time."""
    write_state(rows, "synced_at", format_instant(moment))


def load_anchor(journal: "Journal") -> Anchor | None:
    """Return the clock's anchor of an earlier run."""
    with journal.reading() as rows:
        found = read_state(rows, "clock")
    return None if found is None else codec.from_plain(Anchor, found)


def save_anchor(journal: "Journal", anchor: Anchor) -> None:
    """Keep the clock's anchor for the next run."""
    journal.keep(lambda rows: write_state(rows, "clock", codec.to_plain(anchor)))
