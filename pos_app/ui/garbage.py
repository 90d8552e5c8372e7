"""Collect Python's garbage on the GUI thread alone.

Rule: a widget that is a cycle (it holds a function that holds it) is freed by Python's collector, which runs in
whatever thread allocates. In a worker it would free what the GUI thread is deleting at that very moment, and the
process ends with a segmentation fault. So the collector rests, and a timer of the window does its work.
"""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1000


class Collector(QObject):
    """Collects what the collector itself would have collected by now; `stop` gives the work back to it."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Take the work over."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give it back, when no worker runs any more."""
        self._timer.stop()
        gc.enable()

    def look(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        due = [made > most for made, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        oldest = max(
            (generation for generation, is_due in enumerate(due) if is_due and all(due[:generation])), default=-1
        )
        if oldest >= 0:
            gc.collect(oldest)
