"""The one way out: run a command off the GUI thread and bring its value, or its message, back to it.

Rule: commands run one after another in the order they were asked for (`slow` ones, like look-ups that may wait for the
network, have a lane of their own, so that a tap never waits behind them). A refusal or a trouble becomes a `Message`
in one place (`messages`); a bug goes to the crash handler and the window lives on.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from pos_app.ui.messages import Message, expected, explain
from pos_app.ui.phrases import Phrases

T = TypeVar("T")
_Work = tuple[Callable[[], Any], "_Asked"]


@dataclass(frozen=True, slots=True)
class _Asked:
    done: Callable[[Any], None]
    failed: Callable[[Message], None]
    attempt: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    asked: _Asked
    value: Any
    error: BaseException | None


class Operations(QObject):
    """Worker threads, one for each lane; `crashed` gets what nobody expected."""

    settled = Signal()
    """Everything that was asked for is answered."""
    _finished = Signal(object)
    LANES = ("counter", "slow")

    def __init__(self, phrases: Phrases, crashed: Callable[[BaseException], Message]) -> None:
        super().__init__()
        self.phrases = phrases
        self._crashed = crashed
        self._queues: dict[str, queue.SimpleQueue[_Work | None]] = {lane: queue.SimpleQueue() for lane in self.LANES}
        self._finished.connect(self._deliver)
        self.waiting = 0
        self._threads = [
            threading.Thread(target=self._work, args=(self._queues[lane],), name=f"till-{lane}", daemon=True)
            for lane in self.LANES
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        command: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Message], None],
        attempt: str = "",
        lane: str = "counter",
    ) -> None:
        """Run `command` in the background, then `done(value)` or `failed(message)` on the GUI thread.

        `attempt` names what is tried, for the sentence that says what was not charged.
        """
        self.waiting += 1
        self._queues[lane].put((command, _Asked(done, failed, attempt)))

    def after(self, act: Callable[[], None]) -> None:
        """Act on the GUI thread once every command at the counter that was asked for before is answered."""
        self.run(lambda: None, lambda _: act(), lambda _message: None)

    def stop(self, seconds: float = 5.0) -> None:
        """Let running commands end and stop the workers."""
        for waiting in self._queues.values():
            waiting.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def _work(self, waiting: "queue.SimpleQueue[_Work | None]") -> None:
        while (work := waiting.get()) is not None:
            command, asked = work
            try:
                outcome = _Outcome(asked, command(), None)
            except BaseException as error:  # noqa: BLE001 - carried to the GUI thread and told there
                outcome = _Outcome(asked, None, error)
            self._finished.emit(outcome)

    def _deliver(self, outcome: _Outcome) -> None:
        self.waiting -= 1
        self._answer(outcome)
        if not self.waiting:
            self.settled.emit()

    def _answer(self, outcome: _Outcome) -> None:
        asked, error = outcome.asked, outcome.error
        hears = not _gone(asked.done)
        if error is None:
            if hears:
                asked.done(outcome.value)
            return
        if isinstance(error, Exception) and expected(error):
            message = explain(error, self.phrases, asked.attempt)
        else:
            message = self._crashed(error)
        if hears:
            asked.failed(message)


def _gone(call: Callable[[Any], None]) -> bool:
    """Say whether whoever asked is no more: its screen was built anew, in another language."""
    asker = getattr(call, "__self__", None)
    return isinstance(asker, QObject) and not isValid(asker)
