"""Notes on cups: whatever stands in one, what happened is posted; the ledger keeps none of it, the fact all of it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from models.facts import OrderPaid, OrderRefunded, SoldCup, decode_fact
from models.money import split_vat
from models.tenders import Tender
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.till import FakeTill, all_holds, outcomes, rows, value, wanted

pytestmark = pytest.mark.anyio
NOTES = [
    "",
    "少冰, 无糖",
    "x" * 10_000,
    "🥜🚫\u202e\u200b",
    "a\nb\x1b[2J",
    "<script>alert(1)</script>",
    "'; DROP TABLE x --",
]
TOLD = ("少冰", "xxxxxxxxxx", "🥜", "script", "DROP TABLE")


def _sale(till: FakeTill, *notes: str) -> OrderPaid:
    cups = tuple(SoldCup(world.PRODUCT, "红茶", 1800, "0.06", note=note) for note in notes)
    total = 1800 * len(cups)
    return till.order(
        cups=cups, total_minor=total, vat=split_vat([("0.06", total)]), tenders=(Tender("cash", total, total),)
    )


async def test_a_sale_is_posted_whatever_its_notes_say(till: FakeTill, database: DatabaseUrls) -> None:
    _sale(till, *NOTES)
    assert await outcomes(till) == [("accepted", None)]
    assert await value(till.pool, "SELECT count(*) FROM app.order_items") == len(NOTES)
    await all_holds(till.pool)
    (stored,) = await rows(till.pool, "SELECT bytes FROM app.facts")
    body = decode_fact(bytes(stored[0])).body
    assert isinstance(body, OrderPaid)
    assert [cup.note for cup in body.cups] == NOTES
    with psycopg.connect(database.maintenance) as connection:
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")]
        kept = {
            name: str(
                connection.execute(sql.SQL("SELECT t::text FROM app.{} AS t").format(sql.Identifier(name))).fetchall()
            )
            for name in names
        }
    assert kept["order_items"].count("红茶") == len(NOTES)
    told = [name for name, text in kept.items() if any(note in text for note in TOLD)]
    assert told == []


@pytest.mark.req("R034")
async def test_a_line_comes_back_with_or_without_its_note(till: FakeTill) -> None:
    sold = _sale(till, "少冰", "去冰")
    for line, cup in enumerate((sold.cups[0], replace(sold.cups[1], note="")), 1):
        till.fact(
            OrderRefunded(
                str(uuid4()), sold.order_id, sold.slips[0], (line,), (cup,), 1800, "CNY",
                split_vat(cup.gross_by_rate()), (Tender("cash", 1800, 1800),), "product_fault", (till.slip("VR"),),
            )
        )  # fmt: skip
    assert await outcomes(till) == [("accepted", None)] * 3
    await all_holds(till.pool)


async def test_a_redemption_asked_for_without_its_note_is_the_same_act(till: FakeTill) -> None:
    sold = till.sell_pass()
    await till.push()
    request, body = wanted(till, sold.pass_id)
    assert (await till.ask(request)).outcome == "accepted"
    till.fact(replace(body, cups=tuple(replace(cup, note="热饮") for cup in body.cups)))
    assert (await outcomes(till))[-1] == ("accepted", None)
    assert await value(till.pool, "SELECT count(*) FROM app.pass_redemption_batches") == 1
    await all_holds(till.pool)
