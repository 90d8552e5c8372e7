"""Members that tills made twice: which id became an alias of whom, and whether the names that were typed agree.

Rule: read-only, and opens personal data: for the people at HQ who look after it, never for a log.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

from psycopg.rows import dict_row

from sync_server.database.engine import Connection
from sync_server.keys import Keyring
from sync_server.members import people


@dataclass(frozen=True, slots=True)
class Merge:
    """`typed_name` is what the later till wrote, `name` what is kept; both empty for an erased person."""

    alias_id: str
    member_id: str
    member_no: str
    terminal_code: str
    merged_at: datetime
    name: str = field(repr=False)
    typed_name: str = field(repr=False)

    @property
    def differs(self) -> bool:
        """Whether somebody should look: two people may share a phone, or one name is wrong."""
        return bool(self.typed_name) and self.typed_name.casefold() != self.name.casefold()


_MERGES: LiteralString = """
SELECT a.alias_id::text, a.key_sealed AS alias_key, a.name_sealed AS alias_name, a.created_at, m.member_id::text,
       m.member_no, m.key_sealed, m.name_sealed, t.code
  FROM app.member_aliases AS a
  JOIN app.members AS m USING (member_id)
  JOIN app.terminals AS t USING (terminal_id)
 ORDER BY a.created_at DESC, a.alias_id LIMIT %s
"""


async def merges(connection: Connection, keys: Keyring, limit: int = 200) -> list[Merge]:
    """Return the newest merges that the caller's claims let them see, newest first."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_MERGES, [limit])
        rows = await cursor.fetchall()
    return [
        Merge(
            alias_id=row["alias_id"],
            member_id=row["member_id"],
            member_no=row["member_no"],
            terminal_code=row["code"],
            merged_at=row["created_at"],
            name=people.opened_name(keys, row["member_id"], row["key_sealed"], row["name_sealed"]),
            typed_name=people.opened_name(keys, row["alias_id"], row["alias_key"], row["alias_name"]),
        )
        for row in rows
    ]
