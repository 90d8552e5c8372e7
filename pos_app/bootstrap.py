"""Put one till together: journal, clock, server, printer and use cases. The only file that knows everyone.

Rule: no Qt. Nothing is opened at import; `start` opens, `App.stop` closes everything that `start` opened.
"""

import logging
import platform
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version as installed_version
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pos_app import training
from pos_app.clock import RandomIds, TillClock
from pos_app.journal import identity, outbox, tampering
from pos_app.journal.copies import Copies
from pos_app.journal.errors import DataDirUnwritable, JournalOfTraining
from pos_app.journal.single import SingleInstance
from pos_app.journal.store import Journal
from pos_app.logs import LogLines
from pos_app.print_queue import PrintQueue
from pos_app.settings import Settings
from pos_app.support import write_bundle
from pos_app.sync.client import ServerClient
from pos_app.sync.listener import LISTEN_SILENCE_SECONDS, Listener
from pos_app.sync.loop import SyncLoop
from pos_app.till.asking import abandon_open_requests
from pos_app.till.refund import ask_again
from pos_app.till.reservations import close_due
from pos_app.till.till import Live, Options, Till
from pos_app.till.values import Changes
from printing.transports import open_printer

_SHUT_OUT = frozenset({"terminal_revoked", "revocation_unproven", "key_unknown"})


@dataclass(frozen=True, slots=True)
class App:
    """A till that runs. `till` is what use cases take."""

    settings: Settings
    till: Till
    client: ServerClient
    sync: SyncLoop
    prints: PrintQueue
    copies: Copies
    _lock: SingleInstance
    _log: logging.Handler

    def start_background(self) -> None:
        """Begin to sync, to print and to keep copies."""
        self.prints.start()
        self.sync.start()
        self.copies.start()

    def train(self, on_change: Callable[[Changes], None], anew: bool = False) -> training.Training:
        """Open the training till beside this one, which goes on; see `training.begin`."""
        return training.begin(self.till, self.prints.lend(), on_change, anew)

    def bundle(self) -> Path:
        """Write the file for support; see `support.write_bundle`. Trouble `data_dir_unwritable`."""
        try:
            return write_bundle(self.settings.data_dir, program_version())
        except OSError as error:
            raise DataDirUnwritable(path=str(self.settings.data_dir.resolve().parent)) from error

    def stop(self) -> None:
        """End the background and close the journal; what waits stays in it."""
        self.sync.stop()
        self.prints.stop()
        self.copies.stop()
        self.client.close()
        self.till.journal.close()
        _end_log(self._log)
        self._lock.release()


def start(settings: Settings, on_change: Callable[[Changes], None]) -> App:
    """Open the till in `settings.data_dir` and recover what a crash left behind.

    `on_change` is called, from any thread, after everything that changes what a screen shows. Trouble:
    `already_running`, `data_dir_unwritable`, `journal_newer`, `journal_damaged`, `disk_full`, `key_missing`,
    `journal_of_training`.
    """
    with ExitStack() as undo:
        lock = SingleInstance.take(settings.data_dir)
        undo.callback(lock.release)
        log = _begin_log(settings.data_dir)
        undo.callback(_end_log, log)
        journal = Journal.open(settings.data_dir, settings.key_storage)
        undo.callback(journal.close)
        if journal.training:
            raise JournalOfTraining(path=str(settings.data_dir))
        app = _assemble(settings, journal, lock, log, on_change)
        undo.pop_all()
    return app


class InService(Exception):
    """This till may not be set aside: its server still wants it (`pending` None), or so many records wait for it."""

    def __init__(self, pending: int | None) -> None:
        super().__init__(f"{pending} records wait" if pending else "not revoked")
        self.pending = pending


