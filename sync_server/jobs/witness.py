"""Remember outside of the database what a restore must not undo: the newest seal, so that files put back in place are
noticed, and who is revoked, so that nobody revoked is let in again.

Rule: whoever restores copies the database's folder and leaves these files; one that is behind, unreadable or gone does
no harm and notices nothing. See docs/restore.md.
"""

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from models.codec import from_plain, to_plain
from models.refusals import Refusal
from models.wire import SealHead
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.ledger.functions import LEDGER_ID, Plain, call

REVOKED = "revoked.json"
"""The second file, beside the first."""
_LOG = logging.getLogger("sync_server.jobs")


@dataclass(frozen=True, slots=True)
class _Seen:
    ledger: str
    seal_no: int
    hash: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class _Revoked:
    ledger: str
    terminals: tuple[dict[str, Any], ...]


class Witness:
    """What this server has seen sealed, in `file`, and who was revoked; `open` it before anything is remembered."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._revoked_file = file.with_name(REVOKED)
        self._ledger = ""
        self._failed = False
        self._revoked: dict[str, dict[str, Any]] = {}
        self._news = True

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
        self._news = True
        self._write(self._file, to_plain(_Seen(self._ledger, head.seal_no, head.hash, head.sealed_at)))

    async def revoke_again(self, pool: Pool) -> list[str]:
        """Shut out whom the file remembers and this database does not; return their codes. Before anyone is let in."""
        try:
            known = from_plain(_Revoked, json.loads(self._revoked_file.read_text("utf-8")))
        except FileNotFoundError:
            return []
        except (OSError, ValueError, Refusal):
            _LOG.error("revocations_unreadable")
            return []
        if known.ledger != self._ledger:
            return []
        self._revoked = {str(one.get("terminal_id")): one for one in known.terminals}
        async with transaction(pool, PLATFORM) as connection:
            codes: list[str] = await call(
                connection, "SELECT app.revoke_again(%s::smallint, %s)", [LEDGER_ID, Jsonb(known.terminals)]
            )
        return codes

    async def remember_revoked(self, pool: Pool) -> None:
        """Write down who is revoked, if anything was sealed since; nobody is ever taken off the list."""
        if not self._news:
            return
        self._news = False
        async with transaction(pool, PLATFORM) as connection:
            found = await call(connection, "SELECT app.revoked_terminals(%s::smallint)", [LEDGER_ID])
        known = self._revoked | {one["terminal_id"]: one for one in found}
        if known != self._revoked and self._write(
            self._revoked_file, to_plain(_Revoked(self._ledger, tuple(known.values())))
        ):
            self._revoked = known

    def _write(self, file: Path, plain: Plain) -> bool:
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            unfinished.write_text(json.dumps(plain), encoding="utf-8")
            unfinished.replace(file)
        except OSError as error:
            if not self._failed:
                _LOG.warning("witness_not_written", extra={"fields": {"reason": error.strerror}})
            self._failed = True
            return False
        return True
