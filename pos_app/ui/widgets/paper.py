"""A slip as the paper looks: the printer's own dots on paper that was torn off, in the light of the shop.

Rule: paper is paper in every theme. What it says is there for a screen reader too.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent, qRgb
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.till.order_values import SlipPicture
from pos_app.ui import theme
from pos_app.ui.widgets.layout import row

_TOOTH = 7
_SHADOW = 6


class Paper(QWidget):
    """One slip, as wide as there is room up to `widest` pixels, as high as it is then."""

    def __init__(self, name: str, widest: int = 460) -> None:
        super().__init__()
        self.setObjectName(name)
        self._picture: QImage | None = None
        self._scaled: QImage | None = None
        self.setMaximumWidth(widest)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: SlipPicture | None, spoken: str = "") -> None:
        """Show a slip, or nothing."""
        self._picture = None if picture is None else _image(picture)
        self.setAccessibleName(spoken)
        self.setAccessibleDescription("" if picture is None else picture.text)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of the slip at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._scaled = None
        wide = self.width() - 2 * _SHADOW
        if self._picture is None or wide < 1:
            self.setFixedHeight(0)
            return
        height = wide * self._picture.height() // self._picture.width()
        ratio = self.devicePixelRatioF()
        self._scaled = self._picture.scaled(
            round(wide * ratio), round(height * ratio), mode=Qt.TransformationMode.SmoothTransformation
        )
        self._scaled.setDevicePixelRatio(ratio)
        self.setFixedHeight(height + 2 * _TOOTH + 2 * _SHADOW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a soft shadow, the torn paper and the dots on it."""
        if self._scaled is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW // 2, -_SHADOW, -_SHADOW)
        for reach in range(_SHADOW, 0, -1):
            painter.setBrush(QColor(16, 24, 40, 6))
            painter.drawRoundedRect(box.adjusted(-reach, _TOOTH, reach, reach - _TOOTH // 2), reach + 2, reach + 2)
        painter.setBrush(QColor(theme.PAPER))
        painter.drawPath(_torn(box))
        painter.drawImage(QPointF(box.left(), box.top() + _TOOTH), self._scaled)
        painter.end()


def in_the_middle(paper: Paper) -> QWidget:
    """Set a paper in the middle of what is wider than it."""
    made = QWidget()
    line = row(None, paper, None, gap=0)
    line.setStretch(1, 1000)
    made.setLayout(line)
    return made


def _image(picture: SlipPicture) -> QImage:
    """The dots in the colours of ink and paper."""
    made = QImage(picture.dots, picture.width, picture.height, picture.width, QImage.Format.Format_Indexed8)
    ink, paper = QColor(theme.PAPER_INK), QColor(theme.PAPER)
    made.setColorTable(
        [
            qRgb(*(low + (high - low) * grey // 255 for low, high in zip(_rgb(ink), _rgb(paper), strict=True)))
            for grey in range(256)
        ]
    )
    return made.convertToFormat(QImage.Format.Format_RGB32)  # a copy: the bytes may go


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _torn(box: QRectF) -> QPainterPath:
    """Paper with the teeth of the cutter above and below."""
    teeth = max(2, round(box.width() / (2 * _TOOTH)))
    step = box.width() / teeth
    path = QPainterPath(QPointF(box.left(), box.top() + _TOOTH))
    for number in range(teeth):
        left = box.left() + number * step
        path.lineTo(left + step / 2, box.top())
        path.lineTo(left + step, box.top() + _TOOTH)
    path.lineTo(box.right(), box.bottom() - _TOOTH)
    for number in range(teeth):
        right = box.right() - number * step
        path.lineTo(right - step / 2, box.bottom())
        path.lineTo(right - step, box.bottom() - _TOOTH)
    path.closeSubpath()
    return path
