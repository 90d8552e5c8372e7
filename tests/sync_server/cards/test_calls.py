"""The calls of source 001 by name: charge, refund and top-up, their refusals, keys, and what they leave behind."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.refusals import Refusal
from sync_server.cards import calls
from sync_server.database.engine import Claims, Pool, transaction
from tests.sync_server import world
from tests.sync_server.cards.people import (
    ME,
    OPERATOR,
    OTHER,
    OTHER_STAFF,
    PLATFORM,
    STAFF,
    TERMINAL,
    Owner,
    card_of,
    enterprise_card,
)
from tests.sync_server.ledger.cards import Desk, put_bands
from tests.sync_server.till import MEMBER, OTHER_MEMBER, all_holds, rows, value

pytestmark = pytest.mark.anyio
BAD_AMOUNTS = [Decimal(one) for one in ("0", "-1", "NaN", "0.001", "25.505", "10000000000.01", "1e30", "Infinity")]


@pytest.fixture
async def card(shop: Pool) -> str:
    """The member's own card with 100.00 on it."""
    card_id = await card_of(shop, MEMBER)
    await confirm(shop, (await recharge(shop, card_id, "100"))["tx_no"])
    return card_id


@pytest.fixture
async def code(shop: Pool, card: str) -> str:
    """Its code."""
    return await shown(shop, card)


async def shown(pool: Pool, card_id: str, claims: Claims = ME, kind: Any = "personal") -> str:
    made = await calls.rotate_card_qr(pool, claims, card_id, kind)
    assert set(made) == {"qr_plain", "qr_expires_at"}
    return str(made["qr_plain"])


async def charge(pool: Pool, text: str, price: str | Decimal = "25.50", claims: Claims = STAFF, **named: Any) -> Any:
    asked = {"p_merchant_code": "TEST", "p_idempotency_key": str(uuid4())} | named
    return await calls.merchant_charge_by_qr(pool, claims, p_qr_plain=text, p_raw_price=Decimal(price), **asked)


async def refund(pool: Pool, tx_no: str, amount: str | Decimal, claims: Claims = STAFF, **named: Any) -> Any:
    asked = {"p_merchant_code": "TEST", "p_idempotency_key": str(uuid4())} | named
    return await calls.merchant_refund_tx(
        pool, claims, p_original_tx_no=tx_no, p_refund_amount=Decimal(amount), **asked
    )


async def recharge(pool: Pool, card_id: str, amount: str | Decimal = "50", claims: Claims = ME, **named: Any) -> Any:
    asked = {"p_idempotency_key": str(uuid4())} | named
    return await calls.user_recharge_personal_card(pool, claims, card_id, Decimal(amount), **asked)


async def refused(code: str, act: Any) -> None:
    """Twice, each time of its own."""
    for _ in range(2):
        with pytest.raises(Refusal) as found:
            await act()
        assert found.value.code == code


async def balance(pool: Pool, card_id: str) -> Decimal:
    return Decimal(await value(pool, "SELECT balance FROM app.personal_cards WHERE id = %s", card_id))


@pytest.mark.req("R034", "R059", "R063", "R064", "R069", "R075")
async def test_a_charge_says_what_the_source_says(shop: Pool, card: str, code: str, owner: Owner) -> None:
    put_bands(owner, (None, 0, 0, None, "0.950"))
    paid = await charge(shop, code, p_reason="coffee", p_tag={"sku": "latte"}, p_external_order_id="o-1")
    assert list(paid) == ["tx_id", "tx_no", "card_id", "discount", "card_type", "final_amount"]
    assert (paid["card_type"], paid["card_id"], paid["final_amount"], paid["discount"]) == (
        "personal", card, Decimal("24.23"), Decimal("0.950"))  # fmt: skip
    assert paid["tx_no"].startswith("ZF")
    seen = await rows(
        shop, "SELECT balance, points, level, discount, qr_code_hash FROM app.personal_cards WHERE id = %s", card
    )
    assert seen == [(Decimal("75.77"), 25, 0, Decimal("0.950"), None)]
    kept = await rows(
        shop, "SELECT reason, tag, external_order_id FROM app.transactions WHERE tx_no = %s", paid["tx_no"]
    )
    assert kept == [("coffee", {"sku": "latte"}, "o-1")]
    await refused("code_used", lambda: charge(shop, code))
    await all_holds(shop)


