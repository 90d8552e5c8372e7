"""Units of members: granted, spent, taken back as far as they are there, traded; never below zero, never twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, LiteralString

import pytest

from sync_server.database.engine import Claims
from sync_server.ledger.units import Trade, debit_tickets, grant_units, reverse_grant, trade_units
from tests.sync_server import world
from tests.sync_server.ledger.asking import (
    MEMBER_CLAIMS,
    NOBODY,
    OPERATOR,
    OTHER_STAFF,
    OTHER_TERMINAL,
    STAFF,
    TERMINAL,
    accepted,
    act,
    ask,
    at_once,
    audited,
    denied,
    held,
    know,
    refused,
    run,
)  # fmt: skip
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, all_holds, rows, value

pytestmark = pytest.mark.anyio
WHY = "welcome gift"
LINES: LiteralString = """
SELECT a.guarded, a.owner_kind, a.bucket, a.unit, e.delta, t.kind, t.member_id::text, t.reason, t.amount_minor,
       t.merchant_id::text, t.currency
  FROM app.entries AS e
  JOIN app.accounts AS a USING (ledger_id, account_id) JOIN app.transactions AS t USING (ledger_id, tx_id)
 WHERE t.tx_id = %s ORDER BY a.guarded DESC
"""
BAD_AMOUNTS = [0, -1, 10**9 + 1, 2**63, 10**30, Decimal("1.5"), Decimal("NaN")]


async def give(till: FakeTill, amount: int, unit: str = "ticket", member: str = MEMBER) -> Any:
    await know(till.pool, member)
    merchant = world.MERCHANT if unit.startswith("fragment/") else None
    found = await ask(till.pool, OPERATOR, grant_units, member, unit, amount, WHY, merchant)
    assert found["outcome"] == "accepted"
    return found


# Tickets --------------------------------------------------------------------------------------------------------


@pytest.mark.req("R027", "R036", "R039", "R148")
async def test_tickets_are_spent_once(till: FakeTill) -> None:
    await give(till, 1000)
    first = await accepted(till.pool, TERMINAL, debit_tickets, MEMBER, 400, "C-17")
    assert first["tx_no"].startswith("YW")
    assert await held(till.pool, MEMBER, "ticket") == 600
    found = await rows(till.pool, LINES, first["tx_id"])
    header = ("ticket_debited", MEMBER, "C-17", 0, world.MERCHANT, None)
    assert found == [
        (True, "member", "ticket", "ticket", -400, *header),
        (False, "merchant", "redeemed", "ticket", 400, *header),
    ]
    assert await audited(till.pool, "posted.ticket_debited", first["tx_no"]) == 1
    await all_holds(till.pool)


@pytest.mark.req("R148", "R155")
async def test_what_is_not_there_is_not_spent(till: FakeTill) -> None:
    await give(till, 399)
    for _ in range(2):
        assert await refused(till.pool, TERMINAL, debit_tickets, MEMBER, 400, "C-17") == (
            "tickets_insufficient",
            {"balance": 399},
        )
    await know(till.pool, OTHER_MEMBER)
    assert await refused(till.pool, TERMINAL, debit_tickets, OTHER_MEMBER, 1, "C-17") == (
        "tickets_insufficient",
        {"balance": 0},
    )
    await accepted(till.pool, TERMINAL, debit_tickets, MEMBER, 399, "C-17")
    assert await held(till.pool, MEMBER, "ticket") == 0
    await all_holds(till.pool)


async def test_a_till_takes_tickets_of_members_its_merchant_knows(till: FakeTill) -> None:
    """To the others it is told nothing, not even that they are there."""
    await give(till, 500)
    for tickets in (500, 501):
        stranger = await refused(till.pool, OTHER_TERMINAL, debit_tickets, MEMBER, tickets, "C-17")
        assert stranger == await refused(till.pool, OTHER_TERMINAL, debit_tickets, NOBODY, tickets, "C-17")
        assert stranger == ("member_unknown", {})
    assert await held(till.pool, MEMBER, "ticket") == 500
    await accepted(till.pool, OPERATOR, debit_tickets, MEMBER, 500, "C-17", world.OTHER_MERCHANT)
    await all_holds(till.pool)


@pytest.mark.parametrize("tickets", BAD_AMOUNTS)
async def test_no_odd_number_of_tickets(till: FakeTill, tickets: Any) -> None:
    await give(till, 5)
    assert (await refused(till.pool, TERMINAL, debit_tickets, MEMBER, tickets, "C-17"))[0] == "amount_invalid"
    assert (await refused(till.pool, OPERATOR, grant_units, MEMBER, "bean", tickets, WHY))[0] == "amount_invalid"


async def test_tickets_are_of_an_active_member_and_pay_for_something(till: FakeTill, owner: Any) -> None:
    await give(till, 5)
    for reference in ("", "x" * 101, None):
        assert (await refused(till.pool, TERMINAL, debit_tickets, MEMBER, 1, reference))[0] == "request_malformed"
    assert (await refused(till.pool, TERMINAL, debit_tickets, NOBODY, 1, "C-17"))[0] == "member_unknown"
    owner.execute("UPDATE app.members SET status = 'frozen'")
    assert (await refused(till.pool, TERMINAL, debit_tickets, MEMBER, 1, "C-17"))[0] == "member_inactive"


async def test_a_key_is_its_principals_own(till: FakeTill) -> None:
    await give(till, 10)
    same = act("the key")
    await ask(till.pool, TERMINAL, debit_tickets, MEMBER, 3, "C-17", act=same)
    other = await ask(till.pool, OPERATOR, debit_tickets, MEMBER, 4, "C-18", world.MERCHANT, act=same)
    assert other["outcome"] == "accepted"
    assert await held(till.pool, MEMBER, "ticket") == 3


@pytest.mark.req("R027")
@pytest.mark.parametrize("claims", [None, STAFF, OTHER_STAFF, MEMBER_CLAIMS, OTHER_TERMINAL])
async def test_only_a_till_or_the_operator_takes_tickets(till: FakeTill, claims: Claims | None) -> None:
    await give(till, 10)
    await denied(till.pool, claims, debit_tickets, MEMBER, 1, "C-17", world.MERCHANT)


@pytest.mark.req("R035")
async def test_one_last_ticket_goes_once(till: FakeTill) -> None:
    await give(till, 1)
    said = await at_once(*(ask(till.pool, TERMINAL, debit_tickets, MEMBER, 1, "C-17") for _ in range(12)))
    assert sorted(each["outcome"] for each in said) == ["accepted"] + ["refused"] * 11
    assert await held(till.pool, MEMBER, "ticket") == 0
    await all_holds(till.pool)


async def test_one_key_at_once_is_one_act(till: FakeTill) -> None:
    await give(till, 10)
    same = act()
    said = await at_once(*(ask(till.pool, TERMINAL, debit_tickets, MEMBER, 1, "C-17", act=same) for _ in range(8)))
    assert all(each == said[0] for each in said)
    assert await held(till.pool, MEMBER, "ticket") == 9


# Grants ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("R027", "R036", "R039")
@pytest.mark.parametrize("unit", ["ticket", "bean", "silver", "point"])
async def test_the_operator_grants(till: FakeTill, unit: str) -> None:
    for expected in (7, 14):
        given = await accepted(till.pool, OPERATOR, grant_units, MEMBER, unit, 7, WHY)
        assert given["balance"] == expected
    kind = "SELECT kind, reason, merchant_id, member_id::text, amount_minor FROM app.transactions WHERE tx_id = %s"
    assert await rows(till.pool, kind, given["tx_id"]) == [("granted", WHY, None, MEMBER, 0)]
    assert await audited(till.pool, "posted.granted", given["tx_no"]) == 1
    await all_holds(till.pool)


async def test_points_go_to_the_members_card(till: FakeTill) -> None:
    await give(till, 120, "point")
    card = await value(till.pool, "SELECT card_id::text FROM app.cards WHERE member_id = %s", MEMBER)
    assert await held(till.pool, card, "points") == 120
    assert await held(till.pool, MEMBER, "point") == 0


@pytest.mark.req("R186")
async def test_fragments_are_their_merchants(till: FakeTill) -> None:
    """Two merchants' kinds of one name do not mix, and each sees its own."""
    await accepted(till.pool, STAFF, grant_units, MEMBER, "fragment/dragon", 3, WHY, world.MERCHANT)
    given = await accepted(till.pool, OTHER_STAFF, grant_units, MEMBER, "fragment/dragon", 5, WHY, world.OTHER_MERCHANT)
    assert given["balance"] == 5
    seen = await run(till.pool, STAFF, _fragments)
    assert seen == [(f"fragment/{world.MERCHANT}/dragon", 3)]
    await all_holds(till.pool)


