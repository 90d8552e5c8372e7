"""Card payments, top-ups and refunds as HQ's people see them."""

from __future__ import annotations

from sync_server.database.engine import Pool
from sync_server.members.codes import rotate_code
from tests.sync_server.admin.conftest import Shop
from tests.sync_server.card_till import charge, charged, refund, refunded, set_terms, top_up
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
