"""The held queue over HTTP: looked at, confirmed, decided once, told clearly, in three languages, by who may."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from models.catalogue import LANGUAGES
from models.people import Person
from sync_server.admin.words import hq_words
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.keys import Keyring
from sync_server.members import people
from sync_server.staff import passwords
from tests.sync_server import world
from tests.sync_server.admin.conftest import PASSWORD, Shop, csrf_of, sign_in
from tests.sync_server.hq import employ
from tests.sync_server.till import MEMBER, OTHER_MEMBER, OWN, all_holds, set_plan, uses_left, value

WHY = "the cashier confirmed it"


@pytest.fixture
def counter(shop: Shop) -> Shop:
    """The shop, where one redemption more than its plan allows is held too; with people of every role."""

    async def more(pool: object) -> None:
        await shop.till.pair()
        await employ(shop.till.pool, passwords.hash_password(PASSWORD))
        await set_plan(shop.till, max_uses_per_order=1)
        sold = shop.till.sell_pass(member_id=MEMBER, stacked=False)
        shop.till.redeem(sold.pass_id, OWN, cups=2, extra=1)
        await shop.till.push()

    shop.running.do(more)
    return shop


@pytest.fixture
def named(counter: Shop, keys: Keyring) -> Shop:
    """The same, where the members have names, the cashier too, who redeemed too much once more."""

    async def name(pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            await put(connection, world.person())
            for number, member_id in enumerate((MEMBER, OTHER_MEMBER), 1):
                who = Person("林小满", f"+861380000000{number}", "zh-CN")
                columns = people.sealed(keys, member_id, who, datetime.now(UTC))
                await connection.execute(
                    "UPDATE app.members SET key_sealed = %(key_sealed)s, name_sealed = %(name_sealed)s,"
                    " phone_sealed = %(phone_sealed)s, phone_index = %(phone_index)s,"
                    " phone_tail_index = %(phone_tail_index)s WHERE member_id = %(member_id)s",
                    {**columns, "member_id": member_id},
                )
        pass_id = await value(pool, "SELECT pass_id::text FROM app.member_passes")
        used = counter.till.redemption(pass_id, OWN, cups=3)
        counter.till.fact(used, cashier_id=world.STAFF, approver_id=str(uuid4()))
        own, counter.till.keys = counter.till.keys, keys  # sealed for the server that runs
        counter.till.create_member("+34600111222", "Marta Gil")
        counter.till.keys = own
        await counter.till.push()

    counter.running.do(name)
    return counter


def key_of(shop: Shop, reason: str) -> str:
    """The fact that is held for this reason."""
    held = shop.client.get("/admin/api/held").json()["held"]
    return str(next(row["key"] for row in held if row["reason"] == reason))


@pytest.fixture
def key(counter: Shop) -> str:
    """The redemption over its plan's limit."""
    return key_of(counter, "uses_per_order_exceeded")


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a confirmation."""
    form = page.split("hq-buttons")[1]
    return {name: html.unescape(text) for name, text in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def post_form(shop: Shop, path: str, **data: str) -> httpx.Response:
    """Send a form of this person's."""
    return shop.client.post(path, data={"csrf_token": csrf_of(shop.client), **data})


@pytest.fixture
def as_role(counter: Shop) -> Iterator[dict[str, httpx.Client]]:
    """A browser for each role."""
    clients = {}
    for name in ("finance", "support", "auditor", "stranger"):
        clients[name] = httpx.Client(base_url=counter.running.address, headers={"Accept-Language": "en"}, timeout=20)
        assert sign_in(clients[name], name).status_code == 303
    yield clients
    for client in clients.values():
        client.close()


def test_a_fact_is_looked_at_confirmed_and_posted(counter: Shop, key: str) -> None:
    listed = counter.client.get("/admin/held").text
    assert f"/admin/held/{key}" in listed
    shown = counter.client.get(f"/admin/held/{key}").text
    for word in ("more uses than the plan allows an order", "Post as it is", "Book as a loss", "Reject", "¥5.00"):
        assert word in shown
    asked = post_form(counter, f"/admin/held/{key}/confirm", decision="post", reason=WHY)
    assert asked.status_code == 200
    assert "Please confirm:" in asked.text
    assert WHY in asked.text
    assert len(counter.client.get("/admin/api/held").json()["held"]) == 3  # nothing yet
    hidden = fields(asked.text)
    assert hidden["decision"] == "post"
    for _ in range(2):  # a second click is the same act
        done = counter.client.post(f"/admin/held/{key}/decide", data=hidden)
        assert (done.status_code, done.headers["location"]) == (303, f"/admin/held/{key}")
    shown = counter.client.get(f"/admin/held/{key}").text
    assert "The fact has been posted." in shown
    assert "Ana" in shown
    assert WHY in shown
    listed = counter.client.get("/admin/held").text
    assert "Decided last" in listed
    row = counter.client.get(f"/admin/api/orders/{key}").json()["row"]
    assert (row["state"], row["decision"], row["uses"], row["amount_minor"]) == ("posted", "post", 2, 500)
    assert row["tx_no"].startswith("HX")
    order = counter.client.get(f"/admin/orders/{key}").text
    assert "Post as it is · Ana" in order
    counter.running.do(all_holds)


