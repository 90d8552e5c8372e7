"""Mark what is past its date: passes and cards. The date decides, always; the status follows here.

Rule: a pass or card that somebody is using at this moment is left for the next run.
"""

from sync_server.cards.calls import cron_expire_cards
from sync_server.database.engine import Pool, transaction
from sync_server.fleet.terminals import PLATFORM
from sync_server.ledger.decisions import expire_passes


async def expire(pool: Pool) -> int:
    """Expire everything that is over; returns how many passes and cards."""
    expired = await cron_expire_cards(pool, PLATFORM)
    while True:
        async with transaction(pool, PLATFORM) as connection:
            found = await expire_passes(connection)
        expired += found
        if found == 0:
            return expired
