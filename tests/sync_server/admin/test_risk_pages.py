"""Alarms, losses and risk policies over HTTP: seen by name, collected or written off, signed and fetched by tills."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from models import codec
from models.catalogue import LANGUAGES, RiskCaps, RiskPolicy, SignedPolicy
from sync_server.admin.words import hq_words
from sync_server.catalogue import changes
from sync_server.database.engine import Pool
from sync_server.ledger.top_ups import confirm_top_up
from sync_server.reports import risk
from sync_server.staff import passwords
from tests.sync_server import world
from tests.sync_server.admin.conftest import PASSWORD, Shop, csrf_of, sign_in
from tests.sync_server.admin.test_held_pages import fields, key_of, post_form
from tests.sync_server.hq import employ
from tests.sync_server.ledger.asking import OPERATOR, refused
from tests.sync_server.till import all_holds

WHY = "has moved away"
STORE = f"/admin/risk/{world.STORE}"


@pytest.fixture
def owed(shop: Shop) -> str:
    """A redemption on no pass was booked as a loss: 18.00 that the till owes. Its id."""
    shop.running.do(lambda _: shop.till.pair())
    shop.running.do(lambda pool: employ(pool, passwords.hash_password(PASSWORD)))
    key = key_of(shop, "pass_unknown")
    done = shop.client.post(
        f"/admin/api/held/{key}", json={"decision": "write_off", "reason": WHY}, headers={"Idempotency-Key": "k"}
    )
    assert done.json()["outcome"] == "accepted", done.text
    (loss,) = shop.client.get("/admin/api/losses").json()["losses"]
    return str(loss["loss_id"])


@contextmanager
def browser_of(shop: Shop, name: str) -> Iterator[httpx.Client]:
    """Another person's browser."""
    with httpx.Client(base_url=shop.running.address, headers={"Accept-Language": "en"}, timeout=20) as client:
        assert sign_in(client, name).status_code == 303
        yield client


# Losses ---------------------------------------------------------------------------------------------------------------


def test_a_loss_is_collected_after_a_confirmation(shop: Shop, owed: str) -> None:
    page = shop.client.get("/admin/losses").text
    assert "¥18.00" in page
    assert "SZ1T01" in page
    path = f"/admin/losses/{owed}"
    asked = post_form(shop, f"{path}/confirm", how="collect", amount="10", tender="bizum")
    assert "¥10.00 · Bizum" in asked.text
    for _ in range(2):
        assert shop.client.post(f"{path}/settle", data=fields(asked.text)).status_code == 303
    assert "¥8.00" in shop.client.get(path).text
    asked = post_form(shop, f"{path}/confirm", how="write_off", reason=WHY)
    assert shop.client.post(f"{path}/settle", data=fields(asked.text)).status_code == 303
    shown = shop.client.get(path).text
    assert "Written off" in shown
    assert '<form method="post" action="/admin/losses' not in shown
    assert shop.client.get("/admin/api/losses").json()["losses"] == []
    (settled,) = shop.client.get("/admin/api/losses", params={"settled": "1"}).json()["losses"]
    assert (settled["collected"], settled["written_off"]) == (1000, 800)
    late = shop.client.post(f"{path}/settle", data={**fields(asked.text), "key": "other"})
    assert late.status_code == 409
    assert "settled already" in late.text
    shop.running.do(all_holds)


def test_what_is_wrong_with_a_settlement_is_said(shop: Shop, owed: str) -> None:
    wrong = [
        ({"how": "collect", "amount": "x", "tender": "cash"}, "an amount is not valid"),
        ({"how": "collect", "amount": "-1", "tender": "cash"}, "an amount is not valid"),
        ({"how": "collect", "amount": "0", "tender": "cash"}, "an amount is not valid"),
        ({"how": "collect", "amount": "18.01", "tender": "cash"}, "an amount is not valid"),
        ({"how": "collect", "amount": "5", "tender": "card"}, "choose how it was paid"),
        ({"how": "write_off", "reason": ""}, "give a reason"),
    ]
    for data, said in wrong:
        answer = post_form(shop, f"/admin/losses/{owed}/confirm", **data)
        assert (answer.status_code, said in answer.text) == (409, True)


