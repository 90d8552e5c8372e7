"""What every screen can do: be entered, follow changes, and answer Enter and Esc."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.till.values import Changes, HeaderView
from pos_app.ui.desk import Desk


class Screen(QWidget):
    """A page of the window. `bare` screens stand without the left bar (before anybody is signed in)."""

    name = ""
    bare = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName(f"screen_{self.name}")
        self.setProperty("role", "page")
        self.desk, self.till, self.say = desk, desk.till, desk.say

    def enter(self) -> None:
        """Called each time the screen comes to the front; keys go to it until a field is chosen."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, changes: Changes) -> None:
        """Called on the front screen when something changed."""

    def tick(self, view: HeaderView) -> None:
        """Called about once a second on the front screen."""

    def take_scan(self, text: str) -> bool:
        """A code was scanned on the front screen; False leaves it to the look-up of members."""
        del text
        return False

    def press_enter(self) -> None:
        """Enter was pressed and no field took it."""

    def press_escape(self) -> bool:
        """Esc was pressed; True when this screen used it, else the window goes back to the checkout."""
        return False
