"""Check a journal from end to end: what must be true of every till (sync.md, "What must stay true").

Rule: only reads; every check runs, whatever the others found. Source of the checks: sync.md 5, 7, 9, 10. A compacted
fact (`retention`) still stands in the chain by its hash; what its content said is no longer compared.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from models import codec
from models.catalogue import MemberPass
from models.facts import (
    GENESIS,
    Fact,
    MemberCreated,
    PassRedeemed,
    RequestAbandoned,
    SlipReprinted,
    decode_fact,
    hash_fact,
)
from models.ids import parse_slip_number
from models.refusals import Refusal
from models.times import format_instant
from models.wire import HeldDecision
from pos_app.errors import Trouble
from pos_app.journal import decisions, identity, mirror, projections
from pos_app.journal.errors import JournalGarbled, translated
from pos_app.journal.tables import (
    COMPACTED,
    COMPANIONS,
    FACTS,
    MARKS,
    MIRROR,
    OUTBOX,
    PASS_EFFECTS,
    PASSES,
    PRINT_JOBS,
    REQUESTS,
    RESERVATION_ENDS,
    RESERVED_USES,
    SERIES,
    SHIFT_ENDS,
    SHIFTS,
    SPENDING,
    STATE,
)

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, how many things it looked at, and what it found broken (at most twenty, in words)."""

    check: str
    looked_at: int
    broken: tuple[str, ...]


def verify(rows: Connection) -> tuple[Finding, ...]:
    """Run every check on an open journal."""
    facts: list[Fact] = []
    compacted: set[int] = set()
    file = Finding("file", 1, tuple(_first(_readable(lambda: _file(rows)))))
    # First, for the others compare with what it reads.
    chain = list(_readable(lambda: _chain(rows, facts, compacted)))
    checks: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("own values", lambda: _values(rows)),
        ("mirror", lambda: _mirror(rows)),
        ("slip series", lambda: _series(rows, facts, compacted)),
        ("paper", lambda: _paper(rows, facts, compacted)),
        ("outbox", lambda: _outbox(rows, facts, compacted)),
        ("companions", lambda: _companions(rows, facts)),
        ("requests", lambda: _requests(rows, facts)),
        ("projections", lambda: _projections(rows, facts, compacted)),
    )
    looked_at = len(facts) + len(compacted)
    found = [file, Finding("chain", looked_at, tuple(_first(iter(chain))))]
    found += [Finding(name, looked_at, tuple(_first(_readable(check)))) for name, check in checks]
    return tuple(found)


