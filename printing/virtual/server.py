"""Listen like a network printer, and take orders to fail on a control port.

Rule: one thread a connection; the state of the printer is shared (`faults.Condition`), the paper of a job is not.
"""

import json
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from printing.errors import PrinterTrouble
from printing.virtual.connection import MAX_BUFFER_BYTES, TICK_SECONDS, Connection, receive
from printing.virtual.faults import Condition
from printing.virtual.interpreter import Interpreter
from printing.virtual.jobs import JobFolder


class VirtualPrinter:
    """A printer on `port` (0: any free one) that keeps its jobs in `folder`, with a control port beside it.

    It prints from the moment it is made until `stop`. PrinterTrouble `unreachable` when a port is taken, `disk` when
    the folder cannot be made.
    """

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", port: int = 0, control_port: int = 0, width_dots: int = 576
    ) -> None:
        self.condition = Condition()
        self.jobs = JobFolder(folder)
        self._width_dots = width_dots
        self._host = host
        self._stopping = threading.Event()
        self._listener: socket.socket | None = _listen(host, port)
        self.port: int = self._listener.getsockname()[1]
        try:
            self._control = _listen(host, control_port)
        except PrinterTrouble:
            self._listener.close()
            raise
        self.control_port: int = self._control.getsockname()[1]
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._begin(self._accept_jobs)
        self._begin(self._accept_control)

    def __enter__(self) -> "VirtualPrinter":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Hang up on everybody and stop listening."""
        self._stopping.set()
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(5)

    def command(self, line: str) -> str:
        """Carry out a control line; returns its one line of answer."""
        if line.strip() == "state":
            return json.dumps(self.condition.as_plain() | {"port": self.port, "jobs": self.jobs.count})
        return "ok" if self.condition.obey(line) else "error unknown command"

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=f"virtual printer {self.port}", daemon=True)
        with self._lock:
            self._threads = [known for known in self._threads if known.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _accept_jobs(self) -> None:
        """Take hosts in while the printer lives; a dead one does not even listen."""
        while not self._stopping.is_set():
            if self.condition.alive and self._listener is None:
                self._listener = _listen(self._host, self.port)
            elif not self.condition.alive and self._listener is not None:
                self._listener.close()
                self._listener = None
            host = _accept(self._listener) if self._listener else None
            if host is not None:
                interpreter = Interpreter(self._width_dots)
                self._begin(Connection(host, self.condition, self.jobs, interpreter, self._stopping).serve)
            elif self._listener is None:
                time.sleep(TICK_SECONDS)
        if self._listener is not None:
            self._listener.close()

    def _accept_control(self) -> None:
        with self._control:
            while not self._stopping.is_set():
                found = _accept(self._control)
                if found is not None:
                    self._begin(partial(self._serve_control, found))

    def _serve_control(self, connection: socket.socket) -> None:
        pending = b""
        with connection:
            while not self._stopping.is_set() and len(pending) < MAX_BUFFER_BYTES:
                data = receive(connection)
                if data == b"":
                    return
                *lines, pending = (pending + (data or b"")).split(b"\n")
                try:
                    for line in lines:
                        connection.sendall(self.command(line.decode("utf-8", "replace")).encode() + b"\n")
                except OSError:
                    return


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise PrinterTrouble("unreachable")
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise PrinterTrouble("unreachable") from error
    listener.settimeout(TICK_SECONDS)
    return listener


def _accept(listener: socket.socket) -> socket.socket | None:
    try:
        connection, _ = listener.accept()
    except OSError:
        return None
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
