"""Put the screens of a running till together. Loaded behind the first window, since use cases come with it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from pos_app.till import catalogue, header, pairing, refund, sign_in
from pos_app.till.till import Till
from pos_app.till.values import Changes, HeaderView, OpenRefund
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.operations import Operations
from pos_app.ui.phrases import Phrases
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.checkout import Checkout
from pos_app.ui.screens.create_member import CreateMember
from pos_app.ui.screens.member_panel import MemberPanel
from pos_app.ui.screens.more import More
from pos_app.ui.screens.open_shift import OpenShift
from pos_app.ui.screens.orders import Orders
from pos_app.ui.screens.outbox import Outbox
from pos_app.ui.screens.paid_screen import PaidScreen
from pos_app.ui.screens.pair import Pair
from pos_app.ui.screens.printer import PrinterScreen
from pos_app.ui.screens.refund import Refund
from pos_app.ui.screens.result import Result
from pos_app.ui.screens.scanner import ScannerScreen
from pos_app.ui.screens.screen import Screen
from pos_app.ui.screens.self_check import SelfCheck
from pos_app.ui.screens.sell_pass import SellPass
from pos_app.ui.screens.set_aside import SetAsideScreen
from pos_app.ui.screens.settings import SettingsScreen
from pos_app.ui.screens.shift import Shift
from pos_app.ui.screens.sign_in import SignIn
from pos_app.ui.screens.top_up import TopUp
from pos_app.ui.screens.training import Training
from pos_app.ui.widgets.camera_view import CameraView
from pos_app.ui.widgets.nav import Nav

SCANNING = (
    "checkout",
    "sell_pass",
    "top_up",
    "result",
    "orders",
    "refund",
    "more",
    "outbox",
    "set_aside",
    "printer",
    "scanner",
    "settings",
    "training",
)
"""Screens on which a scanned member code is taken; elsewhere it is let go."""

_RECORDS = ("orders", "more", "outbox", "set_aside", "printer", "scanner", "settings", "checks")


def phrases_for(till: Till, chosen: str | None) -> Phrases:
    """Return the words for this till: the cashier's choice, else as started, else the store's."""
    language = chosen or catalogue.language(till)
    if not pairing.is_paired(till):
        return Phrases(language)
    store = catalogue.store(till)
    return Phrases(language, store.timezone, store.currency)


def slip_phrases(till: Till) -> Phrases:
    """Return the words for the customer: those of the slips."""
    store = catalogue.store(till)
    return Phrases(store.slip_language, store.timezone, store.currency)


class Interior(QObject):
    """Everything inside the window for one language and store."""

    def __init__(self, till: Till, operations: Operations, scanner: Scanner, say: Phrases) -> None:
        super().__init__()
        self.till, self.operations, self.scanner = till, operations, scanner
        operations.phrases = scanner.say = say
        self.desk = Desk(till, operations, say)
        self.pair_screen = Pair(self.desk)
        self.settings = SettingsScreen(self.desk) if pairing.is_paired(till) else None
        self.scanners = ScannerScreen(self.desk, scanner)
        self.outbox = Outbox(self.desk)
        self.printer = PrinterScreen(self.desk)
        self.checkout = Checkout(self.desk, scanner)
        self.sell_pass = SellPass(self.desk, scanner)
        self.top_up = TopUp(self.desk, scanner)
        self.orders = Orders(self.desk)
        self.shift = Shift(self.desk)
        screens: tuple[Screen | None, ...] = (
            self.pair_screen, SignIn(self.desk), OpenShift(self.desk), self.checkout, self.sell_pass, self.top_up,
            CreateMember(self.desk), self.orders, Refund(self.desk), Result(self.desk), self.shift,
            *(SelfCheck(self.desk, scanner, first) for first in (True, False) if self.settings is not None),
            More(self.desk), self.outbox, SetAsideScreen(self.desk), self.printer, self.scanners, self.settings,
            Training(self.desk),
        )  # fmt: skip
        self.screens: dict[str, Screen] = {screen.name: screen for screen in screens if screen is not None}
        self.nav = Nav(say, CameraView("camera_small", scanner, say, small=True))
        self.current: Callable[[], str] = lambda: ""
        self._told: set[str] = set()
        self.nav.shut(self.desk.shut)
        scanner.scanned.connect(self.take_scan)
        scanner.failed.connect(self._tell)
        self.desk.looked_up.connect(self._show_answer)

    def leave(self) -> None:
        """Let go of the scanner; another interior takes over."""
        self.scanner.scanned.disconnect(self.take_scan)
        self.scanner.failed.disconnect(self._tell)
        self.printer.search.stop()

    def gate(self, wanted: str) -> str:
        """Return the screen that may be shown when `wanted` is asked for."""
        if not pairing.is_paired(self.till):
            return "pair"
        person = sign_in.session(self.till)
        if person is None:
            return "first_check" if wanted in ("pair", "first_check") else "sign_in"
        if wanted == "shift" and person.shift_id is None and self.shift.ends_for(person.staff_id):
            return "shift"
        if self.desk.shut:
            return self._gate_shut(wanted, person.shift_id is not None)
        if person.shift_id is None:
            return "open_shift"
        return wanted if wanted in self.screens and not self.screens[wanted].bare else "checkout"

    def _gate_shut(self, wanted: str, works: bool) -> str:
        """At a revoked till nothing begins; what is in front may be ended, records and devices are always shown."""
        if wanted in _RECORDS or not works:
            return wanted if wanted in _RECORDS else "outbox"
        begins = wanted in ("sell_pass", "top_up", "create_member") and wanted != self.current()
        return wanted if wanted in self.screens and not self.screens[wanted].bare and not begins else "checkout"

    def lock(self) -> None:
        """Sign out; baskets stay on the desk."""
        self.operations.run(
            lambda: sign_in.sign_out(self.till), lambda _: self.desk.screen_wanted.emit("sign_in"), self.desk.tell
        )

    def now(self) -> tuple[HeaderView, datetime]:
        """Return what the header shows and the time."""
        return header.header(self.till), self.till.clock.now()

    def take_scan(self, text: str) -> None:
        """Look a scanned code up where that makes sense."""
        if self.current() in SCANNING and not self.screens[self.current()].take_scan(text):
            self.desk.scan(text)

    def follow(self, changes: Changes) -> None:
        """Follow what changed on the desk, and tell once of a refund that was answered while nobody looked."""
        self.desk.refresh(changes)
        self.nav.shut(self.desk.shut)
        if (changes.outbox or changes.session or changes.full_reload) and self.gate("refund") == "refund":
            self.operations.run(lambda: refund.waiting(self.till), self._tell_refunds, lambda _message: None)

    def _tell_refunds(self, found: tuple[OpenRefund, ...]) -> None:
        fresh = {one.request_id for one in found if one.state != "asked"} - self._told
        if fresh and self.current() in ("checkout", "sell_pass", "top_up") and not self.desk.busy:
            self._told |= fresh
            say = self.desk.say
            words = say("refund.answered"), say("refund.answered.detail")
            self.desk.tell(Message("info", *words, "refund", say("action.refund")))

    def _show_answer(self) -> None:
        """The answer to a look-up is shown at the counter, or where a pass is being sold."""
        if self.current() not in ("checkout", "sell_pass", "top_up"):
            self.desk.screen_wanted.emit("checkout")

    def _tell(self, message: Message) -> None:
        """Say why a picture, or what a scanner sent, could not be read."""
        if self.current() == "scanner":
            self.scanners.tell(message)
        elif self.current() in SCANNING:
            self._show_answer()
            self.desk.tell(message)

    def open_digits(self, screen: str) -> None:
        """Put the cursor into the scan box and show the digits (F2)."""
        front = self.screens[screen]
        panel: MemberPanel = front.members if isinstance(front, PaidScreen) else self.checkout.members
        panel.toggle_pad()

    def begin_refund(self) -> None:
        """Go where refunds are made (F8), with the order that is looked at, if one is."""
        if self.current() != "orders" or not self.orders.refund():
            self.desk.screen_wanted.emit("refund")

    def reprint_last(self) -> None:
        """Order a marked copy of the newest slip (F9)."""
        self.outbox.reprint_last()
