"""What HQ decides about held facts: posted once, by name, with a reason; the bytes stay; every invariant holds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from models import facts
from models.facts import Evidence
from models.money import VatGroup
from models.refusals import Refusal
from models.tenders import Tender
from sync_server.database.engine import Claims
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.held import Decision, decide
from sync_server.members.codes import rotate_code
from tests.sync_server import card_till, world
from tests.sync_server.hq import AUDITOR, FINANCE, HQ, OWNER, STRANGER, SUPPORT, employ
from tests.sync_server.ledger.asking import OPERATOR, TERMINAL
from tests.sync_server.till import (
    MEMBER,
    ONLINE,
    OTHER_MEMBER,
    OWN,
    FakeTill,
    all_holds,
    as_owner,
    at_risk,
    balance,
    outcomes,
    rows,
    set_plan,
    set_policy,
    uses_left,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio
WHY = "the cashier confirmed it"
Outcome = dict[str, Any]


@pytest.fixture
async def shop(till: FakeTill) -> FakeTill:
    """The till of a shop with people at HQ."""
    await employ(till.pool)
    return till


async def held_of(till: FakeTill, reason: str) -> str:
    """Push; the last fact is held for this reason. Its hash."""
    assert (await outcomes(till))[-1] == ("held", reason)
    return till.prev


async def said(till: FakeTill, fact: str, decision: str, claims: Claims = HQ, *, reason: str = WHY,
               key: str | None = None, **account: str) -> Outcome:  # fmt: skip
    """Decide; twice under one key is one decision."""
    key = key or str(uuid4())
    wanted = Decision(decision, reason, account)
    first = await decide(till.pool, claims, key, fact, wanted, till.keys)
    assert await decide(till.pool, claims, key, fact, wanted, till.keys) == first
    return first


async def done(till: FakeTill, fact: str, decision: str, claims: Claims = HQ, **account: str) -> Outcome:
    """Decide with success: the bytes and the till's answer stay, the next decision is refused, all invariants hold."""
    before = await rows(till.pool, "SELECT bytes, outcome, reason, tx_id FROM app.facts ORDER BY terminal_id, seq")
    found = await said(till, fact, decision, claims, **account)
    assert (found["outcome"], found["decision"]) == ("accepted", decision), found
    assert (
        await rows(till.pool, "SELECT bytes, outcome, reason, tx_id FROM app.facts ORDER BY terminal_id, seq") == before
    )
    for again in ("post", "write_off", "reject"):
        refused = await said(till, fact, again)
        assert (refused["outcome"], refused["code"], refused["data"]) == (
            "refused",
            "held_decided",
            {"decision": decision},
        )
    kept = "SELECT decision, reason, decided_by, tx_no FROM app.held_decisions WHERE hash = decode(%s, 'hex')"
    assert await rows(till.pool, kept, fact) == [(decision, WHY, claims.principal_id, found.get("tx_no"))]
    await all_holds(till.pool)
    return found


