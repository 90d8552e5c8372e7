"""A real till without a window: its journal on disk, its sync, its print queue, and a printer on TCP.

Rule: built by the product's own bootstrap. Nothing runs in the background until a test says so: `sync` and `print_all`
do one round and say when it failed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select

from models.catalogue import MemberPass
from models.facts import Fact, decode_fact
from models.tenders import Tender, pay
from pos_app import bootstrap
from pos_app.bootstrap import App
from pos_app.journal import outbox, passes, prints
from pos_app.journal.tables import COMPACTED, FACTS, OUTBOX, REQUESTS
from pos_app.selling.basket import Basket, add_add_on, add_product
from pos_app.settings import Settings
from pos_app.till import catalogue, find_member, pairing, quote, redeem, reprint, sell, sell_pass, shift, sign_in
from pos_app.till.till import Till
from pos_app.till.values import Done, MemberView
from printing.virtual.server import VirtualPrinter
from tests.flows import shop
from tests.flows.house import House, wait_for
from tests.flows.proxy import Proxy

Cups = Sequence[tuple[str, Mapping[str, int]]]
"""(product, add-on -> quantity) per cup"""


@dataclass(frozen=True)
class Recorded:
    """A fact as the journal has it, and what the server said about it."""

    seq: int
    hash: str
    data: bytes
    state: str
    reason: str | None
    tx_no: str | None

    @property
    def fact(self) -> Fact:
        return decode_fact(self.data)


class Counter:
    """One till of a house, with a network that can be cut and a printer of its own."""

    def __init__(self, house: House, folder: Path, store: str = "SZ1") -> None:
        self.house, self.folder, self.store = house, folder, store
        self.network = Proxy(house.port)
        self.address = f"http://127.0.0.1:{self.network.port}"
        self.printer = VirtualPrinter(folder / "paper")
        self._app: App | None = None
        self.compacted: dict[str, bytes] = {}
        """Hash -> bytes of facts that the till may have compacted, for whoever looks at them all the same."""
        self.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.network.stop()
        self.printer.stop()

    # Life ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the till program's parts."""
        settings = Settings(
            data_dir=self.folder / "till",
            printer=f"tcp://127.0.0.1:{self.printer.port}",
            camera="none",
            key_storage="file",
        )
        self._app = bootstrap.start(settings, lambda _: None)

    def close(self) -> None:
        """End them; what waits stays in the journal."""
        if self._app is not None:
            self._app.stop()
            self._app = None

    def restart(self) -> None:
        """Close and open again; everybody is signed out."""
        self.close()
        self.open()

    @property
    def app(self) -> App:
        assert self._app is not None
        return self._app

    @property
    def till(self) -> Till:
        return self.app.till

    def pair(self, code: str | None = None) -> None:
        """Pair with a fresh code and pull everything."""
        number = self.house.next_number()
        pairing.pair(self.till, self.address, code or self.house.pairing_code(self.store, number))
        self.sync()

    def begin(self) -> Self:
        """Pair, sign in, open a shift: ready to sell."""
        self.pair()
        sign_in.sign_in(self.till, shop.PIN)
        shift.open_shift(self.till, 20000)
        return self

    def sync(self) -> None:
        """One round with the server, which must work."""
        self.app.sync.cycle()
        assert self.till.gateway.reachable
        assert not self.pending

    def print_all(self) -> None:
        """Print what waits."""
        self.app.prints.tick()

    # What a cashier does ----------------------------------------------------------------------------------------

    def basket(self, cups: Cups, view: MemberView | None = None, plan: str | None = None) -> Basket:
        """A basket; with a member's pass of a plan it is a redemption."""
        basket = Basket(member=view.member if view else None)
        if view is not None and plan is not None:
            found = next(item for item in view.passes if item.plan.plan_id == plan)
            basket = Basket(member=view.member, held=found.held, plan=found.plan)
        for index, (product, add_ons) in enumerate(cups):
            basket = add_product(basket, product)
            for add_on, quantity in add_ons.items():
                for _ in range(quantity):
                    basket = add_add_on(basket, index, add_on)
        return basket

    def scan(self, code: str) -> MemberView:
        """Scan a member's code."""
        return find_member.by_scan(self.till, code)

    def redeem(self, view: MemberView, plan: str, cups: Cups = ((shop.TEA, {}),), tender: str = "cash") -> Done:
        """Redeem cups from a member's pass; extras are paid exactly."""
        basket = self.basket(cups, view, plan)
        due = quote.quote_basket(self.till, basket).due_minor
        tenders = (pay(tender, due, due),) if due else ()
        return redeem.redeem(self.till, basket, tenders, view.code, proof=view.proof)

    def sell(self, cups: Cups = ((shop.WATER, {}),), received: int = 0) -> Done:
        """Sell goods for cash."""
        basket = self.basket(cups)
        due = quote.quote_basket(self.till, basket).due_minor
        return sell.sell(self.till, basket, (Tender("cash", due, received or due),))

    def sell_pass(self, view: MemberView, plan: str, tender: str = "wechat") -> Done:
        """Sell a pass."""
        found = next(item for item in catalogue.plans(self.till) if item.plan_id == plan)
        return sell_pass.sell_pass(self.till, view.member, found, (pay(tender, found.price_minor, found.price_minor),))

    def reprint(self, slip: str) -> Done:
        """Order a copy."""
        return reprint.reprint(self.till, slip, "lost")

    def member(self, person: shop.Person) -> MemberView:
        """Find a member by their phone."""
        (view,) = find_member.by_phone(self.till, person.phone)
        return view

    # What it knows -------------------------------------------------------------------------------------------

    @property
    def recorded(self) -> list[Recorded]:
        """The whole chain."""
        columns = (FACTS.c.seq, FACTS.c.hash, FACTS.c.bytes, OUTBOX.c.state, OUTBOX.c.reason, OUTBOX.c.tx_no)
        query = select(*columns).join_from(FACTS, OUTBOX, FACTS.c.seq == OUTBOX.c.seq).order_by(FACTS.c.seq)
        with self.till.journal.reading() as rows:
            found = [Recorded(*row) for row in rows.execute(query)]
        return [replace(one, data=one.data or self.compacted[one.hash]) for one in found]

    @property
    def compacted_now(self) -> int:
        """How many facts are compacted to their hashes."""
        with self.till.journal.reading() as rows:
            return int(rows.execute(select(func.count()).where(FACTS.c.bytes == COMPACTED)).scalar_one())

    @property
    def pending(self) -> int:
        """How many facts wait."""
        with self.till.journal.reading() as rows:
            return outbox.summary(rows).pending

    def fact(self, done: Done) -> Recorded:
        """The fact of something done."""
        return next(item for item in self.recorded if item.fact.fact_id == done.fact_id)

    @property
    def requests(self) -> list[tuple[str, str | None]]:
        """State and code of every online request, oldest first."""
        with self.till.journal.reading() as rows:
            query = select(REQUESTS.c.state, REQUESTS.c.code).order_by(REQUESTS.c.asked_at, REQUESTS.c.request_id)
            return [(row.state, row.code) for row in rows.execute(query)]

    def passes(self) -> dict[str, MemberPass]:
        """Every pass that this till has had to do with, as it shows them."""
        touched = {getattr(item.fact.body, "pass_id", None) for item in self.recorded} - {None}
        with self.till.journal.reading() as rows:
            found = (passes.by_id(rows, str(pass_id)) for pass_id in touched)
            return {held.pass_id: held for held in found if held is not None}

    @property
    def paper(self) -> list[dict[str, Any]]:
        """What the printer wrote about each job."""
        return [json.loads(path.read_text("utf-8")) for path in sorted((self.folder / "paper").glob("job-*.json"))]

    def print_states(self) -> dict[tuple[str, int], str]:
        """(slip, copy) -> state of its paper."""
        with self.till.journal.reading() as rows:
            return {(job.slip, job.copy): job.state for job in prints.recent(rows, 10_000)}

    def drain(self, seconds: float = 40.0) -> None:
        """Wait until the background has handed everything in and knows the newest state."""
        wait_for(lambda: not self.pending, "everything is handed in", seconds)
