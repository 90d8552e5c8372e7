"""kill -9 of Postgres under load: what was told is there, nothing is half-done, and asking again does it once.

Rule: a Postgres of its own, fsync on, whose log writer sleeps for ten seconds: what nobody has waited for is lost.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from sync_server.database.embedded import DATABASE, EmbeddedPostgres
from sync_server.database.engine import Claims, Pool, open_pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from sync_server.database.processes import processes_in
from sync_server.database.urls import with_database
from sync_server.intake import requests
from sync_server.ledger.units import Act
from tests.bench.ledger import mixture
from tests.bench.ledger.mixture import Player
from tests.sync_server.conftest import PASSWORDS, reachable_folder
from tests.sync_server.ledger.rivals import Outcome
from tests.sync_server.till import ONLINE, FakeTill, build_shop, rows, value

__all__ = ["reachable_folder"]
pytestmark = pytest.mark.anyio
CLIENTS, ROUNDS, SEED = 8, 3, 5
SETTINGS = {"wal_writer_delay": "10s", "wal_writer_flush_after": "2GB", "autovacuum": "off"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def server(reachable_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server of our own that tests may kill."""
    postgres = EmbeddedPostgres(reachable_folder / "killed", PASSWORDS, settings=SETTINGS)
    with postgres:
        migrate(postgres.urls)
        yield postgres
    postgres.remove()


@pytest.fixture
async def pool(server: EmbeddedPostgres) -> AsyncIterator[Pool]:
    """The program's pool on it, which heals itself."""
    async with open_pool(server.urls.app, min_size=CLIENTS, max_size=CLIENTS + 2, wait_seconds=2) as opened:
        yield opened


def kill(server: EmbeddedPostgres) -> None:
    """SIGKILL, the postmaster first; then every process that works in its folder."""
    children = processes_in(server.data)
    server.kill()
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


async def begin_again(server: EmbeddedPostgres, pool: Pool) -> None:
    """Recover from the log, and replace the connections that broke, as the program does after the first of them."""
    server.start()
    await pool.check()


@dataclass
class Wish:
    """What a client asks under one key, and what it was told, if anything."""

    act: Act
    claims: Claims
    function: LiteralString
    values: list[object] = field(repr=False)
    told: Outcome | None = None


class Witness(Player):
    """A client that remembers what it asked and what it was told."""

    def __init__(self, house: mixture.House, number: int, seed: int) -> None:
        super().__init__(house, number, seed)
        self.wishes: list[Wish] = []

    async def send(self, act: Act, claims: Claims, function: LiteralString, values: list[object]) -> Outcome:
        """Ask, and remember."""
        wish = Wish(act, claims, function, values)
        self.wishes.append(wish)
        wish.told = await super().send(act, claims, function, values)
        return wish.told

    async def until_killed(self) -> DatabaseTrouble:
        """Be busy until the database is gone."""
        try:
            while True:
                await self.play(20)
        except DatabaseTrouble as trouble:
            return trouble

    async def ask_again(self) -> int:
        """Everything that was not answered, under its own key; returns how much that was."""
        waiting = [wish for wish in self.wishes if wish.told is None]
        for wish in waiting:
            wish.told = await Player.send(self, wish.act, wish.claims, wish.function, wish.values)
            self.note("asked again", [wish.told])
        facts = await self.hand_over()
        self.note("hand_in", facts)
        return len(waiting) + len(facts)


async def test_killed_at_random_moments(server: EmbeddedPostgres, pool: Pool) -> None:
    """Rounds of everything at once (see `mixture`), each ended by kill -9."""
    await mixture.build(pool, CLIENTS)
    known = {row[0] for row in await rows(pool, _NUMBERS)}
    players = await mixture.open_tills(await mixture.enter(pool), range(CLIENTS), SEED, Witness)
    tally, luck, unanswered = players[0].house.tally, random.Random(SEED), 0
    for _ in range(ROUNDS):
        busy = [asyncio.create_task(player.until_killed()) for player in players]
        await asyncio.sleep(luck.uniform(0.7, 1.6))
        kill(server)
        assert {trouble.code for trouble in await asyncio.gather(*busy)} <= {"database_unavailable", "database_busy"}
        await begin_again(server, pool)
        await everything_told_is_there(pool, players, known)
        unanswered += sum([await player.ask_again() for player in players])
        found = await mixture.settle_accounts(server.urls.app, tally, known)
        assert found["transactions"] == len(known) + len(tally.numbers)  # each was told once, to one
        known |= set(tally.numbers)
        tally.numbers.clear()
    assert unanswered >= ROUNDS
    assert {name for name, code in tally.answers if code == "accepted"} >= set(mixture.WEIGHTS)


async def everything_told_is_there(pool: Pool, players: list[Witness], known: set[str]) -> None:
    """What was acknowledged is stored as it was told, and the ledger is whole although not all of it was heard."""
    stored = {row[0] for row in await rows(pool, _NUMBERS)}
    assert {*players[0].house.tally.numbers, *known} <= stored
    answers = {(str(who), key): outcome for who, key, outcome in await rows(pool, _ANSWERS)}
    for wish in (wish for player in players for wish in player.wishes if wish.told is not None):
        found = answers[str(wish.claims.principal_id), wish.act.key]
        assert found.get("reversed", found) == wish.told, wish
    await mixture.sealed(pool)
    await mixture.holds(pool)
    assert await value(pool, "SELECT count(*) FROM app.transactions") == len(stored)


_NUMBERS: LiteralString = "SELECT tx_no FROM app.tx_registry"
_ANSWERS: LiteralString = """
SELECT principal_id, key, outcome || CASE outcome ->> 'outcome' WHEN 'accepted'
       THEN jsonb_strip_nulls(jsonb_build_object('tx_id', tx_id)) ELSE '{}' END
  FROM app.idempotency_registry
"""


# What the wait is for ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def asleep(server: EmbeddedPostgres) -> AsyncIterator[None]:
    """Stop whoever else would write the log to disk: now only a commit that waits does."""
    with psycopg.connect(with_database(server.superuser_url, DATABASE), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        helpers = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type IN ('walwriter', 'background writer', 'checkpointer')"
        ).fetchall()
    assert len(helpers) == 3
    for (pid,) in helpers:
        assert pid in processes_in(server.data)
        os.kill(pid, signal.SIGSTOP)
    yield


@pytest.mark.parametrize("waits", [True, False], ids=["waited for", "not waited for"])
async def test_answers_are_there_because_they_were_waited_for(
    server: EmbeddedPostgres, pool: Pool, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    """`settled` is what stands between an answer and its loss: without it every answer of this test is lost."""
    await build_shop(pool)
    till = await FakeTill(pool).pair()
    pass_id = till.sell_pass().pass_id
    await till.push()
    asked = [till.request(till.redemption(pass_id, ONLINE)) for _ in range(5)]
    if not waits:
        monkeypatch.setattr(requests, "settled", _nothing)
    async with asleep(server):
        told = [await till.ask(request) for request in asked]
        kill(server)
    assert [answer.uses_left for answer in told] == [9, 8, 7, 6, 5]
    monkeypatch.undo()
    await begin_again(server, pool)
    assert await _used(pool) == (5 if waits else 0)
    again = [await till.ask(request) for request in asked]
    assert [answer.uses_left for answer in again] == [9, 8, 7, 6, 5]
    assert await _used(pool) == 5
    await mixture.sealed(pool)
    await mixture.holds(pool)


async def _nothing(_: Any) -> None:
    """In place of waiting."""


async def _used(pool: Pool) -> int:
    found: int = await value(pool, "SELECT count(*) FROM app.pass_redemptions")
    return found
