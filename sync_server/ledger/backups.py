"""What is known of the database's backups: they free the tills from keeping what a restore might still ask for.

Rule: only whoever takes backups knows of them and says so. docs/decisions/0014-retention.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync_server.database.engine import PLATFORM, Connection, Pool, transaction
from sync_server.ledger.functions import LEDGER_ID, Plain, call

ALARM_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest backup that somebody noted: when it began, when that was said, and by whom (empty: a program)."""

    taken_at: datetime
    noted_at: datetime
    name: str


async def note(connection: Connection, taken_at: datetime) -> Plain:
    """A complete, kept backup began at `taken_at` by the server's clock: {outcome, taken_at, tills}; may be repeated.

    For the operator's programs and people. Refused: permission_missing, backup_time_invalid {server_time}.
    """
    outcome: Plain = await call(connection, "SELECT app.note_backup(%s::smallint, %s)", [LEDGER_ID, taken_at])
    return outcome


async def newest(connection: Connection) -> Backup | None:
    """Return the newest backup that was noted; None without one, and for those whose business it is not."""
    cursor = await connection.execute(
        "SELECT taken_at, noted_at, name FROM app.newest_backup(%s::smallint)", [LEDGER_ID]
    )
    row = await cursor.fetchone()
    return None if row is None else Backup(*row)


async def alarm_missing(pool: Pool) -> bool:
    """Raise an alarm when no backup was noted for `ALARM_AFTER`, once in such a time; True when it did."""
    async with transaction(pool, PLATFORM) as connection:
        return bool(await call(connection, "SELECT app.alarm_backups(%s::smallint, %s)", [LEDGER_ID, ALARM_AFTER]))
