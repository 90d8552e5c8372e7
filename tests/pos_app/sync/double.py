"""A server that speaks sync protocol v1 over real HTTP, and misbehaves when told.

`Double` keeps a chain per terminal and answers honestly; `then(...)` puts one odd answer before the next request.
"""

import base64
import gzip
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms

from models import codec, wire
from models.facts import decode_fact, hash_fact
from models.refusals import PROBLEM_TYPE_PREFIX
from tests.pos_app.desk import KEY_ID

Odd = Callable[["Handler"], bool]
"""Does something odd; True: the request is answered."""


@dataclass
class Seen:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    raw: bytes
    body: bytes


class _Key(HTTPSignatureKeyResolver):
    def __init__(self, public_key: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(public_key)

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return self._key


@dataclass
class Double:
    """The state of the server and what it saw."""

    public_key: bytes
    epoch: str = "e1"
    series: str = "ZF"
    backed_up: int = 0
    chain: list[str] = field(default_factory=list)
    held: dict[int, str] = field(default_factory=dict)
    pages: deque[wire.ChangesAnswer] = field(default_factory=deque)
    reports: list[wire.PrintReport] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    odd: deque[Odd] = field(default_factory=deque)
    clock_offset_seconds: float = 0.0
    nonces: set[str] = field(default_factory=set)
    pushes: list[wire.PushRequest] = field(default_factory=list)
    cursor: int = 0
    seal: wire.SealHead | None = None
    told: list[wire.TillAlarm] = field(default_factory=list)
    signer: Ed25519PrivateKey | None = None
    """The server's key; with it a revocation is proved."""
    previews: bool = True
    """False: an older server, that knows no such path."""
    terminal_id: str = ""
    refusing: dict[str, str] = field(default_factory=dict)
    """By the end of a path: the code with which every request there is refused."""
    news: threading.Event = field(default_factory=threading.Event)
    """Set: whoever waits for news is answered now."""

    def __enter__(self) -> Self:
        bound = type("Bound", (Handler,), {"server_double": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.01), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.news.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def then(self, *odd: Odd) -> None:
        """Misbehave on the next requests, one each."""
        self.odd.extend(odd)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.clock_offset_seconds, UTC)

    # What it answers ------------------------------------------------------------------------------------------

    def answer(self, seen: Seen) -> tuple[int, object]:
        if seen.path == "/v1/health":
            return 200, wire.Health("ok", "double", self.now())
        problem = self._refuse_signature(seen)
        if problem is not None:
            return problem
        for end, code in self.refusing.items():
            if seen.path.endswith(end):
                return self.problem(403, code)
        if seen.path.endswith("/alarms"):
            self.told += codec.decode(wire.TillAlarms, seen.body).alarms
            return 200, wire.AlarmsAnswer(self.now())
        if seen.path.endswith("/facts"):
            return 200, self._take(codec.decode(wire.PushRequest, seen.body))
        if seen.path.endswith("/changes"):
            if "wait" in seen.query:
                if not self.pages:
                    self.news.wait(float(seen.query["wait"][0]))
                self.news.clear()
                if self.pages:  # news; who rings pulls them
                    return 200, replace(self.pages[0], changes=self.pages[0].changes[:1])
            return 200, self._changes(seen.query["after"][0])
        if seen.path.endswith("/requests"):
            asked = codec.decode(wire.ActionRequest, seen.body)
            return 200, wire.ActionAnswer(asked.request_id, "accepted", None, {}, 3, "HX1", self.now())
        if seen.path.endswith("/previews") and self.previews:
            asked = codec.decode(wire.ActionRequest, seen.body)
            return 200, wire.ActionAnswer(asked.request_id, "accepted", None, {}, None, None, self.now())
        return 404, {"not": "ours"}

    def problem(self, status: int, code: str, **data: object) -> tuple[int, object]:
        if code == "terminal_revoked" and self.signer is not None:
            data = {"revocation": codec.to_plain(revocation(self.signer, self.terminal_id))} | data
        return status, wire.Problem(PROBLEM_TYPE_PREFIX + code, code, status, code, self.now(), "req", data)

    def _refuse_signature(self, seen: Seen) -> tuple[int, object] | None:
        verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_Key(self.public_key))
        verifier.allow_label_only_selection = True
        verifier.validate_created_and_expires = lambda *_a, **_k: None  # type: ignore[method-assign]

        @dataclass
        class Message:
            method: str
            url: str
            headers: dict[str, str]

        url = self.address + self._target(seen)
        (result,) = verifier.verify(
            Message(seen.method, url, seen.headers),
            require_components=wire.SIGNED_COMPONENTS,
            body=seen.raw,
            max_age=None,
        )
        created = int(result.parameters["created"])
        if abs(created - self.now().timestamp()) > wire.MAX_CLOCK_SKEW_SECONDS:
            return self.problem(401, "request_expired", skew_seconds=int(created - self.now().timestamp()))
        nonce = str(result.parameters["nonce"])
        if nonce in self.nonces:
            return self.problem(401, "request_replayed")
        self.nonces.add(nonce)
        return None

    def _target(self, seen: Seen) -> str:
        return seen.headers["x-raw-target"]

    def _take(self, push: wire.PushRequest) -> wire.PushAnswer:
        self.pushes.append(push)
        self.reports += push.prints
        results, gap = [], False
        for text in push.facts:
            fact = decode_fact(text)
            if fact.seq > len(self.chain) + 1:
                gap = True
                break
            outcome = "already_known"
            if fact.seq == len(self.chain) + 1:
                outcome = "held" if fact.seq in self.held else "accepted"
                self.chain.append(text)
            else:
                assert self.chain[fact.seq - 1] == text, "another history"
            results.append(
                wire.FactResult(fact.fact_id, fact.seq, outcome, self.held.get(fact.seq), f"{self.series}{fact.seq}")
            )
        if push.facts and push.head is not None and not gap:
            assert push.head.hash == hash_fact(push.facts[-1].encode())
            message = wire.head_message(decode_fact(push.facts[-1]).terminal_id, push.head.seq, push.head.hash, "")
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(base64.b64decode(push.head.signature), message)
        return wire.PushAnswer(
            tuple(results),
            len(self.chain),
            gap,
            self.epoch,
            self.now(),
            "c2lnbmVk" if push.facts else None,
            "srv1",
            self.seal,
            self.backed_up,
        )

    def _changes(self, after: str) -> wire.ChangesAnswer:
        if self.pages:
            return self.pages.popleft()
        return wire.ChangesAnswer(
            after or "c0", False, self.epoch, self.now(), (), len(self.chain), None, self.backed_up
        )


