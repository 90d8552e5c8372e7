"""Requests: one answer for ever, whoever asks again, whatever is wrong, whoever comes late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from models.catalogue import Product
from models.passes import AddOnChoice, Cup
from models.refusals import Refusal
from models.tenders import Tender
from models.wire import ActionAnswer, ActionRequest
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.till import (
    BOBA,
    MEMBER,
    OAT,
    ONLINE,
    OTHER_MEMBER,
    OWN,
    FakeTill,
    all_holds,
    as_owner,
    balance,
    outcomes,
    plan,
    redeem_of,
    rows,
    said,
    uses_left,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio


async def change_product(till: FakeTill, **changes: object) -> None:
    base = replace(world.product(), add_on_ids=(BOBA.add_on_id, OAT.add_on_id))
    product: Product = replace(base, **changes)  # type: ignore[arg-type]
    async with transaction(till.pool, PLATFORM) as connection:
        await put(connection, product)


# One answer ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("R111", "R113", "R091")
async def test_a_request_is_answered_once_however_often_it_is_asked(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held, cups=2, extra=1)
    first = await till.ask(request)
    assert (said(first), first.uses_left, first.tx_no) == (("accepted", None), 8, "HX00100000001")
    again = await till.ask(request)
    assert replace(again, server_time=first.server_time) == first
    assert await uses_left(till.pool, held) == 8
    assert await value(till.pool, "SELECT count(*) FROM app.orders") == 1
    assert (await balance(till.pool, "sales"), await balance(till.pool, "vat/0.06")) == (-472, -28)
    await all_holds(till.pool)


async def test_a_use_travels_to_the_tills(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held)
    before = await value(till.pool, "SELECT count(*) FROM app.change_log WHERE table_name = 'pass'")
    await till.ask(request)
    assert await value(till.pool, "SELECT count(*) FROM app.change_log WHERE table_name = 'pass'") == before + 1
    used = await rows(till.pool, "SELECT used_on::text, used_today FROM app.passes_held")
    assert used == [(redeem_of(request).business_day, 1)]


async def test_one_id_for_two_contents_is_refused_with_an_alarm_and_the_first_answer_stays(
    till: FakeTill, held: str
) -> None:
    request, _ = wanted(till, held)
    first = await till.ask(request)
    for other in (
        replace(request, redeem=replace(redeem_of(request), cups=redeem_of(request).cups * 2)),
        replace(request, redeem=replace(redeem_of(request), member_code="1" * 20)),
    ):
        for _ in range(2):
            with pytest.raises(Refusal, match="content_differs"):
                await till.ask(other)
    assert (await till.ask(request)).tx_no == first.tx_no
    assert await value(till.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'content_differs'") == 4
    assert await uses_left(till.pool, held) == 9


async def test_a_redemption_id_is_used_once(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held)
    await till.ask(request)
    with pytest.raises(Refusal, match="content_differs"):
        await till.ask(replace(request, request_id=str(uuid4())))
    assert await uses_left(till.pool, held) == 9


async def test_the_key_of_another_till_neither_collides_nor_tells(
    till: FakeTill, second_till: FakeTill, held: str
) -> None:
    request, _ = wanted(till, held)
    await till.ask(request)
    other, _ = wanted(second_till, held)
    answer = await second_till.ask(replace(other, request_id=request.request_id))
    assert (said(answer), answer.uses_left, answer.tx_no) == (("accepted", None), 8, "HX00200000001")


async def test_the_same_request_twice_at_once_has_one_effect(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held)
    answers = await asyncio.gather(*(till.ask(request) for _ in range(6)))
    assert {(said(answer), answer.uses_left, answer.tx_no) for answer in answers} == {
        (("accepted", None), 9, "HX00100000001")
    }
    unknown, _ = wanted(till, str(uuid4()))
    answers = await asyncio.gather(*(till.ask(unknown) for _ in range(6)))
    assert {said(answer) for answer in answers} == {("refused", "pass_unknown")}
    await all_holds(till.pool)


# Refusals, each of them twice ---------------------------------------------------------------------------------------

_CASES = [
    ("SET status = 'suspended'", {}, "pass_not_active"),
    ("SET status = 'revoked'", {}, "pass_revoked"),
    ("SET expires_at = now() - interval '1 minute'", {}, "pass_expired"),
    (None, {"member_id": OTHER_MEMBER}, "pass_other_member"),
    (None, {"pass_id": str(uuid4())}, "pass_unknown"),
    (None, {"cups": ()}, "basket_empty"),
    (None, {"cups": (Cup(str(uuid4())),)}, "product_unknown"),
    (None, {"cups": (Cup("tea"),)}, "product_unknown"),
    (None, {"cups": (Cup(world.PRODUCT, (AddOnChoice(str(uuid4()), 1),)),)}, "add_on_unknown"),
    (None, {"cups": (Cup(world.PRODUCT, (AddOnChoice(OAT.add_on_id, 100),)),)}, "amount_invalid"),
    (None, {"cups": (Cup(world.PRODUCT, (AddOnChoice(OAT.add_on_id, 1),)),)}, "price_changed"),
    (None, {"cups": (Cup(world.PRODUCT),) * 11}, "uses_exhausted"),
    (None, {"extra_total_minor": 100, "tenders": (Tender("cash", 100, 100),)}, "price_changed"),
    (None, {"tenders": (Tender("cash", 100, 100),)}, "tender_insufficient"),
    (None, {"currency": "EUR"}, "currency_mismatch"),
    (None, {"business_day": "2020-01-01"}, "request_malformed"),
]


@pytest.mark.req("R100")
@pytest.mark.parametrize(("broken", "changes", "code"), _CASES)
async def test_a_refusal_is_sticky_and_moves_nothing(
    till: FakeTill, held: str, database: DatabaseUrls, broken: str | None, changes: dict[str, object], code: str
) -> None:
    request, _ = wanted(till, held)
    request = replace(request, redeem=replace(redeem_of(request), **changes))  # type: ignore[arg-type]
    if broken:
        with as_owner(database) as owner:
            owner.execute(f"UPDATE app.member_passes {broken}".encode())
    assert said(await till.ask(request)) == ("refused", code)
    with as_owner(database) as owner:  # what was wrong is right now: the answer stays
        owner.execute("UPDATE app.member_passes SET status = 'active', expires_at = now() + interval '1 day'")
    assert said(await till.ask(request)) == ("refused", code)
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 1
    assert await value(till.pool, "SELECT count(*) FROM audit.event_log WHERE event = 'refused'") == 1
    await all_holds(till.pool)


@pytest.mark.req("R103", "R104")
@pytest.mark.parametrize("kind", ["bizum", "platform", "wechat", "alipay"])
async def test_the_extra_is_paid_by_cash_or_card_alone(till: FakeTill, held: str, kind: str) -> None:
    body = till.redemption(held, ONLINE, extra=1, tender=kind)
    request = till.request(body)
    for _ in range(2):
        assert said(await till.ask(request)) == ("refused", "tender_not_allowed")


async def test_a_price_that_hq_has_changed_is_refused(till: FakeTill, held: str) -> None:
    async with transaction(till.pool, PLATFORM) as connection:
        await put(connection, replace(OAT, price_minor=600))
    request, _ = wanted(till, held, extra=1)
    answer = await till.ask(request)
    assert (said(answer), answer.data) == (("refused", "price_changed"), {"extra_total_minor": 600})


@pytest.mark.req("R109", "R110")
async def test_the_whitelist_and_the_free_add_ons_are_the_servers_own(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held)
    two_boba = (Cup(world.PRODUCT, (AddOnChoice(BOBA.add_on_id, 2),)),)
    dear = replace(redeem_of(request), cups=two_boba, extra_total_minor=300, tenders=(Tender("cash", 300, 500),))
    assert said(await till.ask(replace(request, redeem=dear))) == ("accepted", None)
    free = replace(redeem_of(wanted(till, held)[0]), cups=two_boba)
    assert said(await till.ask(ActionRequest(1, str(uuid4()), free))) == ("refused", "price_changed")
    await change_product(till, tags=frozenset({"cup"}))
    request, _ = wanted(till, held)
    assert said(await till.ask(request)) == ("refused", "product_not_eligible")
    await change_product(till, on_sale=False)
    request, _ = wanted(till, held)
    assert said(await till.ask(request)) == ("refused", "product_unknown")


@pytest.mark.req("R090")
async def test_limits_of_the_plan(till: FakeTill, held: str) -> None:
    async with transaction(till.pool, PLATFORM) as connection:
        await put(connection, plan(max_uses_per_order=2, max_uses_per_day=3))
    answers = []
    for cups in (3, 2, 2, 1):
        answers.append(said(await till.ask(wanted(till, held, cups=cups)[0])))
    assert answers == [
        ("refused", "uses_per_order_exceeded"), ("accepted", None), ("refused", "uses_per_day_exceeded"),
        ("accepted", None),
    ]  # fmt: skip


async def test_a_pass_of_another_merchant(till: FakeTill, held: str) -> None:
    stranger = FakeTill(till.pool, world.OTHER_TERMINAL, "BC1T01", world.OTHER_MERCHANT, world.OTHER_STORE)
    await stranger.pair()
    for _ in range(2):
        assert said(await stranger.ask(wanted(stranger, held)[0])) == ("refused", "pass_other_merchant")


async def test_a_request_about_another_time_is_too_late(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held)
    for minutes in (-6, 6):
        moved = redeem_of(request).happened_at + timedelta(minutes=minutes)
        late = replace(redeem_of(request), happened_at=moved, business_day=till.day(moved))
        assert said(await till.ask(ActionRequest(1, str(uuid4()), late))) == ("refused", "request_expired")


async def test_messages_that_are_none(till: FakeTill, held: str) -> None:
    request, _ = wanted(till, held)
    with pytest.raises(Refusal, match="request_malformed"):
        await till.ask(replace(request, request_id="1"))
    with pytest.raises(Refusal, match="request_malformed"):
        await till.ask(replace(request, redeem=replace(redeem_of(request), pass_id="x")))
    till.status = "revoked"
    with pytest.raises(Refusal, match="terminal_revoked"):
        await till.ask(request)
    assert await value(till.pool, "SELECT count(*) FROM app.idempotency_registry") == 0


async def test_a_member_who_is_not_active_gets_nothing(till: FakeTill, held: str, database: DatabaseUrls) -> None:
    request, _ = wanted(till, held)
    with as_owner(database) as owner:
        owner.execute("UPDATE app.members SET status = 'blocked' WHERE member_id = %s", [MEMBER])
    found = await till.ask(request)
    assert (*said(found), found.data) == ("refused", "member_inactive", {"status": "blocked"})
    till.redeem(held, OWN)
    assert (await outcomes(till))[-1] == ("held", "member_inactive")
    assert await uses_left(till.pool, held) == 10


# The member's code --------------------------------------------------------------------------------------------------


async def with_code(till: FakeTill, pass_id: str, code: str, member_id: str = MEMBER) -> ActionAnswer:
    request, _ = wanted(till, pass_id)
    return await till.ask(replace(request, redeem=replace(redeem_of(request), member_code=code, member_id=member_id)))


async def test_a_code_pays_once(till: FakeTill, held: str, code: str) -> None:
    request, _ = wanted(till, held)
    request = replace(request, redeem=replace(redeem_of(request), member_code=code))
    assert said(await till.ask(request)) == ("accepted", None)
    assert said(await till.ask(request)) == ("accepted", None)  # the same question again
    assert said(await with_code(till, held, code)) == ("refused", "code_used")
    assert await uses_left(till.pool, held) == 9


async def test_a_code_is_not_used_up_by_a_refusal(till: FakeTill, held: str, code: str) -> None:
    request, _ = wanted(till, held, cups=11)
    request = replace(request, redeem=replace(redeem_of(request), member_code=code))
    assert said(await till.ask(request)) == ("refused", "uses_exhausted")
    assert said(await with_code(till, held, code)) == ("accepted", None)


async def test_a_code_lives_fifteen_minutes_by_the_databases_clock(
    till: FakeTill, held: str, code: str, database: DatabaseUrls
) -> None:
    with as_owner(database) as owner:
        owner.execute("UPDATE sec.card_codes SET issued_at = now() - interval '15 minutes'")
    for _ in range(2):
        assert said(await with_code(till, held, code)) == ("refused", "code_expired")
    fresh = await rotate_code(till.pool, MEMBER)
    with as_owner(database) as owner:
        owner.execute("UPDATE sec.card_codes SET issued_at = now() - interval '14 minutes 50 seconds'")
    assert said(await with_code(till, held, fresh)) == ("accepted", None)


async def test_five_wrong_secrets_lock_the_card(till: FakeTill, held: str, code: str, database: DatabaseUrls) -> None:
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    request, _ = wanted(till, held)
    request = replace(request, redeem=replace(redeem_of(request), member_code=wrong))
    for _ in range(3):  # one request, however often it is sent, is one try
        assert said(await till.ask(request)) == ("refused", "code_wrong")
    for _ in range(4):
        assert said(await with_code(till, held, wrong)) == ("refused", "code_wrong")
    assert said(await with_code(till, held, code)) == ("refused", "code_locked")
    with as_owner(database) as owner:
        owner.execute("UPDATE sec.card_codes SET locked_until = now()")
    assert said(await with_code(till, held, code)) == ("accepted", None)


async def test_codes_that_are_none_or_of_somebody_else(till: FakeTill, held: str, code: str) -> None:
    theirs = await rotate_code(till.pool, OTHER_MEMBER)
    edited = code[0] + ("A" if code[1] != "A" else "B") + code[2:]
    for text, reason in (("hello", "code_foreign"), (edited, "code_edited"), (theirs, "pass_other_member")):
        assert said(await with_code(till, held, text)) == ("refused", reason)
    assert said(await with_code(till, held, theirs, OTHER_MEMBER)) == ("refused", "pass_other_member")
    assert said(await with_code(till, held, code)) == ("accepted", None)


# Two for one --------------------------------------------------------------------------------------------------------


async def test_fifty_takers_of_the_last_use(till: FakeTill, held: str, wide_pool: Pool) -> None:
    await till.ask(wanted(till, held, cups=9)[0])
    crowd = replace(till, pool=wide_pool)
    answers = await asyncio.gather(*(crowd.ask(wanted(crowd, held)[0]) for _ in range(50)))
    assert sorted(said(answer) for answer in answers) == [("accepted", None)] + [("refused", "uses_exhausted")] * 49
    assert await uses_left(till.pool, held) == 0
    await all_holds(till.pool)


async def test_fifty_takers_with_one_code(till: FakeTill, held: str, code: str, wide_pool: Pool) -> None:
    crowd = replace(till, pool=wide_pool)
    answers = await asyncio.gather(*(with_code(crowd, held, code) for _ in range(50)))
    assert sorted(said(answer) for answer in answers) == [("accepted", None)] + [("refused", "code_used")] * 49


async def test_requests_and_facts_of_two_tills_crossing(till: FakeTill, second_till: FakeTill, wide_pool: Pool) -> None:
    """Both tills take from two passes in opposite order, by request and by fact, at once: nothing is lost or stuck."""
    a, b = till.sell_pass(), till.sell_pass(member_id=OTHER_MEMBER)
    await till.push()
    crowd, other = replace(till, pool=wide_pool), replace(second_till, pool=wide_pool)
    for _ in range(4):
        for each in (crowd, other):
            each.sell_pass(a.pass_id if each is crowd else b.pass_id, stacked=True,
                           member_id=MEMBER if each is crowd else OTHER_MEMBER)  # fmt: skip
            each.sell_pass(b.pass_id if each is crowd else a.pass_id, stacked=True,
                           member_id=OTHER_MEMBER if each is crowd else MEMBER)  # fmt: skip
    requests = [each.request(each.redemption(held_by.pass_id, ONLINE, member_id=held_by.member_id))
                for each in (crowd, other) for held_by in (a, b) for _ in range(5)]  # fmt: skip
    asked = [(crowd if number < 10 else other).ask(request) for number, request in enumerate(requests)]
    *answers, _, _ = await asyncio.gather(*asked, crowd.push(), other.push())
    assert {answer.outcome for answer in answers if isinstance(answer, ActionAnswer)} == {"accepted"}
    assert [await uses_left(till.pool, sold.pass_id) for sold in (a, b)] == [80, 80]
    await all_holds(till.pool)
