"""Amounts: a field that takes nothing but an amount, and buttons with an amount and what it brings."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from models.money import parse_amount
from models.refusals import Refusal
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.text import fit, paint


class AmountField(QLineEdit):
    """Text that is an amount in the store's currency, written with the language's point; what is not is dropped."""

    changed = Signal(object)
    """The amount in minor units, None while the field is empty."""

    def __init__(self, name: str, say: Phrases, spoken: str) -> None:
        super().__init__()
        self.say = say
        self.setObjectName(name)
        self.setFont(theme.font(theme.TITLE, bold=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(12)
        self.setAccessibleName(spoken)
        self.textChanged.connect(self._typed)

    @property
    def point(self) -> str:
        """The character between whole and part in this language."""
        return "," if self.say.language == "es-ES" else "."

    def show_amount(self, amount_minor: int | None) -> None:
        """Write an amount (None: nothing) without telling that it changed; the next digit replaces it."""
        self.blockSignals(True)
        whole, part = divmod(amount_minor or 0, 100)
        self.setText("" if amount_minor is None else f"{whole}{self.point}{part:02d}")
        self.selectAll()
        self.blockSignals(False)

    def _typed(self, text: str) -> None:
        kept = "".join(char for char in text if char in "0123456789.,")
        head, point, tail = kept.replace(",", ".").partition(".")
        clean = head[:9] + (("," if "," in kept else ".") + tail.replace(".", "")[:2] if point else "")
        if clean != text:
            self.setText(clean)
            return
        self.changed.emit(self.amount())

    def amount(self) -> int | None:
        """What stands here in minor units, None while it is no amount."""
        try:
            return parse_amount(self.text().rstrip(".,"), self.say.currency)
        except Refusal:
            return None


class AmountTile(Painted):
    """An amount, and below it what comes on top."""

    def __init__(self, name: str, amount: str, extra: str) -> None:
        super().__init__(name)
        self.amount, self.extra = amount, extra
        self.setAccessibleName(" ".join(part for part in (amount, extra) if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(132, 68)

    def draw(self, painter: QPainter) -> None:
        """Draw the amount, and what it brings in green."""
        room = self.width() - 12
        ink = theme.PRIMARY_INK if self.chosen else theme.INK
        amount = self.put(fit(self.amount, room, theme.HEADING, bold=True, smallest=theme.TEXT))
        extra = self.put(fit(self.extra, room, theme.TEXT))
        height = amount.height + (extra.height if self.extra else 0)
        top = (self.height() - height) / 2
        paint(painter, amount, QRectF(6, top, room, amount.height), ink, Qt.AlignmentFlag.AlignHCenter)
        below = QRectF(6, top + amount.height, room, extra.height)
        paint(painter, extra, below, theme.GOOD, Qt.AlignmentFlag.AlignHCenter)
