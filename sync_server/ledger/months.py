"""Months of the ledger: partitions ahead of time, checkpoints of those that are over.

Rule: as the platform; each call may be repeated.
"""

from datetime import date

from psycopg.types.json import Jsonb

from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.ledger.functions import LEDGER_ID, Plain, call


async def alarm_gaps(pool: Pool) -> int:
    """Raise an alarm for rows that found no partition; returns how many alarms."""
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute("SELECT app.alarm_month_gaps(%s::smallint)", [LEDGER_ID])
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def keep_partitions(pool: Pool) -> int:
    """Make what is missing and move rows where they belong; returns how many partitions were made.

    Raises `DatabaseTrouble` `database_conflict` when somebody has used the tables for longer than 3 s: try again.
    """
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute("SELECT app.keep_months()")
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def write_checkpoints(pool: Pool, month: date) -> int:
    """Write the checkpoints of a closed month; returns how many, 0 when they are written."""
    async with transaction(pool, PLATFORM) as connection:
        await connection.execute("SET LOCAL statement_timeout = '10min'")
        cursor = await connection.execute("SELECT app.write_checkpoints(%s::smallint, %s)", [LEDGER_ID, month])
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def notice_restore(pool: Pool, seen: Plain | None = None) -> str | None:
    """Begin a new epoch when this database was restored, from a dump or by its files; returns it.

    `seen`: the newest seal that this server remembers outside of the database (jobs.witness).
    """
    async with transaction(pool, PLATFORM) as connection:
        seal = None if seen is None else Jsonb(seen)
        epoch: str | None = await call(connection, "SELECT app.notice_restore(%s::smallint, %s)", [LEDGER_ID, seal])
    return epoch
