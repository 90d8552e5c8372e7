"""The door of HQ: nobody without a session, no guessing, no forged forms, no tokens at rest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import httpx
import psycopg
import pytest

from sync_server.admin.pages import safe_back
from sync_server.admin.sessions import COOKIE
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.staff import passwords
from tests.sync_server.admin.conftest import PASSWORD, csrf_of, sign_in
from tests.sync_server.api.conftest import Running

PAGES = (
    "/admin/orders", "/admin/orders.csv", "/admin/orders/" + "0" * 64, "/admin/held", "/admin/held/" + "0" * 64,
    "/admin/alarms", "/admin/losses", "/admin/losses/x", "/admin/risk", "/admin/risk/x", "/admin/terminals",
)  # fmt: skip
ENDPOINTS = (
    "/admin/api/orders", "/admin/api/orders/" + "0" * 64, "/admin/api/held", "/admin/api/alarms", "/admin/api/losses",
    "/admin/api/risk", "/admin/api/terminals",
)  # fmt: skip


@pytest.mark.req("R162")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_sends_a_stranger_to_the_door_and_back(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/admin/sign-in?back={path}"


@pytest.mark.req("R162")
@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_endpoint_refuses_a_stranger(browser: httpx.Client, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Cookie": f"{COOKIE}=x"}):
        answer = browser.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_signing_in_leads_to_the_page_that_was_wanted(browser: httpx.Client) -> None:
    answer = sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/held")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert browser.get("/admin/held").status_code == 200


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("", ""), ("ana", "x" * 100_000)]
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(browser: httpx.Client, name: str, password: str) -> None:
    answer = sign_in(browser, name, password)
    assert answer.status_code == 401
    assert "User name or password is wrong." in answer.text
    assert COOKIE not in answer.cookies


def test_five_wrong_passwords_lock_the_person_and_nobody_else(browser: httpx.Client) -> None:
    for _ in range(5):
        assert sign_in(browser, password="wrong").status_code == 401
    locked = sign_in(browser)
    assert locked.status_code == 429
    assert "15 minutes" in locked.text
    assert sign_in(browser, "otto").status_code == 303


def test_guesses_at_the_same_time_count_too(browser: httpx.Client, hq: Running) -> None:
    with ThreadPoolExecutor(12) as many:
        forms = [{"username": "ana", "password": str(number)} for number in range(12)]
        guesses = [many.submit(httpx.post, f"{hq.address}/admin/sign-in", timeout=60, data=form) for form in forms]
        answers = [guess.result().status_code for guess in guesses]
    assert (answers.count(401), answers.count(429)) == (5, 7)
    assert sign_in(browser).status_code == 429


def test_a_lock_ends_and_begins_anew(browser: httpx.Client, database: DatabaseUrls) -> None:
    for _ in range(6):
        sign_in(browser, password="wrong")
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute("UPDATE sec.hq_users SET locked_until = now() - interval '1 second'")
    assert [sign_in(browser, password="wrong").status_code for _ in range(6)] == [401] * 5 + [429]


def test_a_right_password_forgets_the_wrong_ones(browser: httpx.Client) -> None:
    for _ in range(2):
        assert [sign_in(browser, password="wrong").status_code for _ in range(4)] == [401] * 4
        assert sign_in(browser).status_code == 303


def test_a_program_signs_out_with_its_token(browser: httpx.Client) -> None:
    token = browser.post("/admin/api/session", json={"username": "ana", "password": PASSWORD}).json()["token"]
    browser.headers["Authorization"] = f"Bearer {token}"
    assert browser.post("/admin/sign-out", data={"csrf_token": csrf_of(browser)}).status_code == 303
    assert browser.get("/admin/api/held").status_code == 401


def test_the_database_keeps_no_password_and_no_token(browser: httpx.Client, database: DatabaseUrls) -> None:
    token = sign_in(browser).cookies[COOKIE]
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        kept = str(connection.execute("SELECT u, s FROM sec.hq_users u, sec.hq_sessions s").fetchall())
    assert "argon2id" in kept
    assert token not in kept
    assert PASSWORD not in kept


def test_signing_out_ends_the_session_at_the_server(browser: httpx.Client) -> None:
    token = sign_in(browser).cookies[COOKIE]
    assert browser.post("/admin/sign-out", data={"csrf_token": csrf_of(browser)}).status_code == 303
    assert browser.get("/admin/held", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "ñ"])
def test_a_form_without_the_sessions_token_does_nothing(browser: httpx.Client, token: str) -> None:
    sign_in(browser)
    answer = browser.post("/admin/sign-out", data={"csrf_token": token})
    assert answer.status_code == 403
    assert browser.get("/admin/held").status_code == 200


def test_an_ended_session_is_nobodys(browser: httpx.Client, database: DatabaseUrls) -> None:
    sign_in(browser)
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute("UPDATE sec.hq_sessions SET expires_at = now() - interval '1 second'")
    assert browser.get("/admin/held").status_code == 303


def test_the_language_is_the_browsers_until_chosen(browser: httpx.Client) -> None:
    sign_in(browser)
    assert "Held facts" in browser.get("/admin/held").text
    assert "Hechos retenidos" in browser.get("/admin/held", headers={"Accept-Language": "es-MX,es;q=0.9"}).text
    chosen = {"csrf_token": csrf_of(browser), "language": "zh-CN", "back": "/admin/held"}
    assert browser.post("/admin/language", data=chosen).headers["location"] == "/admin/held"
    assert "待处理事件" in browser.get("/admin/held").text


@pytest.mark.parametrize(
    "text",
    ["", "https://evil.test/admin/", "//evil.test/admin/x", "/other", "/admin/\\evil", "javascript:x", "/admin/\n"],
)
def test_the_way_back_is_always_ours(text: str) -> None:
    assert safe_back(text) == "/admin/orders"


def test_the_api_signs_in_with_a_token(browser: httpx.Client) -> None:
    answer = browser.post("/admin/api/session", json={"username": "ana", "password": PASSWORD})
    token = answer.json()["token"]
    assert browser.get("/admin/api/held", headers={"Authorization": f"Bearer {token}"}).json() == {"held": []}
    wrong = browser.post("/admin/api/session", json={"username": "ana", "password": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "login_wrong")
    for body in ("", "[]", "{", '{"username": 5}'):
        assert browser.post("/admin/api/session", content=body).status_code == 400


def test_pages_forbid_foreign_scripts_and_frames(browser: httpx.Client) -> None:
    answer = browser.get("/admin/sign-in")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_people_of_one_merchant_see_no_till_of_another(hq: Running, browser: httpx.Client) -> None:
    hq.pair()
    sign_in(browser, "otto")
    seen = [till["code"] for till in browser.get("/admin/api/terminals").json()["terminals"]]
    assert seen == ["BC1T01"]


def test_a_new_password_ends_the_sessions_before_it(hq: Running, browser: httpx.Client) -> None:
    def give(hashed: str) -> None:
        async def work(pool: Pool) -> None:
            async with transaction(pool, PLATFORM) as connection:
                await connection.execute(
                    "SELECT app.hq_upsert_user(%s, 'ana', 'Ana', 'finance', '{}', %s)", [UUID(int=1), hashed]
                )

        hq.do(work)

    hashed = passwords.hash_password(PASSWORD)
    give(hashed)
    sign_in(browser)
    give(hashed)  # another role only
    assert browser.get("/admin/held").status_code == 200
    give(passwords.hash_password(PASSWORD))
    assert browser.get("/admin/held").status_code == 303


def test_a_text_that_no_database_can_hold_is_refused(browser: httpx.Client) -> None:
    """A NUL byte; an escaped backslash before the same letters is a text like any other."""
    for name, status in (("a\0b", 400), ("a\\u0000", 401), ("a\\\0", 400)):
        answer = browser.post("/admin/api/session", json={"username": name, "password": "x"})
        assert answer.status_code == status, answer.text
    assert answer.json()["code"] == "request_malformed"
    assert sign_in(browser, "a\0b").status_code == 400
    assert sign_in(browser, "a%00b").status_code == 401
    assert sign_in(browser).status_code == 303
    for path in ("orders?search=%00", "api/orders?search=%00&before=%00", "orders/%00", "losses/%00", "api/orders/%00",
                 "terminals/%00", "api/terminals/%00/queue"):  # fmt: skip
        assert browser.get(f"/admin/{path}").status_code < 500


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"username": "\xff"}', b"\xff", b"{", b"[]", b""])
def test_a_body_that_is_no_json_is_refused(browser: httpx.Client, body: bytes) -> None:
    """Nested without end, no UTF-8, cut short, another type, nothing: before anybody is signed in."""
    answer = browser.post("/admin/api/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed"), answer.text
