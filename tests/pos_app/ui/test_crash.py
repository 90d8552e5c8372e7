"""What nobody expected: a report with an id, a dialog with the id, and a window that lives on."""

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from pos_app.ui.crash import CrashReporter
from pos_app.ui.phrases import Phrases
from tests.pos_app.ui.hand import Hand


def blow_up() -> None:
    """A bug, with personal data in its hands."""
    phone = "13812346021"
    raise ZeroDivisionError(f"for {phone}")


def test_the_report_names_the_place_and_holds_no_values(tmp_path: Path) -> None:
    reporter = CrashReporter(tmp_path / "crashes", Phrases("en"))
    with pytest.raises(ZeroDivisionError) as caught:
        blow_up()
    message = reporter.report(caught.value)
    (report,) = (tmp_path / "crashes").iterdir()
    text = report.read_text(encoding="utf-8")
    assert reporter.last_id in message.detail
    assert reporter.last_id in report.name
    assert "blow_up" in text
    assert "ZeroDivisionError" in text
    assert "13812346021" not in text


def test_old_reports_make_room(tmp_path: Path) -> None:
    reporter = CrashReporter(tmp_path, Phrases("en"))
    for _ in range(60):
        reporter.report(ValueError())
    assert len(list(tmp_path.iterdir())) == 50


def test_a_disk_that_takes_no_report_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "crashes").write_text("a file where the folder should be")
    reporter = CrashReporter(tmp_path / "crashes", Phrases("en"))
    assert reporter.report(ValueError()).title


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_in_a_slot_shows_its_id_and_the_till_goes_on(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", hand.shell.crashes._from_gui)
    with hand.bot.captureExceptions():
        hand.shell.crashes.install()
        QTimer.singleShot(0, blow_up)
        hand.wait(visible="crash_detail")
        hand.shell.crashes.remove()
    assert hand.shell.crashes.last_id in hand.text("crash_detail")
    hand.tap("crash_close")
    hand.wait(hidden="crash_detail")
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")


def test_a_bug_in_a_command_is_told_beside_the_basket(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.scan(1)
    hand.tap("product_0")
    monkeypatch.setattr(hand.shop.server, "delay", blow_up)
    hand.tap("confirm")
    hand.wait(visible="crash_detail")
    hand.tap("crash_close")
    hand.wait(visible="notice_title")
    assert hand.state()["basket"]["cups"] == 1
    assert list((hand.shop.folder / "crashes").iterdir())


def test_a_crash_on_a_thread_is_written_down(tmp_path: Path) -> None:
    reporter = CrashReporter(tmp_path, Phrases("en"))
    reporter.install()
    try:
        thread = threading.Thread(target=blow_up)
        thread.start()
        thread.join()
    finally:
        reporter.remove()
    assert len(list(tmp_path.iterdir())) == 1
