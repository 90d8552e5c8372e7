"""Connections cut at any byte, deliveries repeated and out of order, a server that is too busy: all of it converges.

A run cuts at a sample of the bytes of one exchange; FAULTS_FULL=1 cuts at every one.
"""

from __future__ import annotations

import os
import random
import socket

import pytest

from models import wire
from models.facts import PassRedeemed
from models.refusals import Refusal
from pos_app.sync.client import ServerClient
from pos_app.sync.errors import ServerUnavailable
from pos_app.sync.signing import signed_head
from tests.faults.conftest import Beside, FaultyHouse, OpenTill, catch_up, work_alone
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.proxy import DOWN, UP
from tests.flows.till import Counter

SAMPLE = 12
SEED = int(os.environ.get("FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
"""Where a run cuts; FAULTS_SEED cuts at the same places again (of exchanges of the same length)."""


def places(count: int) -> list[int]:
    """The bytes of an exchange at which a run cuts: the ends always, the rest by chance; a failing test shows them."""
    if os.environ.get("FAULTS_FULL") == "1":
        return list(range(count))
    sample = random.Random(SEED).sample(range(count), min(SAMPLE, count))
    found = sorted({0, 1, count - 2, count - 1, *sample})
    print(f"FAULTS_SEED={SEED}: cut at {found} of {count} bytes")
    return found


def measured(till: Counter) -> dict[str, int]:
    """How many bytes one round with one new fact carries in each direction."""
    till.sell()
    till.network.count_anew()
    till.sync()
    return till.network.bytes


@pytest.mark.parametrize("direction", [UP, DOWN])
@pytest.mark.timeout(3600 if os.environ.get("FAULTS_FULL") == "1" else 120)
def test_round_cut_at_a_byte(house: FaultyHouse, open_till: OpenTill, direction: str) -> None:
    """Push and pull on one connection, cut at each place: the next round brings the rest, each fact once."""
    till = open_till().begin()
    till.sync()
    cuts = places(measured(till)[direction])
    for count in cuts:
        till.sell()
        till.network.cut_after(direction, count)
        till.app.sync.cycle()
        till.network.never_mind()
        till.sync()
    assert till.network.cuts > 0.75 * len(cuts), "lengths differ by a few bytes from round to round, no more"
    assert {item.state for item in till.recorded} == {"accepted"}
    all_is_well(house, till)


@pytest.mark.parametrize("direction", [UP, DOWN])
@pytest.mark.timeout(3600 if os.environ.get("FAULTS_FULL") == "1" else 120)
def test_request_cut_at_a_byte(house: FaultyHouse, open_till: OpenTill, direction: str) -> None:
    """A use asked for, cut at each place: given and counted once, or not given and not counted."""
    till = open_till().begin()
    person = house.member({shop.TEN: 2000})
    till.sync()
    till.network.count_anew()
    given = 1 if till.redeem(till.member(person), shop.TEN).uses_left == 1999 else 0
    cuts = places(till.network.bytes[direction])
    for count in cuts:
        till.network.cut_after(direction, count)
        try:
            till.redeem(till.member(person), shop.TEN)
            given += 1
        except Refusal as refusal:
            if refusal.code != "offline_needs_signed_code":
                raise
        till.network.never_mind()
        till.sync()
    assert till.network.cuts > 0.75 * len(cuts), "lengths differ by a few bytes from use to use, no more"
    assert house.uses_left(person.passes[shop.TEN]) == 2000 - given
    assert sum(isinstance(item.fact.body, PassRedeemed) for item in till.recorded) == given
    all_is_well(house, till)


@pytest.mark.req("R091", "R113")
def test_deliveries_repeated_and_out_of_order(
    house: FaultyHouse, open_till: OpenTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every push comes three times, the later ones first; each fact has one effect and one outcome."""
    monkeypatch.setattr(wire, "MAX_FACTS_PER_PUSH", 2)
    till = open_till().begin()
    person = house.member()
    till.sync()
    work_alone(till, person)
    sent: list[wire.PushRequest] = []
    ran_ahead = 0
    push = ServerClient.push

    def crooked(client: ServerClient, request: wire.PushRequest) -> wire.PushAnswer:
        nonlocal ran_ahead
        for later in _batches(till):
            assert push(client, later).gap, "what runs ahead is a gap"
            ran_ahead += 1
        first = push(client, request)
        sent.append(request)
        for earlier in reversed(sent):
            again = push(client, earlier)
            assert {result.outcome for result in again.results} <= {"already_known"}
            assert not again.gap
        return first

    monkeypatch.setattr(ServerClient, "push", crooked)
    till.sync()
    assert len(sent) >= 3
    assert ran_ahead >= 2
    all_is_well(house, till)


def _batches(till: Counter) -> list[wire.PushRequest]:
    """What the till would send after its next two facts, signed by it."""
    waiting = [item for item in till.recorded if item.state == "pending"][2:]
    if not waiting:
        return []
    last, journal = waiting[-1], till.till.journal
    head = signed_head(journal.require_identity().terminal_id, last.seq, last.hash, journal.keys.private_key())
    return [wire.PushRequest(wire.PROTOCOL, tuple(item.data.decode() for item in waiting), head)]


def _whole_answer(stranger: socket.socket) -> bytes:
    """Head and body: the two may arrive in separate packets."""
    stream = stranger.makefile("rb")
    head = b"".join(iter(stream.readline, b"\r\n"))
    length = next(line for line in head.splitlines() if line.lower().startswith(b"content-length:"))
    return head + stream.read(int(length.split(b":")[1]))


def test_bytes_replayed_by_a_stranger(house: FaultyHouse, open_till: OpenTill) -> None:
    """Somebody on the network sends a till's own bytes again: refused as a replay, and nothing happens twice."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.record()
    till.redeem(till.member(person), shop.TEN)
    overheard = till.network.overheard()
    assert b"POST /v1/terminals/me/requests" in overheard
    with socket.create_connection(("127.0.0.1", house.port), timeout=20) as stranger:
        stranger.sendall(overheard)
        answer = _whole_answer(stranger)
    assert answer.startswith(b"HTTP/1.1 401")
    assert b"request_replayed" in answer
    till.sync()
    assert house.uses_left(person.passes[shop.TEN]) == 2
    all_is_well(house, till)


def test_busy_server_asks_for_patience(house: FaultyHouse, open_till: OpenTill) -> None:
    """503 with Retry-After: the till waits as long as it was asked, goes on selling, and hands in afterwards."""
    one, other = open_till().begin(), open_till().begin()
    house.stop()
    house.run(gate=1)
    one.sync()
    other.sync()
    one.sell()
    other.sell()
    with house.blocked("stored fact") as point:
        push = Beside(one.sync)
        point.wait_for_backend()
        with pytest.raises(ServerUnavailable) as busy:
            other.app.sync._client.changes("")
        assert busy.value.data == {"reason": "status 503", "retry_after_seconds": 1.0}
        assert other.app.sync.cycle().due_seconds >= 1.0
        sold = other.sell()
    push.result()
    other.app.start_background()
    catch_up(other)
    assert other.fact(sold).state == "accepted"
    all_is_well(house, one, other)
    house.stop()  # the next test starts one that takes more
