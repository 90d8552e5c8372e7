"""A box to type a number or code into: Enter means what stands in it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_app.ui import theme


class Entry(QLineEdit):
    """Tells what was entered, stripped and never empty; Enter in an empty box is left to the screen."""

    entered = Signal(str)

    def __init__(self, name: str, placeholder: str, spoken: str, longest: int, size: int = theme.TEXT_STRONG) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFont(theme.font(size))
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(spoken)
        self.setMaxLength(longest)

    def enter(self) -> None:
        """Tell what stands here, for the button beside it too."""
        text = self.text().strip()
        if text:
            self.entered.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter while there is text, so that it never confirms what stands elsewhere."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.enter()
        else:
            super().keyPressEvent(event)
