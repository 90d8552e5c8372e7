"""What the server has, beside what the tills' files say: each fact there, nothing moved but by a fact, alarms heard.

Rule: its database is only read, through `rows`; nothing here counts what was handed over (truth).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.faults.rack.truth import Books, Happened

Rows = Callable[..., list[tuple[Any, ...]]]
_FACTS = """
SELECT f.terminal_id::text, encode(f.hash, 'hex'), f.outcome, f.reason FROM app.facts AS f
 WHERE f.terminal_id = ANY (%s::uuid[])
"""
_HELD = """
SELECT p.member_id::text, p.plan_id, sum(p.uses_left)::bigint FROM app.passes_held AS p
 WHERE p.member_id = ANY (%s::uuid[]) GROUP BY 1, 2
"""
_SET_ASIDE = """
SELECT p.member_id::text, p.plan_id, sum(r.amount - r.used - r.returned)::bigint FROM app.reservations AS r
  JOIN app.member_passes AS p ON p.ledger_id = r.ledger_id AND p.pass_id = r.source_id
 WHERE p.member_id = ANY (%s::uuid[]) AND r.status = 'open' GROUP BY 1, 2
"""
_LOST = """
SELECT l.member_id::text, substr(l.unit, 5), sum(l.amount)::bigint FROM app.offline_losses AS l
 WHERE l.member_id = ANY (%s::uuid[]) AND l.unit LIKE 'use/%%' GROUP BY 1, 2
"""
_UNCONFIRMED = """
SELECT b.member_id::text, p.plan_id, sum(b.uses - b.loss_uses)::bigint FROM app.pass_redemption_batches AS b
  JOIN app.member_passes AS p USING (ledger_id, pass_id)
 WHERE b.member_id = ANY (%s::uuid[]) AND b.fact_id IS NULL AND b.reversed_by IS NULL GROUP BY 1, 2
"""
_ALARMS = """
SELECT a.alarm_id::text, a.event, coalesce(t.terminal_id::text, ''), a.count FROM app.alarms AS a
  LEFT JOIN app.terminals AS t ON t.terminal_id = a.principal_id
"""
_TELLING = {"terminal_forked", "content_differs", "journal_behind", "journal_cut", "chain_gap", "request_replayed"}


def alarms(rows: Rows) -> dict[str, int]:
    """How often each alarm has been counted so far."""
    return {alarm: count for alarm, _, _, count in rows(_ALARMS)}


def compare(
    rows: Rows, books: Books, everything: Sequence[Happened], members: Sequence[str], gone: Collection[Path],
    before: Mapping[str, int],
) -> tuple[list[str], Counter[str]]:  # fmt: skip
    """What is wrong at the server, in words, and its alarms since `before`. `gone`: folders that never came back."""
    counted: Counter[str] = Counter()
    alarmed: dict[str, set[str]] = {}
    for alarm, event, terminal, count in rows(_ALARMS):
        if count > before.get(alarm, 0):
            counted[event] += count - before.get(alarm, 0)
            alarmed.setdefault(terminal, set()).add(event)
    terminals = sorted({one.terminal_id for one in everything})
    known = {(terminal, hashed): outcome for terminal, hashed, outcome, _ in rows(_FACTS, terminals)}
    return [
        *_facts_and_units(rows, books, everything, members, {str(folder) for folder in gone}, known),
        *_unheard(books, everything, known, alarmed),
    ], counted


def _facts_and_units(
    rows: Rows, books: Books, everything: Sequence[Happened], members: Sequence[str], gone: Collection[str],
    known: Mapping[tuple[str, str], str],
) -> list[str]:  # fmt: skip
    """Each fact of the files is at the server; accepted ones have moved what they say, and nothing else has."""
    wrong: list[str] = []
    expected: Counter[tuple[str, str]] = Counter(books.opening)
    for one in {(each.terminal_id, each.hash): each for each in everything}.values():
        said = known.get((one.terminal_id, one.hash))
        if said is None and one.copy not in gone:
            wrong.append(f"the server has never heard of {one.kind} {one.seq} of {one.copy}")
        if said == "accepted" and one.kind in ("PassSold", "PassRedeemed"):
            expected[books.group_of(one)] += one.body["uses"] * (1 if one.kind == "PassSold" else -1)
    for sign, query in ((1, _LOST), (-1, _UNCONFIRMED), (-1, _HELD), (-1, _SET_ASIDE)):
        for member, plan, amount in rows(query, list(members)):
            expected[member, str(plan)] += sign * amount
    off = {group: left for group, left in expected.items() if left}
    if off:
        wrong.append(f"issued - handed over + lost differs from what the ledger has left: {off}")
    return wrong


def _unheard(
    books: Books, everything: Sequence[Happened], known: Mapping[tuple[str, str], str],
    alarmed: Mapping[str, Collection[str]],
) -> list[str]:  # fmt: skip
    """Of whom the server was told two histories HQ hears. One that went up in smoke before it spoke nobody can know."""
    wrong = []
    for terminal in books.cloned:
        told: dict[str, set[str]] = {}
        for one in everything:
            if one.terminal_id == terminal and (terminal, one.hash) in known:
                told.setdefault(one.copy, set()).add(one.hash)
        two = any(one - other and other - one for one in told.values() for other in told.values())
        if two and not _TELLING & set(alarmed.get(terminal, ())):
            wrong.append(f"{terminal} has two histories and HQ hears only {sorted(alarmed.get(terminal, ()))}")
    return wrong
