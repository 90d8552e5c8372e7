"""What can go wrong with the journal, each with what a person can do about it behind its code."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Error as SqliteError

from sqlalchemy.exc import DBAPIError

from pos_app.errors import Trouble


class DataDirUnwritable(Trouble):
    """The data folder cannot be made or written. Data: `path`."""

    code = "data_dir_unwritable"


class JournalMissing(Trouble):
    """There is no journal in this folder. Data: `path`."""

    code = "journal_missing"


class AlreadyRunning(Trouble):
    """Another running till holds this data folder. Data: `path`, `pid` when known."""

    code = "already_running"


class JournalNewer(Trouble):
    """A newer program wrote this journal; it is left as it is. Data: `found`, `known` (schema versions)."""

    code = "journal_newer"


class JournalOlder(Trouble):
    """An older program wrote this journal and no till has upgraded it yet. Data: `found`, `known` (schema versions)."""

    code = "journal_older"


class JournalOfTraining(Trouble):
    """This folder is that of a till's training, which is opened from that till alone. Data: `path`."""

    code = "journal_of_training"


class JournalDamaged(Trouble):
    """SQLite says that the file is not sound: no database at all, cut off, or pages that do not fit. Data: `path`."""

    code = "journal_damaged"


class JournalEmptied(Trouble):
    """The file is gone or holds nothing, though a till has begun in this folder. Data: `path`."""

    code = "journal_emptied"


class JournalLogDamaged(Trouble):
    """Its write-ahead log holds transactions that were durable once and cannot be read now. Data: `path` of the log."""

    code = "journal_log_damaged"


class JournalGarbled(Trouble):
    """A value that the till keeps for itself is not what it must be. Data: `key`."""

    code = "journal_garbled"


class DiskFull(Trouble):
    """No room to record: refused before goods move. Data: `path`."""

    code = "disk_full"


class JournalUnavailable(Trouble):
    """Reading or writing failed for another reason. Data: `path`, `reason` (SQLite's name for it)."""

    code = "journal_unavailable"


class KeyMissing(Trouble):
    """The journal was sealed with a key that this machine does not have. Data: `storage`."""

    code = "key_missing"


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Turn SQLite's exceptions into the ones above."""
    try:
        yield
    except DBAPIError as error:
        raise _translate(error.orig, path) from error
    except SqliteError as error:
        raise _translate(error, path) from error


def _translate(error: BaseException | None, path: str) -> Trouble:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_FULL":
        return DiskFull(path=path)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or (not name and "decode to UTF-8" in str(error)):
        return JournalDamaged(path=path)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return DataDirUnwritable(path=path)
    return JournalUnavailable(path=path, reason=name or type(error).__name__)