async def refused(till: FakeTill, fact: str, decision: str, claims: Claims = HQ, **account: str) -> str:
    """Decide in vain: nothing is posted and the fact waits on; the refusal's code."""
    before = await value(till.pool, "SELECT count(*) FROM app.transactions")
    key = str(uuid4())
    found = await said(till, fact, decision, claims, key=key, **account)
    assert found["outcome"] == "refused", found
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == before
    assert await value(till.pool, "SELECT count(*) FROM app.held_decisions") == 0
    assert (
        await value(till.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'refused' AND subject = %s", key)
        == 1
    )
    return str(found["code"])


# Post as it is --------------------------------------------------------------------------------------------------------


async def test_a_use_over_the_plans_limit_is_posted_as_it_is(shop: FakeTill) -> None:
    await set_plan(shop, max_uses_per_order=1)
    sold = shop.sell_pass()
    body = shop.redeem(sold.pass_id, OWN, cups=2, extra=1)
    fact = await held_of(shop, "uses_per_order_exceeded")
    found = await done(shop, fact, "post")
    assert found["tx_no"][:2] == "HX"
    assert await uses_left(shop.pool, sold.pass_id) == 8
    kept = "SELECT rung, uses, loss_uses, fact_id IS NOT NULL, request_id FROM app.pass_redemption_batches"
    assert await rows(shop.pool, kept) == [("decided", 2, 0, True, None)]
    slips = "SELECT slip_no FROM app.slips WHERE tx_id = %s ORDER BY slip_no DESC"
    assert [row[0] for row in await rows(shop.pool, slips, found["tx_id"])] == list(body.slips)
    assert await value(shop.pool, "SELECT total_minor FROM app.orders") == 500
    assert (await shop.push()).results[-1].outcome == "already_known"


async def test_uses_beyond_the_policy_that_are_not_there_are_the_members_loss(
    shop: FakeTill, second_till: FakeTill
) -> None:
    await set_policy(shop.pool, max_uses_per_operation=1)
    sold = second_till.sell_pass()
    second_till.redeem(sold.pass_id, OWN, cups=9)
    await second_till.push()
    shop.redeem(sold.pass_id, at_risk(shop), cups=3)
    found = await done(shop, await held_of(shop, "offline_operation_cap"), "post")
    assert await uses_left(shop.pool, sold.pass_id) == 0
    loss = "SELECT member_id::text, terminal_id::text, amount, value_minor, currency, tx_no FROM app.offline_losses"
    assert await rows(shop.pool, loss) == [(MEMBER, world.TERMINAL, 2, 3000, "CNY", found["tx_no"])]
    assert await balance(shop.pool, "offline_loss") == -2


@pytest.mark.parametrize("state", ["suspended", "revoked", "expired"])
async def test_a_pass_that_was_not_active_gives_its_uses_by_decision(
    shop: FakeTill, database: DatabaseUrls, state: str
) -> None:
    sold = shop.sell_pass()
    await shop.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.member_passes SET status = %s, expires_at = now() - interval '2 hours'", [state])
    shop.redeem(sold.pass_id, OWN)
    await shop.push()
    await done(shop, shop.prev, "post")
    assert await uses_left(shop.pool, sold.pass_id) == 9


async def test_a_tender_that_may_not_pay_a_redemption_was_paid_all_the_same(shop: FakeTill) -> None:
    sold = shop.sell_pass()
    shop.redeem(sold.pass_id, OWN, extra=1, tender="wechat")
    await done(shop, await held_of(shop, "tender_not_allowed"), "post")
    assert await balance(shop.pool, "tender/wechat") == 500


async def test_vat_of_an_old_version_stands_when_the_money_adds_up(shop: FakeTill) -> None:
    shop.order(vat=(VatGroup("0.06", 2000, 100),))
    await done(shop, await held_of(shop, "arithmetic_wrong"), "post")
    assert await balance(shop.pool, "vat/0.06") == -100
    shop.order(vat=(VatGroup("0.06", 2000, 99),))
    await shop.push()
    await said(shop, shop.prev, "reject")


async def test_an_order_whose_cups_cost_another_sum_stands_as_it_was_paid(shop: FakeTill) -> None:
    """Found by the fault simulator: posted by HQ, it was a broken invariant for ever."""
    shop.order(total_minor=2101, vat=(VatGroup("0.06", 1982, 119),), tenders=(Tender("cash", 2101, 2101),))
    await done(shop, await held_of(shop, "arithmetic_wrong"), "post")
    assert await value(shop.pool, "SELECT total_minor FROM app.orders") == 2101


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"vat": (VatGroup("0.06", 2000, 99),)}, "arithmetic_wrong"),
        ({"tenders": (Tender("cash", 1, 1),)}, "tender_insufficient"),
        ({"tenders": (Tender("gold", 2100, 2100),)}, "tender_unknown"),
        ({"slips": ("TP.BC1T01.000001",)}, "slip_foreign"),
        ({"member_id": "x"}, "request_malformed"),
    ],
)
async def test_what_no_person_can_make_right_can_only_be_rejected(
    shop: FakeTill, change: dict[str, Any], reason: str
) -> None:
    shop.order(**change)
    fact = await held_of(shop, reason)
    for decision in ("post", "write_off"):
        assert await refused(shop, fact, decision) == "held_not_postable"
    await done(shop, fact, "reject")


