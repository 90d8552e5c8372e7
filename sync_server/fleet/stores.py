"""The store of a terminal, as a value."""

from dataclasses import fields
from uuid import UUID

from psycopg import sql
from psycopg.rows import dict_row

from models import codec
from models.catalogue import Store
from sync_server.database.engine import Claims, Pool, transaction

_COLUMNS = sql.SQL(", ").join(sql.Identifier(field.name) for field in fields(Store))


async def find(pool: Pool, merchant_id: str, store_id: str) -> tuple[Store, str]:
    """Return a store and the ledger's epoch; LookupError when there is no such store (a terminal always has one)."""
    claims = Claims(None, "terminal", [UUID(merchant_id)])
    async with transaction(pool, claims) as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            sql.SQL("SELECT {}, app.current_epoch() AS epoch FROM app.stores WHERE store_id = %s").format(_COLUMNS),
            [store_id],
        )
        row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"store {store_id}")
    epoch = row.pop("epoch")
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}
    return codec.from_plain(Store, plain), epoch
