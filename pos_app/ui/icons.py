"""Line icons in any colour and size, drawn from the SVG files that ship with us.

Rule: an icon never stands without words, a tooltip or an accessible name beside it.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources


def spaced(name: str, colour: str, size: int, gap: int) -> QIcon:
    """Return the icon `name` with `gap` empty pixels at its right, for buttons that set words close to it."""
    drawn = pixmap(name, colour, size)
    ratio = drawn.devicePixelRatio()
    wide = QPixmap(QSize(size + gap, size) * ratio)
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return QIcon(wide)


def pixmap(name: str, colour: str, size: int = 24) -> QPixmap:
    """Draw the icon `name` with `size` logical pixels, sharp on the screen in use."""
    return _draw(name, colour, size, QGuiApplication.primaryScreen().devicePixelRatio())


@lru_cache(maxsize=256)
def _draw(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    source = resources.path(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    drawn = QPixmap(QSize(size, size) * ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn
