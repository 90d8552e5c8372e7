"""Sales for money come back line by line: what fits is posted, what does not is held and can be decided about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from models.facts import OrderPaid, OrderRefunded, SoldAddOn, SoldCup
from models.money import split_vat
from models.tenders import Tender
from sync_server.database.urls import DatabaseUrls
from sync_server.intake import held
from sync_server.intake.checks import gross_of
from sync_server.intake.held import Decision
from sync_server.reports import invariants
from tests.sync_server import world
from tests.sync_server.hq import HQ, employ
from tests.sync_server.till import BOBA, MEMBER, OWN, FakeTill, all_holds, as_owner, balance, outcomes, rows, value

pytestmark = [pytest.mark.anyio, pytest.mark.req("R034")]
TEA = SoldCup(world.PRODUCT, "红茶", 1800, "0.06")
WITH_BOBA = replace(TEA, add_ons=(SoldAddOn(BOBA.add_on_id, "珍珠", 2, 1, 300, "0.06"),))
CAKE = SoldCup(world.PRODUCT, "蛋糕", 999, "0.13")


def sale(till: FakeTill, *cups: SoldCup, **changes: Any) -> OrderPaid:
    """Cups paid in cash."""
    total = sum(cup.total_minor for cup in cups)
    vat = split_vat(gross_of(cups))
    return till.order(
        **{"cups": cups, "total_minor": total, "vat": vat, "tenders": (Tender("cash", total, total),)} | changes
    )


def back(till: FakeTill, sold: OrderPaid, *lines: int, tender: str = "cash", **changes: Any) -> OrderRefunded:
    """These lines come back; not yet in the chain."""
    cups = tuple(sold.cups[line - 1] for line in lines)
    total = sum(cup.total_minor for cup in cups)
    body = OrderRefunded(
        str(uuid4()), sold.order_id, sold.slips[0], lines, cups, total, "CNY", split_vat(gross_of(cups)),
        (Tender(tender, total, total),), "product_fault", (till.slip("VR"),),
    )  # fmt: skip
    return replace(body, **changes)


async def test_lines_come_back_one_after_the_other_until_nothing_is_left(till: FakeTill) -> None:
    sold = sale(till, TEA, WITH_BOBA, CAKE, member_id=MEMBER)
    first = till.fact(back(till, sold, 1, 3))
    assert await outcomes(till) == [("accepted", None)] * 2
    assert await balance(till.pool, "sales") == -(sold.vat[0].base_minor - 1698)  # 1,800 less 102 of VAT stays: 2100
    assert await rows(till.pool, "SELECT line_no, refund_id IS NOT NULL FROM app.order_items ORDER BY 1") == [
        (1, True), (2, False), (3, True),
    ]  # fmt: skip
    assert await value(till.pool, "SELECT status FROM app.orders") == "paid"
    await all_holds(till.pool)

    last = till.fact(back(till, sold, 2))
    assert await outcomes(till) == [("already_known", None)] * 2 + [("accepted", None)]
    for bucket in ("sales", "tender/cash", "vat/0.06", "vat/0.13"):
        assert await balance(till.pool, bucket) == 0
    assert await value(till.pool, "SELECT status FROM app.orders") == "reversed"
    found = await rows(
        till.pool,
        "SELECT t.tx_no LIKE 'TK%%', t.amount_minor, t.member_id::text, f.fact_id::text FROM app.transactions AS t"
        " JOIN app.facts AS f USING (ledger_id, tx_id) WHERE t.kind = 'order_refunded' ORDER BY t.amount_minor",
    )
    assert found == [(True, -2799, MEMBER, first.fact_id), (True, -2100, MEMBER, last.fact_id)]
    await all_holds(till.pool)


async def test_money_goes_back_by_the_tenders_that_brought_it(till: FakeTill) -> None:
    sold = sale(till, TEA, TEA, tenders=(Tender("cash", 1000, 2000), Tender("wechat", 2600, 2600)))
    till.fact(back(till, sold, 1, tender="wechat"))
    too_much = till.fact(back(till, sold, 2, tender="wechat"))
    assert [reason for _, reason in await outcomes(till)] == [None, None, "refund_exceeds"]
    assert too_much.body is not None
    till.fact(back(till, sold, 2, tenders=(Tender("cash", 1000, 1000), Tender("wechat", 800, 800))))
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await balance(till.pool, "tender/wechat") == await balance(till.pool, "tender/cash") == 0
    await all_holds(till.pool)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"order_id": "0a000000-0000-7000-8000-00000000dead"}, "transaction_unknown"),
    ({"currency": "EUR"}, "currency_mismatch"),
    ({"lines": (2,)}, "content_differs"),  # the second cup is another
    ({"lines": (9,)}, "content_differs"),
    ({"lines": (0,)}, "arithmetic_wrong"),
    ({"lines": (1, 1), "cups": (TEA, TEA), "total_minor": 3600, "vat": split_vat([("0.06", 3600)]),
      "tenders": (Tender("cash", 3600, 3600),)}, "arithmetic_wrong"),
    ({"lines": ()}, "arithmetic_wrong"),
    ({"lines": (), "cups": (), "total_minor": 0, "vat": (), "tenders": ()}, "arithmetic_wrong"),
    ({"total_minor": 1799}, "arithmetic_wrong"),
    ({"vat": split_vat([("0.13", 1800)])}, "arithmetic_wrong"),
    ({"cups": (replace(TEA, base_minor=9900),), "total_minor": 9900, "vat": split_vat([("0.06", 9900)]),
      "tenders": (Tender("cash", 9900, 9900),)}, "content_differs"),
    ({"tenders": (Tender("cash", 1800, 2000),)}, "amount_invalid"),
    ({"tenders": (Tender("bizum", 1800, 1800),)}, "refund_exceeds"),
    ({"tenders": ()}, "tender_insufficient"),
    ({"slips": ()}, "slips_wrong"),
    ({"refund_id": "x"}, "request_malformed"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), WRONG)
async def test_what_does_not_fit_the_sale_is_held(till: FakeTill, changes: dict[str, Any], reason: str) -> None:
    sold = sale(till, TEA, WITH_BOBA)
    till.fact(back(till, sold, 1, **changes))
    assert await outcomes(till) == [("accepted", None), ("held", reason)]
    assert await balance(till.pool, "tender/cash") == 3900
    assert await value(till.pool, "SELECT count(*) FROM app.order_refunds") == 0
    await all_holds(till.pool)


async def test_a_line_comes_back_once_and_a_refund_has_one_id(till: FakeTill) -> None:
    sold = sale(till, TEA, CAKE)
    first = back(till, sold, 1)
    till.fact(first)
    till.fact(back(till, sold, 1))
    till.fact(back(till, sold, 1, 2))
    till.fact(back(till, sold, 2, refund_id=first.refund_id))
    assert [reason for _, reason in await outcomes(till)] == [
        None, None, "refund_exceeds", "refund_exceeds", "content_differs",
    ]  # fmt: skip
    await all_holds(till.pool)


async def test_only_a_sale_for_money_comes_back_this_way(till: FakeTill) -> None:
    bought = till.sell_pass()
    used = till.redeem(bought.pass_id, OWN, extra=1)
    sold = OrderPaid(used.redemption_id, None, used.cups, 500, "CNY", (), (), used.slips, "A1")
    till.fact(back(till, sold, 1))
    assert [reason for _, reason in await outcomes(till)] == [None, None, "refund_not_allowed"]
    await all_holds(till.pool)


@pytest.mark.parametrize("decision", ["post", "write_off", "reject"])
async def test_hq_decides_about_a_held_refund(till: FakeTill, decision: str) -> None:
    """A double refund cannot be posted; its money is a loss of its till, or somebody says that it never left."""
    await employ(till.pool)
    sold = sale(till, TEA)
    till.fact(back(till, sold, 1))
    twice = till.fact(back(till, sold, 1))
    assert (await outcomes(till))[-1] == ("held", "refund_exceeds")
    (fact_hash,) = await rows(till.pool, "SELECT encode(hash, 'hex') FROM app.facts WHERE fact_id = %s", twice.fact_id)
    wanted = Decision(decision, "the cashier gave it twice")
    outcome = await held.decide(till.pool, HQ, "key-1", fact_hash[0], wanted, till.keys)
    if decision == "post":
        assert (outcome["outcome"], outcome["code"]) == ("refused", "refund_exceeds")
    else:
        assert outcome["outcome"] == "accepted"
    lost = await rows(till.pool, "SELECT amount, unit, terminal_id::text FROM app.offline_losses")
    assert lost == ([(1800, "CNY", world.TERMINAL)] if decision == "write_off" else [])
    assert await balance(till.pool, "tender/cash") == (-1800 if decision == "write_off" else 0)
    await all_holds(till.pool)


async def test_a_refund_that_came_before_its_sale_was_posted_is_posted_by_hq(till: FakeTill) -> None:
    await employ(till.pool)
    sold = sale(till, TEA, member_id=str(uuid4()))
    given = till.fact(back(till, sold, 1))
    assert [reason for _, reason in await outcomes(till)] == ["member_unknown", "transaction_unknown"]
    hashes = dict(await rows(till.pool, "SELECT kind, encode(hash, 'hex') FROM app.facts"))
    for kind in ("OrderPaid", "OrderRefunded"):
        wanted = Decision("post", "money was taken and given back")
        outcome = await held.decide(till.pool, HQ, f"key-{kind}", hashes[kind], wanted, till.keys)
        assert outcome["outcome"] == "accepted", outcome
    assert await value(till.pool, "SELECT count(*) FROM app.order_refunds WHERE refund_id = %s", refund_of(given.body))
    assert await balance(till.pool, "tender/cash") == 0
    await all_holds(till.pool)


def refund_of(body: object) -> str:
    """The refund's id."""
    assert isinstance(body, OrderRefunded)
    return body.refund_id


