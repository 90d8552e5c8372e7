"""What the camera sees, small, with a green frame when a code was read; without a camera, words.

Rule: paints the newest picture only; decoding happens elsewhere (`pos_app.devices`).
"""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui import icons, theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.scanner import Scanner
from pos_app.ui.widgets.text import Fitted, fit, paint

SUCCESS_MS = 900


class CameraView(QWidget):
    """A 16:9 picture of what the scanner sees."""

    def __init__(self, name: str, scanner: Scanner, say: Phrases, small: bool = False, tallest: int = 270) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(say("camera.spoken"))
        self.scanner, self.say, self._small, self._tallest = scanner, say, small, tallest
        self.fits: list[Fitted] = []
        self._picture: QImage | None = None
        self._calm = QTimer(self, singleShot=True, interval=SUCCESS_MS)
        self._calm.timeout.connect(self.update)
        if small:
            self.setFixedSize(104, 62)
            self.setHidden(scanner.state == "none")
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        scanner.framed.connect(self._show)
        scanner.read.connect(self._succeed)
        scanner.state_changed.connect(self._forget)

    def sizeHint(self) -> QSize:
        """16:9."""
        return QSize(340, 196)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the shape of a camera's picture."""
        super().resizeEvent(event)
        if not self._small:
            self.setFixedHeight(min(self._tallest, self.width() * 9 // 16))

    def _show(self, picture: QImage) -> None:
        if self.isVisible():
            self._picture = picture
            self.update()

    def _succeed(self) -> None:
        self._calm.start()
        self.update()

    def _forget(self, _state: str) -> None:
        self._picture = None
        self.setVisible(not self._small or self.scanner.state != "none")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture cut to the frame, or say why there is none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = QPainterPath()
        shape.addRoundedRect(box, 10, 10)
        lit = self.scanner.state in ("ready", "starting")
        painter.fillPath(shape, QColor(theme.BAR if lit else theme.GROUND))
        self.fits = []
        if self._picture is not None and self.scanner.state == "ready":
            painter.save()
            painter.setClipPath(shape)
            self._paint_picture(painter, box, self._picture)
            painter.restore()
        elif not self._calm.isActive():
            self._paint_words(painter, box)
        if self._calm.isActive():
            painter.setPen(QPen(QColor(theme.GOOD_STRONG), 6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 10, 10)
            self._paint_tick(painter, box)
        elif not self._small and self._picture is not None:
            self._paint_corners(painter, box)
        painter.end()

    def _paint_picture(self, painter: QPainter, box: QRectF, picture: QImage) -> None:
        scale = max(box.width() / picture.width(), box.height() / picture.height())
        width, height = box.width() / scale, box.height() / scale
        source = QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
        painter.drawImage(box, picture, source)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        size = 24 if self._small else 44
        middle = box.center()
        lift = 0 if self._small else 24
        lit = self.scanner.state in ("ready", "starting")
        image = icons.pixmap("camera", theme.BAR_SOFT if lit else theme.INK_SOFT, size)
        painter.drawPixmap(int(middle.x() - size / 2), int(middle.y() - size / 2 - lift), image)
        if not self._small:
            fitted = fit(self.say.code("scanner.view", self.scanner.state), box.width() - 32, theme.TEXT, lines=2)
            self.fits.append(fitted)
            place = QRectF(box.left() + 16, middle.y() + 12, box.width() - 32, fitted.height)
            paint(painter, fitted, place, theme.BAR_INK if lit else theme.INK_SOFT, Qt.AlignmentFlag.AlignHCenter)

    def _paint_tick(self, painter: QPainter, box: QRectF) -> None:
        size = 26 if self._small else 56
        ball = QRectF(box.center().x() - size / 2, box.center().y() - size / 2, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.GOOD_STRONG))
        painter.drawEllipse(ball)
        mark = int(size * 0.7)
        left, top = int(ball.center().x() - mark / 2), int(ball.center().y() - mark / 2)
        painter.drawPixmap(left, top, icons.pixmap("check", theme.ON_PRIMARY, mark))

    def _paint_corners(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(QColor(255, 255, 255, 210), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        side, arm = box.height() * 0.66, 22
        frame = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        for x, to_x in ((frame.left(), arm), (frame.right(), -arm)):
            for y, to_y in ((frame.top(), arm), (frame.bottom(), -arm)):
                painter.drawLine(int(x), int(y), int(x + to_x), int(y))
                painter.drawLine(int(x), int(y), int(x), int(y + to_y))
