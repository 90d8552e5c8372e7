"""What is not the one history of a till: another that comes several times at once, texts that were changed."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import pytest

from models import facts
from sync_server.catalogue import mirror
from sync_server.database.engine import Pool, transaction
from sync_server.fleet.terminals import terminal_claims
from sync_server.intake.held import Decision, decide
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.till import FakeTill, all_holds, at_risk, balance, rows, set_policy, value

pytestmark = pytest.mark.anyio


async def test_another_history_that_comes_several_times_at_once_is_kept_once(till: FakeTill, wide_pool: Pool) -> None:
    till.order()
    till.order()
    await till.push()
    clone = FakeTill(wide_pool, private=till.private, keys=till.keys)
    for _ in range(2):
        clone.order()
    answers = await asyncio.gather(*(clone.push() for _ in range(6)))
    results = sorted([result.outcome for result in answer.results] for answer in answers)
    assert results == [["already_known"] * 2] * 5 + [["held"] * 2]
    assert {result.reason for answer in answers for result in answer.results} == {"fork"}
    assert await value(till.pool, "SELECT count(*) FROM app.facts WHERE NOT in_chain") == 2
    await all_holds(till.pool)


@pytest.mark.parametrize("left", ["", "{", "[" * 5000, '{"seq":"2"}'])
async def test_what_is_left_of_a_damaged_one_is_held_in_its_place(till: FakeTill, left: str) -> None:
    for _ in range(3):
        till.order()
    till.texts[1] = left
    assert [(r.seq, r.reason) for r in (await till.push()).results] == [(1, None), (2, "content_differs"), (3, None)]
    await all_holds(till.pool)


def change(till: FakeTill, number: int) -> None:
    """Somebody writes another tender into a fact that waits, and hashes nothing anew."""
    assert "wechat" in till.texts[number]
    till.texts[number] = till.texts[number].replace("wechat", "alipay")


async def test_changed_content_is_held_and_what_follows_it_is_judged_as_ever(
    till: FakeTill, second_till: FakeTill
) -> None:
    await set_policy(till.pool)
    sold = second_till.sell_pass()
    await second_till.push()
    for _ in range(3):
        till.order()
    till.redeem(sold.pass_id, at_risk(till))
    head = till.head()
    change(till, 1)
    answer = await till.push(head=head)
    assert [(r.seq, r.outcome, r.reason) for r in answer.results] == [
        (1, "accepted", None), (2, "held", "content_differs"), (3, "accepted", None), (4, "accepted", None)
    ]  # fmt: skip
    assert answer.countersignature is not None, "the chain as the till has it"
    assert await balance(till.pool, "tender/alipay") == 0
    assert await balance(till.pool, "tender/wechat") == 2 * 1100
    assert await rows(till.pool, "SELECT kind, count::int FROM app.alarms") == [("held_content_differs", 1)]
    assert await value(till.pool, "SELECT count(*) FROM app.terminal_heads WHERE forked_at IS NOT NULL") == 0
    again = await till.push(head=head)
    assert [(r.outcome, r.reason) for r in again.results] == [
        ("already_known", None), ("already_known", "content_differs"), ("already_known", None), ("already_known", None)
    ]  # fmt: skip
    till.order()
    assert (await till.push(till.texts[-1:], 5)).results[0].outcome == "accepted"
    await all_holds(till.pool)


async def test_a_changed_one_at_the_end_is_held_too_and_the_next_push_follows_it(till: FakeTill) -> None:
    till.order()
    till.order()
    head = till.head()
    change(till, 1)
    answer = await till.push(head=head)
    assert [r.reason for r in answer.results] == [None, "content_differs"]
    assert answer.countersignature is not None
    till.order()
    assert [r.reason for r in (await till.push(till.texts[2:], 3)).results] == [None]
    assert await balance(till.pool, "tender/alipay") == 0
    await all_holds(till.pool)


async def test_what_a_changed_one_says_of_its_id_and_slip_keeps_no_honest_one_out(till: FakeTill) -> None:
    till.order()
    till.order()
    till.order()
    second, third = (json.loads(text) for text in till.texts[1:])
    body = second["body"] | {"slips": third["body"]["slips"]}
    till.texts[1] = json.dumps(second | {"fact_id": third["fact_id"], "body": body})
    assert [r.reason for r in (await till.push()).results] == [None, "content_differs", None]
    await all_holds(till.pool)


@pytest.mark.parametrize("decision", ["reject", "post"])
async def test_the_till_is_told_what_became_of_a_changed_one_under_the_hash_it_knows(
    till: FakeTill, decision: str
) -> None:
    till.order()
    till.order()
    chained = facts.hash_fact(till.texts[0].encode())
    change(till, 0)
    await till.push()
    changed = facts.hash_fact(till.texts[0].encode())
    outcome = await decide(till.pool, OPERATOR, str(uuid4()), changed, Decision(decision, "asked the shop"), till.keys)
    assert outcome["outcome"] == "accepted"
    async with transaction(till.pool, terminal_claims(till.identity)) as connection:
        found = await mirror.values(connection, till.keys, till.identity, "decision", [chained, changed])
    assert [key for key, told in found.items() if told is not None] == [chained]
    assert await balance(till.pool, "tender/alipay") == (1100 if decision == "post" else 0)
    await all_holds(till.pool)
