"""A large tile that stands for something to do: icon over words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from pos_app.ui import icons, theme
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.text import fit, paint

_ICON = 36


class MoveTile(Painted):
    """One of a few things to do; `chosen` is drawn and spoken."""

    def __init__(self, name: str, text: str, image: str) -> None:
        super().__init__(name)
        self.setText(text)
        self.image = image
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for room for a thumb."""
        return QSize(160, 116)

    def nextCheckState(self) -> None:
        """Only `choose` says which one is chosen."""

    def choose(self, chosen: bool) -> None:
        """Draw as chosen, and say it to a screen reader."""
        super().choose(chosen)
        self.setChecked(chosen)

    def draw(self, painter: QPainter) -> None:
        """Draw icon and words."""
        ink = theme.PRIMARY_INK if self.chosen else theme.INK
        ink = ink if self.isEnabled() else theme.INK_SOFT
        accent = theme.PRIMARY if self.isEnabled() else theme.INK_SOFT
        room = self.width() - 20
        words = self.put(fit(self.text(), room, theme.TEXT_STRONG, bold=True, lines=2, smallest=theme.TEXT))
        top = (self.height() - _ICON - 8 - words.height) / 2
        painter.drawPixmap((self.width() - _ICON) // 2, int(top), icons.pixmap(self.image, accent, _ICON))
        box = QRectF(10, top + _ICON + 8, room, words.height)
        paint(painter, words, box, ink, Qt.AlignmentFlag.AlignHCenter)
