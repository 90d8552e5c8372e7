"""What is set aside, over HTTP: listed with who and where, recalled, freed at risk after a confirmation; leases set."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from models.catalogue import LANGUAGES
from sync_server.admin.words import hq_words
from sync_server.database.engine import Pool, transaction
from sync_server.ledger.set_aside import set_aside
from sync_server.staff import passwords
from tests.sync_server import world
from tests.sync_server.admin.conftest import PASSWORD, Shop
from tests.sync_server.admin.test_held_pages import fields, post_form
from tests.sync_server.admin.test_risk_pages import browser_of
from tests.sync_server.hq import employ
from tests.sync_server.ledger.asking import OPERATOR, act
from tests.sync_server.till import MEMBER, all_holds, uses_left, value

pytestmark = pytest.mark.req("R039")
WHY = "the till was stolen"
POLICY = {"min_visits": "2", "days": "30", "uses": "2", "amount_minor": "0", "most_uses": "9", "most_minor": "0",
          "valid_hours": "12"}  # fmt: skip


@pytest.fixture
def taken(shop: Shop) -> dict[str, str]:
    """Three uses are set aside for the first till: the reservation's id, and the pass."""

    async def work(pool: Pool) -> dict[str, str]:
        await shop.till.pair()
        await employ(pool, passwords.hash_password(PASSWORD))
        pass_id: str = await value(pool, "SELECT pass_id::text FROM app.member_passes WHERE member_id = %s", MEMBER)
        now = datetime.now(UTC)
        async with transaction(pool, OPERATOR) as connection:
            found = await set_aside(
                connection, shop.till.keys, act(), world.TERMINAL, "pass", pass_id, 3, now + timedelta(hours=8), now
            )
        return {"id": found["reservation_id"], "pass": pass_id}

    return shop.running.do(work)


def listed(shop: Shop) -> list[tuple[str, int]]:
    return [(row["state"], row["left"]) for row in shop.client.get("/admin/api/aside").json()["open"]]


def test_it_is_shown_recalled_and_freed_at_risk(shop: Shop, taken: dict[str, str]) -> None:
    assert listed(shop) == [("open", 3)]
    shown = html.unescape(shop.client.get("/admin/aside").text)
    for word in ("SZ1T01", "3 uses", "HQ", "Release at risk"):
        assert word in shown
    path = f"/admin/aside/{taken['id']}"
    asked = post_form(shop, f"{path}/confirm", deed="recall")
    assert "answers at its next contact" in asked.text
    assert listed(shop) == [("open", 3)], "nothing happens before it is confirmed"
    assert post_form(shop, f"{path}/do", **fields(asked.text)).status_code == 303
    assert listed(shop) == [("recalled", 3)]

    assert "give a reason" in post_form(shop, f"{path}/confirm", deed="release").text
    asked = post_form(shop, f"{path}/confirm", deed="release", reason=WHY)
    assert "HQ stands for" in asked.text
    before = shop.running.do(lambda pool: uses_left(pool, taken["pass"]))
    for _ in range(2):
        assert post_form(shop, f"{path}/do", **fields(asked.text)).status_code == 303
    assert listed(shop) == []
    assert shop.running.do(lambda pool: uses_left(pool, taken["pass"])) == before + 3
    (closed,) = shop.client.get("/admin/api/aside").json()["closed"]
    assert (closed["state"], closed["returned"]) == ("closed", 3)
    again = post_form(shop, f"{path}/do", **(fields(asked.text) | {"key": "another"}))
    assert "it has ended already" in again.text
    shop.running.do(all_holds)


def test_by_program_for_one_till_and_by_those_who_may(shop: Shop, taken: dict[str, str]) -> None:
    path = f"/admin/api/aside/{taken['id']}"
    key = {"Idempotency-Key": "a1"}
    assert shop.client.post(path, json={"deed": "recall"}).json()["code"] == "idempotency_key_missing"
    assert shop.client.post(path, json={"deed": "steal"}, headers=key).json()["code"] == "request_malformed"
    assert shop.client.post(path, json={"deed": "release"}, headers=key).json()["code"] == "reason_missing"
    unknown = shop.client.post(f"/admin/api/aside/{uuid4()}", json={"deed": "recall"}, headers=key)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "reservation_unknown")
    assert shop.client.get("/admin/api/aside", params={"till": world.SECOND_TERMINAL}).json()["open"] == []
    for name, status in (("stranger", 404), ("finance", 403), ("owner", 200)):
        with browser_of(shop, name) as client:
            answer = client.post(path, json={"deed": "recall"}, headers={"Idempotency-Key": f"by {name}"})
            assert answer.status_code == status, (name, answer.text)
    assert listed(shop) == [("recalled", 3)]


def test_how_much_is_set_aside_ahead(shop: Shop, taken: dict[str, str]) -> None:
    assert shop.client.get("/admin/api/aside").json()["policies"] == []
    asked = post_form(shop, "/admin/aside/policy", store=world.STORE, plan="", **POLICY)
    assert "the tills get this" in asked.text
    assert shop.client.get("/admin/api/aside").json()["policies"] == []
    assert post_form(shop, "/admin/aside/policy", **fields(asked.text)).status_code == 303
    (found,) = shop.client.get("/admin/api/aside").json()["policies"]
    assert {name: str(found[name]) for name in POLICY} == POLICY
    assert "Ana" in shop.client.get("/admin/aside").text
    refused = post_form(shop, "/admin/aside/policy", **(fields(asked.text) | {"uses": "99", "key": "k"}))
    assert "a limit is negative or too large" in refused.text
    path, key = f"/admin/api/leases/{world.STORE}", {"Idempotency-Key": "l1"}
    mine = {"plan": world.PLAN, **POLICY, "uses": 1}
    assert shop.client.post(path, json=mine, headers=key).json()["outcome"] == "accepted"
    assert [row["uses"] for row in shop.client.get("/admin/api/aside").json()["policies"]] == [2, 1]
    for odd in ({**mine, "more": 1}, {**mine, "uses": True}):
        assert shop.client.post(path, json=odd, headers=key).json()["code"] == "request_malformed"
    with browser_of(shop, "otto") as client:
        assert client.post(path, json=mine, headers=key).json()["code"] == "store_unknown"


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(shop: Shop, taken: dict[str, str], language: str) -> None:
    shop.client.cookies.set("tillkeeper_language", language)
    text = html.unescape(shop.client.get("/admin/aside").text)
    for name in ("aside.title", "aside.release", "lease.title", "aside.origin.hq"):
        assert hq_words(language)[name] in text
