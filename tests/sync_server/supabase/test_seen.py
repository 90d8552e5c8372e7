"""Row level security from the outside: everybody asks for every table, and sees what source 001 §3 allows.

Expectations are written by hand, in words of the business: they never look at the policies that they judge.
"""

from __future__ import annotations

from typing import Any

import pytest

from sync_server.supabase.catalogue import EXPOSED
from tests.sync_server import world
from tests.sync_server.ledger.cards import put_bands
from tests.sync_server.supabase.conftest import ANA, CASHIER, LUCY, MARK, NAME, Clients
from tests.sync_server.till import as_owner

# By what a row is known.
KNOWN_BY = {
    "member_profiles": "id", "personal_cards": "member_id", "enterprise_cards": "card_no",
    "enterprise_card_bindings": "member_id", "merchants": "code", "merchant_users": "user_id",
    "membership_levels": "merchant_id", "transactions": "tx_no", "point_ledger": "card_id", "tx_registry": "tx_no",
    "idempotency_registry": "principal_id", "merchant_order_registry": "external_order_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def day(clients: Clients) -> dict[str, Any]:
    """Lucy was charged at TEST and got some of it back, Ana topped the company up: what each transaction is called."""
    with as_owner(clients.database) as owner:
        put_bands(owner, (None, 0, 0, None, "1.000"), (world.MERCHANT, 0, 0, None, "1.000"))
    tokens: dict[str, str | None] = {
        "the member": clients.sign_in(LUCY)["access_token"],
        "the company's admin": clients.sign_in(ANA)["access_token"],
        "the cashier": clients.sign_in(MARK)["access_token"],
        "the merchant's office": clients.password("cashier@test.example")["access_token"],
        "another merchant's office": clients.password("stranger")["access_token"],
        "a nameless user": clients.anonymous()["access_token"],
        "nobody": None,
        "the operator": clients.key("service_role"),
    }

    def done(who: str, function: str, **arguments: Any) -> Any:
        answer = clients.call(tokens[who], function, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()[0]

    code = done("the member", "rotate_card_qr", p_card_id=clients.cards[LUCY], p_card_type="personal")
    paid = done(
        "the cashier", "merchant_charge_by_qr", p_merchant_code="TEST", p_qr_plain=code["qr_plain"], p_raw_price=25.50,
        p_external_order_id="o-1",
    )  # fmt: skip
    back = done(
        "the merchant's office", "merchant_refund_tx", p_merchant_code="TEST", p_original_tx_no=paid["tx_no"],
        p_refund_amount=10,
    )  # fmt: skip
    company = done(
        "the company's admin", "user_recharge_enterprise_card_admin", p_enterprise_card_id=clients.company, p_amount=500
    )
    hers = f"transactions?kind=eq.topped_up&card_id=eq.{clients.cards[LUCY]}&select=tx_no"
    (first,) = clients.rows(tokens["the member"], hers)
    return {"tokens": tokens, "paid": paid["tx_no"], "back": back["refund_tx_no"], "company": company["tx_no"],
            "first": first["tx_no"]}  # fmt: skip


def seen(clients: Clients, token: str | None, table: str) -> set[Any]:
    return {row[KNOWN_BY[table]] for row in clients.rows(token, f"{table}?select={KNOWN_BY[table]}")}


@pytest.mark.req("R050", "R051", "R054", "R055", "R056", "R057", "R058")
def test_everybody_sees_what_is_theirs(clients: Clients, day: dict[str, Any]) -> None:
    at_test, hers = {day["paid"], day["back"]}, {day["paid"], day["back"], day["first"], day["company"]}
    known = {LUCY, ANA, MARK}
    everybodys: dict[str, set[Any]] = {"membership_levels": {None}}
    expected: dict[str, dict[str, set[Any]]] = {
        "the member": {
            "member_profiles": {LUCY}, "personal_cards": {LUCY}, "enterprise_cards": {"E1"}, "transactions": hers,
            "point_ledger": {clients.cards[LUCY]}, "idempotency_registry": {LUCY},
        },
        "the company's admin": {
            "member_profiles": {ANA}, "personal_cards": {ANA}, "enterprise_cards": {"E1"},
            "enterprise_card_bindings": {ANA, LUCY}, "transactions": {day["company"]}, "idempotency_registry": {ANA},
        },
        "the cashier": {
            "member_profiles": {MARK}, "personal_cards": {MARK}, "merchant_users": {MARK}, "transactions": at_test,
            "idempotency_registry": {MARK},
        },
        "the merchant's office": {
            "member_profiles": known, "merchants": {"TEST"}, "merchant_users": {MARK}, "transactions": at_test,
            "tx_registry": at_test, "merchant_order_registry": {"o-1"}, "idempotency_registry": {str(CASHIER)},
            "membership_levels": {None, world.MERCHANT},
        },
        "another merchant's office": {"merchants": {"OTHER"}},
        "a nameless user": {},
        "nobody": {},
    }  # fmt: skip
    for who, theirs in expected.items():
        found = {table: seen(clients, day["tokens"][who], table) for table in EXPOSED}
        assert {table: rows for table, rows in found.items() if rows} == {**everybodys, **theirs}, who


@pytest.mark.req("R051", "R052", "R057")
def test_the_operator_sees_every_row_and_no_table_is_empty(clients: Clients, day: dict[str, Any]) -> None:
    with as_owner(clients.database) as owner:
        owner.execute("SET ROLE tillkeeper_owner")
        for table in EXPOSED:
            found = clients.rows(day["tokens"]["the operator"], f"{table}?select={KNOWN_BY[table]}")
            assert found, table
    assert seen(clients, day["tokens"]["the operator"], "merchants") == {"TEST", "OTHER"}


@pytest.mark.req("R055", "R057")
def test_asking_for_anothers_rows_by_name_finds_none(clients: Clients, day: dict[str, Any]) -> None:
    token = day["tokens"]["another merchant's office"]
    for path in (
        f"personal_cards?member_id=eq.{LUCY}",
        f"transactions?tx_no=eq.{day['paid']}",
        f"transactions?or=(card_id.eq.{clients.cards[LUCY]},tx_no.not.is.null)",
        f"idempotency_registry?principal_id=neq.{CASHIER}",
        "member_profiles?member_no=like.*",
    ):
        assert clients.rows(token, path) == [], path
    with clients.http(token) as client:
        for count in ("exact", "planned", "estimated"):
            answer = client.head("/rest/v1/transactions", headers={"Prefer": f"count={count}"})
            assert answer.headers["content-range"] == "*/0"


def test_hashes_are_nobodys(clients: Clients, day: dict[str, Any]) -> None:
    for who in ("the member", "the company's admin", "the operator"):
        for table, column in (("personal_cards", "qr_code_hash"), ("enterprise_cards", "qr_code_hash"),
                              ("enterprise_cards", "password_hash")):  # fmt: skip
            found = clients.rows(day["tokens"][who], f"{table}?select={column}")
            assert {row[column] for row in found} <= {None}


@pytest.mark.req("R055")
def test_ones_own_name_is_read_and_nobody_elses(clients: Clients, day: dict[str, Any]) -> None:
    found = {who: clients.rows(token, "member_profiles?select=name") for who, token in day["tokens"].items()}
    assert found["the member"] == found["the company's admin"] == [{"name": NAME}]
    assert {row["name"] for row in [*found["the merchant's office"], *found["the operator"]]} == {None}
    assert len(found["the merchant's office"]) == 3
    hers = day["tokens"]["the member"]
    (row,) = clients.rows(hers, f"member_profiles?name=eq.{NAME}&status=eq.active")
    assert list(row) == ["id", "member_no", "name", "status", "created_at"]
    assert clients.rows(hers, "member_profiles?name=neq.x&name=is.null") == []
