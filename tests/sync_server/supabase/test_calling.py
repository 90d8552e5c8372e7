"""/rest/v1/rpc: the functions of source 001 over HTTP, their results, and each no in the shape of Postgres."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.sync_server.supabase.conftest import ANA, CARD_PASSWORD, CASHIER, LUCY, MARK, Clients, top_up
from tests.sync_server.supabase.signatures import as_listed
from tests.sync_server.till import all_holds, as_owner


def said(answer: httpx.Response) -> tuple[int, str, str]:
    found = answer.json()
    assert set(found) == {"code", "details", "hint", "message"}
    return answer.status_code, found["code"], found["message"]


@pytest.fixture(scope="module")
def lucy(clients: Clients) -> str:
    return str(clients.sign_in(LUCY)["access_token"])


@pytest.fixture(scope="module")
def ana(clients: Clients) -> str:
    return str(clients.sign_in(ANA)["access_token"])


@pytest.fixture(scope="module")
def cashier(clients: Clients) -> str:
    return str(clients.password("cashier@test.example")["access_token"])


def shown(clients: Clients, token: str, card: str, kind: str = "personal") -> str:
    answer = clients.call(token, "rotate_card_qr", p_card_id=card, p_card_type=kind)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["qr_plain"])


@pytest.mark.req("R059", "R063", "R065", "R069", "R070", "R075")
def test_a_code_a_charge_and_its_refund(clients: Clients, lucy: str, cashier: str) -> None:
    answer = clients.call(lucy, "rotate_card_qr", p_card_id=clients.cards[LUCY], p_card_type="personal")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (code,) = answer.json()
    assert set(code) == {"qr_plain", "qr_expires_at"}
    asked = {"p_merchant_code": "TEST", "p_qr_plain": code["qr_plain"], "p_raw_price": 25.50, "p_reason": "coffee",
             "p_tag": {"sku": "latte"}, "p_idempotency_key": "one"}  # fmt: skip
    paid = clients.call(cashier, "merchant_charge_by_qr", **asked)
    assert paid.status_code == 200, paid.text
    (row,) = paid.json()
    assert list(row) == ["tx_id", "tx_no", "card_type", "card_id", "final_amount", "discount"]
    assert (row["card_type"], row["card_id"]) == ("personal", clients.cards[LUCY])
    assert '"final_amount":25.50' in paid.text  # a number, exact, as Postgres writes it
    assert re.fullmatch(r"ZF\w+", row["tx_no"])
    assert clients.call(cashier, "merchant_charge_by_qr", **asked).json() == [row]  # R036: the same key
    back = clients.call(
        cashier, "merchant_refund_tx", p_merchant_code="TEST", p_original_tx_no=row["tx_no"], p_refund_amount="10.00",
        p_reason="customer_request",
    )  # fmt: skip
    (refunded,) = back.json()
    assert list(refunded) == ["refund_tx_id", "refund_tx_no", "refunded_amount"]
    assert refunded["refunded_amount"] == 10.00
    assert clients.rows(lucy, "personal_cards?select=balance") == [{"balance": 84.50}]
    clients.running.do(all_holds)


@pytest.mark.req("R035", "R036", "R075")
def test_without_a_key_each_call_counts_and_order_numbers_deduplicate(
    clients: Clients, lucy: str, cashier: str
) -> None:
    """The door asks for no header and no key: codes are for one use, orders have one number."""
    asked = {"p_merchant_code": "TEST", "p_qr_plain": shown(clients, lucy, clients.cards[LUCY]), "p_raw_price": "1.00",
             "p_external_order_id": "o-1"}  # fmt: skip
    assert clients.call(cashier, "merchant_charge_by_qr", **asked).status_code == 200
    again = clients.call(cashier, "merchant_charge_by_qr", **asked)
    assert said(again)[:2] == (400, "P0001")
    asked["p_qr_plain"] = shown(clients, lucy, clients.cards[LUCY])
    assert said(clients.call(cashier, "merchant_charge_by_qr", **asked)) == (400, "P0001", "external_order_used")


@pytest.mark.req("R056", "R059", "R060", "R061", "R062", "R067")
def test_a_company(clients: Clients, lucy: str, ana: str) -> None:
    assert said(clients.call(lucy, "rotate_card_qr", p_card_id=clients.company, p_card_type="enterprise")) == (
        400, "P0001", "not_admin")  # fmt: skip
    assert shown(clients, ana, clients.company, "enterprise")
    adding = {"p_card_no": "E1", "p_member_no": "880011", "p_card_password": CARD_PASSWORD}
    assert said(clients.call(lucy, "enterprise_add_member", **adding)) == (400, "P0001", "not_admin")
    wrong = clients.call(ana, "enterprise_add_member", **adding | {"p_card_password": "wrong wrong"})
    assert said(wrong) == (400, "P0001", "card_password_wrong")
    added = clients.call(ana, "enterprise_add_member", **adding)
    assert (added.status_code, added.json()) == (200, True)
    assert clients.call(ana, "enterprise_remove_member", p_card_no="E1", p_member_no="880011").json() is True
    admin = {"p_card_no": "E1", "p_member_no": "880011"}
    assert said(clients.call(ana, "enterprise_set_initial_admin", **admin))[:2] == (403, "42501")
    operators = clients.call(clients.key("service_role"), "enterprise_set_initial_admin", **admin)
    assert said(operators) == (400, "P0001", "already_member")
    asked = {"p_enterprise_card_id": clients.company, "p_amount": 500, "p_payment_method": "alipay",
             "p_reason": "corporate_topup"}  # fmt: skip
    assert said(clients.call(lucy, "user_recharge_enterprise_card_admin", **asked)) == (400, "P0001", "not_admin")
    (topped,) = clients.call(ana, "user_recharge_enterprise_card_admin", **asked).json()
    assert (list(topped), topped["amount"]) == (["tx_id", "tx_no", "card_id", "amount"], 500)


@pytest.mark.req("R066", "R068", "R071")
def test_somebody_new_gets_a_card_and_tops_it_up(clients: Clients) -> None:
    """Source 001 §5.1: sign up, a profile by the business side, and the card is there."""
    session = clients.anonymous()
    token, user = session["access_token"], session["user"]["id"]
    assert clients.rows(token, "personal_cards") == []
    with as_owner(clients.database) as owner:
        owner.execute("INSERT INTO app.members (member_id, name_sealed) VALUES (%s, '')", [user])
    (card,) = clients.rows(token, "personal_cards?select=id,level,discount,balance,points")
    assert (card["level"], card["balance"], card["points"]) == (0, 0, 0)
    asked = {"p_personal_card_id": card["id"], "p_amount": 50, "p_payment_method": "wechat", "p_reason": "topup"}
    (topped,) = clients.call(token, "user_recharge_personal_card", **asked).json()
    assert topped["amount"] == 50
    assert clients.rows(token, f"transactions?tx_no=eq.{topped['tx_no']}&select=status") == [{"status": "pending"}]
    others = asked | {"p_personal_card_id": clients.cards[LUCY]}
    assert said(clients.call(token, "user_recharge_personal_card", **others)) == (400, "P0001", "card_unknown")


@pytest.mark.req("R059", "R063", "R065", "R079")
def test_each_no_looks_as_supabases_would(clients: Clients, lucy: str, cashier: str) -> None:
    mine = {"p_card_id": clients.cards[LUCY], "p_card_type": "personal"}
    assert said(clients.call(None, "rotate_card_qr", **mine)) == (
        401, "42501", "permission denied for function rotate_card_qr")  # fmt: skip
    assert said(clients.call(lucy, "rotate_card_qr", **mine | {"p_card_id": clients.cards[MARK]})) == (
        400, "P0001", "card_unknown")  # fmt: skip
    assert said(clients.call(lucy, "rotate_card_qr", **mine | {"p_card_id": "7"})) == (
        400, "22P02", 'invalid input syntax for type uuid: "7"')  # fmt: skip
    assert said(clients.call(lucy, "rotate_card_qr", **mine | {"p_card_type": "gift"})) == (
        400, "22P02", 'invalid input value for enum app.card_type: "gift"')  # fmt: skip
    assert said(clients.call(lucy, "rotate_card_qr", p_card_id=None, p_card_type=None))[:2] == (400, "P0001")
    charge = {"p_merchant_code": "TEST", "p_qr_plain": "1234", "p_raw_price": 1}
    assert said(clients.call(lucy, "merchant_charge_by_qr", **charge)) == (403, "42501", "permission_missing")
    assert said(clients.call(cashier, "merchant_charge_by_qr", **charge)) == (400, "P0001", "code_foreign")
    nothing = clients.call(cashier, "merchant_charge_by_qr", **charge | {"p_qr_plain": None, "p_raw_price": None})
    assert said(nothing) == (400, "P0001", "code_foreign")
    code = shown(clients, lucy, clients.cards[LUCY])
    poor = clients.call(cashier, "merchant_charge_by_qr", **charge | {"p_qr_plain": code, "p_raw_price": 9999})
    assert said(poor) == (400, "P0001", "balance_insufficient")
    assert '"balance_minor":' in poor.json()["details"]
    unknown = {"p_merchant_code": "TEST", "p_original_tx_no": "ZF0", "p_refund_amount": 1}
    assert said(clients.call(cashier, "merchant_refund_tx", **unknown)) == (400, "P0001", "transaction_unknown")
    assert said(clients.call(cashier, "cron_expire_cards"))[:2] == (403, "42501")
    assert clients.call(clients.key("service_role"), "cron_expire_cards").json() == 0


def test_what_is_no_function_or_no_call(clients: Clients, lucy: str) -> None:
    unknown = clients.call(lucy, "rotate_card_qrs", p_card_id="x")
    assert said(unknown)[:2] == (404, "PGRST202")
    assert unknown.json()["hint"] == "Perhaps you meant the function 'public.rotate_card_qr'"
    for name in ("post", "answer_merchant_refund_tx", "redeem_pass", "rotate_card_qr/x"):
        assert said(clients.call(lucy, name))[:2] == (404, "PGRST202")
    few = clients.call(lucy, "rotate_card_qr", p_card_id=clients.cards[LUCY])
    assert said(few) == (
        404, "PGRST202", "Could not find the function public.rotate_card_qr(p_card_id) in the schema cache",
    )  # fmt: skip
    mine = {"p_card_id": clients.cards[LUCY], "p_card_type": "personal"}
    assert said(clients.call(lucy, "rotate_card_qr", **mine, extra=1))[:2] == (404, "PGRST202")
    with clients.http(lucy) as client:
        path = "/rest/v1/rpc/rotate_card_qr"
        for content in (b"{", b"[1]", b'"x"', b'{"p_card_id": "\\u0000"}', b"[" * 50_000, b"\xff", b"x" * 70_000):
            assert said(client.post(path, content=content))[:2] == (400, "PGRST102")
        assert said(client.get(path))[:2] == (405, "25006")
        assert client.head(path).status_code == 405


def test_the_form_of_an_answer_is_settled_before_anything_happens(clients: Clients, lucy: str) -> None:
    body = {"p_card_id": clients.cards[LUCY], "p_card_type": "personal"}
    path = "/rest/v1/rpc/rotate_card_qr"
    with clients.http(lucy) as client:

        def ask(query: str = "", **headers: str) -> httpx.Response:
            return client.post(path + query, json=body, headers=headers)

        one = ask(accept="application/vnd.pgrst.object+json")
        assert set(one.json()) == {"qr_plain", "qr_expires_at"}
        assert ask("?select=until:qr_expires_at").json()[0].keys() == {"until"}
        assert ask("?select=qr_plain&limit=1&order=qr_plain.desc").json()[0].keys() == {"qr_plain"}
        before = clients.rows(lucy, "personal_cards?select=qr_updated_at")
        for refused, code in (
            (ask("?select=nothing"), "42703"),
            (ask("?order=nothing"), "42703"),
            (ask("?qr_plain=fits.x"), "PGRST100"),
            (ask("?qr_plain=eq.x"), "PGRST100"),
            (ask("?offset=1"), "PGRST100"),
            (ask("?limit=0"), "PGRST100"),
            (ask("", range="1-2"), "PGRST100"),
            (ask("?select=qr_plain::integer"), "PGRST100"),
            (ask("?select=qr_plain->x"), "PGRST100"),
            (ask(accept="text/csv"), "PGRST107"),
            (ask(**{"content-profile": "sec"}), "PGRST106"),
        ):
            assert refused.json()["code"] == code
        assert clients.rows(lucy, "personal_cards?select=qr_updated_at") == before


def test_names_types_and_results_are_those_of_the_database(clients: Clients) -> None:
    """Where SQL has the function too; with pgcrypto it has all of them (cards/test_source_001_sql.py)."""
    with as_owner(clients.database) as owner:
        assert {"merchant_refund_tx", "user_recharge_personal_card"} <= as_listed(owner)


@pytest.mark.parametrize("role", ["support", "auditor"])
def test_who_only_looks_at_hq_moves_no_money(clients: Clients, lucy: str, cashier: str, role: str) -> None:
    with as_owner(clients.database) as owner:
        owner.execute("UPDATE sec.hq_users SET role = %s WHERE user_id = %s", [role, CASHIER])
        try:
            charge = {"p_merchant_code": "TEST", "p_qr_plain": shown(clients, lucy, clients.cards[LUCY])}
            refused = clients.call(cashier, "merchant_charge_by_qr", **charge, p_raw_price=1)
            assert said(refused) == (403, "42501", "permission_missing")
            assert clients.rows(cashier, "merchants?select=code") == [{"code": "TEST"}]
        finally:
            owner.execute("UPDATE sec.hq_users SET role = 'hq'")


def test_money_topped_up_shows(clients: Clients, lucy: str) -> None:
    (before,) = clients.rows(lucy, "personal_cards?select=balance")
    clients.running.do(lambda pool: top_up(pool, clients.cards[LUCY], "0.50"))
    assert clients.rows(lucy, "personal_cards?select=balance") == [{"balance": before["balance"] + 0.50}]
