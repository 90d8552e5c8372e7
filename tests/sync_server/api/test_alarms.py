"""What is wrong at the door becomes an alarm at HQ: grouped, counted, audited, and bounded whoever floods it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from models.refusals import Refusal
from models.wire import (
    ALARMS_OF_THE_JOURNAL,
    MAX_TILL_ALARMS,
    PROTOCOL,
    TILL_ALARMS,
    AlarmsAnswer,
    ChangesAnswer,
    PushAnswer,
    PushRequest,
    TillAlarm,
    TillAlarms,
)
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet import terminals
from sync_server.fleet.alarms import DoorAlarms
from sync_server.intake.held import act_of
from sync_server.keys import Keyring
from tests.flows.house import wait_for
from tests.sync_server import world
from tests.sync_server.api.conftest import Running, running_server
from tests.sync_server.api.test_terminals import write
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.signer import Signer, answer, problem, send
from tests.sync_server.till import as_owner, rows, value

PULL, TOLD = "/v1/terminals/me/changes", "/v1/terminals/me/alarms"


@pytest.fixture
def clock() -> list[float]:
    """The alarms' own clock, in seconds."""
    return [1000.0]


@pytest.fixture
def running(database: DatabaseUrls, keys: Keyring, clock: list[float]) -> Iterator[Running]:
    """A server whose alarms follow the test's clock."""
    with running_server(database, keys, alarms=DoorAlarms(lambda: clock[0])) as found:
        found.do(world.build)
        yield found


def open_alarms(running: Running) -> list[tuple[str, str | None, int]]:
    """(kind, terminal, count) of each open alarm, once all is written."""
    running.do(running.rooms.alarms.flush)
    query = """SELECT a.kind, t.code, a.count::int FROM app.alarms AS a
                 LEFT JOIN app.terminals AS t ON t.terminal_id = a.principal_id
                WHERE a.closed_at IS NULL ORDER BY 1, 2"""
    return [(row[0], row[1], row[2]) for row in running.do(lambda pool: rows(pool, query))]


def codes(responses: Sequence[httpx.Response]) -> set[str]:
    return {problem(response).code for response in responses}


def test_forged_replayed_and_unknown_requests_are_alarms(running: Running) -> None:
    till = running.pair()
    headers = till.headers("GET", PULL, b"")
    for _ in range(3):
        httpx.get(running.address + PULL, headers=headers)
    forged = send(running.address, replace(till, private=Signer().private), "GET", PULL)
    unknown = send(running.address, replace(till, key_id="0c000000-0000-7000-8000-00000000ffff"), "GET", PULL)
    bare = httpx.get(running.address + PULL)
    assert codes([forged, unknown, bare]) == {"signature_invalid", "key_unknown", "signature_missing"}
    assert open_alarms(running) == [
        ("key_unknown", None, 1), ("request_replayed", "SZ1T01", 2), ("signature_invalid", "SZ1T01", 1),
        ("signature_missing", None, 1),
    ]  # fmt: skip
    assert answer(send(running.address, till, "GET", PULL), ChangesAnswer).epoch


def test_a_flood_is_one_row_and_few_audit_rows(running: Running, clock: list[float]) -> None:
    stranger = Signer("0c000000-0000-7000-8000-00000000ffff")
    with httpx.Client(base_url=running.address) as client:
        for number in range(120):
            assert client.get(PULL, headers=stranger.headers("GET", PULL, b"")).status_code == 401
            clock[0] += 2.0 if number % 10 == 0 else 0.0
    assert open_alarms(running) == [("key_unknown", None, 120)]
    audited = "SELECT data ->> 'count' FROM audit.event_log WHERE event = 'key_unknown' ORDER BY recorded_at"
    counts = [int(row[0]) for row in running.do(lambda pool: rows(pool, audited))]
    assert counts[0] == 1
    assert len(counts) == 3
    assert 10 <= counts[1] < 100 <= counts[2]


def test_a_clock_that_corrects_itself_is_no_alarm_and_one_that_does_not_is(running: Running) -> None:
    honest, wrong = running.pair(), running.pair("SZ1T02")
    for _ in range(5):
        assert codes([send(running.address, replace(honest, skew_seconds=900), "GET", PULL)]) == {"request_expired"}
        assert send(running.address, honest, "GET", PULL).status_code == 200
    assert open_alarms(running) == []
    for _ in range(4):
        assert codes([send(running.address, replace(wrong, skew_seconds=-900), "GET", PULL)]) == {"request_expired"}
    assert open_alarms(running) == [("clock_skewed", "SZ1T02", 2)]


def test_a_revoked_key_that_is_used_is_an_alarm_with_its_source(running: Running) -> None:
    till = running.pair()
    running.do(lambda pool: terminals.revoke(pool, OPERATOR, act_of("k"), till.key_id, "stolen"))
    assert codes([send(running.address, till, "GET", PULL)]) == {"terminal_revoked"}
    assert open_alarms(running) == [("revoked_key_used", "SZ1T01", 1)]
    source = "SELECT data ->> 'source' FROM app.alarms"
    assert running.do(lambda pool: value(pool, source)) == "127.0.0.1"
    sealed = "SELECT string_agg(data::text, '') FROM audit.event_log"
    assert "127.0.0.1" not in running.do(lambda pool: value(pool, sealed)), "an address is not kept for ever"


