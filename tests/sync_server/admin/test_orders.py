"""The orders pages on facts that a till really pushed: what was sold, held, printed, and who may see it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from models.facts import OrderRefunded, RequestAbandoned, SoldCup
from models.money import split_vat
from models.tenders import Tender
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.reports.orders import DayFigures, day_figures
from tests.sync_server import world
from tests.sync_server.admin.conftest import Shop, sign_in
from tests.sync_server.till import FakeTill, rows, wanted


def test_every_order_is_listed_newest_first(shop: Shop) -> None:
    found = shop.orders()
    assert [(row["kind"], row["state"], row["amount_minor"], row["uses"]) for row in found] == [
        ("PassRedeemed", "held", 0, 1),
        ("PassRedeemed", "posted", 500, 1),
        ("PassRedeemed", "posted", 0, 1),
        ("PassSold", "posted", 15000, 0),
    ]
    assert str(found[3]["tx_no"]).startswith("CK")


def test_totals_are_those_of_the_filter_and_not_of_the_page(shop: Shop) -> None:
    everything = shop.client.get("/admin/api/orders").json()["totals"]
    assert everything == {"count": 4, "uses": 2, "amounts": [["CNY", 15500]]}
    posted = shop.client.get("/admin/api/orders", params={"kind": "PassRedeemed", "state": "posted"}).json()["totals"]
    assert posted == {"count": 2, "uses": 2, "amounts": [["CNY", 500]]}


def test_what_was_granted_and_withdrawn_is_counted_nowhere(shop: Shop) -> None:
    """The till was killed between grant and fact: the use goes back, and the tile says what lists and Z reports say."""

    def figures() -> tuple[DayFigures, object]:
        async def look(pool: Pool) -> DayFigures:
            async with transaction(pool, PLATFORM) as connection:
                return await day_figures(connection, datetime.now(UTC))

        return shop.running.do(look), shop.client.get("/admin/api/orders").json()["totals"]["uses"]

    before = figures()
    assert (before[0].uses, before[0].redemptions, before[0].zero_price, before[1]) == (2, 2, 1, 2)

    async def ask(pool: Pool) -> None:
        shop.till.pool = pool
        pass_id = (await rows(pool, "SELECT pass_id::text FROM app.member_passes"))[0][0]
        for extra in (0, 1):
            request, _ = wanted(shop.till, pass_id, cups=2, extra=extra)
            assert (await shop.till.ask(request)).outcome == "accepted"
            shop.till.fact(RequestAbandoned(request.request_id, "till_restarted"))

    async def push(_: Pool) -> None:
        assert [result.outcome for result in (await shop.till.push()).results][-2:] == ["accepted"] * 2

    shop.running.do(ask)
    assert figures()[0].uses == 2, "granted and not yet told of: no list shows it either"
    shop.running.do(push)
    assert figures() == before


def test_filters_find_by_number_slip_state_kind_store_and_day(shop: Shop) -> None:
    first = shop.orders()[3]
    slip = str(first["slips"][0])  # type: ignore[index]
    assert [row["key"] for row in shop.orders(search=str(first["tx_no"]).lower())] == [first["key"]]
    assert [row["key"] for row in shop.orders(search=slip)] == [first["key"]]
    assert shop.orders(search="nothing") == []
    assert len(shop.orders(state="held")) == 1
    assert len(shop.orders(kind="PassSold")) == 1
    assert shop.orders(store=str(uuid4())) == []
    assert len(shop.orders(day=shop.till.day())) == 4
    assert shop.orders(day="2020-01-01") == []


@pytest.mark.parametrize(
    "query",
    [
        {"store": "x"},
        {"day": "32"},
        {"state": "lost"},
        {"kind": "ShiftOpened"},
        {"before": "x"},
        {"before": "x~" + "0" * 64},
    ],
)
def test_a_filter_that_makes_no_sense_is_said(shop: Shop, query: dict[str, str]) -> None:
    assert shop.client.get("/admin/api/orders", params=query).json()["code"] == "request_malformed"
    page = shop.client.get("/admin/orders", params=query)
    assert page.status_code == 200
    assert "A filter was not understood" in page.text


@pytest.mark.parametrize("search", ["'; DROP TABLE app.facts --", "%", "x" * 5000, "\x00", "💥", "1234"])
def test_a_search_is_only_ever_a_search(shop: Shop, search: str) -> None:
    answer = shop.client.get("/admin/orders", params={"search": search})
    assert answer.status_code == 200
    assert len(shop.orders()) == 4


def test_a_page_shows_figures_rows_and_no_markup_of_others(shop: Shop) -> None:
    page = shop.client.get("/admin/orders", params={"search": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text
    page = shop.client.get("/admin/orders")
    assert "¥155.00" in page.text
    assert "50 %" in page.text  # of two redemptions posted today, one was free


def test_an_order_tells_how_the_member_was_known_where_the_till_said_it(shop: Shop) -> None:
    rows = shop.orders()
    pages = [shop.client.get(f"/admin/orders/{row['key']}").text for row in rows]
    assert ["Member known by" in page for page in pages] == [False, True, False, False]
    assert "Without their PIN, answered for" in pages[1]


def test_an_order_tells_its_timeline_and_entries(shop: Shop) -> None:
    key = shop.orders()[3]["key"]
    page = shop.client.get(f"/admin/orders/{key}").text
    for words in ("Recorded at the till", "Synced to HQ", "Posted to the ledger", "Printed", "Slip VR.SZ1T01.000001"):
        assert words in page
    detail = shop.client.get(f"/admin/api/orders/{key}").json()
    by_unit: dict[str, int] = {}
    for _, unit, delta in detail["entries"]:
        by_unit[unit] = by_unit.get(unit, 0) + delta
    assert len(detail["entries"]) >= 4
    assert set(by_unit.values()) == {0}
    assert detail["fact"]["body"]["total_minor"] == 15000


NOTED = ("less ice", "<script>alert(1)</script>", "\u202enuts 🥜\n" + "x" * 10_000)


async def _noted(till: FakeTill, pool: Pool) -> None:
    till.pool = pool
    cups = tuple(SoldCup(world.PRODUCT, "红茶", 1800, "0.06", note=note) for note in NOTED)
    vat, cash = split_vat([("0.06", 5400)]), (Tender("cash", 5400, 5400),)
    sold = till.order(cups=cups, total_minor=5400, vat=vat, tenders=cash)
    places = tuple(range(1, len(cups) + 1))
    till.fact(
        OrderRefunded(
            str(uuid4()), sold.order_id, sold.slips[0], places, cups, 5400, "CNY", vat, cash, "product_fault",
            (till.slip("VR"),),
        )
    )  # fmt: skip
    await till.push()


@pytest.mark.parametrize("kind", ["OrderPaid", "OrderRefunded"])
def test_notes_of_a_sale_are_read_short_and_as_plain_text(shop: Shop, kind: str) -> None:
    shop.running.do(lambda pool: _noted(shop.till, pool))
    (row,) = shop.orders(kind=kind)
    assert row["state"] == "posted"
    page = shop.client.get(f"/admin/orders/{row['key']}")
    assert page.status_code == 200
    for shown in ("Note: less ice", "Note: &lt;script&gt;alert(1)&lt;/script&gt;", f"Note: nuts {'x' * 55}<"):
        assert shown in page.text
    assert "<script>alert" not in page.text
    assert ("Refund of TP." in page.text) == ("−¥18.00" in page.text) == (kind == "OrderRefunded")
    csv_text = shop.client.get("/admin/orders.csv").text
    assert not any(note[:8] in csv_text for note in NOTED)


def test_a_slip_not_reported_yet_says_so(shop: Shop) -> None:
    key = shop.orders()[2]["key"]
    assert "not reported by the till yet" in shop.client.get(f"/admin/orders/{key}").text


def test_held_facts_show_why_even_when_they_cannot_be_read(shop: Shop) -> None:
    held = shop.client.get("/admin/api/held").json()["held"]
    assert {row["kind"] for row in held} == {"PassRedeemed", "unknown"}
    assert all(row["reason"] for row in held)
    page = shop.client.get("/admin/held").text
    for row in held:
        assert row["reason"] in page
        assert shop.client.get(f"/admin/orders/{row['key']}").status_code == 200


@pytest.mark.parametrize("key", ["x", "0" * 64, "0" * 63, "G" * 64])
def test_an_unknown_order_is_a_clear_page(shop: Shop, key: str) -> None:
    answer = shop.client.get(f"/admin/orders/{key}")
    assert answer.status_code == 404
    assert "There is no such page or order." in answer.text
    assert shop.client.get(f"/admin/api/orders/{key}").status_code == 404


def test_another_merchants_people_see_nothing_of_it(shop: Shop) -> None:
    key = shop.orders()[0]["key"]
    with httpx.Client(base_url=shop.running.address) as other:
        sign_in(other, "otto")
        assert other.get("/admin/api/orders").json()["orders"] == []
        assert other.get("/admin/api/held").json()["held"] == []
        assert other.get(f"/admin/api/orders/{key}").status_code == 404


def test_the_export_is_the_whole_filter(shop: Shop) -> None:
    answer = shop.client.get("/admin/orders.csv", params={"state": "posted"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["amount_minor"] for row in rows] == ["500", "0", "15000"]
    assert datetime.fromisoformat(rows[0]["happened_at"]).utcoffset() == timedelta(0)


def test_pages_continue_below_the_last_row(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.reports.orders.PAGE_ROWS", 3)
    first = shop.client.get("/admin/api/orders").json()
    assert len(first["orders"]) == 3
    second = shop.client.get(f"/admin/api/orders?{first['next']}").json()
    assert [row["kind"] for row in second["orders"]] == ["PassSold"]
    assert second["next"] is None