async def _fragments(connection: Any) -> Any:
    cursor = await connection.execute("SELECT unit, balance FROM app.accounts WHERE guarded")
    return await cursor.fetchall()


@pytest.mark.req("R027")
@pytest.mark.parametrize("claims", [None, STAFF, TERMINAL, MEMBER_CLAIMS])
async def test_only_the_operator_grants_what_is_the_operators(till: FakeTill, claims: Claims | None) -> None:
    for unit in ("ticket", "bean", "silver", "point", "gold"):
        await denied(till.pool, claims, grant_units, MEMBER, unit, 1, WHY)
        await denied(till.pool, claims, grant_units, MEMBER, unit, 1, WHY, world.MERCHANT)


@pytest.mark.req("R027")
@pytest.mark.parametrize("claims", [None, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS])
async def test_fragments_are_granted_by_their_merchants_people(till: FakeTill, claims: Claims | None) -> None:
    await denied(till.pool, claims, grant_units, MEMBER, "fragment/dragon", 1, WHY, world.MERCHANT)
    await denied(till.pool, STAFF, grant_units, MEMBER, "fragment/dragon", 1, WHY, None)


@pytest.mark.parametrize(
    "unit", ["gold", "", "fragment/", "fragment/a b", "fragment/" + "x" * 41, "CNY", "use/1", None]
)
async def test_no_other_units(till: FakeTill, unit: str | None) -> None:
    assert await refused(till.pool, OPERATOR, grant_units, MEMBER, unit, 1, WHY, world.MERCHANT) == (
        "request_malformed",
        {"field": "unit"},
    )


