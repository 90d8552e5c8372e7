"""Facts that a person must look at are held with a receipt, stay held, and block nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models import facts
from models.facts import hash_fact
from models.refusals import Refusal
from models.tenders import Tender
from sync_server.database.urls import DatabaseUrls
from sync_server.intake import effects
from sync_server.intake import facts as intake
from tests.sync_server import world
from tests.sync_server.till import (
    OTHER_MEMBER,
    OWN,
    FakeTill,
    all_holds,
    as_owner,
    at_risk,
    outcomes,
    rows,
    set_plan,
    set_policy,
    value,
)

pytestmark = pytest.mark.anyio


async def test_another_history_is_an_alarm_kept_aside_and_ends_spending_at_risk(
    till: FakeTill, second_till: FakeTill
) -> None:
    await set_policy(till.pool)
    sold = second_till.sell_pass()
    await second_till.push()
    till.order()
    clone = replace(till, texts=list(till.texts), counters=dict(till.counters))
    till.order()
    await till.push()
    clone.order()
    clone.order()
    answer = await clone.push()
    assert [(r.seq, r.outcome, r.reason) for r in answer.results] == [
        (1, "already_known", None), (2, "held", "fork"), (3, "held", "fork")
    ]  # fmt: skip
    assert (answer.acknowledged_seq, answer.countersignature) == (3, None)
    alarms = "SELECT event FROM audit.event_log WHERE severity = 'alarm' AND event = 'terminal_forked'"
    assert len(await rows(till.pool, alarms)) == 1
    assert await value(till.pool, "SELECT count(*) FROM app.facts WHERE NOT in_chain") == 2
    # the true history goes on, but takes nothing on risk any more
    till.redeem(sold.pass_id, at_risk(till))
    till.order()
    assert (await outcomes(till))[2:] == [("held", "terminal_forked"), ("accepted", None)]
    clone.order()
    assert [(r.outcome, r.reason) for r in (await clone.push()).results][-1] == ("held", "fork")
    assert len(await rows(till.pool, alarms)) == 1
    await all_holds(till.pool)


@pytest.mark.parametrize("poison", ["{", "", '{"kind":"Wat","seq":2}', "\\u0000", "[" * 5000, '{"a":"\\u0000\\ud800"}'])
async def test_a_poisoned_fact_is_held_with_a_receipt_and_blocks_nobody(till: FakeTill, poison: str) -> None:
    till.order()
    till.append(poison)
    till.order()
    answer = await till.push()
    assert [(r.seq, r.outcome, r.reason) for r in answer.results] == [
        (1, "accepted", None), (2, "held", "fact_unreadable"), (3, "accepted", None)
    ]  # fmt: skip
    assert answer.acknowledged_seq == 3
    ((kept,),) = await rows(till.pool, "SELECT bytes FROM app.facts WHERE seq = 2")
    assert bytes(kept).decode() == poison
    assert (await till.push()).results[1].reason == "fact_unreadable"
    await all_holds(till.pool)


async def test_a_poisoned_fact_alone_is_its_own_chain(till: FakeTill) -> None:
    till.append("not a fact")
    assert await outcomes(till) == [("held", "fact_unreadable")]
    till.order()
    assert await outcomes(till) == [("already_known", "fact_unreadable"), ("accepted", None)]


async def test_a_fact_from_a_newer_till_keeps_its_id_in_the_answer(till: FakeTill) -> None:
    fact = till.fact(facts.RequestAbandoned(world.PLAN, "x"))
    newer = json.loads(till.texts.pop()) | {"kind": "CardCharged", "format": 9}
    till.seq, till.prev = 0, facts.GENESIS
    till.append(json.dumps(newer))
    answer = await till.push()
    assert [(r.fact_id, r.reason) for r in answer.results] == [(fact.fact_id, "newer_than_server")]


async def test_a_fact_that_makes_the_ledger_fail_is_held_alone(till: FakeTill) -> None:
    till.order()
    till.sell_pass(uses=1 << 40)  # no integer of the ledger holds this
    till.order()
    answer = await till.push()
    assert [(r.outcome, r.reason) for r in answer.results] == [
        ("accepted", None), ("held", "internal"), ("accepted", None)
    ]  # fmt: skip
    assert await rows(till.pool, "SELECT data ->> 'sqlstate' FROM audit.event_log WHERE event = 'internal'") == [
        ("22003",)
    ]
    assert [r.tx_no for r in answer.results] == ["ZF00100000001", None, "ZF00100000002"]
    await all_holds(till.pool)


async def test_a_fact_that_breaks_our_own_code_is_held_alone(till: FakeTill, monkeypatch: pytest.MonkeyPatch) -> None:
    till.order(pickup_no="bad")
    till.order()
    real = effects.prepare

    def prepare(fact: facts.Fact, *rest: object) -> object:
        if isinstance(fact.body, facts.OrderPaid) and fact.body.pickup_no == "bad":
            raise OverflowError
        return real(fact, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "prepare", prepare)
    assert await outcomes(till) == [("held", "internal"), ("accepted", None)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"member_id": "0e000000-0000-7000-8000-000000000099"}, "member_unknown"),
        ({"plan_id": "0d000000-0000-7000-8000-000000000099"}, "plan_unknown"),
        ({"currency": "EUR"}, "currency_mismatch"),
        ({"uses": 1000}, "plan_differs"),
        ({"stacked": True}, "pass_unknown"),
        ({"tenders": (Tender("cash", 1, 1),)}, "tender_insufficient"),
    ],
)
async def test_a_sale_that_cannot_be_is_held_and_stays_held(
    till: FakeTill, change: dict[str, object], reason: str
) -> None:
    till.sell_pass(**change)  # type: ignore[arg-type]
    assert await outcomes(till) == [("held", reason)]
    assert await outcomes(till) == [("already_known", reason)]
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 0
    await all_holds(till.pool)


async def test_a_price_that_hq_has_changed_meanwhile_stands_as_sold_and_is_flagged(till: FakeTill) -> None:
    till.sell_pass(total_minor=14000, tenders=(Tender("cash", 14000, 14000),))
    assert await outcomes(till) == [("accepted", None)]
    assert await value(till.pool, "SELECT data -> 'price_differs' FROM audit.event_log") is True


async def test_one_pass_id_is_sold_first_only_once(till: FakeTill, second_till: FakeTill) -> None:
    sold = till.sell_pass()
    await till.push()
    second_till.sell_pass(sold.pass_id)
    second_till.sell_pass(sold.pass_id, stacked=True, member_id=OTHER_MEMBER)
    assert await outcomes(second_till) == [("held", "content_differs")] * 2


async def test_nothing_is_stacked_on_a_revoked_pass_but_a_new_one_may_be_bought(
    till: FakeTill, database: DatabaseUrls
) -> None:
    sold = till.sell_pass()
    await till.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.member_passes SET status = 'revoked'")
    till.sell_pass(sold.pass_id, stacked=True)
    till.sell_pass()
    assert (await outcomes(till))[1:] == [("held", "pass_revoked"), ("accepted", None)]


@pytest.mark.req("R100")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("SET status = 'suspended'", "pass_not_active"),
        ("SET status = 'revoked'", "pass_revoked"),
        ("SET status = 'expired', expires_at = now() - interval '2 hours'", "pass_expired"),
        ("SET expires_at = now() - interval '2 hours'", "pass_expired"),
    ],
)
async def test_a_pass_that_may_not_be_used(till: FakeTill, database: DatabaseUrls, change: str, reason: str) -> None:
    sold = till.sell_pass()
    await till.push()
    with as_owner(database) as owner:
        owner.execute(f"UPDATE app.member_passes {change}".encode())
    till.redeem(sold.pass_id, OWN)
    assert (await outcomes(till))[1] == ("held", reason)
    assert (await outcomes(till))[1] == ("already_known", reason)


async def test_whose_pass_it_is_is_asked(till: FakeTill) -> None:
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN, member_id=OTHER_MEMBER)
    till.redeem("0f000000-0000-7000-8000-000000000001", OWN)
    assert (await outcomes(till))[1:] == [("held", "pass_other_member"), ("held", "pass_unknown")]


async def test_a_pass_of_another_merchant_is_told_from_none(till: FakeTill) -> None:
    sold = till.sell_pass()
    await till.push()
    stranger = FakeTill(till.pool, world.OTHER_TERMINAL, "BC1T01", world.OTHER_MERCHANT, world.OTHER_STORE)
    await stranger.pair()
    stranger.redeem(sold.pass_id, OWN)
    assert await outcomes(stranger) == [("held", "pass_other_merchant")]


@pytest.mark.req("R090")
async def test_limits_per_order_and_per_business_day(till: FakeTill) -> None:
    await set_plan(till, max_uses_per_order=2, max_uses_per_day=3)
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN, cups=3)
    till.redeem(sold.pass_id, OWN, cups=2)
    till.redeem(sold.pass_id, OWN, cups=2)
    till.redeem(sold.pass_id, OWN, cups=1)
    assert (await outcomes(till))[1:] == [
        ("held", "uses_per_order_exceeded"), ("accepted", None), ("held", "uses_per_day_exceeded"), ("accepted", None)
    ]  # fmt: skip


@pytest.mark.req("R090")
async def test_the_day_turns_at_the_stores_cutoff_in_its_own_zone(till: FakeTill) -> None:
    await set_plan(till, max_uses_per_day=1)
    cutoff = (datetime.now(UTC) - timedelta(days=3)).replace(hour=18, minute=0, second=0, microsecond=0)  # 02:00 there
    till.at = cutoff - timedelta(hours=5)
    sold = till.sell_pass()
    for moment in (cutoff - timedelta(seconds=2), cutoff - timedelta(microseconds=1), cutoff):
        till.at = moment
        till.redeem(sold.pass_id, OWN)
    assert (await outcomes(till))[1:] == [("accepted", None), ("held", "uses_per_day_exceeded"), ("accepted", None)]


async def test_time_is_judged_between_the_fact_before_and_the_servers_now(till: FakeTill) -> None:
    till.at = datetime.now(UTC) + timedelta(days=400)  # a clock far ahead: the pass still lasts 90 days from now
    sold = till.sell_pass()
    await till.push()
    until = await value(till.pool, "SELECT expires_at FROM app.member_passes")
    assert until < datetime.now(UTC) + timedelta(days=91)
    till.at = datetime(2001, 1, 1, tzinfo=UTC)  # and one set back: no use before the sale
    till.redeem(sold.pass_id, OWN)
    assert (await outcomes(till))[1] == ("accepted", None)
    used = await value(till.pool, "SELECT happened_at FROM app.pass_redemption_batches")
    assert used > until - timedelta(days=91)


async def test_a_slip_number_is_used_once(till: FakeTill) -> None:
    till.order()
    till.order(slips=("TP.SZ1T01.000001",))
    assert await outcomes(till) == [("accepted", None), ("held", "slip_used")]
    assert await value(till.pool, "SELECT count(*) FROM audit.event_log WHERE severity = 'alarm'") == 1


async def test_one_id_with_two_contents_is_held_with_an_alarm(till: FakeTill) -> None:
    first = till.fact(facts.ShiftOpened(world.STAFF, 100, "CNY", till.day()))
    till.fact(facts.ShiftOpened(world.STAFF, 200, "CNY", till.day()), fact_id=first.fact_id)
    order = till.order()
    till.order(order_id=order.order_id)
    assert await outcomes(till) == [
        ("accepted", None), ("held", "content_differs"), ("accepted", None), ("held", "content_differs")
    ]  # fmt: skip
    assert await value(till.pool, "SELECT count(*) FROM audit.event_log WHERE severity = 'alarm'") == 2


async def test_a_revoked_terminal_can_hand_in_its_queue_for_hq(till: FakeTill) -> None:
    till.order()
    till.status = "revoked"
    assert await outcomes(till) == [("held", "terminal_revoked")]


@pytest.mark.parametrize("bound", ["MAX_LATE_FACTS", "MAX_LATE_BYTES"])
async def test_a_revoked_terminal_cannot_fill_the_database(
    till: FakeTill, monkeypatch: pytest.MonkeyPatch, bound: str, database: DatabaseUrls
) -> None:
    """What came before counts for nothing, nor what comes again; a second history does."""
    for _ in range(3):
        till.order()
    await till.push()
    with as_owner(database) as owner:
        owner.execute("UPDATE app.terminals SET status = 'revoked' WHERE terminal_id = %s", [till.terminal_id])
    till.status = "revoked"
    till.order()
    assert (await outcomes(till))[-1] == ("held", "terminal_revoked")
    assert (await outcomes(till))[-1] == ("already_known", "terminal_revoked")
    size = len(till.texts[-1].encode())
    late = "SELECT late_facts, late_bytes FROM app.terminal_heads"
    assert await rows(till.pool, late) == [(1, size)]
    monkeypatch.setattr(intake, bound, 2 if bound == "MAX_LATE_FACTS" else 2 * size + 20)
    clone = replace(till, texts=till.texts[:1], seq=1, prev=hash_fact(till.texts[0].encode()))
    clone.order()
    assert (await outcomes(clone))[-1] == ("held", "fork")
    till.order()
    with pytest.raises(Refusal, match="revoked_queue_full"):
        await till.push()
    assert await value(till.pool, "SELECT count(*) FROM app.facts") == 5
    assert (await till.push(till.texts[:4], 4)).acknowledged_seq == 4, "what is here may be asked for as ever"
