"""Being paid: the tenders as buttons, and a panel with digits for cash received and change.

Rule: draws a `Payment` and tells what was tapped; what may pay what is asked by the screen.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.ui import theme
from pos_app.ui.payment import CARD, Payment, notes
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.amount import AmountField
from pos_app.ui.widgets.buttons import Choice, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, card, column, empty, row, rule
from pos_app.ui.widgets.text import Words


class TenderPanel(QWidget):
    """Tender buttons and, for cash, what was received and what goes back. Hidden while nothing is due."""

    chosen = Signal(str)
    cash_wanted = Signal()

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.grid = Grid(tile_width=96, gap=8, most=3, fills=True)
        self.cash = Choice("cash_open", "", "keypad", 52)
        self.cash.clicked.connect(self.cash_wanted)
        self.card = Choice(f"tender_{CARD}", say(f"tender.{CARD}"), "wallet", theme.TOUCH)
        self.card.hint = say("tender.card.spoken")
        self.card.clicked.connect(lambda: self.chosen.emit(CARD))
        self.setLayout(column(self.grid, self.card, self.cash, gap=8))
        self._kinds: tuple[str, ...] = ()

    def show_payment(self, kinds: tuple[str, ...], payment: Payment, due_minor: int) -> None:
        """Draw the tenders that may pay `due_minor` and the chosen one."""
        self.setVisible(due_minor > 0)
        self.card.setVisible(CARD in kinds)
        self.card.choose(payment.kind == CARD)
        kinds = tuple(kind for kind in kinds if kind != CARD)
        if kinds != self._kinds:
            self._kinds = kinds
            made: list[QWidget] = []
            for kind in kinds:
                image = kind if kind in ("cash", "bank_card", "bizum", "platform", "wechat", "alipay") else "cash"
                button = Choice(f"tender_{kind}", self.say.code("tender", kind), image, 60, stacked=True)
                button.clicked.connect(lambda _=False, picked=kind: self.chosen.emit(picked))
                made.append(button)
            self.grid.fill(made)
        for button_widget in self.grid.tiles():
            if isinstance(button_widget, Choice):
                button_widget.choose(button_widget.objectName() == f"tender_{payment.kind}")
        self.cash.setVisible(payment.kind == "cash")
        words = self.say(
            "cash.line",
            received=self.say.money(payment.received(due_minor)),
            change=self.say.money(max(0, payment.change(due_minor))),
        )
        self.cash.setText(words)
        self.cash.setAccessibleName(words)
        self.cash.update()


class CashPanel(QWidget):
    """Received and change in large, likely notes, and digits."""

    received = Signal(object)
    closed = Signal()

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.due = Words("", theme.TITLE, bold=True)
        self.due.setObjectName("cash_due")
        self.change = Words("", theme.TOTAL, bold=True)
        self.change.setObjectName("cash_change")
        self.field = AmountField("received_field", say, say("cash.received"))
        self.field.changed.connect(self.received)
        self.notes = QHBoxLayout()
        self.notes.setSpacing(8)
        self.pad = Keypad("received_digit", say("key.back"), extra=self.field.point, height=56)
        self.pad.types_into(self.field)
        self.done = push("cash_done", say("cash.done"), "primary", "check")
        self.done.clicked.connect(self.closed)
        title = Words(say("cash.title"), theme.HEADING, bold=True)
        self.setLayout(
            column(
                card(
                    row(title, None, Words(say("cart.due"), tone="soft"), self.due),
                    rule(),
                    row(Words(say("cash.received"), theme.TEXT_STRONG), self.field),
                    self.notes,
                    self.pad,
                    row(Words(say("cash.change"), theme.TEXT_STRONG), None, self.change),
                    None,
                    self.done,
                    gap=10,
                    name="cash_card",
                )
            )
        )
        self._due_minor = -1

    def open_for(self, due_minor: int, payment: Payment) -> None:
        """Start with what is due now."""
        self._due_minor = -1
        self.field.setText("")
        self.show_payment(due_minor, payment)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_payment(self, due_minor: int, payment: Payment) -> None:
        """Draw what is due, and what goes back."""
        short_minor = -payment.change(due_minor)
        self.due.setText(self.say.money(due_minor))
        if short_minor > 0:
            self.change.setText(self.say("cash.short", amount=self.say.money(short_minor)))
            self.change.tone("bad")
        else:
            self.change.setText(self.say.money(-short_minor))
            self.change.tone("good")
        self.field.setPlaceholderText(self.say.money(due_minor))
        if due_minor != self._due_minor:
            self._due_minor = due_minor
            self._offer(due_minor)

    def _offer(self, due_minor: int) -> None:
        empty(self.notes)
        exact = Choice("note_exact", self.say("cash.exact"))
        exact.clicked.connect(lambda: self._take(None))
        self.notes.addWidget(exact)
        for place, amount in enumerate(notes(due_minor)):
            button = Choice(f"note_{place}", self.say.money(amount))
            button.clicked.connect(lambda _=False, taken=amount: self._take(taken))
            self.notes.addWidget(button)

    def _take(self, amount_minor: int | None) -> None:
        self.field.show_amount(amount_minor)
        self.received.emit(amount_minor)
