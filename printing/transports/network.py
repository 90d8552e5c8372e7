"""A printer on the network (port 9100)."""

import selectors
import socket

from printing.errors import PrinterTrouble
from printing.transports.conversation import CHUNK, TwoWayPrinter

DEFAULT_PORT = 9100


class NetworkPrinter(TwoWayPrinter):
    """One printer by address; each call makes its own connection, so that several tills can share it."""

    def __init__(
        self, host: str, port: int = DEFAULT_PORT, timeout_seconds: float = 2.0, process_id: bool = False
    ) -> None:
        super().__init__(lambda seconds: SocketPipe((host, port), seconds), timeout_seconds, process_id)


class SocketPipe:
    """A connection."""

    remembers = False

    def __init__(self, address: tuple[str, int], timeout_seconds: float) -> None:
        try:
            self._socket = socket.create_connection(address, timeout=timeout_seconds)
        except (OSError, ValueError) as error:  # ValueError: a host that cannot be encoded
            raise PrinterTrouble("unreachable") from error
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)

    def wait(self, sending: bool, seconds: float) -> tuple[bool, bool]:
        """Wait for the socket."""
        wanted = selectors.EVENT_READ | selectors.EVENT_WRITE if sending else selectors.EVENT_READ
        self._selector.modify(self._socket, wanted)
        events = self._selector.select(seconds)
        found = events[0][1] if events else 0
        return bool(found & selectors.EVENT_READ), bool(found & selectors.EVENT_WRITE)

    def send(self, data: memoryview) -> int:
        """Send what the socket takes."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error

    def receive(self) -> bytes:
        """Take what arrived; an end of the connection is a trouble."""
        try:
            data = self._socket.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error
        if not data:
            raise PrinterTrouble("connection_lost")
        return data

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        self._socket.close()