async def test_a_fragment_without_a_merchant_is_none(till: FakeTill) -> None:
    assert (await refused(till.pool, OPERATOR, grant_units, MEMBER, "fragment/dragon", 1, WHY))[
        0
    ] == "request_malformed"


@pytest.mark.parametrize(
    ("reason", "code"),
    [(None, "reason_missing"), ("", "reason_missing"), ("  x ", "reason_missing"), ("x" * 201, "request_malformed")],
)
async def test_a_grant_and_its_reversal_have_a_reason(till: FakeTill, reason: str | None, code: str) -> None:
    assert (await refused(till.pool, OPERATOR, grant_units, MEMBER, "bean", 1, reason))[0] == code
    given = await give(till, 1, "bean")
    assert (await refused(till.pool, OPERATOR, reverse_grant, given["tx_no"], reason))[0] == code


async def test_nobody_is_granted_to(till: FakeTill) -> None:
    for unit in ("bean", "point"):
        assert (await refused(till.pool, OPERATOR, grant_units, NOBODY, unit, 1, WHY))[0] == "member_unknown"


async def test_first_grants_at_once(till: FakeTill) -> None:
    """Nobody has an account of that unit yet: all of them make it, none fails."""
    said = await at_once(*(ask(till.pool, OPERATOR, grant_units, MEMBER, "bean", 1, WHY) for _ in range(8)))
    assert {each["outcome"] for each in said} == {"accepted"}
    assert await held(till.pool, MEMBER, "bean") == 8
    await all_holds(till.pool)


# Reversals ------------------------------------------------------------------------------------------------------


@pytest.mark.req("R027", "R039", "R155")
async def test_a_grant_is_taken_back_once(till: FakeTill) -> None:
    given = await give(till, 10, "point")
    back = await accepted(till.pool, OPERATOR, reverse_grant, given["tx_no"], WHY)
    assert (back["taken_back"], back["short"], back["balance"]) == (10, 0, 0)
    assert await refused(till.pool, OPERATOR, reverse_grant, given["tx_no"], WHY) == (
        "refund_not_allowed",
        {"tx_no": given["tx_no"]},
    )
    await all_holds(till.pool)


