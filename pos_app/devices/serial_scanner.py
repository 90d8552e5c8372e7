"""Read one scanner on a serial port (USB-COM or RS-232) off the GUI thread: bytes become scans, one a code.

Rule: no Qt. Callbacks get plain values, on this module's thread; whoever draws hands them over.
Rule: nothing half read is ever a scan: what is too long or no text is refused with a code, never shown.
Rule: a port that vanishes is opened again until it returns or `stop` is called.
"""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from pos_app.devices.camera import RETRY_SECONDS, STOP_SECONDS
from pos_app.devices.errors import PortFault, PortTrouble
from pos_app.devices.scans import QR_FORMAT, Scan, ScanFilter, ScanSource
from printing.transports.serial_port import OPEN_ERRORS

GAP_SECONDS = 0.05
"""counter.md "Scanning": a scanner that sends no ending key is done when it is silent this long."""
MAX_BYTES = 1024
"""Longest code; the longest that we print is far below (`models.tokens`)."""
MAX_UNREAD_BYTES = 65_536
BAUD_RATE = 9600
"""What RS-232 scanners are delivered with: 9600 8N1. USB-COM has no real rate."""
LASTING_NAMES = Path("/dev/serial/by-id")
"""Linux: a scanner that is plugged in again may be ttyACM1, but keeps its name here (no such folder elsewhere)."""
_ENDS = b"\r\n\t"
_FRAME = "\x02\x03"
"""STX and ETX: some scanners put them around a code."""


class PortState(StrEnum):
    """What the header chip shows."""

    NONE = "none"  # not running
    STARTING = "starting"  # being opened for the first time
    LIVE = "live"  # open: a code may come
    LOST = "lost"  # not there, or gone; tried again every second, as are the next two
    BUSY = "busy"  # another program, or the printer, has it
    DENIED = "denied"  # this user may not open it


class SerialFault(StrEnum):
    """Why what arrived is no scan."""

    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A serial port that is there now: a name of it that stays when it is plugged in again, and what the thing behind
    it calls itself ("")."""

    device: str
    name: str


class Port(Protocol):
    """An open port."""

    def read(self) -> bytes:
        """Return what has arrived, b"" after `GAP_SECONDS` of silence; PortTrouble when it is gone."""
        ...

    def close(self) -> None:
        """Let the port go."""
        ...


def list_ports() -> tuple[PortInfo, ...]:
    """Return the ports that are there now, those with a device on USB first."""
    from serial.tools import list_ports as found  # noqa: PLC0415 - loaded when first asked for

    ports = sorted(found.comports(), key=lambda port: (port.vid is None, port.device))
    lasting = {str(path.resolve()): str(path) for path in sorted(LASTING_NAMES.glob("*"))}
    return tuple(PortInfo(lasting.get(port.device, port.device), _name(port)) for port in ports)


def _name(port: Any) -> str:
    maker, product = (port.manufacturer or "").strip(), (port.product or "").strip()
    if product.lower().startswith(maker.lower()):
        maker = ""
    spoken = " ".join(part for part in (maker, product) if part)
    described = port.description if port.description not in (None, "n/a", port.device) else ""
    return "".join(char for char in spoken or described if char.isprintable())


class SystemPort:
    """A port of this machine, 8N1, opened for ourselves alone. PortTrouble from the constructor when it cannot be."""

    def __init__(self, device: str, baud_rate: int = BAUD_RATE, gap_seconds: float = GAP_SECONDS) -> None:
        import serial  # noqa: PLC0415 - loaded with the first scanner

        try:
            self._port = serial.Serial(device, baud_rate, timeout=gap_seconds, exclusive=True)
        except OPEN_ERRORS as error:
            raise PortTrouble(_fault(error)) from error

    def read(self) -> bytes:
        """Return what has arrived; b"" after the gap; PortTrouble when the port is gone."""
        try:
            first: bytes = self._port.read(1)
            more = self._port.in_waiting if first else 0
            return first + self._port.read(min(more, MAX_UNREAD_BYTES)) if more else first
        except (OSError, TypeError) as error:  # TypeError: pyserial's, of a port closed underneath it
            raise PortTrouble from error

    def close(self) -> None:
        """Let the port go."""
        try:
            self._port.close()
        except OSError:  # gone already
            return


def _fault(error: Exception) -> PortFault:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.EACCES, errno.EPERM):
        return PortFault.DENIED
    return PortFault.BUSY if number in (errno.EBUSY, errno.EAGAIN) else PortFault.LOST


class CodeReader:
    """Cut a stream of bytes into codes. Pure: `feed` what arrived, `pause` when nothing did."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._too_long = False

    def feed(self, data: bytes) -> Iterator[str | SerialFault]:
        """Yield each code, or why it is none, that these bytes bring to its end."""
        for byte in data:
            if byte in _ENDS:
                yield from self.pause()
            elif len(self._pending) < MAX_BYTES:
                self._pending.append(byte)
            else:
                self._too_long = True

    def pause(self) -> Iterator[str | SerialFault]:
        """The scanner is silent: what came so far is a whole code."""
        data, too_long = bytes(self._pending), self._too_long
        self.forget()
        if too_long:
            yield SerialFault.TOO_LONG
        elif data:
            text = _text(data)
            if text != "":
                yield SerialFault.NOT_TEXT if text is None else text

    def forget(self) -> None:
        """Drop a code that was begun: its rest will not come."""
        self._pending.clear()
        self._too_long = False


