"""Commands run off the GUI thread, in order; what comes back comes back on it."""

import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from models.refusals import Refusal
from pos_app.ui.messages import Message
from pos_app.ui.operations import Operations
from pos_app.ui.phrases import Phrases


class Bench:
    """Operations, and what they reported."""

    def __init__(self) -> None:
        self.bugs: list[BaseException] = []
        self.operations = Operations(Phrases("en"), self.crashed)
        self.done: list[object] = []
        self.said: list[Message] = []

    def crashed(self, error: BaseException) -> Message:
        self.bugs.append(error)
        return Message("bad", "crash")


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.operations.stop()


def test_a_command_runs_elsewhere_and_answers_here(bench: Bench, qtbot: QtBot) -> None:
    answered_on = []
    bench.operations.run(threading.get_ident, lambda found: answered_on.append((found, threading.get_ident())), print)
    qtbot.waitUntil(lambda: bool(answered_on))
    worker, gui = answered_on[0]
    assert gui == threading.get_ident() != worker


def test_commands_keep_their_order(bench: Bench, qtbot: QtBot) -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number

    for number in range(20):
        bench.operations.run(lambda number=number: slow_first(number), bench.done.append, bench.said.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: bench.operations.waiting == 0)
    assert bench.done == list(range(20))


def test_the_slow_lane_never_holds_up_the_counter(bench: Bench, qtbot: QtBot) -> None:
    gate = threading.Event()
    bench.operations.run(gate.wait, lambda _: bench.done.append("slow"), bench.said.append, lane="slow")
    bench.operations.run(lambda: "tap", bench.done.append, bench.said.append)
    qtbot.waitUntil(lambda: bench.done == ["tap"])
    gate.set()
    qtbot.waitUntil(lambda: bench.done == ["tap", "slow"])


def test_a_refusal_becomes_a_message(bench: Bench, qtbot: QtBot) -> None:
    def refuse() -> None:
        raise Refusal("pass_expired")

    bench.operations.run(refuse, bench.done.append, bench.said.append, "redeem")
    qtbot.waitUntil(lambda: bool(bench.said))
    assert bench.said[0].title == "This pass has expired"
    assert "No use was taken" in bench.said[0].detail
    assert not bench.bugs


def test_a_bug_goes_to_the_crash_handler_and_the_next_command_still_runs(bench: Bench, qtbot: QtBot) -> None:
    bench.operations.run(lambda: 1 // 0, bench.done.append, bench.said.append)
    bench.operations.run(lambda: "next", bench.done.append, bench.said.append)
    qtbot.waitUntil(lambda: bench.done == ["next"])
    assert isinstance(bench.bugs[0], ZeroDivisionError)
    assert bench.said == [Message("bad", "crash")]
