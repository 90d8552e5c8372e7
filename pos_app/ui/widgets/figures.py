"""A list of figures: a word at the left, an amount at the right; and a bar that moves while an answer is awaited."""

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui import theme
from pos_app.ui.widgets.layout import column, empty, row, rule
from pos_app.ui.widgets.text import Words

_STEP_MS = 40
_ROUND_STEPS = 38
"""A round of the bar takes as long as the till waits for an answer: 1.5 s."""


class Figures(QWidget):
    """Lines that are drawn anew as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: QVBoxLayout = column(gap=8)
        self.setLayout(self._rows)

    def clear(self) -> None:
        """Take all lines away."""
        empty(self._rows)

    def line(self, name: str, title: str, value: str, size: int = theme.TEXT_STRONG, tone: str = "") -> None:
        """Add a line; `name` is that of the value."""
        shown = Words(value, size, bold=True, tone=tone)
        shown.setObjectName(name)
        made = QWidget()
        made.setLayout(row(Words(title, theme.TEXT, tone="soft"), None, shown))
        self._rows.addWidget(made)

    def part(self) -> None:
        """Add a hair line."""
        self._rows.addWidget(rule())


class Waiting(QWidget):
    """A bar that moves while it is shown."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedHeight(6)
        self._step = 0
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self._move)
        keeps = self.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.setSizePolicy(keeps)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the left."""
        super().showEvent(event)
        self._step = 0
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def _move(self) -> None:
        self._step = (self._step + 1) % _ROUND_STEPS
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill from left to right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(theme.LINE))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setBrush(QColor(theme.PRIMARY))
        width = self.width() * (self._step + 1) / _ROUND_STEPS
        painter.drawRoundedRect(QRectF(0, 0, width, self.height()), 3, 3)
        painter.end()
