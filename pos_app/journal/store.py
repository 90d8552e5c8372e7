"""Open the journal and run transactions on its one connection.

Rule: every transaction holds the lock, so facts form one chain whatever threads there are. `writing` is for what a
cashier does and is refused when the disk is nearly full; `upkeep` is for syncing and paper, which may use the reserve.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from models.catalogue import Store
from models.refusals import Refusal
from pos_app.journal import identity, migrations, mirror, retention, soundness, space
from pos_app.journal.errors import DataDirUnwritable, DiskFull, JournalMissing, JournalOlder, translated
from pos_app.journal.identity import Identity
from pos_app.journal.keys import Keys, open_keys
from pos_app.journal.reserve import Reserve
from pos_app.journal.sealing import Sealer

T = TypeVar("T")

FILE_NAME = "journal.sqlite"
_log = logging.getLogger(__name__)


class Journal:
    """The open journal of one till. Safe to use from any thread."""

    def __init__(self, data_dir: Path, raw: sqlite3.Connection, keys: Keys) -> None:
        self.path = data_dir / FILE_NAME
        self.keys = keys
        self.sealer = Sealer(keys.data_key(), keys.index_key())
        self.reserve = Reserve(data_dir)
        self._lock = threading.RLock()
        self._raw = raw
        self._engine = _engine(raw)
        with translated(str(self.path)):
            self._connection = self._engine.connect()
        self._identity: Identity | None = None
        self.training = False
        """Whether this is the journal of a till in training: nothing in it has happened (`practice`)."""
        self._catalogue: mirror.Catalogue | None = None
        self.reload()

    @classmethod
    def open(cls, data_dir: Path, key_storage: str = "auto") -> "Journal":
        """Open the journal in `data_dir`, making or upgrading it. Only one process may (`SingleInstance`).

        A file that does not hold is left as it is (`soundness`). Trouble: `data_dir_unwritable`, `journal_newer`,
        `journal_damaged`, `journal_emptied`, `journal_log_damaged`, `journal_garbled`, `disk_full`, `key_missing`.
        """
        try:
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DataDirUnwritable(path=str(data_dir)) from error
        path = data_dir / FILE_NAME
        soundness.check(path)
        with translated(str(path)):
            raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                _configure(raw)
                migrations.migrate(raw)
                space.convert(raw, path)
                paired = raw.execute("SELECT 1 FROM state WHERE key = 'identity'").fetchone() is not None
                return cls(data_dir, raw, open_keys(data_dir, key_storage, may_create=not paired))
            except BaseException:
                raw.close()
                raise

    def close(self) -> None:
        """Close the file and put everything into it, so that it alone is the journal; the log is emptied.

        While somebody looks on (`open_for_reading`) or the disk is full the rest stays in the log beside it: both
        together are whole, and the next start goes on with both.
        """
        with self._lock:
            self._connection.close()
            try:
                left_over = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.ProgrammingError:  # closed before
                left_over = 0
            except sqlite3.Error as error:
                left_over = getattr(error, "sqlite_errorname", type(error).__name__)
            if left_over:
                _log.warning("the journal was closed with a part of it in the log beside it (%s)", left_over)
            self._engine.dispose()

    @property
    def identity(self) -> Identity | None:
        """Who this till is; None before pairing."""
        return self._identity

    @property
    def terminal_code(self) -> str:
        """The code in slip numbers; Refusal `not_paired`."""
        return self.require_identity().terminal_code

    @property
    def store(self) -> Store:
        """This till's store as HQ last told; Refusal `not_paired`."""
        found = self.catalogue.store
        if found is None:
            raise Refusal("not_paired")
        return found

    @property
    def catalogue(self) -> "mirror.Catalogue":
        """The mirrored catalogue, kept in memory until the next change."""
        found = self._catalogue
        if found is None:
            with self.reading() as rows:
                found = self._catalogue = mirror.load(rows)
        return found

    def require_identity(self) -> Identity:
        """Return who this till is; Refusal `not_paired`."""
        if self._identity is None:
            raise Refusal("not_paired")
        return self._identity

    def reload(self) -> None:
        """Forget what is kept in memory, after the mirror or the identity changed."""
        with self.reading() as rows:
            self._identity = identity.load(rows)
            self.training = identity.read_state(rows, identity.TRAINING) is not None
            self._catalogue = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction for what a cashier does; Trouble `disk_full` before anything happens."""
        self.reserve.check()
        with self.upkeep() as rows:
            yield rows

    @contextmanager
    def upkeep(self) -> Iterator[Connection]:
        """One transaction that a full disk does not keep out."""
        with self._lock, translated(str(self.path)):
            if self._connection.in_transaction():
                raise RuntimeError("a journal transaction is already open in this thread")
            with self._transaction() as rows:
                yield rows

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent look; inside a transaction of this thread it is that transaction."""
        with self._lock, translated(str(self.path)):
            if self._connection.in_transaction():
                yield self._connection
                return
            with self._transaction() as rows:
                yield rows

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._connection.begin():
                yield self._connection
        finally:
            if self._raw.in_transaction:  # its COMMIT failed, and SQLite keeps it open
                self._raw.rollback()

    def keep(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in an `upkeep` transaction; when the disk is full, once more with the reserve given up."""
        try:
            with self.upkeep() as rows:
                return work(rows)
        except DiskFull:
            if not self.reserve.open_up():
                raise
        with self.upkeep() as rows:
            return work(rows)

    def compact(self) -> bool:
        """Compact a few old facts and give their room back (`retention`); False when there was nothing to do.

        Safe to be cut off anywhere. Trouble as any transaction, with what was done before it kept.
        """
        looked_at = self.keep(retention.compact_some)
        if looked_at == 0:
            return False
        with self._lock, translated(str(self.path)):
            space.give_back(self._raw)
        return True


def _configure(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA busy_timeout = 2000")
    space.prepare(raw)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA trusted_schema = OFF")
    raw.execute("PRAGMA temp_store = MEMORY")


def _engine(raw: sqlite3.Connection) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    del begin
    return engine


def open_for_reading(data_dir: Path) -> tuple[Connection, Callable[[], Any]]:
    """Open the journal to look at it while a till may be running; returns a connection and what closes it.

    Such a connection never writes and never checkpoints. Trouble as in `Journal.open`.
    """
    path = data_dir / FILE_NAME
    if soundness.check_files(path):
        raise JournalMissing(path=str(data_dir))
    raw = soundness.connect(path)
    with translated(str(path)):
        try:
            found = soundness.version(raw, path)
            if found != migrations.KNOWN:
                raise JournalOlder(found=found, known=migrations.KNOWN)
            engine = _engine(raw)
            return engine.connect(), engine.dispose
        except BaseException:
            raw.close()
            raise