def _readable(check: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Run a check; what it cannot read is a finding too."""
    try:
        with translated(""):
            yield from check()
    except Trouble as trouble:
        yield f"the rest cannot be read ({trouble.code})"
    except (Refusal, ValueError, TypeError, LookupError) as error:
        yield f"the rest cannot be read: a value is not of its kind ({type(error).__name__})"


def _file(rows: Connection) -> Iterator[str]:
    for text in rows.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
        if text != "ok":
            yield from str(text).splitlines()


def _values(rows: Connection) -> Iterator[str]:
    for key, text in rows.execute(select(STATE.c.key, STATE.c.value)):
        try:
            identity.parse_state(key, text)
        except JournalGarbled:
            yield f"the value {key} is not what it must be"


def _mirror(rows: Connection) -> Iterator[str]:
    kinds = {**mirror.KINDS, decisions.KIND: HeldDecision}
    kept = [(kind, key, value, kinds.get(kind)) for kind, key, value, _ in rows.execute(select(MIRROR))]
    kept += [("pass", row.pass_id, row.value, MemberPass) for row in rows.execute(select(PASSES))]
    for kind, key, value, shape in kept:
        try:
            if shape is not None:
                codec.decode(shape, value, newer_too=True)
        except (Refusal, TypeError):
            yield f"the {kind} {key} cannot be read; a complete pull brings it again"


def _first(messages: Iterator[str]) -> Iterator[str]:
    for number, message in enumerate(messages):
        if number == _MOST_SHOWN:
            yield "… and more"
            return
        yield message


def _chain(rows: Connection, facts: list[Fact], compacted: set[int]) -> Iterator[str]:
    """Add to `facts` what can be read, to `compacted` the places of what was compacted."""
    prev, known = GENESIS, None
    with suppress(JournalGarbled):  # told by another check
        known = identity.load(rows)
    expected = 0
    for row in rows.execute(select(FACTS).order_by(FACTS.c.seq)):
        expected += 1
        if row.seq != expected:
            yield f"fact {expected} is missing; the next one there is {row.seq}"
            expected = row.seq
        if row.bytes == COMPACTED:
            if row.prev != prev:
                yield f"fact {row.seq}: it does not continue the fact before it"
            prev = row.hash
            compacted.add(row.seq)
            continue
        if hash_fact(row.bytes) != row.hash:
            yield f"fact {row.seq}: its bytes were changed (hash differs)"
        try:
            fact = decode_fact(row.bytes)
        except Refusal:
            yield f"fact {row.seq}: its bytes are no fact"
            prev = row.hash
            continue
        if fact.prev != prev or row.prev != prev:
            yield f"fact {row.seq}: it does not continue the fact before it"
        told = (fact.seq, fact.fact_id, fact.kind, format_instant(fact.happened_at))
        if told != (row.seq, row.fact_id, row.kind, row.happened_at):
            yield f"fact {row.seq}: its columns differ from its bytes"
        if known is not None and fact.terminal_id != known.terminal_id:
            yield f"fact {row.seq}: it belongs to another terminal"
        prev = row.hash
        facts.append(fact)


def _series(rows: Connection, facts: list[Fact], compacted: set[int]) -> Iterator[str]:
    last: Counter[str] = Counter()
    slips = {fact.seq: tuple(getattr(fact.body, "slips", ())) for fact in facts}
    originals = select(PRINT_JOBS.c.seq, PRINT_JOBS.c.slip).where(PRINT_JOBS.c.copy == 0).order_by(PRINT_JOBS.c.job_id)
    for seq, text in rows.execute(originals):
        if seq in compacted:  # the paper is all that still tells its numbers
            slips[seq] = (*slips.get(seq, ()), text)
    for seq in sorted(slips):
        for text in slips[seq]:
            number = parse_slip_number(text)
            if number.counter != last[number.kind] + 1:
                yield f"slip {text} on fact {seq} does not follow {number.kind} {last[number.kind]}"
            last[number.kind] = number.counter
    stored = {row.name: row.last for row in rows.execute(select(SERIES.c.name, SERIES.c.last))}
    for kind in sorted({*last, *(name for name in stored if not name.startswith("pickup "))}):
        if stored.get(kind, 0) != last[kind]:
            yield f"the series {kind} stands at {stored.get(kind, 0)}, its facts end at {last[kind]}"


def _paper(rows: Connection, facts: list[Fact], compacted: set[int]) -> Iterator[str]:
    expected: dict[tuple[str, int], int] = {}
    for fact in facts:
        for text in getattr(fact.body, "slips", ()):
            expected[text, 0] = fact.seq
        if isinstance(fact.body, SlipReprinted):
            expected[fact.body.slip, fact.body.copy] = fact.seq
    found = Counter[tuple[str, int]]()
    for row in rows.execute(select(PRINT_JOBS)):
        found[row.slip, row.copy] += 1
        if row.seq not in compacted and expected.get((row.slip, row.copy)) != row.seq:
            yield f"paper of slip {row.slip}, copy {row.copy}, belongs to no fact"
    for (slip, copy), number in found.items():
        if number > 1:
            kind = "unmarked originals" if copy == 0 else f"copies {copy}"
            yield f"slip {slip} has {number} {kind}"
    for slip, copy in expected.keys() - found.keys():
        yield f"slip {slip}, copy {copy}, has no print job"


def _outbox(rows: Connection, facts: list[Fact], compacted: set[int]) -> Iterator[str]:
    states = {row.seq: row.state for row in rows.execute(select(OUTBOX.c.seq, OUTBOX.c.state))}
    seqs = {fact.seq for fact in facts} | compacted
    for seq in sorted(seqs - states.keys()):
        yield f"fact {seq} has no outbox row: it would never be sent"
    for seq in sorted(states.keys() - seqs):
        yield f"outbox row {seq} has no fact"
    for seq, state in states.items():
        if state not in ("pending", "accepted", "held"):
            yield f"outbox row {seq} is in no known state"
        elif seq in compacted and state != "accepted":
            yield f"fact {seq} lost its bytes while it is {state}"


def _companions(rows: Connection, facts: list[Fact]) -> Iterator[str]:
    kept = {row.seq: row for row in rows.execute(select(COMPANIONS))}
    # One that goes out again after a restore may belong to somebody who was forgotten since.
    unheard = select(OUTBOX.c.seq).where(OUTBOX.c.state == "pending", OUTBOX.c.heard == 0)
    pending = set(rows.execute(unheard).scalars())
    for fact in facts:
        if not isinstance(fact.body, MemberCreated):
            continue
        row = kept.pop(fact.seq, None)
        if row is None:
            if fact.seq in pending:
                yield f"fact {fact.seq} makes a member whose name the server would never learn"
        elif (row.fact_id, row.member_id, hash_fact(row.sealed)) != (
            fact.fact_id, fact.body.member_id, fact.body.data_hash
        ):  # fmt: skip
            yield f"what belongs to fact {fact.seq} is not what the fact names"
    for seq in kept:
        yield f"personal data at {seq} belongs to no new member"


def _requests(rows: Connection, facts: list[Fact]) -> Iterator[str]:
    states = {row.request_id: row.state for row in rows.execute(select(REQUESTS.c.request_id, REQUESTS.c.state))}
    granted = {request_id for request_id, state in states.items() if state == "accepted"}
    for fact in facts:
        evidence = getattr(fact.body, "evidence", None)
        if evidence is not None and evidence.request_id is not None:
            wanted = "accepted" if evidence.rung == "online" else "unanswered"
            if states.get(evidence.request_id) != wanted:
                yield f"fact {fact.seq} cites a request that the journal does not know as {wanted}"
            granted.discard(evidence.request_id)
        if isinstance(fact.body, RequestAbandoned) and states.get(fact.body.request_id) != "abandoned":
            yield f"fact {fact.seq} abandons a request that the journal does not know as abandoned"
    for request_id in sorted(granted):
        yield f"request {request_id} was granted, and no fact says what came of it"


def _projections(rows: Connection, facts: list[Fact], compacted: set[int]) -> Iterator[str]:
    effects = [asdict(effect) for fact in facts if (effect := projections.effect_of(fact)) is not None]
    spent = [asdict(uses) for fact in facts if (uses := projections.spent_by(fact)) is not None]
    shifts = [asdict(shift) for fact in facts if (shift := projections.opened_by(fact)) is not None]
    ends = [asdict(end) for fact in facts if (end := projections.closed_by(fact)) is not None]
    reserved = [asdict(use) for fact in facts if (use := projections.reserved_by(fact)) is not None]
    given_back = [asdict(back) for fact in facts if (back := projections.reservation_ended_by(fact)) is not None]
    unheard = select(OUTBOX.c.seq).where(OUTBOX.c.state == "pending", OUTBOX.c.heard == 0)
    pending = set(rows.execute(unheard).scalars())
    granted = {f.body.pass_id: f.seq for f in facts if isinstance(f.body, PassRedeemed) and _online(f.body)}
    stored_effects = _by_seq(rows, PASS_EFFECTS)
    for wanted_effect in effects:
        seq = wanted_effect["seq"]
        # A later grant of the ledger may have shown that it has the fact, before the acknowledgement came.
        needed = seq in pending and seq > granted.get(wanted_effect["pass_id"], 0)
        if (needed or seq in stored_effects) and stored_effects.pop(seq, None) != wanted_effect:
            yield f"the effect of fact {seq} on its pass differs from the fact"
    for seq in stored_effects:
        yield f"fact {seq} has an effect on a pass that it cannot have"
    tables = (
        ("uses spent", SPENDING, spent), ("shift", SHIFTS, shifts), ("end of a shift", SHIFT_ENDS, ends),
        ("use of a reservation", RESERVED_USES, reserved), ("end of a reservation", RESERVATION_ENDS, given_back),
    )  # fmt: skip
    for name, table, wanted in tables:
        stored = _by_seq(rows, table)
        for row in wanted:
            if stored.pop(row["seq"], None) != row:
                yield f"{name}: the row of fact {row['seq']} differs from the fact"
        for seq in stored.keys() - compacted:
            yield f"{name}: row {seq} belongs to no fact"

    yield from _marks(rows, facts, compacted)


def _marks(rows: Connection, facts: list[Fact], compacted: set[int]) -> Iterator[str]:
    stored = {(row.seq, row.mark, row.value) for row in rows.execute(select(MARKS)) if row.seq not in compacted}
    wanted = {(one.seq, one.mark, one.value) for fact in facts for one in projections.marks_of(fact)}
    for seq in sorted({seq for seq, _, _ in stored ^ wanted}):
        yield f"fact {seq} is not found by what it says"


def _online(body: PassRedeemed) -> bool:
    return body.evidence.rung == "online"


def _by_seq(rows: Connection, table: Table) -> dict[int, Mapping[str, Any]]:
    return {row["seq"]: dict(row) for row in rows.execute(select(table)).mappings()}
