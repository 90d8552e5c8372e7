"""A printer on a USB cable, by the device that Linux makes for it (/dev/usb/lp0, printer class).

Rule: Linux only; elsewhere the system keeps such printers to itself and the way is its spooler.
Source: Linux `usblp`: one program at a time, EBUSY for the others; a cable that is pulled shows as POLLHUP.
"""

import errno
import os
import select
import stat
import sys
from pathlib import Path

from printing.errors import PrinterTrouble
from printing.transports.conversation import CHUNK, TwoWayPrinter

OPENING = {
    errno.ENOENT: "device_missing",
    errno.ENODEV: "device_missing",
    errno.ENXIO: "device_missing",
    errno.EACCES: "device_denied",
    errno.EPERM: "device_denied",
    errno.EBUSY: "device_busy",
    errno.EAGAIN: "device_busy",
}
"""What the system says when a device cannot be opened -> fault; anything else is `unreachable`."""


class UsbPrinter(TwoWayPrinter):
    """The printer behind `device`."""

    def __init__(self, device: Path, timeout_seconds: float = 2.0, process_id: bool = False) -> None:
        super().__init__(lambda _seconds: DevicePipe(device), timeout_seconds, process_id)


class DevicePipe:
    """A character device that can be waited for."""

    remembers = True

    def __init__(self, device: Path) -> None:
        if sys.platform == "win32":  # no such devices there
            raise PrinterTrouble("device_missing")
        try:
            self._file = os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise PrinterTrouble(OPENING.get(error.errno or 0, "unreachable")) from error
        except ValueError as error:  # NUL in the path
            raise PrinterTrouble("device_missing") from error
        if not stat.S_ISCHR(os.fstat(self._file).st_mode):
            os.close(self._file)
            raise PrinterTrouble("device_missing")
        self._gone = False
        self._poll = select.poll()
        self._poll.register(self._file)

    def wait(self, sending: bool, seconds: float) -> tuple[bool, bool]:
        """Wait for the device; gone when its cable is."""
        self._poll.modify(self._file, select.POLLIN | select.POLLOUT if sending else select.POLLIN)
        events = self._poll.poll(seconds * 1000)
        found = events[0][1] if events else 0
        self._gone = bool(found & (select.POLLHUP | select.POLLERR | select.POLLNVAL))
        if self._gone and not found & select.POLLIN:
            raise PrinterTrouble("connection_lost")
        return bool(found & select.POLLIN), bool(found & select.POLLOUT)

    def send(self, data: memoryview) -> int:
        """Send what the device takes."""
        try:
            return os.write(self._file, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error

    def receive(self) -> bytes:
        """Take what arrived; a printer may send an empty packet."""
        try:
            data = os.read(self._file, CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error
        if not data and self._gone:
            raise PrinterTrouble("connection_lost")
        return data

    def close(self) -> None:
        """Give the device free."""
        os.close(self._file)
