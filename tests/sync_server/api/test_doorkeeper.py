"""Who gets in: every way a signature can fail has its own code, over real HTTP."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest

from models import codec
from models.wire import ChangesAnswer, Problem, Revocation, revocation_message
from sync_server.fleet import terminals
from sync_server.intake.held import act_of
from tests.sync_server import world
from tests.sync_server.api.conftest import Running
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.signer import COMPONENTS, Signer, answer, digest, problem, send

PULL = "/v1/terminals/me/changes"


@pytest.fixture(scope="module")
def running(shared: Running) -> Running:
    """One server for all of these tests."""
    return shared


@pytest.fixture(scope="module")
def till(running: Running) -> Signer:
    """The paired terminal SZ1T01."""
    return running.pair()


def get(running: Running, headers: Mapping[str, str], target: str = PULL) -> httpx.Response:
    return httpx.get(running.address + target, headers=headers, timeout=10)


def test_signed_request_is_let_in(running: Running, till: Signer) -> None:
    response = send(running.address, till, "GET", PULL)
    assert answer(response, ChangesAnswer).epoch
    assert len(response.headers["x-request-id"]) == 16


def test_unsigned(running: Running, till: Signer) -> None:
    for left_out in ("Signature", "Signature-Input"):
        headers = till.headers("GET", PULL, b"")
        del headers[left_out]
        found = problem(get(running, headers))
        assert (found.status, found.code) == (401, "signature_missing")
        assert abs(found.server_time.timestamp() - time.time()) < 5


def test_signature_input_that_says_nothing(running: Running, till: Signer) -> None:
    for value in (
        "till=(",
        "nonsense",
        'till=("@method");created=1',  # no key id
        'other=("@method" "@path" "@query" "content-digest");keyid="x"',
        'till=("@method");keyid="x", till2=("@method");keyid="x"',
        'till=("@method");keyid="é"',
        'till=("@method");keyid="x";nonce="' + "n" * 3000 + '"',
    ):
        headers = till.headers("GET", PULL, b"") | {"Signature-Input": value}
        raw = {name.encode(): text.encode() for name, text in headers.items()}
        found = problem(httpx.get(running.address + PULL, headers=raw, timeout=10))
        assert (found.status, found.code, found.data["part"]) == (401, "signature_invalid", "signature-input"), value


def test_unknown_key(running: Running, till: Signer) -> None:
    for key_id in ("pair", "", "0c000000-0000-7000-8000-00000000ffff", "' OR 1=1", "x" * 500, till.key_id.upper()):
        found = problem(send(running.address, replace(till, key_id=key_id), "GET", PULL))
        assert (found.status, found.code) == (401, "key_unknown"), key_id


def test_terminal_that_was_never_paired_is_unknown(running: Running) -> None:
    found = problem(send(running.address, Signer(world.THIRD_TERMINAL), "GET", PULL))
    assert found.code == "key_unknown"


def test_key_of_another(running: Running, till: Signer) -> None:
    found = problem(send(running.address, Signer(till.key_id), "GET", PULL))
    assert (found.status, found.code, found.data) == (401, "signature_invalid", {"part": "signature"})


def test_signature_must_cover_everything(running: Running, till: Signer) -> None:
    for missing in COMPONENTS:
        fewer = tuple(name for name in COMPONENTS if name != missing)
        found = problem(get(running, till.headers("GET", PULL, b"", components=fewer)))
        assert found.code == "signature_invalid", missing


def test_signature_of_another_method_path_or_query(running: Running, till: Signer) -> None:
    for method, target in [("POST", PULL), ("GET", PULL + "x"), ("GET", PULL + "?after=x"), ("GET", "/v1/health")]:
        found = problem(get(running, till.headers(method, target, b"")))
        assert found.code == "signature_invalid", (method, target)
    assert get(running, till.headers("GET", PULL + "?wait=0", b""), PULL + "?wait=0").status_code == 200


def test_body_that_is_not_the_signed_one(running: Running, till: Signer) -> None:
    target = "/v1/terminals/me/facts"
    headers = till.headers("POST", target, b'{"a":1}') | {"Content-Type": "application/json"}
    found = problem(httpx.post(running.address + target, content=b'{"a":2}', headers=headers))
    assert (found.code, found.data) == ("signature_invalid", {"part": "content-digest"})
    headers["Content-Digest"] = digest(b'{"a":2}')  # the digest put right, but not signed
    assert (
        problem(httpx.post(running.address + target, content=b'{"a":2}', headers=headers)).code == "signature_invalid"
    )


def test_other_algorithm_or_nonce(running: Running, till: Signer) -> None:
    for spoiled in (
        till.headers("GET", PULL, b"", alg="hmac-sha256"),
        till.headers("GET", PULL, b"", nonce="short"),
        till.headers("GET", PULL, b"", nonce="n" * 65),
    ):
        assert problem(get(running, spoiled)).code == "signature_invalid"


def test_clock_five_minutes_off(running: Running, till: Signer) -> None:
    for skew_seconds in (-310, 310, -86400, 86400):
        found = problem(send(running.address, replace(till, skew_seconds=skew_seconds), "GET", PULL))
        assert (found.status, found.code) == (401, "request_expired")
        assert abs(found.data["skew_seconds"] - skew_seconds) <= 2
        # An honest till puts itself right by the server's time, and is let in.
        offset = round(found.server_time.timestamp() - (time.time() + skew_seconds))
        assert send(running.address, replace(till, skew_seconds=skew_seconds + offset), "GET", PULL).status_code == 200
    no_time = replace(till, skew_seconds=10**12)
    assert problem(send(running.address, no_time, "GET", PULL)).code == "signature_invalid"


def test_clock_four_minutes_off_is_no_trouble(running: Running, till: Signer) -> None:
    for skew_seconds in (-240, 240):
        assert send(running.address, replace(till, skew_seconds=skew_seconds), "GET", PULL).status_code == 200


def test_replay(running: Running, till: Signer) -> None:
    headers = till.headers("GET", PULL, b"")
    assert get(running, headers).status_code == 200
    found = problem(get(running, headers))
    assert (found.status, found.code) == (401, "request_replayed")
    other = running.pair("SZ1T02")
    nonce = "n" * 16
    for signer in (till, other):  # a nonce belongs to its terminal
        assert get(running, signer.headers("GET", PULL, b"", nonce=nonce)).status_code == 200


def test_refused_request_does_not_use_up_its_nonce(running: Running, till: Signer) -> None:
    forged = replace(till, private=Signer().private)
    assert problem(get(running, forged.headers("GET", PULL, b"", nonce="n" * 20))).code == "signature_invalid"
    assert get(running, till.headers("GET", PULL, b"", nonce="n" * 20)).status_code == 200


def test_old_nonces_are_forgotten_and_young_ones_are_not(running: Running, till: Signer) -> None:
    headers = till.headers("GET", PULL, b"")
    assert get(running, headers).status_code == 200
    assert running.do(terminals.forget_old_nonces) == 0
    assert problem(get(running, headers)).code == "request_replayed"


def proved(running: Running, till: Signer, found: Problem) -> bool:
    """Whether the refusal carries the server's signed word (docs/protocol.md, "Revocation")."""
    said = codec.from_plain(Revocation, found.data["revocation"])
    assert (list(found.data), said.terminal_id, said.code) == (["revocation"], till.key_id, "terminal_revoked")
    return running.rooms.keys.verify(said.key_id, revocation_message(said), base64.b64decode(said.signature))


def test_revoked_terminal_may_hand_in_its_queue_and_hear_old_answers(running: Running, till: Signer) -> None:
    """What it is answered there is the intake's to say (tests/sync_server/intake/test_granted.py)."""
    running.do(lambda pool: terminals.revoke(pool, OPERATOR, act_of("k"), till.key_id, "stolen"))
    found = problem(send(running.address, till, "GET", PULL))
    assert (found.status, found.code) == (403, "terminal_revoked")
    assert proved(running, till, found)
    for target in ("/v1/terminals/me/facts", "/v1/terminals/me/requests"):
        assert problem(send(running.address, till, "POST", target, b"{}")).code == "request_malformed"
    # Who does not hold the key does not learn that it was revoked.
    assert problem(send(running.address, Signer(till.key_id), "GET", PULL)).code == "signature_invalid"
