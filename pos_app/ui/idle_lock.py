"""Lock a till that nobody touches, and say so for the last seconds.

Rule: what counts is a touch, a key or a scan, seen above the widgets like a scanner's keys (`wedge`); time is the
till's own, sleep included. Never while a command is in work. What lay there stays: `Window.lock_untouched`.
"""

from math import ceil

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel

from pos_app.ui import icons, theme
from pos_app.ui.widgets.layout import row
from pos_app.ui.widgets.text import Words
from pos_app.ui.window import Window

MINUTES = (0, 2, 5, 10, 30)
"""What can be chosen; 0: never."""
FIRST = 10
HINT_SECONDS = 15
LOOK_MS = 1000
_BEGINS = {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TabletPress}
_ENDS = {
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.TouchEnd,
    QEvent.Type.TabletRelease,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
    QEvent.Type.InputMethod,
}
"""The hint goes when a touch ends: a finger on it must not press what lies below."""


def minutes_of(chosen: str | None) -> int:
    """Return the minutes that were chosen, `FIRST` for none or what makes no sense."""
    return next((minutes for minutes in MINUTES if str(minutes) == chosen), FIRST)


class IdleLock(QObject):
    """Installed as an event filter of the window's `windowHandle()`; `locking` comes just before it locks."""

    locking = Signal()

    def __init__(self, window: Window, minutes: int) -> None:
        super().__init__(window)
        self.minutes = minutes
        self._window = window
        self._hint = LockHint(window)
        self._touched = 0.0
        self._who: str | None = None
        timer = QTimer(self, interval=LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note every touch and key; none is held back."""
        if event.type() in _BEGINS:
            self._note()
        elif event.type() in _ENDS:
            self.touch()
        return False

    def touch(self) -> None:
        """Somebody is there."""
        self._note()
        self._hint.hide()

    def _note(self) -> None:
        if self._window.interior is not None:
            self._touched = self._window.interior.till.clock.monotonic_seconds()

    def look(self) -> None:
        """Lock, or say that it will soon."""
        interior = self._window.interior
        before, self._who = self._who, interior.till.live.staff_id if interior is not None else None
        came = self._who is None or self._who != before
        if interior is None or not self.minutes or interior.desk.busy or came:
            self.touch()
            return
        left = self.minutes * 60 - (interior.till.clock.monotonic_seconds() - self._touched)
        if left > HINT_SECONDS:
            self._hint.hide()
        elif left > 0:
            self._hint.say(self._window.say("lock.soon", n=ceil(left)))
        elif not interior.operations.waiting:
            self.touch()
            self.locking.emit()
            self._window.lock_untouched()


class LockHint(QFrame):
    """Lies over the bar on top, so that nothing moves from under a finger."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("lock_hint")
        self._words = Words("", theme.HEADING, bold=True, tone="warn")
        self._words.setObjectName("lock_hint_words")
        self._image = QLabel()
        self.setLayout(row(None, self._image, self._words, None))
        self.hide()

    def say(self, words: str) -> None:
        """Show the words; a screen reader hears them when they come up."""
        comes = self.isHidden()
        self._words.setText(words)
        self.setAccessibleName(words)
        if comes:
            ink, ground = theme.tones()["warn"]
            self.setStyleSheet(
                f"QFrame#lock_hint {{ background: {ground}; border-bottom: 2px solid {ink}; }}"
                f"QLabel#lock_hint_words {{ color: {ink}; }}"
            )
            self._image.setPixmap(icons.pixmap("lock", ink, 26))
        place = self._window.header.geometry()
        if self._window.header.training:  # its words stay in sight
            place.setLeft(self._window.header.terminal.geometry().right() + theme.GAP)
        self.setGeometry(place)
        self.show()
        self.raise_()
        if comes:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the finger: what lies below is not pressed."""
        event.accept()
