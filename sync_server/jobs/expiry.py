"""Mark what is past its date: passes and cards. The date decides, always; the status follows here.

Rule: a pass or card that somebody is using at this moment is left for the next run.
"""

from collections.abc import Awaitable, Callable

from sync_server.cards.calls import cron_expire_cards
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.ledger import decisions


async def expire_cards(pool: Pool) -> int:
    """Expire the cards that are over; returns how many."""
    return await _until_none(lambda: cron_expire_cards(pool, PLATFORM))


async def expire_passes(pool: Pool) -> int:
    """Expire the passes that are over; returns how many."""

    async def some() -> int:
        async with transaction(pool, PLATFORM) as connection:
            return await decisions.expire_passes(connection)

    return await _until_none(some)


async def _until_none(some: Callable[[], Awaitable[int]]) -> int:
    expired = 0
    while found := await some():
        expired += found
    return expired