def set_aside(settings: Settings, with_queue: bool) -> Path | None:
    """Move the whole data folder of a till that its server has shut out beside itself, so that a new one can begin.

    Hands in first what waits; what cannot be handed in goes along only `with_queue`. Returns the folder, named with
    the terminal code and the time: it stays the data folder of that till, its keys in it. None: there is no till yet.
    Raises InService; Trouble as `start`, and `data_dir_unwritable` where folders cannot be moved.
    """
    folder = settings.data_dir.resolve()
    app = start(replace(settings, server_url=""), lambda _changes: None)
    try:
        known = app.till.journal.identity
        if known is None:
            return None
        app.sync.cycle()
        with app.till.journal.reading() as rows:
            refused = identity.read_state(rows, "refused")
            # Who does not know this till has nothing of it, whatever was acknowledged before a restore.
            pending = outbox.whole(rows) if refused == "key_unknown" else outbox.summary(rows).pending
        now = app.till.clock.now()
    finally:
        app.stop()
    if refused not in _SHUT_OUT:
        raise InService(None)
    if pending and not with_queue:
        raise InService(pending)
    code = "".join(char for char in known.terminal_code if char.isalnum())
    kept = folder.with_name(f"{folder.name}-{code}-{now:%Y%m%dT%H%M%SZ}")
    try:
        folder.rename(kept)
    except OSError as error:
        raise DataDirUnwritable(path=str(folder)) from error
    return kept


def settle_requests(till: Till) -> None:
    """Before each push: reverse what a failure left open, give back what was set aside and has ended, and ask again for
    refunds that wait for an answer."""
    abandon_open_requests(till, "record_failed")
    close_due(till)
    ask_again(till)


def program_version() -> str:
    """Return the version of this program."""
    return installed_version("tillkeeper")


def _assemble(
    settings: Settings,
    journal: Journal,
    lock: SingleInstance,
    log: logging.Handler,
    on_change: Callable[[Changes], None],
) -> App:
    clock = TillClock(identity.load_anchor(journal), lambda anchor: identity.save_anchor(journal, anchor))
    given = settings.printer or "none"
    live = Live(printer="none" if given == "none" else "starting", printer_address=given)
    client = ServerClient(journal, clock)
    copies = Copies(journal)

    def synced(**what: bool) -> None:
        if what.get("members"):
            copies.wake()
        on_change(Changes(**what))

    sync = SyncLoop(
        journal,
        client,
        synced,
        sweep=lambda: settle_requests(till),
        listener=Listener(journal, ServerClient(journal, clock, LISTEN_SILENCE_SECONDS)),
    )

    def paper_moved(**what: bool) -> None:
        sync.wake()
        on_change(Changes(**what))

    prints = PrintQueue(journal, open_printer(given), clock, live, paper_moved)

    def used(changes: Changes) -> None:
        if changes.paper:
            prints.wake()
        if changes.facts or changes.full_reload:
            sync.wake()
        if changes.session:
            copies.wake()
        on_change(changes)

    hardware = f"{platform.system()} {platform.machine()}"
    options = Options(settings.language, program_version(), hardware, settings.server_url, settings.printer)
    till = Till(journal, clock, RandomIds(clock), client, options, used, live, prints.page, prints.use)
    prints.recover()
    if journal.identity is not None:
        _look_for_tampering(journal)
        _follow_server(journal, settings.server_url)
        abandon_open_requests(till)
    return App(settings, till, client, sync, prints, copies, lock, log)


def _look_for_tampering(journal: Journal) -> None:
    with journal.reading() as rows:
        found = tampering.look(rows, journal.keys)
    if found:
        journal.keep(lambda rows: tampering.note(rows, found))


def _begin_log(data_dir: Path) -> logging.Handler:
    """Keep what the till noticed in `till.log`: three files of 1 MB at most, no personal data in any."""
    handler = RotatingFileHandler(
        data_dir / "till.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(LogLines())
    logging.getLogger("pos_app").addHandler(handler)
    return handler


def _end_log(handler: logging.Handler) -> None:
    logging.getLogger("pos_app").removeHandler(handler)
    with suppress(OSError):  # a full disk keeps its last lines out; it must not keep the till from ending
        handler.close()


def _follow_server(journal: Journal, server_url: str) -> None:
    """The address given at the start wins over the one that pairing stored: a server may move."""
    known = journal.require_identity()
    if server_url and server_url != known.server_url:
        journal.keep(lambda rows: identity.set_server_url(rows, known, server_url))
        journal.reload()
