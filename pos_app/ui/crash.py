"""What happens when something nobody expected happens: a file with its id, a dialog with its id, and the till goes on.

Rule: the only catch-all of the window. The report holds the traceback without values of variables, so that no name,
phone or code is written down. Source: architecture.md "Errors, three kinds".
"""

import logging
import secrets
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pos_app.ui.messages import Message
from pos_app.ui.phrases import Phrases

_KEEP = 50
_log = logging.getLogger(__name__)


class CrashReporter:
    """Writes reports to `folder` and tells `show` about each."""

    def __init__(self, folder: Path, phrases: Phrases) -> None:
        self.folder = folder
        self.phrases = phrases
        self.show: Callable[[Message], None] = lambda _message: None
        self.last_id = ""

    def install(self) -> None:
        """Catch what escapes from slots and threads."""
        sys.excepthook = self._from_gui
        threading.excepthook = self._from_thread

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def report(self, error: BaseException) -> Message:
        """Write a report; returns what to show."""
        self.last_id = secrets.token_hex(4).upper()
        _log.error("crash %s: %s", self.last_id, type(error).__name__)
        where = "".join(
            [
                *traceback.format_list(traceback.extract_tb(error.__traceback__)),
                f"{type(error).__module__}.{type(error).__qualname__}\n",
            ]
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            (self.folder / f"crash-{stamp}-{self.last_id}.txt").write_text(where, encoding="utf-8")
            for old in sorted(self.folder.glob("crash-*.txt"))[:-_KEEP]:
                old.unlink(missing_ok=True)
        except OSError as failed:
            _log.error("crash %s could not be written: %s", self.last_id, failed.strerror)
        say = self.phrases
        return Message("bad", say("crash.title"), say("crash.detail", id=self.last_id))

    def _from_gui(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self.show(self.report(error))

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self.report(args.exc_value)
