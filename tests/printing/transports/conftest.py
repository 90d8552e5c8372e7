"""A virtual printer on a real port, and peers that misbehave as told."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printing.virtual.server import VirtualPrinter


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path / "paper") as running:
        yield running


class Peer:
    """Whatever listens where a printer should be: runs a script with one connection, keeps what it received."""

    def __init__(self, script: Callable[["Peer"], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(10)
        self.port: int = self._listener.getsockname()[1]
        self.received = b""
        self._script = script
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._listener:
            self.connection, _ = self._listener.accept()
        with self.connection:
            self.connection.settimeout(10)
            self._script(self)

    def take(self, count: int) -> bytes:
        """Receive exactly `count` bytes, fewer when the other side hangs up."""
        found = b""
        while len(found) < count and (data := self.connection.recv(count - len(found))):
            found += data
        self.received += found
        return found

    def take_all(self) -> None:
        """Receive until the other side hangs up."""
        try:
            while data := self.connection.recv(65536):
                self.received += data
        except ConnectionError:
            pass

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def say_ready(self) -> None:
        """Receive the four questions and answer that all is well."""
        assert self.take(12) == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
        self.say(b"\x12\x12\x12\x12")

    def join(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def peers() -> Iterator[Callable[[Callable[[Peer], None]], Peer]]:
    made: list[Peer] = []

    def make(script: Callable[[Peer], None]) -> Peer:
        made.append(Peer(script))
        return made[-1]

    yield make
    for peer in made:
        peer.join()
