"""Requests made from our OpenAPI document, fitting and spoilt, at a real server: no 500, always a problem with a known
code, nothing lost, and an honest till is served afterwards (schemathesis).

FUZZ_EXAMPLES raises how many requests are made of each operation.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Request
from schemathesis import GenerationMode

from models import versions
from models.facts import GENESIS, hash_fact
from models.ids import uuid7
from models.refusals import CODES, PROBLEM_TYPE_PREFIX
from models.times import format_instant
from models.versions import CURRENT
from sync_server.admin.desk import Hq
from sync_server.admin.router import router
from sync_server.api import problems, terminals
from sync_server.database.migrate import secure_database
from sync_server.intake.facts import accept_push
from sync_server.intake.requests import answer_request, preview_request
from sync_server.keys import Keyring
from tests.golden import files
from tests.sync_server.admin.conftest import PASSWORD, add_people
from tests.sync_server.api.conftest import Running, running_server
from tests.sync_server.api.test_fuzz_readers import spoilt
from tests.sync_server.api.test_versions import OUTCOMES, Old, outcomes, publish, stored
from tests.sync_server.conftest import Server
from tests.sync_server.signer import Signer
from tests.sync_server.till import all_holds, build_shop

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
KNOWN = CODES | problems.KNOWN | {"signed_out"}
"""Every code that an answer may carry."""
OPERATIONS = (
    "POST /v1/pair", "POST /v1/terminals/me/alarms", "POST /v1/terminals/me/facts",
    "GET /admin/api/backups", "POST /admin/api/backups", "POST /v1/terminals/me/requests",
    "POST /v1/terminals/me/previews", "GET /v1/terminals/me/changes",
    "GET /v1/health", "POST /admin/api/session", "GET /admin/api/orders", "GET /admin/api/orders/{key}",
    "GET /admin/api/held", "POST /admin/api/alarms/{alarm_id}/close",
    "POST /admin/api/terminals/{terminal_id}/revoke",
    "GET /admin/api/terminals/{terminal_id}/queue", "POST /admin/api/terminals/{terminal_id}/queue",
    "POST /admin/api/held/{key}", "GET /admin/api/terminals", "GET /admin/api/alarms",
    "POST /admin/api/alarms/{alarm_id}/seen", "GET /admin/api/losses", "POST /admin/api/losses/{loss_id}/collect",
    "POST /admin/api/losses/{loss_id}/write-off", "GET /admin/api/risk", "POST /admin/api/risk/{store_id}",
)  # fmt: skip

NOTHING_TO_SPOIL = (
    "GET /v1/health", *(f"GET /admin/api/{name}" for name in ("held", "terminals", "risk", "backups", "orders/{key}")),
    "POST /admin/api/alarms/{alarm_id}/seen", "GET /admin/api/terminals/{terminal_id}/queue",
)  # fmt: skip
"""No body and no parameter, or a path into which any text fits."""


class Fuzzed:
    """The server, the document it gives of itself, and those who make requests."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.honest, self.signer = Old(running), running.pair("SZ1T02")
        self.chain = files.facts_of(CURRENT)
        self.honest.push(self.chain[:4])
        document = httpx.get(running.address + "/schema/openapi.json").json()
        self.schema = schemathesis.openapi.from_dict(document)
        asked = {"username": "ana", "password": PASSWORD}
        self.token = httpx.post(running.address + "/admin/api/session", json=asked).json()["token"]
        self.client = httpx.Client(base_url=running.address, timeout=30)

    def send(self, case: Any) -> httpx.Response:
        """Send a request, signed as a terminal or with a person's session, as its path needs."""
        plain = case.as_transport_kwargs(base_url=self.running.address)
        made = Request(
            plain["method"], plain["url"], headers=plain.get("headers"), params=plain.get("params"),
            data=plain.get("data"), json=plain.get("json"), files=plain.get("files"), cookies=plain.get("cookies"),
        ).prepare()  # fmt: skip
        body: Any = made.body.encode() if isinstance(made.body, str) else made.body or b""
        target = made.path_url
        left_out = ("content-length", "cookie")
        headers = {name: value for name, value in made.headers.items() if name.lower() not in left_out}
        if target.startswith("/admin/"):
            headers["Authorization"] = f"Bearer {self.token}"
        else:
            signer = Signer("pair", self.signer.private) if target.startswith("/v1/pair") else self.signer
            headers |= {versions.HEADER: "1.0"} | signer.headers(case.method, target, body)
        raw = [(name.encode(), str(value).encode("latin-1", "replace")) for name, value in headers.items()]
        return self.client.request(case.method, self.running.address + target, content=body, headers=raw)


@pytest.fixture(scope="module")
def fuzzed(server: Server, template: str, keys: Keyring) -> Iterator[Fuzzed]:
    """One server for all operations; a pull does not wait."""
    urls = server.create(template)
    secure_database(urls)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminals, "MAX_WAIT_SECONDS", 0)
        with running_server(
            urls,
            keys,
            more_handlers=lambda rooms: [router(Hq(rooms.pool, rooms.keys, rooms.now))],
            accept_push=accept_push,
            answer_request=answer_request,
            preview_request=preview_request,
        ) as running:
            running.do(build_shop)
            running.do(add_people)
            running.do(lambda pool: publish(pool, keys))
            found = Fuzzed(running)
            yield found
            found.client.close()
    server.drop(urls)


