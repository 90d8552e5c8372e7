"""Short schedules of somebody who knows every member, pass and token and tries to spend a use twice: many a minute.

Rule: as in `run`, all follows from the seed. What was handed over is counted as on the rack (tests.faults.rack.truth),
from the tills' files alone; the oracle of the other profile is not asked. Half of the schedules show no snapshot, so
that nothing may be spent unproven: then the overspend of tills that nobody copied must be nothing at all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.journal import shifts
from pos_app.till import shift
from sync_server.database.engine import Pool, transaction
from sync_server.members import codes
from sync_server.reports import invariants, risk
from tests.faults.rack import beside
from tests.faults.rack.truth import Books, Copied, Happened, judge, read
from tests.faults.simulator import points as named_points
from tests.faults.simulator.database import SimulatedDatabase
from tests.faults.simulator.expected import Wrong
from tests.faults.simulator.headquarters import HQ
from tests.faults.simulator.machine import Dice, Killed, Time
from tests.faults.simulator.network import Network
from tests.faults.simulator.nursery import STORES, Nursery, Person
from tests.faults.simulator.run import Broken, Report, quickened
from tests.faults.simulator.server import SimulatedServer
from tests.faults.simulator.till import SimulatedTill
from tests.flows import shop

if TYPE_CHECKING:
    from tests.faults.simulator.attacks import Token

CAPS = {shop.SZ1: shop.POLICY.max_uses_terminal, shop.SZ2: 0}
_PAUSES = [(80, 5), (15, 60), (4, 1200), (1, 4 * 3600)]
_ROUNDS = 6
_CHECKED = 10
"""Every so many seeds the server checks all its invariants, too."""


class Attack:
    """One schedule in motion. Steps are functions of it (attacks) that return what they did, in a few words."""

    def __init__(self, nursery: Nursery, database: SimulatedDatabase, seed: int, folder: Path) -> None:
        self.seed, self.nursery, self.folder = seed, nursery, folder
        self.dice, self.time, self.points = Dice(seed), Time(nursery.began_at), named_points.Points()
        self.server = SimulatedServer(database, nursery.keys, self.time)
        self.books, self.snapshots = Books(), dict[str, list[str]]()
        self.tokens: list[Token] = []
        self.tills: list[SimulatedTill] = []
        self.copies: list[SimulatedTill] = []
        self.terminals: dict[int, str] = dict(enumerate(nursery.terminals))
        self.gone: list[tuple[str, Path]] = []
        self.told: list[str] = []
        self.counted: Counter[str] = Counter()
        self.risky, self.dares_copies = self.dice.happens(50), self.dice.happens(50)
        self.saved_at = self.time.now
        self.saved = self.revoked = self.leases = False
        self.more: list[tuple[int, Callable[[Attack], str]]] = []
        self.undo = ExitStack()
        for number in range(len(STORES)):
            network = Network(number, self.server, self.time, lambda _: None)
            place = nursery.till_folder(number, folder / f"till{number}")
            self.tills.append(SimulatedTill(number, place, self.time, Dice(seed * 100 + number), network))
            self.books.caps[nursery.terminals[number]] = CAPS[STORES[number]]

    @property
    def people(self) -> Sequence[Person]:
        return self.nursery.people

    @property
    def everybody(self) -> list[SimulatedTill]:
        """Every till, copies too."""
        return [*self.tills, *self.copies]

    def of(self, terminal_id: str) -> list[SimulatedTill]:
        """Whoever has the keys of a terminal."""
        return [till for till in self.everybody if self.terminals[till.number] == terminal_id]

    def begin(self) -> None:
        """Open everything; somebody signs in at each till."""
        self.time.passes(self.dice.between(60, 3600))
        self.server.start()
        for till in self.tills:
            self.open(till)
        self.publish()

    def open(self, till: SimulatedTill) -> None:
        """Start the program, somebody signs in, a shift is open."""
        if not till.running:
            till.open()
        till.sign_in(shop.PIN)
        with till.journal.reading() as rows:
            is_open = shifts.open_shift(rows) is not None
        if not is_open:
            shift.open_shift(till.till, 20000)

    def close(self) -> None:
        """End everything, whatever state it is in."""
        for till in self.everybody:
            till.close()
        self.server.stop()

    def publish(self) -> None:
        """What HQ shows as the worst case now."""

        async def look(pool: Pool) -> int:
            async with transaction(pool, HQ) as connection:
                worst = await risk.worst_case(connection, await risk.policies(connection))
            return next((one.total for one in worst if one.unit == "use"), 0)

        self.books.published = max(self.books.published, self.server.job(look))

    def do(self, step: Callable[[Attack], str]) -> None:
        """One step; a till that is killed in it starts again."""
        self.time.passes(self.dice.weighted(_PAUSES) + self.dice.between(0, 9))
        name = step.__name__.replace("_", " ")
        self.told.append(f"{self.time.now:%d %H:%M:%S} {name}: ")
        self.counted[name] += 1
        self.told[-1] += step(self)

    def at(self, till: SimulatedTill, act: Callable[[SimulatedTill], str]) -> str:
        """Something at one till: what it showed, or why it did not, in a word."""
        try:
            said = act(till)
        except Refusal as refusal:
            said = refusal.code
        except Trouble as trouble:
            said = trouble.code
        except Killed:
            said = "killed"
        self.points.disarm()
        till.network.forget()
        if not self.server.running:
            self.server.start()
        if said == "killed":
            self.restart(till)
        self.counted[f"= {said}"] += 1
        return said

    def restart(self, till: SimulatedTill) -> None:
        """The program ends and starts again, or the whole machine does."""
        till.close()
        if self.dice.happens(30):
            till.machine.reboot()
        self.open(till)

    def passes_of(self, person: Person, plan: str) -> list[str]:
        """The pass of a plan that a member has had from the beginning."""
        held = self.nursery.expected.ledger.passes.values()
        return [one.pass_id for one in held if (one.member, one.plan.plan_id) == (person.member_id, plan)]

    def snapshot(self, person: Person) -> str:
        """A signed code of now, kept for later."""
        code = self.server.job(partial(self._snapshot, person.member_id))
        self.snapshots.setdefault(person.member_id, []).append(code)
        return code

    async def _snapshot(self, member_id: str, pool: Pool) -> str:
        return await codes.snapshot_code(pool, self.server.keys, member_id, shop.MERCHANT, self.time.now)

    def everything(self) -> list[Happened]:
        """What all folders have recorded, those that were taken away too."""
        found: list[Happened] = []
        for till in self.everybody:
            found += read(till.folder, self.terminals[till.number])
        for terminal_id, folder in self.gone:
            found += read(folder, terminal_id)
        return found

    def copy_of(self, till: SimulatedTill) -> SimulatedTill:
        """Copy the disk of a till into another machine; both go on."""
        self.spoil(till)
        number = 10 + len(self.copies)
        network = Network(number, self.server, self.time, lambda _: None)
        copy = SimulatedTill(number, self.folder / f"copy{number}", self.time, Dice(self.seed * 100 + number), network)
        copy.machine.wrong_by, copy.machine.started_at = till.machine.wrong_by, till.machine.started_at
        copy.boots_as = till.boots_as
        till.close()
        till.copy_to(copy.folder)
        self.terminals[number] = self.terminals[till.number]
        self.copies.append(copy)
        self.open(till)
        self.open(copy)
        return copy

    def spoil(self, till: SimulatedTill) -> None:
        """This terminal has several histories from here on."""
        terminal_id = self.terminals[till.number]
        facts = read(till.folder, terminal_id)
        known = self.books.cloned.setdefault(terminal_id, Copied(max([0, *(one.seq for one in facts)]), 0))
        known.copies += 1

    # The end ---------------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """All lines and clocks are right, and everybody hands in."""
        self.told.append("the end")
        for till in self.everybody:
            till.network.up = True
            till.network.forget()
            till.machine.wrong_by *= 0
            self.open(till)
        for _ in range(_ROUNDS):
            self.time.passes(2)
            busy = []
            for till in self.everybody:
                till.sync()
                (waits,) = till.journal_rows("SELECT count(*) FROM outbox WHERE state = 'pending'")
                busy += [till] if waits[0] or not till.app.client.reachable else []
            if not busy:
                return
        assert self.revoked, f"{[till.number for till in busy]} do not come to an end with the server"

    def verdict(self) -> None:
        """Wrong unless nobody has spent twice what may not be."""
        everything = self.everything()
        found = judge(self.books, everything)
        members = [person.member_id for person in self.people]
        gone = [folder for _, folder in self.gone]
        wrong, heard = beside.compare(self.server.rows, self.books, everything, members, gone, {})
        wrong += found.wrong
        if not self.risky and found.by_risk:
            wrong.append(f"{found.by_risk} uses were lost unproven, and nobody showed a snapshot")
        for name, count in (
            ("overspend: honest", found.by_honest), ("overspend: at risk", found.by_risk),
            ("overspend: by copies", found.by_copies), ("overspend: in lost time", found.by_lost_time),
            ("overspend: released at risk", found.by_release), ("overspend: by copies, money", found.money_by_copies),
            ("bound of copies", found.bound_copies),
        ):  # fmt: skip
            self.counted[name] += count
        for name, count in [*found.handed.items(), *((f"alarm {event}", count) for event, count in heard.items())]:
            self.counted[name] += count
        if wrong or self.seed % _CHECKED == 0:
            self.server.seal()
            broken = self.server.run(invariants.check(self.server.pool))
            wrong += [f"invariant {n}: {one.details}" for n, one in broken.items() if one.state == "broken"]
        if wrong:
            raise Wrong(12, "\n".join(wrong))


def play(nursery: Nursery, seed: int, steps: int, plan: Callable[[Attack], None] | None = None) -> Report:
    """Play a schedule to its end; raises `Broken`. `plan` may spoil it before it begins (planted bugs)."""
    from tests.faults.simulator import attacks  # noqa: PLC0415 - they are made of functions of an Attack

    with _attack(nursery, seed, apart=plan is not None) as attack:
        try:
            if plan is not None:
                plan(attack)
            attack.begin()
            for _ in range(steps):
                attack.do(attacks.drawn(attack))
            attack.heal()
            attack.verdict()
        except Exception as error:
            raise Broken(seed, steps, attack.told, attack.counted, error, "adversary") from error
        return Report(attack.told, attack.counted)


@contextmanager
def _attack(nursery: Nursery, seed: int, *, apart: bool) -> Iterator[Attack]:
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=nursery.folder))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder)
        attack = Attack(nursery, ends.enter_context(nursery.database(apart=apart)), seed, folder)
        ends.callback(attack.close)
        with attack.undo as undo:
            undo.enter_context(attack.points.installed())
            quickened(undo, lambda _: SimpleNamespace(free=1 << 40))
            yield attack
