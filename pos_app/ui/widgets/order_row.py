"""One order in the list: what it was and whom for, when and by which number; its amount, and how it stands."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy

from pos_app.till.order_values import OrderRow
from pos_app.till.orders import GROUPS
from pos_app.ui import icons, theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Painted, badge
from pos_app.ui.widgets.text import fit, paint

IMAGES = {
    "sale": "cup", "redemption": "pass", "pass": "pass-add", "top_up": "wallet-add", "charge": "wallet",
    "refund": "refund", "cash": "drawer", "shift": "shift",
}  # fmt: skip
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
_RIGHT = Qt.AlignmentFlag.AlignRight
_MOST_FIGURE = 0.36


def title_of(row: OrderRow, say: Phrases) -> str:
    """Return what it was, and what of."""
    kind = say.code("order.kind", row.kind)
    detail = say.code("move", row.detail) if row.kind == "CashMoved" and row.detail else row.detail
    if row.company:
        detail = say("order.company")
    if row.more:
        detail = f"{detail} +{row.more}"
    return " · ".join(part for part in (kind, detail) if part)


def figure_of(row: OrderRow, say: Phrases) -> str:
    """Return the amount; uses where a pass paid for everything."""
    if row.kind == "PassRedeemed" and not row.amount_minor:
        return say("uses", n=row.uses) if row.uses else ""
    return "" if row.amount_minor is None else say.money(row.amount_minor)


def standing_of(row: OrderRow, say: Phrases) -> tuple[str, str]:
    """Return how it stands in the ledger, and the tone; "" while all is well."""
    if row.decision is not None:
        return say.code("decision", row.decision), "good" if row.decision in ("post", "post_to") else "plain"
    if row.state == "held":
        return say("outbox.held"), "bad"
    if row.back_minor and row.amount_minor is not None:
        whole = row.back_minor >= row.amount_minor
        return say("order.back.all" if whole else "order.back.part"), "plain"
    return (say("outbox.pending"), "warn") if row.state == "pending" else ("", "plain")


class OrderItem(Painted):
    """A row of the list; `chosen` is drawn."""

    def __init__(self, row: OrderRow, say: Phrases, place: int, day: bool) -> None:
        super().__init__(f"order_{place}")
        self.row = row
        self.title, self.figure = title_of(row, say), figure_of(row, say)
        self.standing, self.tone = standing_of(row, say)
        when = say.moment(row.happened_at) if day else say.time(row.happened_at)
        number = say("order.pickup.short", number=row.pickup_no) if row.pickup_no else row.slip
        self.note = " · ".join(part for part in (when, number, row.who) if part)
        spoken = (self.title, self.figure, when, row.slip, number, row.who, self.standing)
        self.setAccessibleName(", ".join(dict.fromkeys(part for part in spoken if part)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(72)

    def sizeHint(self) -> QSize:
        """Ask for a card's room."""
        return QSize(260, 72)

    def draw(self, painter: QPainter) -> None:
        """Draw icon, title, note, figure and standing."""
        inner = QRectF(self.rect()).adjusted(12, 9, -14, -9)
        ground = QRectF(inner.left(), inner.center().y() - 20, 40, 40)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.SURFACE if self.chosen else theme.GROUND))
        painter.drawRoundedRect(ground, 10, 10)
        image = icons.pixmap(IMAGES[GROUP_OF[self.row.kind]], theme.PRIMARY_INK, 24)
        painter.drawPixmap(int(ground.left()) + 8, int(ground.top()) + 8, image)
        left, taken = inner.left() + 50, 0.0
        if self.figure:
            most = inner.width() * _MOST_FIGURE
            figure = self.put(fit(self.figure, most, theme.HEADING, bold=True, smallest=theme.TEXT))
            painter.setFont(theme.font(figure.size, bold=True))
            taken = painter.fontMetrics().horizontalAdvance(figure.lines[0]) + 10.0
            ink = theme.BAD if (self.row.amount_minor or 0) < 0 else theme.INK
            paint(painter, figure, QRectF(inner.right() - taken, inner.top(), taken, 28), ink, _RIGHT)
        room = inner.right() - left - taken
        title = self.put(fit(self.title, room, theme.TEXT, bold=True))
        paint(painter, title, QRectF(left, inner.top() + 3, room, 24), theme.INK)
        below = 0.0
        if self.standing:
            painter.setFont(theme.font(theme.TEXT))
            below = painter.fontMetrics().horizontalAdvance(self.standing) + 18.0
            self.put(badge(painter, self.standing, inner.right() - below + 2, inner.bottom() - 26, self.tone, below))
        room = inner.right() - left - below - 6
        note = self.put(fit(self.note, room, theme.TEXT))
        paint(painter, note, QRectF(left, inner.bottom() - 24, room, 24), theme.INK_SOFT)
