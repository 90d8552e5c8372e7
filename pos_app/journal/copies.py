"""A copy of the whole journal after each shift, for the day on which the file itself is lost or damaged.

Rule: a copy is made beside the till's work, never in its way: whoever sells meanwhile is not held up, and a disk
without room for it only means that there is none. It holds people's data sealed, as the journal does, and no keys;
when somebody is erased, the copies that still hold them go, and one without them is made.
Put back in the journal's place it would be another history of this till (docs/care.md).
"""

import logging
import shutil
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Connection

from pos_app.errors import Trouble
from pos_app.journal import identity, shifts
from pos_app.journal.reserve import RESERVE_BYTES
from pos_app.journal.store import Journal

FOLDER = "copies"
KEPT = 7
"""A week of shifts."""
_PAGES_AT_ONCE = 500
_OUTDATED = "copies_outdated"
_log = logging.getLogger(__name__)


class Copies:
    """Makes the copy that is due, in the background; `wake` after a shift has ended or somebody was erased."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._woken = threading.Event()
        self._ends = False
        self._thread = threading.Thread(target=self._work, name="till-copies", daemon=True)

    def start(self) -> None:
        """Begin; a copy that a crash or a full disk has kept from being made is made now."""
        self._woken.set()
        self._thread.start()

    def wake(self) -> None:
        """A shift may have ended, or somebody have been erased."""
        self._woken.set()

    def stop(self) -> None:
        """End; a copy that is being made is finished first."""
        self._ends = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while self._woken.wait() and not self._ends:
            self._woken.clear()
            try:
                save_due(self._journal)
            except (OSError, sqlite3.Error, Trouble) as error:
                _log.error("the journal could not be copied: %s", type(error).__name__)
            except Exception:  # noqa: BLE001 - a bug must not end the copies of the days to come; logged with its trace
                _log.exception("copying the journal failed")


def save_due(journal: Journal) -> Path | None:
    """Copy the journal unless the last shift's end is in a copy already; returns the new file.

    Drops outdated copies first. None: nothing is due, or the disk has no room. OSError and sqlite3.Error when it
    cannot be written.
    """
    folder = journal.path.parent / FOLDER
    _drop_outdated(journal, folder)
    with journal.reading() as rows:
        seq = shifts.last_end(rows)
    path = folder / f"journal-{seq or 0:08d}.sqlite"
    if seq is None or path.exists():
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    if shutil.disk_usage(folder).free < journal.path.stat().st_size + 2 * RESERVE_BYTES:
        _log.warning("the disk has no room for a copy of the journal")
        return None
    _copy(journal.path, path)
    for old in sorted(folder.glob("journal-*.sqlite"))[:-KEPT]:
        old.unlink()
    return path


def outdate(rows: Connection) -> None:
    """Note that no copy made until now may stay: each may hold somebody whom the journal is about to forget."""
    identity.write_state(rows, _OUTDATED, value=True)


def _drop_outdated(journal: Journal, folder: Path) -> None:
    with journal.reading() as rows:
        if not identity.read_state(rows, _OUTDATED):
            return
    with journal.upkeep() as rows:  # a copy that cannot be dropped now is tried again: what is noted stays
        for copy in folder.glob("journal-*"):
            copy.unlink()
        identity.write_state(rows, _OUTDATED, None)


def _copy(journal: Path, path: Path) -> None:
    """Write the copy under another name first: a file with the right name is whole."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    # A connection of its own: the till's is not held up, for readers never wait in WAL mode.
    source = sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True)
    try:
        target = sqlite3.connect(unfinished)
        try:
            source.backup(target, pages=_PAGES_AT_ONCE)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        finally:
            target.close()
    finally:
        source.close()
    unfinished.replace(path)
