"""What runs in the process of one till: the product's own program without a window, told what to do over a pipe.

Rule: built by the product's own bootstrap; only its clock is steered, as whoever holds the machine could. Whatever is
asked is answered by what came of it; the process ends with the pipe, or by kill -9 at any moment. Only plain values
cross the pipe.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from models import wire
from models.refusals import Refusal
from models.tenders import pay
from pos_app import bootstrap
from pos_app.bootstrap import App
from pos_app.clock import TillClock, boot_ticks
from pos_app.errors import Trouble
from pos_app.journal import outbox, shifts
from pos_app.journal.verify import verify
from pos_app.selling.basket import Basket, add_product
from pos_app.settings import Settings
from pos_app.sync import client
from pos_app.till import (
    asking,
    catalogue,
    charge,
    find_member,
    pairing,
    quote,
    redeem,
    reservations,
    sell,
    sell_pass,
    shift,
    sign_in,
    top_up,
)
from pos_app.till.values import Done, MemberView
from tests.flows import shop

Said = dict[str, Any]
_PATIENCE = (
    (wire, "REQUEST_TIMEOUT_SECONDS", 5.0),
    (asking, "UNREACHABLE_WAIT_SECONDS", 2.0),
    (client, "HEALTH_SECONDS", 8.0),
)
"""A busy machine is no dead network; a line that is really cut says so at once."""


@dataclass
class Steered:
    """The machine's clocks: how wrong its wall clock is, how much of the time since the boot it did not count."""

    boot_id: str
    booted_at: float
    wrong_by: timedelta = timedelta(0)
    slept_seconds: float = 0.0

    def wall(self) -> datetime:
        """What the clock on the wall says."""
        return datetime.now(UTC) + self.wrong_by

    def ticks(self) -> float:
        """Seconds since the machine was started, as it counts them."""
        return boot_ticks() - self.booted_at - self.slept_seconds


def serve(line: Connection, folder: str, steered: Steered) -> None:
    """Open the till in a folder and do what comes down the line, until it ends or says `end`."""
    for owner, name, value in _PATIENCE:
        setattr(owner, name, value)
    logging.disable(logging.CRITICAL)  # what is tried here goes wrong all the time; the answers say how
    Driver(Path(folder), steered).answer_all(line)


class Driver:
    """The till, and what it can be asked."""

    def __init__(self, folder: Path, steered: Steered) -> None:
        self._steered = steered

        def clock(anchor: Any, save: Any) -> TillClock:
            return TillClock(anchor, save, steered.wall, steered.ticks, steered.boot_id)

        with mock.patch.object(bootstrap, "TillClock", clock):
            settings = Settings(folder, printer="none", camera="none", key_storage="file")
            self._app: App = bootstrap.start(settings, lambda _: None)
        self._till = self._app.till

    def answer_all(self, line: Connection) -> None:
        """One thing at a time."""
        line.send({"ready": True})
        while True:
            try:
                name, asked = line.recv()
            except EOFError:
                break
            if name == "end":
                break
            line.send(self._answer(getattr(self, name), asked))
        self._app.stop()

    def _answer(self, work: Callable[..., Said], asked: dict[str, Any]) -> Said:
        try:
            return work(**asked)
        except Refusal as refusal:
            return {"refused": refusal.code, "data": dict(refusal.data)}
        except Trouble as trouble:
            return {"trouble": trouble.code}
        except Exception:  # noqa: BLE001 - told to whoever asked
            return {"bug": traceback.format_exc()}

    # Set up ----------------------------------------------------------------------------------------------------

    def pair(self, address: str, code: str) -> Said:
        """Pair with a code, and pull everything."""
        pairing.pair(self._till, address, code)
        return self.sync()

    def begin(self) -> Said:
        """Sign in, and open a shift when none is open."""
        sign_in.sign_in(self._till, shop.PIN)
        with self._till.journal.reading() as rows:
            is_open = shifts.open_shift(rows) is not None
        if not is_open:
            shift.open_shift(self._till, 20000)
        known = self._till.journal.require_identity()
        return {"terminal_id": known.terminal_id, "terminal_code": known.terminal_code}

    def clock(self, wrong_by_seconds: float, slept_seconds: float) -> Said:
        """Somebody sets the machine's clock, or lets the machine sleep without counting."""
        self._steered.wrong_by = timedelta(seconds=wrong_by_seconds)
        self._steered.slept_seconds += slept_seconds
        return {"frozen": self._till.clock.standing().frozen}

    # What a cashier does -----------------------------------------------------------------------------------------

    def redeem(self, uses: int, code: str = "", phone: str = "", pass_id: str = "", plan: str = "") -> Said:
        """Redeem tea from a pass, or one of a plan, of whoever shows a code or says their phone number."""
        view = self._who(code, phone)
        fits = [one for one in view.passes if pass_id == one.held.pass_id or (plan == one.plan.plan_id and one.usable)]
        if not fits:
            raise Refusal("pass_unknown", {"pass_id": pass_id})
        basket = Basket(member=view.member, held=fits[0].held, plan=fits[0].plan)
        for _ in range(uses):
            basket = add_product(basket, shop.TEA)
        return _said(redeem.redeem(self._till, basket, (), view.code))

    def sell_pass(self, phone: str, plan: str) -> Said:
        """Sell a pass for cash."""
        view = self._who("", phone)
        chosen = next(item for item in catalogue.plans(self._till) if item.plan_id == plan)
        paid = (pay("cash", chosen.price_minor, chosen.price_minor),)
        return _said(sell_pass.sell_pass(self._till, view.member, chosen, paid))

    def sell(self) -> Said:
        """Sell goods for cash."""
        basket = add_product(Basket(), shop.WATER)
        due = quote.quote_basket(self._till, basket).due_minor
        return _said(sell.sell(self._till, basket, (pay("cash", due, due),)))

    def top_up(self, phone: str, amount_minor: int) -> Said:
        """Take money for a member's card."""
        view = self._who("", phone)
        offered = top_up.offer(self._till, amount_minor)
        return _said(top_up.top_up(self._till, view.member, offered, (pay("cash", amount_minor, amount_minor),)))

    def charge(self, code: str) -> Said:
        """Pay a tea from a card."""
        basket = add_product(Basket(), shop.TEA)
        return _said(charge.charge(self._till, basket, charge.offer(self._till, basket, code)))

    def give_back(self, reservation_id: str) -> Said:
        """Somebody at the counter gives back what is set aside here."""
        reservations.give_back(self._till, reservation_id)
        return {}

    def _who(self, code: str, phone: str) -> MemberView:
        return find_member.by_scan(self._till, code) if code else find_member.by_phone(self._till, phone)[0]

    # The background, when the rack says so -----------------------------------------------------------------------

    def sync(self) -> Said:
        """One round with the server."""
        self._app.sync.cycle()
        with self._till.journal.reading() as rows:
            pending = outbox.summary(rows).pending
        return {"reachable": self._till.gateway.reachable, "pending": pending}

    def check(self) -> Said:
        """The till's own check of its journal, in words."""
        with self._till.journal.reading() as rows:
            return {"broken": [words for finding in verify(rows) for words in finding.broken]}


def _said(done: Done) -> Said:
    return {"fact_id": done.fact_id, "rung": done.evidence, "uses": done.uses}