@pytest.mark.req("R036")
async def test_the_same_key_gives_the_same_answer_whatever_became_of_the_code(shop: Pool, card: str, code: str) -> None:
    first = await charge(shop, code, p_idempotency_key="k1")
    newer = await shown(shop, card)
    assert await charge(shop, code, p_idempotency_key="k1") == first
    assert await charge(shop, newer, p_idempotency_key="k1") == first  # the same card: the code is no content
    await refused("content_differs", lambda: charge(shop, newer, "25.51", p_idempotency_key="k1"))
    await refused("content_differs", lambda: charge(shop, newer, p_idempotency_key="k1", p_reason="tea"))
    other = await charge(shop, newer, claims=TERMINAL, p_idempotency_key="k1")  # another principal's key
    assert other["tx_no"] != first["tx_no"]
    assert await balance(shop, card) == Decimal("49.00")
    tries = "SELECT count(*) FROM audit.event_log WHERE event = 'content_differs' AND severity = 'alarm'"
    assert await value(shop, tries) == 4


async def test_a_refusal_is_final_for_its_key(shop: Pool, card: str, owner: Owner) -> None:
    code = await shown(shop, card)
    await refused("balance_insufficient", lambda: charge(shop, code, "100.01", p_idempotency_key="k"))
    Desk(owner).top_up(5000)
    await refused("balance_insufficient", lambda: charge(shop, code, "100.01", p_idempotency_key="k"))
    assert (await charge(shop, code, "100.01"))["final_amount"] == Decimal("100.01")
    noted = "SELECT subject LIKE 'sha256/%' FROM audit.event_log WHERE event = 'refused'"  # one row
    assert await value(shop, noted)


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
async def test_what_is_no_amount(shop: Pool, card: str, code: str, amount: Decimal) -> None:
    before = await value(shop, "SELECT count(*) FROM app.transactions")
    await refused("amount_invalid", lambda: charge(shop, code, amount))
    await refused("amount_invalid", lambda: recharge(shop, card, amount))
    assert await value(shop, "SELECT count(*) FROM app.transactions") == before
    paid = await charge(shop, code, "25.500")  # three digits, and a whole number of cents
    await refused("amount_invalid", lambda: refund(shop, paid["tx_no"], amount))


async def test_what_is_no_call(shop: Pool, card: str, code: str) -> None:
    malformed: list[dict[str, Any]] = [
        {"p_reason": "x" * 201}, {"p_tag": {"x": "y" * 2000}}, {"p_external_order_id": ""},
        {"p_external_order_id": "x" * 101}, {"p_idempotency_key": ""}, {"p_idempotency_key": "x" * 201},
    ]  # fmt: skip
    for change in malformed:
        await refused("request_malformed", lambda change=change: charge(shop, code, **change))
        await refused("request_malformed", lambda change=change: recharge(shop, card, **change))
    for act in (
        lambda: charge(shop, code, p_idempotency_key=None),
        lambda: recharge(shop, card, p_idempotency_key=None),
        lambda: refund(shop, "ZF1", "1", p_idempotency_key=None),
    ):
        await refused("idempotency_key_missing", act)
    assert (await charge(shop, code))["final_amount"] == Decimal("25.50")


@pytest.mark.req("R033", "R069")
async def test_codes_that_do_not_pay(shop: Pool, card: str, code: str, owner: Owner) -> None:
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for text, reason in (("hello", "code_foreign"), ("1" + "9999999" + "0" + "A" * 11, "code_edited"),
                         (wrong, "code_wrong")):  # fmt: skip
        await refused(reason, lambda text=text: charge(shop, text))
    tries = "SELECT wrong_tries FROM sec.card_codes"
    assert owner.execute(tries).fetchall() == [(2,)]
    for _ in range(3):  # one question, however often it is asked, is one try
        with pytest.raises(Refusal, match="code_wrong"):
            await charge(shop, wrong, p_idempotency_key="guess")
    assert owner.execute(tries).fetchall() == [(3,)]
    owner.execute("UPDATE sec.card_codes SET issued_at = issued_at - interval '15 minutes'")
    await refused("code_expired", lambda: charge(shop, code))
    owner.execute("UPDATE sec.card_codes SET locked_until = now() + interval '1 minute'")
    await refused("code_locked", lambda: charge(shop, code))
    assert await balance(shop, card) == Decimal("100.00")


