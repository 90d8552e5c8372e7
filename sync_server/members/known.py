"""Members as HQ shows them: number, masked name and phone.

Rule: read-only, under the asking person's claims; in the clear a name lives in this module's calls alone.
"""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from models.catalogue import mask_name
from models.phones import mask_phone
from sync_server.database.engine import Connection
from sync_server.keys import Keyring
from sync_server.members import people


@dataclass(frozen=True, slots=True)
class KnownMember:
    """`name` and `phone` are masked; both empty for an erased person."""

    member_id: str
    member_no: str
    status: str
    name: str
    phone: str


async def known(connection: Connection, keys: Keyring, texts: Collection[str]) -> list[KnownMember]:
    """Return the members that these texts mean (id, alias or member number) and the asking person may see."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        numbers = [text.strip().upper() for text in texts]
        await cursor.execute(_KNOWN, {"ids": ids_in(texts), "numbers": numbers})
        rows = await cursor.fetchall()
    found = []
    for row in rows:
        name, phone = people.opened(keys, row["member_id"], row["key_sealed"], row["name_sealed"], row["phone_sealed"])
        found.append(
            KnownMember(
                row["member_id"], row["member_no"], row["status"], mask_name(name), mask_phone(phone) if phone else ""
            )
        )
    return found


def ids_in(texts: Collection[str]) -> list[UUID]:
    """Return those of the texts that are ids."""
    found = []
    for text in texts:
        with contextlib.suppress(ValueError):
            found.append(UUID(text.strip()))
    return found


_KNOWN: LiteralString = """
SELECT m.member_id::text, m.member_no, m.status, m.key_sealed, m.name_sealed, m.phone_sealed
  FROM app.members AS m
 WHERE m.member_id = ANY (%(ids)s) OR m.member_no = ANY (%(numbers)s)
    OR m.member_id IN (SELECT a.member_id FROM app.member_aliases AS a WHERE a.alias_id = ANY (%(ids)s))
 ORDER BY m.member_no LIMIT 20
"""
