"""A schedule goes on whatever its work does, says a failure once, and ends cleanly."""

from __future__ import annotations

import asyncio
import logging

import pytest

from sync_server.database.errors import DatabaseTrouble
from sync_server.jobs import schedule
from sync_server.jobs.schedule import repeating

pytestmark = pytest.mark.anyio


class Work:
    """Fails as told; counts its runs and how many are at it."""

    def __init__(self, *failures: Exception | None) -> None:
        self.failures = list(failures)
        self.runs = 0
        self.at_it = 0
        self.most = 0

    async def __call__(self) -> None:
        self.runs += 1
        self.at_it += 1
        self.most = max(self.most, self.at_it)
        try:
            await asyncio.sleep(0.005)
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None:
                raise failure
        finally:
            self.at_it -= 1


async def until(work: Work, runs: int) -> None:
    async with asyncio.timeout(5):
        while work.runs < runs:
            await asyncio.sleep(0.002)


async def test_it_runs_at_once_and_again_never_twice_at_a_time() -> None:
    work = Work()
    async with repeating("work", work, 0.001):
        await until(work, 4)
    done = work.runs
    await asyncio.sleep(0.03)
    assert (work.runs, work.most, work.at_it) == (done, 1, 0)


async def test_a_failure_is_said_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    trouble = DatabaseTrouble("database_unavailable")
    work = Work(None, trouble, trouble, RuntimeError("a bug"), None, None)
    async with repeating("work", work, 60, retry_seconds=0.001):
        await until(work, 1)
        assert caplog.messages == []
    work = Work(trouble, trouble, RuntimeError("a bug"), None)
    async with repeating("work", work, 60, retry_seconds=0.001):
        await until(work, 4)
        await asyncio.sleep(0.03)
    assert work.runs == 4
    assert caplog.messages == ["job_failed", "job_works_again"]


async def test_a_bug_is_logged_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    async with repeating("work", Work(RuntimeError("a bug")), 60):
        await asyncio.sleep(0.03)
    (record,) = caplog.records
    assert (record.message, record.levelname) == ("job_failed", "ERROR")
    assert record.exc_info is not None


async def test_once_more_at_the_end() -> None:
    work = Work()
    async with repeating("work", work, 60, once_more=True):
        await until(work, 1)
    assert work.runs == 2


async def test_work_that_hangs_is_cut_short(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(schedule, "LAST_SECONDS", 0.05)
    cut = []

    async def hang() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cut.append(True)

    async with repeating("hang", hang, 60, once_more=True):
        await asyncio.sleep(0.01)
    assert cut == [True]
    assert caplog.messages == ["job_cut_short"]
