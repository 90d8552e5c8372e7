"""Text that fits: wrap to lines, step the size down, and only then elide - with the whole text as a tooltip.

Rule: a widget that paints text itself asks `fit`; whatever could not be shown whole is told by `Fitted.cut`, so that
the text-fit test sees it (counter.md: translated text must never be cut silently).
"""

import re
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from pos_app.ui import theme

_LEFT = Qt.AlignmentFlag.AlignLeft
_LONG_WORD = re.compile(r"\S{12}(?=\S)")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines as they will be painted, the pixel size chosen, and whether something had to be cut."""

    lines: tuple[str, ...]
    size: int
    bold: bool
    cut: bool

    @property
    def height(self) -> float:
        return len(self.lines) * line_height(self.size)


def line_height(size: int) -> float:
    """Return the height of a line of text in pixels."""
    return round(size * 1.32)


def fit(text: str, width: float, size: int, bold: bool = False, lines: int = 1, smallest: int | None = None) -> Fitted:
    """Lay `text` into at most `lines` lines of `width` pixels, shrinking down to `smallest` before cutting."""
    for tried in range(size, (smallest or size) - 1, -1):
        found, whole = _wrap(text, width, tried, bold)
        if whole and len(found) <= lines:
            return Fitted(tuple(found), tried, bold, False)
    tried = smallest or size
    found, _ = _wrap(text, width, tried, bold)
    metrics = QFontMetricsF(theme.font(tried, bold))
    shown = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    cut = tuple(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in shown)
    return Fitted(cut, tried, bold, True)


def _wrap(text: str, width: float, size: int, bold: bool) -> tuple[list[str], bool]:
    """Break between words (between hanzi anywhere); also say whether every line fits, so that no word is torn."""
    layout = QTextLayout(text, theme.font(size, bold))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    found, whole = [], True
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        whole = whole and line.naturalTextWidth() <= width + 0.5
        found.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return found or [""], whole


def paint(
    painter: QPainter,
    fitted: Fitted,
    box: QRectF,
    colour: str,
    align: Qt.AlignmentFlag = _LEFT,
) -> None:
    """Paint fitted lines into the top of `box`."""
    painter.setFont(theme.font(fitted.size, fitted.bold))
    painter.setPen(QColor(colour))
    height = line_height(fitted.size)
    for number, line in enumerate(fitted.lines):
        row = QRectF(box.left(), box.top() + number * height, box.width(), height)
        painter.drawText(row, int(align | Qt.AlignmentFlag.AlignVCenter), line)


def breakable(text: str) -> str:
    """Let a label break words longer than a line, as nobody writes them: with breaks that cannot be seen."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


class Words(QLabel):
    """A label that wraps when it may and elides with a tooltip when it must."""

    def __init__(
        self,
        text: str = "",
        size: int = theme.TEXT,
        bold: bool = False,
        tone: str = "",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font(size, bold))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if tone:
            self.setProperty("tone", tone)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self.setMinimumHeight(int(line_height(size)))

    def tone(self, tone: str) -> None:
        """Change the colour by its tone."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    @property
    def cut(self) -> bool:
        """Whether the text does not fit on the one line it has."""
        return not self.wordWrap() and self._needed() > self.width()

    def sizeHint(self) -> QSize:
        """Ask for room for the whole text."""
        hint = super().sizeHint()
        if not self.wordWrap():
            hint.setWidth(self._needed())
        return hint

    def minimumSizeHint(self) -> QSize:
        """Let a layout narrow this label; it elides then."""
        hint = super().minimumSizeHint()
        if not self.wordWrap():
            hint.setWidth(min(self._needed(), 40))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the wrapped text needs at this width."""
        super().resizeEvent(event)
        if self.wordWrap():
            self.setMinimumHeight(0)  # a label never says less than its minimum
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, elided when there is no room, with the whole as a tooltip."""
        tip = self.text() if self.cut else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        if not self.cut:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def _needed(self) -> int:
        return ceil(QFontMetricsF(self.font()).horizontalAdvance(self.text()))
