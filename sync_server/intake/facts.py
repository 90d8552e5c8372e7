"""Take a push: check the chain and the signed head, hold or post each fact once, answer with what became of each.

Rule: acknowledged means committed. A batch that meets a conflict is tried again whole; a batch in which one fact
makes the ledger fail is taken again with each fact apart, and that fact alone is held.
"""

import asyncio
import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from models import facts
from models.facts import decode_fact
from models.ids import parse_slip_number
from models.refusals import Refusal
from models.times import format_instant
from models.wire import (
    MAX_CLOCK_SKEW_SECONDS,
    PRINT_STATES,
    FactResult,
    HeardHead,
    PrintReport,
    PushAnswer,
    PushRequest,
    SealHead,
    head_message,
)
from sync_server.database.engine import PLATFORM, Pool, retrying, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet.terminals import terminal_claims
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake import heads
from sync_server.intake.chain import Placed, Placement, Stored, Tip, place, read_envelope
from sync_server.intake.companions import Beside, prepared_with
from sync_server.intake.effects import Prepared, StoreRules, prepare, with_content
from sync_server.intake.store import load_rules
from sync_server.keys import Keyring
from sync_server.ledger import alarms, functions, seals

BATCH_FACTS = 100
MAX_LATE_FACTS = 100_000
MAX_LATE_BYTES = 256 << 20
"""What a revoked terminal may still hand in, second histories too: about what a till sells in a year."""
_FACTS_AT_ONCE = 10
_LOOKS = 5
_TRIES = 8
"""A batch gives way to whoever opens what it needs too (app.intake_facts), perhaps several times."""
_LOG = logging.getLogger("sync_server.intake")


@dataclass(frozen=True, slots=True)
class _View:
    """What the server knows when a push arrives. `backed_up_through`: how far this chain is in a backup; `lost_until`:
    end of what the last restore lost; `late`: facts and bytes that came since it was revoked; `heard`: the end of what
    an earlier epoch had acknowledged, as this push or one before it proves, and `heard_hash` of our fact there."""

    tip: Tip
    happened_at: datetime
    known: dict[str, Stored]
    rules: StoreRules
    epoch: str
    database_now: datetime
    seal: SealHead | None
    backed_up_through: int
    lost_until: datetime | None
    late: tuple[int, int]
    heard: Tip | None
    heard_hash: str | None


async def accept_push(
    pool: Pool, keys: Keyring, terminal: TerminalIdentity, push: PushRequest, now: datetime
) -> PushAnswer:
    """Take facts and print reports of a terminal; returns when they are durable. `keys` countersign the head.

    Refusals (of the message, nothing is stored then): `signature_invalid` for a head that the
    terminal has not signed, `request_malformed` for one of another place, `revoked_queue_full` for more than a revoked
    terminal may hand in. Raises `DatabaseTrouble`.
    """
    heads.check(terminal, push)
    head = None if push.head is None else Tip(push.head.seq, push.head.hash)
    beside = Beside.of(keys, now, push.companions)
    heard = push.heard
    if heard is not None and not heads.is_ours(keys, terminal, heard):
        await _note_forged(pool, terminal, "head_forged", {"pointer": "/heard", "seq": heard.seq})
        heard = None
    for _ in range(_LOOKS):
        view = await _look(pool, terminal, push, heard)
        placement = place(push.facts, view.tip, view.known, head)
        if terminal.status != "paired":
            _check_late(placement, view.late)
        acknowledged, placement = heads.compare(placement, view.heard, view.heard_hash)
        answers = await _take(pool, beside, terminal, push, view, placement, acknowledged)
        if answers is not None:
            break
    else:
        raise DatabaseTrouble("database_conflict")
    if placement.gap:
        await _note_gap(pool, terminal, placement, push.facts[len(placement.facts)])
    if terminal.status == "paired":  # a revoked one's facts are held; what it says of paper has no such place
        await _take_prints(pool, terminal, push.prints)
        if push.seal is not None:
            await _compare_seal(pool, keys, terminal, push.seal)
    return _answer(keys, terminal, view, placement, answers, now)