@pytest.mark.req("R047", "R069")
async def test_who_charges_for_a_merchant(shop: Pool, card: str, code: str, owner: Owner) -> None:
    worker = Claims(UUID(OTHER_MEMBER), "member")
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    lent = Claims(STAFF.principal_id, "member", STAFF.merchant_ids)  # no staff, whatever merchants it names
    strangers: list[tuple[Claims, str]] = [
        (OTHER_STAFF, "TEST"), (STAFF, "OTHER"), (STAFF, "NONE"), (worker, "TEST"), (ME, "TEST"), (OPERATOR, "TEST"),
        (lent, "TEST"),
    ]  # fmt: skip
    for claims, merchant in strangers:
        there: dict[str, Any] = {"claims": claims, "p_merchant_code": merchant}
        await refused("permission_missing", lambda there=there: charge(shop, wrong, **there))
        await refused("permission_missing", lambda there=there: refund(shop, "ZF1", "1", **there))
    assert owner.execute("SELECT wrong_tries FROM sec.card_codes").fetchall() == [(0,)]  # a stranger cannot lock a card
    for nobody in (Claims(None, "staff", STAFF.merchant_ids), PLATFORM):
        with pytest.raises(Exception, match="database_permission_denied"):
            await charge(shop, code, claims=nobody)
    async with transaction(shop, PLATFORM) as connection:
        await connection.execute(
            "INSERT INTO app.merchant_users (merchant_id, user_id, role) VALUES (%s, %s, 'cashier')",
            [world.MERCHANT, OTHER_MEMBER],
        )
    paid = await charge(shop, code, claims=worker)
    assert (await refund(shop, paid["tx_no"], "25.50", claims=TERMINAL))["refunded_amount"] == Decimal("25.50")


@pytest.mark.req("R030", "R064")
async def test_an_enterprise_card_pays_with_its_own_discount(shop: Pool, owner: Owner) -> None:
    company = enterprise_card(owner, MEMBER)
    asked = await calls.user_recharge_enterprise_card_admin(
        shop, ME, company, Decimal("200"), "alipay", "corporate_topup", p_idempotency_key="k"
    )
    await confirm(shop, asked["tx_no"])
    paid = await charge(shop, await shown(shop, company, ME, "enterprise"), "25.50")
    assert (paid["card_type"], paid["final_amount"], paid["discount"]) == (
        "enterprise", Decimal("22.95"), Decimal("0.900"))  # fmt: skip
    seen = await rows(shop, "SELECT balance, fixed_discount, password_hash FROM app.enterprise_cards")
    assert seen == [(Decimal("177.05"), Decimal("0.900"), None)]
    await all_holds(shop)


async def confirm(pool: Pool, tx_no: str) -> None:
    async with transaction(pool, OPERATOR) as connection:
        cursor = await connection.execute(
            "SELECT app.confirm_top_up(1::smallint, %s, sha256(''), %s, %s) ->> 'outcome'",
            [tx_no, tx_no, "pay-" + tx_no],
        )
        assert await cursor.fetchone() == ("accepted",)


@pytest.mark.req("R034", "R066", "R071")
async def test_ones_own_top_up_waits_for_its_payment(shop: Pool) -> None:
    card = await card_of(shop, MEMBER)
    asked = await recharge(shop, card, "50.00", p_reason="topup", p_tag={"from": "app"}, p_external_order_id="w-1")
    assert list(asked) == ["tx_id", "tx_no", "amount", "card_id"]
    assert (asked["amount"], asked["card_id"], asked["tx_no"][:2]) == (Decimal("50.00"), card, "CZ")
    assert await balance(shop, card) == 0
    await confirm(shop, asked["tx_no"])
    assert await balance(shop, card) == 50
    assert await value(shop, "SELECT currency FROM app.cards WHERE card_id = %s", card) == "CNY"
    await refused("external_order_used", lambda: recharge(shop, card, p_external_order_id="w-1"))
    again = await recharge(shop, card, p_idempotency_key="k")
    assert await recharge(shop, card, p_idempotency_key="k") == again
    await refused("content_differs", lambda: recharge(shop, card, "51", p_idempotency_key="k"))
    await all_holds(shop)


@pytest.mark.req("R031", "R067")
async def test_whose_card_may_be_topped_up(shop: Pool, owner: Owner) -> None:
    card, company = await card_of(shop, MEMBER), enterprise_card(owner, MEMBER, members=(OTHER_MEMBER,))
    by_admin = calls.user_recharge_enterprise_card_admin
    await refused("card_unknown", lambda: recharge(shop, card, claims=OTHER))
    await refused("card_unknown", lambda: recharge(shop, company))  # not by this name
    await refused("card_unknown", lambda: by_admin(shop, ME, card, Decimal(1), p_idempotency_key=str(uuid4())))
    await refused("not_admin", lambda: by_admin(shop, OTHER, company, Decimal(1), p_idempotency_key=str(uuid4())))
    for status, code in (("frozen", "card_inactive"), ("closed", "card_inactive"), ("expired", "card_expired")):
        owner.execute("UPDATE app.cards SET status = %s", [status])
        await refused(code, lambda: recharge(shop, card))
    for claims in (STAFF, TERMINAL, Claims(None, "member")):
        with pytest.raises(Exception, match="database_permission_denied"):
            await recharge(shop, card, claims=claims)


