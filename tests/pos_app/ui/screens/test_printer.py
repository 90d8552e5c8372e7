"""The printer's screen, by a hand on the real widgets: found, chosen, tested, watched, kept."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.devices import printers
from pos_app.till import pages
from pos_app.ui import preferences
from pos_app.ui.widgets.buttons import Choice
from printing.virtual.server import VirtualPrinter
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.printing.transports.cable import Cable
from tests.printing.transports.test_spooler import install

pytestmark = pytest.mark.req("C11")


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualPrinter]:
    """The only printer around, on a network of five hosts."""
    with VirtualPrinter(tmp_path / "paper") as made:
        monkeypatch.setattr(printers, "PORT", made.port)
        monkeypatch.setattr(printers, "local_hosts", lambda: tuple(f"127.0.0.{last}" for last in range(1, 6)))
        monkeypatch.setattr(printers, "attached", list)
        yield made


def address(printer: VirtualPrinter) -> str:
    return f"tcp://127.0.0.1:{printer.port}"


def papers(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((folder / "paper").glob("job-*.json"))]


def open_printer_screen(hand: Hand) -> None:
    hand.tap("nav_more", "nav_printer")
    hand.wait(screen="printer")
    hand.until(lambda: not hand.shell.window.interior.printer.search.runs)  # type: ignore[union-attr]


def choose_found(hand: Hand) -> None:
    """Look, take the first, and wait until it says that it is ready."""
    open_printer_screen(hand)
    hand.wait(visible="found_0")
    hand.tap("found_0", "printer_use")
    live = hand.shop.till.live
    ticks(hand, lambda: live.printer_address != "none" and live.printer == "ready")
    hand.until(lambda: hand.find("printer_test").isEnabled())


def ticks(hand: Hand, holds: Any) -> None:
    """The queue looks at the printer and the window at the queue, until it is so."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, hand.state()["texts"]
        hand.shop.prints.tick()
        hand.shell.window.tick()
        hand.bot.wait(10)


def test_found_chosen_tested_and_kept(hand: Hand, printer: VirtualPrinter, tmp_path: Path) -> None:
    choose_found(hand)
    hand.wait(text=["printer_address", f"127.0.0.1:{printer.port}"])
    assert hand.text("printer_state") == "正常"
    hand.tap("printer_test")
    ticks(hand, lambda: hand.text("printer_notice_title") == "测试页已打印")
    (page,) = papers(tmp_path)
    assert (page["qr"], page["width"], page["complete"]) == (["TEST.SZ1T03"], 576, True)
    assert preferences.load(hand.shop.folder).printer == address(printer)


def test_slips_that_waited_come_out_of_the_printer_that_was_chosen(
    hand: Hand, printer: VirtualPrinter, tmp_path: Path
) -> None:
    hand.tap("product_0", "cash_open", "cash_done", "confirm")
    hand.wait(screen="result")
    choose_found(hand)
    ticks(hand, lambda: len(papers(tmp_path)) == 1)
    assert papers(tmp_path)[0]["qr"][0].startswith("TP.SZ1T03.000001.")


def test_it_is_watched_and_says_what_to_do(hand: Hand, printer: VirtualPrinter) -> None:
    choose_found(hand)
    printer.command("paper out")
    ticks(hand, lambda: hand.text("printer_state") == "缺纸")
    assert hand.text("printer_help").startswith("请装入纸卷")
    hand.tap("printer_test")
    ticks(hand, lambda: hand.text("printer_notice_title") == "没有打印：缺纸")
    printer.command("ok")
    ticks(hand, lambda: hand.text("printer_state") == "正常")
    assert not hand.sees("printer_help")


def test_a_page_that_nobody_answers_for_is_perhaps_printed(hand: Hand, printer: VirtualPrinter) -> None:
    choose_found(hand)
    printer.command("cut after 3000 bytes")
    hand.tap("printer_test")
    ticks(hand, lambda: hand.text("printer_notice_title") == "不确定是否打印：连接中断")