def _check_late(placement: Placement, late: tuple[int, int]) -> None:
    fresh = [len(placed.text.encode()) for placed in placement.facts if placed.stored is None and not placed.again]
    if late[0] + len(fresh) > MAX_LATE_FACTS or late[1] + sum(fresh) > MAX_LATE_BYTES:
        raise Refusal("revoked_queue_full", {"limit_facts": MAX_LATE_FACTS, "limit_bytes": MAX_LATE_BYTES})


async def _look(pool: Pool, terminal: TerminalIdentity, push: PushRequest, heard: HeardHead | None) -> _View:
    hashes = {facts.hash_fact(text.encode()) for text in push.facts}
    hashes |= {prev for text in push.facts if (prev := read_envelope(text).prev) is not None}
    hashes |= set() if push.head is None else {push.head.hash}
    async with transaction(pool, terminal_claims(terminal)) as connection:
        rules = await load_rules(connection, terminal)
        cursor = await connection.execute(_HEAD, [functions.LEDGER_ID, terminal.terminal_id])
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - the query returns one row always
        found = await connection.execute(
            _KNOWN, [functions.LEDGER_ID, terminal.terminal_id, [bytes.fromhex(text) for text in hashes]]
        )
        claimed = None if row[7] is None else Tip(row[7], row[8])
        tip = Tip(row[2], row[3]) if row[2] else Tip(0, facts.GENESIS)
        wanted = heads.to_compare(heard, claimed, tip, row[0])
        at = None if wanted is None else wanted.seq
        there = await connection.execute(_THERE, [functions.LEDGER_ID, terminal.terminal_id, at])
        heard_place = await there.fetchone()
        known = {item[0]: Stored(*item[1:]) for item in await found.fetchall()}
        seal = await seals.newest_head(connection)
    lost_until = None if row[6] is None else row[6] + timedelta(seconds=MAX_CLOCK_SKEW_SECONDS)
    happened_at = row[4] or datetime.min.replace(tzinfo=UTC)
    there_hash = None if heard_place is None else heard_place[0]
    return _View(
        tip, happened_at, known, rules, row[0], row[1], seal, row[5], lost_until, row[9:11], wanted, there_hash
    )


_HEAD = """
SELECT app.current_epoch(), app.now_utc(), h.seq, encode(h.hash, 'hex'), nullif(h.happened_at, '-infinity'),
       coalesce(h.backed_up_seq, 0),
       (SELECT max(e.started_at) FROM app.epochs AS e WHERE e.lost_from IS NOT NULL),
       h.heard_seq, encode(h.heard_hash, 'hex'), coalesce(h.late_facts, 0), coalesce(h.late_bytes, 0)
  FROM (VALUES (%s::smallint, %s::uuid)) AS wanted (ledger_id, terminal_id)
  LEFT JOIN app.terminal_heads AS h USING (ledger_id, terminal_id)
"""
_KNOWN = """
SELECT encode(f.hash, 'hex'), f.seq, f.in_chain, coalesce(f.fact_id::text, ''), f.reason, f.tx_no
  FROM app.facts AS f WHERE f.ledger_id = %s AND f.terminal_id = %s AND f.hash = ANY(%s)
"""


_THERE = """
SELECT encode(coalesce(f.chained_as, f.hash), 'hex') FROM app.facts AS f
 WHERE f.ledger_id = %s AND f.terminal_id = %s AND f.seq = %s AND f.in_chain
"""


async def _take(
    pool: Pool,
    beside: Beside,
    terminal: TerminalIdentity,
    push: PushRequest,
    view: _View,
    placement: Placement,
    heard: heads.Heard,
) -> dict[str, dict[str, Any]] | None:
    """Post the new facts batch by batch; hash -> outcome, None when the chain has moved under us."""
    fresh = [placed for placed in placement.facts if placed.stored is None and not placed.again]
    answers: dict[str, dict[str, Any]] = {}
    tip, judged_at = view.tip, view.happened_at
    for start in range(0, len(fresh), BATCH_FACTS):
        batch = []
        expected = {"seq": tip.seq, "hash": tip.hash} | heard.plain()
        for number, placed in enumerate(fresh[start : start + BATCH_FACTS]):
            if number % _FACTS_AT_ONCE == 0:
                await asyncio.sleep(0)  # whoever asks for something small gets in between
            item, judged_at = _item(placed, terminal, view, judged_at, beside, heard.seq)
            batch.append(item)
            if placed.in_chain:
                tip = Tip(placed.seq, placed.chained)
        head = None
        if push.head is not None and (push.head.seq, push.head.hash) == (tip.seq, tip.hash):
            key_id, countersignature = beside.keys.sign(_countersigned(terminal, tip, view.epoch), beside.now)
            head = {
                "seq": tip.seq,
                "signature": push.head.signature,
                "countersignature": base64.b64encode(countersignature).decode(),
                "key_id": key_id,
                "epoch": view.epoch,
            }
        results = await _post(pool, terminal, expected, batch, head)
        if results is None:
            return None
        answers |= {result["hash"]: result for result in results}
        await functions.refresh_statistics(pool)
    return answers


