"""Inline messages: what happened, what was not charged, and one next action. Also the empty state.

Rule: colour never speaks alone, an icon stands beside it; nothing here blocks the cashier.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from pos_app.ui import icons, theme
from pos_app.ui.messages import Message
from pos_app.ui.widgets.buttons import Glyph, push
from pos_app.ui.widgets.layout import column, empty, row
from pos_app.ui.widgets.text import Words

_IMAGES = {"info": "info", "good": "check-circle", "warn": "alert", "bad": "stop", "plain": "info"}


class Notice(QFrame):
    """A coloured band; hidden while there is nothing to say."""

    acted = Signal(str)
    closed = Signal()

    def __init__(self, name: str, closes: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._closes = closes
        self._rows = column(gap=0)
        self.setLayout(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.message: Message | None = None
        self.hide()

    def show_message(self, message: Message | None) -> None:
        """Show a message, or nothing."""
        if message == self.message:
            return
        self.message = message
        empty(self._rows)
        if message is None:
            self.hide()
            return
        ink, ground = theme.tones()[message.tone]
        self.setStyleSheet(f"QFrame#{self.objectName()} {{ background: {ground}; border-radius: {theme.RADIUS}px; }}")
        image = QLabel()
        image.setPixmap(icons.pixmap(_IMAGES[message.tone], ink, 24))
        image.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        words.addWidget(self._words(message.title, f"{self.objectName()}_title", True, message.tone))
        if message.detail:
            words.addWidget(self._words(message.detail, f"{self.objectName()}_detail", False, ""))
        top = row(image, words, gap=10)
        top.setStretch(1, 1)
        top.setContentsMargins(14, 12, 8, 12)
        if self._closes:
            close = Glyph(f"{self.objectName()}_close", "close", self._closes, 40, flat=True)
            close.clicked.connect(self.closed)
            top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        if message.action:
            action = push(f"{self.objectName()}_action", message.action_words)
            action.clicked.connect(lambda: self.acted.emit(message.action))
            words.addSpacing(6)
            words.addWidget(action, 0, Qt.AlignmentFlag.AlignLeft)
        self._rows.addLayout(top)
        self.setAccessibleName(f"{message.title} {message.detail}")
        self.setMinimumHeight(0)
        self.setVisible(True)
        self._take_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as tall as the wrapped words need at this width."""
        super().resizeEvent(event)
        self._take_height()

    def event(self, event: QEvent) -> bool:
        """Words that were laid anew, wider, may need less height than was asked for them."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._take_height()
        return handled

    def _take_height(self) -> None:
        needed = self._rows.totalHeightForWidth(self.width()) if self._rows.hasHeightForWidth() else -1
        if needed > 0:
            self.setMinimumHeight(needed)

    @staticmethod
    def _words(text: str, name: str, bold: bool, tone: str) -> Words:
        made = Words(text, theme.TEXT, bold, tone="" if tone in ("plain", "info") else tone, wrap=True)
        made.setObjectName(name)
        return made


class Empty(QWidget):
    """What an empty list shows: an icon, a line, and what to do."""

    def __init__(self, name: str, image: str, title: str, detail: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = Words("", theme.TEXT_STRONG, bold=True, wrap=True)
        self.detail = Words("", theme.TEXT, tone="soft", wrap=True)
        sides = (Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignTop)
        for words, side in zip((self.title, self.detail), sides, strict=True):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter | side)
            words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setLayout(column(None, self._image, self.title, self.detail, None, gap=8, margin=12))
        self.say(image, title, detail)

    def say(self, image: str, title: str, detail: str = "") -> None:
        """Change what is shown."""
        self._image.setPixmap(icons.pixmap(image, theme.LINE_STRONG, 56))
        self.title.setText(title)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
