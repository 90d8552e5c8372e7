"""Remember the newest seal in a file outside of the database, so that its files put back in place are noticed.

Rule: whoever restores copies the database's folder and leaves this file; one that is behind, unreadable or gone does no
harm and notices nothing. See docs/restore.md.
"""

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.codec import from_plain, to_plain
from models.refusals import Refusal
from models.wire import SealHead
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.ledger.functions import Plain, call

_LOG = logging.getLogger("sync_server.jobs")


@dataclass(frozen=True, slots=True)
class _Seen:
    ledger: str
    seal_no: int
    hash: str
    sealed_at: datetime


class Witness:
    """What this server has seen sealed, in `file`; `open` it before anything is remembered."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ledger = ""
        self._failed = False

    async def open(self, pool: Pool) -> Plain | None:
        """Return what an earlier run remembered, for `months.notice_restore`; None when that is nothing of use."""
        async with transaction(pool, PLATFORM) as connection:
            self._ledger = await call(connection, "SELECT epoch FROM app.epochs ORDER BY started_at LIMIT 1", [])
        try:
            seen = from_plain(_Seen, json.loads(self._file.read_text("utf-8")))
            bytes.fromhex(seen.hash)
        except (OSError, ValueError, Refusal):
            return None
        found: Plain = to_plain(seen)
        return found

    def remember(self, head: SealHead) -> None:
        """Write the seal down, whole or not at all; a disk that does not take it is logged once."""
        seen = _Seen(self._ledger, head.seal_no, head.hash, head.sealed_at)
        unfinished = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            unfinished.write_text(json.dumps(to_plain(seen)), encoding="utf-8")
            unfinished.replace(self._file)
        except OSError as error:
            if not self._failed:
                _LOG.warning("witness_not_written", extra={"fields": {"reason": error.strerror}})
            self._failed = True
