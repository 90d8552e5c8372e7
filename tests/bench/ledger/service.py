"""The server process under load: signed requests over kept connections, made before the clock runs.

Rule: the client is as light as can be, for it shares the machine with what it measures. An answer 503 or 429 with
Retry-After is back-pressure: the client waits as told, and it is counted apart from errors.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from demo.processes import Child
from models import codec, wire
from models.ids import uuid7
from models.passes import Cup
from models.times import business_day
from models.wire import ActionRequest, RedeemAsked
from sync_server.database.engine import PLATFORM, open_pool, transaction
from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger.ground import MEMBER, PASS, PEOPLE, TEA, TERMINAL, TERMINALS, Ground, numbered
from tests.sync_server.signer import Signer

TARGET = "/v1/terminals/me/requests"
WARM_UP_SECONDS = 1.0
_START_SECONDS = 60.0


@dataclass
class Load:
    """What the clients saw after the warm-up."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    pushed_back: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Accepted requests per second."""
        return len(self.milliseconds) / self.seconds


@contextmanager
def serving(ground: Ground, urls: DatabaseUrls) -> Iterator[int]:
    """A server process on a database, with its terminals paired; its port."""
    clean = {"DATABASE_URL": urls.maintenance, "TILLKEEPER_KEYS": "", "TILLKEEPER_KEYS_FILE": ""}
    arguments = ["-m", "sync_server", "serve", "--port", "0", "--data", str(ground.data), "--log-level", "warning"]
    child = Child("server", arguments, ground.data / "server.log", clean)
    try:
        yield int(child.read_line(_START_SECONDS).rsplit(":", 1)[1])
    finally:
        child.stop()


def pair(urls: DatabaseUrls) -> list[Signer]:
    """Give every terminal a key of its own."""

    async def run() -> list[Signer]:
        signers = [Signer(numbered(TERMINAL, number)) for number in range(TERMINALS)]
        async with (
            open_pool(urls.app, min_size=1, max_size=1) as pool,
            transaction(pool, PLATFORM) as connection,
        ):
            for signer in signers:
                code = os.urandom(32)
                await connection.execute(
                    "SELECT app.put_pairing_code(%s, %s, interval '1 hour')", [signer.key_id, code]
                )
                await connection.execute(
                    "SELECT app.pair_terminal(%s, %s, '', '', 'test', '')", [code, signer.public_key]
                )
        return signers

    return asyncio.run(run())


class Redemptions:
    """Signed requests to redeem one cup, each from the pass of the next member."""

    def __init__(self, signers: list[Signer]) -> None:
        self._signers = signers
        self._members = itertools.cycle(range(1, PEOPLE + 1))

    def make(self, client: int) -> bytes:
        """A request of the client's own till, whole: head and body."""
        signer, number, now = self._signers[client % len(self._signers)], next(self._members), datetime.now(UTC)
        day = business_day(now, "Asia/Shanghai", 0).isoformat()
        asked = RedeemAsked(
            _new_id(), numbered(PASS, number), numbered(MEMBER, number), day, (Cup(TEA, ()),), 0, "CNY", (), now,
        )  # fmt: skip
        body = codec.encode(ActionRequest(wire.PROTOCOL, _new_id(), redeem=asked))
        headers = {
            "Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body)),
            **signer.headers("POST", TARGET, body),
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {TARGET} HTTP/1.1\r\n{head}\r\n".encode() + body


def load(port: int, make: Callable[[int], bytes], *, clients: int, seconds: float, most: int) -> Load:
    """Keep `clients` connections busy for some seconds after the warm-up, with at most `most` requests in all."""
    ready = [[make(client) for _ in range(-(-most // clients))] for client in range(clients)]
    seen = Load()
    began = time.perf_counter()
    measured_from = began + WARM_UP_SECONDS

    async def one(requests: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in requests:
            sent = time.perf_counter()
            if sent > measured_from + seconds:
                break
            writer.write(request)
            status, headers, body = await _answer(reader)
            wait = headers.get("retry-after")
            if status in (429, 503) and wait is not None:
                seen.pushed_back += 1
                await asyncio.sleep(float(wait))
            elif status != 200 or b'"accepted"' not in body:
                seen.errors.append(f"{status} {body[:200]!r}")
            elif sent >= measured_from:
                seen.milliseconds.append((time.perf_counter() - sent) * 1000)
        writer.close()

    async def run() -> None:
        await asyncio.gather(*(one(requests) for requests in ready))

    asyncio.run(run())
    seen.seconds = time.perf_counter() - measured_from
    return seen


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return int(head[0].split()[1]), headers, await reader.readexactly(int(headers["content-length"]))


def _new_id() -> str:
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))