def test_a_decision_made_before_is_told(counter: Shop, key: str) -> None:
    asked = fields(post_form(counter, f"/admin/held/{key}/confirm", decision="post", reason=WHY).text)
    rival = fields(post_form(counter, f"/admin/held/{key}/confirm", decision="reject", reason=WHY).text)
    assert counter.client.post(f"/admin/held/{key}/decide", data=asked).status_code == 303
    late = counter.client.post(f"/admin/held/{key}/decide", data=rival)
    assert late.status_code == 409
    assert "somebody has decided this already" in late.text


def test_what_is_missing_is_said_before_anything_is_confirmed(counter: Shop, key: str) -> None:
    wrong = [
        ({"decision": "post", "reason": "x"}, "give a reason"),
        ({"decision": "dance", "reason": WHY}, "cannot be understood"),
        ({"decision": "post_to", "reason": WHY}, "name the account"),
        ({"decision": "post_to", "reason": WHY, "pass_id": "x"}, "cannot be understood"),
    ]
    for data, said in wrong:
        answer = post_form(counter, f"/admin/held/{key}/confirm", **data)
        assert answer.status_code >= 400
        assert said in answer.text
        assert "Nothing was changed" in answer.text
    assert len(counter.client.get("/admin/api/held").json()["held"]) == 3


def test_a_use_of_an_unknown_pass_goes_to_one_of_the_members(counter: Shop) -> None:
    key = key_of(counter, "pass_unknown")
    shown = counter.client.get(f"/admin/held/{key}").text
    choices = re.findall(r'<option value="([0-9a-f-]{36})">', shown)
    assert len(choices) == 1  # both sales made one pass of this plan
    asked = post_form(counter, f"/admin/held/{key}/confirm", decision="post_to", reason=WHY, pass_id=choices[0])
    assert choices[0] in asked.text
    assert counter.client.post(f"/admin/held/{key}/decide", data=fields(asked.text)).status_code == 303
    assert "posted to the named account" in counter.client.get(f"/admin/held/{key}").text


def test_the_page_says_whom_and_what_it_is_about(named: Shop) -> None:
    """Masked, with every number that a cashier can find again; and each decision in the fact's own numbers."""
    counter = named
    held = counter.client.get("/admin/api/held").json()["held"]
    (key,) = [row["key"] for row in held if row["uses"] == 3]
    shown = html.unescape(counter.client.get(f"/admin/held/{key}").text)
    about = shown.split('id="about"')[1].split("</table>")[0]
    for word in (
        "M0 · 林** · 138****0001",
        "left: 18 uses",
        "active",
        "SZ1T01",
        "VR.SZ1T01.",
        "小李",
        "unknown here (",
    ):
        assert word in about, word
    assert "林小满" not in shown
    assert "Taken off the pass: 3 uses (left now: 18 uses)" in shown
    assert "No pass pays. The loss of 3 uses" in shown
    asked = post_form(counter, f"/admin/held/{key}/confirm", decision="post", reason=WHY).text
    assert "Taken off the pass: 3 uses" in asked
    assert "138****0001" in asked


def test_a_held_new_member_is_shown_masked(named: Shop) -> None:
    held = named.client.get("/admin/api/held").json()["held"]
    (key,) = [row["key"] for row in held if row["kind"] == "MemberCreated"]
    shown = html.unescape(named.client.get(f"/admin/held/{key}").text)
    assert "M**** G** · +34****1222" in shown
    assert "Marta" not in shown


def test_another_members_pass_is_looked_up_not_typed(named: Shop) -> None:
    counter = named
    key = key_of(counter, "pass_unknown")

    async def sell(_: object) -> str:
        sold = counter.till.sell_pass(member_id=OTHER_MEMBER)
        await counter.till.push()
        return sold.pass_id

    pass_id = counter.running.do(sell)
    assert f'value="{pass_id}"' not in counter.client.get(f"/admin/held/{key}").text
    assert "The ledger does not know this pass" in counter.client.get(f"/admin/held/{key}").text
    for find in ("13800000002", "0002", "m1", OTHER_MEMBER):
        found = post_form(counter, f"/admin/held/{key}/find", find=find, reason=WHY)
        assert found.status_code == 200
        assert f'value="{pass_id}"' in found.text, find
        assert f'value="{WHY}"' in found.text  # what was typed stays
        assert not counter.client.get(f"/admin/held/{key}").request.url.query
    nobody = post_form(counter, f"/admin/held/{key}/find", find="99")
    assert (nobody.status_code, f'value="{pass_id}"' in nobody.text) == (200, False)
    asked = post_form(counter, f"/admin/held/{key}/confirm", decision="post_to", reason=WHY, pass_id=pass_id, find="99")
    assert "left: 10 uses" in asked.text  # said by name, not by id
    assert counter.client.post(f"/admin/held/{key}/decide", data=fields(asked.text)).status_code == 303
    assert counter.running.do(lambda pool: uses_left(pool, pass_id)) == 9
    counter.running.do(all_holds)