async def _post(
    pool: Pool,
    terminal: TerminalIdentity,
    expected: Mapping[str, object],
    batch: Sequence[Mapping[str, object]],
    head: Mapping[str, object] | None,
) -> list[dict[str, Any]] | None:
    tried = False

    async def once(apart: bool) -> list[dict[str, Any]] | None:
        nonlocal tried
        again, tried = tried, True
        async with transaction(pool, terminal_claims(terminal)) as connection:
            await connection.execute("SET LOCAL synchronous_commit = on")
            if again:  # batches that have given way come one after another
                await connection.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended('intake', %s))", [functions.LEDGER_ID]
                )
            return await functions.intake_facts(connection, expected, batch, head, apart)

    try:
        return await retrying(lambda: once(apart=False), tries=_TRIES)
    except psycopg.Error as error:
        # Not the world's failure (those are translated): some fact of the batch does it. Find it, keep the others.
        _LOG.warning("a batch failed (%s) and is taken again with its facts apart", error.sqlstate)
        return await retrying(lambda: once(apart=True), tries=_TRIES)


def _item(
    placed: Placed, terminal: TerminalIdentity, view: _View, last_judged_at: datetime, beside: Beside, heard_seq: int
) -> tuple[dict[str, Any], datetime]:
    """One fact for the ledger's intake, and the time at which it is judged: never before the fact before it, never
    after the server heard of it."""
    judged_at, prepared = _prepared(placed, terminal, view, last_judged_at, beside)
    box = beside.box_of(placed.fact_id, placed.text)
    held = placed.held or prepared.held
    was_heard = prepared.kind == "PassRedeemed" and placed.in_chain and placed.seq <= heard_seq
    if placed.held is None and terminal.status != "paired":
        held = "terminal_revoked"
    item = {
        "hash": placed.hash,
        "seq": placed.seq,
        "prev": placed.prev,
        "in_chain": placed.in_chain,
        "fact_id": placed.fact_id,
        "kind": prepared.kind,
        "text": placed.text,
        "held": held,
        "effect": {**prepared.effect, "heard": True} if was_heard else prepared.effect,
        "slips": list(prepared.slips),
        "cashier_id": prepared.cashier_id,
        "happened_at": None if prepared.happened_at is None else prepared.happened_at.isoformat(),
        "judged_at": None if judged_at is None else judged_at.isoformat(),
    } | ({} if box is None else {"companion": box.hex()})
    if placed.chained != placed.hash:
        item["chained_as"] = placed.chained
    return item, judged_at if judged_at is not None and placed.in_chain else last_judged_at


def _prepared(
    placed: Placed, terminal: TerminalIdentity, view: _View, last_judged_at: datetime, beside: Beside
) -> tuple[datetime | None, Prepared]:
    try:
        if placed.held == "content_differs":  # who knows what of it is the till's: nothing of it counts
            return None, Prepared(facts.claimed_kind(placed.text), {}, held=placed.held)
        fact = decode_fact(placed.text)
        judged_at = min(max(fact.happened_at, last_judged_at), max(view.database_now, last_judged_at))
        prepared = prepare(fact, terminal.terminal_id, terminal.code, view.rules, judged_at)
        if view.lost_until is not None and judged_at < view.lost_until:
            prepared = with_content(prepared, fact)
        return judged_at, prepared_with(prepared, fact, beside, view.rules.calling_code)
    except Refusal as refusal:
        if refusal.code == "newer_than_server":
            return None, Prepared(facts.claimed_kind(placed.text), {}, held=refusal.code)
        return None, Prepared(None, {}, held="fact_unreadable")
    except Exception:  # noqa: BLE001 - whatever one fact does to us, those behind it must get through
        _LOG.exception("terminal %s: fact %d could not be worked on", terminal.code, placed.seq)
        return None, Prepared(None, {}, held="internal")


