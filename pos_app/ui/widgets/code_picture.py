"""A QR code on the screen, to be scanned from it: black on white in every theme, whole pixels a module."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from printing.raster import QR_MODULE_DOTS, qr_dots

_SIDE_PIXELS = 190


class CodePicture(QWidget):
    """The code of `text`, spoken as `spoken`."""

    def __init__(self, name: str, text: str, spoken: str, side_pixels: int = _SIDE_PIXELS) -> None:
        super().__init__()
        self._side_pixels = side_pixels
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        dots = qr_dots(text)
        kind = QImage.Format.Format_Grayscale8
        self._dots = QImage(dots.tobytes(), dots.width, dots.height, dots.width, kind).copy()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Ask for as many whole pixels a module as fit, the quiet zone among them."""
        modules = self._dots.width() // QR_MODULE_DOTS
        side = modules * (self._side_pixels // modules)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the code on its own white ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.drawImage(self.rect(), self._dots)
        painter.end()
