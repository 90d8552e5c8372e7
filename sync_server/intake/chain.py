"""Put the facts of a push in their place: do they continue the terminal's chain, are they known, is something missing?

Rule: pure. A fact that cannot be read still has a place: its hash is what the next one's `prev` says, and the signed
head vouches for the last. So a text that its successor, or the head, calls by another hash is not what the till
chained: it is held, and the chain goes on by the till's hash. Two histories with one `seq` are a fork: the second is
kept aside (sync.md, "Facts").
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
    """One text of a push in its place. `chained` is what the till's chain calls it: its hash, unless it was changed.
    `held` is content_differs for a changed one, fork for one of another history. `stored` is set for a fact the server
    has already, `again` for one that stands in the push before."""

    text: str
    hash: str
    seq: int
    prev: str
    fact_id: str | None
    in_chain: bool
    chained: str
    held: str | None = None
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


def place(texts: Sequence[str], tip: Tip, known: Mapping[str, Stored], head: Tip | None = None) -> Placement:
    """Place the facts of a push behind `tip`. `known` holds, by hash, which facts and predecessors the server has.

    `head` is the place and the hash of the push's last fact, as the till has signed them.
    """
    aside = {hashed for hashed, stored in known.items() if not stored.in_chain}
    ours = {hashed for hashed, stored in known.items() if stored.in_chain} | {tip.hash}
    placed: list[Placed] = []
    here: dict[str, Placed] = {}
    hashes = [hash_fact(text.encode()) for text in texts]
    envelopes = [read_envelope(text) for text in texts]
    seqs = _seqs(hashes, envelopes, head)
    called = _chained(hashes, envelopes, seqs, head)
    for number, text in enumerate(texts):
        hashed, seen, seq, chained = hashes[number], envelopes[number], seqs[number], called[number]
        stored = known.get(hashed)
        if stored is not None:
            placed.append(
                Placed(
                    text, hashed, stored.seq, seen.prev or "", stored.fact_id, stored.in_chain, chained, stored=stored
                )
            )
            continue
        if hashed in here:
            placed.append(replace(here[hashed], again=True))
            continue
        if seq is None:
            return Placement(tuple(placed), tip, gap=True)
        before = _prev(number, called, seqs)
        stated = seen.prev or before if chained == hashed else before or seen.prev
        prev = stated or (tip.hash if seq == tip.seq + 1 else GENESIS)
        follows = seq == tip.seq + 1 and prev == tip.hash
        if not follows and seq > tip.seq + 1 and prev not in aside:
            return Placement(tuple(placed), tip, gap=True)
        changed = chained != hashed and (follows or chained in ours)
        held = "content_differs" if changed else None if follows else "fork"
        here[hashed] = Placed(text, hashed, seq, prev, seen.fact_id, follows, chained, held)
        placed.append(here[hashed])
        if follows:
            tip = Tip(seq, chained)
            ours.add(chained)
        elif not changed:
            aside.add(chained)
    return Placement(tuple(placed), tip, gap=False)


def _seqs(hashes: Sequence[str], envelopes: Sequence[Envelope], head: Tip | None) -> list[int | None]:
    """Return the place of each fact. One that cannot be read stands before the next one, or at the head, as does
    one that the head calls otherwise; None: nobody says where."""
    found: list[int | None] = []
    for number in reversed(range(len(hashes))):
        here, after = envelopes[number].seq, found[-1] if found else None
        if not found and head is not None and (here is None or hashes[number] != head.hash):
            here = head.seq
        elif here is None and found and hashes[number] == hashes[number + 1]:
            here = after
        elif here is None and after is not None and after > 1:
            here = after - 1
        found.append(here)
    return found[::-1]


def _chained(
    hashes: Sequence[str], envelopes: Sequence[Envelope], seqs: Sequence[int | None], head: Tip | None
) -> list[str]:
    """Return what the till's chain calls each fact: as the next one at the next place says, or the head of the last."""
    found: list[str] = []
    for number in reversed(range(len(hashes))):
        here, after = seqs[number], envelopes[number + 1] if found else None
        said = hashes[number]
        if after is None:
            said = head.hash if head is not None and here == head.seq else said
        elif hashes[number] == hashes[number + 1]:
            said = found[-1]
        elif here is not None and after.seq == here + 1:
            said = after.prev or said
        found.append(said)
    return found[::-1]


def _prev(number: int, called: Sequence[str], seqs: Sequence[int | None]) -> str | None:
    """Return what the chain calls the fact that stands before this one in its push, when that is its predecessor."""
    here, before = seqs[number], seqs[number - 1] if number else None
    return called[number - 1] if here is not None and before == here - 1 else None


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _id(value: object) -> str | None:
    try:
        return parse_id(value) if isinstance(value, str) else None
    except Refusal:
        return None
