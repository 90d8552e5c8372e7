"""Top-ups, charges and refunds as facts: credited once, one effect with their request, or held and never lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models.facts import Evidence, RequestAbandoned
from models.money import MOST_TOP_UP_MINOR
from models.tenders import Tender
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.held import Decision, decide
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.card_till import (
    RULE,
    charge,
    charge_of,
    charged,
    credited,
    cups,
    holds,
    late,
    refund,
    refunded,
    set_terms,
    top_up,
)
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.till import (
    MEMBER,
    OTHER_MEMBER,
    FakeTill,
    all_holds,
    as_owner,
    balance,
    ledger_hash,
    outcomes,
    rows,
    said,
    value,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rich(till: FakeTill) -> FakeTill:
    """The first member has 100.00 on their card; the merchant has its terms."""
    await set_terms(till.pool, till)
    await credited(till, 9999)
    await credited(till, 1)
    return till


# Top-ups ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("R042")
async def test_a_top_up_is_credited_once(till: FakeTill) -> None:
    await set_terms(till.pool, till)
    body = top_up(till, 10000, 2000, tenders=(Tender("cash", 4000, 5000), Tender("wechat", 6000, 6000)))
    result = (await till.push()).results[0]
    assert (result.outcome, (result.tx_no or "")[:2]) == ("accepted", "CZ")
    assert (await till.push()).results[0].outcome == "already_known"
    assert await holds(till.pool) == {"principal": 10000, "bonus": 2000}
    sums = [await balance(till.pool, name) for name in ("tender/cash", "tender/wechat", "stored_value", "issued")]
    assert sums == [4000, 6000, -10000, -12000]
    assert await rows(till.pool, "SELECT slip_no, tx_id IS NOT NULL FROM app.slips") == [(body.slips[0], True)]
    assert await value(till.pool, "SELECT count(*) FROM app.card_top_ups") == 1
    # The same top-up told again as another fact is another fact, but no second credit.
    till.fact(replace(body, slips=(till.slip("VR"),)))
    assert (await outcomes(till))[-1] == ("held", "content_differs")
    assert await holds(till.pool) == {"principal": 10000, "bonus": 2000}
    await all_holds(till.pool)


async def test_what_no_rule_promised_is_held(till: FakeTill) -> None:
    await set_terms(till.pool, till)
    top_up(till, 10000, 2001)
    top_up(till, 10000, 0, bonus_rule_id=RULE.rule_id)
    top_up(till, 10000, 2000, bonus_rule_id=str(uuid4()))
    top_up(till, 10000, 0, bonus_rule_id=str(uuid4()))
    top_up(till, 10000, 2000, bonus_rule_id=None)
    top_up(till, 9999, 2000)
    assert await outcomes(till) == [("held", "bonus_differs")] * 6
    assert await holds(till.pool) == {}
    await all_holds(till.pool)


async def test_more_than_a_till_takes_at_once_waits_for_a_person(till: FakeTill) -> None:
    """A fact is never refused: the money was taken. Whoever looks at it may post it as it is."""
    top_up(till, MOST_TOP_UP_MINOR + 1)
    top_up(till, MOST_TOP_UP_MINOR, member_id=OTHER_MEMBER)
    assert await outcomes(till) == [("held", "amount_unusual"), ("accepted", None)]
    assert await holds(till.pool) == {}
    ((fact_hash,),) = await rows(till.pool, "SELECT encode(hash, 'hex') FROM app.held_facts")
    as_it_is = Decision("post", "the money was counted twice")
    found = await decide(till.pool, OPERATOR, str(uuid4()), fact_hash, as_it_is, till.keys)
    assert found["outcome"] == "accepted"
    assert await holds(till.pool) == {"principal": MOST_TOP_UP_MINOR + 1}
    await all_holds(till.pool)


async def test_a_rule_is_judged_at_the_moment_of_the_top_up(till: FakeTill, database: DatabaseUrls) -> None:
    await set_terms(till.pool)
    till.at = datetime.now(UTC) - timedelta(hours=3)
    top_up(till, 10000, 2000)
    with as_owner(database) as owner:
        owner.execute(
            "UPDATE app.bonus_rules SET starts_at = now() - interval '1 day', ends_at = now() - interval '2 hours'"
        )
    till.at = datetime.now(UTC) - timedelta(hours=1)
    top_up(till, 10000, 2000)
    assert await outcomes(till) == [("accepted", None), ("held", "bonus_differs")]
    assert await holds(till.pool) == {"principal": 10000, "bonus": 2000}


async def test_top_ups_that_a_person_must_look_at(till: FakeTill, database: DatabaseUrls) -> None:
    top_up(till, member_id=str(uuid4()))
    top_up(till, currency="EUR")
    top_up(till, amount_minor=9000)
    top_up(till, 0)
    top_up(till, -5)
    top_up(till, bonus_minor=-1)
    top_up(till, tenders=(Tender("card", 10000, 10000),))
    top_up(till, tenders=(Tender("wechat", 10000, 12000),))
    top_up(till, slips=())
    top_up(till, slips=(till.slip("TP"),))
    top_up(till, top_up_id="x")
    assert [reason for _, reason in await outcomes(till)] == [
        "member_unknown", "currency_mismatch", "tender_insufficient", "amount_invalid", "amount_invalid",
        "amount_invalid", "tender_unknown", "change_only_from_cash", "slips_wrong", "slips_wrong", "request_malformed",
    ]  # fmt: skip
    with as_owner(database) as owner:
        owner.execute("UPDATE app.cards SET status = 'frozen' WHERE member_id = %s", [MEMBER])
        owner.execute("UPDATE app.cards SET currency = 'EUR' WHERE member_id = %s", [OTHER_MEMBER])
    top_up(till)
    top_up(till, member_id=OTHER_MEMBER)
    assert [reason for _, reason in await outcomes(till)][-2:] == ["card_inactive", "currency_mismatch"]
    assert await value(till.pool, "SELECT count(*) FROM app.entries") == 0
    assert await value(till.pool, "SELECT count(*) FROM app.facts WHERE outcome = 'held'") == 13
    await all_holds(till.pool)


async def test_top_ups_of_two_tills_crossing(till: FakeTill, second_till: FakeTill, wide_pool: Pool) -> None:
    """Two members topped up by two tills in opposite order, with charges between: nothing is lost or stuck."""
    code = await rotate_code(till.pool, MEMBER)
    await credited(till, 5000)
    crowd, other = replace(till, pool=wide_pool), replace(second_till, pool=wide_pool)
    for number in range(6):
        top_up(crowd, 1000, member_id=(MEMBER, OTHER_MEMBER)[number % 2])
        top_up(other, 1000, member_id=(OTHER_MEMBER, MEMBER)[number % 2])
    answer, _, _ = await asyncio.gather(crowd.ask(charge(crowd, code)), crowd.push(), other.push())
    assert answer.outcome == "accepted"
    assert await holds(till.pool) == {"principal": 5000 + 6000 - 1800, "points": 18}
    assert await holds(till.pool, OTHER_MEMBER) == {"principal": 6000}
    await all_holds(till.pool)


# A request and the fact that follows it -----------------------------------------------------------------------------


async def test_a_charge_and_its_fact_are_one_effect(rich: FakeTill, code: str) -> None:
    request = charge(rich, code, 2)
    answer = await rich.ask(request)
    fact = rich.fact(charged(rich, request, answer), cashier_id=world.STAFF)
    before = await holds(rich.pool)
    for outcome in ("accepted", "already_known"):
        result = (await rich.push()).results[-1]
        assert (result.outcome, result.reason, result.tx_no) == (outcome, None, answer.tx_no)
    assert await holds(rich.pool) == before == {"principal": 6400, "points": 36}
    assert await rows(rich.pool, "SELECT fact_id::text, cashier_id::text FROM app.card_charges") == [
        (fact.fact_id, world.STAFF)
    ]
    assert await rows(rich.pool, "SELECT pickup_no, cashier_id::text FROM app.orders") == [("A3", world.STAFF)]
    assert await value(rich.pool, "SELECT count(*) FROM app.slips WHERE kind = 'TP' AND tx_id IS NOT NULL") == 1
    assert (await rich.ask(request)).tx_no == answer.tx_no
    await all_holds(rich.pool)


async def test_a_refund_and_its_fact_are_one_effect(rich: FakeTill, code: str) -> None:
    answer = await rich.ask(charge(rich, code))
    for request in (refund(answer.tx_no, 500), refund("CZ00100000001", 99, "cash")):
        back = await rich.ask(request)
        fact = rich.fact(refunded(rich, request, back), cashier_id=world.STAFF)
        before = await holds(rich.pool)
        for outcome in ("accepted", "already_known"):
            result = (await rich.push()).results[-1]
            assert (result.outcome, result.reason, result.tx_no) == (outcome, None, back.tx_no)
        assert await holds(rich.pool) == before
        found = await rows(
            rich.pool, "SELECT fact_id::text, cashier_id::text FROM app.card_refunds WHERE tx_no = %s", back.tx_no
        )
        assert found == [(fact.fact_id, world.STAFF)]
    await all_holds(rich.pool)


async def test_a_fact_must_say_what_was_asked_and_answered(rich: FakeTill, code: str) -> None:
    request = charge(rich, code)
    answer = await rich.ask(request)
    good = charged(rich, request, answer)
    wrong: dict[str, Any]
    for wrong in (
        {"order_id": str(uuid4())},
        {"balance_minor": good.balance_minor + 1},
        {"points_earned": 19},
        {"card_id": str(uuid4())},
        {"member_id": None},
        {"discount": "0.950"},
    ):
        rich.fact(replace(good, slips=(rich.slip("TP"),), **wrong))
    assert [reason for _, reason in (await outcomes(rich))[2:]] == ["content_differs"] * 6
    rich.fact(good)
    rich.fact(replace(good, slips=(rich.slip("TP"),)))
    assert (await outcomes(rich))[-2:] == [("accepted", None), ("held", "content_differs")]  # one request, two facts
    asked = refund(answer.tx_no, 500)
    back = refunded(rich, asked, await rich.ask(asked))
    for wrong in ({"amount_minor": 400}, {"cash_minor": 500}, {"balance_minor": 0}, {"original_tx_no": "ZF1"}):
        rich.fact(replace(back, slips=(rich.slip("VR"),), **wrong))
    rich.fact(replace(back, slips=(rich.slip("VR"),), evidence=Evidence("online", request.request_id)))
    rich.fact(back)
    assert [reason for _, reason in (await outcomes(rich))[-6:]] == ["content_differs"] * 5 + [None]
    alarms = await value(rich.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'content_differs'")
    assert alarms == 12
    await all_holds(rich.pool)


async def test_facts_whose_sums_are_wrong(rich: FakeTill, code: str) -> None:
    request = charge(rich, code)
    answer = await rich.ask(request)
    good = charged(rich, request, answer)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"cups": ()}, "arithmetic_wrong"),
        ({"cups": cups(2)}, "arithmetic_wrong"),
        ({"vat": ()}, "arithmetic_wrong"),
        ({"total_minor": 1801}, "arithmetic_wrong"),
        ({"total_minor": -1}, "amount_invalid"),
        ({"total_minor": 0}, "amount_invalid"),
        ({"slips": (rich.slip("VR"),)}, "slips_wrong"),
        ({"slips": ("TP.SZ1T09.000001",)}, "slip_foreign"),
        ({"card_id": "x"}, "request_malformed"),
    ]
    for changes, _ in cases:
        rich.fact(replace(good, **({"slips": (rich.slip("TP"),)} | changes)))
    assert [reason for _, reason in (await outcomes(rich))[2:]] == [reason for _, reason in cases]
    asked = refund(answer.tx_no, 500)
    back = refunded(rich, asked, await rich.ask(asked))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"amount_minor": 0}, "amount_invalid"),
        ({"cash_minor": 501}, "amount_invalid"),
        ({"cash_minor": -1}, "amount_invalid"),
        ({"slips": ()}, "slips_wrong"),
    ]
    for changes, _ in wrong:
        rich.fact(replace(back, **({"slips": (rich.slip("VR"),)} | changes)))
    assert [reason for _, reason in (await outcomes(rich))[-4:]] == [reason for _, reason in wrong]
    await all_holds(rich.pool)


async def test_what_was_never_granted_is_held_and_its_request_closed(rich: FakeTill, code: str) -> None:
    """Out of order: the fact comes, its request is only on its way. Nobody may post both."""
    request = charge(rich, code)
    answer = await rich.ask(request)
    forged = charge(rich, await rotate_code(rich.pool, MEMBER))
    body = charged(rich, forged, replace(answer, data=answer.data))
    rich.fact(replace(body, order_id=charge_of(forged).order_id))
    rich.fact(charged(rich, forged, answer, evidence=Evidence("online")))
    offline = charge(rich, charge_of(forged).member_code)
    for rung in ("own_sale", "at_risk", "reserved"):
        rich.fact(charged(rich, offline, answer, evidence=Evidence(rung, offline.request_id)))
        rich.fact(charged(rich, offline, answer, evidence=Evidence(rung)))
    wish = refund(answer.tx_no, 100)
    said_back = replace(answer, data={"kind": "charge", "amount_minor": 100, "cash_minor": 0, "balance_minor": 1})
    rich.fact(refunded(rich, wish, said_back))
    reasons = [reason for _, reason in (await outcomes(rich))[2:]]
    assert reasons == ["request_unknown", "request_unknown", "offline_not_allowed", "offline_not_allowed",
                       "request_abandoned", "offline_not_allowed", "request_abandoned", "reservation_unknown",
                       "request_unknown"]  # fmt: skip
    for late_one in (forged, offline, wish):
        for _ in range(2):
            assert said(await rich.ask(late_one)) == ("refused", "request_abandoned")
    assert await holds(rich.pool) == {"principal": 8200, "points": 18}
    await all_holds(rich.pool)


async def test_a_refused_request_does_not_become_a_fact(rich: FakeTill, code: str) -> None:
    request = charge(rich, code, 6)
    answer = await rich.ask(request)
    assert said(answer) == ("refused", "balance_insufficient")
    told = {"card_id": str(uuid4()), "card_type": "personal", "member_id": MEMBER, "discount": "1.000",
            "total_minor": 10800, "points_earned": 108, "balance_minor": 0}  # fmt: skip
    rich.fact(charged(rich, request, replace(answer, data=told)))
    assert (await outcomes(rich))[-1] == ("held", "request_refused")
    assert await holds(rich.pool) == {"principal": 10000}


async def test_another_tills_request_is_not_ours(rich: FakeTill, second_till: FakeTill, code: str) -> None:
    request = charge(rich, code)
    answer = await rich.ask(request)
    second_till.fact(charged(second_till, request, answer))
    second_till.fact(RequestAbandoned(request.request_id, "no_answer"))
    assert [reason for _, reason in await outcomes(second_till)] == ["request_unknown", None]
    assert await holds(rich.pool) == {"principal": 8200, "points": 18}
    rich.fact(charged(rich, request, answer))
    assert (await outcomes(rich))[-1] == ("accepted", None)
    await all_holds(rich.pool)


# Abandoned ----------------------------------------------------------------------------------------------------------


async def test_an_abandoned_charge_that_had_succeeded_is_taken_back(rich: FakeTill, code: str) -> None:
    before = await rows(rich.pool, "SELECT lot_id, principal_left, bonus_left FROM app.card_lots ORDER BY 1")
    request = charge(rich, code, 2)
    answer = await rich.ask(request)
    rich.fact(RequestAbandoned(request.request_id, "no_answer"))
    result = (await rich.push()).results[-1]
    assert (result.outcome, (result.tx_no or "")[:2]) == ("accepted", "TK")
    assert await holds(rich.pool) == {"principal": 10000}
    assert await rows(rich.pool, "SELECT lot_id, principal_left, bonus_left FROM app.card_lots ORDER BY 1") == before
    assert [await balance(rich.pool, bucket) for bucket in ("sales", "vat/0.06", "tender/card")] == [0, 0, 0]
    assert await rows(rich.pool, "SELECT status FROM app.orders") == [("reversed",)]
    for _ in range(2):
        assert said(await rich.ask(request)) == ("refused", "request_abandoned")
    rich.fact(RequestAbandoned(request.request_id, "no_answer"))  # said twice
    rich.fact(charged(rich, request, answer))  # and then the opposite
    assert (await outcomes(rich))[-2:] == [("accepted", None), ("held", "request_abandoned")]
    assert said(await rich.ask(refund(answer.tx_no, 100))) == ("refused", "refund_not_allowed")
    assert said(await rich.ask(charge(rich, await rotate_code(rich.pool, MEMBER)))) == ("accepted", None)
    await all_holds(rich.pool)


async def test_a_charge_that_comes_after_it_was_abandoned_is_refused(rich: FakeTill, code: str) -> None:
    request = charge(rich, code)
    rich.fact(RequestAbandoned(request.request_id, "no_answer"))
    assert (await outcomes(rich))[-1] == ("accepted", None)
    for _ in range(2):
        assert said(await rich.ask(request)) == ("refused", "request_abandoned")
    assert await holds(rich.pool) == {"principal": 10000}


async def test_what_is_settled_is_not_abandoned(rich: FakeTill, code: str) -> None:
    request = charge(rich, code)
    answer = await rich.ask(request)
    rich.fact(charged(rich, request, answer))
    rich.fact(RequestAbandoned(request.request_id, "no_answer"))
    back = refund(answer.tx_no, 100)
    await rich.ask(back)
    rich.fact(RequestAbandoned(back.request_id, "no_answer"))  # a refund is asked for until it is answered
    assert (await outcomes(rich))[-3:] == [
        ("accepted", None), ("held", "request_settled"), ("held", "request_settled")
    ]  # fmt: skip
    assert await holds(rich.pool) == {"principal": 8300, "points": 17}
    await all_holds(rich.pool)


async def test_a_charge_and_its_abandonment_at_the_same_moment(till: FakeTill, wide_pool: Pool) -> None:
    await credited(till, 20000)
    crowd = replace(till, pool=wide_pool)
    for _ in range(6):
        request = charge(crowd, await rotate_code(till.pool, MEMBER))
        crowd.fact(RequestAbandoned(request.request_id, "no_answer"))
        await asyncio.gather(crowd.push(), crowd.ask(request))
        assert said(await till.ask(request)) == ("refused", "request_abandoned")
        assert await holds(till.pool) == {"principal": 20000}
    await all_holds(till.pool)


# Batches ------------------------------------------------------------------------------------------------------------


async def test_a_day_replayed_and_resplit_is_the_same_day(rich: FakeTill, code: str) -> None:
    request = charge(rich, code)
    answer = await rich.ask(request)
    top_up(rich, 3000, member_id=OTHER_MEMBER)
    rich.fact(charged(rich, request, answer))
    back = refund(answer.tx_no, 300)
    rich.fact(refunded(rich, back, await rich.ask(back)))
    rich.append("not a fact")
    top_up(rich, 500)
    await rich.push()
    clean = await ledger_hash(rich.pool)
    for start in range(len(rich.texts)):
        await rich.push(rich.texts[: start + 1], start + 1)
    await rich.push()
    assert await ledger_hash(rich.pool) == clean
    assert await holds(rich.pool) == {"principal": 10000 - 1800 + 300 + 500, "points": 15}
    await all_holds(rich.pool)


async def test_a_request_from_another_hour_is_refused_and_stays_so(rich: FakeTill, code: str) -> None:
    request = late(charge(rich, code), -20)
    moved = charge_of(request)
    request = replace(request, charge=replace(moved, business_day=rich.day(moved.happened_at)))
    for _ in range(2):
        assert said(await rich.ask(request)) == ("refused", "request_expired")
