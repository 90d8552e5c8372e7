"""Keep the months: partitions before they are needed, alarms and order where one was missing, checkpoints afterwards;
and look whether somebody takes backups.

Rule: nothing here stands in the way of a posting; a row without its partition waits in the default one.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sync_server.database.engine import Pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.jobs.witness import Witness
from sync_server.ledger import backups, months

_CLOSED_AFTER = timedelta(hours=2)
_LOG = logging.getLogger("sync_server.jobs")


async def before_serving(pool: Pool, witness: Witness | None = None) -> None:
    """What must be settled before the first request: which life of the database this is, whom it must
    not let in, and room for this month.

    Raises `DatabaseTrouble`, but not when others only keep the partitions busy: the daily upkeep tries again.
    """
    seen = None if witness is None else await witness.open(pool)
    if epoch := await months.notice_restore(pool, seen):
        _LOG.warning("restored", extra={"fields": {"epoch": epoch}})
    if witness is not None and (codes := await witness.revoke_again(pool)):
        _LOG.warning("revoked_again", extra={"fields": {"terminals": codes}})
    try:
        await keep_partitions(pool)
    except DatabaseTrouble as trouble:
        if trouble.code != "database_conflict":
            raise
        _LOG.warning("partitions_busy")


async def watch_backups(pool: Pool) -> None:
    """Nobody's backups are noticed missing until they are needed; say it before."""
    if await backups.alarm_missing(pool):
        _LOG.error("backup_missing", extra={"fields": {"days": backups.ALARM_AFTER.days}})


async def keep_partitions(pool: Pool) -> None:
    """Alarm first, in a transaction of its own, so that it stays when the rows cannot be moved yet."""
    if raised := await months.alarm_gaps(pool):
        _LOG.error("partition_missing", extra={"fields": {"months": raised}})
    await months.keep_partitions(pool)


async def keep_months(pool: Pool, now: Callable[[], datetime]) -> None:
    """Keep the partitions, and write the checkpoints of the last month that is closed."""
    await keep_partitions(pool)
    at = now() - _CLOSED_AFTER
    await months.write_checkpoints(pool, (at.date().replace(day=1) - timedelta(days=1)).replace(day=1))
