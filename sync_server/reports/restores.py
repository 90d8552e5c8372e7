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


@dataclass(frozen=True, slots=True)
class RevokedAgain:
    """A till that the restored database had forgotten to be revoked, and when it was shut out again."""

    code: str
    reason: str
    at: datetime


async def revoked_again(connection: Connection) -> tuple[RevokedAgain, ...]:
    """Return the tills that this person may see and that were revoked again after a restore, newest first."""
    cursor = await connection.execute(
        "SELECT a.data ->> 'code', coalesce(a.data ->> 'reason', ''), a.last_at FROM app.alarms AS a"
        " WHERE a.kind = 'revoked_again' ORDER BY a.last_at DESC, 1"
    )
    return tuple(RevokedAgain(*row) for row in await cursor.fetchall())


async def restores(connection: Connection) -> tuple[Restore, ...]:
    """Return every restore, newest first; they concern all merchants alike."""
    cursor = await connection.execute(
        "SELECT e.epoch, e.lost_from, e.started_at FROM app.epochs AS e WHERE e.lost_from IS NOT NULL"
        " ORDER BY e.started_at DESC"
    )
    return tuple(Restore(*row) for row in await cursor.fetchall())
