"""The window: header on top, navigation at the left, one screen in front; keys, dropped pictures, crash dialog.

Rule: shown before anything but Qt is loaded; `furnish` brings the screens when the till behind it stands. Which screen
may be in front is decided by `gate` alone: nobody sells unpaired, signed out or without a shift.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QLayout, QWidget
from shiboken6 import isValid

from pos_app.errors import Trouble
from pos_app.till.values import Changes, HeaderView
from pos_app.ui import icons, theme
from pos_app.ui.messages import Message, explain
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.header import Header
from pos_app.ui.widgets.layout import Pages, column, row
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.text import Words

if TYPE_CHECKING:
    from pos_app.ui.assembly import Interior
    from pos_app.ui.screens.screen import Screen

TICK_MS = 1000
SMALLEST = (1180, 700)
"""Below this the three columns of the counter do not stand side by side."""


class Window(QWidget):
    """The one window of the till."""

    closing = Signal()
    retry_wanted = Signal()
    picture_dropped = Signal(str)
    went = Signal(str)
    training_wanted = Signal(str)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(theme.style_sheet())
        self.setFont(theme.font(theme.TEXT))
        self.setWindowTitle("Tillkeeper")
        self.setAcceptDrops(True)
        self.say = say
        self.header = Header(say)
        self.header.outbox_wanted.connect(lambda: self.go("outbox"))
        self.header.shift_wanted.connect(lambda: self.go("shift"))
        self.header.leave_wanted.connect(lambda: self.training_wanted.emit("leave"))
        self.stack = Pages()
        self.starting = Empty("starting", "logo", say("starting.title"), say("starting.detail"))
        self.retry = push("start_retry", say("starting.retry"), "primary", "refresh")
        self.retry.clicked.connect(self.retry_wanted)
        self.retry.hide()
        start_page = QWidget()
        start_page.setLayout(column(None, self.starting, row(None, self.retry, None), None))
        self.stack.addWidget(start_page)
        self.body = row(self.stack)
        self.body.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        self.standing = Notice("standing_notice")
        band = row(self.standing)
        band.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, 0)
        self.band = QWidget()
        self.band.setLayout(band)
        self.band.hide()
        whole = column(self.header, self.band, self.body, gap=0)
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(whole)
        self.setMinimumSize(*SMALLEST)
        self.interior: Interior | None = None
        self.screen_name = "starting"
        self._left: tuple[str, str | None, QWidget | None] | None = None
        """When it locked by itself: the screen in front, who was here, and where the cursor stood."""
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._add_keys()

    # -- starting -----------------------------------------------------------------------------------------------

    def fail_start(self, message: Message) -> None:
        """Say why the till could not start; it may be tried again."""
        self.starting.say("stop", message.title, message.detail)
        self.retry.show()

    def begin_start(self) -> None:
        """Say that it is starting."""
        self.starting.say("logo", self.say("starting.title"), self.say("starting.detail"))
        self.retry.hide()

    def furnish(self, interior: "Interior") -> None:
        """Take the screens in; called again when the language or the store changes."""
        old = self.interior
        self.interior, self.say, self._left = interior, interior.desk.say, None
        self.header.phrases = self.say
        practised = f" – {self.say('training.bar')}" if interior.till.journal.training else ""
        self.setWindowTitle(f"Tillkeeper{practised}")
        if old is not None:
            old.leave()
            self.body.removeWidget(old.nav)
            old.nav.deleteLater()
            for screen in old.screens.values():
                self.stack.removeWidget(screen)
                screen.deleteLater()
        self.body.insertWidget(0, interior.nav)
        interior.nav.wanted.connect(self.go)
        interior.desk.screen_wanted.connect(self.go)
        for screen in interior.screens.values():
            self.stack.addWidget(screen)
        self.go(self.screen_name if self.screen_name in interior.screens else "checkout")
        self._timer.start()

    # -- moving about -------------------------------------------------------------------------------------------

    def go(self, name: str) -> None:
        """Bring a screen to the front, or the one that must come before it."""
        if self.interior is None:
            return
        if name == "lock":
            self.interior.lock()
            return
        name = self.interior.gate(name)
        left = self._left if self.screen_name == "sign_in" and name != "sign_in" else None
        if left is not None:
            self._left = None
        if left is not None and left[1] == self.interior.till.live.staff_id:
            self._go_back(self.interior, left[0], left[2])
            return
        if name != self.screen_name:
            self.interior.desk.dismiss()
        self._show(self.interior, name).enter()
        self.went.emit(name)
        self.tick()

    def _show(self, interior: "Interior", name: str) -> "Screen":
        screen = interior.screens[name]
        self.screen_name = name
        interior.nav.setVisible(not screen.bare)
        interior.nav.show_current(name)
        self.stack.setCurrentWidget(screen)
        return screen

    def lock_untouched(self) -> None:
        """Lock because nobody was there; whoever left finds the screen as it was, anybody else the counter."""
        if self.interior is not None:
            self._left = self.screen_name, self.interior.till.live.staff_id, self.focusWidget()
            self.interior.lock()

    def _go_back(self, interior: "Interior", name: str, focus: QWidget | None) -> None:
        """Bring a screen to the front as it was left, with what changed meanwhile."""
        screen = self._show(interior, interior.gate(name))
        screen.follow(Changes(full_reload=True))
        if focus is not None and isValid(focus) and screen.isAncestorOf(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            screen.setFocus(Qt.FocusReason.OtherFocusReason)
        self.went.emit(self.screen_name)
        self.tick()

    def follow(self, changes: Changes) -> None:
        """Pass on what changed; leave a screen that may not be in front any more."""
        if self.interior is None:
            return
        self.interior.follow(changes)
        if self.interior.gate(self.screen_name) != self.screen_name:
            self.go(self.screen_name)
        else:
            self.interior.screens[self.screen_name].follow(changes)
        self.tick()

    def tick(self) -> None:
        """Draw the header and what moves with time."""
        if self.interior is None:
            return
        try:
            view, now = self.interior.now()
        except Trouble as trouble:  # the journal cannot be read: said for as long as it lasts
            self._say_standing(explain(trouble, self.say))
            return
        self.header.show_view(view, now)
        self._say_standing(self._stands(view))
        self.interior.screens[self.screen_name].tick(view)

    def _stands(self, view: HeaderView) -> Message | None:
        """What lasts at this till, and what to do: revoked, lost by a restore, its records changed."""
        if view.refused == "key_unknown":
            return Message("bad", self.say("forgotten.title"), self.say("forgotten.detail"))
        if view.refused != "terminal_revoked":
            altered = Message("bad", self.say("altered.title"), self.say("altered.detail"))
            return altered if view.altered else None
        waits = self.say("revoked.pending", n=view.pending) if view.pending else self.say("revoked.handed_in")
        return Message("bad", self.say("revoked.title"), self.say("revoked.detail", waits=waits))

    def _say_standing(self, message: Message | None) -> None:
        """Say something on every screen for as long as it lasts; nobody can put it away."""
        self.band.setVisible(message is not None)
        self.standing.show_message(message)

    # -- keys ---------------------------------------------------------------------------------------------------

    def _add_keys(self) -> None:
        keys: Mapping[str, Callable[[], None]] = {
            "F2": lambda: self._with_interior("scan"),
            "F4": lambda: self.go("sell_pass"),
            "F5": lambda: self.go("top_up"),
            "F6": lambda: self._with_interior("card"),
            "F7": lambda: self.go("orders"),
            "F8": lambda: self._with_interior("refund"),
            "F9": lambda: self._with_interior("reprint"),
            "F10": lambda: self._with_interior("hold"),
            "F11": lambda: self.go("shift"),
            "Ctrl+L": lambda: self.go("lock"),
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def _with_interior(self, verb: str) -> None:
        if self.interior is None or self.interior.screens[self.screen_name].bare:
            return
        if verb == "scan":
            if self.screen_name not in ("checkout", "sell_pass", "top_up"):
                self.go("checkout")
            self.interior.open_digits(self.screen_name)
        elif verb == "card":
            if self.screen_name != "checkout":
                self.go("checkout")
            self.interior.desk.choose_tender("card")
        elif verb == "refund":
            self.interior.begin_refund()
        elif verb == "reprint":
            self.go("outbox")
            self.interior.reprint_last()
        elif self.screen_name == "checkout":
            self.interior.desk.hold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms, Esc goes back; fields and buttons had their turn before."""
        screen = self.interior.screens[self.screen_name] if self.interior else None
        if screen is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            screen.press_enter()
        elif event.key() == Qt.Key.Key_Escape:
            if not screen.press_escape() and not screen.bare:
                self.go("checkout")
        else:
            super().keyPressEvent(event)

    # -- pictures -----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take picture files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Scan a dropped picture."""
        for url in event.mimeData().urls()[:1]:
            event.acceptProposedAction()
            self.picture_dropped.emit(url.toLocalFile())

    # -- the end ------------------------------------------------------------------------------------------------

    def show_crash(self, message: Message) -> None:
        """Tell that something went wrong inside, with the id of its report; the till goes on."""
        dialog = QDialog(self)
        dialog.setObjectName("crash_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(message.title)
        image = QLabel()
        image.setPixmap(icons.pixmap("stop", theme.BAD, 32))
        title = Words(message.title, theme.HEADING, bold=True)
        detail = Words(message.detail, theme.TEXT, wrap=True)
        detail.setObjectName("crash_detail")
        close = push("crash_close", self.say("crash.close"), "primary")
        close.clicked.connect(dialog.accept)
        dialog.setLayout(column(row(image, title, None), detail, close, gap=16, margin=28))
        dialog.setFixedWidth(520)
        dialog.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the rest stop before the window is gone."""
        self._timer.stop()
        self.closing.emit()
        super().closeEvent(event)
