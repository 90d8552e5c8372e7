"""The one signal in: whatever changed anywhere in the till reaches the screens as `changed(Changes)`.

Rule: `report` may be called from any thread; Qt carries the signal to the GUI thread. `Changes` that arrive while one
is still waiting are merged, so that a burst of facts costs one redraw.
"""

import threading
from dataclasses import fields

from PySide6.QtCore import QObject, Signal

from pos_app.till.values import Changes


def merge(one: Changes, other: Changes) -> Changes:
    """Return what either of two says."""
    return Changes(**{field.name: getattr(one, field.name) or getattr(other, field.name) for field in fields(Changes)})


class Bridge(QObject):
    """Carries `Changes` from any thread to the GUI thread."""

    changed = Signal(object)
    _woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._waiting: Changes | None = None
        self._woken.connect(self._deliver)

    def report(self, changes: Changes) -> None:
        """Tell the screens; any thread."""
        with self._lock:
            first = self._waiting is None
            self._waiting = changes if self._waiting is None else merge(self._waiting, changes)
        if first:
            self._woken.emit()

    def _deliver(self) -> None:
        with self._lock:
            changes, self._waiting = self._waiting, None
        if changes is not None:
            self.changed.emit(changes)
