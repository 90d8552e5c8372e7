"""Tell HQ of what is wrong at the door: forged, replayed and strange requests, clocks that stay wrong, revoked keys.

Rule: counted here, written at most once a second for each terminal and kind, so that whoever floods the door writes one
row, not thousands. What is not written yet goes with the next round of `flush`. A failure to write stops no answer.
Not here: the alarms of the ledger (sql/63_alarms), which are written with the effect.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from models.refusals import Refusal
from models.wire import MAX_TILL_ALARMS, TILL_ALARMS, TillAlarms
from sync_server.database.engine import PLATFORM, Pool, retrying, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet.terminals import terminal_claims
from sync_server.fleet.values import TerminalIdentity
from sync_server.ledger import alarms

QUIET_SECONDS = 1.0
"""How long one kind of alarm of one terminal is only counted after it was written."""
SKEWED_IN_A_ROW = 3
"""An honest till corrects its clock by the first answer; a till whose requests stay expired does not."""
_LOG = logging.getLogger("sync_server.fleet")


@dataclass
class _Tally:
    count: int = 0
    written_at: float = float("-inf")
    data: Mapping[str, object] = field(default_factory=dict)


class DoorAlarms:
    """What this server process has seen at its door; of one event loop."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._tallies: dict[tuple[str | None, str], _Tally] = {}
        self._skewed: dict[str, int] = {}

    async def note(self, pool: Pool, terminal_id: str | None, kind: str, data: Mapping[str, object]) -> None:
        """Count one, and write when this kind was quiet. `terminal_id` None: nobody knows who; never personal data."""
        tally = self._tallies.setdefault((terminal_id, kind), _Tally())
        tally.count += 1
        tally.data = data
        if self._now() - tally.written_at >= QUIET_SECONDS:
            await self._write(pool, terminal_id, kind, tally)

    async def expired(self, pool: Pool, terminal_id: str, skew_seconds: int) -> None:
        """Count a signed request that is too old or from the future; several in a row are a clock that stays wrong."""
        self._skewed[terminal_id] = self._skewed.get(terminal_id, 0) + 1
        if self._skewed[terminal_id] >= SKEWED_IN_A_ROW:
            await self.note(pool, terminal_id, "clock_skewed", {"skew_seconds": skew_seconds})

    def on_time(self, terminal_id: str) -> None:
        """A request of this terminal came in time."""
        self._skewed.pop(terminal_id, None)

    async def flush(self, pool: Pool) -> None:
        """Write what was only counted."""
        for (terminal_id, kind), tally in list(self._tallies.items()):
            if tally.count:
                await self._write(pool, terminal_id, kind, tally)
            elif self._now() - tally.written_at > 60 * QUIET_SECONDS:
                self._tallies.pop((terminal_id, kind), None)

    async def _write(self, pool: Pool, terminal_id: str | None, kind: str, tally: _Tally) -> None:
        count, tally.count = tally.count, 0
        tally.written_at = self._now()
        try:
            async with transaction(pool, PLATFORM) as connection:
                await alarms.note_door(connection, terminal_id, kind, count, tally.data)
        except DatabaseTrouble as trouble:
            tally.count += count
            _LOG.error("alarm_not_written", extra={"fields": {"kind": kind, "code": trouble.code}})

    def _now(self) -> float:
        return self._clock() if self._clock is not None else asyncio.get_running_loop().time()


async def take(pool: Pool, terminal: TerminalIdentity, told: TillAlarms) -> None:
    """Keep what a till says about what it holds. Refusal `request_malformed` for a kind that nobody knows."""
    if len(told.alarms) > MAX_TILL_ALARMS or not {one.kind for one in told.alarms} <= set(TILL_ALARMS):
        raise Refusal("request_malformed", {"pointer": "/alarms"})
    if not all(0 <= one.seq < 1 << 62 for one in told.alarms):
        raise Refusal("request_malformed", {"pointer": "/alarms"})

    async def once() -> None:
        async with transaction(pool, terminal_claims(terminal)) as connection:
            for one in sorted(told.alarms, key=lambda found: found.kind):
                await alarms.take_till_alarm(connection, one.kind, one.seq)

    await retrying(once)
