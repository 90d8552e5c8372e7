"""What can be there once only: in each partition by its own keys, and across all of them by the registries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from sync_server.ledger import months
from tests.sync_server import world
from tests.sync_server.till import MEMBER, FakeTill

pytestmark = pytest.mark.anyio
Owner = psycopg.Connection[tuple[Any, ...]]
_ALIKE = {
    "tx_id": ("tx_id",),
    "tx_no": ("tx_no",),
    "idempotency_key": ("principal_id", "idempotency_key"),
    "external_order_id": ("merchant_id", "external_order_id"),
}


def header(created_at: datetime) -> dict[str, Any]:
    """A transaction with every key of its own."""
    return {
        "ledger_id": 1, "tx_id": uuid4(), "tx_no": f"ZF{uuid4().hex}", "kind": "card_charged", "status": "completed",
        "merchant_id": world.MERCHANT, "principal_id": uuid4(), "idempotency_key": str(uuid4()),
        "external_order_id": str(uuid4()), "amount_minor": 100, "happened_at": created_at, "created_at": created_at,
    }  # fmt: skip


def insert(owner: Owner, table: str, row: dict[str, Any]) -> str:
    """Insert a row; return the partition it went to."""
    made = owner.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING tableoid::regclass::text").format(
            sql.Identifier("app", table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        ),
        list(row.values()),
    ).fetchone()
    assert made is not None
    return str(made[0])


@pytest.mark.req("R052")
@pytest.mark.parametrize("days", [0, 32, 400])
@pytest.mark.parametrize("key", _ALIKE)
async def test_a_partition_keeps_its_keys(till: FakeTill, owner: Owner, key: str, days: int) -> None:
    """This month's, one that upkeep has made since, and the default one that takes what no other does."""
    await months.keep_partitions(till.pool)
    at = datetime.now(UTC).replace(day=1) + timedelta(days=days)
    first, second = header(at), header(at + timedelta(seconds=1))
    for column in _ALIKE[key]:
        second[column] = first[column]
    partition = insert(owner, "transactions", first)
    assert (partition == "app.transactions_default") == (days == 400)
    with pytest.raises(errors.UniqueViolation) as refused:
        insert(owner, "transactions", second)
    assert refused.value.diag.table_name == partition.removeprefix("app.")


@pytest.mark.req("R052")
async def test_without_a_key_or_an_order_there_is_nothing_to_be_alike(till: FakeTill, owner: Owner) -> None:
    for _ in range(2):
        row = header(datetime.now(UTC)) | {"idempotency_key": None, "external_order_id": None}
        insert(owner, "transactions", row)


@pytest.mark.req("R051")
@pytest.mark.parametrize(
    ("table", "key", "more"),
    [
        ("tx_registry", ("tx_no",), {"tx_no": "ZF00100000001", "kind": "card_charged", "amount_minor": 1}),
        ("idempotency_registry", ("principal_id", "key"), {"principal_id": uuid4(), "key": "k", "outcome": "{}"}),
        ("merchant_order_registry", ("merchant_id", "external_order_id"), {
            "merchant_id": world.MERCHANT, "external_order_id": "o", "tx_no": "ZF00100000001"}),
    ],
)  # fmt: skip
async def test_a_registry_knows_every_month(
    till: FakeTill, owner: Owner, table: str, key: tuple[str, ...], more: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    insert(owner, table, {"ledger_id": 1, "tx_id": uuid4(), "created_at": now, **more})
    with pytest.raises(errors.UniqueViolation):
        insert(owner, table, {"ledger_id": 1, "tx_id": uuid4(), "created_at": now - timedelta(days=400), **more})
    insert(owner, table, {"ledger_id": 1, "tx_id": uuid4(), "created_at": now, **more, key[-1]: "another"})


@pytest.mark.req("R053")
async def test_the_lists_people_open_have_their_index(till: FakeTill, owner: Owner) -> None:
    """Of a card, of a merchant, and of what is not completed: newest first, without reading the rest."""
    owner.execute("SET enable_seqscan = off")
    for where, index in (
        (f"card_id = '{uuid4()}' ORDER BY created_at DESC", "card_id_created_at"),
        (f"merchant_id = '{world.MERCHANT}' ORDER BY created_at DESC", "merchant_id_created_at"),
        ("status = 'pending'", "status"),
    ):
        plan = owner.execute(f"EXPLAIN SELECT tx_no FROM app.transactions WHERE {where} LIMIT 20".encode()).fetchall()
        read = [line for (line,) in plan if "transactions_y" in line]
        assert read, plan
        assert all(index in line for line in read), read
        assert not any("->  Sort" in line for (line,) in plan), plan


@pytest.mark.req("R028")
async def test_a_member_has_one_personal_card(till: FakeTill, owner: Owner) -> None:
    """It came with the member; a second one cannot be."""
    assert owner.execute("SELECT count(*) FROM app.cards WHERE member_id = %s", [MEMBER]).fetchall() == [(1,)]
    copied = (
        "INSERT INTO app.cards SELECT (c).* FROM (SELECT jsonb_populate_record(c, jsonb_build_object("
        "'card_id', %s::text, 'card_no', 'P-2', 'card_ref', 'SECOND00')) AS c FROM app.cards AS c"
        " WHERE c.member_id = %s) AS s"
    )
    with pytest.raises(errors.UniqueViolation) as refused:
        owner.execute(copied, [uuid4(), MEMBER])
    assert "member" in str(refused.value.diag.constraint_name)
