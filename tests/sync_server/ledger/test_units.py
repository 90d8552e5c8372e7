"""Units of members: granted, spent, taken back as far as they are there, traded; never below zero, never twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sync_server.database.engine import Claims
from sync_server.ledger.units import debit_tickets, grant_units
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
    refused,
)  # fmt: skip
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, all_holds, rows

pytestmark = pytest.mark.anyio
WHY = "welcome gift"
BAD_AMOUNTS = [0, -1, 10**9 + 1, 2**63, 10**30, Decimal("1.5"), Decimal("NaN")]


async def give(till: FakeTill, amount: int, unit: str = "ticket", member: str = MEMBER) -> Any:
    merchant = world.MERCHANT if unit.startswith("fragment/") else None
    found = await ask(till.pool, OPERATOR, grant_units, member, unit, amount, WHY, merchant)
    assert found["outcome"] == "accepted"
    return found


# Tickets --------------------------------------------------------------------------------------------------------


@pytest.mark.req("R027", "R036", "R039", "R148")
async def test_tickets_are_spent_once(till: FakeTill) -> None:
    await give(till, 1000)
    first = await accepted(till.pool, TERMINAL, debit_tickets, MEMBER, 400, "C-17")
    assert (first["tx_no"], first["balance"]) == ("YW00200000001", 600)
    assert await held(till.pool, MEMBER, "ticket") == 600
    found = await rows(
        till.pool,
        "SELECT a.guarded, a.owner_kind, a.bucket, a.unit, e.delta, t.kind, t.member_id::text, t.reason,"
        " t.amount_minor, t.merchant_id::text, t.currency FROM app.entries e"
        " JOIN app.accounts a USING (ledger_id, account_id) JOIN app.transactions t USING (ledger_id, tx_id) WHERE t.tx_id = %s ORDER BY a.guarded DESC",
        first["tx_id"],
    )
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
    assert await refused(till.pool, TERMINAL, debit_tickets, OTHER_MEMBER, 1, "C-17") == (
        "tickets_insufficient",
        {"balance": 0},
    )
    last = await accepted(till.pool, TERMINAL, debit_tickets, MEMBER, 399, "C-17")
    assert last["balance"] == 0
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
    assert (other["outcome"], other["balance"]) == ("accepted", 3)


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
