"""People at HQ, for tests: one of each role at the world's merchant, and one elsewhere."""

from __future__ import annotations

from uuid import UUID

from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from tests.sync_server import world

MERCHANT, OTHER_MERCHANT = UUID(world.MERCHANT), UUID(world.OTHER_MERCHANT)
HQ = Claims(UUID(int=11), "staff", [MERCHANT])
OWNER = Claims(UUID(int=12), "staff", [MERCHANT])
FINANCE = Claims(UUID(int=13), "staff", [MERCHANT])
SECOND_FINANCE = Claims(UUID(int=14), "staff", [MERCHANT])
SUPPORT = Claims(UUID(int=15), "staff", [MERCHANT])
AUDITOR = Claims(UUID(int=16), "staff", [MERCHANT])
STRANGER = Claims(UUID(int=17), "staff", [OTHER_MERCHANT])
PEOPLE = {"hq": HQ, "owner": OWNER, "finance": FINANCE, "finance2": SECOND_FINANCE, "support": SUPPORT,
          "auditor": AUDITOR, "stranger": STRANGER}  # fmt: skip
ROLES = {"owner": "merchant_owner", "finance2": "finance", "stranger": "hq"}


async def employ(pool: Pool, password_hash: str = "-") -> None:
    """Write them down, each with the role of the name."""
    for name, claims in PEOPLE.items():
        async with transaction(pool, PLATFORM) as connection:
            await connection.execute(
                "SELECT app.hq_upsert_user(%s, %s, %s, %s, %s, %s)",
                [
                    claims.principal_id,
                    name,
                    name.title(),
                    ROLES.get(name, name),
                    list(claims.merchant_ids),
                    password_hash,
                ],
            )
