"""The gate: a bound on all work, and turns for those that hand in, which come in order, in time, or not at all."""

from __future__ import annotations

import asyncio

import pytest

from sync_server.api import gate
from sync_server.api.gate import Gate
from sync_server.api.problems import HttpTrouble

pytestmark = pytest.mark.anyio


async def test_turns_come_in_order(anyio_backend: str) -> None:
    """Few work at once; those behind get their turn in the order in which they came."""
    assert anyio_backend == "asyncio"
    found, at_once, most = list[int](), 0, 0
    one = Gate(100, intakes=2)

    async def hand_in(number: int) -> None:
        nonlocal at_once, most
        async with one.turn():
            at_once += 1
            most = max(most, at_once)
            found.append(number)
            await asyncio.sleep(0)
            at_once -= 1

    await asyncio.gather(*(hand_in(number) for number in range(10)))
    assert (found, most) == (list(range(10)), 2)


async def test_no_turn_in_time(anyio_backend: str) -> None:
    """Who waited in vain is told to come back, and leaves the line; a turn that is over goes to the next."""
    assert anyio_backend == "asyncio"
    one = Gate(100, intakes=1, turn_seconds=0.01)
    async with one.turn():
        for _ in range(3):
            with pytest.raises(HttpTrouble, match="server_busy"):
                async with one.turn():
                    pytest.fail("two at once")
        with one.work():  # others are not kept out
            pass
    async with one.turn():
        pass


async def test_line_is_bounded(anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert anyio_backend == "asyncio"
    monkeypatch.setattr(gate, "LINE", 1)
    one, over = Gate(100, intakes=1), asyncio.Event()

    async def hand_in() -> None:
        async with one.turn():
            await over.wait()

    first, second = asyncio.create_task(hand_in()), asyncio.create_task(hand_in())
    await asyncio.sleep(0)
    with pytest.raises(HttpTrouble, match="server_busy"):
        async with one.turn():
            pytest.fail("a line without a bound")
    over.set()
    await asyncio.gather(first, second)