@pytest.mark.parametrize("tenders", [(Tender("wechat", 400, 400),), (Tender("wechat", 500, 500), Tender("gold", 1, 1))])
async def test_a_waived_tender_hides_no_other_fault(shop: FakeTill, tenders: tuple[Tender, ...]) -> None:
    sold = shop.sell_pass()
    shop.redeem(sold.pass_id, OWN, extra=1, tenders=tenders)
    assert await refused(shop, await held_of(shop, "tender_not_allowed"), "post") == "held_not_postable"


async def test_what_cannot_be_read_can_be_rejected(shop: FakeTill) -> None:
    shop.append("not a fact")
    fact = await held_of(shop, "fact_unreadable")
    assert await refused(shop, fact, "post") == "held_not_postable"
    await done(shop, fact, "reject", FINANCE)
    assert bytes(await value(shop.pool, "SELECT bytes FROM app.facts")) == b"not a fact"


async def test_the_queue_of_a_revoked_till_is_posted_fact_by_fact(shop: FakeTill) -> None:
    sold = shop.sell_pass()
    shop.redeem(sold.pass_id, OWN)
    shop.order()
    shop.fact(facts.ShiftOpened(world.STAFF, 100, "CNY", shop.day()))
    card_till.top_up(shop)
    shop.status = "revoked"
    await shop.push()
    queue = await rows(shop.pool, "SELECT encode(hash, 'hex') FROM app.held_facts ORDER BY seq")
    numbers = [(await done(shop, fact, "post")).get("tx_no") for (fact,) in queue]
    assert [number and number[:2] for number in numbers] == ["CK", "HX", "ZF", None, "CZ"]
    assert await uses_left(shop.pool, sold.pass_id) == 9
    assert (await card_till.holds(shop.pool))["principal"] == 10000
    assert await rows(shop.pool, "SELECT 1 FROM app.held_facts") == []


async def test_a_clones_order_is_posted_beside_the_true_history(shop: FakeTill) -> None:
    shop.order()
    clone = replace(shop, texts=list(shop.texts), counters=dict(shop.counters))
    shop.order()
    await shop.push()
    clone.order()
    await clone.push()
    await done(shop, clone.prev, "post")
    assert await value(shop.pool, "SELECT count(*) FROM app.orders") == 3


async def test_one_fact_id_has_one_effect_also_in_two_histories(shop: FakeTill) -> None:
    shop.sell_pass()
    sale = facts.decode_fact(shop.texts[-1])
    assert isinstance(sale.body, facts.PassSold)
    shop.fact(replace(sale.body, slips=(shop.slip("VR"),)), fact_id=sale.fact_id)
    assert await refused(shop, await held_of(shop, "content_differs"), "post") == "content_differs"


@pytest.mark.parametrize("uses", [9, 12])
async def test_a_sale_that_differs_from_its_plan_stands_as_sold(shop: FakeTill, uses: int) -> None:
    sold = shop.sell_pass(uses=uses)
    await done(shop, await held_of(shop, "plan_differs"), "post")
    assert await uses_left(shop.pool, sold.pass_id) == uses


@pytest.mark.parametrize("uses", [0, -3])
async def test_a_sale_of_nothing_is_not_posted(shop: FakeTill, uses: int) -> None:
    shop.sell_pass(uses=uses)
    assert await refused(shop, await held_of(shop, "plan_differs"), "post") == "plan_differs"


async def test_an_order_of_a_member_that_nobody_knows_is_posted_without_them(shop: FakeTill) -> None:
    shop.order(member_id=str(uuid4()))
    await done(shop, await held_of(shop, "member_unknown"), "post")
    assert await value(shop.pool, "SELECT member_id FROM app.orders") is None


async def test_a_bonus_that_no_rule_gives_stands_as_promised(shop: FakeTill) -> None:
    card_till.top_up(shop, 10000, 700, bonus_rule_id=None)
    await done(shop, await held_of(shop, "bonus_differs"), "post")
    assert await card_till.holds(shop.pool) == {"principal": 10000, "bonus": 700}


# To another account ---------------------------------------------------------------------------------------------------


