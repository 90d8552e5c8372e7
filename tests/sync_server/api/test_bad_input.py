"""Every malformed, oversized, mis-signed and out-of-order message, in one table: status, code, and nothing stored.

The real intake stands behind the door. What a facts' own content can be wrong in is an outcome, not a problem: the
second table. What proves a till's signature in depth: test_doorkeeper; bodies: test_bodies.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from models import codec, versions
from models.facts import hash_fact
from models.wire import MAX_FACTS_PER_PUSH, MAX_PUSH_BYTES, PushRequest
from sync_server.api.bodies import MAX_BODY_BYTES
from sync_server.database.migrate import secure_database
from sync_server.fleet import pairing
from sync_server.keys import Keyring
from tests.golden import files
from tests.sync_server.api.conftest import pair_request
from tests.sync_server.api.test_versions import ASKED, Old, outcomes, relinked, serving, stored
from tests.sync_server.conftest import Server
from tests.sync_server.signer import Signer, problem, send

FACTS, REQUESTS, PULL = (f"/v1/terminals/me/{name}" for name in ("facts", "requests", "changes"))
CHAIN = files.facts_of(versions.CURRENT)
EMPTY = codec.encode(PushRequest(1, (), None))


@pytest.fixture(scope="module")
def till(server: Server, template: str, keys: Keyring) -> Iterator[Old]:
    """A paired till of a server that has the first three facts of its chain."""
    urls = server.create(template)
    secure_database(urls)
    with serving(urls, keys) as running:
        found = Old(running)
        assert found.push(CHAIN[:3]).acknowledged_seq == 3
        yield found
    server.drop(urls)


def post(till: Old, body: bytes, target: str = FACTS, signer: Signer | None = None, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    signed = {"content-type": "application/json"} | (signer or till.signer).headers("POST", target, body)
    return httpx.post(till.running.address + target, content=body, headers=signed | named, timeout=30)


def pushed(till: Old, chain: list[bytes] | tuple[bytes, ...], **head: Any) -> httpx.Response:
    """A push whose signed head is changed afterwards."""
    plain = json.loads(till.packed(chain))
    plain["head"] = plain["head"] | head if head else None
    return post(till, codec.encode(plain))


def replayed(till: Old) -> httpx.Response:
    headers = till.signer.headers("POST", FACTS, EMPTY) | {"content-type": "application/json"}
    for _ in range(2):
        found = httpx.post(till.running.address + FACTS, content=EMPTY, headers=headers)
    return found


def unsigned(till: Old) -> httpx.Response:
    return httpx.post(till.running.address + FACTS, content=EMPTY, headers={"content-type": "application/json"})


def other_body(till: Old) -> httpx.Response:
    headers = till.signer.headers("POST", FACTS, EMPTY) | {"content-type": "application/json"}
    return httpx.post(till.running.address + FACTS, content=EMPTY + b" ", headers=headers)


def asking(till: Old, **changes: Any) -> httpx.Response:
    return post(till, codec.encode(codec.to_plain(ASKED) | changes), REQUESTS)


def pairing_with(till: Old, **changes: Any) -> httpx.Response:
    signer = Signer()
    return post(till, codec.encode(replace(pair_request(signer, "ACDEFGHJKLMN"), **changes)), "/v1/pair", signer)


def two_contents(till: Old) -> httpx.Response:
    """One request id, first for one refund, then for another."""
    request = codec.to_plain(ASKED) | {"request_id": "0f000000-0000-7000-8000-0000000000aa"}
    assert post(till, codec.encode(request), REQUESTS).status_code == 200
    request["refund"]["amount_minor"] += 1
    return post(till, codec.encode(request), REQUESTS)


BOMB = gzip.compress(b"\0" * 90_000_000, 1)
MANY = ["{}"] * (MAX_FACTS_PER_PUSH + 1)
NOBODY = Signer("0c000000-0000-7000-8000-0000000000ff")
Send = Callable[[Old], httpx.Response]
BAD: dict[str, tuple[int, str, Send]] = {
    # malformed
    "nothing": (400, "request_malformed", lambda t: post(t, b"")),
    "half a message": (400, "request_malformed", lambda t: post(t, EMPTY[:-3])),
    "not UTF-8": (400, "request_malformed", lambda t: post(t, b'"\xff"')),
    "another message": (400, "request_malformed", lambda t: post(t, codec.encode(ASKED))),
    "deep": (400, "request_malformed", lambda t: post(t, b"[" * 200_000)),
    "a key twice": (400, "request_malformed", lambda t: post(t, EMPTY[:-1] + b',"protocol":1}')),
    "not a number": (400, "request_malformed", lambda t: post(t, EMPTY.replace(b":1,", b":NaN,"))),
    "a huge number": (400, "request_malformed", lambda t: post(t, EMPTY.replace(b":1,", b":" + b"9" * 5000 + b","))),
    "a lone surrogate": (400, "request_malformed", lambda t: post(t, EMPTY.replace(b"[]", b'["\\ud800"]'))),
    "a NUL": (400, "request_malformed", lambda t: post(t, EMPTY.replace(b"[]", b'["\\u0000"]'))),
    "an unknown field": (400, "request_malformed", lambda t: post(t, t.packed([], more=1))),
    "broken gzip": (400, "request_malformed", lambda t: post(t, gzip.compress(EMPTY)[:-4], content_encoding="gzip")),
    "two gzips": (400, "request_malformed", lambda t: post(t, gzip.compress(EMPTY) * 2, content_encoding="gzip")),
    "a request for nothing": (400, "request_malformed", lambda t: asking(t, refund=None)),
    "a request without an id": (400, "request_malformed", lambda t: asking(t, request_id="1")),
    "a bad wait": (400, "request_malformed", lambda t: t.send("GET", PULL + "?wait=1e9")),
    "a bad cursor": (400, "request_malformed", lambda t: t.send("GET", PULL + "?after=%00")),
    "a bad version": (400, "request_malformed", lambda t: t.saying("one").send("GET", PULL)),
    "another major": (400, "server_too_old", lambda t: t.saying("2.0").send("GET", PULL)),
    "an earlier shape": (400, "till_too_old", lambda t: post(t, t.packed([], protocol=0))),
    "a key that is none": (400, "request_malformed", lambda t: pairing_with(t, public_key="AAAA")),
    "a wrong pairing code": (403, "pairing_code_wrong", pairing_with),
    "no such path": (404, "not_found", lambda t: httpx.get(t.running.address + "/v1/x%00")),
    "no such method": (405, "method_not_allowed", lambda t: httpx.put(t.running.address + FACTS)),
    "another media type": (415, "content_type_wrong", lambda t: post(t, EMPTY, content_type="text/plain")),
    "another encoding": (415, "content_encoding_wrong", lambda t: post(t, EMPTY, content_encoding="zstd")),
    # oversized
    "a large body": (413, "request_too_large", lambda t: post(t, b" " * (MAX_BODY_BYTES + 1))),
    "a bomb": (413, "request_too_large", lambda t: post(t, BOMB, content_encoding="gzip")),
    "too many facts": (413, "request_too_large", lambda t: post(t, t.packed([], facts=MANY))),
    "too large facts": (413, "request_too_large", lambda t: post(t, t.packed([], facts=["x" * (MAX_PUSH_BYTES + 1)]))),
    "large headers": (401, "signature_invalid", lambda t: post(t, EMPTY, signature="till=:" + "A" * 4000 + ":")),
    # mis-signed
    "no signature": (401, "signature_missing", unsigned),
    "another's key": (401, "signature_invalid", lambda t: post(t, EMPTY, signer=Signer(t.signer.key_id))),
    "nobody's key": (401, "key_unknown", lambda t: post(t, EMPTY, signer=NOBODY)),
    "another body": (401, "signature_invalid", other_body),
    "sent twice": (401, "request_replayed", replayed),
    "an hour old": (401, "request_expired", lambda t: post(t, EMPTY, signer=replace(t.signer, skew_seconds=-3600))),
    "from tomorrow": (401, "request_expired", lambda t: post(t, EMPTY, signer=replace(t.signer, skew_seconds=86400))),
    "facts without a head": (401, "signature_invalid", lambda t: pushed(t, CHAIN[3:4])),
    "a head of another's key": (401, "signature_invalid", lambda t: pushed(t, CHAIN[3:4], signature="A" * 86 + "==")),
    "a head of other facts": (401, "signature_invalid", lambda t: pushed(t, CHAIN[3:5], hash=hash_fact(CHAIN[3]))),
    "a head elsewhere": (401, "signature_invalid", lambda t: pushed(t, CHAIN[3:4], seq=9)),
    # one id, two contents
    "another content": (422, "content_differs", two_contents),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_has_its_code_and_leaves_nothing(till: Old, case: str) -> None:
    status, code, act = BAD[case]
    before = till.running.do(stored)
    found = problem(act(till))
    assert (found.status, found.code) == (status, code)
    assert till.running.do(stored) == before


def test_a_paired_code_is_used_once(till: Old) -> None:
    code = till.running.do(lambda pool: pairing.new_code(pool, "SZ1", "SZ1T03")).text
    for expected in (200, 403):
        signer = Signer()
        response = send(till.running.address, signer, "POST", "/v1/pair", pair_request(signer, code))
        assert response.status_code == expected
    assert problem(response).code == "pairing_code_used"


def test_facts_out_of_order_have_outcomes_and_not_problems(till: Old) -> None:
    """Known again, ahead, of another history: each its own answer; the rest is taken as if nothing had been."""
    assert [outcome for outcome, _ in outcomes(till.push(CHAIN[:2]))] == ["already_known"] * 2
    ahead = till.push(CHAIN[5:7])
    assert (ahead.results, ahead.gap, ahead.acknowledged_seq) == ((), True, 3)
    assert till.push(CHAIN[3:]).acknowledged_seq == len(CHAIN)
    assert [reason for _, reason in outcomes(till.push(relinked(CHAIN, 3, cashier_id=None)[3:5]))] == ["fork", "fork"]
    assert till.push([]).acknowledged_seq == len(CHAIN)