BREAKS = [
    ("4", "UPDATE app.order_items SET refund_id = NULL WHERE line_no = 1"),
    ("4", "UPDATE app.order_refunds SET total_minor = total_minor + 1"),
    ("4", "UPDATE app.tx_registry SET refunded_minor = 0 WHERE kind = 'order_paid'"),
    ("4", "UPDATE app.payments SET kind = 'wechat' WHERE amount_minor < 0"),
    ("7", "UPDATE app.orders SET status = 'reversed'"),
    ("4", "DELETE FROM app.order_refunds"),
    ("11", "UPDATE app.order_items SET refund_id = NULL WHERE line_no = 1"),
]


@pytest.mark.parametrize(("number", "statement"), BREAKS)
async def test_verification_finds_a_broken_refund(
    till: FakeTill, database: DatabaseUrls, number: str, statement: str
) -> None:
    sold = sale(till, TEA, CAKE)
    till.fact(back(till, sold, 1))
    assert await outcomes(till) == [("accepted", None)] * 2
    await all_holds(till.pool)
    with as_owner(database) as connection:
        connection.execute(statement.encode())
    found = await invariants.check(till.pool)
    assert found[number].state == "broken", found


async def test_the_program_writes_no_refund_itself(till: FakeTill, database: DatabaseUrls) -> None:
    with psycopg.connect(database.app, autocommit=True) as connection:
        for statement in (b"DELETE FROM app.order_refunds", b"UPDATE app.order_items SET refund_id = NULL"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
