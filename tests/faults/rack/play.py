"""Play one schedule: prepare, attack, heal, let all sync, and judge; what came of it is told in one line or a story.

Rule: the verdict on what was handed over is the rack's own (truth); besides, server and tills check themselves, and
what the server has must be what the tills' files say.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sync_server.reports import invariants
from tests.faults.rack.adversary import Adversary
from tests.faults.rack.fleet import TillProcess, ask_all
from tests.faults.rack.ground import Ground, now
from tests.faults.rack.truth import Happened, Verdict, judge

MOVES = 14
_FACTS = """
SELECT f.terminal_id::text, encode(f.hash, 'hex'), f.outcome, f.reason FROM app.facts AS f
 WHERE f.terminal_id = ANY (%s::uuid[])
"""
_HELD = """
SELECT p.member_id::text, p.plan_id, sum(p.uses_left)::bigint FROM app.passes_held AS p
 WHERE p.member_id = ANY (%s::uuid[]) GROUP BY 1, 2
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


@dataclass
class Played:
    """What came of a schedule."""

    seed: int
    catastrophe: str
    seconds: float
    verdict: Verdict
    alarms: Counter[str]
    done: Counter[str]
    story: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.verdict.wrong

    @property
    def line(self) -> str:
        """In one line: overspend by cause with its bound, alarms, how it ended."""
        v = self.verdict
        return (
            f"schedule {self.seed} ({self.catastrophe}), {self.seconds:.0f} s: overspend honest {v.by_honest}, "
            f"at risk {v.by_risk} (out at once {v.at_once}, published {v.published}), "
            f"by copies {v.by_copies} of {v.bound_copies}, "
            f"in lost time {v.by_lost_time} of {v.bound_lost}, money {v.money_over}; handed over {_words(v.handed)}; "
            f"alarms {_words(self.alarms)}; {'HOLDS' if self.holds else 'BROKEN'}"
        )

    def told(self) -> str:
        """The whole story of one that is broken."""
        again = f"make rack SCHEDULES=1 FIRST={self.seed}"
        return "\n".join([self.line, *(f"  {one}" for one in self.story), *self.verdict.wrong, f"again: {again}"])


def _words(found: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(found.items())) or "none"


def play(ground: Ground, seed: int, moves: int = MOVES) -> Played:
    """Play a schedule on a ground whose tills are all well; those it spoils are replaced."""
    began = time.monotonic()
    ground.refill()
    before = {alarm: count for alarm, _, _, count in ground.premises.rows(_ALARMS)}
    adversary = Adversary(ground, seed)
    try:
        adversary.prepare()
        adversary.attack(moves)
        _heal(ground, adversary)
        everything = adversary.everything()
        verdict = judge(adversary.books, everything)
        verdict.wrong += _server_agrees(ground, adversary, everything)
        verdict.wrong += _all_check_themselves(ground, adversary)
        alarms, alarmed = _alarms(ground, before)
        verdict.wrong += _alarm_missing(ground, adversary, everything, alarmed)
    finally:
        _clear(ground, adversary)
    return Played(
        seed, adversary.catastrophe, time.monotonic() - began, verdict, alarms, adversary.done, adversary.story
    )  # fmt: skip


def _heal(ground: Ground, adversary: Adversary) -> None:
    """Every line is whole, every machine runs with its clock right, and all have spoken to the server."""
    adversary.story.append(f"{now():%H:%M:%S} all is healed")
    tills = [*ground.tills, *adversary.copies]
    for till in tills:
        till.network.never_mind()
        till.network.up()
    ground.start([till for till in tills if not till.running])
    ask_all(tills, "clock", wrong_by_seconds=0, slept_seconds=0)
    # A cashier's time-out may be answered late: what it asked is settled by the next rounds.
    ground.all_sync([till for till in tills if not till.revoked])
    for till in tills:
        if till.revoked:
            _hand_in(till)


