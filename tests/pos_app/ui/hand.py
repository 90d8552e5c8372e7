"""A cashier's hand and eye for tests: taps, types and looks through the player, so only what a person can do."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.app import Shell
from pos_app.ui.player import Player
from tests.pos_app.ui.shop import PEOPLE, PIN, Shop, short_code


class Hand:
    """Drives one open window."""

    def __init__(self, shell: Shell, shop: Shop, bot: QtBot) -> None:
        self.shell, self.shop, self.bot = shell, shop, bot
        self.player = Player(shell.window)

    def tap(self, *names: str) -> None:
        """Tap widgets one after the other."""
        for name in names:
            self.player.do({"do": "tap", "name": name})

    def type(self, name: str, text: str) -> None:
        """Type into a field, replacing what is there."""
        self.player.do({"do": "type", "name": name, "text": text})

    def key(self, key: str) -> None:
        """Press a key."""
        self.player.do({"do": "key", "key": key})

    def wait(self, **wanted: Any) -> None:
        """Wait until the window shows this."""
        self.until(lambda: not self.player.missing(wanted), lambda: self.player.missing(wanted))

    def until(self, condition: Callable[[], bool], why: Callable[[], str] = lambda: "") -> None:
        """Wait for a condition."""
        try:
            self.bot.waitUntil(condition, timeout=5000)
        except Exception as error:
            raise AssertionError(why() or "it did not come true") from error

    def state(self) -> dict[str, Any]:
        """What the window shows, as data, once it is drawn."""
        self.bot.wait(1)
        return self.player.do({"do": "state"})

    def text(self, name: str) -> str:
        """What a visible widget says."""
        return str(self.state()["texts"].get(name, ""))

    def sees(self, name: str) -> bool:
        """Whether a widget is visible."""
        return name in self.state()["visible"]

    def find(self, name: str) -> QWidget:
        """The visible widget with this name."""
        found = self.player._find(name)
        assert found is not None, name
        return found

    def scan(self, member: int = 1) -> None:
        """Hold a member's code before the camera."""
        self.shell.scanner.scanned.emit(short_code(member))
        self.wait(text=["member_name", PEOPLE[member - 1][0]])

    def sign_in(self) -> None:
        """Sign in and open a shift."""
        self.wait(screen="sign_in")
        self.type("pin_field", PIN)
        self.key("Return")
        self.wait(screen="open_shift")
        self.type("float_field", "200")
        self.key("Return")
        self.wait(screen="checkout")

    def idle(self) -> None:
        """Let everything asked for be done."""
        self.until(lambda: self.shell.operations.waiting == 0)
