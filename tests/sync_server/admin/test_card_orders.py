"""Card payments, top-ups and refunds as HQ's people see them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from models.facts import RequestAbandoned
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.members.codes import rotate_code
from sync_server.reports.orders import day_figures
from tests.sync_server import world
from tests.sync_server.admin.conftest import Shop
from tests.sync_server.card_till import charge, charged, credited, refund, refunded, set_terms, top_up
from tests.sync_server.till import MEMBER


async def _money(shop: Shop, pool: Pool) -> None:
    till = shop.till
    till.pool = pool
    await set_terms(pool, till)
    top_up(till, 20000, 3500)
    top_up(till, 10000, 1)  # no rule gives this: held
    await till.push()
    request = charge(till, await rotate_code(pool, MEMBER), 2)
    answer = await till.ask(request)
    till.fact(charged(till, request, answer))
    for back in (refund(answer.tx_no, 600), refund("CZ00100000001", 4000, "cash")):
        till.fact(refunded(till, back, await till.ask(back)))
    await till.push()


def test_each_is_listed_with_its_amount_and_counted_for_what_it_is(shop: Shop) -> None:
    before = shop.client.get("/admin/orders").text
    shop.running.do(lambda pool: _money(shop, pool))
    found = {kind: shop.orders(kind=kind) for kind in ("ToppedUp", "CardCharged", "Refunded")}
    assert [(row["amount_minor"], row["state"]) for row in found["ToppedUp"]] == [(10000, "held"), (20000, "posted")]
    assert [(row["amount_minor"], row["state"]) for row in found["CardCharged"]] == [(3600, "posted")]
    assert sorted((row["amount_minor"], row["state"]) for row in found["Refunded"]) == [
        (-4000, "posted"), (-600, "posted")
    ]  # fmt: skip
    page = shop.client.get("/admin/orders").text
    assert "¥155.00" in before, "a pass of 150.00 and an extra of 5.00"
    assert "¥185.00" in page, "and a charge of 36.00 less 6.00; what was topped up is no revenue"


def test_each_page_tells_what_happened(shop: Shop) -> None:
    shop.running.do(lambda pool: _money(shop, pool))

    def page(kind: str, amount: int) -> str:
        (row,) = [row for row in shop.orders(kind=kind) if row["amount_minor"] == amount]
        return shop.client.get(f"/admin/orders/{row['key']}").text

    text = page("ToppedUp", 20000)
    assert all(shown in text for shown in ("Paid in", "¥200.00", "Bonus", "¥35.00", "card:principal", "+¥200.00"))
    assert "the bonus rule does not give this bonus" in page("ToppedUp", 10000)
    text = page("CardCharged", 3600)
    assert all(shown in text for shown in ("Discount × 1.000", "card:bonus", "store:tender/card", "Online"))
    assert "Back to the card" in page("Refunded", -600)
    text = page("Refunded", -4000)
    assert "Refund of CZ00100000001" in text
    assert "Handed out" in text


async def _given_back(shop: Shop, pool: Pool, approver_id: str | None) -> None:
    till = shop.till
    till.pool = pool
    request = charge(till, await rotate_code(pool, MEMBER), 1)
    answer = await till.ask(request)
    till.fact(charged(till, request, answer))
    back = refund(answer.tx_no, 1000, reason="product_fault")
    till.fact(refunded(till, back, await till.ask(back)), cashier_id=world.STAFF, approver_id=approver_id)
    await till.push()


def test_a_refund_says_who_gave_it_back_why_and_who_approved(shop: Shop) -> None:
    async def begin(pool: Pool) -> None:
        boss = replace(world.person(), staff_id=str(UUID(int=77)), name="Núria Puig")
        async with transaction(pool, PLATFORM) as connection:
            await put(connection, world.person())
            await put(connection, boss)
        shop.till.pool = pool
        await credited(shop.till, 10000)

    shop.running.do(begin)
    shop.running.do(lambda pool: _given_back(shop, pool, str(UUID(int=77))))

    def page() -> str:
        (row, *_) = shop.orders(kind="Refunded")
        return " ".join(re.sub("<[^>]*>", " ", shop.client.get(f"/admin/orders/{row['key']}").text).split())

    assert "Cashier 小李 Reason of the refund Product fault Approved by Núria Puig" in page()
    shop.running.do(lambda pool: _given_back(shop, pool, "0d000000-0000-7000-8000-0000000000ff"))
    assert "Approved by unknown here (0d000000)" in page()
    shop.running.do(lambda pool: _given_back(shop, pool, None))
    assert "Approved by" not in page()


def test_a_charge_that_was_withdrawn_is_no_receipt(shop: Shop) -> None:
    async def hours(pool: Pool) -> int:
        async with transaction(pool, PLATFORM) as connection:
            figures = await day_figures(connection, datetime.now(UTC))
        return sum(receipts for _, _, receipts in figures.hours)

    async def work(pool: Pool) -> tuple[int, int, int]:
        till = shop.till
        till.pool = pool
        await credited(till, 10000)
        before = await hours(pool)
        request = charge(till, await rotate_code(pool, MEMBER), 1)
        await till.ask(request)
        granted = await hours(pool)
        till.fact(RequestAbandoned(request.request_id, "till_restarted"))
        await till.push()
        return before, granted, await hours(pool)

    before, granted, after = shop.running.do(work)
    assert (granted, after) == (before + 1, before)
