"""Set uses and money aside ahead for regulars, at the till that serves them (sync.md rung 2), as HQ's policies say.

Rule: each is an act of its own, the same for every server that does it in an hour, and whatever the hour one for each
fencing number of its source; what somebody else was quicker to take waits for the next. Giving up is the tills'.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sync_server.database.engine import PLATFORM, Claims, Pool, retrying, transaction
from sync_server.keys import Keyring
from sync_server.ledger.functions import Plain
from sync_server.ledger.leases import Due, due
from sync_server.ledger.set_aside import set_aside
from sync_server.ledger.units import Act

AT_ONCE = 200
LESSOR = Claims(UUID("00000000-0000-7000-8000-00000000001e"), "platform")
"""Who sets it aside: the operator's program."""


async def hand_out_leases(pool: Pool, keys: Keyring, now: Callable[[], datetime]) -> int:
    """Set aside what is due, at most `AT_ONCE`; returns how many. Raises `DatabaseTrouble`."""
    async with transaction(pool, PLATFORM) as connection:
        wanted = await due(connection, AT_ONCE)
    return sum([await hand_out(pool, keys, one, now()) for one in wanted])


async def hand_out(pool: Pool, keys: Keyring, one: Due, now: datetime) -> bool:
    """Set aside what was due, unless its source has had another reservation since. Raises `DatabaseTrouble`."""
    wish = f"lease/{one.source_id}/{one.fencing_no}/{now:%Y%m%d%H}"
    act = Act(wish, hashlib.sha256(wish.encode()).digest())

    async def once() -> Plain:
        async with transaction(pool, LESSOR) as connection:
            return await set_aside(
                connection, keys, act, one.terminal_id, one.source_kind, one.source_id, one.amount,
                now + timedelta(hours=one.valid_hours), now, origin="lease", after=one.fencing_no,
            )  # fmt: skip

    outcome = await retrying(once)
    return bool(outcome["outcome"] == "accepted")
