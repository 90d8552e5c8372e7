"""A scanner that types: a thousand scans at every speed with a button in focus, and people who type beside it."""

import os
import random
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.devices.scans import Scan
from pos_app.ui.wedge import GAP_MS, PREFIXED_GAP_MS, Burst, Wedge
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, PIN, short_code

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%"


class Bench:
    """A window with a button and a field, and a keyboard that everything types on."""

    def __init__(self, qtbot: QtBot) -> None:
        self.widget = QWidget()
        self.button, self.field = QPushButton("sell"), QLineEdit()
        layout = QVBoxLayout(self.widget)
        layout.addWidget(self.button)
        layout.addWidget(self.field)
        qtbot.addWidget(self.widget)
        self.widget.show()
        qtbot.waitExposed(self.widget)
        self.widget.activateWindow()
        handle = self.widget.windowHandle()
        assert handle is not None
        self.window: QWindow = handle
        self.pressed: list[bool] = []
        self.button.clicked.connect(lambda: self.pressed.append(True))
        self.button.setAutoDefault(True)
        self.wedge = Wedge()
        self.window.installEventFilter(self.wedge)
        self.scans: list[str] = []
        self.clock_ms = 0
        self.wedge.scanned.connect(self._note)

    def _note(self, scan: Scan) -> None:
        self.scans.append(scan.text)

    def type(self, text: str, delay: Callable[[], int], end: Qt.Key | None = Qt.Key.Key_Return) -> None:
        """Type as a keyboard does, so many milliseconds before each key."""
        for char in text:
            QTest.keyClick(self.window, ord(char), Qt.KeyboardModifier.NoModifier, delay())
        if end is not None:
            QTest.keyClick(self.window, end, Qt.KeyboardModifier.NoModifier, delay())

    def burst(self, text: str, gap_ms: Callable[[], int]) -> None:
        """The same by a clock of our own: a machine that is busy with others tears nothing apart."""
        self.clock_ms += 500
        for char in [*text, None]:
            self.clock_ms += gap_ms()
            key = Qt.Key.Key_Return if char is None else Qt.Key(ord(char.upper()))
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char or "\r")
                event.setTimestamp(self.clock_ms)
                QCoreApplication.sendEvent(self.window, event)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    yield bench
    bench.widget.close()


def code(rng: random.Random) -> str:
    return "1" + "".join(rng.choices(ALPHABET, k=rng.randint(8, 40)))


@pytest.mark.req("C04", "C11")
@pytest.mark.timeout(900)
def test_a_thousand_scans_with_a_button_in_focus(bench: Bench, qtbot: QtBot) -> None:
    """2 to 20 ms a key: none is split, none leaks, and the button is never pressed. With WEDGE_FULL they are typed in
    real time (five minutes), for a machine that has nothing else to do."""
    rng = random.Random(7)
    bench.button.setFocus()
    wanted = [code(rng) for _ in range(1000)]
    for text in wanted:
        (bench.type if "WEDGE_FULL" in os.environ else bench.burst)(text, lambda: rng.randint(2, 20))
    assert bench.scans == wanted
    assert (bench.pressed, bench.field.text()) == ([], "")


def test_without_it_the_button_would_be_pressed(bench: Bench) -> None:
    bench.window.removeEventFilter(bench.wedge)
    bench.button.setFocus()
    bench.burst("1ABCDEFGH", lambda: 5)
    assert bench.pressed != []


def test_scans_into_a_field_leave_it_alone(bench: Bench, qtbot: QtBot) -> None:
    bench.field.setFocus()
    bench.burst("1ABCDEFGHIJKLMNOPQRSTU", lambda: 3)
    assert bench.scans == ["1ABCDEFGHIJKLMNOPQRSTU"]
    assert bench.field.text() == ""


def test_what_a_person_types_arrives_whole_and_in_order(bench: Bench, qtbot: QtBot) -> None:
    bench.field.setFocus()
    bench.type("13800138000", lambda: GAP_MS + 25, end=None)
    qtbot.waitUntil(lambda: bench.field.text() == "13800138000")
    bench.field.clear()
    bench.type("ab", lambda: 5, end=None)  # two keys in one stroke of the hand
    bench.type("c", lambda: GAP_MS + 25, end=Qt.Key.Key_Left)
    bench.type("d", lambda: GAP_MS + 25, end=None)
    qtbot.waitUntil(lambda: bench.field.text() == "abdc")
    assert bench.scans == []


def test_enter_after_a_pin_presses_what_has_the_focus(bench: Bench, qtbot: QtBot) -> None:
    bench.field.setFocus()
    entered: list[str] = []
    bench.field.returnPressed.connect(lambda: entered.append(bench.field.text()))
    bench.type("2468", lambda: 8)
    assert entered == ["2468"]
    assert bench.scans == []


