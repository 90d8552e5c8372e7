"""The door of the member's page: a number, a code, a session, and no way round."""

from __future__ import annotations

import re

import httpx
import psycopg
import pytest

from sync_server.database.urls import DatabaseUrls
from sync_server.messages.sms import Sender
from sync_server.mine.desk import COOKIE, Mine, safe_back
from sync_server.mine.router import router
from tests.sync_server.api.conftest import running_server
from tests.sync_server.mine.conftest import OTHER_PHONE, PHONE, STRANGER, Page, csrf_of, token_of


def ask(client: httpx.Client, phone: str, **more: str) -> httpx.Response:
    return client.post("/m/sign-in", data={"country": "86", "phone": phone, **more})


def test_a_member_signs_in_and_stays(mine: Page, database: DatabaseUrls) -> None:
    with mine.phone() as client:
        door = client.get("/m/wallet")
        assert (door.status_code, door.headers["location"]) == (303, "/m/sign-in?back=/m/wallet")
        entered = mine.sign_in(client, back="/m/wallet")
        assert (entered.status_code, entered.headers["location"]) == (303, "/m/wallet")
        cookie = entered.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/m", "Max-Age=2592000"))
        assert "Secure" not in cookie
        assert client.get("/m/wallet").status_code == 200
        with psycopg.connect(database.maintenance) as connection:
            connection.execute("SET ROLE tillkeeper_owner")
            kept = str(connection.execute("SELECT s FROM sec.member_sessions s").fetchall())
        assert token_of(client) not in kept


def test_over_https_the_cookie_is_secure(mine: Page) -> None:
    with mine.phone() as client:
        client.headers["X-Forwarded-Proto"] = "https"  # as a proxy on this machine says
        assert "Secure" in mine.sign_in(client).headers["set-cookie"]


def test_a_stranger_sees_the_same_and_gets_no_message(mine: Page) -> None:
    with mine.phone() as client:
        known, unknown = ask(client, PHONE), ask(client, STRANGER)
        assert mine.gateway.code_for(PHONE)
        assert known.text.replace(PHONE, "N") == unknown.text.replace(STRANGER, "N")
        assert (known.status_code, dict(known.headers).keys()) == (unknown.status_code, dict(unknown.headers).keys())
        wrong = [client.post("/m/sign-in/code", data={"phone": one, "code": "000"}) for one in (PHONE, STRANGER)]
        assert wrong[0].text.replace(PHONE, "N") == wrong[1].text.replace(STRANGER, "N")
        assert "4 tries left" in wrong[0].text
        assert [one["user"]["phone"] for one in mine.gateway.messages] == [PHONE]


def test_guesses_end(mine: Page) -> None:
    with mine.phone() as client:
        ask(client, OTHER_PHONE)
        code = mine.gateway.code_for(OTHER_PHONE)
        guesses = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 7)]
        answers = [client.post("/m/sign-in/code", data={"phone": OTHER_PHONE, "code": one}) for one in guesses]
        assert [answer.status_code for answer in answers] == [401] * 6
        assert "One try left" in answers[3].text
        late = client.post("/m/sign-in/code", data={"phone": OTHER_PHONE, "code": code})
        assert (late.status_code, COOKIE in client.cookies) == (401, False)
        for n in range(6):
            client.post("/m/sign-in/code", data={"phone": OTHER_PHONE, "code": f"{n}"})
        limited = client.post("/m/sign-in/code", data={"phone": OTHER_PHONE, "code": code})
        assert limited.status_code == 429
        assert re.search(r"Try again in (\d+ minutes|a minute)", limited.text)


def test_another_code_waits_a_minute_and_is_bounded(mine: Page) -> None:
    with mine.phone() as client:
        assert 'data-wait="60"' in ask(client, PHONE).text
        again = ask(client, PHONE)
        assert again.status_code == 200
        assert re.search(r'data-wait="(5\d|60)"', again.text)
        mine.gateway.wait_for(1)
        for n in range(70):
            answer = ask(client, f"139000000{n:02d}")
        assert answer.status_code == 429
        assert "Too many tries" in answer.text
        assert len(mine.gateway.messages) == 1


@pytest.mark.parametrize("typed", ["", "12", "abc", "+0", "1" * 300, "<script>", "１３８"])
def test_what_is_no_number_is_said(mine: Page, typed: str) -> None:
    with mine.phone() as client:
        answer = ask(client, typed)
        assert answer.status_code == 400
        assert "does not look like a phone number" in answer.text
        assert "<script>" not in answer.text.replace("<script defer", "")


def test_without_a_gateway_the_page_says_so(mine: Page, database: DatabaseUrls) -> None:
    rooms = mine.running.rooms
    with running_server(
        database, rooms.keys, lambda found: [router(Mine(found.pool, found.keys, found.now, Sender(None)))]
    ) as running, httpx.Client(base_url=running.address, headers={"Accept-Language": "en"}) as client:  # fmt: skip
        for answer in (client.get("/m/sign-in"), ask(client, PHONE)):
            assert "not set up here" in answer.text
            assert 'name="phone"' not in answer.text


def test_when_messages_do_not_go_out_everybody_is_told(mine: Page, database: DatabaseUrls) -> None:
    with mine.phone() as client:
        assert "failing" not in client.get("/m/sign-in").text
        with psycopg.connect(database.maintenance) as connection:
            connection.execute("SET ROLE tillkeeper_owner")
            connection.execute("INSERT INTO sec.phone_limits VALUES ('codes sent', '', now(), 3000)")
        asked = ask(client, PHONE)
        assert (asked.status_code, PHONE in asked.text) == (200, True)
        said = (client.get("/m/sign-in").text for _ in range(500))  # looking whose number it is comes after the answer
        assert any("Text messages are failing" in text for text in said)
        assert mine.gateway.messages == []


def test_forms_of_other_sites_do_nothing(mine: Page, lucy: httpx.Client) -> None:
    token = csrf_of(lucy)
    for path in ("/m/sign-out", "/m/sign-out-everywhere", "/m/code", "/m/me/pin", "/m/me/pin/remove"):
        for data, headers in (
            ({}, {}), ({"csrf_token": "x"}, {}), ({"csrf_token": "ñ"}, {}),
            ({"csrf_token": token}, {"Origin": "https://evil.test"}),
            ({"csrf_token": token}, {"Sec-Fetch-Site": "cross-site"}),
            ({"csrf_token": token}, {"Sec-Fetch-Site": "same-site"}),
        ):  # fmt: skip
            answer = lucy.post(path, data=data, headers=headers)
            assert answer.status_code == 403, (path, data)
    assert lucy.get("/m/wallet").status_code == 200
    for path in ("/m/sign-in", "/m/sign-in/code", "/m/language"):
        assert lucy.post(path, data={"phone": PHONE}, headers={"Origin": "https://evil.test"}).status_code == 403
    assert lucy.post("/m/language", data={"language": "en"}, headers={"Origin": mine.address}).status_code == 303


def test_signing_out_here_and_everywhere(mine: Page, lucy: httpx.Client, database: DatabaseUrls) -> None:
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute("UPDATE sec.phone_codes SET issued_at = issued_at - interval '2 minutes'")
    mine.gateway.messages.clear()
    with mine.phone() as second:
        mine.sign_in(second)
        assert "signed in on 2 devices" in second.get("/m/me").text
        token = token_of(lucy)
        assert lucy.post("/m/sign-out", data={"csrf_token": csrf_of(lucy)}).headers["location"] == "/m/sign-in"
        assert lucy.get("/m/", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 303
        assert second.get("/m/").status_code == 200
        token = token_of(second)
        second.post("/m/sign-out-everywhere", data={"csrf_token": csrf_of(second)})
        assert second.get("/m/", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 303


@pytest.mark.parametrize(
    "text",
    ["", "https://evil.test/m/", "//evil.test/m/x", "/admin/", "/m/\\evil", "javascript:x", "/m/\n", "/m/" + "x" * 300,
     "/m/ñ", "/m"],
)  # fmt: skip
def test_the_way_back_is_always_ours(text: str) -> None:
    assert safe_back(text) == "/m/"
    assert safe_back("/m/t/SZ1T01") == "/m/t/SZ1T01"