async def _note_gap(pool: Pool, terminal: TerminalIdentity, placement: Placement, beyond: str) -> None:
    sent = read_envelope(beyond).seq or 0

    async def once() -> None:
        async with transaction(pool, terminal_claims(terminal)) as connection:
            await functions.note_gap(connection, placement.tip.seq, sent)

    await retrying(once)


async def _take_prints(pool: Pool, terminal: TerminalIdentity, prints: Sequence[PrintReport]) -> None:
    good = [report for report in prints if _is_ours(report, terminal)]
    if len(good) < len(prints):
        _LOG.warning("terminal %s: %d print reports make no sense", terminal.code, len(prints) - len(good))
    if not good:
        return
    plain = [
        {"slip": r.slip, "copy": r.copy, "state": r.state, "changed_at": format_instant(r.changed_at)} for r in good
    ]

    async def once() -> None:
        async with transaction(pool, terminal_claims(terminal)) as connection:
            await functions.take_print_reports(connection, plain)

    await retrying(once)


async def _compare_seal(pool: Pool, keys: Keyring, terminal: TerminalIdentity, seal: SealHead) -> None:
    if not seals.is_ours(keys, seal):
        _LOG.warning("terminal %s: the audit head it holds is not signed by us", terminal.code)
        await _note_forged(pool, terminal, "seal_forged", {"seal_no": seal.seal_no})
        return

    async def once() -> str:
        async with transaction(pool, terminal_claims(terminal)) as connection:
            return await seals.vouch(connection, seal)

    if await retrying(once) == "rewritten":
        _LOG.error("terminal %s holds audit head %d, and our chain differs", terminal.code, seal.seal_no)


async def _note_forged(pool: Pool, terminal: TerminalIdentity, kind: str, data: Mapping[str, object]) -> None:
    async def once() -> None:
        async with transaction(pool, PLATFORM) as connection:
            await alarms.note_door(connection, terminal.terminal_id, kind, 1, data)

    await retrying(once)


def _is_ours(report: PrintReport, terminal: TerminalIdentity) -> bool:
    try:
        number = parse_slip_number(report.slip)
    except Refusal:
        return False
    return number.terminal_code == terminal.code and report.state in PRINT_STATES and 0 <= report.copy < 10_000


def _answer(
    keys: Keyring,
    terminal: TerminalIdentity,
    view: _View,
    placement: Placement,
    answers: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> PushAnswer:
    results = tuple(_result(placed, answers) for placed in placement.facts)
    last = placement.facts[-1] if placement.facts else None
    if last is not None and not last.in_chain:
        # Another history of this terminal: kept as far as it was sent, but never countersigned.
        return PushAnswer(results, last.seq, placement.gap, view.epoch, now, seal=view.seal)
    tip = placement.tip
    if tip.seq == 0:
        return PushAnswer(results, 0, placement.gap, view.epoch, now, seal=view.seal)
    key_id, countersignature = keys.sign(_countersigned(terminal, tip, view.epoch), now)
    signed = base64.b64encode(countersignature).decode()
    return PushAnswer(
        results, tip.seq, placement.gap, view.epoch, now, signed, key_id, view.seal, view.backed_up_through
    )


def _result(placed: Placed, answers: Mapping[str, Mapping[str, Any]]) -> FactResult:
    known = placed.stored
    if known is not None:
        return FactResult(known.fact_id, known.seq, "already_known", known.reason, known.tx_no)
    answer = answers[placed.hash]
    outcome = "already_known" if placed.again else "accepted" if answer["reason"] is None else "held"
    return FactResult(placed.fact_id or "", placed.seq, outcome, answer["reason"], answer["tx_no"])


def _countersigned(terminal: TerminalIdentity, tip: Tip, epoch: str) -> bytes:
    return head_message(terminal.terminal_id, tip.seq, tip.hash, epoch)