def check(response: httpx.Response) -> str:
    """A request is answered or refused in the one way that we refuse; returns the code, "" for an answer."""
    if response.status_code < 300:
        assert isinstance(json.loads(response.content), dict | list)
        return ""
    shown = f"{response.request.method} {response.request.url} {response.request.content[:300]!r} {response.text[:300]}"
    assert response.status_code < 500, shown
    assert response.headers.get("content-type") == "application/problem+json", shown
    problem = response.json()
    assert problem["code"] in KNOWN, shown
    assert problem["type"] == PROBLEM_TYPE_PREFIX + problem["code"], shown
    assert problem["status"] == response.status_code, shown
    return str(problem["code"])


def bounded(work: Callable[[st.DataObject], object], examples: int = EXAMPLES) -> None:
    """Do it with so many examples, in CI the same each time."""

    @settings(
        max_examples=examples, deadline=None, derandomize=EXAMPLES < 100, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def run(data: st.DataObject) -> None:
        work(data)

    run()


def test_operations_that_are_newer_than_this_list(fuzzed: Fuzzed) -> None:
    """What the document knows and OPERATIONS does not is asked too, with what fits."""
    found: list[Any] = list(fuzzed.schema.get_all_operations())
    described = {re.sub(r":\w+}", "}", operation.ok().label) for operation in found}
    assert set(OPERATIONS) <= described
    for label in sorted(described - set(OPERATIONS)):
        test_no_generated_request_upsets_the_server(fuzzed, label, GenerationMode.POSITIVE)


@pytest.mark.parametrize(
    ("label", "mode"),
    [(label, GenerationMode.POSITIVE) for label in OPERATIONS]
    + [(label, GenerationMode.NEGATIVE) for label in OPERATIONS if label not in NOTHING_TO_SPOIL],
)
def test_no_generated_request_upsets_the_server(fuzzed: Fuzzed, label: str, mode: GenerationMode) -> None:
    method, path = label.split(" ")
    operation = fuzzed.schema[path][method]
    cases = operation.as_strategy(generation_mode=mode)
    codes: set[str] = set()

    bounded(lambda data: codes.add(check(fuzzed.send(data.draw(cases)))))
    if mode is GenerationMode.NEGATIVE:
        assert codes - {""} or method == "GET", "nothing of what was spoilt was noticed"
    elif method == "GET" and "{" not in path:
        assert "" in codes, "what fits was never answered"


def test_facts_that_are_spoilt_and_signed_all_the_same_are_kept(fuzzed: Fuzzed) -> None:
    """What no message made from the document comes to: any content in its place of a chain, under a true head."""
    till, chain = Old(fuzzed.running, signer=fuzzed.signer), list[bytes]()
    reasons: Counter[str | None] = Counter()

    def push(data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(fuzzed.chain)).replace(b"SZ1T01", b"SZ1T02").replace(b"0f000000", b"0f0000ff")
        plain = json.loads(text)
        body = spoilt(data.draw, plain["body"])
        seq, prev = len(chain) + 1, hash_fact(chain[-1]) if chain else GENESIS
        plain |= {"body": body, "terminal_id": till.signer.key_id, "seq": seq, "prev": prev,
                  "fact_id": uuid7(seq, bytes(10))}  # fmt: skip
        chain.append(json.dumps(plain).encode())
        (result,) = till.push(chain[-1:]).results
        assert (result.seq, result.outcome in ("accepted", "held")) == (seq, True), result
        reasons[result.reason] += 1

    bounded(push, 4 * EXAMPLES)
    assert len(reasons) > 2, reasons
    assert till.push([]).acknowledged_seq == len(chain)


def test_requests_that_are_spoilt_past_the_door_are_answered_or_refused(fuzzed: Fuzzed) -> None:
    till, codes = Old(fuzzed.running, signer=fuzzed.signer), set[str]()
    messages = [data for name, data in files.messages_of(CURRENT).items() if name.startswith("ActionRequest")]

    def ask(data: st.DataObject) -> None:
        plain = json.loads(data.draw(st.sampled_from(messages)))
        (kind,) = (name for name in ("redeem", "charge", "refund") if plain[name] is not None)
        plain["request_id"] = str(uuid4())
        plain[kind]["happened_at"] = format_instant(datetime.now(UTC))
        plain[kind] = spoilt(data.draw, plain[kind])
        for path in ("previews", "requests"):
            codes.add(check(till.send("POST", f"/v1/terminals/me/{path}", json.dumps(plain).encode())))

    bounded(ask, 4 * EXAMPLES)
    assert "" in codes, "none came past the reading"


def test_after_it_all_an_honest_till_is_served_and_nothing_is_lost(fuzzed: Fuzzed) -> None:
    """Runs last: its facts of before are known, its other ones are taken, and every book balances."""
    found = fuzzed.honest.push(fuzzed.chain)
    expected = OUTCOMES[str(CURRENT)]
    assert [outcome for outcome, _ in outcomes(found)[:4]] == ["already_known"] * 4
    assert outcomes(found)[4:] == expected[4:]
    assert {data for _, _, data in fuzzed.running.do(stored)} >= set(fuzzed.chain)
    fuzzed.running.do(all_holds)
