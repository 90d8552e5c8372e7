"""Tills over HTTP: listed with what they may lose, shut out after a confirmation, their queue decided with its sums."""

from __future__ import annotations

import html
from dataclasses import replace

import httpx
import pytest

from models.catalogue import LANGUAGES
from sync_server.admin.words import hq_words
from sync_server.database.engine import Pool, transaction
from sync_server.keys import Keyring
from sync_server.reports import fleet, risk
from sync_server.staff import passwords
from tests.sync_server import world
from tests.sync_server.admin.conftest import PASSWORD, Shop
from tests.sync_server.admin.test_held_pages import fields, post_form
from tests.sync_server.admin.test_risk_pages import browser_of
from tests.sync_server.hq import HQ, employ
from tests.sync_server.till import OTHER_MEMBER, OWN, all_holds, rows, set_policy, uses_left, value

TERMINAL = f"/admin/terminals/{world.TERMINAL}"
API = f"/admin/api/terminals/{world.TERMINAL}"
WHY = "was stolen on Friday"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop, its till paired, with people of every role and a policy."""
    shop.running.do(lambda _: shop.till.pair())
    shop.running.do(lambda pool: employ(pool, passwords.hash_password(PASSWORD)))
    shop.running.do(set_policy)
    return shop


def revoke(client: httpx.Client, key: str = "k", reason: str = WHY) -> httpx.Response:
    return client.post(f"{API}/revoke", json={"reason": reason}, headers={"Idempotency-Key": key})


def hand_in(shop: Shop) -> str:
    """What the revoked till still had: an order, a pass sold and used twice, once with an extra. The pass."""

    async def push(_: Pool) -> str:
        shop.till.status = "revoked"
        shop.till.order()
        sold = shop.till.sell_pass(member_id=OTHER_MEMBER)
        shop.till.redeem(sold.pass_id, OWN, member_id=OTHER_MEMBER)
        shop.till.redeem(sold.pass_id, OWN, extra=1, member_id=OTHER_MEMBER)
        answer = await shop.till.push()
        assert [(one.outcome, one.reason) for one in answer.results[-4:]] == [("held", "terminal_revoked")] * 4
        return sold.pass_id

    return shop.running.do(push)


def terminal(shop: Shop) -> dict[str, object]:
    found = shop.client.get("/admin/api/terminals").json()["terminals"]
    return next(row for row in found if row["terminal_id"] == world.TERMINAL)


def test_the_list_says_what_each_till_may_lose(shop: Shop) -> None:
    row = terminal(shop)
    assert (row["status"], row["seq"], row["held"], row["cap"]) == ("paired", 5, 2, {"use": 4})
    assert row["exposure"] == {"use": 4}
    page = shop.client.get("/admin/terminals").text
    assert f'href="{TERMINAL}"' in page
    assert "4 uses" in page


def test_one_till_is_asked_for_alone(shop: Shop) -> None:
    async def asked(pool: Pool) -> None:
        async with transaction(pool, HQ) as connection:
            every = await fleet.terminals(connection)
            assert len(every) > 1
            for row in every:
                assert await fleet.terminals(connection, row.terminal_id) == (row,)
                assert await fleet.terminal(connection, str(row.terminal_id)) == row
            assert await fleet.terminal(connection, world.STORE) is None
            caps = {one.unit: one.caps for one in await risk.worst_case(connection, await risk.policies(connection))}
            assert caps == {"use": sum(row.cap.get("use", 0) for row in every)}

    shop.running.do(asked)
    assert "facts" not in shop.client.get("/admin/api/terminals").json()["terminals"][0]


def test_a_till_is_revoked_after_a_confirmation_once_and_audited(shop: Shop) -> None:
    assert "stops selling as soon as it reaches the server" in shop.client.get(TERMINAL).text
    asked = post_form(shop, f"{TERMINAL}/revoke/confirm", reason=WHY)
    assert "Revoke this till" in asked.text
    assert terminal(shop)["status"] == "paired"  # nothing yet
    for _ in range(2):  # a second click is the same act
        done = shop.client.post(f"{TERMINAL}/revoke", data=fields(asked.text))
        assert (done.status_code, done.headers["location"]) == (303, TERMINAL)
    shown = shop.client.get(TERMINAL).text
    assert WHY in shown
    assert "Ana · " in shown
    row = terminal(shop)
    assert (row["status"], row["cap"], row["exposure"], row["revoked_by"]) == ("revoked", {}, {}, "Ana")
    late = revoke(shop.client)
    assert (late.status_code, late.json()["code"]) == (409, "terminal_revoked")
    audited = "SELECT data ->> 'code' FROM audit.event_log WHERE event = 'terminal_revoked'"
    assert shop.running.do(lambda pool: rows(pool, audited)) == [("SZ1T01",)]
    shop.running.do(all_holds)


def test_who_may_revoke(shop: Shop) -> None:
    for name, code in (("finance", "permission_missing"), ("auditor", "permission_missing"),
                       ("support", "permission_missing"), ("stranger", "terminal_unknown")):  # fmt: skip
        with browser_of(shop, name) as client:
            assert revoke(client, name).json()["code"] == code
            assert client.get(TERMINAL).text.count("/revoke/confirm") == 0
    assert revoke(shop.client, "x", "no").json()["code"] == "reason_missing"
    assert revoke(shop.client, "").json()["code"] == "idempotency_key_missing"
    unpaired = f"/admin/api/terminals/{world.THIRD_TERMINAL}/revoke"
    answer = shop.client.post(unpaired, json={"reason": WHY}, headers={"Idempotency-Key": "u"})
    assert answer.json()["code"] == "not_paired"
    with browser_of(shop, "owner") as owner:
        assert revoke(owner).json() == {"outcome": "accepted", "terminal": "SZ1T01", "seq": 5}


def test_a_push_on_its_way_while_the_till_is_revoked_is_held(shop: Shop) -> None:
    assert revoke(shop.client).status_code == 200

    async def push(_: Pool) -> list[tuple[str, str | None]]:
        shop.till.order()  # it was let in just before: its identity still says paired
        return [(one.outcome, one.reason) for one in (await shop.till.push()).results[-1:]]

    assert shop.running.do(push) == [("held", "terminal_revoked")]


def test_a_queue_is_counted_and_posted_with_one_confirmation(shop: Shop) -> None:
    revoke(shop.client)
    pass_id = hand_in(shop)
    row = terminal(shop)
    assert (row["held"], row["quarantined"], row["seq"]) == (6, 4, 9)
    assert shop.running.do(lambda pool: value(pool, "SELECT count(*) FROM app.member_passes")) == 1
    shown = shop.client.get(TERMINAL).text
    assert "¥176.00 · 2 uses" in shown
    asked = post_form(shop, f"{TERMINAL}/queue/confirm", decision="post", reason=WHY)
    assert "4 × · ¥176.00 · 2 uses" in html.unescape(asked.text)
    assert terminal(shop)["quarantined"] == 4  # nothing yet
    for _ in range(2):
        done = shop.client.post(f"{TERMINAL}/queue/decide", data=fields(asked.text))
        assert (done.status_code, done.headers["location"]) == (303, TERMINAL)
    assert terminal(shop)["quarantined"] == 0
    assert shop.running.do(lambda pool: uses_left(pool, pass_id)) == 8
    decided = "SELECT decision, reason FROM app.held_decisions"
    assert shop.running.do(lambda pool: rows(pool, decided)) == [("post", WHY)] * 4
    shop.running.do(all_holds)


def test_a_quarantined_new_member_is_made_before_the_pass_sold_to_them(shop: Shop, keys: Keyring) -> None:
    revoke(shop.client)

    async def push(_: Pool) -> str:
        shop.till.status = "revoked"
        own, shop.till.keys = shop.till.keys, keys  # sealed for the server that runs
        made = shop.till.create_member("+34600111222")
        shop.till.keys = own
        sold = shop.till.sell_pass(member_id=made.member_id)
        await shop.till.push()
        return sold.pass_id

    pass_id = shop.running.do(push)
    body = {"decision": "post", "reason": WHY, "upto": 7}
    done = shop.client.post(f"{API}/queue", json=body, headers={"Idempotency-Key": "q"}).json()
    assert done == {"outcome": "accepted", "decided": 2, "refused": [], "left": 0}
    assert shop.running.do(lambda pool: uses_left(pool, pass_id)) == 10
    shop.running.do(all_holds)


def test_an_unknown_decision_is_told_as_one(shop: Shop) -> None:
    revoke(shop.client)
    hand_in(shop)
    for decision in ("", "post_to", "dance"):
        answer = post_form(shop, f"{TERMINAL}/queue/confirm", decision=decision, reason=WHY)
        assert (answer.status_code, "cannot be understood" in answer.text) == (409, True)


def test_what_comes_after_the_confirmation_is_not_decided_with_it(shop: Shop) -> None:
    revoke(shop.client)
    hand_in(shop)
    asked = fields(post_form(shop, f"{TERMINAL}/queue/confirm", decision="reject", reason=WHY).text)

    async def more(_: Pool) -> None:
        shop.till.order()
        await shop.till.push()

    shop.running.do(more)
    assert shop.client.post(f"{TERMINAL}/queue/decide", data=asked).status_code == 303
    assert terminal(shop)["quarantined"] == 1
    posted = "SELECT count(*) FROM app.transactions"
    assert shop.running.do(lambda pool: value(pool, posted)) == 3  # those of the shop's day, before
    shop.running.do(all_holds)


def test_what_the_ledger_refuses_of_a_queue_stays(shop: Shop) -> None:
    revoke(shop.client)
    hand_in(shop)
    queue = shop.client.get(f"{API}/queue").json()
    assert ([row["kind"] for row in queue["queue"]], queue["upto"]) == (
        ["OrderPaid", "PassSold", "PassRedeemed", "PassRedeemed"], 9
    )  # fmt: skip
    body = {"decision": "write_off", "reason": WHY, "upto": queue["upto"]}
    with browser_of(shop, "finance") as finance:
        refused = finance.post(f"{API}/queue", json=body, headers={"Idempotency-Key": "f"})
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    done = shop.client.post(f"{API}/queue", json=body, headers={"Idempotency-Key": "q"}).json()
    assert (done["decided"], done["left"]) == (2, 2)
    assert {one["code"] for one in done["refused"]} == {"nothing_lost"}
    wrong = shop.client.post(f"{API}/queue", json={**body, "decision": "post_to"}, headers={"Idempotency-Key": "w"})
    assert wrong.json()["code"] == "request_malformed"
    shop.running.do(all_holds)


def test_a_fork_of_a_revoked_till_is_decided_singly(shop: Shop) -> None:
    async def fork(_: Pool) -> None:
        clone = replace(shop.till, texts=list(shop.till.texts), counters=dict(shop.till.counters))
        shop.till.order()
        await shop.till.push()
        clone.status = "revoked"
        clone.order()
        await clone.push()

    shop.running.do(fork)
    revoke(shop.client)
    assert terminal(shop)["quarantined"] == 0
    (key,) = [row["key"] for row in shop.client.get("/admin/api/held").json()["held"] if row["reason"] == "fork"]
    page = shop.client.get(TERMINAL).text
    assert f"/admin/held/{key}" in page.split('id="branch"')[1]
    assert f"/admin/held/{key}" not in page.split('id="branch"')[0]


def test_the_pages_of_tills_read_in_the_persons_language(shop: Shop) -> None:
    revoke(shop.client)
    hand_in(shop)
    for language in LANGUAGES:
        shop.client.headers["Accept-Language"] = language
        words = hq_words(language)
        page = html.unescape(shop.client.get(TERMINAL).text)
        for word in ("revoke.done", "queue.hint", "column.exposure", "does.write_off"):
            assert words[word] in page
        assert words["terminals.hint"] in html.unescape(shop.client.get("/admin/terminals").text)


def test_a_till_that_is_not_there_is_a_clear_page(shop: Shop) -> None:
    for path in ("/admin/terminals/x", f"/admin/terminals/{world.STORE}"):
        assert shop.client.get(path).status_code == 404
