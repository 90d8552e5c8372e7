"""What a restore lost, and what the tills' facts brought back of it.

Rule: read-only, under the asking person's claims, as in `orders`, which shows the same facts with all others.
"""

from dataclasses import dataclass
from datetime import datetime

from sync_server.database.engine import Connection


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore: what was done between `lost_from` and `started_at` had to come back from the tills."""

    epoch: str
    lost_from: datetime
    started_at: datetime


async def restores(connection: Connection) -> tuple[Restore, ...]:
    """Return every restore, newest first; they concern all merchants alike."""
    cursor = await connection.execute(
        "SELECT e.epoch, e.lost_from, e.started_at FROM app.epochs AS e WHERE e.lost_from IS NOT NULL"
        " ORDER BY e.started_at DESC"
    )
    return tuple(Restore(*row) for row in await cursor.fetchall())