def test_two_of_finance_write_off_and_others_may_not(shop: Shop, owed: str) -> None:
    path = f"/admin/api/losses/{owed}/write-off"
    for name, code in (("support", "permission_missing"), ("stranger", "loss_unknown")):
        with browser_of(shop, name) as client:
            refused = client.post(path, json={"reason": WHY}, headers={"Idempotency-Key": name})
            assert refused.json()["code"] == code
    with browser_of(shop, "finance") as first, browser_of(shop, "finance2") as second:
        headers = {"Idempotency-Key": "k"}
        assert first.post(path, json={"reason": WHY}, headers=headers).json()["status"] == "proposed"
        assert "Write-off proposed" in second.get("/admin/losses").text
        again = first.post(path, json={"reason": WHY}, headers={"Idempotency-Key": "k2"})
        assert (again.status_code, again.json()["code"]) == (409, "same_person")
        assert second.post(path, json={"reason": WHY}, headers=headers).json()["status"] == "written_off"
    shop.running.do(all_holds)


def test_unknown_ones_are_a_clear_page(shop: Shop) -> None:
    for path in ("/admin/losses/x", "/admin/losses/" + world.STORE, "/admin/risk/x"):
        answer = shop.client.get(path)
        assert answer.status_code == 404
        assert "There is no such page" in answer.text


# Alarms ---------------------------------------------------------------------------------------------------------------


def test_an_alarm_says_what_to_do_and_who_has_seen_it(shop: Shop, owed: str) -> None:
    page = shop.client.get("/admin/alarms").text
    assert "Overspent offline" in page
    assert "collect it from the member or write it off" in page
    (alarm,) = shop.client.get("/admin/api/alarms").json()["alarms"]
    assert (alarm["event"], alarm["seen"]) == ("offline_loss", [])
    with browser_of(shop, "auditor") as auditor:
        refused = auditor.post(f"/admin/api/alarms/{alarm['alarm_id']}/seen")
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
        assert "I have seen it" not in auditor.get("/admin/alarms").text
    seen = post_form(shop, f"/admin/alarms/{alarm['alarm_id']}/seen")
    assert (seen.status_code, seen.headers["location"]) == (303, "/admin/alarms")
    assert shop.client.post(f"/admin/api/alarms/{alarm['alarm_id']}/seen").json() == {"outcome": "accepted"}
    page = shop.client.get("/admin/alarms").text
    assert "Overspent offline" in page  # it stays
    assert "Ana · " in page
    assert "I have seen it" not in page
    (alarm,) = shop.client.get("/admin/api/alarms").json()["alarms"]
    assert [name for name, _ in alarm["seen"]] == ["Ana"]
    with browser_of(shop, "stranger") as stranger:
        assert stranger.get("/admin/api/alarms").json() == {"alarms": []}
        refused = stranger.post(f"/admin/api/alarms/{alarm['alarm_id']}/seen")
        assert (refused.status_code, refused.json()["code"]) == (404, "alarm_unknown")
        refused = post_form(Shop(shop.running, shop.till, stranger), f"/admin/alarms/{alarm['alarm_id']}/seen")
        assert refused.status_code == 404


def test_an_alarm_that_the_list_has_no_room_for_is_closed(
    shop: Shop, owed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alarm,) = shop.client.get("/admin/api/alarms").json()["alarms"]
    monkeypatch.setattr(risk, "ALARMS_SHOWN", 0)
    assert shop.client.get("/admin/api/alarms").json() == {"alarms": []}
    path = f"/admin/api/alarms/{alarm['alarm_id']}"
    assert shop.client.post(f"{path}/seen").json() == {"outcome": "accepted"}
    assert shop.client.post(f"{path}/close", json={"note": WHY}).json() == {"outcome": "accepted"}
    assert shop.client.post("/admin/api/alarms/x/seen").status_code == 400
    refused = post_form(shop, "/admin/alarms/x/seen")
    assert (refused.status_code, "Traceback" in refused.text) == (400, False)


def test_a_fork_is_an_alarm_that_leads_to_its_fact(shop: Shop) -> None:
    async def fork(_: Pool) -> None:
        clone = replace(shop.till, texts=list(shop.till.texts), counters=dict(shop.till.counters))
        shop.till.order()
        await shop.till.push()
        clone.order()
        await clone.push()

    shop.running.do(fork)
    page = shop.client.get("/admin/alarms").text
    assert "Two histories of one till" in page
    assert "revoke it, pair it anew" in page
    key = key_of(shop, "fork")
    assert f"/admin/held/{key}" in page