@pytest.mark.parametrize(("spent", "taken_back"), [(0, 10), (3, 7), (10, 0)])
async def test_what_is_gone_is_recorded(till: FakeTill, spent: int, taken_back: int) -> None:
    given = await give(till, 10)
    if spent:
        await ask(till.pool, TERMINAL, debit_tickets, MEMBER, spent, "C-17")
    back = await accepted(till.pool, OPERATOR, reverse_grant, given["tx_no"], WHY)
    assert (back["taken_back"], back["short"], back["balance"]) == (taken_back, spent, 0)
    kept = "SELECT basis ->> 'taken_back', basis ->> 'short', reversed_by::text FROM app.tx_registry WHERE tx_no = %s"
    assert await rows(till.pool, kept, given["tx_no"]) == [(str(taken_back), str(spent), back["tx_id"])]
    await all_holds(till.pool)


async def test_only_a_grant_of_ones_own_is_taken_back(till: FakeTill) -> None:
    await give(till, 10)
    debited = await ask(till.pool, TERMINAL, debit_tickets, MEMBER, 1, "C-17")
    dragon = await ask(till.pool, STAFF, grant_units, MEMBER, "fragment/dragon", 3, WHY, world.MERCHANT)
    for tx_no in (debited["tx_no"], dragon["tx_no"], "YW00999999999", "", None):
        assert (await refused(till.pool, OPERATOR, reverse_grant, tx_no, WHY))[0] == "transaction_unknown"
    assert (await refused(till.pool, OTHER_STAFF, reverse_grant, dragon["tx_no"], WHY, world.OTHER_MERCHANT))[0] == (
        "transaction_unknown"
    )
    for claims in (None, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS):
        await denied(till.pool, claims, reverse_grant, dragon["tx_no"], WHY, world.MERCHANT)
    await accepted(till.pool, STAFF, reverse_grant, dragon["tx_no"], WHY, world.MERCHANT)


async def test_staff_take_back_no_points_granted_at_their_merchant(till: FakeTill) -> None:
    given = await ask(till.pool, OPERATOR, grant_units, MEMBER, "point", 10, WHY, world.MERCHANT)
    await denied(till.pool, STAFF, reverse_grant, given["tx_no"], WHY, world.MERCHANT)
    await accepted(till.pool, OPERATOR, reverse_grant, given["tx_no"], WHY, world.MERCHANT)


async def test_a_reversal_and_a_debit_at_once(till: FakeTill) -> None:
    given = await give(till, 10)
    said = await at_once(
        ask(till.pool, OPERATOR, reverse_grant, given["tx_no"], WHY),
        ask(till.pool, OPERATOR, reverse_grant, given["tx_no"], WHY),
        *(ask(till.pool, TERMINAL, debit_tickets, MEMBER, 1, "C-17") for _ in range(8)),
    )
    assert sorted(each["outcome"] for each in said[:2]) == ["accepted", "refused"]
    spent = sum(each["outcome"] == "accepted" for each in said[2:])
    (back,) = [each for each in said[:2] if each["outcome"] == "accepted"]
    assert back["taken_back"] + spent == 10 - await held(till.pool, MEMBER, "ticket")
    assert back["taken_back"] + back["short"] == 10
    await all_holds(till.pool)


# Trades ---------------------------------------------------------------------------------------------------------


def trade(gives: str, given: Any, takes: str, taken: Any, with_id: str | None = None) -> Trade:
    return Trade(world.MERCHANT, MEMBER, gives, given, takes, taken, with_id)


@pytest.mark.req("R194", "R039")
@pytest.mark.parametrize(("gives", "takes"), [("silver", "fragment/dragon"), ("fragment/dragon", "silver")])
async def test_a_trade_with_the_house(till: FakeTill, gives: str, takes: str) -> None:
    await give(till, 100, gives)
    done = await accepted(till.pool, OPERATOR, trade_units, trade(gives, 60, takes, 2))
    assert (done["gave_balance"], done["took_balance"]) == (40, 2)
    await all_holds(till.pool)


