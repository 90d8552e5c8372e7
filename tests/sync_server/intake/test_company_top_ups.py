"""Top-ups of enterprise cards at a till: an admin's are credited once; what else came stands, and waits for HQ."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from models.tenders import Tender
from sync_server.cards import calls
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.held import Decision, decide
from tests.sync_server.card_till import RULE, credited, holds, refund, refunded, set_terms, top_up
from tests.sync_server.cards.people import ME, enterprise_card
from tests.sync_server.hq import FINANCE, HQ, OWNER, employ
from tests.sync_server.till import (
    MEMBER,
    OTHER_MEMBER,
    FakeTill,
    all_holds,
    as_owner,
    balance,
    outcomes,
    rows,
    value,
)

pytestmark = pytest.mark.anyio
Owner = psycopg.Connection[tuple[Any, ...]]
WHY = "their company rang us"


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[Owner]:
    """The ledger's owner."""
    with as_owner(database) as connection:
        yield connection


@pytest.fixture
def company(owner: Owner, till: FakeTill) -> str:
    """A company's card: the first member administers it, the other pays with it."""
    del till
    return enterprise_card(owner, MEMBER, members=(OTHER_MEMBER,))


async def has(pool: Pool, card_id: str) -> dict[str, int]:
    """Bucket -> what a card holds."""
    query = "SELECT bucket, balance FROM app.accounts WHERE owner_kind = 'card' AND owner_id = %s AND balance <> 0"
    return dict(await rows(pool, query, card_id))


async def says(till: FakeTill, decision: str, claims: Any = HQ, **account: str) -> str:
    """Decide about the newest fact; "accepted", or the code of the refusal."""
    wanted = Decision(decision, WHY, account)
    found = await decide(till.pool, claims, str(uuid4()), till.prev, wanted, till.keys)
    return str(found.get("code", found["outcome"]))


@pytest.mark.req("R031", "R034", "R067", "C05")
async def test_an_admins_top_up_is_credited_once_and_to_the_company(till: FakeTill, company: str) -> None:
    await set_terms(till.pool, till)  # a bonus for members from 100.00 on: none for a company
    top_up(till, 20000, card_id=company, tenders=(Tender("cash", 5000, 10000), Tender("wechat", 15000, 15000)))
    result = (await till.push()).results[-1]
    assert (result.outcome, (result.tx_no or "")[:2]) == ("accepted", "CZ")
    assert (await till.push()).results[-1].outcome == "already_known"
    assert await has(till.pool, company) == {"principal": 20000}
    assert await holds(till.pool) == {}
    sums = [await balance(till.pool, name) for name in ("tender/cash", "tender/wechat", "stored_value", "issued")]
    assert sums == [5000, 15000, -20000, -20000]
    assert await rows(till.pool, "SELECT card_id::text, requested_by::text, status FROM app.card_top_ups") == [
        (company, MEMBER, "paid")
    ]
    await all_holds(till.pool)


@pytest.mark.req("R031")
@pytest.mark.parametrize("who", [OTHER_MEMBER, str(uuid4())], ids=["plain member", "nobody's"])
async def test_who_is_no_admin_waits_for_hq_and_is_never_refused(till: FakeTill, company: str, who: str) -> None:
    await employ(till.pool)
    top_up(till, card_id=company, member_id=who)
    assert await outcomes(till) == [("held", "not_admin")]
    assert await has(till.pool, company) == {}
    assert await says(till, "write_off") == "nothing_lost"
    assert await says(till, "post") == "accepted"
    assert await says(till, "post") == "held_decided"
    assert await has(till.pool, company) == {"principal": 10000}
    await all_holds(till.pool)


@pytest.mark.req("R031")
async def test_a_binding_that_ended_meanwhile(till: FakeTill, company: str, owner: Owner) -> None:
    """The money was taken while they still were admin, as the till knew: a person decides, and knows why."""
    await employ(till.pool)
    owner.execute("UPDATE app.enterprise_card_bindings SET role = 'admin' WHERE enterprise_card_id = %s", [company])
    top_up(till, card_id=company, member_id=OTHER_MEMBER)
    assert await calls.enterprise_remove_member(till.pool, ME, "E1", "M1")
    assert await outcomes(till) == [("held", "not_admin")]
    assert await says(till, "post", OWNER) == "accepted"
    assert await has(till.pool, company) == {"principal": 10000}
    top_up(till, card_id=company, member_id=OTHER_MEMBER)
    assert (await outcomes(till))[-1] == ("held", "not_admin")
    assert await says(till, "reject", FINANCE) == "accepted"
    assert await has(till.pool, company) == {"principal": 10000}
    await all_holds(till.pool)