def _hand_in(till: TillProcess) -> None:
    """A revoked till may hand in its queue, and nothing else."""
    for _ in range(3):
        ask_all([till], "sync")


def _server_agrees(ground: Ground, adversary: Adversary, everything: Sequence[Happened]) -> list[str]:
    """Each fact of the files is at the server; accepted ones have moved what they say, and nothing else has."""
    members = [person.member_id for person in adversary.people]
    rows = ground.premises.rows
    terminals = sorted({one.terminal_id for one in everything})
    known = {(terminal, hashed): (outcome, reason) for terminal, hashed, outcome, reason in rows(_FACTS, terminals)}
    gone = {str(folder) for _, folder in adversary.aside}
    wrong: list[str] = []
    expected: Counter[tuple[str, str]] = Counter(adversary.books.opening)
    for one in {(each.terminal_id, each.hash): each for each in everything}.values():
        said = known.get((one.terminal_id, one.hash))
        if said is None and one.copy not in gone:
            wrong.append(f"the server has never heard of {one.kind} {one.seq} of {one.copy}")
        if said is None or said[0] != "accepted" or one.kind not in ("PassSold", "PassRedeemed"):
            continue
        expected[adversary.books.group_of(one)] += one.body["uses"] * (1 if one.kind == "PassSold" else -1)
    for sign, query in ((1, _LOST), (-1, _UNCONFIRMED), (-1, _HELD)):
        for member, plan, amount in rows(query, members):
            expected[member, str(plan)] += sign * amount
    off = {group: left for group, left in expected.items() if left}
    if off:
        wrong.append(f"issued - handed over + lost differs from what the ledger has left: {off}")
    return wrong


def _all_check_themselves(ground: Ground, adversary: Adversary) -> list[str]:
    found = ground.premises.do(invariants.check)
    wrong = [f"invariant {n} {one.details}" for n, one in found.items() if one.state == "broken"]
    for name, said in ask_all([*ground.tills, *adversary.copies], "check").items():
        if said.get("broken") != []:
            wrong.append(f"{name} finds itself broken: {said}")
    return wrong


def _alarms(ground: Ground, before: dict[str, int]) -> tuple[Counter[str], dict[str, set[str]]]:
    """Alarms that are new since then, by event; and of each terminal which."""
    counted: Counter[str] = Counter()
    of: dict[str, set[str]] = {}
    for alarm, event, terminal, count in ground.premises.rows(_ALARMS):
        if count > before.get(alarm, 0):
            counted[event] += count - before.get(alarm, 0)
            of.setdefault(terminal, set()).add(event)
    return counted, of


_TELLING = {"terminal_forked", "content_differs", "journal_behind", "journal_cut", "chain_gap", "request_replayed"}


def _alarm_missing(
    ground: Ground, adversary: Adversary, everything: Sequence[Happened], alarmed: dict[str, set[str]]
) -> list[str]:
    """Of whom the server was told two histories HQ hears. One that went up in smoke before it spoke nobody can know."""
    cloned = adversary.books.cloned
    known = {(terminal, hashed) for terminal, hashed, _, _ in ground.premises.rows(_FACTS, list(cloned))}
    wrong = []
    for terminal, copied in cloned.items():
        told = {
            one.copy for one in everything
            if one.terminal_id == terminal and one.seq > copied.since_seq and (terminal, one.hash) in known
        }  # fmt: skip
        if len(told) > 1 and not alarmed.get(terminal, set()) & _TELLING:
            wrong.append(f"{terminal} has two histories and HQ hears only {sorted(alarmed.get(terminal, set()))}")
    return wrong


def _clear(ground: Ground, adversary: Adversary) -> None:
    """Copies go, and so do the tills that are not what they were."""
    for copy in adversary.copies:
        copy.close()
    for till in list(ground.tills):
        if till.name in adversary.spoiled:
            ground.retire(till)