@pytest.mark.req("R065", "R070")
async def test_refunds_in_parts_up_to_the_whole(shop: Pool, card: str, code: str) -> None:
    paid = await charge(shop, code)
    first = await refund(shop, paid["tx_no"], "10.00", p_reason="customer_request", p_idempotency_key="k")
    assert set(first) == {"refund_tx_id", "refund_tx_no", "refunded_amount"}
    assert (first["refunded_amount"], first["refund_tx_no"][:2]) == (Decimal("10.00"), "TK")
    assert await refund(shop, paid["tx_no"], "10.00", p_reason="customer_request", p_idempotency_key="k") == first
    await refused("content_differs", lambda: refund(shop, paid["tx_no"], "10.01", p_idempotency_key="k"))
    await refused("refund_exceeds", lambda: refund(shop, paid["tx_no"], "15.51"))
    await refund(shop, paid["tx_no"], "15.50")
    await refused("refund_exceeds", lambda: refund(shop, paid["tx_no"], "0.01"))
    assert await balance(shop, card) == Decimal("100.00")
    await refused("transaction_unknown", lambda: refund(shop, "ZF99900000001", "1"))
    await refused("transaction_unknown", lambda: refund(shop, "x" * 500, "1"))
    await refused("refund_not_allowed", lambda: refund(shop, first["refund_tx_no"], "1"))
    asked = await value(shop, "SELECT tx_no FROM app.transactions WHERE kind = 'topped_up'")
    await refused("transaction_unknown", lambda: refund(shop, asked, "1"))  # the operator's, not this merchant's
    theirs: dict[str, Any] = {"claims": OTHER_STAFF, "p_merchant_code": "OTHER"}
    await refused("transaction_unknown", lambda: refund(shop, paid["tx_no"], "1", **theirs))
    await all_holds(shop)


@pytest.mark.req("R065")
async def test_a_top_up_is_no_payment_to_refund(shop: Pool, owner: Owner) -> None:
    tx_no = Desk(owner).top_up(10000)["tx_no"]
    await refused("refund_not_allowed", lambda: refund(shop, tx_no, "1"))


@pytest.mark.req("R037")
async def test_one_external_order_is_charged_once(shop: Pool, card: str, code: str) -> None:
    await charge(shop, code, "1", p_external_order_id="o-1")
    newer = await shown(shop, card)
    await refused("external_order_used", lambda: charge(shop, newer, "1", p_external_order_id="o-1"))
    theirs = Claims(uuid4(), "staff", [UUID(world.OTHER_MERCHANT)])
    await charge(shop, newer, "1", claims=theirs, p_merchant_code="OTHER", p_external_order_id="o-1")


@pytest.mark.req("R035")
async def test_many_at_once_with_one_code_one_key_or_one_cent(shop: Pool, card: str, code: str) -> None:
    found = await asyncio.gather(*(charge(shop, code, "1") for _ in range(8)), return_exceptions=True)
    assert sorted(str(one) for one in found if isinstance(one, Refusal)) == ["code_used"] * 7
    newer = await shown(shop, card)
    same = await asyncio.gather(*(charge(shop, newer, "9", p_idempotency_key="k") for _ in range(8)))
    assert len({one["tx_no"] for one in same}) == 1
    again = await asyncio.gather(*(recharge(shop, card, p_idempotency_key="r") for _ in range(8)))
    assert len({one["tx_no"] for one in again}) == 1
    assert await balance(shop, card) == Decimal("90.00")
    back = await asyncio.gather(*(refund(shop, same[0]["tx_no"], "9") for _ in range(6)), return_exceptions=True)
    assert sorted(str(one) for one in back if isinstance(one, Refusal)) == ["refund_exceeds"] * 5
    await all_holds(shop)


async def test_a_cards_currency_and_the_merchants(shop: Pool, card: str, code: str, owner: Owner) -> None:
    fresh = await shown(shop, await card_of(shop, OTHER_MEMBER), OTHER)
    await refused("balance_insufficient", lambda: charge(shop, fresh))
    owner.execute("UPDATE app.stores SET currency = 'EUR' WHERE merchant_id = %s", [world.OTHER_MERCHANT])
    theirs: dict[str, Any] = {"claims": OTHER_STAFF, "p_merchant_code": "OTHER"}
    await refused("currency_mismatch", lambda: charge(shop, code, **theirs))
    theirs_card = await card_of(shop, OTHER_MEMBER)
    by_bank: dict[str, Any] = {
        "p_payment_method": "bank_card"
    }  # says nothing about the currency, where stores trade in two
    await refused("card_currency_unset", lambda: recharge(shop, theirs_card, "1", OTHER, **by_bank))
    assert (await charge(shop, code))["final_amount"] == Decimal("25.50")
