"""One till of the run: the real program on a journal in a folder, with a machine, a network and a printer of its own.

Rule: built by the product's own bootstrap; only clock, luck, printer, threads and network are the simulator's. A till
that was killed is opened again from its file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import Engine, create_engine, event

from pos_app import bootstrap
from pos_app.bootstrap import App
from pos_app.clock import TillClock
from pos_app.journal import store
from pos_app.journal.store import FILE_NAME, Journal
from pos_app.settings import Settings
from pos_app.till import sign_in
from pos_app.till.till import Till
from tests.faults.simulator.machine import AtOnce, Dice, Machine, Paper, SeededIds, Time
from tests.faults.simulator.network import Network

Row = tuple[int, str, bytes, str, str | None, str | None]
"""seq, hash, bytes, state, reason, number of a fact in the journal."""
_ALL_PAGES = 1 << 30
_RESERVED_PAGES = 2000
_ROWS = """
SELECT f.seq, f.hash, f.bytes, o.state, o.reason, o.tx_no FROM facts AS f JOIN outbox AS o USING (seq)
 WHERE f.seq > ? ORDER BY f.seq
"""
_STATES = "SELECT f.seq, f.hash, o.state, o.reason, o.tx_no FROM facts AS f JOIN outbox AS o USING (seq)"
ADDRESS = "http://server"
_CLIENT = httpx.Client
_STATEMENTS = create_engine("sqlite://")
"""Whose dialect and compiled statements all journals share: every start of a till would compile them anew."""


class SimulatedTill:
    """A till by its number. `life` counts the histories that its folder has had: a rolled-back one begins another."""

    def __init__(self, number: int, folder: Path, time: Time, dice: Dice, network: Network) -> None:
        self.number, self.folder, self.network, self._dice = number, folder, network, dice
        self.machine, self.printer = Machine(time), Paper()
        self.life = 0
        self._app: App | None = None
        self._fails: Callable[[], None] | None = None
        self.full = False
        self.boots_as = number
        """Whose boots its machine's look like: a copied disk may run in a copy of the whole machine."""

    # Life ----------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether the program is open."""
        return self._app is not None

    @property
    def app(self) -> App:
        assert self._app is not None
        return self._app

    @property
    def till(self) -> Till:
        return self.app.till

    def open(self) -> None:
        """Start the program; a printer that was switched off by a fault stays as it is."""

        def clock(anchor: Any, save: Any) -> TillClock:
            machine = self.machine
            return TillClock(anchor, save, machine.wall, machine.ticks, f"boot-{self.boots_as}-{machine.boots}")

        with ExitStack() as undo:
            for name, value in (
                ("TillClock", clock),
                ("RandomIds", lambda made: SeededIds(made, self._dice)),
                ("open_printer", lambda _: self.printer),
                ("program_version", lambda: "simulated"),
            ):
                undo.enter_context(patch.object(bootstrap, name, value))
            undo.enter_context(patch.object(httpx, "Client", self._client))
            undo.enter_context(patch.object(store, "create_engine", self._engine))
            settings = Settings(self.folder, printer="tcp://printer", camera="none", key_storage="file")
            app = bootstrap.start(settings, lambda _: None)
        app.client._workers = AtOnce()  # type: ignore[assignment]
        hang_up = app.client.hang_up

        def onto_the_same_network() -> None:
            with patch.object(httpx, "Client", self._client):
                hang_up()

        app.client.hang_up = onto_the_same_network  # type: ignore[method-assign]
        self._app = app
        if self.full:
            self._bound_pages()

    @staticmethod
    def _engine(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        engine.dialect, engine._compiled_cache = _STATEMENTS.dialect, _STATEMENTS._compiled_cache
        return engine

    def _client(self, **options: Any) -> httpx.Client:
        return _CLIENT(transport=self.network, **options)

    def close(self) -> None:
        """End the program, by a kill or as a cashier does: what was committed stays."""
        self.fail_statements(None)
        app, self._app = self._app, None
        if app is not None:
            app.stop()

    def sync(self) -> None:
        """One round with the server, as the background begins it: what woke it is being looked at."""
        self.app.sync._woken.clear()
        self.app.sync.cycle()

    def sign_in(self, pin: str) -> None:
        """Somebody signs in."""
        if self.till.live.staff_id is None:
            sign_in.sign_in(self.till, pin)

    # Its disk ------------------------------------------------------------------------------------------------

    def fail_statements(self, fails: Callable[[], None] | None) -> None:
        """Call this before every statement and commit; it raises when the disk is to fail."""
        was, self._fails = self._fails, fails
        if (was is None) != (fails is None):
            change = event.listen if was is None else event.remove
            change(self.journal._engine, "before_cursor_execute", self._before_statement)
            change(self.journal._engine, "commit", self._before_commit)

    def fill_disk(self) -> None:
        """SQLite gets no further page, but for what the reserve gives when it is opened."""
        if not self.full:
            self.full = True
            self._bound_pages()

    def _bound_pages(self) -> None:
        reserve = self.journal.reserve
        (pages,) = self._raw().execute("PRAGMA page_count").fetchone()
        self._raw().execute(f"PRAGMA max_page_count = {pages + 1}")
        opens = reserve.open_up

        def open_up() -> bool:
            opened = opens()
            if opened:
                self._raw().execute(f"PRAGMA max_page_count = {pages + _RESERVED_PAGES}")
            return opened

        reserve.open_up = open_up  # type: ignore[method-assign]

    def empty_disk(self) -> None:
        """There is room again."""
        self.full = False
        if self.running:
            self._raw().execute(f"PRAGMA max_page_count = {_ALL_PAGES}")
            vars(self.journal.reserve).pop("open_up", None)

    def copy_to(self, folder: Path) -> None:
        """Copy the closed till's folder."""
        assert not self.running
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("reserve", "running.lock", "till.log"))

    def go_back_to(self, folder: Path) -> None:
        """The closed till's folder is an older copy of itself from now on."""
        assert not self.running
        shutil.rmtree(self.folder)
        shutil.copytree(folder, self.folder)
        self.life += 1

    def swap_with(self, folder: Path) -> None:
        """The closed till's folder and a copy change places."""
        assert not self.running
        aside = folder.with_name(folder.name + ".aside")
        self.folder.rename(aside)
        folder.rename(self.folder)
        aside.rename(folder)
        self.life += 1

    def _raw(self) -> Any:
        return self.journal._connection.connection.driver_connection

    def _before_statement(self, *_: Any) -> None:
        if self._fails is not None:
            self._fails()

    def _before_commit(self, _: Any) -> None:
        if self._fails is not None:
            self._fails()

    # What it knows -------------------------------------------------------------------------------------------

    @property
    def journal(self) -> Journal:
        return self.till.journal

    @property
    def file(self) -> Path:
        """The journal's file."""
        return self.folder / FILE_NAME

    def rows(self, after: int = 0) -> list[Row]:
        """The facts behind a place in the chain."""
        return list(self._raw().execute(_ROWS, (after,)))

    def journal_rows(self, query: str) -> list[Any]:
        """Look into the journal."""
        return list(self._raw().execute(query))

    def states(self) -> list[tuple[int, str, str, str | None, str | None]]:
        """Of every fact: seq, hash, and what the till takes for its state, reason and number."""
        return list(self._raw().execute(_STATES))
