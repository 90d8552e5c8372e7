"""Play one schedule: prepare, attack, heal, let all sync, and judge; what came of it is told in one line or a story.

Rule: the verdict on what was handed over is the rack's own (truth); besides, server and tills check themselves, and
what the server has must be what the tills' files say.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from sync_server.reports import invariants
from tests.faults.rack import beside
from tests.faults.rack.adversary import Adversary
from tests.faults.rack.fleet import TillProcess, ask_all
from tests.faults.rack.ground import Ground, now
from tests.faults.rack.truth import Verdict, judge

MOVES = 22


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
            f"in lost time {v.by_lost_time} of {v.bound_lost}, released {v.by_release}, money {v.money_over}; "
            f"handed over {_words(v.handed)}; "
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
    before = beside.alarms(ground.premises.rows)
    adversary, alarms = Adversary(ground, seed), Counter[str]()
    try:
        adversary.prepare()
        adversary.attack(moves)
        _heal(ground, adversary)
        everything = adversary.everything()
        verdict = judge(adversary.books, everything)
        verdict.wrong += _all_check_themselves(ground, adversary)
        members, gone = [person.member_id for person in adversary.people], [folder for _, folder in adversary.aside]
        wrong, alarms = beside.compare(ground.premises.rows, adversary.books, everything, members, gone, before)
        verdict.wrong += wrong
    except Exception:  # noqa: BLE001 - told with the story
        verdict = Verdict({}, wrong=[traceback.format_exc()])
        adversary.spoiled |= {till.name for till in ground.tills}
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


def _all_check_themselves(ground: Ground, adversary: Adversary) -> list[str]:
    found = ground.premises.do(invariants.check)
    wrong = [f"invariant {n} {one.details}" for n, one in found.items() if one.state == "broken"]
    for name, said in ask_all([*ground.tills, *adversary.copies], "check").items():
        if said.get("broken") != []:
            wrong.append(f"{name} finds itself broken: {said}")
    return wrong


def _clear(ground: Ground, adversary: Adversary) -> None:
    """Copies go, and so do the tills that are not what they were."""
    for copy in adversary.copies:
        copy.close()
    for till in list(ground.tills):
        if till.name in adversary.spoiled:
            ground.retire(till)
