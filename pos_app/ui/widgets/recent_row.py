"""One of a member's last orders at this till: what and how much, and below it when and by which number.

Rule: only shows, and cannot be tapped.
"""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from pos_app.till.order_values import OrderRow
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.order_row import figure_of, standing_of, title_of
from pos_app.ui.widgets.text import fit, paint

HEIGHT = 64


class RecentRow(Painted):
    """What HQ must look at, and what came back, is said before the time; the number is never cut for the amount."""

    def __init__(self, row: OrderRow, say: Phrases, place: int, now: datetime) -> None:
        super().__init__(f"recent_{place}")
        standing, tone = standing_of(row, say)
        told = "" if tone == "warn" else standing  # that it waits to be sent concerns nobody at the counter
        self.ink = theme.BAD if tone == "bad" else theme.INK_SOFT
        today = row.happened_at.astimezone(say.zone).date() == now.astimezone(say.zone).date()
        when = say.time(row.happened_at) if today else say.moment(row.happened_at)
        self.title, self.figure = title_of(row, say), figure_of(row, say)
        self.note = " · ".join(part for part in (told, when, row.slip) if part)
        self.setAccessibleName(", ".join(part for part in (self.title, self.figure, self.note) if part))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(HEIGHT)

    def sizeHint(self) -> QSize:
        """Ask for two lines' room."""
        return QSize(260, HEIGHT)

    def draw(self, painter: QPainter) -> None:
        """Draw title and amount, and the note over the whole width."""
        inner = QRectF(self.rect()).adjusted(14, 8, -14, -8)
        figure = self.put(fit(self.figure, inner.width() * 0.42, theme.TEXT_STRONG, bold=True, smallest=theme.TEXT))
        painter.setFont(theme.font(figure.size, bold=True))
        taken = painter.fontMetrics().horizontalAdvance(figure.lines[0]) + 10
        place = QRectF(inner.right() - taken, inner.top(), taken, 24)
        paint(painter, figure, place, theme.PRIMARY_INK, Qt.AlignmentFlag.AlignRight)
        title = self.put(fit(self.title, inner.width() - taken, theme.TEXT, bold=True))
        paint(painter, title, QRectF(inner.left(), inner.top() + 1, inner.width() - taken, 24), theme.INK)
        note = self.put(fit(self.note, inner.width(), theme.TEXT))
        paint(painter, note, QRectF(inner.left(), inner.top() + 25, inner.width(), 24), self.ink)
