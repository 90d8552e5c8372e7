"""The scanner on a serial port as Qt signals, one port at a time.

Rule: bytes are read on the device's own thread (`pos_app.devices.serial_scanner`); here arrive only finished values.
"""

import threading

from PySide6.QtCore import QObject, Signal

from pos_app.devices.scans import ScanFilter
from pos_app.devices.serial_scanner import PortState, SerialFault, SerialScanner, SystemPort

STATES = {
    PortState.NONE: "none",
    PortState.STARTING: "starting",
    PortState.LIVE: "ready",
    PortState.LOST: "lost",
    PortState.BUSY: "lost",
    PortState.DENIED: "lost",
}
"""State of the port -> scanner state of `HeaderView`."""


class HandScanner(QObject):
    """`scanned` brings a `Scan`, `refused` a code of `SerialFault`, `state_changed` a state of `HeaderView`.

    `detail` is the port's own state, a code of `PortState`.
    """

    scanned = Signal(object)
    refused = Signal(str)
    state_changed = Signal(str)
    _scan = Signal(object, object)
    _fault = Signal(object, object)
    _state = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.port = ""
        self.state = self.detail = "none"
        self._running: SerialScanner | None = None
        self._scan.connect(lambda source, scan: self.scanned.emit(scan) if source is self._running else None)
        self._fault.connect(self._refuse)
        self._state.connect(self._follow)

    def start(self, port: str) -> None:
        """Listen on `port`, a device of `list_ports`, from now on; "" for none."""
        self._end()
        self.port = port
        if not port:
            self._show(PortState.NONE)
            return
        self._show(PortState.STARTING)
        made = SerialScanner(
            lambda: SystemPort(port),
            ScanFilter(lambda _text: False),
            lambda scan: self._scan.emit(made, scan),
            lambda fault: self._fault.emit(made, fault),
            lambda state: self._state.emit(made, state),
        )
        self._running = made
        made.start()

    def stop(self) -> None:
        """Let the port go; returns when it has."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            threading.Thread(target=running.stop, name="serial-stop", daemon=True).start()

    def _refuse(self, source: SerialScanner, fault: SerialFault) -> None:
        if source is self._running:
            self.refused.emit(fault.value)

    def _follow(self, source: SerialScanner, state: PortState) -> None:
        if source is self._running:
            self._show(state)

    def _show(self, state: PortState) -> None:
        if state.value != self.detail:
            self.state, self.detail = STATES[state], state.value
            self.state_changed.emit(self.state)
