"""Give room that compaction freed back to the disk, a little at a time.

Rule: a journal of before gets its pages movable once, when there is room for a copy; without that nothing is wrong, new
facts use the freed pages.
"""

import logging
import shutil
import sqlite3
from pathlib import Path

_log = logging.getLogger(__name__)
_INCREMENTAL = 2
PAGES_AT_ONCE = 256


def prepare(raw: sqlite3.Connection) -> None:
    """Let a file that is still empty give pages back; before its first table, or it has no effect."""
    if raw.execute("PRAGMA auto_vacuum").fetchone()[0] != _INCREMENTAL:
        raw.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")


def convert(raw: sqlite3.Connection, path: Path) -> bool:
    """Rewrite an older journal so that it can give pages back; False when it need not or there is no room."""
    if raw.execute("PRAGMA auto_vacuum").fetchone()[0] == _INCREMENTAL:
        return False
    if shutil.disk_usage(path.parent).free < 3 * path.stat().st_size:
        return False
    prepare(raw)
    try:
        raw.execute("VACUUM")
    except sqlite3.OperationalError as error:  # no room after all: the file is as it was
        _log.warning("the journal cannot give pages back: %s", error.sqlite_errorname)
        return False
    return True


def give_back(raw: sqlite3.Connection) -> int:
    """Return some free pages to the disk; returns how many are left to give."""
    raw.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")  # `execute` would end after the first page
    return int(raw.execute("PRAGMA freelist_count").fetchone()[0])