def _text(data: bytes) -> str | None:
    """Return UTF-8 text without the blanks and frame around it, None for what a person could not read."""
    try:
        text = data.decode("utf-8").strip(f" {_FRAME}")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() and "\ufffd" not in text else None


class SerialScanner:
    """One running scanner. To change ports, stop this one and start another.

    `on_scan` is called with each scan the filter lets through, `on_fault` for what was refused, `on_state` with each
    new state; all on the scanner's thread. `open_port` gives the port anew each time it is tried.
    """

    def __init__(
        self,
        open_port: Callable[[], Port],
        scan_filter: ScanFilter,
        on_scan: Callable[[Scan], None],
        on_fault: Callable[[SerialFault], None] = lambda _fault: None,
        on_state: Callable[[PortState], None] = lambda _state: None,
        *,
        retry_seconds: float = RETRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_port = open_port
        self._filter = scan_filter
        self._on_scan, self._on_fault, self._on_state = on_scan, on_fault, on_state
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="serial-scanner", daemon=True)
        self._state = PortState.NONE

    @property
    def state(self) -> PortState:
        """The state now."""
        return self._state

    def start(self) -> None:
        """Begin; returns at once. A scanner runs once."""
        self._thread.start()

    def stop(self, timeout_seconds: float = STOP_SECONDS) -> bool:
        """End and let the port go; False when it still blocks after the time. Allowed twice, and before `start`."""
        self._stopping.set()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._change(PortState.STARTING)
        try:
            while not self._stopping.is_set():
                try:
                    port = self._open_port()
                except PortTrouble as trouble:
                    self._change(PortState(trouble.fault.value))
                    self._stopping.wait(self._retry_seconds)
                    continue
                self._listen(port)
        finally:
            self._stopping.set()
            self._change(PortState.NONE)

    def _listen(self, port: Port) -> None:
        reader = CodeReader()
        self._change(PortState.LIVE)
        try:
            while not self._stopping.is_set():
                data = port.read()
                for found in reader.feed(data) if data else reader.pause():
                    self._tell(found)
        except PortTrouble:
            self._change(PortState.LOST)
            self._stopping.wait(self._retry_seconds)
        finally:
            port.close()

    def _tell(self, found: str | SerialFault) -> None:
        if self._stopping.is_set():
            return
        if isinstance(found, SerialFault):
            self._on_fault(found)
            return
        scan = Scan(found, QR_FORMAT, ScanSource.SERIAL, "serial", 0.0)
        if self._filter.accept(scan, self._clock()):
            self._on_scan(scan)

    def _change(self, state: PortState) -> None:
        if state is not self._state:
            self._state = state
            self._on_state(state)
