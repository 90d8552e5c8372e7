"""The printer: which is in use and how it is, which others there are, its paper and speed, and a test page.

Rule: choosing takes effect between two slips (`PrintQueue.use`); a printer given at the start wins, and this says so.
"""

from collections.abc import Callable
from urllib.parse import unquote

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.devices.printers import FoundPrinter, address_of
from pos_app.till import pages
from pos_app.till.values import HeaderView
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.printer_search import PrinterSearch
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Choice, Row, push
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.layout import Grid, Scroll, card, column, empty, row
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.slip_row import State
from pos_app.ui.widgets.text import Words
from printing.transports import JobOutcome, serial_address, serial_parts
from printing.transports.serial_port import SPEEDS
from printing.trial_page import TrialWords, trial_page

PAPERS = (48, 32)
_TONES = {"printed": "good", "handed_over": "info", "not_printed": "bad", "unknown": "warn"}
_STATES = {"ready": "good", "none": "plain", "starting": "plain"}


class PrinterScreen(Screen):
    """What is in use at the left, what was found at the right."""

    name = "printer"
    printer_wanted = Signal(str)
    """An address; "none" to stop using any."""
    paper_wanted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.search = PrinterSearch()
        self.search.found.connect(self._add)
        self.search.moved.connect(
            lambda done, total: self._say_progress(self.say("printers.looking", total=total, done=done))
        )
        self.search.ended.connect(self._show_ended)
        self.listed: list[FoundPrinter] = []
        self.selected = ""
        self.tests = False
        self._shown: object = None
        columns = row(self._used_card(), self._found_card())
        columns.setStretch(0, 50)
        columns.setStretch(1, 50)
        self.setLayout(columns)

    # -- what is in use -----------------------------------------------------------------------------------------

    def _used_card(self) -> QWidget:
        say = self.say
        self.kind = Words("", theme.HEADING, bold=True)
        self.kind.setObjectName("printer_kind")
        self.address = Words("", tone="soft", wrap=True)
        self.address.setObjectName("printer_address")
        self.state = row()
        self.help = Words("", wrap=True)
        self.help.setObjectName("printer_help")
        self.fixed = Notice("printer_fixed")
        self.papers = Grid(tile_width=180, most=2)
        self.papers.fill(
            [self._choice(f"paper_{n}", say(f"printers.paper.{n}"), n, self._change_paper) for n in PAPERS]
        )
        self.speeds = Grid(tile_width=88, most=5)
        self.speeds.fill([self._choice(f"speed_{n}", str(n), n, self._change_speed) for n in SPEEDS])
        self.speed_part = QWidget()
        self.speed_part.setLayout(
            column(Words(say("printers.speed"), theme.TEXT_STRONG, bold=True),
                   Words(say("printers.speed.detail"), tone="soft", wrap=True), self.speeds, gap=8)
        )  # fmt: skip
        self.notice = Notice("printer_notice", say("notice.close"))
        self.notice.closed.connect(lambda: self.notice.show_message(None))
        self.test = push("printer_test", say("printers.test"), "primary", tall=True)
        self.test.clicked.connect(self._print_test)
        self.forget = push("printer_forget", say("printers.forget"), image="close", tall=True)
        self.forget.clicked.connect(lambda: self.printer_wanted.emit("none"))
        top = row(column(self.kind, self.address, gap=2), self.state)
        top.setStretch(0, 1)
        buttons = row(self.test, self.forget)
        buttons.setStretch(0, 1)
        return card(
            Words(say("printers.used"), 22, bold=True), top, self.help, self.fixed, self.notice,
            Words(say("printers.paper"), theme.TEXT_STRONG, bold=True), self.papers, self.speed_part, None, buttons,
            margin=20, name="printer_used_card",
        )  # fmt: skip

    def _choice(self, name: str, words: str, number: int, change: Callable[[int], None]) -> Choice:
        made = Choice(name, words, height=60)
        made.setProperty("number", number)
        made.clicked.connect(lambda: change(number))
        return made

    def _change_paper(self, columns: int) -> None:
        self.paper_wanted.emit(columns)

    def _change_speed(self, speed: int) -> None:
        port, _, flow = serial_parts(self.till.live.printer_address)
        self.printer_wanted.emit(serial_address(port, speed, flow))

    # -- what was found -----------------------------------------------------------------------------------------

    def _found_card(self) -> QWidget:
        say = self.say
        self.again = push("printers_again", say("printers.again"), image="refresh")
        self.again.clicked.connect(self._look_again)
        self.progress = Words("", tone="soft")
        self.progress.setObjectName("printers_progress")
        self.rows = Scroll(gap=8)
        self.none = Empty("printers_empty", "printer", say("printers.empty"), say("printers.empty.detail"))
        self.use = push("printer_use", say("printers.use"), "primary", tall=True)
        self.use.clicked.connect(lambda: self._choose(self.selected))
        self.by_hand = Entry("printer_box", say("printers.by_hand.hint"), say("printers.by_hand"), 200)
        self.by_hand.entered.connect(self._enter_address)
        enter = push("printer_enter", say("printers.by_hand.use"), tall=True)
        enter.clicked.connect(self.by_hand.enter)
        self.enter_button = enter
        line = row(self.by_hand, enter)
        line.setStretch(0, 1)
        return card(
            row(Words(say("printers.found"), 22, bold=True), None, self.again), self.progress, self.rows, self.none,
            self.use, Words(say("printers.by_hand"), theme.TEXT_STRONG, bold=True), line,
            margin=20, name="printers_found_card",
        )  # fmt: skip

    def _look_again(self) -> None:
        if self.search.runs:
            self.search.stop()
            return
        self.listed = []
        self._fill()
        self.search.start()
        self.again.setText(self.say("printers.stop"))
        self._say_progress(self.say("printers.looking_here"))

    def _add(self, one: FoundPrinter) -> None:
        self.listed.append(one)
        self._fill()

    def _say_progress(self, words: str) -> None:
        self.progress.setText(words)

    def _show_ended(self) -> None:
        self.again.setText(self.say("printers.again"))
        self._say_progress(self.say("printers.count", n=len(self.listed)))
        self._fill()

    def _fill(self) -> None:
        say, live = self.say, self.till.live
        made: list[QWidget] = []
        for place, one in enumerate(self.listed):
            used = one.address == live.printer_address or _same_port(one.address, live.printer_address)
            figure = say("printers.in_use") if used else ""
            kind, where = say(f"printers.kind.{one.kind}"), _where(one.address)
            where = where if one.answers is not False else say("printers.silent", address=where)
            note = f"{kind} · {where}" if one.name else where
            shown = Row(f"found_{place}", one.name or kind, note, figure)
            shown.choose(one.address == self.selected)
            shown.clicked.connect(lambda _=False, address=one.address: self._select(address))
            made.append(shown)
        self.rows.fill(made)
        self.rows.setVisible(bool(made))
        self.none.setVisible(not made)
        self.use.setEnabled(bool(self.selected) and self.till.options.printer is None)

    def _select(self, address: str) -> None:
        self.selected = address
        self._fill()

    def _choose(self, address: str) -> None:
        self.selected = ""
        self.printer_wanted.emit(address)

    def _enter_address(self, text: str) -> None:
        try:
            address = address_of(text)
        except ValueError:
            say = self.say
            self.notice.show_message(Message("warn", say("printers.wrong"), say("printers.wrong.detail")))
            return
        self.by_hand.clear()
        self.notice.show_message(None)
        self.printer_wanted.emit(address)

    # -- the test page ------------------------------------------------------------------------------------------

    def _print_test(self) -> None:
        till, words = self.till, self._page_words()
        self.tests = True
        self.notice.show_message(Message("info", self.say("printers.testing")))
        self.test.setEnabled(False)
        self.desk.operations.run(
            lambda: pages.print_page(till, lambda columns: trial_page(words, columns)),
            self._tell_outcome, self._fail, lane="slow",
        )  # fmt: skip

    def _page_words(self) -> TrialWords:
        say, till, store = self.say, self.till, self.desk.store
        code = till.journal.terminal_code
        facts = (
            (say("about.terminal"), code),
            (say("trial.time"), say.moment(till.clock.now())),
            (say("trial.printer"), _where(till.live.printer_address)),
        )
        width = say(f"printers.paper.{till.live.paper_columns}")
        return TrialWords(say("trial.title"), store.name, facts, width, say("trial.closing"), f"TEST.{code}")

    def _tell_outcome(self, outcome: JobOutcome) -> None:
        say = self.say
        why = say.code("printer", outcome.fault) if outcome.fault else ""
        title = say(f"printers.tested.{outcome.state}", why=why)
        key = f"printers.tested.{outcome.state}.detail"
        detail = say(key) if say.has(key) else self._advice(outcome.fault or "other")
        self.notice.show_message(Message(_TONES[outcome.state], title, detail))
        self._tested()

    def _fail(self, message: Message) -> None:
        self.notice.show_message(message)
        self._tested()

    def _tested(self) -> None:
        self.tests = False
        self._shown = None
        self._show_used()

    # -- what is watched ----------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Look around once when the screen is opened for the first time."""
        super().enter()
        self._show_used()
        if not self.listed and not self.search.runs:
            self._look_again()

    def tick(self, view: HeaderView) -> None:
        """Follow how the printer is."""
        del view
        self._show_used()

    def _show_used(self) -> None:
        live, say = self.till.live, self.say
        code = live.printer_detail or live.printer
        now = (live.printer_address, live.paper_columns, live.printer, code, self.tests)
        if now == self._shown:
            return
        moved = self._shown is None or now[:1] != self._shown[:1]  # type: ignore[index]
        self._shown = now
        kind = live.printer_address.partition("://")[0]
        self.kind.setText(say.code("printers.kind", "network" if kind == "tcp" else kind))
        self.address.setText(_where(live.printer_address) if kind != "none" else say("printers.kind.none.detail"))
        empty(self.state)
        tone = "warn" if live.printer == "ready" and live.printer_detail else _STATES.get(live.printer, "bad")
        self.state.addWidget(State(say.code("printer", code), tone, "printer_state"))
        advice = self._advice(code) if code not in _STATES else ""
        self.help.setText(advice)
        self.help.setVisible(bool(advice))
        given = self.till.options.printer
        told = Message("info", say("printers.fixed"), say("printers.fixed.detail")) if given is not None else None
        self.fixed.show_message(told)
        for part in (*self.papers.tiles(), *self.speeds.tiles()):
            assert isinstance(part, Choice)  # noqa: S101 - made above
            part.choose(
                part.property("number") == (live.paper_columns if part in self.papers.tiles() else self._speed())
            )
        self.speed_part.setVisible(kind == "serial" and given is None)
        self.test.setEnabled(kind != "none" and not self.tests)
        self.forget.setVisible(kind != "none" and given is None)
        self.by_hand.setEnabled(given is None)
        self.enter_button.setEnabled(given is None)
        if moved:
            self._fill()

    def _speed(self) -> int | None:
        address = self.till.live.printer_address
        return serial_parts(address)[1] if address.startswith("serial:") else None

    def _advice(self, code: str) -> str:
        """What to do about a fault; the file of a device is named where it can be."""
        path, say = _where(self.till.live.printer_address), self.say
        return say(f"printer.help.{code}", path=path) if say.has(f"printer.help.{code}") else say("printer.help.other")


def _where(address: str) -> str:
    """Return what people call the place: a host, a device, a queue."""
    return unquote(address.partition("://")[2].partition("?")[0])


def _same_port(one: str, other: str) -> bool:
    return one.startswith("serial:") and one.partition("?")[0] == other.partition("?")[0]
