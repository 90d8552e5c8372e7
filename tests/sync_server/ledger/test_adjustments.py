"""Corrections by two people: proposed by one, decided by another, posted once; never below zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sync_server.database.engine import Claims
from sync_server.ledger.decisions import Adjustment, decide_adjustment, propose_adjustment
from sync_server.ledger.units import grant_units
from tests.sync_server import card_till, world
from tests.sync_server.ledger.asking import (
    COLLEAGUE,
    MEMBER_CLAIMS,
    NOBODY,
    OPERATOR,
    OTHER_STAFF,
    STAFF,
    TERMINAL,
    Outcome,
    accepted,
    ask,
    at_once,
    audited,
    denied,
    held,
    refused,
)
from tests.sync_server.ledger.cards import card_of, enterprise_card, lots
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, all_holds, rows, uses_left, value

pytestmark = pytest.mark.anyio
WHY = "counted again"
OTHER_PERSON = Claims(COLLEAGUE.principal_id, "staff", STAFF.merchant_ids)


def of(kind: str, owner_id: str, bucket: str, delta: Any, merchant: str | None = None, currency: str | None = None,
       reason: Any = WHY) -> Adjustment:  # fmt: skip
    return Adjustment(merchant, kind, owner_id, bucket, currency, delta, reason)


async def propose(till: FakeTill, wanted: Adjustment, claims: Claims = OPERATOR) -> str:
    found = await ask(till.pool, claims, propose_adjustment, wanted)
    assert found["outcome"] == "accepted", found
    return str(found["adjustment_id"])


async def agree(till: FakeTill, adjustment_id: str, claims: Claims = COLLEAGUE) -> Outcome:
    return await ask(till.pool, claims, decide_adjustment, adjustment_id, True)


@pytest.fixture
async def card(till: FakeTill, owner: Any) -> str:
    """A card with 100.00 + 20.00 and then 50.00."""
    await card_till.set_terms(till.pool, till)
    card_till.top_up(till, 10000, 2000)
    card_till.top_up(till, 5000)
    await till.push()
    return card_of(owner)


@pytest.mark.req("R027", "R036", "R039")
async def test_two_people_change_what_is_held(till: FakeTill) -> None:
    proposed = await accepted(till.pool, OPERATOR, propose_adjustment, of("member", MEMBER, "ticket", 500))
    assert await held(till.pool, MEMBER, "ticket") == 0
    assert await audited(till.pool, "adjustment_proposed", proposed["adjustment_id"]) == 1
    done = await accepted(till.pool, COLLEAGUE, decide_adjustment, proposed["adjustment_id"], True)
    assert (done["status"], done["tx_no"][:2], await held(till.pool, MEMBER, "ticket")) == ("approved", "TZ", 500)
    kept = "SELECT status, proposed_by, decided_by, tx_id::text, reason FROM app.adjustments"
    assert await rows(till.pool, kept) == [
        ("approved", OPERATOR.principal_id, COLLEAGUE.principal_id, done["tx_id"], WHY)
    ]
    assert await value(till.pool, "SELECT reason FROM app.transactions WHERE kind = 'adjusted'") == WHY
    await all_holds(till.pool)


async def test_nobody_decides_their_own(till: FakeTill) -> None:
    wanted = await propose(till, of("member", MEMBER, "bean", 5))
    for approve in (True, False):
        assert (await refused(till.pool, OPERATOR, decide_adjustment, wanted, approve))[0] == "same_person"
    assert await held(till.pool, MEMBER, "bean") == 0
    assert (await agree(till, wanted))["outcome"] == "accepted"


async def test_a_rejected_proposal_is_kept_and_moves_nothing(till: FakeTill) -> None:
    wanted = await propose(till, of("member", MEMBER, "bean", 5))
    said = await accepted(till.pool, COLLEAGUE, decide_adjustment, wanted, False)
    assert (said["status"], "tx_no" in said) == ("rejected", False)
    assert await audited(till.pool, "adjustment_rejected", wanted) == 1
    for approve in (True, False):
        found = await refused(till.pool, COLLEAGUE, decide_adjustment, wanted, approve)
        assert found == ("adjustment_decided", {"status": "rejected"})
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 0
    await all_holds(till.pool)


@pytest.mark.req("R035")
async def test_two_deciders_at_once(till: FakeTill) -> None:
    wanted = await propose(till, of("member", MEMBER, "bean", 5))
    said = await at_once(*(agree(till, wanted) for _ in range(8)))
    assert sorted(each["outcome"] for each in said) == ["accepted"] + ["refused"] * 7
    assert await held(till.pool, MEMBER, "bean") == 5


@pytest.mark.parametrize("delta", [0, 10**9 + 1, -(10**9) - 1, 10**30, Decimal("0.5"), Decimal("NaN"), None])
async def test_no_odd_amounts(till: FakeTill, delta: Any) -> None:
    found = await refused(till.pool, OPERATOR, propose_adjustment, of("member", MEMBER, "bean", delta))
    assert found[0] == "amount_invalid"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (of("member", NOBODY, "bean", 1), "member_unknown"),
        (of("card", NOBODY, "points", 1), "card_unknown"),
        (of("pass", NOBODY, "uses", 1), "pass_unknown"),
        (of("member", MEMBER, "gold", 1), "request_malformed"),
        (of("member", MEMBER, "fragment/dragon", 1), "request_malformed"),
        (of("store", world.STORE, "sales", 1), "request_malformed"),
        (of("member", MEMBER, "bean", 1, reason=None), "reason_missing"),
        (of("member", MEMBER, "bean", 1, reason="x" * 201), "request_malformed"),
        (of("member", MEMBER, "bean", -1), "units_insufficient"),
    ],
)
async def test_what_cannot_be_proposed(till: FakeTill, wanted: Adjustment, code: str) -> None:
    assert (await refused(till.pool, OPERATOR, propose_adjustment, wanted))[0] == code
    assert await value(till.pool, "SELECT count(*) FROM app.adjustments") == 0


async def test_never_below_zero_when_it_is_decided(till: FakeTill) -> None:
    await ask(till.pool, OPERATOR, grant_units, MEMBER, "bean", 5, WHY)
    first, second = [await propose(till, of("member", MEMBER, "bean", -4)) for _ in range(2)]
    assert (await agree(till, first))["outcome"] == "accepted"
    found = await refused(till.pool, COLLEAGUE, decide_adjustment, second, True)
    assert found == ("units_insufficient", {"balance": 1})
    assert await value(till.pool, "SELECT count(*) FROM app.adjustments WHERE status = 'proposed'") == 1
    await accepted(till.pool, COLLEAGUE, decide_adjustment, second, False)
    await all_holds(till.pool)


# Whose business it is ---------------------------------------------------------------------------------------------


@pytest.mark.req("R027")
async def test_who_may_propose(till: FakeTill) -> None:
    for claims in (None, STAFF, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS):
        await denied(till.pool, claims, propose_adjustment, of("member", MEMBER, "bean", 1))
    for nobody in (None, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS):
        wanted = of("member", MEMBER, "fragment/dragon", 1, world.MERCHANT)
        await denied(till.pool, nobody, propose_adjustment, wanted)


async def test_staff_know_the_members_and_passes_of_their_merchant_alone(till: FakeTill, card: str, owner: Any) -> None:
    sold = till.sell_pass().pass_id
    await till.push()
    strange = card_of(owner, OTHER_MEMBER)
    company = enterprise_card(owner)
    for wanted, code in (
        (of("member", OTHER_MEMBER, "bean", 1, world.MERCHANT), "member_unknown"),
        (of("card", strange, "points", 1, world.MERCHANT), "card_unknown"),
        (of("card", company, "principal", 1, world.MERCHANT, "CNY"), "card_unknown"),
    ):
        assert (await refused(till.pool, STAFF, propose_adjustment, wanted))[0] == code
    wanted = of("pass", sold, "uses", 1, world.OTHER_MERCHANT)
    assert (await refused(till.pool, OTHER_STAFF, propose_adjustment, wanted))[0] == "pass_unknown"
    for wanted in (of("member", MEMBER, "bean", 1, world.MERCHANT), of("card", card, "points", 1, world.MERCHANT)):
        await propose(till, wanted, STAFF)


async def test_staff_decide_about_their_merchants_things_alone(till: FakeTill, card: str) -> None:
    """Passes and fragments are the merchant's; cards and beans the operator's."""
    sold = till.sell_pass().pass_id
    await till.push()
    theirs = [of("pass", sold, "uses", 1, world.MERCHANT), of("member", MEMBER, "fragment/dragon", 1, world.MERCHANT)]
    operators = [of("card", card, "points", 1, world.MERCHANT), of("member", MEMBER, "bean", 1, world.MERCHANT)]
    for wanted in theirs + operators:
        proposed = await propose(till, wanted, STAFF)
        for claims in (None, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS):
            await denied(till.pool, claims, decide_adjustment, proposed, True)
        if wanted in operators:
            await denied(till.pool, OTHER_PERSON, decide_adjustment, proposed, True)
            await accepted(till.pool, COLLEAGUE, decide_adjustment, proposed, True)
        else:
            await accepted(till.pool, OTHER_PERSON, decide_adjustment, proposed, True)
    await denied(till.pool, STAFF, decide_adjustment, NOBODY, True)
    assert (await refused(till.pool, OPERATOR, decide_adjustment, NOBODY, True))[0] == "adjustment_unknown"
    await all_holds(till.pool)


# Money, points and uses ---------------------------------------------------------------------------------------------


async def adjust(till: FakeTill, wanted: Adjustment) -> Outcome:
    return await agree(till, await propose(till, wanted))


@pytest.mark.parametrize(
    ("bucket", "delta", "after"),
    [
        ("principal", 700, [(10000, 2000, 10000, 2000), (5000, 0, 5000, 0), (700, 0, 700, 0)]),
        ("bonus", 700, [(10000, 2000, 10000, 2000), (5000, 0, 5000, 0), (0, 700, 0, 700)]),
        ("principal", -1, [(10000, 2000, 9999, 2000), (5000, 0, 5000, 0)]),
        ("principal", -12000, [(10000, 2000, 0, 2000), (5000, 0, 3000, 0)]),
        ("principal", -15000, [(10000, 2000, 0, 2000), (5000, 0, 0, 0)]),
        ("bonus", -2000, [(10000, 2000, 10000, 0), (5000, 0, 5000, 0)]),
    ],
)
async def test_a_cards_lots_follow(
    till: FakeTill, card: str, owner: Any, bucket: str, delta: int, after: list[Any]
) -> None:
    before = await held(till.pool, card, bucket)
    done = await adjust(till, of("card", card, bucket, delta, currency="CNY"))
    assert (done["outcome"], lots(owner), await held(till.pool, card, bucket)) == ("accepted", after, before + delta)
    header = "SELECT amount_minor, currency, card_id::text, member_id::text FROM app.transactions WHERE tx_no = %s"
    assert await rows(till.pool, header, done["tx_no"]) == [(delta, "CNY", card, MEMBER)]
    await all_holds(till.pool)


async def test_money_that_cannot_be_adjusted(till: FakeTill, card: str, owner: Any) -> None:
    async def no(bucket: str, delta: int, currency: str | None = "CNY", card_id: str = card) -> tuple[str, Any]:
        wanted = of("card", card_id, bucket, delta, currency=currency)
        return await refused(till.pool, OPERATOR, propose_adjustment, wanted)

    assert await no("principal", -15001) == ("balance_insufficient", {"balance": 15000})
    assert await no("bonus", -2001) == ("balance_insufficient", {"balance": 2000})
    assert await no("points", -1, None) == ("units_insufficient", {"balance": 0})
    assert await no("principal", 1, "EUR") == ("currency_mismatch", {"currency": "CNY"})
    for currency in ("XXX", "point", None):
        assert (await no("principal", 1, currency))[0] == "currency_mismatch"
    assert await no("reserved", 1) == ("request_malformed", {"field": "bucket"})
    company = enterprise_card(owner)
    for bucket in ("bonus", "points"):
        assert await no(bucket, 1, "CNY", company) == ("request_malformed", {"field": "bucket"})
    owner.execute("UPDATE app.cards SET status = 'closed'")
    assert (await no("principal", 1))[0] == "card_inactive"


async def test_points_of_a_card(till: FakeTill, card: str) -> None:
    await adjust(till, of("card", card, "points", 30))
    await adjust(till, of("card", card, "points", -10))
    assert await held(till.pool, card, "points") == 20
    await all_holds(till.pool)


async def test_the_first_money_gives_a_card_its_currency(till: FakeTill, owner: Any) -> None:
    company = enterprise_card(owner, currency=None)
    await adjust(till, of("card", company, "principal", 100, currency="EUR"))
    found = owner.execute("SELECT currency FROM app.cards WHERE card_id = %s", [company]).fetchone()
    assert found == ("EUR",)
    await all_holds(till.pool)


async def test_uses_of_a_pass(till: FakeTill, owner: Any) -> None:
    sold = till.sell_pass().pass_id
    await till.push()
    await adjust(till, of("pass", sold, "uses", 3, world.MERCHANT))
    assert await uses_left(till.pool, sold) == 13
    await adjust(till, of("pass", sold, "uses", -13, world.MERCHANT))
    found = "SELECT uses_bought, uses_left, status FROM app.passes_held"
    assert await rows(till.pool, found) == [(0, 0, "active")]
    await all_holds(till.pool)

    async def no(bucket: str, delta: int) -> str:
        wanted = of("pass", sold, bucket, delta, world.MERCHANT)
        return (await refused(till.pool, OPERATOR, propose_adjustment, wanted))[0]

    assert await no("uses", -1) == "units_insufficient"
    assert await no("points", 1) == "request_malformed"
    await adjust(till, of("pass", sold, "uses", 10**9, world.MERCHANT))
    assert await no("uses", 1) == "amount_invalid"
    owner.execute("UPDATE app.member_passes SET status = 'revoked'")
    assert await no("uses", 1) == "pass_revoked"


async def test_a_till_hears_of_an_adjusted_pass(till: FakeTill) -> None:
    sold = till.sell_pass().pass_id
    await till.push()
    changes = "SELECT count(*) FROM app.change_log WHERE table_name = 'pass' AND key = %s"
    before = await value(till.pool, changes, sold)
    await adjust(till, of("pass", sold, "uses", 3, world.MERCHANT))
    assert await value(till.pool, changes, sold) == before + 1
