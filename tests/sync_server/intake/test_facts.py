"""Facts into the ledger: what each kind posts, and what it leaves behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models import facts
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.till import (
    OWN,
    REVIEWED_PLAN,
    FakeTill,
    all_holds,
    as_owner,
    balance,
    outcomes,
    plan,
    rows,
    uses_left,
    value,
)

pytestmark = pytest.mark.anyio


@pytest.mark.req("R096", "R108")
async def test_a_first_purchase_is_active_at_once_and_its_money_balances(till: FakeTill) -> None:
    sold = till.sell_pass()
    answer = await till.push()
    assert [(r.outcome, r.reason, r.tx_no) for r in answer.results] == [("accepted", None, "CK00100000001")]
    assert await rows(till.pool, "SELECT pass_id::text, status, uses_bought, uses_left FROM app.passes_held") == [
        (sold.pass_id, "active", 10, 10)
    ]
    assert await balance(till.pool, "tender/cash") == 15000
    assert await balance(till.pool, "pass_sales") == -15000
    assert await rows(till.pool, "SELECT kind, review, uses FROM app.topup_orders") == [("first", "not_needed", 10)]


@pytest.mark.req("R097")
async def test_a_plan_that_needs_review_makes_a_suspended_pass_that_cannot_be_used(till: FakeTill) -> None:
    sold = till.sell_pass(sold=plan(REVIEWED_PLAN, auto_activate=False))
    till.redeem(sold.pass_id, OWN)
    assert await outcomes(till) == [("accepted", None), ("held", "pass_not_active")]
    assert await rows(till.pool, "SELECT status FROM app.member_passes") == [("suspended",)]
    assert await rows(till.pool, "SELECT review FROM app.topup_orders") == [("pending",)]


@pytest.mark.req("R099")
async def test_a_stacked_purchase_adds_uses_and_leaves_the_status_alone(till: FakeTill, database: DatabaseUrls) -> None:
    sold = till.sell_pass()
    await till.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.member_passes SET status = 'suspended'")
    first_until = await value(till.pool, "SELECT expires_at FROM app.member_passes")
    till.at += timedelta(minutes=10)
    till.sell_pass(sold.pass_id, stacked=True)
    assert (await outcomes(till))[1] == ("accepted", None)
    assert await rows(till.pool, "SELECT status, uses_bought, uses_left FROM app.passes_held") == [
        ("suspended", 20, 20)
    ]
    assert await value(till.pool, "SELECT expires_at FROM app.member_passes") > first_until


async def test_stacking_on_an_expired_pass_forfeits_what_was_left(till: FakeTill, database: DatabaseUrls) -> None:
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN, cups=3)
    await till.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.member_passes SET expires_at = now() - interval '1 day', status = 'expired'")
    till.sell_pass(sold.pass_id, stacked=True)
    assert (await outcomes(till))[2] == ("accepted", None)
    assert await rows(till.pool, "SELECT status, uses_bought, uses_left FROM app.passes_held") == [("active", 13, 10)]
    assert await balance(till.pool, "forfeited") == 7
    await all_holds(till.pool)


async def test_two_tills_that_first_sell_one_plan_make_one_pass(till: FakeTill, second_till: FakeTill) -> None:
    mine, theirs = till.sell_pass(), second_till.sell_pass()
    await till.push()
    second_till.redeem(theirs.pass_id, OWN)
    second_till.sell_pass(theirs.pass_id, stacked=True)
    assert await outcomes(second_till) == [("accepted", None)] * 3
    assert await rows(till.pool, "SELECT pass_id::text, uses_bought, uses_left FROM app.passes_held") == [
        (mine.pass_id, 30, 29)
    ]
    assert await rows(till.pool, "SELECT alias_id::text, pass_id::text FROM app.pass_aliases") == [
        (theirs.pass_id, mine.pass_id)
    ]
    gone = await rows(
        till.pool, "SELECT key FROM app.change_log WHERE table_name = 'pass' AND key = %s", theirs.pass_id
    )
    assert gone == [(theirs.pass_id,)]


async def test_two_tills_that_first_sell_at_the_same_moment(till: FakeTill, second_till: FakeTill) -> None:
    till.sell_pass(), second_till.sell_pass()
    await asyncio.gather(till.push(), second_till.push())
    assert await rows(till.pool, "SELECT uses_left FROM app.passes_held") == [(20,)]
    await all_holds(till.pool)


@pytest.mark.req("R087", "R088", "R112", "R116")
async def test_a_free_redemption_has_no_order(till: FakeTill) -> None:
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN, cups=2)
    answer = await till.push()
    assert (answer.results[1].outcome, answer.results[1].tx_no) == ("accepted", "HX00100000001")
    assert await rows(till.pool, "SELECT order_id FROM app.pass_redemption_batches") == [(None,)]
    assert await rows(till.pool, "SELECT use_no, order_id, order_item_id FROM app.pass_redemptions ORDER BY 1") == [
        (1, None, None),
        (2, None, None),
    ]
    assert await value(till.pool, "SELECT count(*) FROM app.orders") == 0
    assert await uses_left(till.pool, sold.pass_id) == 8


@pytest.mark.req("R112")
async def test_a_redemption_with_extra_has_order_items_tenders_and_vat(till: FakeTill) -> None:
    sold = till.sell_pass()
    body = till.redeem(sold.pass_id, OWN, cups=2, extra=3, tender="bank_card")
    await till.push()
    assert await rows(till.pool, "SELECT order_id::text, total_minor, status, pickup_no FROM app.orders") == [
        (body.redemption_id, 1500, "paid", "A1")
    ]
    assert await rows(till.pool, "SELECT line_no, total_minor FROM app.order_items") == [(1, 1500)]
    linked = "SELECT line_no, order_item_id IS NOT NULL FROM app.pass_redemptions ORDER BY 1"
    assert await rows(till.pool, linked) == [(1, True), (2, False)]
    kinds = "SELECT kind, amount_minor FROM app.payments ORDER BY amount_minor"
    assert await rows(till.pool, kinds) == [("bank_card", 1500), ("cash", 15000)]
    # 15.00 with 6 % VAT inside: 14.15 + 0.85, rounded once
    assert (await balance(till.pool, "sales"), await balance(till.pool, "vat/0.06")) == (-1415, -85)
    assert await rows(till.pool, "SELECT slip_no FROM app.slips WHERE tx_id IN (SELECT tx_id FROM app.orders)"
                      " ORDER BY 1") == [("TP.SZ1T01.000001",), ("VR.SZ1T01.000002",)]  # fmt: skip
    await all_holds(till.pool)


async def test_a_single_purpose_pass_is_taxed_when_it_is_sold(till: FakeTill) -> None:
    taxed = plan(vat_mode="single_purpose", vat_rate="0.06")
    till.sell_pass(sold=taxed)
    assert await outcomes(till) == [("accepted", None)]
    assert (await balance(till.pool, "pass_sales"), await balance(till.pool, "vat/0.06")) == (-14151, -849)


async def test_an_order_paid_two_ways(till: FakeTill) -> None:
    till.order()
    answer = await till.push()
    assert answer.results[0].tx_no == "ZF00100000001"
    assert [await balance(till.pool, bucket) for bucket in ("tender/cash", "tender/wechat", "sales", "vat/0.06")] == [
        1000, 1100, -1981, -119
    ]  # fmt: skip
    await all_holds(till.pool)


async def test_an_order_for_nothing_is_still_an_order(till: FakeTill) -> None:
    free = facts.SoldCup(world.PRODUCT, "红茶", 0, "0.06")
    till.order(cups=(free,), total_minor=0, vat=(), tenders=())
    assert await outcomes(till) == [("accepted", None)]
    assert await value(till.pool, "SELECT count(*) FROM app.entries") == 0
    await all_holds(till.pool)


async def test_what_moves_no_unit_is_recorded_with_its_audit_row(till: FakeTill) -> None:
    till.fact(facts.ShiftOpened(world.STAFF, 20000, "CNY", till.day()))
    till.order()
    till.fact(facts.SlipReprinted("TP.SZ1T01.000001", 1, "customer"))
    till.fact(facts.SlipReprinted("TP.SZ1T01.000099", 1, "customer"))
    assert await outcomes(till) == [("accepted", None)] * 3 + [("held", "slip_unknown")]
    recorded = "SELECT event FROM audit.event_log WHERE event LIKE 'recorded.%' ORDER BY 1"
    assert await rows(till.pool, recorded) == [("recorded.ShiftOpened",), ("recorded.SlipReprinted",)]


@pytest.mark.parametrize("reason", ["", "王小明 13800136021", "lost\n", "a" * 41])
async def test_no_free_text_gets_into_the_audit(till: FakeTill, reason: str) -> None:
    till.order()
    till.fact(facts.SlipReprinted("TP.SZ1T01.000001", 1, reason))
    till.fact(facts.SlipReprinted("TP.SZ1T01.000001", 2, "damaged_paper"))
    till.fact(facts.RequestAbandoned(world.PLAN, reason))
    assert await outcomes(till) == [("accepted", None)] * 4
    kept = "SELECT data ->> 'reason' FROM audit.event_log WHERE event LIKE 'recorded.%' ORDER BY event, data ->> 'copy'"
    assert await rows(till.pool, kept) == [("other",), ("other",), ("damaged_paper",)]


@pytest.mark.req("R111", "R113")
async def test_every_fact_leaves_its_bytes_its_audit_row_and_its_number(till: FakeTill) -> None:
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN)
    till.order()
    await till.push()
    kept = await rows(till.pool, "SELECT bytes, outcome FROM app.facts ORDER BY seq")
    assert [bytes(data).decode() for data, _ in kept] == till.texts
    audited = await rows(till.pool, "SELECT event, severity FROM audit.event_log WHERE tx_id IS NOT NULL ORDER BY 1")
    assert audited == [("posted.order_paid", "info"), ("posted.pass_redeemed", "info"), ("posted.pass_sold", "info")]
    await all_holds(till.pool)