def test_an_alarm_of_no_merchant_is_seen_by_the_operators_people(shop: Shop) -> None:
    shop.running.do(lambda pool: employ(pool, passwords.hash_password(PASSWORD)))
    code, _ = shop.running.do(lambda pool: refused(pool, OPERATOR, confirm_top_up, "TK-nobody", "pay-77"))
    assert code == "transaction_unknown"
    page = shop.client.get("/admin/alarms").text
    assert "A payment that no card can be credited with" in page
    assert "payment_ref: pay-77, tx_no: TK-nobody" in page
    (alarm,) = shop.client.get("/admin/api/alarms").json()["alarms"]
    assert (alarm["event"], alarm["data"]["payment_ref"]) == ("payment_unmatched", "pay-77")
    assert shop.client.get("/admin/terminals").text.count("hq-count") == 2  # a held fact, this alarm
    seen = f"/admin/api/alarms/{alarm['alarm_id']}/seen"
    for name in ("owner", "finance", "support", "auditor"):
        with browser_of(shop, name) as client:
            assert client.get("/admin/api/alarms").json() == {"alarms": []}
            assert client.post(seen).status_code == 404
            assert client.get("/admin/terminals").text.count("hq-count") == 1
    assert post_form(shop, seen.replace("/api", "")).status_code == 303
    assert shop.client.get("/admin/terminals").text.count("hq-count") == 1
    (alarm,) = shop.client.get("/admin/api/alarms").json()["alarms"]
    assert [name for name, _ in alarm["seen"]] == ["Ana"]


# Risk policies --------------------------------------------------------------------------------------------------------

CAPS = {"uses.per_operation": "1", "uses.per_member_day": "2", "uses.per_terminal": "20",
        "uses.sync_age_seconds": "86400", "uses.snapshot_age_seconds": "3600", "personal_card.per_terminal": "5000",
        "personal_card.per_operation": "1000", "personal_card.per_member_day": "2000"}  # fmt: skip


def test_a_policy_is_confirmed_signed_and_fetched_by_its_tills(shop: Shop) -> None:
    shop.running.do(lambda _: shop.till.pair())
    assert "Nothing may be spent unproven." in shop.client.get("/admin/risk").text
    asked = post_form(shop, f"{STORE}/confirm", based_on="0", **CAPS)
    assert "0 → 20" in asked.text
    for _ in range(2):
        assert shop.client.post(f"{STORE}/issue", data=fields(asked.text)).headers["location"] == "/admin/risk"
    found = shop.client.get("/admin/api/risk").json()
    assert found["worst_case"] == [
        {"unit": "use", "caps": 20, "reserved": 0, "total": 20},
        {"unit": "CNY", "caps": 5000, "reserved": 0, "total": 5000},
    ]
    page = shop.client.get("/admin/risk").text
    assert "20 uses" in page
    assert "¥50.00" in page

    async def pull(pool: Pool) -> list[RiskPolicy]:
        answer = await changes.page(pool, shop.till.keys, shop.till.identity, "")
        return [
            codec.decode(RiskPolicy, codec.from_plain(SignedPolicy, change.value).body)
            for change in answer.changes if change.table == "policy"
        ]  # fmt: skip

    (policy,) = shop.running.do(pull)
    assert (policy.version, policy.caps("uses")) == (1, RiskCaps(1, 2, 20, 86400, 3600))
    late = post_form(shop, f"{STORE}/confirm", based_on="0", **CAPS)
    late = shop.client.post(f"{STORE}/issue", data=fields(late.text))
    assert late.status_code == 409
    assert "somebody else has set a newer policy" in late.text


def test_an_absurd_limit_is_said(shop: Shop) -> None:
    wrong = {"-1": "a limit is negative", "x": "an amount is not valid", "9999999999": "a limit is negative or too"}
    for text, said in wrong.items():
        answer = post_form(shop, f"{STORE}/confirm", based_on="0", **(CAPS | {"uses.per_terminal": text}))
        assert (answer.status_code, said in answer.text) == (409, True)
        body = {"based_on": 0, "uses.per_terminal": text}
        refused = shop.client.post(f"/admin/api/risk/{world.STORE}", json=body, headers={"Idempotency-Key": "k"})
        assert refused.status_code == 400


