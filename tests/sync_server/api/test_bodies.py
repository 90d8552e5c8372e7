"""What comes through the door: bodies within bounds, messages that fit, parameters in range."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import zlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest

from models import codec
from models.wire import (
    MAX_FACTS_PER_PUSH,
    MAX_PUSH_BYTES,
    ActionAnswer,
    ActionRequest,
    Health,
    PushAnswer,
    PushRequest,
    RedeemAsked,
)
from sync_server.api.bodies import MAX_BODY_BYTES
from tests.sync_server.api.conftest import Running
from tests.sync_server.signer import Signer, answer, problem, send

FACTS, REQUESTS, PULL = (f"/v1/terminals/me/{name}" for name in ("facts", "requests", "changes"))


@pytest.fixture(scope="module")
def running(shared: Running) -> Running:
    """One server for all of these tests."""
    return shared


@pytest.fixture(scope="module")
def till(running: Running) -> Signer:
    """The paired terminal SZ1T01."""
    return running.pair()


def post(running: Running, till: Signer, body: bytes, target: str = FACTS, **headers: str) -> httpx.Response:
    """Send these bytes, signed as they are."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    signed = till.headers("POST", target, body) | {"content-type": "application/json"} | named
    return httpx.post(running.address + target, content=body, headers=signed, timeout=30)


def test_push_and_request_reach_intake_packed_or_not(running: Running, till: Signer) -> None:
    push = PushRequest(1, ("{}", '{"a":"é"}'), None)
    for packed in (False, True):
        found = answer(send(running.address, till, "POST", FACTS, push, packed=packed), PushAnswer)
        assert (found.acknowledged_seq, found.epoch) == (2, "SZ1T01")
    redeem = RedeemAsked("r", "p", "m", "2026-11-20", (), 0, "CNY", (), datetime.now(UTC))
    asked = answer(send(running.address, till, "POST", REQUESTS, ActionRequest(1, "q", redeem)), ActionAnswer)
    assert (asked.request_id, asked.data) == ("q", {"by": "SZ1T01"})


