"""What is set aside of a member's, as the pages show it: with the clock of the till's store."""

from collections.abc import Iterable
from typing import Any

from sync_server.database.engine import transaction
from sync_server.members import own, reserving
from sync_server.members.own_sessions import SignedInMember
from sync_server.members.reserving import Reserved
from sync_server.mine.desk import Mine
from sync_server.mine.views import Reader, reserved_view


async def asides(mine: Mine, me: SignedInMember, reader: Reader) -> list[dict[str, Any]]:
    """Return everything that is set aside of this member's."""
    return await shown(mine, me, reader, await reserving.open_reservations(mine.pool, me.member_id))


async def shown(mine: Mine, me: SignedInMember, reader: Reader, found: Iterable[Reserved]) -> list[dict[str, Any]]:
    """Return these, each with its store's clock."""
    made = []
    async with transaction(mine.pool, me.claims) as connection:
        for one in found:
            till = await own.till(connection, one.terminal_code)
            made.append(reserved_view(one, till.timezone if till else None, reader))
    return made
