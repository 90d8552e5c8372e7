"""Play one seed: a shop, four tills, so many steps; every step is compared, the end is looked at whole.

Rule: the steps and all that happens in them follow from the seed alone, so a run that fails can be played again. What
it has done so far goes with the failure.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from models import wire
from models.refusals import Refusal
from pos_app import print_queue
from pos_app.errors import Trouble
from pos_app.journal import reserve, retention
from pos_app.till import shift, sign_in
from sync_server.cards import codes
from sync_server.intake import facts
from tests.faults.server_launcher import BATCH_FACTS
from tests.faults.simulator import points as named_points
from tests.faults.simulator.backups import Backups
from tests.faults.simulator.database import SimulatedDatabase
from tests.faults.simulator.expected import Expected, Restored, Terminal
from tests.faults.simulator.machine import Dice, Killed, Time
from tests.faults.simulator.network import Network
from tests.faults.simulator.nursery import FEW, SHORT, STORES, Nursery, Person
from tests.faults.simulator.server import SimulatedServer
from tests.faults.simulator.till import SimulatedTill
from tests.faults.simulator.watch import ServerWatch, TillWatch
from tests.flows import shop
from tests.sync_server.ledger.plain_values import Shop

FAULT = "fault, "
"""How what counts a fault begins."""
MOST_FACTS = 8
"""So that a queue is several pushes, and a push several batches."""
_RESERVE_BYTES = 1 << 12
"""What a till keeps free counts here in pages; a file of eight megabytes would be written at every start."""
_KEPT_DAYS = 0.1
"""A run lasts a few days; whatever was accepted hours ago may be compacted once a backup holds it."""
_BCRYPT_COST = 4
"""The least there is: secrets are compared here, not guarded."""
_PAUSES = [(60, 5), (30, 90), (7, 1200), (2, 5 * 3600), (1, 30 * 3600)]
"""Seconds between two steps."""
SOLD_PLANS = (shop.TEN, shop.TEN, shop.TAXED, shop.TIGHT, FEW, FEW, SHORT)


class Broken(AssertionError):
    """A run has failed; the text says at which seed and step, why, what had been done, and how to play it again."""

    def __init__(
        self, seed: int, steps: int, done: list[str], counted: Counter[str], cause: BaseException, profile: str = ""
    ) -> None:
        told = "\n".join(f"  {number:4} {text}" for number, text in enumerate(done, 1))
        again = f"make faults FIRST_SEED={seed} SEEDS=1 STEPS={steps}{profile and f' PROFILE={profile}'}"
        super().__init__(f"seed {seed}, step {len(done)}: {cause}\n{told}\nagain: {again}\n{cause!r}")
        self.seed, self.counted, self.cause = seed, counted, cause


@dataclass
class Report:
    """What a run that held has done: its steps, and how often each outcome."""

    told: list[str]
    done: Counter[str]


class Run:
    """One run in motion. Steps are functions of it (steps, mishaps) that return what they did, in a few words."""

    def __init__(self, nursery: Nursery, database: SimulatedDatabase, seed: int, folder: Path) -> None:
        self.seed, self.nursery, self.folder = seed, nursery, folder
        self.dice, self.time, self.points = Dice(seed), Time(nursery.began_at), named_points.Points()
        self.server = SimulatedServer(database, nursery.keys, self.time)
        self.expected = copy.deepcopy(nursery.expected)
        self.terminals = list(nursery.terminals)
        self.watch = ServerWatch(self.server, self.expected, self.terminals)
        self.tills: list[SimulatedTill] = []
        self.watches: list[TillWatch] = []
        self.codes: dict[str, str] = {}
        self.snapshots: dict[str, str] = {}
        self.saved: tuple[Expected, dict[str, str]] | None = None
        self.copies: dict[int, TillWatch] = {}
        self.backups = Backups(self)
        self.daring = self.dice.happens(50)
        self.late: set[int] = set()
        self.more: list[tuple[int, Callable[[Run, SimulatedTill], str | None]]] = []
        self.undo = ExitStack()
        self.told: list[str] = []
        self.counted: Counter[str] = Counter()
        for number in range(len(STORES)):
            network = Network(number, self.server, self.time, self.watch)
            place = nursery.till_folder(number, folder / f"till{number}")
            till = SimulatedTill(number, place, self.time, Dice(seed * 100 + number), network)
            self.tills.append(till)
            self.watches.append(TillWatch(till, self.expected, nursery.terminals[number]))

    def begin(self) -> None:
        """Open everything."""
        self.time.passes(self.dice.between(60, 6 * 3600))
        self.server.start()
        for till in self.tills:
            till.open()
            till.sign_in(shop.PIN)
            self.watches[till.number].look(None, again=True)
            self.watches[till.number].acknowledged()

    def close(self) -> None:
        """End everything, whatever state it is in."""
        for till in self.tills:
            self.calm(till)
            till.close()
        self.server.stop()

    def do(self, number: int, name: str, step: Callable[[Run, SimulatedTill], str | None]) -> None:
        """One step at a till: it is done, refused, in trouble, or the till is killed in it."""
        till = self.tills[number]
        self.time.passes(self.dice.weighted(_PAUSES) + self.dice.between(0, 9))
        self.told.append(f"till {number}: {name}")
        done: str | None = None
        try:
            done = step(self, till)
            how = "done"
        except Refusal as refusal:
            how = f"refused {refusal.code}"
        except Trouble as trouble:
            how = f"trouble {trouble.code}"
        except Killed as killed:
            how = f"killed {killed}"
        self.calm(till)
        if how.startswith("killed"):
            self.reopen(till)
        self.told[-1] += f": {how}"
        self.counted[f"{name}: {how.partition(' ')[0] if how.startswith('killed') else how}"] += 1
        if not self.server.running:
            self.told[-1] += ", server started again"
            self.server.start()
        self.look(number, done)

    def calm(self, till: SimulatedTill) -> None:
        """What was to strike in a step and has not is forgotten."""
        self.points.disarm()
        till.network.forget()
        till.fail_statements(None)
        till.printer.breaks = None

    def look(self, number: int, done: str | None = None) -> None:
        """Compare what one till shows."""
        watch = self.watches[number]
        if watch.till.running:
            watch.look(done)
            watch.acknowledged()
            self.backups.look(watch)
        watch.paper()

    def disk_usage(self, path: object) -> SimpleNamespace:
        """What the tills hear of their disks."""
        full = any(till.full and str(path).startswith(str(till.folder)) for till in self.tills)
        return SimpleNamespace(free=0 if full else 1 << 40)

    def joins(self, till: SimulatedTill, shop_: Shop) -> None:
        """A till that was paired within the run trades on in it."""
        terminal = till.journal.require_identity().terminal_id
        self.terminals.append(terminal)
        self.expected.know_unpaired({terminal: shop_})
        self.watch.note_paired()
        self.tills.append(till)
        self.watches.append(TillWatch(till, self.expected, terminal))
        till.sign_in(shop.PIN)
        if self.dice.happens(90):
            shift.open_shift(till.till, 20000)
        self.look(till.number)

    def reopen(self, till: SimulatedTill) -> None:
        """The program starts again from its file, as after a kill, and somebody signs in."""
        till.close()
        if self.dice.happens(30):
            till.machine.reboot()
        if self.dice.happens(10):
            self.points.till = self.dice.one_of(named_points.STARTS)
        try:
            till.open()
        except Killed:
            till.open()
        self.watches[till.number].look(None, again=True)
        sign_in.sign_in(till.till, shop.PIN)

    def back_up(self) -> None:
        """Keep database and oracle as they are."""
        self.server.back_up()
        self.saved = (copy.deepcopy(self.expected), dict(self.codes))
        self.backups.taken()

    def restore(self) -> None:
        """Both go back to the copy; it serves once."""
        assert self.saved is not None
        self.server.restore()
        poisoned, typed = self.expected.poisoned, self.expected.members.typed
        stores = {terminal: known.shop for terminal, known in self.expected.terminals.items()}
        numbers = {*self.expected.lost_numbers, *self.expected.ledger.posted}
        (self.expected, self.codes), self.saved = self.saved, None
        self.expected.poisoned, self.expected.members.typed = poisoned, typed
        self.expected.know_unpaired(stores)
        (window,) = self.server.rows("SELECT lost_from, started_at FROM app.epochs ORDER BY started_at DESC LIMIT 1")
        self.expected.restored.append(Restored(*window))
        self.expected.lost_numbers = numbers - set(self.expected.ledger.posted)
        self.watch.expected = self.expected
        for watch in self.watches:
            watch.expected = self.expected

    # Copies of a till's folder -----------------------------------------------------------------------------------

    def copy_folder(self, till: SimulatedTill) -> None:
        """Keep a copy of a till's folder, with what it has shown so far; an older copy is forgotten."""
        place = self.folder / f"copy{till.number}"
        till.close()
        shutil.rmtree(place, ignore_errors=True)
        till.copy_to(place)
        self.copies[till.number] = self.watches[till.number].copied()
        self.reopen(till)

    def go_back(self, till: SimulatedTill) -> None:
        """Put the copy in place of the folder: from then on there is another history."""
        if till.number in self.copies:
            till.close()
            till.go_back_to(self.folder / f"copy{till.number}")
            self.watches[till.number].becomes(self.copies[till.number].copied())
            self.reopen(till)

    def swap_with_clone(self, till: SimulatedTill) -> None:
        """The copy runs in the folder's place, on the same network; the folder is the copy now."""
        if till.number in self.copies:
            till.close()
            other = self.folder / f"copy{till.number}"
            till.swap_with(other)
            aside = self.watches[till.number].copied()
            self.watches[till.number].becomes(self.copies[till.number])
            self.copies[till.number] = aside
            self.reopen(till)

    def happened(self) -> Counter[str]:
        """How often each thing was done, was answered and went wrong so far."""
        struck = self.points.struck.copy()
        for till in self.tills:
            struck += till.network.struck + till.printer.struck
        faults = Counter({FAULT + name: count for name, count in struck.items()})
        lost = Counter({
            "uses lost": sum(self.expected.ledger.lost.values()),
            "members merged": len(self.expected.members.aliases),
        })  # fmt: skip
        return self.counted + self.watch.counted + faults + lost

    def customers(self) -> list[Person]:
        """Everybody who may stand at a counter; who is no member yet, or not yet at the server, has no id there."""
        members, cards = self.expected.members, self.expected.ledger.cards.values()
        new = sorted({*members.typed.values()} - {person.phone for person in self.nursery.people})
        own = {card.member: card.card_id for card in cards}
        found = [(phone, members.by_phone.get(phone, "")) for phone in new]
        return [*self.nursery.people, *(Person(member, phone, own.get(member, "")) for phone, member in found)]

    def members(self) -> list[Person]:
        """Whom the server knows."""
        return [person for person in self.customers() if person.member_id]

    def aliases(self, person: Person) -> list[str]:
        """The other ids that stand for a member."""
        return [alias for alias, own in self.expected.members.aliases.items() if own == person.member_id]

    def mine(self, number: int) -> Terminal:
        """What the oracle knows of a till."""
        return self.expected.terminals[self.terminals[number]]


