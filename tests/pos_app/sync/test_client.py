"""The client: what it signs, and that no answer can make it stumble."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from models import wire
from models.refusals import Refusal
from pos_app.sync.errors import ServerUnavailable
from pos_app.ui.messages import explain
from pos_app.ui.phrases import Phrases
from tests.pos_app.desk import NOON, uid
from tests.pos_app.sync import double as odd
from tests.pos_app.sync.conftest import Link


def asked() -> wire.ActionRequest:
    """An online request."""
    redeem = wire.RedeemAsked(uid(1), uid(2), uid(3), "2026-11-20", (), 0, "CNY", (), NOON)
    return wire.ActionRequest(wire.PROTOCOL, uid(9), redeem)


def introduced() -> wire.PairRequest:
    """A till that is new."""
    return wire.PairRequest(wire.PROTOCOL, "CODE", "a2V5", "test", "0")


def test_requests_are_signed_over_body_and_target(link: Link) -> None:
    """The double verifies each signature with the library's own verifier before it answers."""
    assert link.client.changes("c 1/ü").cursor == "c 1/ü"
    assert link.client.ask(asked(), 5.0) is not None
    pull, action = link.double.seen
    assert 'keyid="0198a000-0000-7000-8000-0000000000d1"' in pull.headers["signature-input"]
    assert pull.headers["content-digest"].startswith("sha-256=:47DEQpj8HBSa")
    assert action.headers["content-encoding"] == "gzip"
    assert len(link.double.nonces) == 2


def test_server_time_is_learnt(link: Link) -> None:
    link.double.clock_offset_seconds = 7200
    link.client.health()
    assert abs((link.clock.now() - datetime.now(UTC)).total_seconds() - 7200) < 2
    assert link.clock.standing().age_seconds == 0


@pytest.mark.parametrize("skew", [86_400, -86_400, 301, 400 * 86_400])
def test_a_wrong_clock_corrects_itself_and_tries_once_more(link: Link, skew: int) -> None:
    link.double.clock_offset_seconds = skew
    assert link.client.changes("").cursor == "c0"
    assert len(link.double.seen) == 2
    assert link.client.changes("").cursor == "c0"
    assert len(link.double.seen) == 3, "corrected once and for all"


def test_only_once(link: Link) -> None:
    link.double.then(*[odd.problem(401, "request_expired")] * 5)
    with pytest.raises(Refusal) as error:
        link.client.changes("")
    assert error.value.code == "request_expired"
    assert len(link.double.seen) == 2
    assert link.client.reachable


def test_each_try_has_its_own_nonce(link: Link) -> None:
    link.double.then(odd.problem(401, "request_replayed"))
    link.client.changes("")
    first, second = (seen.headers["signature-input"] for seen in link.double.seen)
    assert first != second


