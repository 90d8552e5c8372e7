"""What members could show at a till: who they are and which passes they hold, merchant by merchant.

Rule: read-only, and opens personal data: for a member's own pages (today: the demo's page of codes).
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from psycopg.rows import dict_row

from models.catalogue import Names
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID
from sync_server.members import people


@dataclass(frozen=True, slots=True)
class HeldPass:
    """A pass as its holder sees it."""

    names: Names
    status: str
    uses_left: int
    uses_bought: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Wallet:
    """One member at one merchant."""

    member_id: str
    merchant_id: str
    merchant_name: str
    member_no: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    passes: tuple[HeldPass, ...]


_WALLETS = """
SELECT m.member_id::text, known.merchant_id::text, merchants.name AS merchant_name, m.member_no, m.key_sealed,
       m.name_sealed, m.phone_sealed, plans.names, p.status, p.uses_left, p.uses_bought, p.expires_at
  FROM app.members AS m
  JOIN app.member_merchants AS known USING (member_id)
  JOIN app.merchants AS merchants USING (merchant_id)
  LEFT JOIN app.passes_held AS p
    ON p.ledger_id = %(ledger)s AND p.member_id = m.member_id AND p.merchant_id = known.merchant_id
  LEFT JOIN app.pass_plans AS plans ON plans.plan_id = p.plan_id
 ORDER BY merchants.code DESC, m.member_no, p.expires_at, p.pass_id
 LIMIT %(limit)s
"""


async def wallets(pool: Pool, keys: Keyring, limit: int = 500) -> list[Wallet]:
    """Return every member of every merchant with their passes, soonest expiry first."""
    async with transaction(pool, PLATFORM) as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_WALLETS, {"ledger": LEDGER_ID, "limit": limit})
        rows = await cursor.fetchall()
    found = []
    for (member_id, merchant_id), group in groupby(rows, key=lambda row: (row["member_id"], row["merchant_id"])):
        held = list(group)
        first = held[0]
        name, phone = people.opened(keys, member_id, first["key_sealed"], first["name_sealed"], first["phone_sealed"])
        passes = tuple(
            HeldPass(row["names"], row["status"], row["uses_left"], row["uses_bought"], row["expires_at"])
            for row in held
            if row["status"] is not None
        )
        found.append(Wallet(member_id, merchant_id, first["merchant_name"], first["member_no"], name, phone, passes))
    return found
