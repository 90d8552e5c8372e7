"""What becomes of a request afterwards: a fact cites it, a fact came first, or it was abandoned."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from models.facts import Evidence, RequestAbandoned
from models.refusals import Refusal
from sync_server.database.engine import Pool
from tests.sync_server import world
from tests.sync_server.till import (
    FakeTill,
    all_holds,
    balance,
    redeem_of,
    rows,
    said,
    set_policy,
    uses_left,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio


async def test_a_request_and_the_fact_that_cites_it_are_one_effect(till: FakeTill, held: str) -> None:
    request, body = wanted(till, held, cups=2, extra=1)
    answer = await till.ask(request)
    fact = till.fact(body, cashier_id=world.STAFF)
    for outcome in ("accepted", "already_known"):
        result = (await till.push()).results[1]
        assert (result.outcome, result.reason, result.tx_no) == (outcome, None, answer.tx_no)
    assert await uses_left(till.pool, held) == 8
    ((fact_id, cashier),) = await rows(
        till.pool, "SELECT fact_id::text, cashier_id::text FROM app.pass_redemption_batches"
    )
    assert (fact_id, cashier) == (fact.fact_id, world.STAFF)
    assert await rows(till.pool, "SELECT pickup_no, cashier_id::text FROM app.orders") == [("A1", world.STAFF)]
    assert (await till.ask(request)).tx_no == answer.tx_no
    await all_holds(till.pool)


async def test_a_fact_comes_first_and_its_request_late(till: FakeTill, held: str) -> None:
    request, body = wanted(till, held)
    till.fact(replace(body, evidence=Evidence("own_sale", request.request_id)))
    tx_no = (await till.push()).results[1].tx_no
    for _ in range(2):
        answer = await till.ask(request)
        assert (said(answer), answer.tx_no, answer.uses_left) == (("accepted", None), tx_no, 9)
    with pytest.raises(Refusal, match="content_differs"):
        await till.ask(replace(request, redeem=replace(redeem_of(request), cups=redeem_of(request).cups * 2)))
    assert await uses_left(till.pool, held) == 9
    await all_holds(till.pool)


async def test_a_late_request_for_something_else_than_its_fact(till: FakeTill, held: str) -> None:
    request, body = wanted(till, held)
    till.fact(replace(body, evidence=Evidence("own_sale", request.request_id)))
    await till.push()
    for _ in range(2):
        with pytest.raises(Refusal, match="content_differs"):
            await till.ask(replace(request, redeem=replace(redeem_of(request), cups=redeem_of(request).cups * 2)))
    assert await uses_left(till.pool, held) == 9


async def test_a_fact_that_says_something_else_than_its_request_is_held(till: FakeTill, held: str) -> None:
    request, body = wanted(till, held)
    await till.ask(request)
    till.fact(replace(body, cups=body.cups * 2, uses=2))
    till.fact(replace(body, slips=(till.slip("VR"),)))
    till.fact(replace(body, slips=(till.slip("VR"),)))
    reasons = [result.reason for result in (await till.push()).results[1:]]
    assert reasons == ["content_differs", None, "content_differs"]  # the last: one request, two facts
    assert await uses_left(till.pool, held) == 9
    await all_holds(till.pool)


async def test_a_refused_request_does_not_become_a_fact(till: FakeTill, held: str) -> None:
    request, body = wanted(till, held, cups=11)
    await till.ask(request)
    till.fact(body)
    assert [(r.outcome, r.reason) for r in (await till.push()).results[1:]] == [("held", "request_refused")]


async def test_a_held_redemption_closes_the_request_it_cites(till: FakeTill, second_till: FakeTill) -> None:
    """Else a person at HQ could post the fact after the late request has been posted too."""
    await set_policy(till.pool, max_uses_per_operation=0)
    sold = second_till.sell_pass()
    await second_till.push()
    request, body = wanted(till, sold.pass_id)
    till.fact(replace(body, evidence=Evidence("at_risk", request.request_id, 1, "n", till.at)))
    assert [r.reason for r in (await till.push()).results] == ["offline_operation_cap"]
    for _ in range(2):
        assert said(await till.ask(request)) == ("refused", "request_abandoned")


# Abandoned ----------------------------------------------------------------------------------------------------------


async def test_an_abandoned_request_that_had_succeeded_is_taken_back(till: FakeTill, held: str, code: str) -> None:
    request, _ = wanted(till, held, cups=2, extra=1)
    await till.ask(request)
    till.fact(RequestAbandoned(request.request_id, "no_answer"))
    result = (await till.push()).results[1]
    assert (result.outcome, result.tx_no) == ("accepted", "TK00100000001")
    assert await uses_left(till.pool, held) == 10
    assert [await balance(till.pool, bucket) for bucket in ("tender/cash", "sales", "redeemed")] == [15000, 0, 0]
    assert await rows(till.pool, "SELECT status FROM app.orders") == [("reversed",)]
    assert await value(till.pool, "SELECT sum(amount_minor) FROM app.transactions WHERE kind <> 'pass_sold'") == 0
    assert await value(till.pool, "SELECT used_today FROM app.passes_held") == 0
    for _ in range(2):
        assert said(await till.ask(request)) == ("refused", "request_abandoned")
    till.fact(RequestAbandoned(request.request_id, "no_answer"))  # said twice
    assert (await till.push()).results[2].outcome == "accepted"
    assert await uses_left(till.pool, held) == 10
    # a use that came back is given again, under a number of its own
    assert said(await till.ask(wanted(till, held)[0])) == ("accepted", None)
    assert await value(till.pool, "SELECT max(use_no) FROM app.pass_redemptions") == 3
    await all_holds(till.pool)


async def test_a_request_that_comes_after_it_was_abandoned_is_refused(till: FakeTill, held: str) -> None:
    request, body = wanted(till, held)
    till.fact(RequestAbandoned(request.request_id, "no_answer"))
    assert (await till.push()).results[1].outcome == "accepted"
    for _ in range(2):
        assert said(await till.ask(request)) == ("refused", "request_abandoned")
    till.fact(replace(body, evidence=Evidence("own_sale", request.request_id)))
    assert (await till.push()).results[2].reason == "request_abandoned"
    assert await uses_left(till.pool, held) == 10
    await all_holds(till.pool)


async def test_abandoning_what_was_refused_or_is_already_a_fact(till: FakeTill, held: str) -> None:
    refused, _ = wanted(till, held, cups=11)
    await till.ask(refused)
    till.fact(RequestAbandoned(refused.request_id, "no_answer"))
    kept, body = wanted(till, held)
    await till.ask(kept)
    till.fact(body)
    till.fact(RequestAbandoned(kept.request_id, "no_answer"))
    assert [(r.outcome, r.reason) for r in (await till.push()).results[1:]] == [
        ("accepted", None), ("accepted", None), ("held", "request_settled")
    ]  # fmt: skip
    assert said(await till.ask(refused)) == ("refused", "uses_exhausted")
    assert await uses_left(till.pool, held) == 9


async def test_a_request_and_its_abandonment_at_the_same_moment(till: FakeTill, held: str, wide_pool: Pool) -> None:
    crowd = replace(till, pool=wide_pool)
    requests = [wanted(crowd, held)[0] for _ in range(8)]
    for request in requests:
        crowd.fact(RequestAbandoned(request.request_id, "no_answer"))
    await asyncio.gather(crowd.push(), *(crowd.ask(request) for request in requests))
    assert await uses_left(till.pool, held) == 10
    for request in requests:
        assert said(await till.ask(request)) == ("refused", "request_abandoned")
    await all_holds(till.pool)
