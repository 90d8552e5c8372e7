"""The check of a till, after pairing and at any time: server, catalogue, printer, scanner, disk and journal.

Rule: only looks. Selling never waits for any of it; what is missing is said beside the button.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.tokens import code_family
from pos_app.till import header, self_check
from pos_app.till.self_check import Loaded, Reached, Stored
from pos_app.till.values import Changes, HeaderView
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, refusal_words
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Confirm, push
from pos_app.ui.widgets.camera_view import CameraView
from pos_app.ui.widgets.check_line import CheckLine
from pos_app.ui.widgets.layout import Scroll, card, column, row
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

APART_SECONDS = 5.0
"""Clocks that agree so far are said to agree."""
_LONGEST_SHOWN = 24
_LINES = ("server", "catalogue", "printer", "disk", "journal")


class SelfCheck(Screen):
    """Lines with a sign at the left, the scanner at the right, one button. `first`: before anybody can sign in."""

    def __init__(self, desk: Desk, scanner: Scanner, first: bool) -> None:
        self.name = "first_check" if first else "checks"
        self.bare = first
        super().__init__(desk)
        say = self.say
        self.scanner = scanner
        self.lines = {key: CheckLine(f"check_{key}", say(f"check.{key}"), key == _LINES[-1]) for key in _LINES}
        self.again = push("check_again", say("check.again"), image="refresh")
        self.again.clicked.connect(self.look)
        listed = Scroll(gap=12)
        listed.fill(list(self.lines.values()))
        head = row(Words(say("check.title"), 22, bold=True), None, self.again)
        left = card(head, Words(say("check.detail"), tone="soft", wrap=True), listed, margin=20, name="check_card")
        columns = row(left, self._right())
        columns.setStretch(0, 1)
        columns.setStretch(1, 1)
        self.setLayout(columns)
        self.view: HeaderView | None = None
        self.arrived = ""
        self._loaded: Loaded | None = None
        self._counting = False
        scanner.scanned.connect(self._take)
        scanner.failed.connect(self._not_read)

    def _right(self) -> QWidget:
        say = self.say
        self.code = CheckLine("check_scanner", say("check.scanner"), last=True)
        self.camera = Words("", tone="soft", wrap=True)
        self.camera.setObjectName("check_camera_help")
        picture = CameraView(f"{self.name}_camera", self.scanner, say, tallest=190)
        scan = card(self.code, picture, self.camera, margin=20, name="check_scanner_card")
        self.missing = Notice("check_missing")
        self.go = Confirm("check_go")
        self.go.say(say("check.go"), say("key.enter"))
        self.go.clicked.connect(self.press_enter)
        made = QWidget()
        made.setLayout(column(scan, None, self.missing, self.go))
        return made

    # -- looking ------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Look at everything anew."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.arrived = ""
        self.look()

    def look(self) -> None:
        """Ask for everything; each line answers when it knows."""
        for line in self.lines.values():
            line.show_state("plain", self.say("check.busy"))
        run = self.desk.operations.run
        self._loaded = None
        self._count()
        run(lambda: self_check.stored(self.till), self._show_stored, self._not_sound, lane="slow")
        run(lambda: self_check.reach(self.till), self._show_reached, self._not_reached, lane="slow")
        self.tick(header.header(self.till))

    def follow(self, changes: Changes) -> None:
        """Count what arrives."""
        if changes.members or changes.catalogue or changes.full_reload:
            self._count()

    def tick(self, view: HeaderView) -> None:
        """Follow printer and camera, and the catalogue while it comes."""
        say, self.view = self.say, view
        ready = view.printer == "ready"
        detail = say("check.printer.good") if ready else say.code("printer.help", view.printer)
        self.lines["printer"].show_state(_tone(view.printer), say.code("printer", view.printer), detail)
        self._show_scanner(view)
        if self._loaded is not None and not self._loaded.whole:
            self._count()
        self._say_missing()

    def _count(self) -> None:
        if not self._counting:
            self._counting = True
            self.desk.operations.run(lambda: self_check.loaded(self.till), self._show_loaded, self._not_loaded)

    # -- lines --------------------------------------------------------------------------------------------------

    def _show_reached(self, found: Reached) -> None:
        say, line = self.say, self.lines["server"]
        refused = self.view.refused if self.view is not None else None
        apart = abs(found.ahead_seconds)
        if refused is not None:
            line.show_state("warn", say("chip.refused"), refusal_words(refused, say))
        elif apart > APART_SECONDS:
            line.show_state("warn", say("check.server.good"), say("check.clock", span=say.span(apart)))
        else:
            line.show_state("good", say("check.server.good"), say("check.server.quick", n=found.milliseconds))
        self._say_missing()

    def _not_reached(self, message: Message) -> None:
        self.lines["server"].show_state("bad", self.say("check.server.bad"), _sentences(message, self.say.language))
        self._say_missing()

    def _show_loaded(self, found: Loaded) -> None:
        self._counting, self._loaded = False, found
        say, line = self.say, self.lines["catalogue"]
        if not found.whole:
            line.show_state("warn", say("check.loading"), say("check.loading.detail", n=found.records))
        elif not found.staff:
            line.show_state("bad", say("check.no_staff"), say("check.no_staff.detail"))
        elif not found.products:
            line.show_state("warn", say("check.no_products"), say("check.no_products.detail"))
        else:
            counts = {name: say.count(getattr(found, name)) for name in ("products", "staff", "members")}
            line.show_state("good", say("check.loaded"), say("check.loaded.detail", **counts))
        self._say_missing()

    def _not_loaded(self, message: Message) -> None:
        self._counting = False
        self.lines["catalogue"].show_state("bad", message.title, message.detail)

    def _show_stored(self, found: Stored) -> None:
        say = self.say
        size = say(
            "check.size", n=f"{found.free_bytes / 1e9:.1f}".replace(".", "," if say.language == "es-ES" else ".")
        )
        if found.free_bytes < self_check.LEAST_FREE_BYTES:
            self.lines["disk"].show_state("bad", say("check.disk.full"), say("check.disk.full.detail"))
        elif found.free_bytes < self_check.LOW_FREE_BYTES:
            self.lines["disk"].show_state("warn", size, say("check.disk.low"))
        else:
            self.lines["disk"].show_state("good", size)
        if self.view is not None and self.view.altered:
            self.lines["journal"].show_state("bad", say("check.journal.bad"), say("altered.detail"))
        else:
            self.lines["journal"].show_state(
                "good", say("check.journal.good"), say("check.journal.read", n=found.facts)
            )

    def _not_sound(self, message: Message) -> None:
        self.lines["journal"].show_state("bad", message.title, message.detail)
        self.lines["disk"].show_state("plain", self.say("check.unknown"))

    # -- the scanner --------------------------------------------------------------------------------------------

    def _show_scanner(self, view: HeaderView) -> None:
        say = self.say
        if self.arrived:
            self.code.show_state("good", say("check.code.good"), say("check.code.arrived", what=self.arrived))
        else:
            self.code.show_state("plain", say("check.code.none"), say("check.code.prompt"))
        fine = view.scanner in ("ready", "starting", "none")  # of no camera the picture's place tells
        self.camera.setText("" if fine else say.code("scanner.help", view.scanner))
        self.camera.setVisible(not fine)

    def _take(self, text: str) -> None:
        """A code came: say what it is, never a member's own, which is as good as money for some minutes."""
        if not self.isVisible() or self.view is None:
            return
        family = code_family(text)
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        self.arrived = self.say(f"check.code.{family}", text=shown, n=len(text))
        self._show_scanner(self.view)
        self._say_missing()

    def _not_read(self, message: Message) -> None:
        if self.isVisible() and not self.arrived:
            self.code.show_state("warn", self.say("check.code.bad"), _sentences(message, self.say.language))

    # -- going on -----------------------------------------------------------------------------------------------

    def _say_missing(self) -> None:
        """Say what selling will lack; nothing keeps anybody from it."""
        say, view = self.say, self.view
        lacks = []
        if view is not None and view.printer not in ("ready", "starting"):
            lacks.append(say("check.without.printer"))
        if view is not None and view.scanner not in ("ready", "starting") and not self.arrived:
            lacks.append(say("check.without.scanner"))
        if self.lines["server"].tone == "bad":
            lacks.append(say("check.without.server"))
        title = say("check.missing")
        if self._loaded is not None and not self._loaded.staff:
            title = say("check.no_staff" if self._loaded.whole else "check.loading")
            lacks.insert(0, say("check.without.staff"))
        gap = "" if say.language == "zh-CN" else " "
        self.missing.show_message(Message("info", title, gap.join(lacks)) if lacks else None)

    def press_enter(self) -> None:
        """Go and sell; who is not signed in signs in first."""
        self.desk.screen_wanted.emit("checkout")


def _tone(state: str) -> str:
    return {"ready": "good", "starting": "plain", "none": "warn"}.get(state, "bad")


def _sentences(message: Message, language: str) -> str:
    if not message.detail:
        return message.title
    return f"{message.title}。{message.detail}" if language == "zh-CN" else f"{message.title}. {message.detail}"
