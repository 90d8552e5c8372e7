"""Take the window into training and back: another till behind the same screens, the real one untouched aside.

Rule: the real till is locked while one trains, and goes on syncing and printing; what lay on its counter lies there
again afterwards. Coming back asks for a PIN, since whoever ends a training need not be who began it.
"""

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from pos_app.till import sign_in
from pos_app.till.till import Till
from pos_app.ui.messages import Message

if TYPE_CHECKING:
    from pos_app.ui.app import Shell
    from pos_app.ui.desk import Desk


class Trainer(QObject):
    """Of one shell. `app` is the training that runs (`pos_app.training.Training`), None at the real till."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__()
        self._shell = shell
        self.app: Any = None
        self._aside: Desk | None = None
        self._moving = False
        self._ending: threading.Thread | None = None

    @property
    def till(self) -> Till:
        """The till that the screens are of."""
        found: Till = (self.app or self._shell.app).till
        return found

    def want(self, what: str) -> None:
        """Do "begin", "leave" or "reset"; what does not fit where we are is let go, as the second of two quick taps."""
        interior = self._shell.window.interior
        if self._moving or interior is None or interior.desk.busy or (what == "begin") != (self.app is None):
            return
        self._moving = True
        if what == "begin":
            self._begin(anew=False)
        else:  # behind what is still being done in training, in both lanes
            self._shell.operations.run(
                lambda: None, lambda _: self._leave(anew=what == "reset"), self._failed, lane="slow"
            )

    def stop(self) -> None:
        """End whatever runs, at the program's end."""
        self._end()
        if self._ending is not None:
            self._ending.join()

    def _begin(self, anew: bool) -> None:
        shell = self._shell

        def open_() -> Any:
            if self._ending is not None:
                self._ending.join()
            made = shell.app.train(shell.bridge.report, anew)
            sign_in.sign_out(shell.app.till)
            return made

        shell.operations.run(open_, self._began, self._failed)

    def _began(self, made: Any) -> None:
        shell, interior = self._shell, self._shell.window.interior
        self._moving = False
        self._aside = interior.desk if interior is not None else None
        self.app = made
        shell.scanner.serve(made.till.live)
        shell.build()
        if shell.window.interior is not None:
            shell.window.interior.desk.carts.bring_back()
        made.start_background()

    def _leave(self, anew: bool) -> None:
        shell = self._shell
        shell.operations.run(lambda: None, lambda _: self._left(anew), self._failed)

    def _left(self, anew: bool) -> None:
        shell = self._shell
        sign_in.sign_out(shell.app.till)  # a PIN that was typed while the training began is not an open till now
        self._end()
        shell.scanner.serve(shell.app.till.live)
        shell.build(self._aside)
        self._aside = None
        if anew:
            self._begin(anew=True)
        else:
            self._moving = False

    def _end(self) -> None:
        """Let the training end beside: its printer may take its time."""
        gone, self.app = self.app, None
        if gone is not None:
            self._ending = threading.Thread(target=gone.stop, name="training-end", daemon=True)
            self._ending.start()

    def _failed(self, message: Message) -> None:
        self._moving = False
        self._shell.window.show_crash(message)
