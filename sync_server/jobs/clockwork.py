"""Everything the server does by the clock, started and stopped together.

Rule: several servers on one database may all do it; each piece of work stands for itself and may be repeated.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from sync_server.database.engine import Pool
from sync_server.jobs.expiry import expire_cards, expire_passes
from sync_server.jobs.leases import hand_out_leases
from sync_server.jobs.schedule import repeating
from sync_server.jobs.upkeep import keep_months, watch_backups
from sync_server.jobs.witness import Witness
from sync_server.keys import Keyring
from sync_server.ledger.seals import seal_once

SEAL_SECONDS = 0.5
"""Half of the second within which an audit row is sealed (ledger.md)."""
_EXPIRY_SECONDS = 600.0
_LEASES_SECONDS = 60.0
_MONTHS_SECONDS = 24 * 3600.0
_MONTHS_RETRY_SECONDS = 60.0


async def seal(pool: Pool, keys: Keyring, now: Callable[[], datetime], witness: Witness | None = None) -> None:
    """Seal everything there is, step by step."""
    while await seal_once(pool, keys, now(), None if witness is None else witness.remember):
        pass
    if witness is not None:
        await witness.remember_revoked(pool)


@contextlib.asynccontextmanager
async def running(
    pool: Pool, keys: Keyring, now: Callable[[], datetime], witness: Witness | None = None
) -> AsyncIterator[None]:
    """Work by the clock inside the block; at its end what was written last is sealed."""
    async with (
        repeating("seal", lambda: seal(pool, keys, now, witness), SEAL_SECONDS, once_more=True),
        repeating("expiry_of_cards", lambda: expire_cards(pool), _EXPIRY_SECONDS),
        repeating("expiry_of_passes", lambda: expire_passes(pool), _EXPIRY_SECONDS),
        repeating("leases", lambda: hand_out_leases(pool, keys, now), _LEASES_SECONDS),
        repeating("backups", lambda: watch_backups(pool), _MONTHS_SECONDS, retry_seconds=_MONTHS_RETRY_SECONDS),
        repeating("months", lambda: keep_months(pool, now), _MONTHS_SECONDS, retry_seconds=_MONTHS_RETRY_SECONDS),
    ):
        yield