async def test_a_use_goes_to_the_pass_that_hq_names(shop: FakeTill) -> None:
    sold = shop.sell_pass()
    shop.redeem(str(uuid4()), OWN, member_id=OTHER_MEMBER)
    fact = await held_of(shop, "pass_unknown")
    assert await refused(shop, fact, "post") == "pass_unknown"
    assert await refused(shop, fact, "post_to") == "account_missing"
    assert await refused(shop, fact, "post_to", pass_id=str(uuid4())) == "pass_unknown"
    await done(shop, fact, "post_to", pass_id=sold.pass_id)
    assert await uses_left(shop.pool, sold.pass_id) == 9
    assert await value(shop.pool, "SELECT member_id::text FROM app.pass_redemption_batches") == MEMBER


async def test_a_sale_goes_to_the_member_or_pass_that_hq_names(shop: FakeTill) -> None:
    shop.sell_pass(member_id=str(uuid4()))
    sold = await done(shop, await held_of(shop, "member_unknown"), "post_to", member_id=MEMBER)
    kept = await value(shop.pool, "SELECT pass_id::text FROM app.member_passes WHERE member_id = %s", MEMBER)
    shop.sell_pass(kept, member_id=OTHER_MEMBER)
    await shop.push()
    await done(shop, shop.prev, "post_to", pass_id=kept)
    assert (sold["tx_no"][:2], await uses_left(shop.pool, kept)) == ("CK", 20)
    shop.sell_pass(kept, member_id=OTHER_MEMBER)  # one id sold twice: the other member gets a pass of their own
    await shop.push()
    await done(shop, shop.prev, "post_to", member_id=OTHER_MEMBER)
    assert await value(shop.pool, "SELECT count(*) FROM app.member_passes") == 2


async def test_a_sale_of_an_unknown_plan_goes_to_the_plan_that_hq_names(shop: FakeTill) -> None:
    sold = shop.sell_pass(plan_id=str(uuid4()))
    await done(shop, await held_of(shop, "plan_unknown"), "post_to", plan_id=world.PLAN)
    assert await uses_left(shop.pool, sold.pass_id) == 10


async def test_a_top_up_goes_to_the_member_that_hq_names(shop: FakeTill) -> None:
    card_till.top_up(shop, member_id=str(uuid4()))
    await done(shop, await held_of(shop, "member_unknown"), "post_to", FINANCE, member_id=OTHER_MEMBER)
    assert await card_till.holds(shop.pool, OTHER_MEMBER) == {"principal": 10000}


@pytest.mark.parametrize("account", [{"store_id": world.STORE}, {"pass_id": "x"}, {"card_id": MEMBER}])
async def test_only_what_fits_the_kind_can_be_named(shop: FakeTill, account: dict[str, str]) -> None:
    shop.redeem(str(uuid4()), OWN)
    fact = await held_of(shop, "pass_unknown")
    with pytest.raises(Refusal, match="request_malformed"):
        await decide(shop.pool, HQ, str(uuid4()), fact, Decision("post_to", WHY, account), shop.keys)


# Cards ----------------------------------------------------------------------------------------------------------------


async def lost_charge(till: FakeTill, amount: int = 10000) -> facts.CardCharged:
    """A charge that the server has forgotten: no request of it is known."""
    await card_till.credited(till, amount)
    card = await card_till.card_of(till.pool)
    body = facts.CardCharged(
        str(uuid4()), card, "personal", MEMBER, card_till.cups(2), 3600, "0.950", 3420, "CNY",
        (VatGroup("0.06", 3226, 194),), 36, 6580, (till.slip("TP"),), "A1", Evidence("online", str(uuid4())),
    )  # fmt: skip
    till.fact(body)
    return body


async def test_a_charge_that_the_ledger_forgot_is_taken_as_the_slip_says(shop: FakeTill) -> None:
    body = await lost_charge(shop)
    found = await done(shop, await held_of(shop, "request_unknown"), "post")
    assert await card_till.holds(shop.pool) == {"principal": 6580, "points": 36}
    kept = "SELECT final_minor, discount::text, points, fact_id IS NOT NULL FROM app.card_charges"
    assert await rows(shop.pool, kept) == [(3420, "0.950", 36, True)]
    assert await value(shop.pool, "SELECT order_id::text FROM app.orders") == body.order_id
    answer = await shop.ask(card_till.refund(found["tx_no"], 420))
    assert answer.outcome == "accepted"  # and can be given back like any other
    await all_holds(shop.pool)


