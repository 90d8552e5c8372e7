"""A scanner that types like a keyboard: its bursts become scans before any widget sees a key (counter.md, "Scanning").

Rule: hold and replay. Keys that follow each other within `GAP_MS` are held back; a burst is a scan, anything else goes
on its way as it came, so that nothing leaks into a field, no focused button is pressed, and typed text is intact. Times
are those of the window system: a busy window does not tear a burst apart.
Rule: with a `prefix` that a scanner was programmed to send, whatever begins with it is held until its ending key, at
any speed a scanner has; scanners without it are heard as before.
"""

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from pos_app.devices.scans import QR_FORMAT, Scan, ScanFilter, ScanSource

GAP_MS = 35
"""Measured: 25 ms splits scans, 50 ms swallows fast typing."""
PATIENCE_MS = 60
"""How much longer begun bursts wait for keys that came in time and are told late. Measured: without it, one of a
hundred scans is torn while three programs want the two cores."""
PATIENCE_ALONE_MS = 25
"""The same for one key: more would be seen when a person types."""
SHORTEST = 6
"""Characters of the shortest code that ends with Enter or Tab; nobody types six within their gaps."""
SHORTEST_BARE = 12
"""The same for a scanner that sends no Enter."""
PREFIXED_GAP_MS = 400
"""After the prefix: slower than any scanner types, and what a person typed comes back before it is missed."""
_ENDS = {Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Tab: "tab"}
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_CapsLock,
)


@dataclass(frozen=True, slots=True)
class Burst:
    """How a code was typed: the ending key ("enter", "tab" or "none"), and whether the prefix stood before it."""

    text: str
    ending: str
    milliseconds_per_key: float
    prefixed: bool


class Wedge(QObject):
    """Installed as the event filter of the window's `windowHandle()`; `scanned` brings each code once.

    `typed` brings a `Burst` for every code, repeated ones too. `prefix` is "" where scanners send none.
    """

    scanned = Signal(object)
    typed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held: list[QKeyEvent] = []
        self._text = ""
        self.prefix = ""
        self._first_ms = self._last_ms = 0
        self._to: QObject | None = None
        self._replaying = False
        self._swallowed: set[int] = set()
        self._filter = ScanFilter(lambda _text: False)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look_again)
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._end_burst)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold a key back (True) or let it through."""
        if self._replaying or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return self._released(event)
        if event.type() != QEvent.Type.KeyPress or event.key() in _MODIFIERS:
            return False
        self._to = watched
        if self._held and event.timestamp() - self._last_ms > self._gap_ms:
            self._end_burst()
        if event.key() in _ENDS and (len(self._text) >= SHORTEST or self._after_prefix):
            self._swallowed.add(event.key())
            self._last_ms = event.timestamp()
            self._scan(_ENDS[Qt.Key(event.key())])
            return True
        if not _is_typed(event):
            self._replay()
            return False
        self._keep(event)
        if not self._text:
            self._first_ms = event.timestamp()
        self._text += event.text()
        self._last_ms = event.timestamp()
        self._again.stop()
        self._timer.start(self._gap_ms)
        return True

    @property
    def _after_prefix(self) -> bool:
        """A whole prefix stands before at least one character."""
        return bool(self.prefix) and self._text.startswith(self.prefix) and self._text != self.prefix

    @property
    def _gap_ms(self) -> int:
        begun = bool(self.prefix) and self._text.startswith(self.prefix[: len(self._text)])
        return PREFIXED_GAP_MS if begun else GAP_MS

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed:
            self._swallowed.discard(event.key())
            return True
        if any(held.key() == event.key() for held in self._held):
            self._keep(event)
            return True
        return False

    def _keep(self, event: QKeyEvent) -> None:
        held = QKeyEvent(
            event.type(), event.key(), event.modifiers(), event.nativeScanCode(), event.nativeVirtualKey(),
            event.nativeModifiers(), event.text(), event.isAutoRepeat(), event.count(),
        )  # fmt: skip
        held.setTimestamp(event.timestamp())
        self._held.append(held)

    def _look_again(self) -> None:
        """What the window system has brought meanwhile comes first: it may belong to this burst.

        On a busy machine the rest of a burst may be on its way still; one key alone is most likely a person's.
        """
        self._again.start(PATIENCE_MS if len(self._text) > 1 else PATIENCE_ALONE_MS)

    def _end_burst(self) -> None:
        """The keys stopped coming: a scanner that sends no Enter, or a person."""
        if len(self._text) >= SHORTEST_BARE:
            self._scan("none")
        else:
            self._replay()

    def _scan(self, ending: str) -> None:
        text, self._text = self._text, ""
        keys = len(text) - (ending == "none")
        prefixed = bool(self.prefix) and text.startswith(self.prefix)
        text = text.removeprefix(self.prefix)
        pressed = {held.key() for held in self._held if held.type() == QEvent.Type.KeyPress}
        released = {held.key() for held in self._held if held.type() == QEvent.Type.KeyRelease}
        self._swallowed |= pressed - released
        self._held.clear()
        self._timer.stop()
        self._again.stop()
        self.typed.emit(Burst(text, ending, (self._last_ms - self._first_ms) / max(1, keys), prefixed))
        scan = Scan(text, QR_FORMAT, ScanSource.WEDGE, "wedge", 0.0)
        if self._filter.accept(scan, time.monotonic()):
            self.scanned.emit(scan)

    def _replay(self) -> None:
        held, self._held, self._text = self._held, [], ""
        self._timer.stop()
        self._again.stop()
        if self._to is None:
            return
        self._replaying = True
        try:
            for event in held:
                QCoreApplication.sendEvent(self._to, event)
        finally:
            self._replaying = False


def _is_typed(event: QKeyEvent) -> bool:
    """A single character as a scanner sends it; a key that is held down repeats, a scanner does not."""
    return (
        len(event.text()) == 1
        and event.text().isprintable()
        and not event.isAutoRepeat()
        and not event.modifiers() & _COMMANDS
    )
