"""What /rest/v1 shows: the tables and views of source 001, with the columns that the database says they have.

Rule: nothing outside this list is read, whatever its policies; the rows are row level security's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync_server.database.engine import Connection

SCHEMA = "app"
EXPOSED = (
    "member_profiles", "personal_cards", "enterprise_cards", "enterprise_card_bindings", "merchants", "merchant_users",
    "membership_levels", "transactions", "point_ledger", "tx_registry", "idempotency_registry",
    "merchant_order_registry",
)  # fmt: skip
"""Source 001 §2, in its order."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Something to read: its columns, in order; `kind` as Postgres names it in a refusal."""

    name: str
    kind: str
    columns: tuple[str, ...]


@dataclass
class Catalogue:
    """The relations, read once: the schema does not change under a running server."""

    _relations: Mapping[str, Relation] = field(default_factory=dict)

    async def find(self, connection: Connection, name: str) -> Relation | None:
        """Return the relation of this name; None for what is not shown."""
        if not self._relations:
            cursor = await connection.execute(_RELATIONS, [SCHEMA, list(EXPOSED)])
            self._relations = {row[0]: Relation(row[0], row[1], tuple(row[2])) for row in await cursor.fetchall()}
        return self._relations.get(name)


_RELATIONS = """
SELECT c.relname::text, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END,
       array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = %s AND c.relname = ANY (%s) GROUP BY c.oid, c.relname, c.relkind
"""