def test_a_page_that_no_printer_takes_in_time_is_given_up(
    hand: Hand, printer: VirtualPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is at another slip."""
    monkeypatch.setattr(pages, "PAGE_SECONDS", 0.01)
    choose_found(hand)
    hand.tap("printer_test")
    hand.wait(text=["printer_notice_title", "没有打印：停滞"])
    assert hand.find("printer_test").isEnabled()
    hand.shop.prints.tick()
    assert papers(tmp_path) == []


def test_narrow_paper_is_followed_and_kept(hand: Hand, printer: VirtualPrinter, tmp_path: Path) -> None:
    choose_found(hand)
    hand.tap("paper_32")
    hand.until(lambda: hand.shop.till.live.paper_columns == 32)
    ticks(hand, lambda: bool(cast_choice(hand, "paper_32").chosen))
    hand.tap("printer_test")
    ticks(hand, lambda: hand.text("printer_notice_title") == "测试页已打印")
    ticks(hand, lambda: len(papers(tmp_path)) == 1)
    assert preferences.load(hand.shop.folder).paper == "32"
    assert preferences.columns(preferences.load(hand.shop.folder)) == 32


def cast_choice(hand: Hand, name: str) -> Choice:
    found = hand.find(name)
    assert isinstance(found, Choice)
    return found


def test_a_serial_printer_at_another_speed(
    hand: Hand, printer: VirtualPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cable = Cable(printer, tmp_path / "ttyS7")
    found = printers.FoundPrinter(f"serial://{cable.device}?baud=19200", "serial", "FT232R")
    monkeypatch.setattr(printers, "attached", lambda: [found])
    monkeypatch.setattr(printers, "local_hosts", lambda: ())
    try:
        choose_found(hand)
        hand.tap("speed_115200")
        ticks(hand, lambda: hand.shop.till.live.printer_address.endswith("?baud=115200"))
        ticks(hand, lambda: hand.shop.till.live.printer == "ready")
        hand.tap("printer_test")
        ticks(hand, lambda: hand.text("printer_notice_title") == "测试页已打印")
    finally:
        cable.stop()
    assert cast_choice(hand, "speed_115200").chosen
    ticks(hand, lambda: hand.text("printer_state") == "没有插好")


def test_a_queue_of_the_computer_is_handed_the_page(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = install(tmp_path / "cups", monkeypatch)
    monkeypatch.setattr(printers, "USB_DEVICES", tmp_path / "none")
    monkeypatch.setattr(printers, "list_ports", lambda: ())
    monkeypatch.setattr(printers, "local_hosts", lambda: ())
    choose_found(hand)
    hand.tap("printer_test")
    ticks(hand, lambda: hand.text("printer_notice_title") == "测试页已交给系统")
    assert (spool / "job").read_bytes().startswith(b"\x1b@")


def test_an_address_by_hand(hand: Hand, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "local_hosts", lambda: ())
    open_printer_screen(hand)
    assert hand.sees("printers_empty")
    hand.type("printer_box", "my printer")
    hand.tap("printer_enter")
    hand.wait(text=["printer_notice_title", "这不是打印机的地址"])
    hand.type("printer_box", f"127.0.0.1:{printer.port}")
    hand.key("Return")
    ticks(hand, lambda: hand.sees("printer_forget") and hand.text("printer_state") == "正常")
    hand.tap("printer_forget")
    ticks(hand, lambda: hand.text("printer_state") == "未设置")
    assert preferences.printer(preferences.load(hand.shop.folder)) == "none"


def test_a_printer_given_at_the_start_wins_and_the_screen_says_so(open_window: Open, printer: VirtualPrinter) -> None:
    made = open_window(language="en")
    made.sign_in()
    till = made.shop.till
    given = replace(till, options=replace(till.options, printer=address(printer)))
    made.shell.app.till = given
    interior = made.shell.window.interior
    assert interior is not None
    interior.printer.till = given
    made.shell._use_printer()
    open_printer_screen(made)
    made.wait(visible="printer_fixed_title", text=["printer_address", f"127.0.0.1:{printer.port}"])
    assert not made.find("printer_use").isEnabled()
    assert not made.find("printer_box").isEnabled()
    assert not made.sees("printer_forget")
    made.tap("found_0")
    assert not made.find("printer_use").isEnabled()


def test_a_choice_that_cannot_be_understood_is_none(hand: Hand) -> None:
    for kept in ("lpt1:", "tcp://a..b", "usb:///%00", "tcp://me:secret@host"):
        assert preferences.printer(preferences.Preferences(printer=kept)) == "none"
    assert preferences.columns(preferences.Preferences(paper="wide")) == 48