def test_what_cannot_be_read_offers_only_rejection(counter: Shop) -> None:
    key = key_of(counter, "fact_unreadable")
    shown = counter.client.get(f"/admin/held/{key}").text
    assert re.findall(r'name="decision" value="(\w+)"', shown) == ["reject"]
    refused = counter.client.post(
        f"/admin/api/held/{key}", json={"decision": "post", "reason": WHY}, headers={"Idempotency-Key": "k"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "held_not_postable")


def test_the_loss_of_a_fact_stands_under_losses(counter: Shop, key: str) -> None:
    asked = post_form(counter, f"/admin/held/{key}/confirm", decision="write_off", reason=WHY)
    assert counter.client.post(f"/admin/held/{key}/decide", data=fields(asked.text)).status_code == 303
    (loss,) = counter.client.get("/admin/api/losses").json()["losses"]
    assert (loss["amount"], loss["member_no"], loss["value_minor"]) == (2, "M0", 3000)
    assert "¥30.00" in counter.client.get("/admin/losses").text
    assert counter.client.get(f"/admin/api/orders/{key}").json()["row"]["state"] == "written_off"
    counter.running.do(all_holds)


def test_the_endpoint_decides_once_per_key(counter: Shop, key: str) -> None:
    path, body = f"/admin/api/held/{key}", {"decision": "reject", "reason": WHY}
    missing = counter.client.post(path, json=body)
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_missing")
    headers = {"Idempotency-Key": str(uuid4())}
    first = counter.client.post(path, json=body, headers=headers)
    assert first.json() == {"outcome": "accepted", "decision": "reject"}
    assert counter.client.post(path, json=body, headers=headers).json() == first.json()
    other = counter.client.post(path, json={**body, "reason": "another"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "content_differs")
    late = counter.client.post(path, json=body, headers={"Idempotency-Key": "k2"})
    assert (late.status_code, late.json()["code"], late.json()["data"]) == (409, "held_decided", {"decision": "reject"})
    for wrong in ({}, {"decision": 1}, {"decision": "post", "reason": WHY, "account": {"x": "y"}}):
        assert counter.client.post(path, json=wrong, headers=headers).status_code == 400
    unknown = counter.client.post("/admin/api/held/" + "0" * 64, json=body, headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "held_unknown")


def test_who_may_not_decide_sees_no_form_and_is_refused(
    counter: Shop, key: str, as_role: dict[str, httpx.Client]
) -> None:
    body = {"decision": "post", "reason": WHY}
    for name in ("support", "auditor"):
        page = as_role[name].get(f"/admin/held/{key}").text
        assert "Your role may look at this" in page
        assert 'name="decision"' not in page
        refused = as_role[name].post(f"/admin/api/held/{key}", json=body, headers={"Idempotency-Key": name})
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert as_role["stranger"].get(f"/admin/held/{key}").status_code == 404
    refused = as_role["stranger"].post(f"/admin/api/held/{key}", json=body, headers={"Idempotency-Key": "s"})
    assert (refused.status_code, refused.json()["code"]) == (404, "held_unknown")
    done = as_role["finance"].post(f"/admin/api/held/{key}", json=body, headers={"Idempotency-Key": "f"})
    assert done.json()["outcome"] == "accepted"


def test_a_form_without_the_sessions_token_decides_nothing(counter: Shop, key: str) -> None:
    data = {"csrf_token": "x", "decision": "reject", "reason": WHY, "key": "k"}
    for step in ("confirm", "decide"):
        assert counter.client.post(f"/admin/held/{key}/{step}", data=data).status_code == 403
    assert len(counter.client.get("/admin/api/held").json()["held"]) == 3


def test_every_step_reads_in_the_persons_language(counter: Shop, key: str) -> None:
    for language in LANGUAGES:
        words = hq_words(language)
        counter.client.headers["Accept-Language"] = language
        assert words["does.reject"] in html.unescape(counter.client.get(f"/admin/held/{key}").text)
        asked = html.unescape(post_form(counter, f"/admin/held/{key}/confirm", decision="reject", reason=WHY).text)
        assert words["act.confirm"] in asked
        assert words["decision.reject"] in asked
        refused = html.unescape(post_form(counter, f"/admin/held/{key}/confirm", decision="reject", reason="").text)
        assert words["refused.reason_missing"] in refused


def test_markup_in_a_reason_stays_text(counter: Shop, key: str) -> None:
    evil = '"><script>alert(1)</script>'
    asked = post_form(counter, f"/admin/held/{key}/confirm", decision="reject", reason=evil)
    assert "<script>alert" not in asked.text
    assert counter.client.post(f"/admin/held/{key}/decide", data=fields(asked.text)).status_code == 303
    assert "<script>alert" not in counter.client.get(f"/admin/held/{key}").text
