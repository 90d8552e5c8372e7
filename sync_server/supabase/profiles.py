"""member_profiles as /rest/v1 shows it: the caller's own name in the clear, everybody else's not at all.

Rule: names are sealed in the database, and only this program opens them (members.people). Which rows there are is row
level security's business, as everywhere.
"""

from psycopg import sql

from sync_server.database.engine import Claims, Connection
from sync_server.keys import Keyring
from sync_server.members import people
from sync_server.supabase.catalogue import SCHEMA, Relation
from sync_server.supabase.reading import Source

NAME = "member_profiles"


async def source(connection: Connection, keys: Keyring, claims: Claims, relation: Relation) -> Source:
    """Return the relation with names as this caller may read them; in a transaction that acts for them."""
    own = claims.principal_id if claims.role == "member" else None
    cursor = await connection.execute("SELECT key_sealed, name_sealed FROM app.members WHERE member_id = %s", [own])
    row = await cursor.fetchone()
    name = people.opened_name(keys, str(own), *row) if row else None
    clear = sql.SQL("CASE WHEN id = %s::uuid THEN %s::text END AS name")
    columns = [clear if column == "name" else sql.Identifier(column) for column in relation.columns]
    item = sql.SQL("(SELECT {} FROM {}) AS {}").format(
        sql.SQL(", ").join(columns), sql.Identifier(SCHEMA, NAME), sql.Identifier(NAME)
    )
    return Source(NAME, relation.columns, item, (own, name))