def test_a_policy_keeps_what_is_not_named(shop: Shop) -> None:
    path, first = f"/admin/api/risk/{world.STORE}", {"based_on": 0, **CAPS}
    assert shop.client.post(path, json=first, headers={"Idempotency-Key": "1"}).json()["version"] == 1
    second = {"based_on": 1, "uses.per_terminal": 7, "tickets.per_operation": 3}
    for _ in range(2):
        assert shop.client.post(path, json=second, headers={"Idempotency-Key": "2"}).json()["version"] == 2
    (store,) = (one for one in shop.client.get("/admin/api/risk").json()["stores"] if one["store_id"] == world.STORE)
    policy = store["policy"]
    assert (policy["max_uses_per_operation"], policy["max_uses_terminal"]) == (1, 7)
    assert (policy["tickets"]["per_operation"], policy["personal_card"]["per_terminal"]) == (3, 5000)
    wrong = [
        ({"based_on": 2, "nonsense.cap": 5}, "request_malformed", {"pointer": "/nonsense.cap"}),
        ({"based_on": 2, "uses.per_terminal": True}, "request_malformed", {"pointer": "/uses.per_terminal"}),
        ({"based_on": 2}, "request_malformed", {"pointer": ""}),
        ({"based_on": 99999999999, "uses.per_terminal": 1}, "amount_invalid", None),
        ({"based_on": 1, "uses.per_terminal": 1}, "policy_changed", {"version": 2}),
    ]
    for number, (body, code, data) in enumerate(wrong):
        refused = shop.client.post(path, json=body, headers={"Idempotency-Key": f"w{number}"}).json()
        assert (refused["code"], refused.get("data")) == (code, data)


def test_fields_that_nobody_knows_are_refused_on_money(shop: Shop, owed: str) -> None:
    wrong = [
        ("collect", {"amount": 1, "paid": 1, "tender": "cash", "currency": "EUR"}, "/currency"),
        ("write-off", {"reason": WHY, "amount": 1}, "/amount"),
    ]
    for act, body, pointer in wrong:
        refused = shop.client.post(f"/admin/api/losses/{owed}/{act}", json=body, headers={"Idempotency-Key": act})
        assert (refused.status_code, refused.json()["code"]) == (400, "request_malformed")
        assert refused.json()["data"] == {"pointer": pointer}
    (loss,) = shop.client.get("/admin/api/losses").json()["losses"]
    assert loss["left"] == 1800


def test_who_may_set_a_policy(shop: Shop) -> None:
    shop.running.do(lambda pool: employ(pool, passwords.hash_password(PASSWORD)))
    body = {"based_on": 0, "uses.per_operation": 1}
    for name, status in (("finance", 403), ("auditor", 403), ("stranger", 404)):
        with browser_of(shop, name) as client:
            refused = client.post(f"/admin/api/risk/{world.STORE}", json=body, headers={"Idempotency-Key": "k"})
            assert refused.status_code == status, refused.text
            assert "act.next" not in client.get(STORE).text
    with browser_of(shop, "owner") as owner:
        done = owner.post(f"/admin/api/risk/{world.STORE}", json=body, headers={"Idempotency-Key": "k"})
        assert done.json() == {"outcome": "accepted", "version": 1}


def test_the_pages_read_in_the_persons_language(shop: Shop, owed: str) -> None:
    pages = {"alarms": "advice.offline_loss", "losses": "losses.hint", f"losses/{owed}": "loss.write_off_does",
             "risk": "risk.worst_hint", f"risk/{world.STORE}": "risk.form_hint"}  # fmt: skip
    for language in LANGUAGES:
        shop.client.headers["Accept-Language"] = language
        for path, word in pages.items():
            assert hq_words(language)[word] in html.unescape(shop.client.get(f"/admin/{path}").text)


def test_the_menu_counts_what_waits(shop: Shop, owed: str) -> None:
    text = shop.client.get("/admin/terminals").text
    assert csrf_of(shop.client)
    assert text.count("hq-count") == 2  # one held fact that cannot be read, one alarm
