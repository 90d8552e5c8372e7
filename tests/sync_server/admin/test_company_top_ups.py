"""A company's top-up at HQ: named on its pages in three languages, held with its reason, posted from its form."""

from __future__ import annotations

import html

import pytest

from models.catalogue import LANGUAGES
from sync_server.admin.words import hq_words
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from tests.sync_server.admin.conftest import Shop, csrf_of
from tests.sync_server.admin.test_held_pages import fields, key_of
from tests.sync_server.card_till import top_up
from tests.sync_server.cards.people import enterprise_card
from tests.sync_server.ledger.asking import know
from tests.sync_server.till import MEMBER, OTHER_MEMBER, all_holds, as_owner, value


@pytest.fixture
def company(shop: Shop, database: DatabaseUrls) -> str:
    """A company of the first member's; the till sent an admin's top-up, and a plain member's."""
    with as_owner(database) as owner:
        card_id = enterprise_card(owner, MEMBER, members=(OTHER_MEMBER,), card_no="E-2026-0042")

    async def told(pool: Pool) -> None:
        shop.till.pool = pool
        await shop.till.pair()
        await know(pool, MEMBER, OTHER_MEMBER)
        top_up(shop.till, 20000, card_id=card_id)
        top_up(shop.till, 30000, card_id=card_id, member_id=OTHER_MEMBER)
        await shop.till.push()

    shop.running.do(told)
    return card_id


def test_its_page_names_the_company_and_no_bonus(shop: Shop, company: str) -> None:
    (row,) = [row for row in shop.orders(kind="ToppedUp") if row["state"] == "posted"]
    text = shop.client.get(f"/admin/orders/{row['key']}").text
    assert all(shown in text for shown in ("公司 · ****0042", "Paid in", "¥200.00", "card:principal"))
    assert "Bonus" not in text
    assert company not in text


@pytest.mark.req("R031", "C12")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_held_one_says_why_and_is_posted_from_its_page(shop: Shop, company: str, language: str) -> None:
    key, words = key_of(shop, "not_admin"), hq_words(language)
    shop.client.headers["Accept-Language"] = language
    text = html.unescape(shop.client.get(f"/admin/held/{key}").text)
    assert words["reason.not_admin"] in text
    assert f"{words['card.enterprise']} · 公司 · ****0042" in text
    amount = "300,00" if language == "es-ES" else "300.00"
    assert words["does.post.ToppedUp.company"].split("{amount}")[1] in text
    assert amount in text
    form = {"decision": "post", "reason": "their company rang us", "csrf_token": csrf_of(shop.client)}
    asked = shop.client.post(f"/admin/held/{key}/confirm", data=form).text
    done = shop.client.post(f"/admin/held/{key}/decide", data=fields(asked))
    assert done.status_code in (200, 303), done.text

    async def held(pool: Pool) -> int:
        await all_holds(pool)
        query = "SELECT sum(balance)::bigint FROM app.accounts WHERE owner_kind = 'card' AND owner_id = %s"
        return int(await value(pool, query, company))

    assert shop.running.do(held) == 50000
