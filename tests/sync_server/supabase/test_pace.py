"""How often one caller may call functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sync_server.database.engine import Claims
from sync_server.supabase.pace import CALLS_A_MINUTE, Pace
from tests.sync_server.supabase.conftest import Clients

NOW = datetime(2026, 11, 22, 10, 0, 15, tzinfo=UTC)
ME, OTHER, STAFF = Claims(UUID(int=1), "member"), Claims(UUID(int=2), "member"), Claims(UUID(int=3), "staff")


def test_a_minute_of_calls() -> None:
    pace, most = Pace(), CALLS_A_MINUTE["member"]
    assert {pace.wait_seconds(ME, NOW) for _ in range(most)} == {0}
    assert pace.wait_seconds(ME, NOW) == 45
    assert pace.wait_seconds(OTHER, NOW) == 0
    assert {pace.wait_seconds(STAFF, NOW) for _ in range(2 * most)} == {0}
    assert pace.wait_seconds(ME, NOW + timedelta(seconds=44)) == 1
    assert pace.wait_seconds(ME, NOW + timedelta(seconds=45)) == 0


def test_whoever_calls_without_end_is_told_to_wait(clients: Clients) -> None:
    with clients.http(clients.anonymous()["access_token"]) as client:
        for _ in range(2 * CALLS_A_MINUTE["member"] + 2):  # a new minute may begin in between
            asked = {"p_card_no": "E1", "p_member_no": "880010"}
            answer = client.post("/rest/v1/rpc/enterprise_remove_member", json=asked)
            if answer.status_code == 429:
                break
            assert answer.json()["code"] == "P0001"
        assert (answer.status_code, answer.json()["message"]) == (429, "API rate limit exceeded")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert client.get("/rest/v1/personal_cards").status_code == 200