async def test_a_charge_that_its_card_cannot_pay_is_a_loss_of_its_member(shop: FakeTill) -> None:
    await lost_charge(shop, 1000)
    fact = await held_of(shop, "request_unknown")
    assert await refused(shop, fact, "post") == "balance_insufficient"
    await done(shop, fact, "write_off")
    assert await card_till.holds(shop.pool) == {"principal": 1000}
    loss = "SELECT member_id::text, unit, amount, value_minor FROM app.offline_losses"
    assert await rows(shop.pool, loss) == [(MEMBER, "CNY", 3420, 3420)]
    assert await balance(shop.pool, "offline_loss") == -3420
    assert await balance(shop.pool, "sales") == -3226
    assert await value(shop.pool, "SELECT bool_and(agrees) FROM app.reconciliation") is True


async def test_only_the_operators_people_name_a_card_to_be_charged(shop: FakeTill) -> None:
    await lost_charge(shop)
    await card_till.credited(shop, member_id=OTHER_MEMBER)
    other = await card_till.card_of(shop.pool, OTHER_MEMBER)
    queue = await rows(shop.pool, "SELECT encode(hash, 'hex') FROM app.held_facts")
    fact = queue[0][0]
    for claims in (OWNER, FINANCE):
        assert await refused(shop, fact, "post_to", claims, card_id=other) == "permission_missing"
    await done(shop, fact, "post_to", card_id=other)
    assert (await card_till.holds(shop.pool, OTHER_MEMBER))["principal"] == 6580


async def test_a_refund_that_the_ledger_forgot(shop: FakeTill) -> None:
    number = await card_till.credited(shop)
    for amount in (4000, 20000):
        shop.fact(facts.Refunded(str(uuid4()), number, "top_up", amount, amount, "cash", "CNY", 0, "order_wrong",
                                 (shop.slip("VR"),), Evidence("online", str(uuid4()))))  # fmt: skip
    await shop.push()
    first, second = [
        row[0] for row in await rows(shop.pool, "SELECT encode(hash, 'hex') FROM app.held_facts ORDER BY seq")
    ]
    assert await refused(shop, second, "post") == "refund_exceeds"
    await done(shop, first, "post")
    assert await card_till.holds(shop.pool) == {"principal": 6000}
    await done(shop, second, "write_off")
    assert await balance(shop.pool, "tender/cash") == 10000 - 4000 - 20000
    assert await rows(shop.pool, "SELECT member_id::text, amount FROM app.offline_losses") == [(MEMBER, 20000)]


# Book the loss, or reject ---------------------------------------------------------------------------------------------