def revocation(signer: Ed25519PrivateKey, terminal_id: str, key_id: str = KEY_ID) -> wire.Revocation:
    """The server's signed word that a terminal is shut out."""
    said = wire.Revocation(terminal_id, "terminal_revoked", datetime(2026, 11, 20, tzinfo=UTC), key_id, "")
    return replace(said, signature=base64.b64encode(signer.sign(wire.revocation_message(said))).decode())


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_double: Double

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def reply(self, status: int, content: bytes, content_type: str = "application/json", **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _serve(self) -> None:
        double = self.server_double
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()} | {"x-raw-target": self.path}
        seen = Seen(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, raw, body)
        double.seen.append(seen)
        self.seen = seen
        if double.odd and double.odd.popleft()(self):
            return
        status, value = double.answer(seen)
        content = json.dumps(value).encode() if isinstance(value, dict) else codec.encode(value)
        self.reply(status, content, "application/json" if status == 200 else "application/problem+json")


# Odd answers --------------------------------------------------------------------------------------------------


def says(status: int, content: bytes = b"", content_type: str = "text/html", **headers: str) -> Odd:
    """Something else answers."""

    def act(handler: Handler) -> bool:
        handler.reply(status, content, content_type, **headers)
        return True

    return act


def problem(status: int, code: str, data: dict[str, Any] | None = None, **headers: str) -> Odd:
    """The server answers with a problem."""

    def act(handler: Handler) -> bool:
        _, value = handler.server_double.problem(status, code, **(data or {}))
        handler.reply(status, codec.encode(value), "application/problem+json", **headers)
        return True

    return act


def honest(_: Handler) -> bool:
    """Nothing odd."""
    return False


def hangs_up(handler: Handler) -> bool:
    """The line is cut before an answer."""
    handler.close_connection = True
    handler.connection.close()
    return True


def does_and_hangs_up(handler: Handler) -> bool:
    """The work is done, the answer is lost."""
    handler.server_double.answer(handler.seen)
    return hangs_up(handler)


def cuts_at(count: int) -> Odd:
    """The work is done, the answer breaks off after `count` bytes."""

    def act(handler: Handler) -> bool:
        _, value = handler.server_double.answer(handler.seen)
        content = codec.encode(value)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:count])
        handler.wfile.flush()
        return hangs_up(handler)

    return act


def waits(seconds: float) -> Odd:
    """The answer comes late."""

    def act(_handler: Handler) -> bool:
        time.sleep(seconds)
        return False

    return act


def drips(handler: Handler) -> bool:
    """One byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(100):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            break
        time.sleep(0.05)
    return True
