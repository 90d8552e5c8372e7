"""The one signal in: from any thread, merged, never lost."""

import threading

from pytestqt.qtbot import QtBot

from pos_app.till.values import Changes
from pos_app.ui.bridge import Bridge, merge


def test_two_changes_say_what_either_says() -> None:
    assert merge(Changes(facts=True), Changes(paper=True)) == Changes(facts=True, paper=True)
    assert merge(Changes(), Changes()) == Changes()


def test_changes_from_another_thread_arrive_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[tuple[Changes, int]] = []
    bridge.changed.connect(lambda changes: seen.append((changes, threading.get_ident())))
    thread = threading.Thread(target=lambda: bridge.report(Changes(outbox=True)))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(Changes(outbox=True), threading.get_ident())]


def test_a_burst_is_merged_and_its_last_word_arrives(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[Changes] = []
    bridge.changed.connect(seen.append)

    def burst() -> None:
        for _ in range(2_000):
            bridge.report(Changes(facts=True))
        bridge.report(Changes(session=True))

    thread = threading.Thread(target=burst)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: any(changes.session for changes in seen))
    assert len(seen) < 200
    bridge.report(Changes(paper=True))
    qtbot.waitUntil(lambda: seen[-1].paper)


def test_a_hundred_thousand_signals_and_the_window_still_answers(qtbot: QtBot) -> None:
    """PySide6 6.12 crashed CPython 3.11 after some 5,200 of them (counter.md, "Versions")."""
    bridge = Bridge()
    count = 0

    def seen(_changes: Changes) -> None:
        nonlocal count
        count += 1

    bridge.changed.connect(seen)
    for _ in range(100_000):
        bridge.report(Changes(network=True))
    assert count == 100_000
