"""/auth/v1: nameless sign-in, codes to phones, passwords, refresh, sign-out, in GoTrue's shapes and with its errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from sync_server.supabase import tokens
from tests.sync_server.supabase.conftest import CASHIER, LUCY, MARK, PASSWORD, PHONES, Clients
from tests.sync_server.till import as_owner


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_code"]


def claims_of(session: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(session["access_token"], options={"verify_signature": False})
    return found


@pytest.mark.req("R013")
def test_somebody_without_a_name(clients: Clients) -> None:
    session = clients.anonymous()
    assert set(session) == {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user"}
    assert (session["token_type"], session["expires_in"]) == ("bearer", 3600)
    claims = claims_of(session)
    assert (claims["sub"], claims["role"], claims["aud"]) == (session["user"]["id"], "authenticated", "authenticated")
    assert (claims["is_anonymous"], claims["phone"], claims["app_metadata"]) == (True, "", {})
    assert claims["amr"][0]["method"] == "anonymous"
    with clients.http(session["access_token"]) as client:
        assert client.get("/auth/v1/user").json() == session["user"]
    assert clients.anonymous()["user"]["id"] != session["user"]["id"]


def test_the_nameless_of_one_address_are_bounded(clients: Clients) -> None:
    with as_owner(clients.database) as owner:
        owner.execute("DELETE FROM sec.phone_limits")
    with clients.http() as client:
        for _ in range(40):
            last = client.post("/auth/v1/signup", json={})
            if last.status_code != 200:
                break
        assert said(last) == (429, "over_request_rate_limit")
        assert 3000 < int(last.headers["retry-after"]) <= 3600
        for _ in range(3):
            assert said(client.post("/auth/v1/signup", json={})) == (429, "over_request_rate_limit")
    with as_owner(clients.database) as owner:
        counted = owner.execute("SELECT max(times) FROM sec.phone_limits WHERE act = 'anonymous of all'").fetchall()
        assert counted == [(30,)]  # the others' share is left alone
        owner.execute("DELETE FROM sec.phone_limits")


def test_a_phone(clients: Clients) -> None:
    session = clients.sign_in(LUCY)
    claims = claims_of(session)
    assert (claims["sub"], claims["phone"], claims["is_anonymous"]) == (LUCY, PHONES[LUCY][1:], False)
    assert claims["app_metadata"] == {"provider": "phone", "providers": ["phone"]}
    header = jwt.get_unverified_header(session["access_token"])
    with clients.http() as client:
        found = client.get("/auth/v1/.well-known/jwks.json").json()["keys"]
    (key,) = [one for one in found if one["kid"] == header["kid"]]
    checked = jwt.decode(
        session["access_token"], jwt.PyJWK(key), algorithms=["ES256"], audience="authenticated", issuer=tokens.ISSUER
    )
    assert checked == claims


def test_codes_are_refused_as_gotrue_does(clients: Clients) -> None:
    clients.sign_in(LUCY)
    with clients.http() as client:
        wrong = {"type": "sms", "phone": PHONES[LUCY], "token": "000000"}
        assert said(client.post("/auth/v1/verify", json=wrong)) == (403, "otp_expired")
        for asked, code in (
            ({"phone": "+86x"}, "validation_failed"),
            ({}, "validation_failed"),
            ({"phone": PHONES[LUCY], "channel": "whatsapp"}, "validation_failed"),
        ):
            assert said(client.post("/auth/v1/otp", json=asked)) == (400, code)
        again = client.post("/auth/v1/otp", json={"phone": PHONES[LUCY].removeprefix("+")})
        assert again.status_code == 200
        twice = client.post("/auth/v1/resend", json={"phone": PHONES[LUCY], "type": "sms"})
        assert said(twice) == (429, "over_sms_send_rate_limit")
        assert twice.json()["msg"].startswith("For security purposes, you can only request this after")


def test_a_stranger_learns_nothing_of_a_number(clients: Clients) -> None:
    with as_owner(clients.database) as owner:
        owner.execute("DELETE FROM sec.phone_codes")
    stranger = "+8613999999999"
    with clients.http() as client:
        asked = [client.post("/auth/v1/otp", json={"phone": one}) for one in (stranger, PHONES[MARK])]
        assert asked[0].status_code == asked[1].status_code == 200
        assert asked[0].json() == asked[1].json()
        clients.gateway.code_for(PHONES[MARK])
        assert stranger not in [one["user"]["phone"] for one in clients.gateway.messages]
        answers = [
            client.post("/auth/v1/verify", json={"type": "sms", "phone": one, "token": "1"}).json()
            for one in (stranger, PHONES[MARK])
        ]
        assert answers[0] == answers[1]


def test_a_password_at_hq(clients: Clients) -> None:
    session = clients.password("cashier@test.example")
    claims = claims_of(session)
    assert (claims["sub"], claims["email"]) == (str(CASHIER), "cashier@test.example")
    assert (claims["app_metadata"]["provider"], claims["amr"][0]["method"]) == ("email", "password")
    with clients.http() as client:
        for asked in (
            {"email": "cashier@test.example", "password": "wrong"},
            {"email": "nobody", "password": PASSWORD},
            {"phone": PHONES[LUCY], "password": PASSWORD},
            {},
        ):
            refused = client.post("/auth/v1/token?grant_type=password", json=asked)
            assert said(refused) == (400, "invalid_credentials")
            assert refused.json()["msg"] == "Invalid login credentials"
        for _ in range(5):
            client.post("/auth/v1/token?grant_type=password", json={"email": "stranger", "password": "no"})
        locked = client.post("/auth/v1/token?grant_type=password", json={"email": "stranger", "password": PASSWORD})
        assert said(locked) == (429, "over_request_rate_limit")
    with as_owner(clients.database) as owner:
        owner.execute("UPDATE sec.hq_users SET locked_until = NULL, wrong_tries = 0")


def refreshed(clients: Clients, token: str) -> httpx.Response:
    with clients.http() as client:
        return client.post("/auth/v1/token?grant_type=refresh_token", json={"refresh_token": token})


def test_a_refresh_token_is_for_one_use(clients: Clients) -> None:
    first = clients.sign_in(MARK)
    second = clients.session(refreshed(clients, first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    assert claims_of(second)["session_id"] == claims_of(first)["session_id"]
    assert claims_of(second)["phone"] == PHONES[MARK][1:]
    # At once it may be repeated: an answer that was lost.
    assert refreshed(clients, first["refresh_token"]).status_code == 200
    with as_owner(clients.database) as owner:
        owner.execute("UPDATE sec.api_tokens SET used_at = used_at - interval '11 seconds'")
    assert said(refreshed(clients, first["refresh_token"])) == (400, "refresh_token_already_used")
    # Whoever has the newest one is out, too.
    assert said(refreshed(clients, second["refresh_token"])) == (400, "refresh_token_not_found")
    with clients.http(second["access_token"]) as client:
        assert said(client.get("/auth/v1/user")) == (403, "session_not_found")
        assert client.get("/rest/v1/personal_cards").status_code == 401
    assert said(refreshed(clients, "never made")) == (400, "refresh_token_not_found")


def test_signing_out(clients: Clients) -> None:
    one, two, three = (clients.password("cashier@test.example") for _ in range(3))

    def out(session: dict[str, Any], scope: str) -> int:
        with clients.http(session["access_token"]) as client:
            return client.post(f"/auth/v1/logout?scope={scope}").status_code

    def inside(session: dict[str, Any]) -> bool:
        with clients.http(session["access_token"]) as client:
            return client.get("/auth/v1/user").status_code == 200

    assert out(one, "somewhere") == 400
    assert out(one, "local") == 204
    assert [inside(session) for session in (one, two, three)] == [False, True, True]
    assert out(two, "others") == 204
    assert [inside(session) for session in (two, three)] == [True, False]
    assert out(two, "global") == 204
    assert not inside(two)
    assert said(refreshed(clients, two["refresh_token"])) == (400, "refresh_token_not_found")


def test_an_erased_member_and_a_person_who_left_are_out_at_once(clients: Clients) -> None:
    member, staff = clients.sign_in(MARK), clients.password("cashier@test.example")
    with as_owner(clients.database) as owner:
        ((sealed,),) = owner.execute("SELECT key_sealed FROM app.members WHERE member_id = %s", [MARK]).fetchall()
        owner.execute("UPDATE app.members SET key_sealed = NULL WHERE member_id = %s", [MARK])
        owner.execute("UPDATE sec.hq_users SET active = false WHERE user_id = %s", [CASHIER])
        try:
            for session in (member, staff):
                with clients.http(session["access_token"]) as client:
                    assert said(client.get("/auth/v1/user")) == (403, "session_not_found")
                    assert client.get("/rest/v1/merchants").json()["code"] == "PGRST303"
                assert said(refreshed(clients, session["refresh_token"])) == (400, "refresh_token_not_found")
        finally:
            owner.execute("UPDATE app.members SET key_sealed = %s WHERE member_id = %s", [sealed, MARK])
            owner.execute("UPDATE sec.hq_users SET active = true")


def test_tokens_that_are_not_ours(clients: Clients) -> None:
    session = clients.sign_in(LUCY)
    head, body, signature = session["access_token"].split(".")
    now = datetime.now(UTC)
    claims = {"role": "authenticated", "sub": LUCY, "session_id": str(uuid4())}
    none = jwt.encode({**claims_of(session)}, "", algorithm="none")
    hmac = jwt.encode(claims_of(session), "k" * 32, algorithm="HS256", headers=jwt.get_unverified_header(
        session["access_token"]) | {"alg": "HS256"})  # fmt: skip
    late = tokens.sign(clients.keys, claims_of(session), now, -1)
    odd = tokens.sign(clients.keys, {"role": "tillkeeper_owner"}, now, 60)
    for text in (none, hmac, f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body}.", "x", "a.b.c", odd, late):
        with clients.http(text) as client:
            assert said(client.get("/auth/v1/user")) == (403, "bad_jwt"), text
            assert client.get("/rest/v1/merchants").json()["code"] == ("PGRST303" if text == late else "PGRST301")
    raw = [(b"apikey", clients.key().encode()), (b"authorization", b"Bearer \xc3\xa9")]
    assert said(httpx.get(f"{clients.url}/auth/v1/user", headers=raw)) == (403, "bad_jwt")
    nowhere = tokens.sign(clients.keys, claims, now, 60)
    with clients.http(nowhere) as client:
        assert said(client.get("/auth/v1/user")) == (403, "session_not_found")
    with clients.http() as client:
        assert said(client.get("/auth/v1/user")) == (401, "no_authorization")


def test_errors_in_the_form_that_the_client_reads(clients: Clients) -> None:
    with clients.http() as client:
        newer = client.get("/auth/v1/user", headers={"X-Supabase-Api-Version": "2024-01-01"})
        assert newer.json() == {
            "code": "no_authorization", "message": "This endpoint requires a valid Bearer token",
        }  # fmt: skip
        assert newer.headers["x-supabase-api-version"] == "2024-01-01"
        assert said(client.post("/auth/v1/token?grant_type=pkce")) == (400, "unsupported_grant_type")
        assert said(client.post("/auth/v1/signup", content=b"{")) == (400, "bad_json")
        assert said(client.post("/auth/v1/signup", content=b"[1]")) == (400, "bad_json")
        assert said(client.post("/auth/v1/signup", json={"email": "a@b.example", "password": "x"})) == (
            422, "email_provider_disabled")  # fmt: skip
        assert said(client.get("/auth/v1/admin/users")) == (404, "not_found")
        assert client.get("/auth/v1/health").json()["name"] == "GoTrue"
        assert client.get("/auth/v1/settings").json()["external"] == {
            "anonymous_users": True, "phone": True, "email": True}  # fmt: skip
    bare = httpx.get(f"{clients.url}/auth/v1/settings")
    assert (bare.status_code, bare.json()["message"]) == (401, "No API key found in request")
    wrong = httpx.get(f"{clients.url}/auth/v1/settings", headers={"apikey": "nonsense"})
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Invalid API key")


def test_nothing_of_a_session_is_kept_in_the_clear(clients: Clients) -> None:
    session = clients.sign_in(LUCY)
    with as_owner(clients.database) as owner:
        kept = owner.execute("SELECT (t.*)::text FROM sec.api_tokens t").fetchall()
        users = owner.execute("SELECT count(*) FROM sec.api_users WHERE user_id = %s", [UUID(LUCY)]).fetchall()
    assert kept
    assert session["refresh_token"] not in str(kept)
    assert users == [(1,)]
