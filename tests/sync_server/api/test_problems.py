"""What goes wrong behind the door: the database is gone, a bug; each a problem, none of them talkative."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest

from models.wire import PushRequest
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from sync_server.logs import JsonLines
from tests.sync_server import world
from tests.sync_server.api.conftest import running_server
from tests.sync_server.signer import problem, send


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DatabaseTrouble("database_unavailable"), 503, "database_unavailable"),
        (DatabaseTrouble("database_busy"), 503, "database_busy"),
        (RuntimeError("phone 13800136021"), 500, "server_error"),
    ],
)
def test_failure_behind_the_door(
    database: DatabaseUrls,
    keys: Keyring,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    code: str,
) -> None:
    async def fail(*_: Any) -> Any:
        raise error

    with running_server(database, keys, accept_push=fail) as running, caplog.at_level(logging.INFO):
        running.do(world.build)
        till = running.pair()
        response = send(running.address, till, "POST", "/v1/terminals/me/facts", PushRequest(1, (), None))
        found = problem(response)
    assert (found.status, found.code, found.data) == (status, code, {})
    assert ("retry-after" in response.headers) == (status == 503)
    lines = [JsonLines().format(record) for record in caplog.records]
    requests = [json.loads(line) for line in lines if '"event": "request"' in line]
    assert {"request_id": found.request_id, "problem": code, "terminal": "SZ1T01", "status": status}.items() <= (
        requests[-1].items()
    )
    assert "13800136021" not in "".join(lines)
    if status == 500:
        (trace,) = [json.loads(line) for line in lines if "request_failed" in line]
        assert (trace["request_id"], trace["error"]) == (found.request_id, "RuntimeError")
        assert any("test_problems.py" in frame for frame in trace["trace"])


def test_database_that_goes_away(database: DatabaseUrls, keys: Keyring) -> None:
    with running_server(database, keys) as running:

        async def close(pool: Any) -> None:
            await pool.close()

        running.do(close)
        found = problem(httpx.get(running.address + "/v1/health"))
        assert (found.status, found.code) == (503, "database_unavailable")
