"""Bench of syncing against the real server with its embedded Postgres: fifty queues handed in at once, and one by one;
online redemptions beside them; a month of changes caught up with; memory.

Rule: prints figures; asserts no time. The queues are drained by the tills' own cycles, signatures and gzip included;
"single requests" is the same sending a single fact per request. All in one run, so that a mood of the machine is in
both sides of a ratio.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg

from models import wire
from models.catalogue import Product
from models.refusals import Refusal
from pos_app.journal import outbox
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.members import people
from tests.bench.fleet import SAMPLE_SECONDS, Report, fleet, resident_bytes
from tests.bench.harness import Figure, figure, percentile
from tests.flows import shop
from tests.flows.house import House
from tests.flows.till import Counter

TILLS, FACTS = 50, 500
SINGLE, BARE = 200, 1000
ALONE, BETWEEN_SECONDS = 300, 0.05
FACT_BYTES = 900
PRODUCTS, REPRICED, MEMBERS = 1000, 3, 2000
"""What changes in a month: goods that are new and get other prices, and people who register."""


def figures() -> list[Figure]:
    """How fast tills catch up, and who else notices."""
    wire.REQUEST_TIMEOUT_SECONDS = 20.0  # the tail is to be seen, not cut off
    with House() as house, tempfile.TemporaryDirectory() as folder:
        house.start()
        house.open_shop()
        with Counter(house, Path(folder) / "counter") as till:
            till.begin()
            bare = bare_commits(house)
            single = _single_rate(till)
            found = _drained(house, Path(folder), till, bare, single)
            return [*found, *_caught_up(house, till)]


def bare_commits(house: House) -> float:
    """Rows of a fact's size inserted per second by one session, each its own commit, in the same Postgres."""
    with psycopg.connect(house.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA bench")
        connection.execute("CREATE TABLE bench.facts (seq bigint PRIMARY KEY, bytes bytea NOT NULL)")
        began = time.perf_counter()
        for seq in range(BARE):
            connection.execute("INSERT INTO bench.facts VALUES (%s, %s)", [seq, bytes(FACT_BYTES)])
        seconds = time.perf_counter() - began
        connection.execute("DROP SCHEMA bench CASCADE")
    return BARE / seconds


def _single_rate(till: Counter) -> float:
    """Facts per second, one in each request."""
    for _ in range(SINGLE):
        till.sell()
    till.app.sync._most_facts = wire.MAX_FACTS_PER_PUSH = 1
    began = time.perf_counter()
    till.app.sync.cycle()
    seconds = time.perf_counter() - began
    till.app.sync._most_facts = wire.MAX_FACTS_PER_PUSH = 500
    with till.till.journal.reading() as rows:
        if left := outbox.summary(rows).pending:
            raise RuntimeError(f"{left} facts of {SINGLE} were not handed in")
    return SINGLE / seconds


class Redeemer:
    """A till that asks the ledger for one use after another, until it is told to end."""

    def __init__(self, house: House, till: Counter) -> None:
        person = house.member({shop.TEN: 2000})
        till.sync()
        self._till, self._view = till, till.member(person)
        self.milliseconds: list[float] = []
        self.refused = 0

    def redeem(self, over: threading.Event, most: int | None = None) -> None:
        """One after another, a little apart."""
        while not over.wait(BETWEEN_SECONDS) and len(self.milliseconds) != most:
            began = time.perf_counter()
            try:
                self._till.redeem(self._view, shop.TEN)
            except Refusal:
                self.refused += 1
            self.milliseconds.append((time.perf_counter() - began) * 1000)


@contextmanager
def beside(house: House, till: Counter) -> Iterator[tuple[Redeemer, list[int]]]:
    """Redeem and watch the server's memory while the block runs."""
    redeemer, over, memory = Redeemer(house, till), threading.Event(), list[int]()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            memory.append(resident_bytes(house.pid))

    threads = [threading.Thread(target=redeemer.redeem, args=(over,)), threading.Thread(target=watch)]
    for thread in threads:
        thread.start()
    try:
        yield redeemer, memory
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _drained(house: House, folder: Path, till: Counter, bare: float, single: float) -> list[Figure]:
    with fleet(house, folder, TILLS, FACTS) as crews:
        alone = Redeemer(house, till)
        alone.redeem(threading.Event(), ALONE)
        with beside(house, till) as (redeemer, memory):
            for crew in crews:
                crew.go()
            reports = [crew.report() for crew in crews]
    if any(report.broken or report.hasty for report in reports):
        raise RuntimeError([(report.broken, report.hasty) for report in reports])
    facts, seconds = sum(report.handed_in for report in reports), max(report.seconds for report in reports)
    if facts != TILLS * FACTS:
        raise RuntimeError(f"{facts} facts of {TILLS * FACTS} were handed in")
    till.sync()
    rate, p99 = facts / seconds, percentile(alone.milliseconds, 99)
    return [
        figure("bare_insert commits/s", bare, "rows/s"),
        figure("single_requests facts/s", single, "facts/s", beside=("bare inserts", bare)),
        figure(f"drain {TILLS}x{FACTS} facts/s", rate, "facts/s", beside=("bare inserts", bare)),
        figure(f"drain {TILLS}x{FACTS} facts/s, again", rate, "facts/s", beside=("single requests", single)),
        figure("drain seconds", seconds, "s"),
        figure("busy answers", sum(report.busy_answers for report in reports), "answers"),
        figure("online_redemption_ms alone p50", percentile(alone.milliseconds, 50), "ms"),
        figure("online_redemption_ms alone p99", p99, "ms"),
        figure("online_redemption_ms in drain p50", percentile(redeemer.milliseconds, 50), "ms"),
        figure(
            "online_redemption_ms in drain p99", percentile(redeemer.milliseconds, 99), "ms", beside=("p99 alone", p99)
        ),
        figure("online redemptions in drain", len(redeemer.milliseconds), "redemptions"),
        figure("online redemptions refused", alone.refused + redeemer.refused, "redemptions"),
        *_memory("server", memory),
        *_memory(f"{TILLS // len(reports)} tills", _together(reports)),
    ]


def _together(reports: Sequence[Report]) -> list[int]:
    return [sum(sizes) // len(reports) for sizes in zip(*(report.resident_bytes for report in reports), strict=False)]


def _memory(who: str, sizes: Sequence[int]) -> list[Figure]:
    """The first quarter of the drain and the last, in MB."""
    quarter = max(1, len(sizes) // 4)
    first, last = (statistics.mean(part) / 1e6 for part in (sizes[:quarter], sizes[-quarter:]))
    return [
        figure(f"memory of {who}, first quarter", first, "MB"),
        figure(f"memory of {who}, last quarter", last, "MB", beside=("first quarter", first)),
    ]


# A month away ------------------------------------------------------------------------------------------------------


def _caught_up(house: House, till: Counter) -> list[Figure]:
    """A till that has heard nothing for a month pulls it."""
    till.sync()
    rows = house.do(lambda pool: _a_month(house, pool))
    pages, pulled, changes = 0, 0, till.app.client.changes

    def counted(after: str, wait_seconds: int = 0, limit: int = 0) -> wire.ChangesAnswer:
        nonlocal pages, pulled
        answer = changes(after, wait_seconds, limit)
        pages, pulled = pages + 1, pulled + len(answer.changes)
        return answer

    till.app.client.changes = counted  # type: ignore[method-assign]
    began = time.perf_counter()
    till.app.sync.cycle()
    seconds = time.perf_counter() - began
    till.app.client.changes = changes  # type: ignore[method-assign]
    if pulled < rows:
        raise RuntimeError(f"{pulled} rows of {rows} were pulled")
    return [
        figure("month of changes rows/s", pulled / seconds, "rows/s"),
        figure("month of changes seconds", seconds, "s"),
        figure("month of changes pages", pages, "pages"),
        figure("month of changes rows", pulled, "rows"),
    ]


async def _a_month(house: House, pool: Pool) -> int:
    """Write what HQ would; returns how many rows a till must hear of."""
    tea = next(value for value in shop.CATALOGUE if isinstance(value, Product) and value.product_id == shop.TEA)
    products = [replace(tea, product_id=str(uuid4())) for _ in range(PRODUCTS)]
    for turn in range(REPRICED):
        async with transaction(pool, PLATFORM) as connection:
            for product in products:
                await put(connection, replace(product, price_minor=1000 + turn))
    async with transaction(pool, PLATFORM) as connection:
        for number in range(MEMBERS):
            new = people.NewMember(str(uuid4()), f"N{number:08d}", "王小雨", f"139{number:08d}")
            await people.create(connection, house.keys, new, shop.MERCHANT, datetime.now(UTC))
    return PRODUCTS + MEMBERS
