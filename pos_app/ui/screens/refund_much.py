"""In the middle of the refund screen: how much of a card's transaction, or which cups of a sale; and why.

Rule: draws what it is given and tells what was tapped; asks nobody.
"""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.selling import refunds
from pos_app.till.values import Refundable
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.amount import AmountField
from pos_app.ui.widgets.buttons import Choice, Row, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, Pages, Scroll, card, column, row, rule
from pos_app.ui.widgets.text import Words


class HowMuch(QWidget):
    """Digits or a sale's lines, and below them the reasons. `typed`: minor units or None; `tapped`: a line's place."""

    typed = Signal(object)
    whole = Signal()
    tapped = Signal(int)
    reason = Signal(str)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.field = AmountField("refund_field", say, say("refund.amount"))
        self.field.setPlaceholderText(say.money(0))
        self.field.changed.connect(self.typed)
        pad = Keypad("refund_digit", say("key.back"), extra=self.field.point, height=60)
        pad.types_into(self.field)
        self.alls = [push(f"refund_{name}", say("refund.whole"), tall=True) for name in ("whole", "all")]
        for button in self.alls:
            button.clicked.connect(self.whole)
        self.digits, self.sale = QWidget(), QWidget()
        amount_title = Words(say("refund.how_much"), 22, bold=True)
        self.digits.setLayout(column(amount_title, row(self.field, self.alls[0], gap=8), pad, gap=10))
        self.lines = Scroll(gap=8)
        lines_title = Words(say("refund.lines"), 22, bold=True)
        self.sale.setLayout(column(row(lines_title, None, self.alls[1]), self.lines, gap=10))
        self.pages = Pages()
        self.pages.addWidget(self.digits)
        self.pages.addWidget(self.sale)
        self.reasons = Grid(tile_width=150, gap=8, most=2, fills=True)
        self.reasons.fill([self._reason(code) for code in refunds.REASONS])
        why = Words(say("refund.why"), theme.TEXT_STRONG, bold=True)
        made = card(self.pages, rule(), why, self.reasons, gap=10, name="refund_how_much")
        self.setLayout(column(made))
        self._drawn: Refundable | None = None

    def _reason(self, code: str) -> QWidget:
        made = Choice(f"reason_{code}", self.say.code("refund.reason", code), height=theme.TOUCH)
        made.clicked.connect(lambda: self.reason.emit(code))
        return made

    def draw(self, one: Refundable | None, places: Collection[int], reason: str) -> None:
        """Show digits, or the lines of a sale with those at `places` chosen."""
        is_sale = one is not None and one.kind == "order"
        self.pages.setCurrentWidget(self.sale if is_sale else self.digits)
        for button in self.alls:
            button.setEnabled(one is not None and bool(one.left_minor))
        for choice in self.reasons.tiles():
            if isinstance(choice, Choice):
                choice.choose(choice.objectName() == f"reason_{reason}")
        if one is None or not is_sale:
            return
        if one != self._drawn:
            self._drawn = one
            self.lines.fill([self._line(one, index) for index in range(len(one.lines))])
        for line, made in zip(one.lines, self.lines.body.findChildren(Row), strict=True):
            made.choose(line.place in places)

    def _line(self, one: Refundable, index: int) -> Row:
        line = one.lines[index]
        written = self.say("note.on_line", note=line.note) if line.note else ""
        told = " · ".join(part for part in (line.add_ons, written) if part)
        note = self.say("refund.line.back") if line.is_back else told
        made = Row(f"refund_line_{line.place}", line.name, note, self.say.money(line.amount_minor))
        made.setEnabled(not line.is_back and line.amount_minor > 0)
        made.clicked.connect(lambda: self.tapped.emit(line.place))
        return made
