"""Put the facts of a push in their place: do they continue the terminal's chain, are they known, is something missing?

Rule: pure. A fact that cannot be read still has a place: its hash is what the next one's `prev` says, and the signed
head vouches for the last. Two histories with one `seq` are a fork: the second is kept aside (sync.md, "Facts").
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.facts import GENESIS, hash_fact
from models.ids import parse_id
from models.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a chain: seq 0 and `facts.GENESIS` before the first fact. `hash` is 64 hex digits."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What the server answered about a fact it has: `reason` when held."""

    seq: int
    in_chain: bool
    fact_id: str
    reason: str | None
    tx_no: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What can be read of a fact's place without understanding it; None where nothing can."""

    fact_id: str | None
    seq: int | None
    prev: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """One text of a push in its place. `stored` is set for a fact the server has already, `again` for one that stands
    in the push before."""

    text: str
    hash: str
    seq: int
    prev: str
    fact_id: str | None
    in_chain: bool
    stored: Stored | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """The facts up to the first gap, in the order pushed, and where the chain ends after them."""

    facts: tuple[Placed, ...]
    tip: Tip
    gap: bool


def read_envelope(text: str) -> Envelope:
    """Read id, seq and prev of a fact as far as they are there and make sense."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        plain = None
    found = plain if isinstance(plain, dict) else {}
    seq, prev = found.get("seq"), found.get("prev")
    placed = isinstance(seq, int) and not isinstance(seq, bool) and 0 < seq < 1 << 62 and _is_hash(prev)
    return Envelope(_id(found.get("fact_id")), seq if placed else None, prev if placed else None)


def place(texts: Sequence[str], tip: Tip, known: Mapping[str, Stored], head_seq: int | None = None) -> Placement:
    """Place the facts of a push behind `tip`. `known` holds, by hash, which facts and predecessors the server has.

    `head_seq` is the place of the push's last fact, as its signed head says.
    """
    aside = {hashed for hashed, stored in known.items() if not stored.in_chain}
    placed: list[Placed] = []
    here: dict[str, Placed] = {}
    hashes = [hash_fact(text.encode()) for text in texts]
    envelopes = [read_envelope(text) for text in texts]
    seqs = _seqs(hashes, envelopes, head_seq)
    for number, text in enumerate(texts):
        hashed, seen, seq = hashes[number], envelopes[number], seqs[number]
        stored = known.get(hashed)
        if stored is not None:
            placed.append(Placed(text, hashed, stored.seq, seen.prev or "", stored.fact_id, stored.in_chain, stored))
            continue
        if hashed in here:
            placed.append(replace(here[hashed], again=True))
            continue
        if seq is None:
            return Placement(tuple(placed), tip, gap=True)
        prev = seen.prev or _prev(number, hashes, seqs) or (tip.hash if seq == tip.seq + 1 else GENESIS)
        follows = seq == tip.seq + 1 and prev == tip.hash
        if not follows and seq > tip.seq + 1 and prev not in aside:
            return Placement(tuple(placed), tip, gap=True)
        here[hashed] = Placed(text, hashed, seq, prev, seen.fact_id, in_chain=follows)
        placed.append(here[hashed])
        if follows:
            tip = Tip(seq, hashed)
        else:
            aside.add(hashed)
    return Placement(tuple(placed), tip, gap=False)


def _seqs(hashes: Sequence[str], envelopes: Sequence[Envelope], head_seq: int | None) -> list[int | None]:
    """Return the place of each fact. One that cannot be read stands before the next one, if that says so, or at the
    head; None: nobody says where."""
    found: list[int | None] = []
    for number in reversed(range(len(hashes))):
        here, after = envelopes[number].seq, found[-1] if found else head_seq
        if here is None and found and after is not None and hashes[number] != hashes[number + 1]:
            here = after - 1 if envelopes[number + 1].prev in (None, hashes[number]) else None
        elif here is None:
            here = after
        found.append(here)
    return found[::-1]


def _prev(number: int, hashes: Sequence[str], seqs: Sequence[int | None]) -> str | None:
    """Return the hash of the fact that stands before this one in its push, when that is its predecessor."""
    here, before = seqs[number], seqs[number - 1] if number else None
    return hashes[number - 1] if here is not None and before == here - 1 else None


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _id(value: object) -> str | None:
    try:
        return parse_id(value) if isinstance(value, str) else None
    except Refusal:
        return None
