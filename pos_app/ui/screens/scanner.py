"""Scanner: which are there, which is used, whether it is set up well, and the sheet that sets it up.

Rule: nothing to save, a tap counts at once. Codes scanned here are looked at, never used.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.devices import serial_scanner
from pos_app.devices.scans import Scan, ScanSource
from pos_app.devices.trial import Arrival, Cause, judge
from pos_app.till import pages, slip_picture
from pos_app.till.order_values import SlipPicture
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.screen import Screen
from pos_app.ui.wedge import GAP_MS, Burst
from pos_app.ui.widgets.buttons import Choice, push
from pos_app.ui.widgets.camera_view import CameraView
from pos_app.ui.widgets.code_picture import CodePicture
from pos_app.ui.widgets.layout import Grid, Pages, Scroll, card, column, row
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.paper import Paper, in_the_middle
from pos_app.ui.widgets.text import Words
from pos_app.ui.widgets.trial_report import TrialReport
from printing.layout import Layout
from printing.scanner_sheet import PREFIX, TEST_CODES, scanner_sheet
from printing.transports import JobOutcome

_VIEW_WIDTH = 232
_SLOW_PAUSE_MS = 1500
"""A scanner so slow that its keys are taken for a person's is heard out until it pauses this long."""
_FEWEST_SLOW_KEYS = 8


