"""Requests that were granted and whose fact never came: seen at HQ, taken back or let stand; and the late fact."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from models import facts
from models.refusals import Refusal
from models.wire import ActionAnswer, ActionRequest
from sync_server.database.engine import Claims, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.held import Decision, act_of, decide
from sync_server.ledger.granted import decide_granted
from sync_server.members.codes import rotate_code
from sync_server.reports import invariants
from sync_server.reports.granted import GrantedRow, granted
from sync_server.reports.orders import waiting
from tests.sync_server import card_till
from tests.sync_server.hq import AUDITOR, FINANCE, HQ, OWNER, STRANGER, SUPPORT, employ
from tests.sync_server.ledger.asking import TERMINAL
from tests.sync_server.till import (
    MEMBER,
    FakeTill,
    all_holds,
    as_owner,
    balance,
    outcomes,
    rows,
    said,
    uses_left,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio
WHY = "the till was replaced"
Outcome = dict[str, Any]


@pytest.fixture
async def shop(till: FakeTill) -> FakeTill:
    """The till of a shop with people at HQ."""
    await employ(till.pool)
    return till


def revoke(till: FakeTill, database: DatabaseUrls) -> None:
    """HQ has shut it out."""
    with as_owner(database) as owner:
        owner.execute("UPDATE app.terminals SET status = 'revoked' WHERE terminal_id = %s", [till.terminal_id])
    till.status = "revoked"


async def seen(till: FakeTill, claims: Claims = HQ) -> list[GrantedRow]:
    """What waits, counted as the page counts it."""
    async with transaction(till.pool, claims) as connection:
        found = await granted(connection)
        counted = (await waiting(connection))["held"]
        held = await (await connection.execute("SELECT count(*) FROM app.held_facts")).fetchone()
    assert held is not None
    assert counted == len(found) + held[0]
    return list(found)


async def end(till: FakeTill, request: ActionRequest, decision: str = "take_back", claims: Claims = HQ,
              key: str | None = None) -> Outcome:  # fmt: skip
    """Decide; twice under one key is one decision."""
    key = key or str(uuid4())
    act = act_of(key, request.request_id, decision, WHY)
    found = []
    for _ in range(2):
        async with transaction(till.pool, claims) as connection:
            found.append(await decide_granted(connection, act, till.terminal_id, request.request_id, decision, WHY))
    assert found[0] == found[1]
    return found[0]


async def ask_all(till: FakeTill) -> tuple[list[tuple[ActionRequest, ActionAnswer, facts.Body]], str]:
    """A redemption with extra, a charge and a cash refund are granted, and nobody hears of it; and the pass."""
    credit = await card_till.credited(till, 20000)
    sold = till.sell_pass()
    await till.push()
    use, used = wanted(till, sold.pass_id, extra=1)
    charge = card_till.charge(till, await rotate_code(till.pool, MEMBER))
    refund = card_till.refund(credit, 5000, "cash")
    answers = [await till.ask(each) for each in (use, charge, refund)]
    assert [answer.outcome for answer in answers] == ["accepted"] * 3
    bodies = used, card_till.charged(till, charge, answers[1]), card_till.refunded(till, refund, answers[2])
    return list(zip((use, charge, refund), answers, bodies, strict=True)), sold.pass_id


async def books(till: FakeTill) -> list[Any]:
    """All balances but those of nothing."""
    query = """
        SELECT a.owner_kind, a.owner_id, a.bucket, a.unit, sum(e.delta) FROM app.accounts AS a
          JOIN app.entries AS e USING (ledger_id, account_id) GROUP BY 1, 2, 3, 4 HAVING sum(e.delta) <> 0
         ORDER BY 1, 2, 3, 4"""
    lots = (
        "SELECT lot_id, principal_left, bonus_left, refunded_minor, clawed_minor, uncollected_minor FROM app.card_lots"
    )
    refunded = "SELECT tx_no, refunded_minor FROM app.tx_registry WHERE kind = 'topped_up' ORDER BY 1"
    return [await rows(till.pool, query), await rows(till.pool, lots), await rows(till.pool, refunded)]


async def test_it_waits_after_a_day_and_at_once_when_the_till_is_shut_out(
    shop: FakeTill, database: DatabaseUrls
) -> None:
    asked, _ = await ask_all(shop)
    assert await seen(shop) == [], "the till may still tell"
    with as_owner(database) as owner:
        owner.execute("UPDATE app.card_charges SET recorded_at = recorded_at - interval '25 hours'")
    assert [row.kind for row in await seen(shop)] == ["CardCharged"]
    revoke(shop, database)
    found = await seen(shop)
    assert [(row.kind, row.uses, row.amount_minor, row.cash_minor) for row in found] == [
        ("CardCharged", 0, 1800, None), ("PassRedeemed", 1, 500, None), ("Refunded", 0, 5000, 5000)
    ]  # fmt: skip
    assert {row.number for row in found} == {answer.tx_no for _, answer, _ in asked}
    assert await seen(shop, STRANGER) == []
    checked = await invariants.check(shop.pool)
    assert "3 granted without their fact" in checked["6"].details


async def test_taken_back_everything_is_as_it_was(shop: FakeTill, database: DatabaseUrls) -> None:
    credit = await card_till.credited(shop, 20000)
    sold = shop.sell_pass()
    await shop.push()
    before = await books(shop)
    use, _ = wanted(shop, sold.pass_id, extra=1)
    requests = [
        use,
        card_till.charge(shop, await rotate_code(shop.pool, MEMBER)),
        card_till.refund(credit, 5000, "cash"),
    ]
    for request in requests:
        assert (await shop.ask(request)).outcome == "accepted"
    revoke(shop, database)
    for request in requests:
        found = await end(shop, request)
        assert (found["outcome"], found["decision"], found["tx_no"][:2]) == ("accepted", "take_back", "TK")
        assert (await end(shop, request))["code"] == "granted_unknown"
        assert said(await shop.ask(request)) == ("refused", "request_taken_back")
    assert await books(shop) == before
    assert await seen(shop) == []
    audited = (
        "SELECT count(*) FROM audit.event_log WHERE event = 'granted_decided' AND data ->> 'decision' = 'take_back'"
    )
    assert await value(shop.pool, audited) == 3
    await all_holds(shop.pool)


async def test_a_refund_with_bonus_is_taken_back_to_the_lot_it_left(shop: FakeTill, database: DatabaseUrls) -> None:
    await card_till.set_terms(shop.pool, shop)
    credit = await card_till.credited(shop, 20000, 3500)
    charge = card_till.charge(shop, await rotate_code(shop.pool, MEMBER), 2)
    charged = await shop.ask(charge)
    shop.fact(card_till.charged(shop, charge, charged))
    assert (await outcomes(shop))[-1] == ("accepted", None)
    before = await books(shop)
    request = card_till.refund(credit, 19000, "cash")
    answer = await shop.ask(request)
    assert (answer.outcome, answer.data["principal_minor"] > 0) == ("accepted", True), "bonus was spent: cash is less"
    revoke(shop, database)
    assert (await end(shop, request))["outcome"] == "accepted"
    assert await books(shop) == before
    await all_holds(shop.pool)


async def test_what_has_been_counted_on_since_stays(shop: FakeTill, database: DatabaseUrls) -> None:
    credit = await card_till.credited(shop, 20000)
    first, second = card_till.refund(credit, 3333, "cash"), card_till.refund(credit, 5000, "cash")
    for request in (first, second):
        assert (await shop.ask(request)).outcome == "accepted"
    revoke(shop, database)
    assert (await end(shop, first))["code"] == "refund_followed"
    assert (await end(shop, second))["outcome"] == "accepted"
    assert (await end(shop, first))["outcome"] == "accepted"
    assert await balance(shop.pool, "tender/cash") == 20000
    await all_holds(shop.pool)


async def test_a_refund_onto_a_card_can_only_stand(shop: FakeTill, database: DatabaseUrls) -> None:
    await card_till.credited(shop)
    charge = card_till.charge(shop, await rotate_code(shop.pool, MEMBER))
    charged = await shop.ask(charge)
    back = card_till.refund(charged.tx_no, 800)
    assert (await shop.ask(back)).outcome == "accepted"
    revoke(shop, database)
    assert [row.can_be_taken_back for row in await seen(shop)] == [True, False]
    assert (await end(shop, back))["code"] == "refund_not_allowed"
    assert (await end(shop, back, "stand"))["outcome"] == "accepted"
    assert [row.kind for row in await seen(shop)] == ["CardCharged"]
    assert (await end(shop, charge))["outcome"] == "accepted", "what is left of it"
    assert await card_till.holds(shop.pool) == {"principal": 10000}
    await all_holds(shop.pool)


async def test_what_stands_waits_no_more_and_its_late_fact_confirms_it(shop: FakeTill, database: DatabaseUrls) -> None:
    asked, pass_id = await ask_all(shop)
    with as_owner(database) as owner:
        for table in ("pass_redemption_batches", "card_charges", "card_refunds"):
            owner.execute(f"UPDATE app.{table} SET recorded_at = recorded_at - interval '25 hours'")
    assert len(await seen(shop)) == 3
    for request, _, _ in asked:
        assert (await end(shop, request, "stand"))["outcome"] == "accepted"
    assert await seen(shop) == []
    for _, _, body in asked:
        shop.fact(body)
    assert (await outcomes(shop))[-3:] == [("accepted", None)] * 3
    assert await uses_left(shop.pool, pass_id) == 9
    for request, _, _ in asked:
        assert (await end(shop, request))["code"] == "granted_unknown"


async def test_the_late_fact_is_held_and_can_be_posted_as_an_act_of_its_own(
    shop: FakeTill, database: DatabaseUrls
) -> None:
    asked, pass_id = await ask_all(shop)
    after = await books(shop)
    for request, _, _ in asked:
        assert (await end(shop, request))["outcome"] == "accepted"
    for _, _, body in asked:
        shop.fact(body)
    assert (await outcomes(shop))[-3:] == [("held", "request_taken_back")] * 3
    assert await uses_left(shop.pool, pass_id) == 10
    for text in shop.texts[-3:]:
        key = facts.hash_fact(text.encode())
        found = await decide(shop.pool, HQ, str(uuid4()), key, Decision("post", WHY), shop.keys)
        assert found["outcome"] == "accepted", found
    assert await uses_left(shop.pool, pass_id) == 9
    assert (await books(shop))[0] == after[0]
    await all_holds(shop.pool)


async def test_the_cash_of_a_late_refund_can_be_booked_as_a_loss(shop: FakeTill) -> None:
    asked, _ = await ask_all(shop)
    assert (await end(shop, asked[-1][0]))["outcome"] == "accepted"
    for _, _, body in asked:
        shop.fact(body)
    assert (await outcomes(shop))[-1] == ("held", "request_taken_back")
    found = await decide(shop.pool, HQ, str(uuid4()), shop.prev, Decision("write_off", WHY), shop.keys)
    assert found["outcome"] == "accepted"
    assert await rows(shop.pool, "SELECT amount FROM app.offline_losses") == [(5000,)]
    await all_holds(shop.pool)


async def test_who_may_and_what_is_asked_for(shop: FakeTill, database: DatabaseUrls) -> None:
    asked, _ = await ask_all(shop)
    request = asked[0][0]
    for claims in (SUPPORT, AUDITOR):
        assert (await end(shop, request, claims=claims))["code"] == "permission_missing"
    for claims in (STRANGER, TERMINAL):
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            await end(shop, request, claims=claims)
    assert (await end(shop, request, "odd"))["code"] == "request_malformed"
    assert (await end(shop, replace(request, request_id=str(uuid4()))))["code"] == "granted_unknown"
    assert (await end(shop, request, claims=FINANCE))["outcome"] == "accepted"
    big = card_till.refund(await card_till.credited(shop, 300000), 100001, "cash")
    assert (await shop.ask(big)).outcome == "accepted"
    assert (await end(shop, big, claims=FINANCE))["code"] == "permission_missing"
    assert (await end(shop, big, claims=OWNER))["outcome"] == "accepted"


async def test_a_fact_and_a_decision_at_once_are_one_or_the_other(shop: FakeTill) -> None:
    asked, _ = await ask_all(shop)
    for _, _, body in asked:
        shop.fact(body)
    await asyncio.gather(shop.push(), *(end(shop, request) for request, _, _ in asked))
    unconfirmed = "SELECT count(*) FROM app.unconfirmed_acts"
    assert await value(shop.pool, unconfirmed) == 0
    taken = await value(shop.pool, "SELECT count(*) FROM app.granted_decisions")
    assert await value(shop.pool, "SELECT count(*) FROM app.held_facts") == taken
    await all_holds(shop.pool)


# A till that was shut out ---------------------------------------------------------------------------------------------


async def test_a_revoked_till_hears_its_old_answers_and_no_new_ones(shop: FakeTill, database: DatabaseUrls) -> None:
    asked, pass_id = await ask_all(shop)
    transactions = await value(shop.pool, "SELECT count(*) FROM app.transactions")
    revoke(shop, database)
    for request, answer, _ in asked:
        again = await shop.ask(request)
        assert replace(again, server_time=answer.server_time) == answer
    other, _ = wanted(shop, pass_id)
    for request in (other, replace(asked[0][0], redeem=other.redeem)):
        with pytest.raises(Refusal, match="terminal_revoked"):
            await shop.ask(request)
    assert await value(shop.pool, "SELECT count(*) FROM app.transactions") == transactions


# Rejecting the fact whose request was granted -------------------------------------------------------------------------


async def test_a_fact_that_is_held_is_decided_about_there(shop: FakeTill, database: DatabaseUrls) -> None:
    asked, _ = await ask_all(shop)
    revoke(shop, database)
    for _, _, body in asked:
        shop.fact(body)
    assert (await outcomes(shop))[-3:] == [("held", "terminal_revoked")] * 3
    assert await seen(shop) == []
    found = await decide(shop.pool, HQ, str(uuid4()), shop.prev, Decision("reject", WHY), shop.keys)
    assert (found["outcome"], "tx_no" in found) == ("accepted", False)
    assert [row.kind for row in await seen(shop)] == ["Refunded"], "rejected, and what was granted is left"


async def test_rejecting_can_take_back_what_was_granted(shop: FakeTill, database: DatabaseUrls) -> None:
    asked, pass_id = await ask_all(shop)
    revoke(shop, database)
    for _, _, body in asked:
        shop.fact(body)
    await shop.push()
    for text in shop.texts[-3:]:
        key, act = facts.hash_fact(text.encode()), str(uuid4())
        found = [
            await decide(shop.pool, HQ, act, key, Decision("reject", WHY, take_back=True), shop.keys) for _ in range(2)
        ]
        assert found[0] == found[1]
        assert (found[0]["decision"], found[0]["tx_no"][:2]) == ("reject", "TK")
    assert await uses_left(shop.pool, pass_id) == 10
    assert await card_till.holds(shop.pool) == {"principal": 20000}
    assert await balance(shop.pool, "tender/cash") == 20000 + 15000
    assert await value(shop.pool, "SELECT count(*) FROM app.held_facts") == 0
    assert await seen(shop) == []
    await all_holds(shop.pool)


async def test_nothing_is_taken_back_where_nothing_was_granted(shop: FakeTill) -> None:
    shop.order(member_id=str(uuid4()))
    await shop.push()
    for decision, code in (("reject", "granted_unknown"), ("post", "request_malformed")):
        wish = Decision(decision, WHY, take_back=True)
        assert (await decide(shop.pool, HQ, str(uuid4()), shop.prev, wish, shop.keys))["code"] == code
    assert await value(shop.pool, "SELECT count(*) FROM app.held_facts") == 1
