"""Run the cashier window: show it first, load the till behind it, end everything in order.

Rule: imports Qt and the shell of the window only, so that a person sees the till before SQLAlchemy, the journal and
the camera are loaded (stack.md, "cold start"). How to start a till is an argument: `bootstrap` knows everyone, not us.
"""

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from pos_app.till.values import Changes
from pos_app.ui import preferences, theme
from pos_app.ui.bridge import Bridge
from pos_app.ui.crash import CrashReporter
from pos_app.ui.garbage import Collector
from pos_app.ui.messages import expected, explain
from pos_app.ui.phrases import Phrases
from pos_app.ui.window import Window

FIRST_LANGUAGE = "zh-CN"
HEART_MS = 500


class WindowSettings(Protocol):
    """What the window reads of the settings (`pos_app.settings.Settings`)."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def camera(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def window_size(self) -> tuple[int, int] | None: ...
    @property
    def play(self) -> bool: ...


Start = Callable[[Any, Callable[[Changes], None]], Any]
"""`pos_app.bootstrap.start`: (settings, on_change) -> App. Called off the GUI thread."""


def run(settings: WindowSettings, start: Start) -> int:
    """Show the window and live until it is closed; returns the exit code."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    theme.load_fonts()
    application.setApplicationName("tillkeeper")
    application.setFont(theme.font(theme.TEXT))
    shell = Shell(settings, start)
    _end_when_asked(shell.window)
    shell.show()
    code = application.exec()
    shell.stop()
    return code


def _end_when_asked(window: Window) -> None:
    """Close as by hand when the system asks the process to end: the journal is then whole in its file."""
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: window.close())
    heart = QTimer(window, interval=HEART_MS)  # Python hears of a signal only when some of it runs
    heart.timeout.connect(lambda: None)
    heart.start()


def _theme(chosen: preferences.Preferences) -> str:
    return chosen.theme if chosen.theme is not None and chosen.theme in theme.THEMES else theme.FIRST


