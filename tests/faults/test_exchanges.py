"""Every kind of exchange, spoiled in every way that a network knows: the same outcome, and one effect.

Cut at a byte (a stride of them; FAULTS_FULL=1: every one), a byte at a time, reply lost, reply twice, noise after it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from models import wire
from models.facts import CardCharged, Refunded
from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.sync import client
from pos_app.till import pairing
from tests.faults.conftest import FaultyHouse, OpenTill
from tests.flows import shop
from tests.flows.cards import credit, give_back, held, pay_by_card
from tests.flows.checks import all_is_well
from tests.flows.proxy import DOWN, UP, Proxy
from tests.flows.till import Counter

FULL = os.environ.get("FAULTS_FULL") == "1"
PLACES = 6
pytestmark = pytest.mark.timeout(7200 if FULL else 180)


class Exchange:
    """One kind, done again and again at one till; `holds` compares what the till knows with what the ledger does."""

    def __init__(self, house: FaultyHouse, till: Counter) -> None:
        self.house, self.till, self.done = house, till, 0

    def ready(self) -> None:
        """Come to where the next one can be done, and nothing else waits."""
        self.till.begin().sync()

    def act(self) -> None:
        """Do it once, or be refused."""
        raise NotImplementedError

    def again(self) -> None:
        """What the till does by itself when the network is back; noise may cost it another connection or two."""
        for _ in range(3):
            self.till.app.sync.cycle()
            if self.till.till.gateway.reachable and not self.till.pending:
                return
        self.till.sync()

    def holds(self) -> None:
        """At the end."""
        all_is_well(self.house, self.till)


class Pair(Exchange):
    """The same code with the same key pairs once."""

    def ready(self) -> None:
        self._code = self.house.pairing_code("SZ1", self.house.next_number())

    def act(self) -> None:
        if self.till.till.journal.identity is None:
            pairing.pair(self.till.till, self.till.address, self._code)

    def again(self) -> None:
        for _ in range(3):
            with suppress(Trouble):
                self.act()
        super().again()

    def holds(self) -> None:
        code = self.till.till.journal.terminal_code
        assert self.house.rows("SELECT count(*) FROM app.terminals WHERE code = %s", code) == [(1,)]


class Push(Exchange):
    def act(self) -> None:
        self.till.sell()
        self.till.app.sync.cycle()


class PrintReports(Exchange):
    """What became of the paper, without a fact."""

    def act(self) -> None:
        self.till.network.never_mind()
        self.till.sell()
        self.till.sync()
        self.till.print_all()
        self.spoil()
        self.till.app.sync.cycle()

    spoil: Callable[[], None] = staticmethod(lambda: None)

    def holds(self) -> None:
        super().holds()
        terminal = self.till.till.journal.require_identity().terminal_id
        states = self.house.rows("SELECT state FROM app.print_reports WHERE terminal_id = %s", terminal)
        assert {state for (state,) in states} == {"printed"}


class Changes(Exchange):
    def act(self) -> None:
        self.house.member()
        self.till.app.sync.cycle()


class Health(Exchange):
    def act(self) -> None:
        self.till.app.client.health()


class Redeem(Exchange):
    def ready(self) -> None:
        super().ready()
        self._person = self.house.member({shop.TEN: 5000})
        self.till.sync()

    def act(self) -> None:
        self.till.redeem(self.till.member(self._person), shop.TEN)
        self.done += 1

    def holds(self) -> None:
        super().holds()
        assert self.house.uses_left(self._person.passes[shop.TEN]) == 5000 - self.done


class Charge(Exchange):
    def ready(self) -> None:
        super().ready()
        self._person = self.house.member()
        self.till.sync()
        credit(self.till, self._person, 1_000_000)
        self._had = sum(held(self.house, self._person).values())  # no points yet

    def act(self) -> None:
        pay_by_card(self.till, self.house.short_code(self._person), ((shop.WATER, {}),))

    def holds(self) -> None:
        super().holds()
        paid = [item.fact.body for item in self.till.recorded if isinstance(item.fact.body, CardCharged)]
        left = held(self.house, self._person)
        assert left["principal"] + left.get("bonus", 0) == self._had - sum(body.total_minor for body in paid)


class Refund(Exchange):
    def ready(self) -> None:
        super().ready()
        self._person = self.house.member()
        self.till.sync()
        self._tx_no = credit(self.till, self._person, 5000)

    def act(self) -> None:
        give_back(self.till, self._tx_no, 1, "cash")

    def holds(self) -> None:
        super().holds()
        given = [item.fact.body for item in self.till.recorded if isinstance(item.fact.body, Refunded)]
        assert held(self.house, self._person) == {"principal": 5000 - sum(body.amount_minor for body in given)}


KINDS = (Pair, Push, PrintReports, Changes, Health, Redeem, Charge, Refund)


def spoil_next(exchange: Exchange, spoil: Callable[[], None]) -> None:
    """Spoil the network just before the exchange."""
    if isinstance(exchange, PrintReports):
        exchange.spoil = spoil
    else:
        spoil()


def spoiled(exchange: Exchange, spoil: Callable[[], None]) -> None:
    """One exchange with whatever is wrong with the network; then what the till does by itself with a whole one."""
    spoil_next(exchange, spoil)
    with suppress(Refusal, Trouble):
        exchange.act()
    exchange.till.network.never_mind()
    exchange.again()


def length(exchange: Exchange, direction: str) -> int:
    """Bytes of one exchange, without those of what the till does by itself afterwards."""
    network = exchange.till.network
    spoil_next(exchange, network.count_anew)
    exchange.act()
    found = network.bytes[direction]
    exchange.again()
    return found


def places(count: int) -> range:
    """Where to cut: everywhere, or at the same few places of every run, the last a little before the end."""
    return range(count) if FULL else range(0, count, -(-count // PLACES))


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_cut(house: FaultyHouse, open_till: OpenTill, kind: type[Exchange], direction: str) -> None:
    """After each byte in turn: tried again, it comes to the same, once."""
    till = open_till()
    exchange = kind(house, till)
    exchange.ready()
    cuts = places(length(exchange, direction))
    for count in cuts:
        if kind is Pair:
            till, exchange = _fresh(house, open_till, till)
        spoiled(exchange, lambda: till.network.cut_after(direction, count))  # noqa: B023
    assert till.network.cuts > 0.9 * len(cuts), "lengths differ by a few bytes from one to the next, no more"
    exchange.holds()


def _fresh(house: FaultyHouse, open_till: OpenTill, before: Counter) -> tuple[Counter, Exchange]:
    """A till that has not paired yet; what struck so far is counted on."""
    cuts, added = before.network.cuts, before.network.added
    before.__exit__()
    till = open_till()
    till.network.cuts, till.network.added = cuts, added
    exchange = Pair(house, till)
    exchange.ready()
    return till, exchange


SPOILS: tuple[Callable[[Proxy], None], ...] = (
    Proxy.slow,
    lambda network: network.add_after(DOWN),
    lambda network: network.add_after(DOWN, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    lambda network: network.add_after(DOWN, b"\x00\xff not HTTP at all"),
)
"""A byte at a time; the answer twice; another answer behind it; noise behind it."""


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_slow_lost_doubled_noisy(
    house: FaultyHouse, open_till: OpenTill, kind: type[Exchange], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte at a time it only takes longer; a reply that is lost, comes twice or with noise changes nothing."""
    till = open_till()
    exchange = kind(house, till)
    exchange.ready()
    for number, spoil in enumerate(SPOILS):
        if kind is Pair and number:
            till, exchange = _fresh(house, open_till, till)
        spoiled(exchange, partial(spoil, till.network))
    assert till.network.added == len(SPOILS) - 1, "something came after an answer each time"
    if kind is Pair:
        till, exchange = _fresh(house, open_till, till)
    network = till.network
    with monkeypatch.context() as impatient, suppress(Refusal, Trouble):

        def deaf() -> None:
            impatient.setattr(client, "SILENCE_SECONDS", 0.3)
            impatient.setattr(client, "HEALTH_SECONDS", 0.3)
            impatient.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 0.3)
            network.deafen(DOWN)

        spoil_next(exchange, deaf)
        exchange.act()
    network.never_mind()
    network.down()
    network.up()
    exchange.again()
    exchange.holds()