ODD: dict[str, tuple[Any, str]] = {
    "hung up": (odd.hangs_up, "connection"),
    "503": (odd.says(503, b"busy"), "status 503"),
    "500 problem": (odd.problem(500, "request_malformed"), "status 500"),
    "portal": (odd.says(200, b"<html>Please accept our terms</html>"), "not our server"),
    "portal redirect": (odd.says(302, b"", Location="http://portal.example/"), "status 302"),
    "empty": (odd.says(200), "not our server"),
    "nothing": (odd.says(204), "status 204"),
    "not found": (odd.says(404, b"nginx"), "status 404"),
    "binary": (odd.says(200, bytes(range(256)) * 10), "not our server"),
    "other json": (odd.says(200, b'{"ok":true}', "application/json"), "not our server"),
    "deep json": (odd.says(200, b"[" * 100_000, "application/json"), "not our server"),
    "unknown code": (odd.says(400, b'{"type":"about:blank"}', "application/problem+json"), "status 400"),
    "lying gzip": (odd.says(200, b"not gzip", "application/json", Content_Encoding="gzip"), "connection"),
    "half": (odd.cuts_at(20), "connection"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_are_no_answer(link: Link, name: str) -> None:
    act, reason = ODD[name]
    link.client.health()
    link.double.then(act)
    with pytest.raises(ServerUnavailable) as error:
        link.client.changes("")
    assert error.value.data["reason"] == reason
    assert not link.client.reachable
    link.double.then(act)
    assert link.client.ask(asked(), 5.0) is None
    assert link.client.changes("").cursor == "c0", "the next answer counts again"
    assert link.client.reachable


@pytest.mark.parametrize("cut", range(0, 110, 7))
def test_an_answer_cut_at_any_byte(link: Link, cut: int) -> None:
    link.double.then(odd.cuts_at(cut))
    with pytest.raises(ServerUnavailable):
        link.client.changes("")


@pytest.mark.parametrize("slow", [odd.waits(2.0), odd.drips])
def test_a_slow_answer_is_not_waited_for(link: Link, slow: Any) -> None:
    link.double.then(slow)
    began = time.monotonic()
    assert link.client.ask(asked(), 0.3) is None
    assert time.monotonic() - began < 1.0
    assert not link.client.reachable


def test_a_server_without_tls_is_told_apart_from_none(link: Link) -> None:
    address = link.double.address.replace("http://", "https://")
    with pytest.raises(ServerUnavailable) as told:
        link.client.pair(address, introduced(), link.desk.journal.keys.private_key())
    assert told.value.data["reason"] == "tls"
    say = Phrases("en", "Asia/Shanghai", "CNY")
    assert explain(told.value, say, "pair").title == say("trouble.server_unreachable.tls")
    assert explain(ServerUnavailable(reason="status 404"), say).title == say("trouble.server_unreachable.other")
    assert explain(ServerUnavailable(reason="status 503"), say).title == say("trouble.server_unreachable")


def test_a_preview_that_does_not_come_says_nothing_about_the_line(link: Link) -> None:
    found = link.client.preview(asked(), 5.0)
    assert found is not None
    assert found.request_id == asked().request_id
    assert link.double.seen[-1].path == "/v1/terminals/me/previews"
    assert link.client.changes("").cursor == "c0"
    link.double.previews = False
    assert link.client.preview(asked(), 5.0) is None
    assert link.client.reachable, "an older server answers what it knows"
    link.double.then(odd.problem(403, "request_malformed"))
    assert link.client.preview(asked(), 5.0) is None
    link.double.then(odd.waits(1.0))
    assert link.client.preview(asked(), 0.2) is None


def test_nobody_there(link: Link) -> None:
    link.double._server.server_close()
    began = time.monotonic()
    assert link.client.ask(asked(), 1.5) is None
    with pytest.raises(ServerUnavailable):
        link.client.health()
    assert time.monotonic() - began < 3


def test_endless_answers_are_cut_off(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    from pos_app.sync import client  # noqa: PLC0415

    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", 10_000)
    link.double.then(odd.says(200, b" " * 200_000))
    with pytest.raises(ServerUnavailable) as error:
        link.client.changes("")
    assert error.value.data["reason"] == "answer too large"


def test_an_answer_to_another_question_does_not_count(link: Link) -> None:
    other = wire.ActionAnswer(uid(8), "accepted", None, {}, 3, "HX1", NOON)
    from models import codec  # noqa: PLC0415

    link.double.then(odd.says(200, codec.encode(other), "application/json"))
    assert link.client.ask(asked(), 5.0) is None
    strange = wire.ActionAnswer(uid(9), "perhaps", None, {}, 3, "HX1", NOON)
    link.double.then(odd.says(200, codec.encode(strange), "application/json"))
    assert link.client.ask(asked(), 5.0) is None


def test_hanging_up_cuts_nobody_off_who_is_being_answered(link: Link) -> None:
    """The background begins with fresh connections while a cashier waits for the ledger."""
    heard, goes_on = threading.Event(), threading.Event()

    def slowly(_: odd.Handler) -> bool:
        heard.set()
        goes_on.wait(10)
        return False

    link.double.then(slowly)
    with ThreadPoolExecutor(1) as cashier:
        answer = cashier.submit(link.client.ask, asked(), 20.0)
        assert heard.wait(10)
        before = link.client._line
        link.client.hang_up()
        assert not before.http.is_closed
        goes_on.set()
        assert answer.result(20) is not None
    assert link.client.ask(asked(), 5.0) is not None
    assert before.http.is_closed
    assert not link.client._line.http.is_closed


def test_a_meant_no_is_a_refusal(link: Link) -> None:
    link.double.then(odd.problem(403, "terminal_revoked"), odd.problem(429, "pairing_throttled", Retry_After="7"))
    with pytest.raises(Refusal) as error:
        link.client.ask(asked(), 5.0)
    assert error.value.code == "terminal_revoked"
    with pytest.raises(Refusal) as error:
        link.client.changes("")
    assert (error.value.code, error.value.data["retry_after_seconds"]) == ("pairing_throttled", 7)


@pytest.mark.parametrize(("header", "seconds"), [("9", 9.0), ("99999", 600.0), ("-1", 0.0), ("soon", 0.0)])
def test_retry_after_is_heard(link: Link, header: str, seconds: float) -> None:
    link.double.then(odd.says(503, b"", Retry_After=header))
    with pytest.raises(ServerUnavailable) as error:
        link.client.health()
    assert error.value.retry_after_seconds == seconds


def test_pairing_is_signed_with_the_key_it_brings(link: Link) -> None:
    answer = wire.PairAnswer(uid(1), "SZ1T09", link.desk.store, (), "e1", NOON)
    from models import codec  # noqa: PLC0415

    link.double.then(odd.says(200, codec.encode(answer), "application/json"))
    assert link.client.pair(link.double.address, introduced(), link.desk.journal.keys.private_key()) == answer
    assert 'keyid="pair"' in link.double.seen[0].headers["signature-input"]
    assert "content-encoding" not in link.double.seen[0].headers
