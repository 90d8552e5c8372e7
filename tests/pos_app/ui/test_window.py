"""The frame around the screens: starting, keys, header, and nothing that makes the cashier wait."""

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from pos_app.journal.errors import AlreadyRunning
from pos_app.till.values import Changes
from pos_app.ui.app import Shell
from tests.pos_app.ui.conftest import Open, WindowSettings
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "till")
    yield made
    made.stop()


def test_the_window_stands_before_the_till_does(qtbot: QtBot, shop: Shop) -> None:
    gate = threading.Event()

    def start(_settings: object, on_change: object) -> object:
        gate.wait(5)
        return shop.app(on_change)  # type: ignore[arg-type]

    shell = Shell(WindowSettings(shop.folder), start)
    shell.show()
    assert shell.window.isVisible()
    assert shell.window.starting.title.text() == "正在启动"
    gate.set()
    qtbot.waitUntil(lambda: shell.window.screen_name == "sign_in")
    shell.window.close()
    assert shop.stopped


def test_a_till_that_cannot_start_says_why_and_can_be_tried_again(qtbot: QtBot, shop: Shop) -> None:
    tries = []

    def start(_settings: object, on_change: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise AlreadyRunning(path="/data")
        return shop.app(on_change)  # type: ignore[arg-type]

    shell = Shell(WindowSettings(shop.folder), start)
    shell.show()
    hand = Hand(shell, shop, qtbot)
    hand.wait(visible="start_retry")
    assert shell.window.starting.title.text() == "收银程序已经打开"
    hand.tap("start_retry")
    hand.wait(screen="sign_in")
    shell.window.close()


def test_a_bug_at_the_start_is_told_with_its_id(qtbot: QtBot, shop: Shop) -> None:
    def start(_settings: object, _on_change: object) -> object:
        raise KeyError("x")

    shell = Shell(WindowSettings(shop.folder), start)
    shell.show()
    qtbot.waitUntil(shell.window.retry.isVisible)
    assert shell.crashes.last_id in shell.window.starting.detail.text()
    shell.window.close()


def test_the_header_tells_everything_at_a_glance(hand: Hand) -> None:
    hand.wait(header={"network": "在线", "outbox": "待同步 1", "printer": "正常", "scanner": "无摄像头"})
    hand.wait(header={"shift": "班次进行中", "cashier": "李敏", "clock": "14:32", "store": "深圳万象店"})
    hand.shop.go_offline(3 * 3600)
    hand.shop.till.live.printer = "paper_out"
    hand.shop.clock.pass_by(600)
    hand.shop.till.notify(Changes(network=True, paper=True))
    hand.wait(header={"network": "离线 3 小时", "outbox": "待同步 1 · 10 分钟", "printer": "缺纸", "clock": "14:42"})


def test_keys_lead_where_they_say(hand: Hand) -> None:
    for key, screen in (("F4", "sell_pass"), ("Escape", "checkout"), ("F9", "outbox"), ("F2", "checkout")):
        hand.key(key)
        hand.wait(screen=screen)
    assert hand.sees("phone_find")


def test_the_left_bar_leads_to_every_screen_it_names(hand: Hand) -> None:
    for name in (
        "sell_pass",
        "top_up",
        "orders",
        "refund",
        "shift",
        "more",
        "outbox",
        "more",
        "checks",
        "more",
        "settings",
        "checkout",
    ):
        hand.tap(f"nav_{name}")
        hand.wait(screen=name)


@pytest.mark.req("C07")
def test_a_slow_server_never_freezes_the_window(hand: Hand) -> None:
    """The heartbeat of the GUI thread goes on while the ledger is asked for 400 ms."""
    beats: list[float] = []
    heart = QTimer(interval=5)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))
    hand.shop.server.delay = lambda: time.sleep(0.4)
    hand.scan(1)
    hand.tap("product_0")
    heart.start()
    hand.tap("confirm")
    assert hand.text("confirm") == "正在记账…"
    assert not hand.find("confirm").isEnabled()
    hand.wait(screen="result")
    heart.stop()
    gaps = [after - before for before, after in pairwise(beats)]
    assert len(beats) > 20
    assert max(gaps) < 0.3


def test_a_tap_shows_in_the_same_turn_of_the_event_loop(hand: Hand) -> None:
    """`make bench SUITE=till` measures how long that takes (bar: 50 ms)."""
    hand.scan(1)
    hand.tap("pass_1")
    hand.tap("product_0")
    assert hand.shell.window.interior is not None
    assert hand.shell.window.interior.desk.basket.cups


def test_thousands_of_changes_leave_the_window_as_it_was(open_window: Open) -> None:
    hand = open_window()
    hand.sign_in()
    hand.scan(1)
    hand.tap("product_0")
    before = len(hand.shell.window.findChildren(QObject))
    for number in range(3_000):
        hand.shop.till.notify(Changes(facts=True, outbox=True, members=number % 100 == 0, network=True))
        if number % 100 == 0:
            hand.bot.wait(1)
    hand.idle()
    hand.bot.wait(50)
    assert len(hand.shell.window.findChildren(QObject)) <= before + 20
    hand.tap("confirm")
    hand.wait(screen="result")


def test_closing_the_window_ends_everything(hand: Hand) -> None:
    hand.shell.window.close()
    assert hand.shop.stopped
    names = {thread.name for thread in threading.enumerate()}
    assert not {name for name in names if name.startswith("till-")} - {"till-player"}
