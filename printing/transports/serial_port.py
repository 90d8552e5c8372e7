"""A printer on a serial port: RS-232, or a USB cable that says it is one (pyserial).

Rule: one way of working on every system: small pieces are written, answers are looked for every few milliseconds.
8 bits, no parity, 1 stop bit, as receipt printers come; speed and flow control are part of the address.
"""

import sys
import time
from contextlib import suppress
from typing import Any

from printing.errors import PrinterTrouble
from printing.transports.conversation import TwoWayPrinter
from printing.transports.usb import OPENING

SPEEDS = (9600, 19200, 38400, 57600, 115200)
"""Bits a second that receipt printers are set to."""
DEFAULT_SPEED = 19200
FLOWS = ("none", "rts", "xon")
"""Who says "wait": nobody, the wires RTS and CTS, or the characters XON and XOFF."""
if sys.platform == "win32":
    OPEN_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)
else:
    import termios

    OPEN_ERRORS = (OSError, ValueError, termios.error)
"""What pyserial lets out while it opens a port; `termios.error`, of a cable pulled meanwhile, is no OSError."""
_PIECE = 256
_LOOK_SECONDS = 0.005


class SerialPrinter(TwoWayPrinter):
    """The printer at `port` ("/dev/ttyUSB0", "COM3"), at a speed of `SPEEDS` with a flow control of `FLOWS`."""

    def __init__(
        self,
        port: str,
        speed: int = DEFAULT_SPEED,
        flow: str = "none",
        timeout_seconds: float = 2.0,
        process_id: bool = False,
    ) -> None:
        super().__init__(lambda seconds: SerialPipe(port, speed, flow, seconds), timeout_seconds, process_id)


class SerialPipe:
    """An open port."""

    remembers = True

    def __init__(self, port: str, speed: int, flow: str, timeout_seconds: float) -> None:
        import serial  # noqa: PLC0415 - only tills with such a printer load it

        self._timeouts = serial.SerialTimeoutException
        try:
            self._port: Any = serial.Serial(
                port,
                speed,
                timeout=0,
                write_timeout=timeout_seconds,
                rtscts=flow == "rts",
                xonxoff=flow == "xon",
                exclusive=True,
            )
        except OPEN_ERRORS as error:
            raise PrinterTrouble(_opening_fault(error)) from error

    def wait(self, sending: bool, seconds: float) -> tuple[bool, bool]:
        """Look for answers until the time is over; a port can always be written to, if slowly."""
        until = time.monotonic() + seconds
        while True:
            found = bool(self._waiting())
            if found or sending:
                return found, sending
            if time.monotonic() >= until:
                return False, False
            time.sleep(_LOOK_SECONDS)

    def send(self, data: memoryview) -> int:
        """Send a piece."""
        try:
            return int(self._port.write(bytes(data[:_PIECE])) or 0)
        except self._timeouts as error:
            raise PrinterTrouble("stalled") from error
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error

    def receive(self) -> bytes:
        """Take what arrived."""
        try:
            return bytes(self._port.read(self._waiting()))
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error

    def close(self) -> None:
        """Close at once, also when a printer that says "wait" still has bytes to come."""
        with suppress(Exception):  # a port whose cable was pulled has nothing to drop, and says so in many ways
            self._port.reset_output_buffer()
        self._port.close()

    def _waiting(self) -> int:
        try:
            return int(self._port.in_waiting)
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error


def _opening_fault(error: Exception) -> str:
    """Windows tells the reason in words only."""
    if not isinstance(error, OSError | ValueError):
        return "connection_lost"
    if isinstance(error, OSError) and error.errno is not None:
        return OPENING.get(error.errno, "unreachable")
    if "FileNotFoundError" in str(error):
        return "device_missing"
    return "device_busy" if "PermissionError" in str(error) else "unreachable"
