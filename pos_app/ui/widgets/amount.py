"""Amounts: a field that takes nothing but an amount, and buttons with an amount and what it brings."""

import re

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from models.money import currency, parse_amount
from models.refusals import Refusal
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.text import fit, paint

_GROUPED = re.compile(r"([0-9]{1,3}([.,])[0-9]{3}(?:\2[0-9]{3})*)(?!\2)[.,]([0-9]+)")
_MOST_DIGITS = 9


class AmountField(QLineEdit):
    """Text that is an amount in the store's currency, written with the language's point; what is not is dropped.

    Of two marks that differ ("1.234,56") the first groups thousands; else nothing is taken, nor of what is
    pasted with one mark and too many digits after it ("1.234": thousands, or a part?).
    """

    changed = Signal(object)
    """The amount in minor units, None while the field is empty."""

    def __init__(self, name: str, say: Phrases, spoken: str) -> None:
        super().__init__()
        self.say = say
        self._before = ""
        self.setObjectName(name)
        self.setFont(theme.font(theme.TITLE, bold=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(20)
        self.setAccessibleName(spoken)
        self.textChanged.connect(self._typed)

    @property
    def point(self) -> str:
        """The character between whole and part in this language."""
        return "," if self.say.language == "es-ES" else "."

    def show_amount(self, amount_minor: int | None) -> None:
        """Write an amount (None: nothing) without telling that it changed; the next digit replaces it."""
        self.blockSignals(True)
        digits = currency(self.say.currency).exponent
        whole, part = divmod(amount_minor or 0, 10**digits)
        self.setText("" if amount_minor is None else f"{whole}{self.point}{part:0{digits}d}")
        self._before = self.text()
        self.selectAll()
        self.blockSignals(False)

    def _typed(self, text: str) -> None:
        kept = "".join(char for char in text if char in "0123456789.,")
        clean = self._ungrouped(kept) if {".", ","} <= set(kept.rstrip(".,")) else self._cut(kept)
        if clean != text:
            self.setText(clean)
            return
        self._before = clean
        self.changed.emit(self.amount())

    def _cut(self, kept: str) -> str:
        """One mark, and no more digits after it than the currency has."""
        mark = next((char for char in kept if char in ".,"), "")
        head, _, tail = kept.replace(",", ".").partition(".")
        typed = any(kept[:place] + kept[place + 1 :] == self._before for place in range(len(kept)))
        if not typed and mark and len(tail) > currency(self.say.currency).exponent:
            return ""
        return head[:_MOST_DIGITS] + mark + tail.replace(".", "")[: currency(self.say.currency).exponent]

    def _ungrouped(self, kept: str) -> str:
        found = _GROUPED.fullmatch(kept)
        if found is None or len(found[3]) > currency(self.say.currency).exponent:
            return ""
        whole = found[1].replace(found[2], "")
        return f"{whole}{self.point}{found[3]}" if len(whole) <= _MOST_DIGITS else ""

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
