"""Bench of syncing against the real server with its embedded Postgres: a long queue handed in, beside one by one.

Rule: prints figures; asserts no time. The queue is drained through the till's own loop, signatures and gzip included;
"one by one" is the same loop sending a single fact per request.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from models import wire
from pos_app.journal import outbox
from tests.bench.harness import Figure, figure, percentile
from tests.flows import shop
from tests.flows.house import House
from tests.flows.till import Counter

QUEUE = 2000
SINGLE = 200
ONLINE = 60


def figures() -> list[Figure]:
    """How fast a till catches up."""
    with House() as house, tempfile.TemporaryDirectory() as folder:
        house.start()
        house.open_shop()
        with Counter(house, Path(folder)) as till:
            till.begin()
            single = _drain_rate(till, SINGLE, most_facts=1)
            drained = _drain_rate(till, QUEUE, most_facts=500)
            asked = _online(house, till)
    beside = ("single requests", single)
    return [
        figure("single_requests facts/s", single, "facts/s"),
        figure(f"drain_of_{QUEUE} facts/s", drained, "facts/s", beside=beside),
        figure("online_redemption_ms p50", percentile(asked, 50), "ms"),
        figure("online_redemption_ms p95", percentile(asked, 95), "ms"),
    ]


def _drain_rate(till: Counter, facts: int, most_facts: int) -> float:
    """Facts handed in per second, from a queue of this length, print reports with it."""
    for _ in range(facts):
        till.sell()
    till.app.sync._most_facts = wire.MAX_FACTS_PER_PUSH = most_facts
    began = time.perf_counter()
    till.app.sync.cycle()
    seconds = time.perf_counter() - began
    with till.till.journal.reading() as rows:
        left = outbox.summary(rows).pending
    if left:
        raise RuntimeError(f"{left} facts of {facts} were not handed in")
    return facts / seconds


def _online(house: House, till: Counter) -> list[float]:
    """Milliseconds from confirm to committed, the ledger asked."""
    people = [house.member({shop.TEN: 5}) for _ in range(ONLINE // 5)]
    till.sync()
    return [_milliseconds(lambda: till.redeem(till.member(person), shop.TEN)) for person in people for _ in range(5)]  # noqa: B023


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
