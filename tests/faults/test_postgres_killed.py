"""kill -9 of Postgres inside a transaction, one session or all of it: the server starts it again by itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import psycopg
import pytest

from models.refusals import Refusal
from pos_app.sync.client import ServerClient
from pos_app.till.values import Done
from tests.faults.conftest import Beside, FaultyHouse, OpenTill, catch_up, work_alone
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.house import wait_for

Kill = Callable[[FaultyHouse, int], None]


def all_of_it(house: FaultyHouse, _: int) -> None:
    """The postmaster; its sessions notice and end."""
    os.kill(house.postmaster, signal.SIGKILL)


def its_session(_: FaultyHouse, backend: int) -> None:
    """One session; Postgres then restarts all of them and recovers."""
    os.kill(backend, signal.SIGKILL)


def by_the_operator(house: FaultyHouse, backend: int) -> None:
    """pg_terminate_backend: this session alone ends."""
    house.rows("SELECT pg_terminate_backend(%s)", backend)


PUSH = [
    ("entries", all_of_it),
    ("audit row", all_of_it),
    ("stored fact", its_session),
    ("chain head", by_the_operator),
    ("COMMIT of facts", all_of_it),
    ("COMMIT of facts", its_session),
    ("print report", all_of_it),
]
REQUEST = [
    ("entries", its_session),
    ("audit row", by_the_operator),
    ("stored answer", all_of_it),
    ("stored answer", its_session),
    ("COMMIT of an answer", all_of_it),
]


def names(cases: list[tuple[str, Kill]]) -> list[str]:
    """Readable test ids."""
    return [f"{point}, {kill.__name__}" for point, kill in cases]


def is_back(house: FaultyHouse) -> bool:
    """Whether the database takes logins again."""
    try:
        return house.rows("SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


@pytest.mark.parametrize(("point", "kill"), PUSH, ids=names(PUSH))
def test_while_facts_are_posted(house: FaultyHouse, open_till: OpenTill, point: str, kill: Kill) -> None:
    till = open_till().begin()
    person = house.member()
    till.sync()
    work_alone(till, person)
    postmaster = house.postmaster
    with house.blocked(point) as waiting:
        till.app.start_background()
        kill(house, waiting.wait_for_backend())
    wait_for(lambda: is_back(house), "Postgres is back")
    catch_up(till)
    assert (house.running, house.postmaster != postmaster) == (True, kill is all_of_it)
    assert {item.state for item in till.recorded} == {"accepted"}
    all_is_well(house, till)


@pytest.mark.parametrize(("point", "kill"), REQUEST, ids=names(REQUEST))
def test_while_a_use_is_asked_for(house: FaultyHouse, open_till: OpenTill, point: str, kill: Kill) -> None:
    """The till hears yes, or nothing; then it gives nothing without a signed code. The ledger agrees either way."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    view = till.member(person)
    with house.blocked(point) as waiting:
        asked = Beside(lambda: till.redeem(view, shop.TEN))
        kill(house, waiting.wait_for_backend())
    try:
        done = asked.result()
        assert isinstance(done, Done)
        outcome, left = done.evidence, 2
    except Refusal as refusal:
        outcome, left = refusal.code, 3
    assert outcome in ("online", "offline_needs_signed_code")
    wait_for(lambda: is_back(house), "Postgres is back")
    till.app.start_background()
    catch_up(till)
    assert house.running
    assert house.uses_left(person.passes[shop.TEN]) == left
    all_is_well(house, till)


@pytest.mark.parametrize("exchange", ["push", "ask"])
def test_what_was_answered_is_durable(
    house: FaultyHouse, open_till: OpenTill, monkeypatch: pytest.MonkeyPatch, exchange: str
) -> None:
    """Postgres dies the moment its answer has arrived: what the till was told is true for ever."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    if exchange == "ask":
        till.sync()
    speak = getattr(ServerClient, exchange)

    def deadly(client: ServerClient, *asked: object) -> object:
        answer = speak(client, *asked)
        os.kill(house.postmaster, signal.SIGKILL)
        return answer

    monkeypatch.setattr(ServerClient, exchange, deadly)
    if exchange == "push":
        till.app.sync.cycle()
        assert not till.pending
    else:
        assert till.redeem(till.member(person), shop.TEN).evidence == "online"
    monkeypatch.setattr(ServerClient, exchange, speak)
    wait_for(lambda: is_back(house), "Postgres is back")
    till.app.start_background()
    catch_up(till)
    assert house.uses_left(person.passes[shop.TEN]) == (3 if exchange == "push" else 2)
    all_is_well(house, till)
