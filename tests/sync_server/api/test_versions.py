"""Old tills at a new server, three releases back and more, and new tills at an old one; the real intake behind."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest

from models import codec, facts, versions
from models.facts import hash_fact
from models.versions import CURRENT, Spoken, Version
from models.wire import (
    ActionAnswer,
    ActionRequest,
    ChangesAnswer,
    Head,
    PushAnswer,
    PushRequest,
    RefundAsked,
    head_message,
)
from sync_server.catalogue.policies import publish_keys
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet import pairing
from sync_server.intake import held
from sync_server.intake.facts import accept_push
from sync_server.intake.held import Decision
from sync_server.intake.requests import answer_request, preview_request
from sync_server.keys import Keyring
from tests.golden import files
from tests.golden.later import later, with_unknown_keys
from tests.sync_server import hq
from tests.sync_server.api.conftest import Running, pair_request, running_server
from tests.sync_server.conftest import Server
from tests.sync_server.signer import Signer, answer, problem
from tests.sync_server.till import all_holds, build_shop, rows

FACTS, REQUESTS, PULL = (f"/v1/terminals/me/{name}" for name in ("facts", "requests", "changes"))
ASKED = ActionRequest(
    1,
    "0f000000-0000-7000-8000-000000000090",
    refund=RefundAsked(
        "0f000000-0000-7000-8000-000000000091", "CZ00000012", 5000, "cash", "CNY", "customer_wish",
        files.messages()["Health"].server_time,  # type: ignore[attr-defined]
    ),
)  # fmt: skip
ACCEPTED = ("accepted", None)
OUTCOMES: dict[str, list[tuple[str, str | None]]] = {
    "1.0": [
        *[ACCEPTED] * 4, ("held", "pass_unknown"), ACCEPTED, ("held", "bonus_differs"), ACCEPTED,
        ("held", "request_unknown"), ("held", "request_unknown"), ACCEPTED, ACCEPTED, ("held", "member_data_missing"),
        ACCEPTED, ACCEPTED, ACCEPTED, ("held", "reservation_unknown"), ACCEPTED, ("held", "card_unknown"),
    ]
}  # fmt: skip
"""What becomes of the recorded facts of each version, for ever. Their bonus rule, one pass, requests, a company's
card and the new member's data are unknown."""


@contextlib.contextmanager
def serving(database: DatabaseUrls, keys: Keyring, minor: int = CURRENT.minor, major: int = 1) -> Iterator[Running]:
    """A server of this version, with the shop's catalogue."""
    with running_server(
        database,
        keys,
        accept_push=accept_push,
        answer_request=answer_request,
        preview_request=preview_request,
        spoken=Spoken(Version(major, minor)),
    ) as running:
        running.do(build_shop)
        running.do(hq.employ)
        running.do(lambda pool: publish(pool, keys))
        yield running


async def publish(pool: Pool, keys: Keyring) -> None:
    """Make the server's keys known, as its start does."""
    async with transaction(pool, PLATFORM) as connection:
        await publish_keys(connection, keys)


class Old:
    """A till that says which version it speaks and sends the bytes it is given."""

    def __init__(self, running: Running, version: str | None = "1.0", signer: Signer | None = None) -> None:
        self.running, self.version = running, version
        self.signer = signer or running.pair()

    def saying(self, version: str | None) -> Old:
        """The same till, saying another version."""
        return Old(self.running, version, self.signer)

    def send(self, method: str, target: str, body: bytes = b"") -> httpx.Response:
        headers = {"Content-Type": "application/json"} if body else {}
        if self.version is not None:
            headers[versions.HEADER] = self.version
        headers |= self.signer.headers(method, target, body)
        return httpx.request(method, self.running.address + target, content=body, headers=headers, timeout=30)

    def push(self, chain: Sequence[bytes], **more: Any) -> PushAnswer:
        found: PushAnswer = answer(self.send("POST", FACTS, self.packed(chain, **more)), PushAnswer)
        return found

    def packed(self, chain: Sequence[bytes], **more: Any) -> bytes:
        head = None
        if chain:
            seq, last = json.loads(chain[-1])["seq"], hash_fact(chain[-1])
            signed = self.signer.private.sign(head_message(self.signer.key_id, seq, last, ""))
            head = Head(seq, last, base64.b64encode(signed).decode())
        plain = codec.to_plain(PushRequest(1, tuple(data.decode() for data in chain), head))
        return codec.encode(plain | more)


def outcomes(found: PushAnswer) -> list[tuple[str, str | None]]:
    return [(result.outcome, result.reason) for result in found.results]


