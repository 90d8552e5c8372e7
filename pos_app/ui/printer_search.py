"""Look for printers off the GUI thread: first what hangs on this computer, then the network around it."""

import logging
import threading
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from pos_app.devices import printers
from pos_app.devices.printers import FoundPrinter

_log = logging.getLogger(__name__)


class PrinterSearch(QObject):
    """One search at a time. `found` tells each printer as it is met, `moved` how far it is, `ended` that it is over."""

    found = Signal(object)
    moved = Signal(int, int)
    ended = Signal()
    _worker_found = Signal(object, object)
    _worker_moved = Signal(object, int, int)
    _worker_ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._stop: threading.Event | None = None
        self._worker_found.connect(lambda stop, one: self.found.emit(one) if stop is self._stop else None)
        self._worker_moved.connect(lambda stop, *far: self.moved.emit(*far) if stop is self._stop else None)
        self._worker_ended.connect(self._end)

    @property
    def runs(self) -> bool:
        """Whether it looks now."""
        return self._stop is not None

    def start(self) -> None:
        """Look again."""
        self.stop()
        self._stop = threading.Event()
        threading.Thread(target=self._run, args=(self._stop,), name="printer search", daemon=True).start()

    def stop(self) -> None:
        """Look no further; what was found stays found."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            self.ended.emit()

    def _run(self, stop: threading.Event) -> None:
        try:
            for one in printers.attached():
                self._worker_found.emit(stop, one)
            hosts = printers.local_hosts()

            def tell(done: int, one: FoundPrinter | None) -> None:
                if one is not None:
                    self._worker_found.emit(stop, one)
                self._worker_moved.emit(stop, done, len(hosts))

            printers.on_network(hosts, tell, stop, printers.PORT)
        except Exception:  # noqa: BLE001 - a search that fails finds nothing; logged with its trace
            if not stop.is_set():
                _log.exception("the search for printers failed")
        finally:
            with suppress(RuntimeError):  # the window is gone meanwhile
                self._worker_ended.emit(stop)

    def _end(self, stop: threading.Event) -> None:
        if stop is self._stop:
            self._stop = None
            self.ended.emit()