def test_a_long_poll_ends_when_its_till_is_revoked(running: Running) -> None:
    """It hears nothing of what changes afterwards."""
    till = running.pair()
    cursor = answer(send(running.address, till, "GET", PULL), ChangesAnswer).cursor
    with ThreadPoolExecutor(1) as beside:
        poll = beside.submit(send, running.address, till, "GET", f"{PULL}?after={cursor}&wait=20")
        wait_for(lambda: running.rooms.watcher._waiting, "the poll waits")
        running.do(lambda pool: terminals.revoke(pool, OPERATOR, act_of("k"), till.key_id, "stolen"))
        write(running, world.category())
        assert codes([poll.result(30)]) == {"terminal_revoked"}
        assert problem(poll.result()).data["revocation"]["terminal_id"] == till.key_id, "proved there too"
    assert codes([send(running.address, till, "GET", f"{PULL}?after={cursor}&wait=1")]) == {"terminal_revoked"}


def test_a_revoked_key_that_hands_in_without_end_is_an_alarm_that_counts(database: DatabaseUrls, keys: Keyring) -> None:
    async def full(*_: object) -> PushAnswer:
        raise Refusal("revoked_queue_full", {"limit_facts": 1, "limit_bytes": 1})

    with running_server(database, keys, accept_push=full) as found:
        found.do(world.build)
        till = found.pair()
        empty = PushRequest(PROTOCOL, (), None)
        said = [send(found.address, till, "POST", "/v1/terminals/me/facts", empty) for _ in range(2)]
        assert ({one.status_code for one in said}, codes(said)) == ({403}, {"revoked_queue_full"})
        assert open_alarms(found) == [("revoked_queue_full", "SZ1T01", 2)]


def test_what_a_till_says_of_its_own_records_is_an_alarm_and_stops_risk(running: Running) -> None:
    till, other = running.pair(), running.pair("SZ1T02")
    told = TillAlarms(PROTOCOL, (TillAlarm("journal_edited", 7), TillAlarm("policy_forged", 0)))
    assert answer(send(running.address, till, "POST", TOLD, told), AlarmsAnswer).server_time
    told = TillAlarms(PROTOCOL, (TillAlarm("policy_forged", 0),))
    assert answer(send(running.address, other, "POST", TOLD, told), AlarmsAnswer).server_time
    assert open_alarms(running) == [
        ("journal_edited", "SZ1T01", 1), ("policy_forged", "SZ1T01", 1), ("policy_forged", "SZ1T02", 1)
    ]  # fmt: skip
    forked = "SELECT count(*) FROM app.terminal_heads WHERE forked_at IS NOT NULL AND terminal_id::text = %s"
    assert running.do(lambda pool: value(pool, forked, till.key_id)) == 1
    assert running.do(lambda pool: value(pool, forked, other.key_id)) == 0


def test_the_ledger_knows_each_alarm_of_a_till_and_which_of_them_stop_risk(
    running: Running, database: DatabaseUrls
) -> None:
    till, other = running.pair(), running.pair("SZ1T02")
    left = [kind for kind in TILL_ALARMS if kind not in ALARMS_OF_THE_JOURNAL]
    for number, kind in enumerate(ALARMS_OF_THE_JOURNAL):
        with as_owner(database) as owner:
            owner.execute("UPDATE app.terminal_heads SET forked_at = NULL")
        told = TillAlarms(PROTOCOL, (TillAlarm(kind, number),))
        assert answer(send(running.address, till, "POST", TOLD, told), AlarmsAnswer).server_time
        assert running.do(lambda pool: value(pool, "SELECT count(forked_at) FROM app.terminal_heads")) == 1, kind
    told = TillAlarms(PROTOCOL, tuple(TillAlarm(kind, 1) for kind in left))
    assert answer(send(running.address, other, "POST", TOLD, told), AlarmsAnswer).server_time
    assert running.do(lambda pool: value(pool, "SELECT count(*) FROM app.terminal_heads")) == 1
    assert {kind for kind, _, _ in open_alarms(running)} == set(TILL_ALARMS)


@pytest.mark.parametrize(
    "told",
    [
        (TillAlarm("everything", 1),),
        (TillAlarm("journal_edited", -1),),
        (TillAlarm("journal_edited", 1),) * (MAX_TILL_ALARMS + 1),
    ],
)
def test_alarms_that_nobody_knows_are_refused(running: Running, told: tuple[TillAlarm, ...]) -> None:
    till = running.pair()
    found = problem(send(running.address, till, "POST", TOLD, TillAlarms(PROTOCOL, told)))
    assert (found.code, found.data) == ("request_malformed", {"pointer": "/alarms"})
    assert open_alarms(running) == []