@pytest.mark.req("R194")
async def test_a_trade_of_two_members_is_one_transaction(till: FakeTill) -> None:
    await give(till, 100, "silver")
    await give(till, 5, "fragment/dragon", OTHER_MEMBER)
    done = await accepted(till.pool, OPERATOR, trade_units, trade("silver", 70, "fragment/dragon", 5, OTHER_MEMBER))
    assert (done["gave_balance"], done["took_balance"]) == (30, 5)
    assert await held(till.pool, OTHER_MEMBER, "silver") == 70
    found = await rows(
        till.pool,
        "SELECT e.delta, a.guarded FROM app.entries e JOIN app.accounts a USING (ledger_id, account_id)"
        " WHERE e.tx_id = %s ORDER BY 1",
        done["tx_id"],
    )
    assert found == [(-70, True), (-5, True), (5, True), (70, True)]
    await all_holds(till.pool)


NO_TRADES = [
    ("silver", "silver"), ("fragment/a", "fragment/b"), ("silver", "bean"), ("ticket", "fragment/a"),
    ("silver", "fragment/a b"), ("", "silver"),
]  # fmt: skip


async def test_a_trade_that_cannot_be(till: FakeTill) -> None:
    await give(till, 10, "silver")
    await give(till, 1, "fragment/dragon", OTHER_MEMBER)

    async def no(wanted: Trade) -> tuple[str, Any]:
        return await refused(till.pool, OPERATOR, trade_units, wanted)

    short = {"member_id": MEMBER, "unit": "silver", "balance": 10}
    assert await no(trade("silver", 11, "fragment/dragon", 1)) == ("units_insufficient", short)
    short = {"member_id": OTHER_MEMBER, "unit": "fragment/dragon", "balance": 1}
    assert await no(trade("silver", 10, "fragment/dragon", 2, OTHER_MEMBER)) == ("units_insufficient", short)
    assert (await no(trade("silver", 1, "fragment/dragon", 1, MEMBER)))[0] == "request_malformed"
    assert await no(trade("silver", 1, "fragment/dragon", 1, NOBODY)) == ("member_unknown", {"member_id": NOBODY})
    for gives, takes in NO_TRADES:
        assert (await no(trade(gives, 1, takes, 1)))[0] == "request_malformed"
    for odd in BAD_AMOUNTS:
        assert (await no(trade("silver", odd, "fragment/dragon", 1)))[0] == "amount_invalid"
        assert (await no(trade("silver", 1, "fragment/dragon", odd)))[0] == "amount_invalid"
    await all_holds(till.pool)


async def test_a_blocked_member_does_not_trade(till: FakeTill, owner: Any) -> None:
    await give(till, 10, "silver")
    await give(till, 1, "fragment/dragon", OTHER_MEMBER)
    owner.execute("UPDATE app.members SET status = 'frozen' WHERE member_id = %s", [OTHER_MEMBER])
    wanted = trade("silver", 1, "fragment/dragon", 1, OTHER_MEMBER)
    found = await refused(till.pool, OPERATOR, trade_units, wanted)
    assert found == ("member_inactive", {"member_id": OTHER_MEMBER})


@pytest.mark.parametrize("claims", [None, STAFF, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS])
async def test_only_the_operators_market_trades(till: FakeTill, claims: Claims | None) -> None:
    await give(till, 10, "silver")
    await denied(till.pool, claims, trade_units, trade("silver", 1, "fragment/dragon", 1))


async def test_trades_crossing_each_other_never_lock_up(till: FakeTill) -> None:
    for member in (MEMBER, OTHER_MEMBER):
        await give(till, 20, "silver", member)
        await give(till, 20, "fragment/dragon", member)
    there = trade("silver", 1, "fragment/dragon", 1, OTHER_MEMBER)
    back = Trade(world.MERCHANT, OTHER_MEMBER, "silver", 1, "fragment/dragon", 1, MEMBER)
    said = await at_once(*(ask(till.pool, OPERATOR, trade_units, each) for each in [there, back] * 10))
    assert {each["outcome"] for each in said} == {"accepted"}
    assert [await held(till.pool, member, "silver") for member in (MEMBER, OTHER_MEMBER)] == [20, 20]
    await all_holds(till.pool)


async def test_one_last_piece_of_silver_goes_once(till: FakeTill) -> None:
    await give(till, 1, "silver")
    wanted = trade("silver", 1, "fragment/dragon", 1)
    said = await at_once(*(ask(till.pool, OPERATOR, trade_units, wanted) for _ in range(8)))
    assert sorted(each["outcome"] for each in said) == ["accepted"] + ["refused"] * 7
