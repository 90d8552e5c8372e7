"""The check of a till: each line with a sign and words, and a way to sell whatever it says."""

import shutil
import threading
from collections import namedtuple

import pytest

from models.wire import ALARMS_OF_THE_JOURNAL, TillAlarm
from pos_app.devices.scans import QR_FORMAT, Scan, ScanSource
from pos_app.journal import tampering
from pos_app.till import self_check
from pos_app.ui.phrases import load
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import short_code

WORDS = load("zh-CN")
Usage = namedtuple("Usage", "total used free")


def pair(hand: Hand) -> None:
    hand.wait(screen="pair")
    hand.type("pair_code", "GOODCODE")
    hand.tap("pair_submit")
    hand.wait(screen="first_check")
    hand.idle()


def read(hand: Hand, text: str) -> None:
    hand.shell.scanner.take(Scan(text, QR_FORMAT, ScanSource.CAMERA, "camera", 0.0))


def open_check(hand: Hand) -> None:
    hand.tap("nav_more", "nav_checks")
    hand.wait(screen="checks")
    hand.idle()


def test_it_follows_pairing_and_counts_what_arrives(open_window: Open) -> None:
    hand = open_window(paired=False)
    pair(hand)
    assert hand.text("check_catalogue_state") == WORDS["check.loading"]
    assert "1" in hand.text("check_catalogue_detail")
    assert hand.text("check_missing_title") == WORDS["check.loading"]
    assert hand.find("check_go").isEnabled()
    hand.shop.seed()
    hand.shell.window.tick()
    hand.wait(text=["check_catalogue_detail", "35"])
    hand.shop.loaded()
    hand.wait(text=["check_catalogue_state", WORDS["check.loaded"]])
    lines = hand.shell.window.interior.screens["first_check"].lines  # type: ignore[union-attr]
    for line in ("server", "printer", "disk", "journal"):
        assert lines[line].tone == "good", line
    hand.key("Return")
    hand.sign_in()


def test_a_till_with_nothing_sells_all_the_same(open_window: Open) -> None:
    hand = open_window(paired=False)
    hand.shop.till.live.printer = "none"
    pair(hand)
    hand.shop.seed()
    hand.shop.loaded()
    hand.shop.go_offline()
    hand.tap("check_again")
    hand.wait(text=["check_server_state", WORDS["check.server.bad"]])
    hand.wait(text=["check_missing_title", WORDS["check.missing"]])
    for lack in ("printer", "scanner", "server"):
        assert WORDS[f"check.without.{lack}"] in hand.text("check_missing_detail")
    hand.tap("check_go")
    hand.sign_in()
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")


def test_what_was_scanned_is_told_but_no_members_code(hand: Hand) -> None:
    open_check(hand)
    assert hand.text("check_scanner_state") == WORDS["check.code.none"]
    read(hand, short_code(1))
    assert hand.text("check_scanner_state") == WORDS["check.code.good"]
    assert WORDS["check.code.short"].format(n=20) in hand.text("check_scanner_detail")
    assert short_code(1)[9:] not in " ".join(hand.state()["texts"].values())
    read(hand, "8412345678905")
    assert "8412345678905" in hand.text("check_scanner_detail")
    assert hand.shell.window.screen_name == "checks", "no member is looked up here"
    hand.idle()
    assert hand.shell.window.interior.desk.view is None  # type: ignore[union-attr]


def test_a_picture_that_cannot_be_read_is_told_here(hand: Hand, tmp_path_factory: pytest.TempPathFactory) -> None:
    open_check(hand)
    picture = tmp_path_factory.mktemp("pictures") / "none.png"
    picture.write_bytes(b"no picture")
    hand.shell.scanner.read_picture(str(picture))
    hand.wait(text=["check_scanner_state", WORDS["check.code.bad"]])
    assert hand.shell.window.screen_name == "checks"


def test_a_clock_that_was_off_is_told(hand: Hand) -> None:
    hand.shop.clock.pass_by(600)
    open_check(hand)
    assert hand.text("check_server_state") == WORDS["check.server.good"]
    assert "10" in hand.text("check_server_detail")


@pytest.mark.parametrize(("free", "state"), [(2_000_000_000, "check.size"), (500_000_000, "check.size"), (0, "full")])
def test_room_on_the_disk(hand: Hand, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1 << 40, 0, free))
    open_check(hand)
    lines = hand.shell.window.interior.screens["checks"].lines  # type: ignore[union-attr]
    tone = "good" if free > self_check.LOW_FREE_BYTES else "bad" if free == 0 else "warn"
    assert lines["disk"].tone == tone
    if state == "full":
        assert hand.text("check_disk_state") == WORDS["check.disk.full"]


def test_changed_records_are_told(hand: Hand) -> None:
    with hand.shop.journal.upkeep() as rows:
        tampering.note(rows, (TillAlarm(min(ALARMS_OF_THE_JOURNAL), 1),))
    open_check(hand)
    assert hand.text("check_journal_state") == WORDS["check.journal.bad"]


def test_nobody_waits_for_a_slow_server(hand: Hand) -> None:
    answered = threading.Event()
    hand.shop.server.slow = lambda: answered.wait(5)
    hand.tap("nav_more", "nav_checks")
    hand.wait(text=["check_journal_state", WORDS["check.journal.good"]])
    assert hand.text("check_server_state") == WORDS["check.busy"]
    hand.tap("check_go")
    hand.wait(screen="checkout")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    answered.set()
    hand.idle()


def test_another_language_while_it_asks(hand: Hand) -> None:
    """The screen that asked is gone when the answer comes."""
    answered = threading.Event()
    hand.shop.server.slow = lambda: answered.wait(5)
    hand.tap("nav_more", "nav_checks", "nav_more", "nav_settings", "language_en")
    answered.set()
    hand.idle()
    assert not hand.sees("crash_dialog")
