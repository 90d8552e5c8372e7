"""One house for all tests of a real window: server, printer and till as programs, on a display of our own."""

import random
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from demo.members import MEMBERS
from demo.shops import shops
from demo.stage import Stage
from demo.window import NotShown, Window
from models.facts import Fact, decode_fact
from pos_app.devices.decoder import decode_picture
from pos_app.devices.pictures import load_grey
from pos_app.journal.store import open_for_reading
from pos_app.journal.tables import FACTS
from pos_app.ui.wedge import GAP_MS
from tests.desktop.display import Hand, x_server
from tests.sync_server.conftest import reachable_folder

__all__ = ["reachable_folder"]

STORE, TERMINAL = "SZ1", "SZ1T01"
PEOPLE = next(shop for shop in shops() if shop.store.code == STORE).people
MANAGER = PEOPLE[2]
PACE_SECONDS = (0.002, 0.020)
"""Between two keys of a scanner."""
MOST_LATE = 40


class Counter:
    """A person at the till: sees what the window tells, acts by mouse and keys of the display alone."""

    def __init__(self, stage: Stage, window: Window, hand: Hand) -> None:
        self.stage, self.window, self.hand = stage, window, hand

    def tap(self, *names: str) -> None:
        """Click on widgets one after the other, each as soon as it can be."""
        for name in names:
            self.wait(enabled=name)
            place = self.window.do({"do": "where", "name": name})
            self.hand.click(place["x"], place["y"])

    def enter(self, name: str, text: str) -> None:
        """Click on a field and type."""
        self.tap(name)
        self.until(lambda: self.state()["focus"] == name, f"{name} has no focus")
        self.hand.type(text)
        self.until(lambda: self.state()["texts"].get(name, "") != "", f"nothing stands in {name}")

    def scan(self, text: str, name: str) -> int:
        """Hold a code before the scanner until the member whose `name` it is stands there.

        Returns how often this machine was too busy to type as a scanner does: such bursts tell nothing.
        """
        for late in range(MOST_LATE):
            longest_seconds = self.hand.burst(text, lambda: random.uniform(*PACE_SECONDS))
            if longest_seconds * 1000 <= GAP_MS:
                self.until_shown(name)
                return late
            self._clear()
        raise AssertionError("this machine is too busy to type")

    def until_shown(self, name: str) -> None:
        """Wait for the member; what stands there instead is said."""
        try:
            self.wait(text=["member_name", name])
        except NotShown as error:
            texts = self.state()["texts"]
            seen = {key: texts.get(key, "") for key in ("member_name", "scan_box", "notice_title")}
            raise AssertionError(f"not {name} but {seen}") from error

    def _clear(self) -> None:
        """Take away what a torn burst left."""
        self.tap("scan_box")
        self.hand.key("Ctrl+a")
        self.hand.key("BackSpace")
        self.until(lambda: not self.text("scan_box"), "the box is not emptied")
        for _ in range(2):
            self.hand.key("Escape")

    def next_customer(self) -> None:
        """Press Enter until the result goes; while change is to be given, a quick one is not heard."""

        def pressed() -> bool:
            self.hand.key("Return")
            return bool(self.state()["screen"] == "checkout")

        self.until(pressed, "the result stays")

    def tab_to(self, name: str) -> None:
        """Move the focus with Tab alone."""
        for _ in range(60):
            if self.state()["focus"] == name:
                return
            before = self.state()["focus"]
            self.hand.key("Tab")
            self.until(lambda old=before: bool(self.state()["focus"] != old), "Tab moves nothing")  # type: ignore[misc]
        raise AssertionError(f"Tab never reaches {name}")

    def wait(self, **wanted: Any) -> None:
        """Wait until the window shows this."""
        self.window.wait(30, **wanted)

    def until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Wait for a condition, each look of which is an answer of the window."""
        for _ in range(3000):
            if condition():
                return
        raise AssertionError(otherwise)

    def state(self) -> dict[str, Any]:
        """What the window shows."""
        return self.window.state()

    def text(self, name: str) -> str:
        """What a widget says, "" for one that is not there."""
        return str(self.state()["texts"].get(name, ""))

    def code(self, member: str) -> str:
        """A fresh code of a member, as their phone shows it."""
        member_id = next(found.member_id for found in MEMBERS if found.key == member)
        path = self.stage.folder / "code.png"
        with urllib.request.urlopen(f"{self.stage.server_url}/demo/members/{member_id}/code.png", timeout=20) as answer:
            path.write_bytes(answer.read())
        scan = decode_picture(load_grey(path))
        assert scan is not None
        return scan.text

    def facts(self) -> list[Fact]:
        """The journal, oldest first."""
        rows, close = open_for_reading(self.stage.folder / TERMINAL)
        try:
            return [decode_fact(data) for data in rows.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq)).scalars()]
        finally:
            rows.close()
            close()

    def kinds(self) -> list[str]:
        """What was recorded, oldest first."""
        return [fact.kind for fact in self.facts()]


@pytest.fixture(scope="module")
def counter(reachable_folder: Path) -> Iterator[Counter]:
    """A till that was never paired, its server and its printer."""
    with x_server() as display, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", display)
        patch.setenv("QT_QPA_PLATFORM", "xcb")
        with Stage(reachable_folder / "desktop", display=True) as stage:
            stage.start_server()
            stage.start_printer()
            window = stage.open_window(TERMINAL, "zh-CN")
            window.wait(60, screen="pair")
            hand = Hand(display)
            hand.look_at()
            yield Counter(stage, window, hand)
            hand.close()


@pytest.fixture
def at_work(counter: Counter) -> Counter:
    """Paired, signed in, shift open, nothing on the counter."""
    if counter.state()["screen"] == "pair":
        counter.enter("pair_code", counter.stage.pairing_code(STORE, TERMINAL))
        counter.hand.key("Return")
        counter.tap("check_go")
        counter.wait(screen="sign_in")
    if counter.state()["screen"] == "sign_in":
        counter.tap(*(f"pin_digit_{digit}" for digit in MANAGER.pin), "pin_submit")
        counter.until(lambda: counter.state()["screen"] != "sign_in", "nobody signed in")
    if counter.state()["screen"] == "open_shift":
        counter.enter("float_field", "200")
        counter.hand.key("Return")
    elif counter.state()["screen"] != "checkout":
        counter.tap("nav_checkout")
    counter.wait(screen="checkout")
    return counter
