"""The till holds the newest audit head of an epoch: signed, never going back; what is refused changes nothing."""

import base64
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import wire
from models.wire import SealHead, TillAlarm, seal_message
from pos_app.journal import identity, seals, tampering
from pos_app.sync import apply
from tests.pos_app.desk import EPOCH, KEY_ID, Desk


def head(desk: Desk, number: int, epoch: str = EPOCH, signer: Ed25519PrivateKey | None = None) -> SealHead:
    unsigned = SealHead(number, epoch, f"{number:064x}", KEY_ID, "", datetime(2026, 11, 21, 9, tzinfo=UTC))
    signature = (signer or desk.server_key).sign(seal_message(unsigned))
    return replace(unsigned, signature=base64.b64encode(signature).decode())


def take(desk: Desk, offered: SealHead | None, epoch: str = EPOCH) -> bool:
    return desk.journal.keep(lambda rows: seals.take(rows, offered, epoch))


def held(desk: Desk) -> SealHead | None:
    with desk.journal.reading() as rows:
        return seals.held(rows)


def alarms(desk: Desk) -> list[TillAlarm]:
    """What HQ is to be told."""
    with desk.journal.reading() as rows:
        return list(tampering.waiting(rows))


def test_a_newer_head_is_held(desk: Desk) -> None:
    assert held(desk) is None
    assert not take(desk, None)
    for number in (1, 2, 9):
        assert take(desk, head(desk, number))
        assert held(desk) == head(desk, number)
    assert take(desk, head(desk, 9))


def test_what_goes_back_is_refused_and_told(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    take(desk, head(desk, 5))
    other = replace(head(desk, 5), hash="ab" * 32)
    other = replace(other, signature=base64.b64encode(desk.server_key.sign(seal_message(other))).decode())
    for offered in (head(desk, 4), other):
        caplog.clear()
        assert not take(desk, offered)
        assert held(desk) == head(desk, 5)
        assert [record.levelno for record in caplog.records][:1] == [logging.ERROR]
        assert alarms(desk) == [TillAlarm("seal_refused", 5)]


def test_hq_hears_once_of_each_head_that_was_left_behind(desk: Desk) -> None:
    """Each answer brings the same; a till that holds another head says it again."""
    for number in (5, 8):
        take(desk, head(desk, number))
        for _ in range(2):
            assert not take(desk, head(desk, 4))
            told = alarms(desk)
            desk.journal.keep(lambda rows, told=told: tampering.told(rows, tuple(told)))  # type: ignore[misc]
        assert (told, alarms(desk)) == ([], [])
    with desk.journal.reading() as rows:
        assert identity.read_state(rows, "alarms_told") == [{"kind": "seal_refused", "seq": 8}]
        assert identity.read_state(rows, "fork") is None, "what HQ's books say is no fault of this journal"


def test_a_key_that_the_next_pull_brings_is_no_forgery(desk: Desk) -> None:
    assert not take(desk, replace(head(desk, 5), key_id="next year's"))
    assert alarms(desk) == []


def test_a_bad_signature_is_refused_and_told(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    take(desk, head(desk, 5))
    good = head(desk, 6)
    for offered in (
        head(desk, 6, signer=Ed25519PrivateKey.generate()),
        replace(good, seal_no=7),
        replace(good, hash="ab" * 32),
        replace(good, key_id="unknown"),
        replace(good, signature="not base64"),
        replace(good, sealed_at=datetime(2026, 11, 21, 10, tzinfo=UTC)),
        head(desk, 6, epoch="another epoch than the answer's"),
    ):
        caplog.clear()
        assert not take(desk, offered)
        assert held(desk) == head(desk, 5)
        assert [record.levelno for record in caplog.records][:1] == [logging.ERROR]
    assert alarms(desk) == [TillAlarm("seal_refused", 5)]


def test_a_new_epoch_may_begin_lower(desk: Desk) -> None:
    take(desk, head(desk, 5))
    assert take(desk, head(desk, 1, epoch="e2"), "e2")
    assert held(desk) == head(desk, 1, epoch="e2")


def test_answers_bring_it(desk: Desk) -> None:
    """A push's answer and a page of changes alike; it survives a restart, and nothing personal is in it."""
    now = datetime.now(UTC)
    request = wire.PushRequest(wire.PROTOCOL, (), None)
    apply.note_push(desk.journal, request, (), wire.PushAnswer((), 1, False, EPOCH, now, seal=head(desk, 1)))
    assert held(desk) == head(desk, 1)
    apply.apply_page(desk.journal, wire.ChangesAnswer("c1", False, EPOCH, now, (), 1, head(desk, 2)))
    assert held(desk) == head(desk, 2)
    assert desk.broken() == []
