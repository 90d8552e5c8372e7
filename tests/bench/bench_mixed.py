"""Bench of rivalry: 100,000 mixed operations by 16 clients on 100 cards, and what the ledger says afterwards.

Rule: a deadlock, a broken invariant, or a ledger that differs from what the clients were told fails the suite. The
clients are several processes; sealing, expiry and the invariants run beside them all the while.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from sync_server.database.embedded import DATABASE
from sync_server.database.engine import open_pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from tests.bench.bench_ledger import own_server
from tests.bench.harness import Figure, figure, percentile
from tests.bench.ledger import mixture
from tests.bench.ledger.mixture import Tally
from tests.sync_server.till import rows

ACTS, CLIENTS, PROCESSES, SEED, CHECK_SECONDS = 100_000, 16, 4, 1, 10.0


def figures(acts: int = ACTS) -> list[Figure]:
    """All of it, in some minutes."""
    with own_server() as ground:
        urls = ground.urls(DATABASE)
        migrate(urls)
        return asyncio.run(_measured(urls.app, acts))


async def _measured(app_url: str, acts: int) -> list[Figure]:
    async with open_pool(app_url, min_size=1, max_size=2) as pool:
        await mixture.build(pool, CLIENTS)
        known = [row[0] for row in await rows(pool, "SELECT tx_no FROM app.tx_registry")]
    tally, loop = Tally(), asyncio.get_running_loop()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as workers:
        await asyncio.gather(*(loop.run_in_executor(workers, time.sleep, 1) for _ in range(PROCESSES)))  # all are up
        async with mixture.beside(app_url, CHECK_SECONDS) as side:
            began = time.perf_counter()
            playing = [
                loop.run_in_executor(workers, play, app_url, range(CLIENTS)[part::PROCESSES], acts // PROCESSES)
                for part in range(PROCESSES)
            ]
            for part in await asyncio.gather(*playing):
                tally.add(part)
            seconds = time.perf_counter() - began
    found = await mixture.settle_accounts(app_url, tally, known)
    return [
        figure("mixed", tally.acts / seconds, "operations/s"),
        figure("operations", tally.acts, "operations"),
        *(figure(name, count, "counted") for name, count in found.items()),
        figure("seals beside", side.seals, "runs"),
        figure("expiry beside", side.expiries, "runs"),
        figure("expired", side.expired, "passes"),
        figure("invariants beside", side.checks, "runs"),
        figure("tried again", sum(tally.conflicts.values()), "transactions"),
        *(figure(f"tried again {state}", count, "transactions") for state, count in sorted(tally.conflicts.items())),
        *_by_operation(tally),
    ]


def play(app_url: str, clients: Sequence[int], acts: int) -> Tally:
    """One process: its clients' part. RuntimeError when they could not go on."""
    try:
        return asyncio.run(mixture.play(app_url, clients, acts, SEED))
    except DatabaseTrouble as trouble:
        raise RuntimeError(f"{trouble}\n{traceback.format_exc()}") from None  # a trouble does not travel


def _by_operation(tally: Tally) -> Iterator[Figure]:
    for name, seconds in sorted(tally.seconds.items()):
        told: Counter[str] = Counter()
        for (operation, code), count in tally.answers.items():
            if operation == name:
                told["accepted" if code == "accepted" else "refused"] += count
        yield figure(f"{name} accepted", told["accepted"], "operations")
        yield figure(f"{name} refused", told["refused"], "operations")
        yield figure(f"{name} p50", 1000 * percentile(seconds, 50), "ms")
        yield figure(f"{name} p99", 1000 * percentile(seconds, 99), "ms")