async def test_a_person_names_another_card(till: FakeTill, company: str, owner: Owner) -> None:
    await set_terms(till.pool, till)
    await employ(till.pool)
    other = enterprise_card(owner, OTHER_MEMBER, card_no="E2")
    top_up(till, 10000, 1, card_id=company)
    assert (await outcomes(till))[-1] == ("held", "bonus_differs")
    assert await says(till, "post") == "bonus_differs", "a company has one balance, whatever its slip says"
    assert await says(till, "post_to", OWNER, card_id=other) == "permission_missing", "cards are the operator's"
    assert await says(till, "post_to", card_id=other) == "accepted"
    top_up(till, card_id=company, member_id=OTHER_MEMBER)
    assert (await outcomes(till))[-1] == ("held", "not_admin")
    assert await says(till, "post_to", OWNER, member_id=OTHER_MEMBER) == "accepted"
    top_up(till, 10000, 7, bonus_rule_id=RULE.rule_id)
    assert (await outcomes(till))[-1] == ("held", "bonus_differs")
    assert await says(till, "post_to", card_id=company) == "accepted"
    assert [await has(till.pool, card) for card in (company, other)] == [{"principal": 10000}] * 2
    assert (await holds(till.pool), await holds(till.pool, OTHER_MEMBER)) == ({}, {"principal": 10000})
    await all_holds(till.pool)


async def test_cards_that_are_not_there_or_take_no_such_money(till: FakeTill, company: str, owner: Owner) -> None:
    others = str(await value(till.pool, "SELECT card_id FROM app.cards WHERE member_id = %s", OTHER_MEMBER))
    own = str(await value(till.pool, "SELECT card_id FROM app.cards WHERE member_id = %s", MEMBER))
    for card_id in (str(uuid4()), "x", others, own):
        top_up(till, card_id=card_id)
    assert [reason for _, reason in await outcomes(till)] == ["card_unknown", "request_malformed", "not_admin", None]
    for change, code in (
        ("currency = 'EUR'", "currency_mismatch"),
        ("currency = 'CNY', expires_at = now() - interval '1 day'", "card_expired"),
        ("expires_at = NULL, status = 'frozen'", "card_inactive"),
    ):
        owner.execute(f"UPDATE app.cards SET {change} WHERE card_id = %s".encode(), [company])
        top_up(till, card_id=company)
        assert (await outcomes(till))[-1] == ("held", code)
    assert await has(till.pool, company) == {}
    await all_holds(till.pool)


async def test_the_same_told_twice_is_one(till: FakeTill, company: str) -> None:
    body = top_up(till, card_id=company)
    top_up(till, card_id=company, top_up_id=body.top_up_id)
    assert [reason for _, reason in await outcomes(till)] == [None, "content_differs"]
    assert await has(till.pool, company) == {"principal": 10000}


@pytest.mark.req("R034", "R065")
async def test_it_comes_back_at_the_till(till: FakeTill, company: str) -> None:
    tx_no = await credited(till, card_id=company)
    request = refund(tx_no, 4000, "cash")
    answer = await till.ask(request)
    assert (answer.outcome, answer.data["cash_minor"], answer.data["balance_minor"]) == ("accepted", 4000, 6000)
    assert (answer.data["bonus_minor"], answer.data["member_id"], answer.data["card_id"]) == (0, None, company)
    till.fact(refunded(till, request, answer))
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await has(till.pool, company) == {"principal": 6000}
    assert (await till.ask(refund(tx_no, 6001, "cash"))).code == "refund_exceeds"
    await all_holds(till.pool)


async def test_two_tills_at_once_and_an_admin_who_leaves(
    till: FakeTill, second_till: FakeTill, company: str, owner: Owner
) -> None:
    """Whoever comes first: the money is on the card, or the fact is held; the balance is the sum of what was posted."""
    owner.execute("UPDATE app.enterprise_card_bindings SET role = 'admin' WHERE enterprise_card_id = %s", [company])
    for each in (till, second_till):
        for _ in range(3):
            top_up(each, 1000, card_id=company, member_id=OTHER_MEMBER)
    found = await asyncio.gather(
        till.push(), second_till.push(), calls.enterprise_remove_member(till.pool, ME, "E1", "M1")
    )  # fmt: skip
    results = [result for answer in found[:2] for result in answer.results]
    assert {(result.outcome, result.reason) for result in results} <= {("accepted", None), ("held", "not_admin")}
    posted = sum(result.outcome == "accepted" for result in results)
    assert await has(till.pool, company) == ({"principal": 1000 * posted} if posted else {})
    await all_holds(till.pool)
