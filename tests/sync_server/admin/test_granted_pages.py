"""Granted requests without a fact over HTTP: listed, counted, confirmed, decided once, in three languages."""

from __future__ import annotations

import html

import pytest

from models.catalogue import LANGUAGES
from sync_server.admin.words import hq_words
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.staff import passwords
from tests.sync_server import card_till
from tests.sync_server.admin.conftest import PASSWORD, Shop
from tests.sync_server.admin.test_held_pages import fields, post_form
from tests.sync_server.admin.test_risk_pages import browser_of
from tests.sync_server.hq import employ
from tests.sync_server.till import MEMBER, all_holds, as_owner, uses_left, value, wanted

WHY = "the till was replaced"


@pytest.fixture
def lost(shop: Shop, database: DatabaseUrls) -> dict[str, str]:
    """A use and a cash refund were granted to a till that was revoked since: their numbers, and the pass."""

    async def work(pool: Pool) -> dict[str, str]:
        till = await shop.till.pair()
        await employ(pool, passwords.hash_password(PASSWORD))
        credit = await card_till.credited(till)
        pass_id: str = await value(pool, "SELECT pass_id::text FROM app.member_passes WHERE member_id = %s", MEMBER)
        use, body = wanted(till, pass_id, extra=1)
        refund = card_till.refund(credit, 4000, "cash")
        answers = [await till.ask(request) for request in (use, refund)]
        assert [answer.outcome for answer in answers] == ["accepted"] * 2
        with as_owner(database) as owner:
            owner.execute("UPDATE app.terminals SET status = 'revoked' WHERE terminal_id = %s", [till.terminal_id])
        till.status = "revoked"
        till.fact(body)
        return {"use": str(answers[0].tx_no), "refund": str(answers[1].tx_no), "pass": pass_id}

    return shop.running.do(work)


def waits(shop: Shop) -> list[str]:
    return [row["number"] for row in shop.client.get("/admin/api/granted").json()["granted"]]


def test_it_is_listed_counted_and_taken_back_after_a_confirmation(shop: Shop, lost: dict[str, str]) -> None:
    assert waits(shop) == [lost["use"], lost["refund"]]
    listed = shop.client.get("/admin/held").text
    assert "Granted, and no fact came" in listed
    held = len(shop.client.get("/admin/api/held").json()["held"])
    assert f'<span class="hq-count">{held + 2}</span>' in listed
    path = f"/admin/granted/{lost['refund']}"
    shown = html.unescape(shop.client.get(path).text)
    for word in ("¥40.00", "the till was revoked", "Choose this when nobody got the cash", "Let it stand"):
        assert word in shown
    asked = post_form(shop, f"{path}/confirm", decision="take_back", reason=WHY)
    assert "Please confirm:" in asked.text
    assert WHY in asked.text
    assert len(waits(shop)) == 2
    for _ in range(2):  # a second click is the same act
        done = shop.client.post(f"{path}/decide", data=fields(asked.text))
        assert (done.status_code, done.headers["location"]) == (303, "/admin/held")
    assert waits(shop) == [lost["use"]]
    assert shop.client.get(path).status_code == 404
    shop.running.do(all_holds)


def test_it_reads_in_three_languages(shop: Shop, lost: dict[str, str]) -> None:
    for language in LANGUAGES:
        shop.client.cookies.set("tillkeeper_language", language)
        words = hq_words(language)
        assert words["granted.title"] in html.unescape(shop.client.get("/admin/held").text)
        shown = html.unescape(shop.client.get(f"/admin/granted/{lost['use']}").text)
        assert words["decision.take_back"] in shown
        assert words["granted.revoked"] in shown
        assert "{" not in shown.split("hq-choice", 1)[1]


def test_what_is_missing_or_not_allowed_is_said(shop: Shop, lost: dict[str, str]) -> None:
    path, api = f"/admin/granted/{lost['use']}", f"/admin/api/granted/{lost['use']}"
    for typed, word in (({"decision": "stand", "reason": "x"}, "give a reason"), ({"reason": WHY}, "understood")):
        assert word in post_form(shop, f"{path}/confirm", **typed).text
    assert shop.client.get("/admin/granted/HX0").status_code == 404
    with browser_of(shop, "support") as support:
        assert "Your role may look at this" in support.get(path).text
        answer = support.post(api, json={"decision": "stand", "reason": WHY}, headers={"Idempotency-Key": "s"})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    with browser_of(shop, "stranger") as stranger:
        assert stranger.get(path).status_code == 404
        assert stranger.get("/admin/api/granted").json() == {"granted": []}
        answer = stranger.post(api, json={"decision": "stand", "reason": WHY}, headers={"Idempotency-Key": "t"})
        assert (answer.status_code, answer.json()["code"]) == (404, "granted_unknown")


def test_a_program_decides_once(shop: Shop, lost: dict[str, str]) -> None:
    api = f"/admin/api/granted/{lost['use']}"
    body = {"decision": "take_back", "reason": WHY}
    assert shop.client.post(api, json=body).json()["code"] == "idempotency_key_missing"
    assert shop.client.post(api, json={**body, "more": "x"}, headers={"Idempotency-Key": "k"}).status_code == 400
    before = shop.running.do(lambda pool: uses_left(pool, lost["pass"]))
    answers = [shop.client.post(api, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["decision"] == "take_back"
    other = shop.client.post(api, json=body, headers={"Idempotency-Key": "other"})
    assert (other.status_code, other.json()["code"]) == (404, "granted_unknown")
    assert shop.running.do(lambda pool: uses_left(pool, lost["pass"])) == before + 1
    assert waits(shop) == [lost["refund"]]


def test_rejecting_its_held_fact_says_what_stays_and_can_take_it_back(shop: Shop, lost: dict[str, str]) -> None:
    shop.running.do(lambda _: shop.till.push())
    assert waits(shop) == [lost["refund"]], "its fact is held: it is decided about there"
    held = shop.client.get("/admin/api/held").json()["held"]
    key = next(row["key"] for row in held if row["reason"] == "terminal_revoked")
    path = f"/admin/held/{key}"
    shown = html.unescape(shop.client.get(path).text)
    assert "What HQ had granted online stays: 1 use · ¥5.00" in shown
    assert "Book as a loss" not in shown
    asked = post_form(shop, f"{path}/confirm", decision="reject", reason=WHY)
    assert "What HQ had granted online stays" in asked.text
    assert "take_back" not in fields(asked.text)
    asked = post_form(shop, f"{path}/confirm", decision="reject_back", reason=WHY)
    assert "what HQ had granted online is undone: 1 use · ¥5.00" in asked.text
    before = shop.running.do(lambda pool: uses_left(pool, lost["pass"]))
    assert shop.client.post(f"{path}/decide", data=fields(asked.text)).status_code == 303
    assert shop.running.do(lambda pool: uses_left(pool, lost["pass"])) == before + 1
    assert "Nothing was posted; the fact is kept." in shop.client.get(path).text
    shop.running.do(all_holds)