class ScannerScreen(Screen):
    """Cameras and hand scanners at the left; at the right codes to try them with, or the sheet."""

    name = "scanner"
    camera_wanted = Signal(str)
    port_wanted = Signal(str)
    """A serial port; "" for none."""
    prefix_wanted = Signal(str)

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        super().__init__(desk)
        self.scanner = scanner
        self.cameras = Grid(tile_width=190)
        self.ports = Grid(tile_width=240, gap=8)
        self.port_state = Words("", tone="soft", wrap=True)
        self.port_state.setObjectName("port_state")
        self.prefixes = Grid(tile_width=190, fills=True)
        left = Scroll(gap=theme.GAP)
        left.fill([self._camera_card(), self._hand_card()])
        self.report = TrialReport(self.say)
        self.paper = Paper("sheet_paper", 560)
        self.sheet_notice = Notice("sheet_notice", self.say("notice.close"))
        self.sheet_notice.closed.connect(lambda: self.sheet_notice.show_message(None))
        self.pages = Pages()
        self.pages.addWidget(self._trial_card())
        self.pages.addWidget(self._sheet_card())
        columns = row(left, column(self.sheet_notice, self.pages))
        columns.setStretch(0, 1)
        columns.setStretch(1, 1)
        self.setLayout(columns)
        self._slow: list[tuple[str, int]] = []
        self._pause = QTimer(self, singleShot=True, interval=_SLOW_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._heard_slowly("none"))
        scanner.took.connect(self._took)
        scanner.typed.connect(self._typed)
        scanner.hand.state_changed.connect(self._follow_port)

    # -- what it is made of -------------------------------------------------------------------------------------

    def _title(self, key: str) -> Words:
        return Words(self.say(key), theme.HEADING, bold=True)

    def _camera_card(self) -> QWidget:
        view = CameraView("settings_camera", self.scanner, self.say)
        view.setFixedWidth(_VIEW_WIDTH)
        words = Words(self.say("settings.camera.detail"), tone="soft", wrap=True)
        beside = row(view, column(words, self.cameras, None))
        beside.setStretch(1, 1)
        return card(self._title("settings.camera"), beside, margin=20, name="camera_card")

    def _hand_card(self) -> QWidget:
        again = push("ports_again", self.say("hand.again"), image="refresh")
        again.clicked.connect(self._offer_ports)
        return card(
            row(self._title("hand.title"), None, again),
            Words(self.say("hand.detail"), tone="soft", wrap=True),
            self.ports,
            self.port_state,
            Words(self.say("hand.prefix"), theme.TEXT, bold=True, wrap=True),
            self.prefixes,
            Words(self.say("hand.prefix.detail", prefix=PREFIX), tone="soft", wrap=True),
            margin=20,
            name="hand_card",
        )

    def _trial_card(self) -> QWidget:
        codes = row(None, *(self._code(number, text) for number, text in enumerate(TEST_CODES, 1)), None, gap=24)
        show = push("sheet_show", self.say("sheet.show"), image="paper")
        show.clicked.connect(self._draw_sheet)
        return card(
            row(self._title("trial.heading"), None, show),
            Words(self.say("trial.detail"), tone="soft", wrap=True),
            codes,
            self.report,
            None,
            margin=20,
            name="trial_card",
        )

    def _code(self, number: int, text: str) -> QWidget:
        words = self.say(f"sheet.try.{number}")
        made = QWidget()
        picture, below = CodePicture(f"trial_code_{number}", text, words), Words(words, tone="soft")
        made.setLayout(column(row(None, picture, None), row(None, below, None), None, gap=4))
        return made

    def _sheet_card(self) -> QWidget:
        back = push("sheet_back", self.say("sheet.back"), image="before")
        back.clicked.connect(self.press_escape)
        print_it = push("sheet_print", self.say("sheet.print"), "primary", "printer")
        print_it.clicked.connect(self._print_sheet)
        self.print_it = print_it
        scroll = Scroll()
        scroll.fill([in_the_middle(self.paper)])
        return card(row(back, None, print_it), scroll, margin=20, name="sheet_card")

    # -- which scanners -----------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Offer what is there now."""
        super().enter()
        self.pages.setCurrentIndex(0)
        self._offer_cameras()
        self._offer_ports()
        self._offer_prefixes()

    def _offer_cameras(self) -> None:
        made: list[QWidget] = []
        for place, (source, words) in enumerate(self.scanner.sources(self.say)):
            button = Choice(f"camera_{place}", words, "camera", 56)
            button.choose(source == self.scanner.source)
            button.clicked.connect(lambda _=False, chosen=source: self._choose_camera(chosen))
            made.append(button)
        self.cameras.fill(made)

    def _choose_camera(self, source: str) -> None:
        self.camera_wanted.emit(source)
        self._offer_cameras()

    def _offer_ports(self) -> None:
        used = self.scanner.hand.port
        found = {port.device: f"{port.name} · {_short(port.device)}" if port.name else _short(port.device)
                 for port in serial_scanner.list_ports()}  # fmt: skip
        if used:
            found.setdefault(used, _short(used))
        made: list[QWidget] = []
        for place, (device, words) in enumerate([("", self.say("hand.none")), *found.items()]):
            button = Choice(f"port_{place}", words, "close" if not device else "scanner", 56)
            button.choose(device == used)
            button.clicked.connect(lambda _=False, chosen=device: self._choose_port(chosen))
            made.append(button)
        self.ports.fill(made)
        self._tell_port(len(found))

    def _choose_port(self, device: str) -> None:
        self.port_wanted.emit(device)
        self._offer_ports()

    def _follow_port(self, _state: str) -> None:
        self._tell_port()

    def _tell_port(self, count: int = 1) -> None:
        hand = self.scanner.hand
        if not hand.port:
            self.port_state.setText("" if count else self.say("hand.no_ports"))
        else:
            told = hand.detail if hand.state == "lost" else hand.state
            self.port_state.setText(self.say(f"hand.{told}", port=_short(hand.port)))
        self.port_state.tone({"ready": "good", "lost": "bad"}.get(hand.state, "soft"))
        self.port_state.setVisible(bool(self.port_state.text()))

    def _offer_prefixes(self) -> None:
        made: list[QWidget] = []
        for place, prefix in enumerate(("", PREFIX)):
            words = self.say("hand.prefix.some", prefix=prefix) if prefix else self.say("hand.prefix.none")
            button = Choice(f"prefix_{place}", words, height=52)
            button.choose(prefix == self.scanner.prefix)
            button.clicked.connect(lambda _=False, chosen=prefix: self._choose_prefix(chosen))
            made.append(button)
        self.prefixes.fill(made)

    def _choose_prefix(self, prefix: str) -> None:
        self.prefix_wanted.emit(prefix)
        self._offer_prefixes()
        if self.pages.currentIndex():
            self._draw_sheet()

    # -- trying -------------------------------------------------------------------------------------------------

    def take_scan(self, text: str) -> bool:
        """A code scanned here is looked at (`_took`, `_typed`), never used."""
        del text
        return True

    def _took(self, scan: Scan) -> None:
        if scan.source is not ScanSource.WEDGE:
            self._judge(Arrival(scan.text, scan.source))

    def _typed(self, burst: Burst) -> None:
        speed = burst.milliseconds_per_key
        self._judge(Arrival(burst.text, ScanSource.WEDGE, burst.ending, speed, burst.prefixed))

    def _judge(self, arrival: Arrival) -> None:
        if self.isVisible():
            self._slow.clear()
            self.press_escape()
            self.report.show_verdict(judge(arrival, TEST_CODES, self.scanner.prefix))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that came too slowly for a scanner: perhaps it was one."""
        if len(event.text()) == 1 and event.text().isprintable():
            self._slow.append((event.text(), event.timestamp()))
            self._slow = self._slow[-200:]
            self._pause.start()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and self._slow:
            self._heard_slowly("tab" if event.key() == Qt.Key.Key_Tab else "enter")
        else:
            super().keyPressEvent(event)

    def _heard_slowly(self, ending: str) -> None:
        keys, self._slow = self._slow, []
        self._pause.stop()
        if len(keys) < _FEWEST_SLOW_KEYS:
            return
        speed = (keys[-1][1] - keys[0][1]) / (len(keys) - 1)
        arrival = Arrival("".join(key for key, _ in keys), ScanSource.WEDGE, ending, max(speed, GAP_MS))
        if judge(arrival, TEST_CODES).cause is not Cause.OTHER_CODE:
            self._judge(arrival)

    # -- the sheet ----------------------------------------------------------------------------------------------

    def _sheet(self, columns: int) -> Layout:
        return scanner_sheet(lambda key: self.say(f"sheet.{key}"), columns, bool(self.scanner.prefix))

    def _draw_sheet(self) -> None:
        self.desk.operations.run(
            lambda: slip_picture.picture_of(self._sheet(self.till.live.paper_columns)), self._show_sheet, self.tell
        )

    def _show_sheet(self, picture: SlipPicture) -> None:
        self.sheet_notice.show_message(None)
        self.paper.show_picture(picture, self.say("sheet.title"))
        self.pages.setCurrentIndex(1)

    def _print_sheet(self) -> None:
        self.print_it.setEnabled(False)
        self.desk.operations.run(
            lambda: pages.print_page(self.till, self._sheet), self._printed, self._not_printed, lane="slow"
        )

    def _printed(self, outcome: JobOutcome) -> None:
        self.print_it.setEnabled(True)
        if outcome.state in ("printed", "handed_over"):
            self.tell(Message("good", self.say("sheet.printed")))
        elif outcome.state == "unknown":
            self.tell(Message("warn", self.say("sheet.unknown"), self.say("sheet.unknown.next")))
        else:
            why = self.say.code("printer", self.till.live.printer)
            self.tell(Message("bad", self.say("sheet.not_printed", why=why), self.say("sheet.not_printed.next")))

    def _not_printed(self, message: Message) -> None:
        self.print_it.setEnabled(True)
        self.tell(message)

    def tell(self, message: Message) -> None:
        """Say what became of the sheet, or what a scanner sent that is no code."""
        self.sheet_notice.show_message(message)

    def press_escape(self) -> bool:
        """Esc puts the sheet away."""
        shown = self.pages.currentIndex() == 1
        self.pages.setCurrentIndex(0)
        self.sheet_notice.show_message(None)
        return shown


def _short(device: str) -> str:
    """The last part of a port's path: COM3, ttyACM0, usb-…"""
    return device.rsplit("/", 1)[-1]