def relinked(chain: Sequence[bytes], place: int, **changes: Any) -> list[bytes]:
    """The chain with one fact changed, and those behind it linked to it anew."""
    found, prev = list(chain[:place]), json.loads(chain[place])["prev"]
    for number, data in enumerate(chain[place:], start=place):
        plain = json.loads(data) | {"prev": prev} | (changes if number == place else {})
        found.append(codec.encode(plain))
        prev = hash_fact(found[-1])
    return found


async def stored(pool: Pool) -> list[tuple[int, str, bytes]]:
    """Place, hash and bytes of every fact that the server keeps."""
    found = await rows(pool, "SELECT seq, encode(hash, 'hex'), bytes FROM app.facts ORDER BY seq")
    return [(seq, hashed, bytes(data)) for seq, hashed, data in found]


def grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this process a later release: one more field in every kind of fact, one more kind, the next format."""

    @dataclasses.dataclass(frozen=True, slots=True)
    class BarrelTapped:
        barrel_id: str

    for kind in list(facts.KINDS):
        monkeypatch.setitem(facts.KINDS, kind, later(facts.KINDS[kind]))
    monkeypatch.setitem(facts.KINDS, "BarrelTapped", BarrelTapped)
    monkeypatch.setattr(facts, "FORMAT", facts.FORMAT + 1)


@pytest.mark.req("R087")
@pytest.mark.parametrize("version", files.recorded(), ids=str)
@pytest.mark.parametrize("ahead", range(versions.RELEASES_BACK + 1))
def test_a_till_of_three_releases_back_is_served_in_full(
    database: DatabaseUrls, keys: Keyring, monkeypatch: pytest.MonkeyPatch, version: Version, ahead: int
) -> None:
    """Its recorded facts have the same outcomes and the same bytes as at a server of its own release."""
    if ahead:
        grow(monkeypatch)
    chain = files.facts_of(version)
    with serving(database, keys, version.minor + ahead) as running:
        till = Old(running, str(version))
        found = till.push(chain)
        assert outcomes(found) == OUTCOMES[str(version)]
        assert (found.acknowledged_seq, found.gap) == (len(chain), False)
        assert running.do(stored) == [(n, hash_fact(data), data) for n, data in enumerate(chain, start=1)]
        assert [outcome for outcome, _ in outcomes(till.push(chain))] == ["already_known"] * len(chain)
        pulled = till.send("GET", PULL)
        assert answer(pulled, ChangesAnswer).acknowledged_seq == len(chain)
        assert pulled.headers[versions.HEADER] == f"1.{version.minor + ahead}"
        assert answer(till.send("POST", REQUESTS, codec.encode(ASKED)), ActionAnswer).code == "request_expired"
        running.do(all_holds)


@pytest.mark.req("R087")
@pytest.mark.parametrize("version", files.recorded(), ids=str)
def test_a_till_that_is_too_old_hands_in_its_queue_and_is_told_to_update(
    database: DatabaseUrls, keys: Keyring, version: Version
) -> None:
    minor = version.minor + versions.RELEASES_BACK + 1
    told = {"oldest": f"1.{version.minor + 1}", "newest": f"1.{minor}", "yours": str(version)}
    with serving(database, keys, minor) as running:
        till = Old(running, None).saying(str(version))
        for method, target, body in (("GET", PULL, b""), ("POST", REQUESTS, codec.encode(ASKED))):
            found = problem(till.send(method, target, body))
            assert (found.status, found.code, found.data) == (400, "till_too_old", told)
        assert outcomes(till.push(files.facts_of(version))) == OUTCOMES[str(version)]


def test_a_till_that_is_too_old_is_not_paired_and_its_code_is_not_used_up(
    database: DatabaseUrls, keys: Keyring
) -> None:
    with serving(database, keys, 4) as running:
        code = running.do(lambda pool: pairing.new_code(pool, "SZ1", "SZ1T01")).text
        signer = Signer()
        body = codec.encode(pair_request(signer, code))
        for version, status in (("1.0", 400), ("1.1", 200)):
            headers = signer.headers("POST", "/v1/pair", body)
            headers |= {"Content-Type": "application/json", versions.HEADER: version}
            found = httpx.post(running.address + "/v1/pair", content=body, headers=headers)
            assert found.status_code == status, found.text
            assert found.headers[versions.HEADER] == "1.4"


@pytest.fixture(scope="module")
def current(server: Server, template: str, keys: Keyring) -> Iterator[Running]:
    """A server of today for the tests of newer tills."""
    urls = server.create(template)
    secure_database(urls)
    with serving(urls, keys) as running:
        yield running
    server.drop(urls)


CHANGES: dict[str, dict[str, Any]] = {
    "another format": {"format": 2, "body": {"nobody": "knows"}},
    "another kind": {"kind": "BarrelTapped", "body": {"barrel_id": "b1"}},
    "a field of the body": {"body": json.loads(files.facts_of(CURRENT)[5])["body"] | {"coupon_id": "c1"}},
    "a field of the envelope": {"drawer": 2},
}


@pytest.mark.req("R087")
@pytest.mark.parametrize("change", CHANGES)
def test_what_only_a_newer_till_knows_is_held_with_a_receipt(
    database: DatabaseUrls, keys: Keyring, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """It is neither refused nor lost and blocks nobody; once the server is as new, HQ can post it."""
    chain = relinked(files.facts_of(CURRENT), 5, **CHANGES[change])
    expected = list(OUTCOMES[str(CURRENT)])
    expected[5] = ("held", "newer_than_server")
    expected[15] = ("held", "transaction_unknown")  # the refund of that sale
    with serving(database, keys) as running:
        till = Old(running, "1.7")
        found = till.push(chain)
        assert outcomes(found) == expected
        assert found.acknowledged_seq == len(chain)
        assert found.results[5].fact_id == json.loads(chain[5])["fact_id"]
        assert running.do(stored)[5] == (6, hash_fact(chain[5]), chain[5])
        assert outcomes(till.push(chain))[5] == ("already_known", "newer_than_server")
        decide = Decision("post", "read by the newer server")
        first = running.do(lambda pool: held.decide(pool, hq.HQ, "k1", hash_fact(chain[5]), decide, keys))
        assert (first["code"], first["data"]) == ("held_not_postable", {"reason": "newer_than_server"})
        if change == "a field of the body":
            monkeypatch.setitem(facts.KINDS, "OrderPaid", with_coupon(facts.OrderPaid))
            second = running.do(lambda pool: held.decide(pool, hq.HQ, "k2", hash_fact(chain[5]), decide, keys))
            assert (second["outcome"], second.get("code"), second.get("data")) == ("accepted", None, None)
        running.do(all_holds)


def with_coupon(kind: type) -> type:
    """A kind of fact as the newer till knows it."""
    return dataclasses.make_dataclass(
        kind.__name__, [("coupon_id", str | None, None)], bases=(kind,), frozen=True, slots=True
    )


@pytest.fixture(scope="module")
def newer(current: Running) -> Old:
    """A till of a later release."""
    return Old(current, "1.7")


def test_unknown_fields_of_a_push_are_left_out(newer: Old) -> None:
    assert newer.push([], battery=12, prints=[]).acknowledged_seq == 0
    older = problem(newer.saying("1.0").send("POST", FACTS, newer.packed([], battery=12)))
    assert (older.code, older.data) == ("request_malformed", {"pointer": "/battery"})


def test_what_a_newer_till_asks_is_answered_only_when_it_is_understood_whole(newer: Old) -> None:
    assert answer(newer.send("POST", REQUESTS, codec.content(ASKED)), ActionAnswer).outcome == "refused"
    grown = with_unknown_keys(codec.to_plain(ASKED))
    for body in (grown, codec.to_plain(ASKED) | {"lottery": None}):
        found = problem(newer.send("POST", REQUESTS, codec.encode(body)))
        assert (found.status, found.code) == (400, "server_too_old")
        assert found.data == {"oldest": "1.0", "newest": "1.0", "yours": "1.7"}


def test_another_major_keeps_its_queue_and_is_told_why(newer: Old) -> None:
    other = newer.saying("2.0")
    for method, target, body in (
        ("GET", PULL, b""), ("POST", REQUESTS, codec.encode(ASKED)), ("POST", FACTS, newer.packed([]))
    ):  # fmt: skip
        found = problem(other.send(method, target, body))
        assert (found.status, found.code, found.data["yours"]) == (400, "server_too_old", "2.0")
    assert problem(newer.send("POST", FACTS, newer.packed([], protocol=2))).code == "server_too_old"
    assert problem(newer.send("POST", FACTS, newer.packed([], protocol=0))).code == "till_too_old"


def test_a_header_that_says_nothing_and_none_at_all(newer: Old) -> None:
    for text in ("1", "x", "1.0, 1.1", "9" * 400):
        found = problem(newer.saying(text).send("GET", PULL))
        assert (found.status, found.code, found.data) == (400, "request_malformed", {"header": "tillkeeper-protocol"})
    silent = newer.saying(None).send("GET", PULL)
    assert (silent.status_code, silent.headers[versions.HEADER]) == (200, "1.0")


def test_every_answer_says_which_version_the_server_speaks(current: Running) -> None:
    for path in ("/v1/health", "/v1/nothing", PULL, "/schema/openapi.json"):
        assert httpx.get(current.address + path).headers[versions.HEADER] == str(CURRENT)
