"""The scanner screen through the real widgets: found, chosen, remembered, tried, and its sheet on paper."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from pos_app.devices import serial_scanner
from pos_app.devices.serial_scanner import MAX_BYTES, PortInfo
from pos_app.devices.trial import LAYOUTS
from pos_app.ui import preferences
from printing.layout import BarCode, QrCode
from printing.scanner_sheet import MAKES, PREFIX, TEST_CODES
from printing.transports import JobOutcome
from tests.pos_app.devices.serial_line import Line
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, short_code

pytestmark = pytest.mark.req("C11")
OURS, THEIRS = TEST_CODES


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    if not hasattr(os, "openpty"):
        pytest.skip("needs a pseudo terminal")
    made = Line(tmp_path)
    yield made
    made.unplug()


@pytest.fixture
def hand(open_window: Open) -> Hand:
    """An open English window, at the counter."""
    made = open_window(language="en")
    made.sign_in()
    return made


def type_keys(hand: Hand, text: str, gap_ms: int, end: Qt.Key | None = Qt.Key.Key_Return, began_ms: int = 0) -> int:
    """Type on the keyboard by a clock of our own; returns the time of the last key."""
    window = hand.shell.window.windowHandle()
    now = began_ms + 5000
    for char in [*text, *([] if end is None else [None])]:
        now += gap_ms
        key = end if char is None else Qt.Key(ord(char.upper()))
        assert key is not None
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char or "\r")
            event.setTimestamp(now)
            QCoreApplication.sendEvent(window, event)
    return now


def open_screen(hand: Hand) -> None:
    hand.tap("nav_more", "nav_scanner")
    hand.wait(screen="scanner")


def test_a_serial_scanner_is_found_chosen_remembered_and_finds_the_member(
    hand: Hand, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_scanner, "list_ports", lambda: (PortInfo(str(line.path), "Test Scanner"),))
    open_screen(hand)
    assert hand.text("port_1") == "Test Scanner · ttyACM9"
    hand.tap("port_1")
    hand.wait(text=["port_state", "ttyACM9 is ready: scan a code."], header={"scanner": "Ready"})
    assert preferences.load(hand.shop.folder).serial == str(line.path)
    line.send(f"{OURS}\r".encode())
    hand.wait(text=["trial_notice_title", "Complete and unchanged"])
    assert hand.text("trial_source") == "Serial scanner"
    assert not hand.sees("trial_ending")
    hand.tap("nav_checkout")
    line.send(f"{short_code(1)}\r\n".encode())
    hand.wait(text=["member_name", PEOPLE[0][0]])
    line.unplug()
    hand.wait(header={"scanner": "Scanner lost"})
    line.plug()
    hand.wait(header={"scanner": "Ready"})
    line.send(f"{short_code(3)}\r".encode())
    hand.wait(text=["member_name", PEOPLE[2][0]])
    open_screen(hand)
    hand.tap("port_0")
    hand.wait(header={"scanner": "None"})
    assert preferences.load(hand.shop.folder).serial is None


def test_what_is_no_code_is_said_and_acts_on_nothing(hand: Hand, line: Line) -> None:
    hand.shell.scanner.hand.start(str(line.path))
    hand.wait(header={"scanner": "Ready"})
    line.send(b"\xff\xfe\xfd\r")
    hand.wait(screen="checkout", text=["notice_title", "The scanner sent something that is not text"])
    open_screen(hand)
    line.send(b"A" * (MAX_BYTES + 9) + b"\r")
    hand.wait(screen="scanner", text=["sheet_notice_title", "The scanner sent more than a code can hold"])


def test_a_port_that_another_program_has_is_told_apart(hand: Hand, line: Line) -> None:
    other = serial_scanner.SystemPort(str(line.path))
    open_screen(hand)
    hand.shell.window.interior.scanners.port_wanted.emit(str(line.path))  # type: ignore[union-attr]
    hand.wait(
        text=["port_state", "Another program or the printer is using ttyACM9. It is taken as soon as it is free."]
    )
    other.close()
    hand.wait(text=["port_state", "ttyACM9 is ready: scan a code."], header={"scanner": "Ready"})


def test_what_was_chosen_holds_at_the_next_start(open_window: Open, line: Line) -> None:
    hand = open_window(language="en", chosen=preferences.Preferences(serial=str(line.path), prefix=PREFIX))
    hand.sign_in()
    hand.wait(header={"scanner": "Ready"})
    line.send(f"{PREFIX}{short_code(1)}\r".encode())
    hand.wait(text=["member_name", PEOPLE[0][0]])
    type_keys(hand, PREFIX + short_code(3), 90)
    hand.wait(text=["member_name", PEOPLE[2][0]])


def test_a_prefix_is_chosen_remembered_and_works_at_any_speed(hand: Hand) -> None:
    open_screen(hand)
    hand.tap("prefix_1")
    assert preferences.load(hand.shop.folder).prefix == PREFIX
    type_keys(hand, OURS, 5)
    hand.wait(text=["trial_notice_title", "Complete, but without the prefix"])
    type_keys(hand, PREFIX + OURS, 90)
    hand.wait(text=["trial_notice_title", "Complete and unchanged"])
    assert hand.text("trial_speed") == "90 ms per key"
    hand.tap("nav_checkout")
    type_keys(hand, PREFIX + short_code(1), 90)
    hand.wait(text=["member_name", PEOPLE[0][0]])
    open_screen(hand)
    hand.tap("prefix_0")
    assert preferences.load(hand.shop.folder).prefix is None
    type_keys(hand, PREFIX + OURS, 5)
    hand.wait(text=["trial_notice_title", "Complete, with something added"])


def test_a_test_code_says_what_arrived(hand: Hand) -> None:
    open_screen(hand)
    assert hand.text("trial_notice_title") == "Waiting for a scan"
    type_keys(hand, OURS, 4)
    hand.wait(text=["trial_notice_title", "Complete and unchanged"])
    facts = [hand.text(f"trial_{name}") for name in ("source", "text", "count", "ending", "speed")]
    assert facts == ["Keyboard scanner", OURS, "39 of 39", "Enter", "4 ms per key"]
    type_keys(hand, THEIRS.translate(LAYOUTS["es"]), 4)
    hand.wait(text=["trial_notice_title", "Read through a Spanish keyboard"])
    assert hand.text("trial_changed").startswith("- → '")
    type_keys(hand, OURS.lower(), 4, Qt.Key.Key_Tab)
    hand.wait(text=["trial_notice_title", "Capitals and small letters are swapped"])
    assert hand.text("trial_ending") == "Tab"
    type_keys(hand, OURS[5:], 4)
    hand.wait(text=["trial_notice_title", "Characters were lost"])
    assert hand.text("trial_count") == "34 of 39"
    assert len(hand.shop.facts()) == 1, "the opened shift; nothing was done"


def test_a_scanner_slower_than_a_person_is_heard_out(hand: Hand) -> None:
    open_screen(hand)
    type_keys(hand, OURS, 60)
    hand.wait(text=["trial_notice_title", "Complete, but typed slowly"])
    assert hand.text("trial_speed") == "60 ms per key"
    type_keys(hand, "a person types this", 60)
    type_keys(hand, OURS, 60, end=None)
    hand.wait(text=["trial_ending", "None"])


def test_the_sheet_is_shown_and_printed(hand: Hand) -> None:
    open_screen(hand)
    hand.tap("sheet_show")
    hand.wait(visible="sheet_print")
    hand.until(lambda: hand.find("sheet_paper").height() > 500)
    assert "Honeywell" in hand.find("sheet_paper").accessibleDescription()
    hand.tap("sheet_print")
    hand.wait(text=["sheet_notice_title", "The sheet is printed"])
    (page,) = hand.shop.pages
    codes = [part.text for part in page.elements if isinstance(part, QrCode | BarCode)]
    assert codes[-2:] == list(TEST_CODES)
    assert [code for code in codes if "2525" in code] == [], "no prefix is expected, so none is programmed"
    hand.key("Escape")
    hand.wait(screen="scanner", visible="trial_code_1")
    hand.tap("prefix_1", "sheet_show")
    hand.wait(visible="sheet_print")
    hand.tap("sheet_print")
    hand.until(lambda: len(hand.shop.pages) == 2)
    codes = [part.text for part in hand.shop.pages[1].elements if isinstance(part, QrCode | BarCode)]
    assert codes[: len(MAKES[0].codes)] == [text for _, text in MAKES[0].codes]
    hand.wait(visible="sheet_notice_title")
    type_keys(hand, PREFIX + OURS, 4)
    hand.wait(text=["trial_notice_title", "Complete and unchanged"], hidden="sheet_notice_title")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (JobOutcome("not_printed", "paper_out"), "The sheet was not printed. Printer: No paper"),
        (JobOutcome("unknown", "stalled"), "Nobody knows whether the sheet came out"),
        (JobOutcome("handed_over"), "The sheet is printed"),
    ],
)
def test_what_became_of_the_sheet_is_said(hand: Hand, outcome: JobOutcome, said: str) -> None:
    hand.shop.till.live.printer = "paper_out"
    hand.shop.page_outcome = outcome
    open_screen(hand)
    hand.tap("sheet_show")
    hand.wait(visible="sheet_print")
    hand.tap("sheet_print")
    hand.wait(text=["sheet_notice_title", said])
    assert hand.find("sheet_print").isEnabled()


def test_cameras_are_chosen_here_and_remembered(hand: Hand) -> None:
    open_screen(hand)
    names = [name for name in hand.state()["visible"] if name.startswith("camera_") and name[7:].isdigit()]
    hand.tap(names[-1])
    assert preferences.load(hand.shop.folder).camera == "none"


def test_the_language_changes_and_the_scanner_stays(hand: Hand, line: Line) -> None:
    hand.shell.scanner.hand.start(str(line.path))
    hand.wait(header={"scanner": "Ready"})
    hand.tap("nav_more", "nav_settings", "language_es-ES")
    hand.idle()
    open_screen(hand)
    line.send(f"{OURS}\r".encode())
    hand.wait(text=["trial_notice_title", "Completo y sin cambios"])
