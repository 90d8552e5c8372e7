"""Catalogue writes: checked, idempotent, and only for one's own merchant."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from models.catalogue import AddOn, Product, SlipTemplate, Store
from models.refusals import Refusal
from sync_server.catalogue.writes import Managed, check, put, put_merchant, remove
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from tests.sync_server import world

ADD_ON = AddOn("0d000000-0000-7000-8000-000000000041", world.MERCHANT, {"en": "Pearls"}, 300, "0.06", "paid_addon", 1)
TEMPLATE = SlipTemplate("0d000000-0000-7000-8000-000000000051", world.MERCHANT, "SALES_TICKET", 1, '{"lines":[]}')


@pytest.mark.anyio
async def test_writing_the_same_again_changes_nothing(pool: Pool) -> None:
    await world.build(pool)
    values: list[Managed] = [
        world.store(), world.category(), world.product(), ADD_ON, world.plan(), world.person(), TEMPLATE,
    ]  # fmt: skip
    for turn in (1, 2):
        async with transaction(pool, PLATFORM) as connection:
            changed = [await put(connection, value) for value in values]
            changed.append(await put_merchant(connection, world.MERCHANT, "TEST", "测试商户"))
            noted = await (await connection.execute("SELECT count(*) FROM app.change_log")).fetchone()
        if turn == 1:
            assert changed == [False, *[True] * 6, False]
            first = noted
    assert changed == [False] * 8
    assert noted == first


@pytest.mark.anyio
async def test_own_merchant_only(pool: Pool) -> None:
    await world.build(pool)
    async with transaction(pool, Claims(None, "staff", [UUID(world.MERCHANT)])) as connection:
        assert await put(connection, world.category())
    stranger = Claims(None, "staff", [UUID(world.OTHER_MERCHANT)])
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        async with transaction(pool, stranger) as connection:
            await put(connection, replace(world.category(), position=9))
    async with transaction(pool, stranger) as connection:
        assert not await remove(connection, type(world.category()), world.CATEGORY, world.MERCHANT)


@pytest.mark.anyio
async def test_what_facts_cite_is_never_removed(pool: Pool) -> None:
    async with transaction(pool, PLATFORM) as connection:
        with pytest.raises(ValueError, match="never removed"):
            await remove(connection, Store, world.STORE, world.MERCHANT)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (replace(world.product(), product_id="no id"), "request_malformed"),
        (replace(world.product(), price_minor=-1), "amount_invalid"),
        (replace(world.product(), price_minor=10**12 + 1), "amount_invalid"),
        (replace(world.product(), vat_rate="6%"), "amount_invalid"),
        (replace(world.product(), names={}), "request_malformed"),
        (replace(world.product(), names={"fr": "Thé"}), "request_malformed"),
        (replace(world.product(), names={"en": ""}), "request_malformed"),
        (replace(world.product(), add_on_ids=(1,)), "request_malformed"),  # type: ignore[arg-type]
        (replace(world.plan(), currency="GBP"), "currency_mismatch"),
        (replace(world.store(), timezone="Mars/Base"), "request_malformed"),
        (replace(world.store(), timezone="../etc/passwd"), "request_malformed"),
        (replace(world.store(), slip_language="fr"), "request_malformed"),
        (replace(TEMPLATE, body="{"), "template_invalid"),
        (replace(TEMPLATE, body="[]"), "template_invalid"),
    ],
)
def test_values_that_a_till_could_not_use(value: Product, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check(value)
    assert refused.value.code == code
