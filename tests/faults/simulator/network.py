"""The network between one till and the server, as an httpx transport: it carries, and now and then does not.

Rule: a fault is planned beforehand for one of the next exchanges; a request that hangs is delivered later by a step of
its own. Who watches hears of every delivery, whatever the till gets to hear of it.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from tests.faults.simulator.machine import Time
from tests.faults.simulator.server import Heard, SimulatedServer

FAULTS = (
    "request lost", "reply lost", "slow", "late", "twice", "request cut", "reply cut", "server busy",
)  # fmt: skip
_ROUND_SECONDS = 0.02
_SLOW_SECONDS = 11.0


@dataclass(frozen=True)
class Sent:
    """A request as it stands on the wire."""

    till: int
    method: str
    target: str
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def text(self) -> bytes:
        """The body unpacked."""
        packed = (b"content-encoding", b"gzip") in self.headers
        return gzip.decompress(self.body) if packed else self.body


@dataclass(frozen=True)
class Delivery:
    """What reached the server, whole or cut, and what it said."""

    sent: Sent
    heard: Heard
    whole: bool = True

    @property
    def answer(self) -> bytes:
        """The answer's body unpacked."""
        packed = (b"content-encoding", b"gzip") in self.heard.headers
        return gzip.decompress(self.heard.body) if packed else self.heard.body


class Network(httpx.BaseTransport):
    """The way from one till to the server. `up` False: nobody is reached."""

    def __init__(self, till: int, server: SimulatedServer, time: Time, watch: Callable[[Delivery], None]) -> None:
        self._till, self._server, self._time, self.watch = till, server, time, watch
        self.up = True
        self.hanging: list[Sent] = []
        self.struck: Counter[str] = Counter()
        self._planned: list[str | None] = []
        self._unheard: str | None = None

    def lose_reply_to(self, end: str) -> None:
        """Let the next request to a path that ends so be served, and its answer be lost."""
        self._unheard = end

    def plan(self, fault: str, exchanges_before: int) -> None:
        """Let this happen to one of the next exchanges."""
        self._planned = [None] * exchanges_before + [fault]

    def forget(self) -> None:
        """Nothing is planned any more."""
        self._planned, self._unheard = [], None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("nobody there", request=request)
        body = request.read()
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        sent = Sent(self._till, request.method, request.url.raw_path.decode(), headers, body)
        fault = self._planned.pop(0) if self._planned else None
        if self._unheard is not None and request.url.path.endswith(self._unheard):
            fault, self._unheard = "reply lost", None
        if fault is not None:
            self.struck["network: " + fault] += 1
        if fault in ("request lost", "late"):
            if fault == "late":
                self.hanging.append(sent)
            raise httpx.ReadTimeout("no answer", request=request)
        if fault == "server busy":
            return httpx.Response(503, headers={"Retry-After": "3"})
        heard = self.deliver(sent, whole=fault != "request cut")
        if fault == "twice":
            self.deliver(sent)
        if fault in ("reply lost", "request cut") or heard.status == 0:
            raise httpx.ReadError("connection reset", request=request)
        if fault == "slow":
            self._time.passes(_SLOW_SECONDS)
            raise httpx.ReadTimeout("too slow", request=request)
        body = heard.body[: len(heard.body) // 2] if fault == "reply cut" else heard.body
        return httpx.Response(heard.status, headers=heard.headers, stream=_Stream(body, fault == "reply cut"))

    def deliver(self, sent: Sent, whole: bool = True) -> Heard:
        """Carry a request to the server."""
        self._time.passes(_ROUND_SECONDS)
        heard = self._server.answer(sent.method, sent.target, sent.headers, sent.body, cut=not whole)
        self.watch(Delivery(sent, heard, whole))
        return heard

    def deliver_hanging(self, index: int) -> bool:
        """One that hung arrives after all, and nobody waits for its answer; True when it was a push that was taken."""
        sent = self.hanging.pop(index)
        heard = self.deliver(sent)
        return sent.target.endswith("facts") and heard.status in (0, 200)


class _Stream(httpx.SyncByteStream):
    def __init__(self, body: bytes, breaks: bool) -> None:
        self._body, self._breaks = body, breaks

    def __iter__(self) -> Iterator[bytes]:
        yield self._body
        if self._breaks:
            raise httpx.ReadError("connection reset")