def test_a_sender_that_goes_away_in_its_body_is_no_failure_of_ours(
    running: Running, till: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(running.address)
    named = till.headers("POST", FACTS, b"{}") | {"content-type": "application/json", "content-length": "5000"}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    with caplog.at_level(logging.INFO, "sync_server"):
        for sent in (b"", b"{", b"{" * 4999):
            with socket.create_connection((address.hostname, address.port), timeout=10) as line:
                line.sendall(f"POST {FACTS} HTTP/1.1\r\nHost: here\r\n{head}\r\n".encode() + sent)
        deadline = time.monotonic() + 30
        while (ended := [vars(one)["fields"] for one in caplog.records if one.message == "request"]) is not None:
            cut = [fields for fields in ended if fields.get("problem") == "body_cut"]
            if len(cut) == 3:
                break
            assert time.monotonic() < deadline, ended
            time.sleep(0.01)
    assert {fields["status"] for fields in cut} == {400}
    assert [one.message for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_malformed_messages(running: Running, till: Signer) -> None:
    good = codec.to_plain(PushRequest(1, (), None))
    for body, pointer in [
        (b"", ""),
        (b"{", ""),
        (b"\xff\xfe", ""),
        (b"null", ""),
        (b"[" * 100_000, ""),
        (b'{"protocol":1,"protocol":1}', ""),
        (codec.encode(good | {"more": 1}), "/more"),
        (codec.encode(good | {"facts": [1]}), "/facts/0"),
        (codec.encode({name: good[name] for name in good if name != "facts"}), "/facts"),
        (b'{"facts":[],"head":null,"protocol":1.0}', ""),
    ]:
        found = problem(post(running, till, body))
        assert (found.status, found.code, found.data) == (400, "request_malformed", {"pointer": pointer}), body[:60]


def test_other_protocol(running: Running, till: Signer) -> None:
    found = problem(send(running.address, till, "POST", FACTS, PushRequest(2, (), None)))
    assert (found.status, found.code) == (400, "server_too_old")
    assert found.data == {"oldest": "1.0", "newest": "1.0", "yours": "2.0"}
    found = problem(send(running.address, till, "POST", FACTS, PushRequest(0, (), None)))
    assert (found.status, found.code) == (400, "till_too_old")


def test_wrong_content_type_and_encoding(running: Running, till: Signer) -> None:
    body = codec.encode(PushRequest(1, (), None))
    for kind in ("text/plain", "", "application/json-seq", "multipart/form-data"):
        found = problem(post(running, till, body, content_type=kind))
        assert (found.status, found.code) == (415, "content_type_wrong"), kind
    assert post(running, till, body, content_type="application/json; charset=utf-8").status_code == 200
    for encoding in ("br", "deflate", "gzip, gzip"):
        found = problem(post(running, till, body, content_encoding=encoding))
        assert (found.status, found.code) == (415, "content_encoding_wrong"), encoding


def test_broken_gzip(running: Running, till: Signer) -> None:
    packed = gzip.compress(codec.encode(PushRequest(1, (), None)))
    for body in (b"", b"no gzip", packed[:-5], packed + b"more", packed + packed, zlib.compress(b"{}")):
        found = problem(post(running, till, body, content_encoding="gzip"))
        assert (found.status, found.code) == (400, "request_malformed"), body[:30]


def test_oversize_bodies(running: Running, till: Signer) -> None:
    for body, encoding in [
        (b"x" * (MAX_BODY_BYTES + 1), "identity"),
        (gzip.compress(b" " * (MAX_BODY_BYTES + 1)), "gzip"),
        (gzip.compress(b"\0" * 200_000_000, 1), "gzip"),  # a bomb: 1 MB of zeros' zeros
    ]:
        found = problem(post(running, till, body, content_encoding=encoding))
        assert (found.status, found.code) == (413, "request_too_large"), len(body)
        assert found.data == {"limit_bytes": MAX_BODY_BYTES}


def test_bounds_of_a_push(running: Running, till: Signer) -> None:
    fits = PushRequest(1, ("x" * (MAX_PUSH_BYTES // 500),) * MAX_FACTS_PER_PUSH, None)
    assert send(running.address, till, "POST", FACTS, fits, packed=True).status_code == 200
    for facts in (("{}",) * (MAX_FACTS_PER_PUSH + 1), ("x" * MAX_PUSH_BYTES, "x")):
        found = problem(send(running.address, till, "POST", FACTS, PushRequest(1, facts, None), packed=True))
        assert (found.status, found.code) == (413, "request_too_large")


def test_unknown_path_and_method(running: Running) -> None:
    assert problem(httpx.get(running.address + "/v1/nothing")).code == "not_found"
    found = problem(httpx.get(running.address + FACTS))
    assert (found.status, found.code) == (405, "method_not_allowed")


def test_health(running: Running) -> None:
    found = answer(httpx.get(running.address + "/v1/health"), Health)
    assert (found.status, found.version) == ("ok", "test")


@pytest.mark.parametrize("after", ["x", "0.0.0.0", "a" * 32 + ".1.nothing.x", "a" * 32 + "." + "9" * 19 + "..", "%00"])
def test_text_that_is_no_cursor(running: Running, till: Signer, after: str) -> None:
    found = problem(send(running.address, till, "GET", f"{PULL}?after={after}"))
    assert (found.status, found.code, found.data) == (400, "request_malformed", {"pointer": "/after"})


def test_parameters_out_of_range(running: Running, till: Signer) -> None:
    for query in ("wait=-1", "wait=26", "limit=0", "limit=501", "wait=x"):
        found = problem(send(running.address, till, "GET", f"{PULL}?{query}"))
        assert (found.status, found.code) == (400, "request_malformed"), query
