"""A cable between a till and the virtual printer: a pseudo-terminal in the place of /dev/ttyUSB0 or /dev/usb/lp0.

Unlike a connection it has no beginning and no end: what the till left behind is still in the printer afterwards.
A printer that dies or cuts the line pulls the cable; the device is gone until the printer lives again.
"""

import os
import pty
import select
import socket
import threading
import time
import tty
from contextlib import suppress
from pathlib import Path

from printing.virtual.server import VirtualPrinter

TICK_SECONDS = 0.01


class Cable:
    """Plugs `device` (a path) into a printer, from the moment it is made until `stop`."""

    def __init__(self, printer: VirtualPrinter, device: Path) -> None:
        self._printer, self.device = printer, device
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cable")
        self._thread.start()
        until = time.monotonic() + 10
        while not device.exists():
            assert time.monotonic() < until
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Pull it out for good."""
        self._stopping.set()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                line = socket.create_connection(("127.0.0.1", self._printer.port), timeout=5)
            except OSError:
                time.sleep(TICK_SECONDS)
                continue
            with line:
                self._plug_in(line)

    def _plug_in(self, line: socket.socket) -> None:
        master, slave = pty.openpty()
        try:
            tty.setraw(slave)
            self.device.symlink_to(os.ttyname(slave))
            with suppress(OSError):
                self._carry(line, master)
        finally:
            self.device.unlink(missing_ok=True)
            os.close(master)
            os.close(slave)

    def _carry(self, line: socket.socket, master: int) -> None:
        line.settimeout(0.2)
        unsent = b""
        while not self._stopping.is_set():
            listening = [line.fileno()] if unsent else [line.fileno(), master]
            ready, _, _ = select.select(listening, [], [], TICK_SECONDS)
            if line.fileno() in ready:
                data = line.recv(4096)
                if not data:
                    return
                os.write(master, data)
            if master in ready:
                unsent = os.read(master, 4096)
            if unsent:
                with suppress(TimeoutError):
                    unsent = unsent[line.send(unsent) :]