def test_a_scanner_without_enter(bench: Bench, qtbot: QtBot) -> None:
    bench.field.setFocus()
    bench.type("1ABCDEFGHIJKLMNOPQRSTU", lambda: 3, end=None)
    qtbot.waitUntil(lambda: bench.scans == ["1ABCDEFGHIJKLMNOPQRSTU"])
    assert bench.field.text() == ""


def test_the_same_code_at_once_is_one_scan(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    bench.burst("1ABCDEFGH", lambda: 2)
    bench.burst("1ABCDEFGH", lambda: 2)
    assert bench.scans == ["1ABCDEFGH"]
    now[0] += 2
    bench.burst("1ABCDEFGH", lambda: 2)
    assert bench.scans == ["1ABCDEFGH"] * 2


def test_a_busy_window_tears_no_scan_apart(bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer is over before the next key is looked at; the key's own time says that it belongs here."""
    bench.field.setFocus()
    bench.wedge._timer.setInterval(0)
    bench.burst("1ABCDEFGHIJK", lambda: bench.wedge._timer.timeout.emit() or 5)  # type: ignore[func-returns-value]
    assert bench.scans == ["1ABCDEFGHIJK"]
    assert bench.field.text() == ""


def test_a_key_held_down_is_no_scan(bench: Bench, qtbot: QtBot) -> None:
    bench.field.setFocus()
    QTest.keyClick(bench.window, ord("x"))
    QTest.keyClick(bench.window, Qt.Key.Key_Backspace)
    QTest.keyClick(bench.window, ord("y"), Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bench.field.text() == "")
    assert bench.scans == []


@pytest.mark.req("C11")
def test_with_a_prefix_no_gap_splits_a_scan(bench: Bench, qtbot: QtBot) -> None:
    """Five hundred scans of a scanner slower than any person would wait for, between scans of one without a prefix."""
    rng = random.Random(9)
    bench.wedge.prefix = "%%"
    bench.button.setFocus()
    wanted = [code(rng) for _ in range(500)]
    for number, text in enumerate(wanted):
        if number % 2:
            bench.burst(text, lambda: rng.randint(2, 20))
        else:
            bench.burst("%%" + text, lambda: rng.randint(2, PREFIXED_GAP_MS))
    assert bench.scans == wanted
    assert (bench.pressed, bench.field.text()) == ([], "")


@pytest.mark.req("C11")
def test_a_prefix_makes_short_codes_scans_and_leaves_typing_alone(bench: Bench, qtbot: QtBot) -> None:
    bench.wedge.prefix = "%%"
    bench.field.setFocus()
    bench.burst("%%1A", lambda: 90)
    assert bench.scans == ["1A"]
    bench.type("5%", lambda: GAP_MS + 25)
    bench.type("%%", lambda: GAP_MS + 25)
    bench.type("%1", lambda: GAP_MS + 25, end=None)
    qtbot.waitUntil(lambda: bench.field.text() == "5%%%%1")
    assert bench.scans == ["1A"]


@pytest.mark.req("C11")
def test_how_a_code_was_typed_is_told(bench: Bench, qtbot: QtBot) -> None:
    told: list[Burst] = []
    bench.wedge.typed.connect(told.append)
    bench.wedge.prefix = "%%"
    for text in ("1ABCDEF", "%%1ABCDEF", "1ABCDEF"):
        bench.burst(text, lambda: 7)
    assert told == [Burst("1ABCDEF", "enter", 7, text.startswith("%")) for text in ("1", "%%1", "1")]
    assert bench.scans == ["1ABCDEF"]
    bench.type("1ABCDEFGHIJKL", lambda: 1, end=None)
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told[3].ending == "none"


def test_at_the_till_a_typed_code_finds_the_member(open_window: Callable[..., Hand]) -> None:
    """Wherever the focus is: in a field, on the button that sells; and a PIN is still typed by hand."""
    hand = open_window()
    hand.wait(screen="sign_in")
    keyboard = hand.shell.window.windowHandle()
    hand.until(lambda: focus(hand) == "pin_field", lambda: f"the focus is on {focus(hand)!r}")
    for char in PIN:
        QTest.keyClick(keyboard, ord(char))
        hand.bot.wait(GAP_MS + 25)
    QTest.keyClick(keyboard, Qt.Key.Key_Return)
    hand.wait(screen="open_shift")
    QTest.keyClick(keyboard, Qt.Key.Key_Return)
    hand.wait(screen="checkout")
    for member in (1, 3):
        for char in short_code(member):
            QTest.keyClick(keyboard, ord(char))
        QTest.keyClick(keyboard, Qt.Key.Key_Return)
        hand.wait(text=["member_name", PEOPLE[member - 1][0]])
    assert len(hand.shop.facts()) == 1


def focus(hand: Hand) -> str:
    widget = hand.shell.window.focusWidget()
    return widget.objectName() if widget is not None else ""
