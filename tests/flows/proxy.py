"""A network between till and server that a test can cut: wholly, at one byte, or deaf in one direction.

Rule: TCP only; it never looks at what it carries, it counts bytes.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

UP, DOWN = "up", "down"
"""Directions: from the till to the server, and back."""
_CHUNK_BYTES = 65536
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: close with a reset, as a network that dies does."""


class Proxy:
    """Forwards one local port to another. Counts bytes per direction since `count_anew`."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._threads: list[threading.Thread] = []
        self._cut_at: dict[str, int] = {}
        self._deaf: set[str] = set()
        self.bytes = {UP: 0, DOWN: 0}
        self._heard: bytearray | None = None
        self._piece = _CHUNK_BYTES
        self._delay_seconds = 0.0
        self._after: dict[str, bytes] = {}
        self.cuts = self.added = 0
        self.port = 0
        self._listener: socket.socket | None = None
        self.up()

    def up(self) -> None:
        """Take connections."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            self._begin(self._accept, self._listener)

    def down(self) -> None:
        """Refuse connections and reset the open ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self._reset_all()

    def stop(self) -> None:
        """Cut everything and wait until no thread is left."""
        self.down()
        for thread in self._threads:
            thread.join(5)

    def count_anew(self) -> None:
        """Begin to count at zero."""
        with self._lock:
            self.bytes = {UP: 0, DOWN: 0}

    def cut_after(self, direction: str, count: int) -> None:
        """Reset every connection once this many more bytes have passed in this direction; once."""
        with self._lock:
            self.bytes = {UP: 0, DOWN: 0}
            self._cut_at = {direction: count}

    def never_mind(self) -> None:
        """Forget a planned cut, hear again in both directions."""
        with self._lock:
            self._cut_at, self._deaf, self._after, self._piece = {}, set(), {}, _CHUNK_BYTES
            self._delay_seconds = 0.0

    def slow(self, piece: int = 1) -> None:
        """Carry so few bytes at a time, each in a packet of its own, until `never_mind`."""
        with self._lock:
            self._piece = piece

    def delay(self, seconds: float) -> None:
        """Hold back everything that passes for so long, until `never_mind`."""
        with self._lock:
            self._delay_seconds = seconds

    def add_after(self, direction: str, noise: bytes | None = None) -> None:
        """After the next bytes that pass in this direction add noise, or the same bytes again; then `never_mind`."""
        with self._lock:
            self._after = {direction: b"" if noise is None else noise}

    def deafen(self, direction: str) -> None:
        """Drop what comes from this side: `DOWN` loses answers, `UP` loses requests. Connections stay open."""
        with self._lock:
            self._deaf.add(direction)

    def record(self) -> None:
        """Keep what the till sends from now on."""
        with self._lock:
            self._heard = bytearray()

    def overheard(self) -> bytes:
        """What was recorded; recording ends."""
        with self._lock:
            found, self._heard = bytes(self._heard or b""), None
        return found

    def _begin(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target_port), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            pair = (near, far)
            for side in pair:
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits about 40 ms
            with self._lock:
                self._pairs.add(pair)
            self._begin(self._carry, pair)

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        near, far = pair
        back = threading.Thread(target=self._forward, args=(far, near, DOWN), daemon=True)
        back.start()
        self._forward(near, far, UP)
        back.join()
        with self._lock:
            self._pairs.discard(pair)
        near.close()
        far.close()

    def _forward(self, source: socket.socket, sink: socket.socket, direction: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK_BYTES):
                with self._lock:
                    left = self._cut_at.get(direction)
                    if left is not None:
                        left -= self.bytes[direction]
                        data = data[:left]
                    if left is not None and len(data) == left:
                        self._cut_at = {}
                    else:
                        left = None
                    self.bytes[direction] += len(data)
                    deaf = direction in self._deaf
                    if direction == UP and self._heard is not None:
                        self._heard += data
                    added = self._after.pop(direction, None) if data else None
                    piece, delay_seconds = self._piece, self._delay_seconds
                if delay_seconds:
                    time.sleep(delay_seconds)
                if not deaf:
                    for start in range(0, len(data), piece):
                        sink.sendall(data[start : start + piece])
                    if added is not None:
                        self.added += 1
                        sink.sendall(added or data)
                if left is not None:
                    self.cuts += 1
                    self._reset_all()
                    return
        for side in (source, sink):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def _reset_all(self) -> None:
        with self._lock:
            for pair in self._pairs:
                for side in pair:
                    with contextlib.suppress(OSError):
                        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                        side.shutdown(socket.SHUT_RDWR)