def play(nursery: Nursery, seed: int, steps: int, plan: Callable[[Run], None] | None = None) -> Report:
    """Play a seed to its end; raises `Broken`. `plan` may spoil the run before it begins (planted bugs)."""
    from tests.faults.simulator import ending, menu  # noqa: PLC0415 - they are made of functions of a Run

    with _run(nursery, seed, apart=plan is not None) as run:
        try:
            if plan is not None:
                plan(run)
            run.begin()
            menu.begin(run)
            for _ in range(steps):
                menu.one(run)
            run.told.append("the end")
            ending.settle(run)
        except Exception as error:
            raise Broken(seed, steps, run.told, run.happened(), error) from error
        return Report(run.told, run.happened())


@contextmanager
def _run(nursery: Nursery, seed: int, *, apart: bool) -> Iterator[Run]:
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=nursery.folder))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder)
        run = Run(nursery, ends.enter_context(nursery.database(apart=apart)), seed, folder)
        ends.callback(run.close)
        with run.undo as undo:
            undo.enter_context(run.points.installed())
            quickened(undo, run.disk_usage)
            yield run


def quickened(undo: ExitStack, disk_usage: Callable[[object], SimpleNamespace]) -> None:
    """What costs time and shows nothing here is left out, and bounds are such that a short run meets them."""
    for owner, name, value in (
        (print_queue, "encode", _in_short), (shutil, "disk_usage", disk_usage), (codes, "_BCRYPT_COST", _BCRYPT_COST),
        (retention, "KEPT_DAYS", _KEPT_DAYS), (reserve, "RESERVE_BYTES", _RESERVE_BYTES),
        (facts, "BATCH_FACTS", BATCH_FACTS), (wire, "MAX_FACTS_PER_PUSH", MOST_FACTS),
    ):  # fmt: skip
        undo.enter_context(patch.object(owner, name, value))


def _in_short(layout: object, *_: object) -> bytes:
    """Paper as text: drawing it takes longer than all the rest, and is shown elsewhere."""
    return repr(layout).encode()
