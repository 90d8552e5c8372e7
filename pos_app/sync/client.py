"""Speak sync protocol v1 to the server: sign, send, read the answer, learn the time.

Rule: the only file that imports httpx. Whatever comes back, a caller sees a value of `models.wire`, a `Refusal` that
the server meant, or `ServerUnavailable`. An answer is bounded in size and time.
"""

import gzip
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx

from models import codec, versions, wire
from models.refusals import CODES, PROBLEM_TYPE_PREFIX, Refusal
from pos_app.clock import TillClock
from pos_app.journal import signatures
from pos_app.journal.store import Journal
from pos_app.sync.errors import ServerUnavailable, ServerUnreached
from pos_app.sync.signing import signature_headers

T = TypeVar("T")

MAX_ANSWER_BYTES = 16 << 20
SYNC_SECONDS = 30.0
"""Bound of one push or pull."""
SILENCE_SECONDS = 10.0
"""Bound of any one silence in it; closing the till waits no longer."""
HEALTH_SECONDS = 3.0
_CONNECT_SECONDS = 3.0
_SIGN_AGAIN = frozenset(
    {"request_expired", "request_replayed", "signature_invalid", "signature_missing", "key_unknown"}
)


class ServerClient:
    """One server, spoken to from any thread."""

    def __init__(self, journal: Journal, clock: TillClock, silence_seconds: float = SILENCE_SECONDS) -> None:
        self._journal = journal
        self._silence_seconds = silence_seconds
        self._clock = clock
        self._reachable = False
        self._line = _Line()
        self._switching = threading.Lock()
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="ask")

    @property
    def reachable(self) -> bool:
        """Whether the server answered the last time it was spoken to."""
        return self._reachable

    def close(self) -> None:
        """End the connections."""
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._line.http.close()

    def cut(self) -> None:
        """Break off what is being asked now; its caller gets `ServerUnavailable`."""
        with self._switching:
            self._line.cut()

    def hang_up(self) -> None:
        """Begin with fresh connections: on these an answer came that belongs to no question, or to an earlier one.

        What somebody else asks on the old ones now goes on to its end.
        """
        with self._switching:
            old, self._line = self._line, _Line()
            idle = old.running == 0
        if idle:
            old.http.close()

    @contextmanager
    def _speaking(self) -> Iterator["_Line"]:
        """Hold the line; whoever leaves one that was hung up last closes it."""
        with self._switching:
            line = self._line
            line.running += 1
        try:
            yield line
        finally:
            with self._switching:
                line.running -= 1
                left = line is not self._line and line.running == 0
            if left:
                line.http.close()

    def health(self) -> wire.Health:
        """Ask whether the server is there; anybody may."""
        answer = self._read(wire.Health, *self._send(self._url("/v1/health"), "GET", b"", {}, HEALTH_SECONDS))
        self._heard(answer.server_time)
        return answer

    def push(self, request: wire.PushRequest) -> wire.PushAnswer:
        """Hand in facts and print reports."""
        answer = self._signed(wire.PushAnswer, "POST", "/v1/terminals/me/facts", codec.encode(request), SYNC_SECONDS)
        self._heard(answer.server_time)
        return answer

    def changes(self, after: str, wait_seconds: int = 0, limit: int = 0) -> wire.ChangesAnswer:
        """Fetch the page of changes after a cursor, at most `limit` of them (0: as the server likes).

        With `wait_seconds` the server holds an answer without changes back for so long.
        """
        query = (
            {"after": after} | ({"wait": wait_seconds} if wait_seconds else {}) | ({"limit": limit} if limit else {})
        )
        path = f"/v1/terminals/me/changes?{urlencode(query)}"
        answer = self._signed(wire.ChangesAnswer, "GET", path, b"", SYNC_SECONDS + wait_seconds)
        self._heard(answer.server_time)
        return answer

    def tell(self, alarms: wire.TillAlarms) -> None:
        """Tell HQ what is wrong with what this till holds."""
        body = codec.encode(alarms)
        answer = self._signed(wire.AlarmsAnswer, "POST", "/v1/terminals/me/alarms", body, SYNC_SECONDS)
        self._heard(answer.server_time)

    def ask(self, request: wire.ActionRequest, wait_seconds: float) -> wire.ActionAnswer | None:
        """Send an online request; None: no usable answer within `wait_seconds`. Refusal: the server says no."""
        job = self._workers.submit(
            self._signed, wire.ActionAnswer, "POST", "/v1/terminals/me/requests", codec.content(request), wait_seconds
        )
        try:
            answer = job.result(timeout=wait_seconds)
        except WaitedTooLong:
            self._reachable = False
            return None
        except ServerUnavailable:
            return None
        except Refusal as refusal:
            if refusal.code != "revocation_unproven":
                raise
            self._reachable = False
            return None
        if answer.request_id != request.request_id or answer.outcome not in ("accepted", "refused"):
            self.hang_up()
            self._reachable = False
            return None
        self._heard(answer.server_time)
        return answer

    def preview(self, request: wire.ActionRequest, wait_seconds: float) -> wire.ActionAnswer | None:
        """Ask what a refund would be answered now; None: nobody says so in time, or this server says so to nobody."""
        job = self._workers.submit(self._previewed, request, wait_seconds)
        try:
            return job.result(timeout=wait_seconds)
        except WaitedTooLong:
            return None

    def _previewed(self, request: wire.ActionRequest, seconds: float) -> wire.ActionAnswer | None:
        reachable = self._reachable
        try:
            path = "/v1/terminals/me/previews"
            answer = self._signed(wire.ActionAnswer, "POST", path, codec.content(request), seconds)
        except (ServerUnavailable, Refusal):
            self._reachable = reachable  # what is only asked ahead, perhaps of a server that knows no such path
            return None
        return answer if answer.request_id == request.request_id else None

    def pair(self, server_url: str, request: wire.PairRequest, private_key: bytes) -> wire.PairAnswer:
        """Introduce this till. The same code and key may be sent again when the answer was lost."""
        url = f"{server_url}/v1/pair"
        body = codec.encode(request)
        answer = self._twice(wire.PairAnswer, "POST", url, body, {}, "pair", private_key, SYNC_SECONDS)
        self._heard(answer.server_time)
        return answer

    def _heard(self, server_time: datetime) -> None:
        self._clock.learn(server_time)
        self._reachable = True

    def _url(self, path: str) -> str:
        return self._journal.require_identity().server_url + path

    def _signed(self, kind: type[T], method: str, path: str, body: bytes, seconds: float) -> T:
        headers = {}
        if body:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        url, terminal_id = self._url(path), self._journal.require_identity().terminal_id
        private_key = self._journal.keys.private_key()
        try:
            return self._twice(kind, method, url, body, headers, terminal_id, private_key, seconds)
        except Refusal as refusal:
            if refusal.code == "terminal_revoked" and not self._is_proved(terminal_id, refusal):
                raise Refusal("revocation_unproven", refusal.data) from refusal
            raise

    def _is_proved(self, terminal_id: str, refusal: Refusal) -> bool:
        with self._journal.reading() as rows:
            return signatures.proves_revocation(rows, terminal_id, refusal.data.get("revocation"))

    def _twice(
        self,
        kind: type[T],
        method: str,
        url: str,
        body: bytes,
        headers: dict[str, str],
        key_id: str,
        private_key: bytes,
        seconds: float,
    ) -> T:
        """Send once, and once more with a corrected clock and a new nonce when only the signature was at fault."""
        for attempt in (1, 2):
            nonce = secrets.token_urlsafe(24)
            signed = signature_headers(method, url, body, key_id, private_key, self._clock.now(), nonce)
            try:
                return self._read(kind, *self._send(url, method, body, {**headers, **signed}, seconds))
            except Refusal as refusal:
                if attempt == 2 or refusal.code not in _SIGN_AGAIN:
                    raise
            except ServerUnreached as error:
                if attempt == 1:
                    raise
                raise ServerUnavailable(**error.data) from error  # the first attempt has left
        raise AssertionError("the second attempt returns or raises")

    def _send(
        self, url: str, method: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> tuple[int, httpx.Headers, bytes]:
        deadline = time.monotonic() + seconds
        limits = httpx.Timeout(min(seconds, self._silence_seconds), connect=min(seconds, _CONNECT_SECONDS))
        headers = {**headers, versions.HEADER: str(versions.CURRENT)}
        if body:
            headers["Content-Type"] = "application/json"
        try:
            with (
                self._speaking() as line,
                line.http.stream(
                    method,
                    url,
                    content=body or None,
                    headers=headers,
                    timeout=limits,
                    extensions={"trace": line.note},
                ) as response,
            ):
                found = bytearray()
                for chunk in response.iter_bytes():
                    found += chunk
                    if len(found) > MAX_ANSWER_BYTES:
                        raise self._unavailable("answer too large")
                    if time.monotonic() > deadline:
                        raise self._unavailable("timeout")
                return response.status_code, response.headers, bytes(found)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            self._reachable = False
            raise ServerUnreached(reason=_why(error), retry_after_seconds=0.0) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise self._unavailable(_why(error)) from error
        except RuntimeError as error:  # the client was closed under a request that nobody waits for
            raise self._unavailable("closed") from error

    def _read(self, kind: type[T], status: int, headers: httpx.Headers, body: bytes) -> T:
        if status == 200:
            try:
                return codec.decode(kind, body, newer_too=True)
            except Refusal as error:
                self.hang_up()
                raise self._unavailable("not our server") from error
        try:
            problem = codec.decode(wire.Problem, body, newer_too=True)
        except Refusal as error:
            raise self._unavailable(f"status {status}", _retry_after(headers)) from error
        meant = problem.type == PROBLEM_TYPE_PREFIX + problem.code and problem.code in CODES
        if status >= 500 or not meant:
            raise self._unavailable(f"status {status}", _retry_after(headers))
        self._heard(problem.server_time)
        raise Refusal(problem.code, {**problem.data, "retry_after_seconds": int(_retry_after(headers))})

    def _unavailable(self, reason: str, retry_after_seconds: float = 0.0) -> ServerUnavailable:
        self._reachable = False
        return ServerUnavailable(reason=reason, retry_after_seconds=retry_after_seconds)


class _Line:
    """Connections that are used together, and how many requests run on them."""

    def __init__(self) -> None:
        self.http = httpx.Client(follow_redirects=False)
        self.running = 0
        self._newest: Any = None
        self._is_cut = False

    def note(self, event: str, details: Mapping[str, Any]) -> None:
        """Remember the newest connection (httpcore's trace extension); on a line that is cut there is none."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._newest = details["return_value"]
            if self._is_cut:
                self.cut()

    def cut(self) -> None:
        """Shut the newest connection under whoever reads from it: closing alone would not wake them."""
        self._is_cut = True
        if self._newest is not None:
            with suppress(OSError):
                self._newest.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def _why(error: Exception) -> str:
    """Return why nothing came: in time, for its certificate does not hold, it speaks no TLS, or nobody is there."""
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    text = str(error)
    if "CERTIFICATE" in text:
        return "certificate"
    return "tls" if "[SSL" in text else "connection"


def _retry_after(headers: httpx.Headers) -> float:
    with suppress(ValueError):
        return min(max(float(headers.get("Retry-After", "0")), 0.0), 600.0)
    return 0.0
