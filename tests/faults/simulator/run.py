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
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from models.cards import discounted_vat
from models.catalogue import PassPlan
from models.refusals import Refusal
from models.wire import ChargeAsked
from pos_app import print_queue
from pos_app.errors import Trouble
from pos_app.till import sign_in
from tests.faults.simulator import points as named_points
from tests.faults.simulator.expected import Expected, Terminal
from tests.faults.simulator.machine import Dice, Killed, Time
from tests.faults.simulator.network import Network
from tests.faults.simulator.nursery import FEW, PLANS, SHORT, STORES, Nursery
from tests.faults.simulator.plain import TillsLedger, unlimited
from tests.faults.simulator.server import SimulatedServer
from tests.faults.simulator.till import SimulatedTill
from tests.faults.simulator.watch import ServerWatch, TillWatch
from tests.flows import shop
from tests.sync_server.ledger.plain_values import OPERATOR, Card, Plan, Rule, Shop, Vat

PRICES = {shop.TEA: (1800, "0.06"), shop.MILK_TEA: (2200, "0.06"), shop.WATER: (500, "0.13"),
          shop.PEARLS: (200, "0.06"), shop.CHEESE: (400, "0.06")}  # fmt: skip
SOLD_PLANS = (shop.TEN, shop.TAXED, shop.TIGHT, FEW, FEW, SHORT)


class Broken(AssertionError):
    """A run has failed; the text says at which seed and step, why, what had been done, and how to play it again."""

    def __init__(self, seed: int, steps: list[str], cause: BaseException) -> None:
        told = "\n".join(f"  {number:4} {text}" for number, text in enumerate(steps, 1))
        again = f"make faults FIRST_SEED={seed} SEEDS=1"
        super().__init__(f"seed {seed}, step {len(steps)}: {cause}\n{told}\nagain: {again}\n{cause!r}")
        self.seed, self.cause = seed, cause


@dataclass
class Report:
    """What a run that held has done: its steps, and how often each outcome."""

    told: list[str]
    done: Counter[str]


class Run:
    """One run in motion. Steps are functions of it (steps, mishaps) that return what they did, in a few words."""

    def __init__(self, nursery: Nursery, seed: int, folder: Path) -> None:
        self.seed, self.nursery, self.folder = seed, nursery, folder
        self.dice, self.time, self.points = Dice(seed), Time(), named_points.Points()
        self.server = SimulatedServer(nursery.postgres, nursery.database(), nursery.keys, self.time)
        self.expected = _expected(nursery, self.server)
        self.watch = ServerWatch(self.server, self.expected, nursery.terminals)
        self.tills: list[SimulatedTill] = []
        self.watches: list[TillWatch] = []
        self.codes: dict[str, str] = {}
        self.snapshots: dict[str, str] = {}
        self.saved: tuple[Expected, dict[str, str]] | None = None
        self.copies: dict[int, Path] = {}
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

    def close(self) -> None:
        """End everything, whatever state it is in."""
        self.points.disarm()
        for till in self.tills:
            till.fail_statements(None)
            till.close()
        self.server.close()

    def do(self, number: int, name: str, step: Callable[[Run, SimulatedTill], str | None]) -> None:
        """One step at a till: it is done, refused, in trouble, or the till is killed in it."""
        till = self.tills[number]
        self.time.passes(self.dice.weighted([(60, 5), (30, 90), (8, 1200), (2, 5 * 3600)]) + self.dice.between(0, 9))
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
            self.reopen(till)
        self.told[-1] += f": {how}"
        self.counted[f"{name}: {how.partition(' till')[0]}"] += 1
        if not self.server.running:
            self.told[-1] += ", server started again"
            self.server.start()
        self.look(number, done)

    def look(self, number: int, done: str | None = None) -> None:
        """Compare what one till shows."""
        watch = self.watches[number]
        if watch.till.running:
            watch.look(done)
            watch.acknowledged()
        watch.paper()

    def reopen(self, till: SimulatedTill) -> None:
        """After a kill: whatever was armed is over, the program starts again from its file, somebody signs in."""
        self.points.till = None
        till.close()
        if self.dice.happens(30):
            till.machine.reboot()
        till.open()
        self.watches[till.number].look(None, again=True)
        sign_in.sign_in(till.till, shop.PIN)

    def back_up(self) -> None:
        """Keep database and oracle as they are."""
        self.server.back_up()
        self.saved = (copy.deepcopy(self.expected), dict(self.codes))

    def restore(self) -> None:
        """Both go back to the copy; it serves once."""
        assert self.saved is not None
        self.server.restore()
        (self.expected, self.codes), self.saved = self.saved, None
        self.watch.expected = self.expected
        for watch in self.watches:
            watch.expected = self.expected

    def mine(self, number: int) -> Terminal:
        """What the oracle knows of a till."""
        return self.expected.terminals[self.nursery.terminals[number]]


def play(nursery: Nursery, seed: int, steps: int, plan: Callable[[Run], None] | None = None) -> Report:
    """Play a seed to its end; raises `Broken`. `plan` may spoil the run before it begins (planted bugs)."""
    from tests.faults.simulator import ending, menu  # noqa: PLC0415 - they are made of functions of a Run

    with _run(nursery, seed) as run:
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
            raise Broken(seed, run.told, error) from error
        return Report(run.told, run.counted + run.watch.counted)


@contextmanager
def _run(nursery: Nursery, seed: int) -> Iterator[Run]:
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=nursery.folder))
    run = Run(nursery, seed, folder)
    try:
        with run.points.installed(), patch.object(print_queue, "encode", _in_short):
            yield run
    finally:
        run.close()
        shutil.rmtree(folder)


def _in_short(layout: object, *_: object) -> bytes:
    """Paper as text: drawing it takes longer than all the rest, and is shown elsewhere."""
    return repr(layout).encode()


def _expected(nursery: Nursery, server: SimulatedServer) -> Expected:
    cards = [Card(person.card_id, person.member_id) for person in nursery.people]
    plans = [value for value in (*shop.CATALOGUE, *PLANS) if isinstance(value, PassPlan)]
    bonus = shop.BONUS
    rule = Rule(bonus.rule_id, bonus.min_amount_minor, bonus.bonus_minor, round(float(bonus.bonus_rate) * 10_000),
                datetime(2026, 1, 1, tzinfo=UTC), None)  # fmt: skip
    bands = [(band.min_points, band.max_points, round(float(band.discount) * 1000)) for band in shop.BANDS]
    ledger = TillsLedger(
        cards,
        [Plan(p.plan_id, p.uses, p.validity_days, not p.auto_activate, unlimited(p.max_uses_per_order),
              unlimited(p.max_uses_per_day)) for p in plans],
        [rule],
        {shop.MERCHANT: bands, OPERATOR: []},
    )  # fmt: skip
    terminals = {
        terminal: Terminal(Shop("store", store, shop.MERCHANT))
        for terminal, store in zip(nursery.terminals, STORES, strict=True)
    }
    found = server.rows("SELECT card_ref, card_id::text FROM app.cards")
    by_ref = {ref: ledger.cards[card] for ref, card in found}
    return Expected(ledger, terminals, _vat_of_charge, {}, by_ref)


def _vat_of_charge(asked: ChargeAsked) -> Vat:
    gross = []
    for cup in asked.cups:
        price, rate = PRICES[cup.product_id]
        gross.append((rate, price))
        gross += [(PRICES[part.add_on_id][1], PRICES[part.add_on_id][0] * part.quantity) for part in cup.add_ons]
    return tuple(
        (group.rate, group.base_minor, group.quota_minor) for group in discounted_vat(gross, asked.total_minor)
    )
