"""The left bar: the screens that work now, and the lock."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import NavButton
from pos_app.ui.widgets.layout import column

ENTRIES = (
    ("checkout", "scan", "F2"),
    ("sell_pass", "pass-add", "F4"),
    ("top_up", "wallet-add", "F5"),
    ("orders", "orders", "F7"),
    ("refund", "refund", "F8"),
    ("shift", "shift", "F11"),
    ("more", "more", ""),
)
BELONGS = {
    "result": "checkout",
    "create_member": "checkout",
    "outbox": "more",
    "set_aside": "more",
    "printer": "more",
    "checks": "more",
    "scanner": "more",
    "settings": "more",
    "training": "more",
}
"""Screens without an entry of their own."""


class Nav(QWidget):
    """Emits the name of the screen that was tapped, or "lock"."""

    wanted = Signal(str)

    def __init__(self, say: Phrases, foot: QWidget) -> None:
        super().__init__()
        self.setObjectName("nav")
        self._buttons: dict[str, NavButton] = {}
        stack = column(gap=6)
        for name, image, key in ENTRIES:
            stack.addWidget(self._button(name, say(f"nav.{name}"), image, key))
        stack.addStretch(1)
        stack.addWidget(foot)
        stack.addWidget(self._button("lock", say("nav.lock"), "lock", "Ctrl+L"))
        self.setLayout(stack)
        self.setFixedWidth(104)

    def _button(self, name: str, text: str, image: str, key: str) -> NavButton:
        made = NavButton(f"nav_{name}", text, image, key)
        made.clicked.connect(lambda: self.wanted.emit(name))
        self._buttons[name] = made
        return made

    def shut(self, closed: bool) -> None:
        """Show nothing that begins a sale."""
        for name in ("sell_pass", "top_up"):
            self._buttons[name].setVisible(not closed)

    def show_current(self, screen: str) -> None:
        """Mark the entry of the screen that is in front, or of the one that it belongs to."""
        current = BELONGS.get(screen, screen)
        for name, button in self._buttons.items():
            button.choose(name == current)
