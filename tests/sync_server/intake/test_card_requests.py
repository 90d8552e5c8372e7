"""Charges and refunds asked before goods or money move: one answer for ever, prices from the server, codes that pay."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql

from models.passes import AddOnChoice, Cup
from models.refusals import Refusal
from models.wire import ActionAnswer, ActionRequest
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.terminals import terminal_claims
from sync_server.intake.cards import refund_effect
from sync_server.ledger import functions
from sync_server.ledger.functions import Question
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.card_till import (
    RULE,
    card_of,
    charge,
    charge_of,
    credited,
    holds,
    late,
    refund,
    refund_of,
    set_terms,
)
from tests.sync_server.till import (
    BOBA,
    MEMBER,
    OTHER_MEMBER,
    FakeTill,
    all_holds,
    as_owner,
    balance,
    redeem_of,
    rows,
    said,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rich(till: FakeTill) -> FakeTill:
    """The first member has 100.00 and 20.00 of bonus on their card, and no points."""
    await set_terms(till.pool, till)
    await credited(till, 10000, 2000)
    return till


async def paid(till: FakeTill, request: ActionRequest) -> ActionAnswer:
    """An answer that says yes."""
    answer = await till.ask(request)
    assert said(answer) == ("accepted", None), answer
    return answer


# Charges ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("R036", "R037", "R063", "R064")
async def test_a_charge_is_answered_once(rich: FakeTill, code: str) -> None:
    request = charge(rich, code, 2)
    answer = await paid(rich, request)
    assert answer.data == {
        "card_id": await card_of(rich.pool), "card_type": "personal", "member_id": MEMBER, "discount": "1.000",
        "total_minor": 3600, "points_earned": 36, "points": 36, "balance_minor": 8400,
    }  # fmt: skip
    assert answer.tx_no is not None
    assert answer.tx_no.startswith("ZF")
    again = await rich.ask(request)
    assert (again.tx_no, again.data) == (answer.tx_no, answer.data)
    assert await holds(rich.pool) == {"principal": 8400, "points": 36}
    order = await rows(rich.pool, "SELECT order_id::text, total_minor, status, pickup_no FROM app.orders")
    assert order == [(charge_of(request).order_id, 3600, "paid", None)]
    assert await rows(rich.pool, "SELECT kind, amount_minor FROM app.payments ORDER BY 2") == [
        ("card", 3600), ("cash", 10000)
    ]  # fmt: skip
    sums = [await balance(rich.pool, bucket) for bucket in ("tender/card", "sales", "vat/0.06")]
    assert sums == [3600, -3396, -204]
    await all_holds(rich.pool)


async def test_the_level_before_the_purchase_gives_the_discount(rich: FakeTill, code: str) -> None:
    """Six cups earn 108 points; the next is refused with the discount that the till did not know of."""
    await credited(rich, 1000)
    await paid(rich, charge(rich, code, 6))
    fresh = await rotate_code(rich.pool, MEMBER)
    found = await rich.ask(charge(rich, fresh))
    assert (*said(found), found.data) == ("refused", "price_changed", {"total_minor": 1710, "discount": "0.950"})
    answer = await paid(rich, charge(rich, fresh, discount="0.950"))  # a refusal uses no code up
    assert (answer.data["total_minor"], answer.data["points_earned"], answer.data["points"]) == (1710, 18, 126)
    assert await holds(rich.pool) == {"principal": 490, "points": 126}


async def test_prices_are_the_servers_own(rich: FakeTill, code: str) -> None:
    cases: list[tuple[dict[str, Any], str, dict[str, object] | None]] = [
        ({"raw_total_minor": 1700, "total_minor": 1700}, "price_changed", {"raw_total_minor": 1800}),
        ({"cups": ()}, "basket_empty", {}),
        ({"cups": (Cup(str(uuid4())),)}, "product_unknown", None),
        ({"cups": (Cup(world.PRODUCT, (AddOnChoice(str(uuid4()), 1),)),)}, "add_on_unknown", None),
        ({"total_minor": -1}, "amount_invalid", None),
        ({"total_minor": 10**13}, "amount_invalid", None),
        ({"total_minor": 1801}, "price_changed", {"total_minor": 1800, "discount": "1.000"}),
        ({"currency": "EUR"}, "currency_mismatch", {"currency": "EUR"}),
    ]
    for changes, reason, data in cases:
        request = charge(rich, code, **changes)
        for _ in range(2):
            found = await rich.ask(request)
            assert said(found) == ("refused", reason)
            assert data is None or found.data == data
    assert await holds(rich.pool) == {"principal": 10000, "bonus": 2000}
    cups = (Cup(world.PRODUCT, (AddOnChoice(BOBA.add_on_id, 2),)),)
    await paid(rich, charge(rich, code, cups=cups, raw_total_minor=2400, total_minor=2400))
    await all_holds(rich.pool)


async def test_what_the_card_holds_is_what_it_pays(till: FakeTill, code: str) -> None:
    await credited(till, 1799)
    found = await till.ask(charge(till, code))
    assert (*said(found), found.data) == (
        "refused", "balance_insufficient", {"balance_minor": 1799, "total_minor": 1800}
    )  # fmt: skip
    await credited(till, 1)
    await paid(till, charge(till, code))
    assert await holds(till.pool) == {"points": 18}


async def test_cards_that_may_not_pay(rich: FakeTill, code: str, database: DatabaseUrls) -> None:
    for change, back, reason in (
        ("app.cards SET status = 'frozen'", "app.cards SET status = 'active'", "card_inactive"),
        ("app.cards SET expires_at = now() - interval '1 hour'", "app.cards SET expires_at = NULL", "card_expired"),
        ("app.members SET status = 'blocked'", "app.members SET status = 'active'", "member_inactive"),
    ):
        with as_owner(database) as owner:
            owner.execute(f"UPDATE {change} WHERE member_id = %s".encode(), [MEMBER])
            assert said(await rich.ask(charge(rich, code))) == ("refused", reason)
            owner.execute(f"UPDATE {back} WHERE member_id = %s".encode(), [MEMBER])
    await paid(rich, charge(rich, code))


@pytest.mark.req("R038", "R039")
async def test_a_code_pays_one_charge(rich: FakeTill, code: str, database: DatabaseUrls) -> None:
    theirs = await rotate_code(rich.pool, OTHER_MEMBER)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for text, reason in (("hello", "code_foreign"), (wrong, "code_wrong"), (theirs, "balance_insufficient")):
        assert said(await rich.ask(charge(rich, text))) == ("refused", reason)
    with as_owner(database) as owner:
        owner.execute("UPDATE sec.card_codes SET issued_at = issued_at - interval '15 minutes'")
    assert said(await rich.ask(charge(rich, code))) == ("refused", "code_expired")
    code = await rotate_code(rich.pool, MEMBER)
    await paid(rich, charge(rich, code))
    assert said(await rich.ask(charge(rich, code))) == ("refused", "code_used")
    assert await holds(rich.pool) == {"principal": 10000, "bonus": 200, "points": 18}


async def test_one_id_stands_for_one_thing(rich: FakeTill, second_till: FakeTill, code: str, held: str) -> None:
    request = charge(rich, code)
    await paid(rich, request)
    fresh = await rotate_code(rich.pool, MEMBER)
    for other in (
        replace(request, charge=replace(charge_of(request), business_day="2026-01-01")),
        replace(charge(rich, fresh, order_id=charge_of(request).order_id)),  # another request for the same order
        replace(refund("ZF00100000001", 1), request_id=request.request_id),
    ):
        with pytest.raises(Refusal, match="content_differs"):
            await rich.ask(other)
    redeem, _ = wanted(rich, held)
    with pytest.raises(Refusal, match="content_differs"):
        await rich.ask(replace(redeem, request_id=request.request_id))
    # Another till's request under the same id is a request of its own: keys belong to whoever asks.
    await paid(second_till, replace(charge(second_till, fresh), request_id=request.request_id))
    assert await value(rich.pool, "SELECT count(*) FROM app.card_charges") == 2
    await all_holds(rich.pool)


async def test_messages_and_moments_that_are_none(rich: FakeTill, code: str) -> None:
    with pytest.raises(Refusal, match="request_malformed"):
        await rich.ask(charge(rich, code, order_id="x"))
    with pytest.raises(Refusal, match="request_malformed"):
        await rich.ask(refund("ZF00100000001", 1, refund_id="x"))
    for request in (charge(rich, code), refund("ZF00100000001", 1)):
        for minutes in (-6, 6):
            assert said(await rich.ask(replace(late(request, minutes), request_id=str(uuid4())))) == (
                "refused", "request_expired"
            )  # fmt: skip
    asked = charge_of(charge(rich, code))
    other_day = replace(charge(rich, code), charge=replace(asked, business_day="2020-01-01"))
    assert said(await rich.ask(other_day)) == ("refused", "request_malformed")
    rich.status = "revoked"
    with pytest.raises(Refusal, match="terminal_revoked"):
        await rich.ask(charge(rich, code))
    with pytest.raises(ValueError, match="exactly one"):
        ActionRequest(1, str(uuid4()))


async def test_fifty_takers_of_the_last_cent(till: FakeTill, wide_pool: Pool) -> None:
    """Each with a code of its own moment: one is good at a time, and one charge fits."""
    await credited(till, 1800)
    code = await rotate_code(till.pool, MEMBER)
    crowd = replace(till, pool=wide_pool)
    answers = await asyncio.gather(*(crowd.ask(charge(crowd, code)) for _ in range(50)))
    assert sorted({said(answer) for answer in answers}) <= [
        ("accepted", None), ("refused", "balance_insufficient"), ("refused", "code_used")
    ]  # fmt: skip
    assert [said(answer) for answer in answers].count(("accepted", None)) == 1
    assert await holds(till.pool) == {"points": 18}
    await all_holds(till.pool)


async def test_one_request_sent_by_many_at_once_is_one_charge(rich: FakeTill, code: str, wide_pool: Pool) -> None:
    crowd, request = replace(rich, pool=wide_pool), charge(rich, code)
    answers = await asyncio.gather(*(crowd.ask(request) for _ in range(20)))
    assert len({(said(answer), answer.tx_no) for answer in answers}) == 1
    assert await holds(rich.pool) == {"principal": 10000, "bonus": 200, "points": 18}


# Refunds ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("R040", "R041")
async def test_a_charge_comes_back_in_parts(rich: FakeTill, code: str) -> None:
    answer = await paid(rich, charge(rich, code, 2))
    first = refund(answer.tx_no, 1000)
    back = await paid(rich, first)
    assert {name: back.data[name] for name in ("kind", "amount_minor", "cash_minor", "balance_minor", "member_id")} == {
        "kind": "charge", "amount_minor": 1000, "cash_minor": 0, "balance_minor": 9400, "member_id": MEMBER
    }  # fmt: skip
    assert back.tx_no is not None
    assert back.tx_no.startswith("TK")
    assert (await rich.ask(first)).tx_no == back.tx_no
    found = await rich.ask(refund(answer.tx_no, 2601))
    assert (*said(found), found.data) == ("refused", "refund_exceeds", {"left_minor": 2600, "amount_minor": 2601})
    await paid(rich, refund(answer.tx_no, 2600))
    assert await holds(rich.pool) == {"principal": 10000, "bonus": 2000}
    assert said(await rich.ask(refund(answer.tx_no, 1))) == ("refused", "refund_exceeds")
    await all_holds(rich.pool)


async def test_a_top_up_goes_out_with_its_bonus(till: FakeTill) -> None:
    await set_terms(till.pool, till)
    tx_no = await credited(till, 10000, 2000)
    back = await paid(till, refund(tx_no, 3000, "cash"))
    assert {name: back.data[name] for name in ("kind", "bonus_minor", "cash_minor", "balance_minor")} == {
        "kind": "top_up", "bonus_minor": 600, "cash_minor": 3000, "balance_minor": 8400
    }  # fmt: skip
    assert await balance(till.pool, "tender/cash") == 7000
    await all_holds(till.pool)


def _everything(database: DatabaseUrls) -> dict[str, str | None]:
    """Every row of every table, as one digest a table."""
    found = {}
    with as_owner(database) as owner:
        owner.execute("RESET ROLE")
        tables = owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition"
        ).fetchall()
        for (name,) in tables:
            digest = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM app.{} AS t")
            found[name] = owner.execute(digest.format(sql.Identifier(name))).fetchall()[0][0]
    return found


@pytest.mark.req("R222")
async def test_a_preview_says_what_the_refund_then_does_and_keeps_nothing(
    rich: FakeTill, code: str, database: DatabaseUrls
) -> None:
    """18.00 of the bonus is spent, so as much of the 100.00 stays here."""
    top_up = await value(rich.pool, "SELECT tx_no FROM app.tx_registry WHERE kind = 'topped_up'")
    spent = await paid(rich, charge(rich, code, 1))
    before = _everything(database)
    requests = [refund(top_up, 10000, "cash"), refund(spent.tx_no, 1000)]
    foreseen = [await rich.preview(request) for request in requests]
    assert [(said(found), found.tx_no) for found in foreseen] == [(("accepted", None), None)] * 2
    no = [refund(top_up, 10001, "cash"), refund(top_up, 0, "cash"), refund("CZ00100009999", 5, "cash")]
    refused = [said(await rich.preview(request))[1] for request in no]
    assert refused == ["refund_exceeds", "amount_invalid", "transaction_unknown"]
    assert _everything(database) == before
    assert {name: foreseen[0].data[name] for name in ("cash_minor", "bonus_minor", "principal_minor")} == {
        "cash_minor": 8200, "bonus_minor": 200, "principal_minor": 1800
    }  # fmt: skip
    done = await paid(rich, requests[0])
    assert done.data == foreseen[0].data
    assert (await rich.preview(requests[0])).data == done.data, "answered: that answer, and nothing again"
    with pytest.raises(Refusal, match="request_malformed"):
        await rich.preview(charge(rich, code))
    with pytest.raises(Refusal, match="content_differs"):
        await rich.preview(replace(requests[0], refund=replace(refund_of(requests[0]), amount_minor=200)))
    await all_holds(rich.pool)


async def test_refunds_that_are_none(rich: FakeTill, code: str, held: str) -> None:
    answer = await paid(rich, charge(rich, code))
    sold = await value(rich.pool, "SELECT tx_no FROM app.tx_registry WHERE kind = 'pass_sold'")
    cases = [
        (refund(answer.tx_no, 0), "amount_invalid"),
        (refund(answer.tx_no, -5), "amount_invalid"),
        (refund(answer.tx_no, 10**13), "amount_invalid"),
        (refund(answer.tx_no, 100, currency="EUR"), "currency_mismatch"),
        (refund("ZF00100009999", 100), "transaction_unknown"),
        (refund("'; DROP TABLE", 100), "transaction_unknown"),
        (refund("ZF" + "0" * 400, 100), "transaction_unknown"),
        (refund(sold, 100), "refund_not_allowed"),
        (refund("CZ00100000001", 100, "gold"), "tender_unknown"),
        (refund(answer.tx_no, 100, "cash"), "tender_not_allowed"),
        (refund(answer.tx_no, 100, reason=""), "reason_missing"),
        (refund(answer.tx_no, 100, reason=" x "), "reason_missing"),
        (refund(answer.tx_no, 100, reason="x" * 201), "request_malformed"),
    ]
    for request, reason in cases:
        for _ in range(2):
            assert said(await rich.ask(request)) == ("refused", reason), reason
    assert await holds(rich.pool) == {"principal": 10000, "bonus": 200, "points": 18}


async def test_a_refund_by_the_ledgers_door_needs_a_reason_too(rich: FakeTill, code: str) -> None:
    answer = await paid(rich, charge(rich, code))
    for reason, expected in ((None, "reason_missing"), ("", "reason_missing"), ("x" * 201, "request_malformed")):
        asked = refund_effect(refund_of(refund(answer.tx_no, 100)), str(uuid4())) | {"reason": reason}
        question = Question(asked["request_id"], b"content", asked | {"judged_at": datetime.now(UTC).isoformat()}, None)
        outcome = await functions.refund_by_request(rich.pool, terminal_claims(rich.identity), question)
        assert (outcome["outcome"], outcome["code"]) == ("refused", expected)
    assert await value(rich.pool, "SELECT count(*) FROM app.card_refunds") == 0


async def test_a_refund_belongs_to_the_merchant_that_sold(rich: FakeTill, code: str) -> None:
    answer = await paid(rich, charge(rich, code))
    theirs = await FakeTill(
        rich.pool, world.OTHER_TERMINAL, "BC1T01", world.OTHER_MERCHANT, world.OTHER_STORE, keys=rich.keys
    ).pair()
    assert said(await theirs.ask(refund(answer.tx_no, 100))) == ("refused", "transaction_unknown")


async def test_one_refund_id_is_one_refund(rich: FakeTill, code: str) -> None:
    answer = await paid(rich, charge(rich, code))
    first = refund(answer.tx_no, 100)
    await paid(rich, first)
    with pytest.raises(Refusal, match="content_differs"):
        await rich.ask(replace(first, refund=replace(refund_of(first), amount_minor=200)))
    with pytest.raises(Refusal, match="content_differs"):
        await rich.ask(refund(answer.tx_no, 200, refund_id=refund_of(first).refund_id))
    assert await value(rich.pool, "SELECT count(*) FROM app.card_refunds") == 1


async def test_refunds_and_charges_at_once_never_give_more_than_there_is(rich: FakeTill, wide_pool: Pool) -> None:
    code = await rotate_code(rich.pool, MEMBER)
    answer = await paid(rich, charge(rich, code, 2))
    crowd = replace(rich, pool=wide_pool)
    requests = [refund(answer.tx_no, 700) for _ in range(8)]
    requests += [refund(None, 3000, "cash", original_tx_no="CZ00100000001") for _ in range(6)]
    answers = await asyncio.gather(*(crowd.ask(request) for request in requests))
    granted = [found.outcome for found in answers[:8]].count("accepted")
    assert granted == 5
    assert {found.code for found in answers} <= {None, "refund_exceeds"}
    await all_holds(rich.pool)


async def test_a_late_rule_promises_nothing(till: FakeTill) -> None:
    """The world's rule asks for 100.00: less brings no bonus, however the till came to think so."""
    await set_terms(till.pool, till)
    assert RULE.min_amount_minor == 10000
    await credited(till, 9999)
    assert await holds(till.pool) == {"principal": 9999}


async def test_a_redemption_is_asked_as_before(rich: FakeTill, held: str) -> None:
    request, _ = wanted(rich, held)
    answer = await paid(rich, request)
    assert (answer.uses_left, answer.data) == (9, {})
    assert redeem_of(request).pass_id == held
