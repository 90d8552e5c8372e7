"""HQ in a real browser: it signs in, filters without reloading, opens an order, and the console stays silent."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import expect

from demo.hq import signed_in
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from tests.sync_server.admin.conftest import PASSWORD, Shop
from tests.sync_server.till import as_owner


def test_a_person_finds_an_order_and_its_timeline(shop: Shop) -> None:
    with signed_in(shop.running.address, "ana", PASSWORD, "en") as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.reload()
        rows = page.locator("#orders tbody tr")
        expect(rows).to_have_count(4)
        chart = page.evaluate("Chart.getChart('hours').data.datasets.map(set => set.data.reduce((a, b) => a + b, 0))")
        assert chart == [2, 2]

        page.select_option("select[name=kind]", "PassSold")
        expect(rows).to_have_count(1)
        assert "kind=PassSold" in page.url
        page.locator(".hq-number").first.click()
        expect(page.locator(".hq-timeline")).to_contain_text("Posted to the ledger")
        expect(page.locator(".hq-timeline")).to_contain_text("Printed")
        assert complaints == []


def test_typing_in_the_search_box_narrows_the_list(shop: Shop) -> None:
    with signed_in(shop.running.address, "ana", PASSWORD, "en") as page:
        page.fill("#search", "VR.SZ1T01.000002")
        expect(page.locator("#orders tbody tr")).to_have_count(1)
        page.fill("#search", "nothing like it")
        expect(page.locator("#orders")).to_contain_text("No order matches the filters.")


def test_nothing_is_cut_or_spills_over_on_a_small_window(shop: Shop) -> None:
    for language in ("zh-CN", "es-ES", "en"):
        with signed_in(shop.running.address, "ana", PASSWORD, language, (1280, 720)) as page:
            spill = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert spill == 0, language


def test_the_tills_and_the_field_that_closes_an_alarm_fit_a_small_window(shop: Shop, database: DatabaseUrls) -> None:
    """The longest words are Spanish: no table scrolls sideways, and a note of some words can be read while typed."""

    async def fork(_: Pool) -> None:
        clone = replace(shop.till, texts=list(shop.till.texts), counters=dict(shop.till.counters))
        for till in (shop.till, clone):
            till.order()
            await till.push()

    shop.running.do(fork)
    with as_owner(database) as owner:
        owner.execute("UPDATE app.stores SET name = 'Tienda de la Plaza Mayor'")
        owner.execute("UPDATE app.terminals SET last_seen_at = now(), version = '0.1.0'")
    spill = "[...document.querySelectorAll('.table-responsive')].map(one => one.scrollWidth - one.clientWidth)"
    for language in ("zh-CN", "es-ES", "en"):
        with signed_in(shop.running.address, "ana", PASSWORD, language, (1280, 720)) as page:
            page.goto(f"{shop.running.address}/admin/terminals")
            assert page.evaluate(spill) == [0], language
            page.goto(f"{shop.running.address}/admin/alarms")
            assert page.evaluate(spill) == [0], language
            note, close = page.locator("input[name=note]").first, page.locator(".hq-close .btn").first
            assert note.evaluate("one => one.clientWidth") >= 150, language
            assert close.evaluate("one => one.scrollWidth <= one.clientWidth"), language
