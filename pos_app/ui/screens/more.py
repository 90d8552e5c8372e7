"""More: what is seldom needed at the counter, one large entry each."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.layout import card, column, row
from pos_app.ui.widgets.text import Words, fit, paint

ENTRIES = ("outbox", "set_aside", "checks", "printer", "scanner", "settings", "training")
"""Screens, in the order in which they are looked for; each has an icon of its name."""
_WIDTH = 720
_HEIGHT = 76
"""Seven of them stand on the smallest screen."""


class Entry(Painted):
    """An icon, a name, and what is there."""

    def __init__(self, name: str, title: str, note: str) -> None:
        super().__init__(f"nav_{name}")
        self.image, self.title, self.note = name, title, note
        self.setAccessibleName(f"{title}, {note}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for the width of the list."""
        return QSize(_WIDTH, _HEIGHT)

    def draw(self, painter: QPainter) -> None:
        """Draw icon, name, note, and a sign that it leads on."""
        middle = self.height() / 2
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(theme.PRIMARY_SOFT))
        painter.drawRoundedRect(QRectF(18, middle - 28, 56, 56), 14, 14)
        painter.drawPixmap(32, int(middle) - 14, icons.pixmap(self.image, theme.PRIMARY_INK, 28))
        painter.drawPixmap(self.width() - 46, int(middle) - 12, icons.pixmap("after", theme.INK_SOFT, 24))
        room = self.width() - 92 - 60
        paint(
            painter,
            self.put(fit(self.title, room, theme.HEADING, bold=True)),
            QRectF(92, middle - 28, room, 28),
            theme.INK,
        )
        paint(painter, self.put(fit(self.note, room, theme.TEXT)), QRectF(92, middle + 2, room, 24), theme.INK_SOFT)


class More(Screen):
    """A short list."""

    name = "more"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        title = Words(self.say("nav.more"), 22, bold=True)
        entries: list[QWidget] = [self._entry(name) for name in ENTRIES]
        made = card(title, *entries, gap=8, margin=16, name="more_card")
        made.setFixedWidth(_WIDTH)
        self.setLayout(column(row(made, None), None))

    def _entry(self, name: str) -> Entry:
        made = Entry(name, self.say(f"nav.{name}"), self.say(f"more.{name}"))
        made.clicked.connect(lambda: self.desk.screen_wanted.emit(name))
        return made
