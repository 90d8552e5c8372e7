"""What people type stays out of the sealed audit: it is for ever, and it may be a name or a telephone number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.refusals import Refusal
from sync_server.cards import calls
from sync_server.cards.enterprise import create_enterprise_card
from sync_server.database.engine import PLATFORM, Claims
from sync_server.ledger.decisions import Adjustment, propose_adjustment, review_pass_order
from sync_server.ledger.reservations import release_at_risk, reserve
from sync_server.ledger.top_ups import cancel_top_up
from sync_server.ledger.units import debit_tickets, grant_units, reverse_grant
from tests.sync_server import world
from tests.sync_server.ledger.asking import MEMBER_CLAIMS, OPERATOR, OTHER_MEMBER_CLAIMS, OTHER_STAFF, STAFF, act, ask
from tests.sync_server.ledger.cards import card_of
from tests.sync_server.ledger.test_reservations import until
from tests.sync_server.till import MEMBER, REVIEWED_PLAN, FakeTill, all_holds, plan, rows, value

pytestmark = pytest.mark.anyio
TEXT = "张三 13800138000"
LEFT = "SELECT event, subject, data FROM audit.event_log WHERE subject LIKE %s OR data::text LIKE %s"
COUNT = "SELECT count(*) FROM audit.event_log"


async def nothing_left(till: FakeTill) -> None:
    for part in ("张三", "13800138000"):
        assert await rows(till.pool, LEFT, f"%{part}%", f"%{part}%") == []


async def tell(till: FakeTill, claims: Claims, call: Any, *values: Any, **named: Any) -> None:
    with pytest.raises(Refusal):
        await call(till.pool, claims, *values, **named)


@pytest.mark.parametrize("claims", [OTHER_STAFF, STAFF, MEMBER_CLAIMS])
async def test_a_strangers_words_leave_no_trace(till: FakeTill, claims: Claims) -> None:
    """A merchant or a card that is not there: the refusal is all there is, however often it is tried."""
    before = await value(till.pool, COUNT)
    for _ in range(3):
        for amount in (Decimal(1), Decimal(-1)):
            named: dict[str, Any] = {"p_reason": TEXT, "p_tag": {"who": TEXT}, "p_idempotency_key": TEXT}
            await tell(till, claims, calls.merchant_refund_tx, TEXT, TEXT, amount, **named)
            await tell(till, claims, calls.merchant_charge_by_qr, TEXT, TEXT, amount, **named)
    for _ in range(3 if claims is MEMBER_CLAIMS else 0):
        await tell(till, claims, calls.enterprise_remove_member, TEXT, TEXT)
        await tell(till, claims, calls.enterprise_add_member, TEXT, TEXT, TEXT)
    assert await value(till.pool, COUNT) == before
    await nothing_left(till)


async def test_who_may_act_leaves_ids_numbers_and_codes(till: FakeTill, owner: Any) -> None:
    shop = await value(till.pool, "SELECT code FROM app.merchants WHERE merchant_id = %s", world.MERCHANT)
    await tell(till, STAFF, calls.merchant_refund_tx, shop, TEXT, Decimal(1), TEXT, p_idempotency_key=TEXT)
    await tell(till, STAFF, calls.merchant_charge_by_qr, shop, "1" + TEXT, Decimal(1), p_idempotency_key=TEXT + "2")
    await tell(till, STAFF, calls.merchant_refund_tx, shop, TEXT, Decimal(1), TEXT)  # without a key
    await tell(till, PLATFORM, create_enterprise_card, TEXT, TEXT, Decimal("0.9"), "CNY", "a password")
    await tell(till, PLATFORM, create_enterprise_card, "E1", "Acme", Decimal("0.9"), TEXT, "a password")
    await create_enterprise_card(till.pool, PLATFORM, "E1", "Acme", Decimal("0.9"), "CNY", "a password")
    await tell(till, OTHER_MEMBER_CLAIMS, calls.enterprise_remove_member, "E1", TEXT)
    await tell(till, MEMBER_CLAIMS, calls.user_recharge_personal_card, card_of(owner), Decimal(0), p_reason=TEXT,
               p_idempotency_key=TEXT)  # fmt: skip
    for values in ((reverse_grant, TEXT, TEXT), (debit_tickets, MEMBER, 1, TEXT, world.MERCHANT),
                   (cancel_top_up, TEXT, TEXT), (grant_units, MEMBER, TEXT, 1, TEXT)):  # fmt: skip
        said = await ask(till.pool, OPERATOR, *values, act=act(f"{TEXT} {values}"))
        assert said["outcome"] == "refused", values
        assert (await ask(till.pool, OPERATOR, *values, act=act(f"{TEXT} {values}", "other")))[
            "code"
        ] == "content_differs"
    kept = "SELECT data ->> 'code' FROM audit.event_log WHERE event LIKE 'refused%' ORDER BY 1"
    assert "transaction_unknown" in {row[0] for row in await rows(till.pool, kept)}
    await nothing_left(till)


async def test_reasons_stay_in_their_own_rows(till: FakeTill) -> None:
    wrong = Adjustment(None, "member", MEMBER, "ticket", None, 5, TEXT)
    assert (await ask(till.pool, OPERATOR, propose_adjustment, wrong))["outcome"] == "accepted"
    till.sell_pass(sold=plan(REVIEWED_PLAN, auto_activate=False))
    sold = till.sell_pass().pass_id
    await till.push()
    order = await value(till.pool, "SELECT topup_order_id::text FROM app.topup_orders WHERE review = 'pending'")
    assert (await ask(till.pool, STAFF, review_pass_order, order, "reject", TEXT))["outcome"] == "accepted"
    taken = await ask(till.pool, OPERATOR, reserve, world.TERMINAL, "pass", sold, 2, until())
    assert (await ask(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], TEXT))["outcome"] == "accepted"
    card = await value(till.pool, "SELECT card_id::text FROM app.cards WHERE member_id = %s", MEMBER)
    asked = await calls.user_recharge_personal_card(
        till.pool, MEMBER_CLAIMS, card, Decimal(10), p_reason="tea", p_idempotency_key="k"
    )
    assert (await ask(till.pool, OPERATOR, cancel_top_up, asked["tx_no"], TEXT))["outcome"] == "accepted"
    await nothing_left(till)
    for query in (
        "SELECT reason FROM app.adjustments", "SELECT reason FROM app.pass_reviews",
        "SELECT reason FROM app.transactions WHERE kind = 'released'",
        "SELECT reason FROM app.transactions WHERE status = 'cancelled'",
    ):  # fmt: skip
        assert await value(till.pool, query) == TEXT, query
    await all_holds(till.pool)