class Shell(QObject):
    """Holds the window and what runs behind it."""

    _loaded = Signal(object)
    _not_loaded = Signal(object)

    def __init__(self, settings: WindowSettings, start: Start) -> None:
        super().__init__()
        self.settings, self._start = settings, start
        self.chosen = preferences.load(settings.data_dir)
        language = self.chosen.language or settings.language
        say = Phrases(language or FIRST_LANGUAGE)
        theme.use(_theme(self.chosen))
        self.window = Window(say)
        self.crashes = CrashReporter(settings.data_dir / "crashes", say)
        self.crashes.show = self.window.show_crash
        self.collector = Collector()
        self.bridge = Bridge()
        self.bridge.changed.connect(self._follow)
        self._loaded.connect(self._furnish)
        self._not_loaded.connect(self._fail)
        self.window.closing.connect(self.stop)
        self.window.retry_wanted.connect(self._load)
        self.app: Any = None
        self.operations: Any = None
        self.scanner: Any = None
        self.wedge: Any = None
        self.player: Any = None
        self.trainer: Any = None
        self.customer: Any = None
        self.lock: Any = None
        self._assembly: Any = None
        self._paired = False
        self._dressed = True
        self._stopped = False

    def show(self) -> None:
        """Show the window, then begin to load."""
        self.crashes.install()
        self.collector.start()
        size = self.settings.window_size
        if size is None:
            self.window.showFullScreen()
        else:
            self.window.resize(*size)
            self.window.show()
        if self.settings.play:
            player = importlib.import_module("pos_app.ui.player")
            self.player = player.Player(self.window)
            self.player.start()
        self._load()

    def stop(self) -> None:
        """End everything, once."""
        if self._stopped:
            return
        self._stopped = True
        if self.window.interior is not None:
            self.window.interior.printer.search.stop()
        if self.customer is not None:
            self.customer.end()
        for part in (self.scanner, self.operations, self.trainer, self.app):
            if part is not None:
                part.stop()
        self.crashes.remove()
        self.collector.stop()

    # -- loading ------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self.window.begin_start()
        threading.Thread(target=self._load_behind, name="till-start", daemon=True).start()

    def _load_behind(self) -> None:
        try:
            app = self._start(self.settings, self.bridge.report)
            assembly = importlib.import_module("pos_app.ui.assembly")
            self._loaded.emit((app, assembly))
        except BaseException as error:  # noqa: BLE001 - told on the GUI thread
            self._not_loaded.emit(error)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, Exception) and expected(error):
            self.window.fail_start(explain(error, self.window.say))
        else:
            self.window.fail_start(self.crashes.report(error))

    def _furnish(self, loaded: tuple[Any, Any]) -> None:
        self.app, self._assembly = loaded
        if self._stopped:
            self.app.stop()
            return
        operations = importlib.import_module("pos_app.ui.operations")
        scanner = importlib.import_module("pos_app.ui.scanner")
        self.operations = operations.Operations(self.window.say, self._crashed)
        self.operations.settled.connect(self._dress)
        self.scanner = scanner.Scanner(self.app.till.live)
        self.scanner.changed.connect(self.window.tick)
        self.window.picture_dropped.connect(self.scanner.read_picture)
        self.trainer = importlib.import_module("pos_app.ui.trainer").Trainer(self)
        self.window.training_wanted.connect(self.trainer.want)
        self._listen_to_keys()
        self.build()
        if self._paired and self.window.interior is not None:
            self.window.interior.desk.carts.bring_back()
        self._use_printer()
        self.app.start_background()
        self.scanner.start(self.chosen.camera or self.settings.camera)
        self.scanner.hand.start(self.chosen.serial or "")

    def _listen_to_keys(self) -> None:
        """A scanner that types is heard before any widget is."""
        self.wedge = importlib.import_module("pos_app.ui.wedge").Wedge(self.window)
        self.window.windowHandle().installEventFilter(self.wedge)
        self.wedge.scanned.connect(self.scanner.take)
        self.wedge.typed.connect(self.scanner.typed)
        self.wedge.prefix = self.scanner.prefix = self.chosen.prefix or ""
        module = importlib.import_module("pos_app.ui.idle_lock")
        self.lock = module.IdleLock(self.window, module.minutes_of(self.chosen.lock))
        self.window.windowHandle().installEventFilter(self.lock)
        self.scanner.read.connect(self.lock.touch)
        self.lock.locking.connect(self._keep_customer)

    def build(self, desk: Any = None) -> None:
        """Put the screens together anew: another language, look, store or till; with what lay on this till's `desk`."""
        till = self.trainer.till
        self._paired = till.journal.identity is not None
        say = self._assembly.phrases_for(till, self.chosen.language)
        self.crashes.phrases = say
        interior = self._assembly.Interior(till, self.operations, self.scanner, say)
        interior.current = lambda: self.window.screen_name
        if interior.settings is not None:
            interior.settings.language_wanted.connect(self._choose_language)
            interior.settings.theme_wanted.connect(self._choose_theme)
            interior.settings.customer_wanted.connect(self._choose_customer)
            interior.settings.lock_wanted.connect(self._choose_lock)
            interior.settings.show_lock(self.lock.minutes)
            interior.settings.bundle_wanted.connect(self._bundle)
            interior.scanners.camera_wanted.connect(self._choose_camera)
            interior.scanners.port_wanted.connect(self._choose_port)
            interior.scanners.prefix_wanted.connect(self._choose_prefix)
        interior.printer.printer_wanted.connect(self._choose_printer)
        interior.printer.paper_wanted.connect(self._choose_paper)
        for name in ("sign_in", "training"):
            interior.screens[name].training_wanted.connect(self.trainer.want)
        desk = desk or (self.window.interior.desk if self.window.interior is not None else None)
        if desk is not None and desk.till is till:
            interior.desk.inherit(desk)
        self.window.furnish(interior)
        self._show_customer()

    def _show_customer(self) -> None:
        """Show the customer's display where it was chosen to be, over the desk as it is now."""
        if self.customer is not None:
            self.customer.end()
            self.customer = None
        place, interior = self.chosen.customer, self.window.interior
        if interior is None or interior.settings is None:
            return
        interior.settings.show_customer(place)
        if place is None:
            return
        module = importlib.import_module("pos_app.ui.customer")
        self.customer = module.CustomerDisplay(interior.desk, self._assembly.slip_phrases(self.trainer.till))
        self.window.went.connect(self.customer.turn)
        self.customer.turn(self.window.screen_name)
        self.customer.show_at(place)
        self.window.activateWindow()

    def _keep_customer(self) -> None:
        if self.customer is not None:
            self.customer.stay()

    def _follow(self, changes: Changes) -> None:
        if self.app is not None and (self.app.till.journal.identity is not None) != self._paired:
            self.build()
        self.window.follow(changes)

    def _crashed(self, error: BaseException) -> Any:
        message = self.crashes.report(error)
        self.window.show_crash(message)
        return message

    # -- what the cashier chose ---------------------------------------------------------------------------------

    def _choose_language(self, language: str) -> None:
        self._choose(replace(self.chosen, language=language))
        self._dress_anew()

    def _bundle(self) -> None:
        """Write a file for support, of the real till also while one trains."""
        interior = self.window.interior
        if interior is not None and interior.settings is not None:
            shown = interior.settings
            self.operations.run(self.app.bundle, shown.bundled, shown.tell, lane="slow")

    def _choose_camera(self, source: str) -> None:
        self._choose(replace(self.chosen, camera=source))
        self.scanner.start(source)

    def _choose_port(self, port: str) -> None:
        self._choose(replace(self.chosen, serial=port or None))
        self.scanner.hand.start(port)

    def _choose_prefix(self, prefix: str) -> None:
        self._choose(replace(self.chosen, prefix=prefix or None))
        self.wedge.prefix = self.scanner.prefix = prefix

    def _choose_theme(self, name: str) -> None:
        self._choose(replace(self.chosen, theme=name))
        self._dress_anew()

    def _dress_anew(self) -> None:
        """Show the look and language chosen as soon as no screen waits for an answer: it would never hear it."""
        self._dressed = False
        self._dress()

    def _dress(self) -> None:
        if self._dressed or self._stopped or self.operations.waiting:
            return
        self._dressed = True
        theme.use(_theme(self.chosen))
        self.window.setStyleSheet(theme.style_sheet())
        self.build()

    def _choose_customer(self, place: str) -> None:
        self._choose(replace(self.chosen, customer=place or None))
        self._show_customer()

    def _choose_lock(self, minutes: int) -> None:
        self._choose(replace(self.chosen, lock=str(minutes)))
        self.lock.minutes = minutes

    def _choose_printer(self, address: str) -> None:
        self._choose(replace(self.chosen, printer=address))
        self.operations.run(self._use_printer, lambda _: None, lambda _: None, lane="slow")

    def _choose_paper(self, columns: int) -> None:
        self._choose(replace(self.chosen, paper=str(columns)))
        self.operations.run(self._use_printer, lambda _: None, lambda _: None, lane="slow")

    def _use_printer(self) -> None:
        """Print with what was given at the start, else what was chosen here; waits for a slip that is being sent."""
        till = self.app.till
        till.use_printer(till.options.printer or preferences.printer(self.chosen), preferences.columns(self.chosen))

    def _choose(self, chosen: preferences.Preferences) -> None:
        self.chosen = chosen
        preferences.save(self.settings.data_dir, chosen)
