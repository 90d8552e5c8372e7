"""Digits for fingers: a pad that types into a field.

Rule: every key sends the same text a keyboard would, so the field cannot tell which was used.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from pos_app.ui import theme
from pos_app.ui.widgets.buttons import Choice, Glyph


class Keypad(QWidget):
    """Ten digits, one extra key (a decimal point or nothing) and backspace. `prefix` names the keys."""

    pressed = Signal(str)

    def __init__(self, prefix: str, back_says: str, extra: str = "", height: int = 60) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(grid)
        self._field: QLineEdit | None = None
        for place, digit in enumerate("123456789"):
            grid.addWidget(self._key(f"{prefix}_{digit}", digit, height), place // 3, place % 3)
        if extra:
            grid.addWidget(self._key(f"{prefix}_point", extra, height), 3, 0)
        grid.addWidget(self._key(f"{prefix}_0", "0", height), 3, 1)
        back = Glyph(f"{prefix}_back", "backspace", back_says, height)
        back.setMinimumWidth(theme.TOUCH)
        back.setMaximumWidth(16_777_215)
        back.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        back.clicked.connect(self._back)
        grid.addWidget(back, 3, 2)

    def types_into(self, field: QLineEdit) -> None:
        """Choose the field that the keys write to."""
        self._field = field

    def _key(self, name: str, text: str, height: int) -> Choice:
        key = Choice(name, text, height=height, size=theme.TITLE)
        key.clicked.connect(lambda: self._press(text))
        return key

    def _press(self, text: str) -> None:
        if self._field is not None and self._field.isEnabled():
            self._field.insert(text)
        self.pressed.emit(text)

    def _back(self) -> None:
        if self._field is not None and self._field.isEnabled():
            self._field.backspace()
        self.pressed.emit("")
