"""Python's garbage is collected on the GUI thread while a window lives: a worker never frees a widget."""

import gc
import threading

from pytestqt.qtbot import QtBot

from pos_app.ui.garbage import Collector
from tests.pos_app.ui.hand import Hand

freed_in: list[str] = []


class Cycle:
    """Freed by the collector only; tells where."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        freed_in.append(threading.current_thread().name)


def allocate() -> None:
    """Make so much that the collector would run many times."""
    for _ in range(5_000):
        Cycle()


def work() -> None:
    """Allocate in a thread of its own."""
    worker = threading.Thread(target=allocate, name="worker")
    worker.start()
    worker.join()


def test_a_worker_frees_nothing_and_the_window_does(qtbot: QtBot) -> None:
    gc.collect()
    freed_in.clear()
    work()
    assert "worker" in freed_in, "Python alone collects wherever somebody allocates"
    collector = Collector()
    collector.start()
    try:
        gc.collect()
        freed_in.clear()
        work()
        assert freed_in == []
        for _ in range(3):
            collector.look()
        assert set(freed_in) == {threading.current_thread().name}
    finally:
        collector.stop()
    assert gc.isenabled()


def test_it_rests_while_a_window_lives(hand: Hand) -> None:
    assert not gc.isenabled()
    hand.shell.stop()
    assert gc.isenabled()