async def test_a_use_of_a_known_pass_is_written_off_by_name_and_the_pass_keeps_its_uses(shop: FakeTill) -> None:
    await set_plan(shop, max_uses_per_order=1)
    sold = shop.sell_pass()
    shop.redeem(sold.pass_id, OWN, cups=2)
    await done(shop, await held_of(shop, "uses_per_order_exceeded"), "write_off")
    assert await uses_left(shop.pool, sold.pass_id) == 10
    assert await rows(shop.pool, "SELECT uses, loss_uses FROM app.pass_redemption_batches") == [(2, 2)]
    assert await rows(shop.pool, "SELECT member_id::text, amount FROM app.offline_losses") == [(MEMBER, 2)]
    assert await value(shop.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'offline_loss'") == 1


async def test_a_use_of_no_pass_is_written_off_at_the_price_of_the_list(shop: FakeTill) -> None:
    shop.redeem(str(uuid4()), OWN, cups=2, extra=1, member_id=str(uuid4()))
    await done(shop, await held_of(shop, "pass_unknown"), "write_off")
    loss = "SELECT member_id, terminal_id::text, unit, amount FROM app.offline_losses"
    assert await rows(shop.pool, loss) == [(None, world.TERMINAL, "CNY", 3600)]
    assert await balance(shop.pool, "tender/cash") == 500
    assert await value(shop.pool, "SELECT total_minor FROM app.orders") == 500


async def test_where_nothing_was_given_away_nothing_is_lost(shop: FakeTill) -> None:
    shop.sell_pass(member_id=str(uuid4()))
    assert await refused(shop, await held_of(shop, "member_unknown"), "write_off") == "nothing_lost"


async def test_a_rejected_fact_moves_nothing_and_is_kept(shop: FakeTill) -> None:
    shop.redeem(str(uuid4()), OWN)
    found = await done(shop, await held_of(shop, "pass_unknown"), "reject")
    assert "tx_no" not in found
    assert await value(shop.pool, "SELECT count(*) FROM app.transactions") == 0
    assert await rows(shop.pool, "SELECT 1 FROM app.held_facts") == []


# Who, once, and with a reason -----------------------------------------------------------------------------------------


async def test_the_role_at_hq_decides(shop: FakeTill) -> None:
    for _ in range(3):
        shop.order(currency="EUR")
    shop.order(member_id=str(uuid4()))
    card_till.top_up(shop, 100001, member_id=str(uuid4()))
    await shop.push()
    queue = [row[0] for row in await rows(shop.pool, "SELECT encode(hash, 'hex') FROM app.held_facts ORDER BY seq")]
    for claims in (SUPPORT, AUDITOR):
        for decision in ("post", "reject"):
            assert await refused(shop, queue[3], decision, claims) == "permission_missing"
    assert await refused(shop, queue[4], "post_to", FINANCE, member_id=MEMBER) == "permission_missing"
    for fact, claims in zip(queue, (FINANCE, OWNER, OPERATOR), strict=False):
        await done(shop, fact, "reject", claims)
    await done(shop, queue[3], "post", FINANCE)
    await done(shop, queue[4], "post_to", OWNER, member_id=MEMBER)


async def test_nobody_else_decides(shop: FakeTill) -> None:
    shop.redeem(str(uuid4()), OWN)
    fact = await held_of(shop, "pass_unknown")
    with pytest.raises(Refusal, match="held_unknown"):
        await said(shop, fact, "reject", STRANGER)
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        await said(shop, fact, "reject", TERMINAL)
    assert await rows(shop.pool, "SELECT 1 FROM app.held_decisions") == []


@pytest.mark.parametrize(("reason", "code"), [("", "reason_missing"), ("  x ", "reason_missing"),
                                              ("x" * 201, "request_malformed")])  # fmt: skip
async def test_a_decision_needs_a_reason(shop: FakeTill, reason: str, code: str) -> None:
    shop.redeem(str(uuid4()), OWN)
    fact = await held_of(shop, "pass_unknown")
    assert (await said(shop, fact, "reject", reason=reason))["code"] == code


async def test_an_accepted_fact_is_nobodys_to_decide(shop: FakeTill) -> None:
    shop.order()
    await shop.push()
    with pytest.raises(Refusal, match="held_unknown"):
        await said(shop, shop.prev, "reject")


async def test_a_key_with_other_content_is_refused(shop: FakeTill) -> None:
    shop.redeem(str(uuid4()), OWN)
    fact = await held_of(shop, "pass_unknown")
    key = str(uuid4())
    assert (await said(shop, fact, "post", key=key))["code"] == "pass_unknown"
    assert (await said(shop, fact, "reject", key=key))["code"] == "content_differs"
    assert (await said(shop, fact, "post", key=key))["code"] == "pass_unknown"
    assert (await said(shop, fact, "odd"))["code"] == "request_malformed"


async def test_of_several_deciders_at_once_one_decides(shop: FakeTill) -> None:
    await set_plan(shop, max_uses_per_order=1)
    sold = shop.sell_pass()
    shop.redeem(sold.pass_id, OWN, cups=2)
    fact = await held_of(shop, "uses_per_order_exceeded")
    wanted = Decision("post", WHY)
    said_all = await asyncio.gather(
        *(decide(shop.pool, claims, str(uuid4()), fact, wanted, shop.keys) for claims in (HQ, OWNER, FINANCE, OPERATOR))
    )
    assert sorted(one.get("code", "") for one in said_all) == [""] + ["held_decided"] * 3
    assert await uses_left(shop.pool, sold.pass_id) == 8
    await all_holds(shop.pool)


async def test_a_decision_of_one_key_at_once_is_one(shop: FakeTill) -> None:
    shop.redeem(str(uuid4()), ONLINE)
    await shop.push()
    wanted, key = Decision("reject", WHY), str(uuid4())
    answers = await asyncio.gather(*(decide(shop.pool, HQ, key, shop.prev, wanted, shop.keys) for _ in range(4)))
    assert answers == [answers[0]] * 4
    assert await value(shop.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'held_decided'") == 1


# What had been granted ------------------------------------------------------------------------------------------------


async def quarantined(till: FakeTill, *bodies: facts.Body) -> list[str]:
    """The till is revoked before these facts come. Their hashes."""
    till.status = "revoked"
    for body in bodies:
        till.fact(body)
    assert (await outcomes(till))[-len(bodies) :] == [("held", "terminal_revoked")] * len(bodies)
    return [facts.hash_fact(text.encode()) for text in till.texts[-len(bodies) :]]


async def test_a_quarantined_fact_confirms_what_was_granted_and_is_never_lost_besides(shop: FakeTill) -> None:
    number = await card_till.credited(shop, 20000)
    sold = shop.sell_pass()
    await shop.push()
    request, redeemed = wanted(shop, sold.pass_id, extra=1)
    charge = card_till.charge(shop, await rotate_code(shop.pool, MEMBER))
    back = card_till.refund(number, 5000, "cash")
    answers = [await shop.ask(each) for each in (request, charge, back)]
    assert [answer.outcome for answer in answers] == ["accepted"] * 3
    before = await value(shop.pool, "SELECT count(*) FROM app.transactions"), await balance(shop.pool, "tender/cash")
    bodies = redeemed, card_till.charged(shop, charge, answers[1]), card_till.refunded(shop, back, answers[2])
    hashes = await quarantined(shop, *bodies)
    assert [await refused(shop, fact, "write_off") for fact in hashes] == ["content_differs"] * 3
    for fact, answer in zip(hashes, answers, strict=True):
        assert (await done(shop, fact, "post"))["tx_no"] == answer.tx_no
    after = await value(shop.pool, "SELECT count(*) FROM app.transactions"), await balance(shop.pool, "tender/cash")
    assert after == before
    assert await value(shop.pool, "SELECT count(*) FROM app.offline_losses") == 0
    unconfirmed = """
        SELECT (SELECT count(*) FROM app.pass_redemption_batches WHERE fact_id IS NULL)
             + (SELECT count(*) FROM app.card_charges WHERE fact_id IS NULL)
             + (SELECT count(*) FROM app.card_refunds WHERE fact_id IS NULL)"""
    assert await value(shop.pool, unconfirmed) == 0


async def test_a_quarantined_fact_that_says_something_else_confirms_nothing(shop: FakeTill) -> None:
    sold = shop.sell_pass()
    await shop.push()
    request, body = wanted(shop, sold.pass_id)
    assert (await shop.ask(request)).outcome == "accepted"
    (fact,) = await quarantined(shop, replace(body, cups=body.cups * 2, uses=2))
    assert await refused(shop, fact, "post") == "content_differs"
    assert await uses_left(shop.pool, sold.pass_id) == 9
    await all_holds(shop.pool)


async def test_a_quarantined_abandonment_takes_back_what_was_charged(shop: FakeTill) -> None:
    sold = shop.sell_pass()
    await shop.push()
    request, _ = wanted(shop, sold.pass_id)
    assert (await shop.ask(request)).outcome == "accepted"
    given_up = [facts.RequestAbandoned(each, "no_answer") for each in (request.request_id, str(uuid4()))]
    first, second = await quarantined(shop, *given_up)
    assert await uses_left(shop.pool, sold.pass_id) == 9
    assert await refused(shop, first, "write_off") == "nothing_lost"
    assert (await done(shop, first, "post"))["tx_no"].startswith("TK")
    assert "tx_no" not in await done(shop, second, "post"), "nothing had been granted"
    assert await uses_left(shop.pool, sold.pass_id) == 10
    shop.status = "paired"
    again = await shop.ask(request)
    assert (again.outcome, again.code) == ("refused", "request_abandoned")
