"""Bound how often one caller may call functions: each refused call is written down for ever, and anybody may sign in.

Rule: per process and per minute; nothing is kept of the minute before.
"""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sync_server.database.engine import Claims

CALLS_A_MINUTE = {"member": 120}
"""By role; a merchant's people serve everybody, and the operator's programs do what they must."""
_OTHERS_A_MINUTE = 1200


class Pace:
    """Calls in the running minute, by caller."""

    def __init__(self) -> None:
        self._minute = 0
        self._calls: Counter[UUID | None] = Counter()

    def wait_seconds(self, claims: Claims, now: datetime) -> int:
        """Count a call; return 0, or in how many seconds the next minute begins when it is one too many."""
        minute, second = divmod(int(now.timestamp()), 60)
        if minute != self._minute:
            self._minute, self._calls = minute, Counter()
        self._calls[claims.principal_id] += 1
        most = CALLS_A_MINUTE.get(claims.role, _OTHERS_A_MINUTE)
        return 60 - second if self._calls[claims.principal_id] > most else 0
