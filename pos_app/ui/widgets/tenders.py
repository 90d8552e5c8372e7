"""Being paid: the tenders as buttons with likely notes below, or the parts of a split; and a panel of digits for cash.

Rule: draws a `Payment` or `Split` and tells what was tapped; what may pay what is asked by the screen.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.tenders import Part
from pos_app.selling.payment import CARD, Paying, Payment, Split, notes
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.amount import AmountField
from pos_app.ui.widgets.buttons import Choice, Glyph, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, Scroll, card, column, empty, row, rule
from pos_app.ui.widgets.text import Words

_ICONS = ("cash", "bank_card", "bizum", "platform", "wechat", "alipay")
_PARTS_SHOWN = 3


def tender_tiles(say: Phrases, prefix: str, kinds: Sequence[str], tapped: Callable[[str], None]) -> list[QWidget]:
    """Return a button a tender, named by `prefix` and its kind."""
    made: list[QWidget] = []
    for kind in kinds:
        image = kind if kind in _ICONS else "cash"
        button = Choice(f"{prefix}_{kind}", say.code("tender", kind), image, 60, stacked=True)
        button.clicked.connect(lambda _=False, picked=kind: tapped(picked))
        made.append(button)
    return made


class TenderPanel(QWidget):
    """How it is paid. Hidden while nothing is due and nothing was taken.

    `takes` False: only the tender is chosen, for money that goes back.
    """

    chosen = Signal(str)
    cash_wanted = Signal()
    received = Signal(object)
    split_wanted = Signal()
    undone = Signal(int)

    def __init__(self, say: Phrases, takes: bool = True) -> None:
        super().__init__()
        self.say, self._takes = say, takes
        self.said = Words("", tone="good", bold=True, wrap=True)
        self.said.setObjectName("cash_said")
        self.grid = Grid(tile_width=96, gap=8, most=3, fills=True)
        self.card = Choice(f"tender_{CARD}", say(f"tender.{CARD}"), "wallet", theme.TOUCH)
        self.card.hint = say("tender.card.spoken")
        self.card.clicked.connect(lambda: self.chosen.emit(CARD))
        self.split = Choice("tender_split", say("tender.split"), "split")
        self.split.hint = say("tender.split.spoken")
        self.split.setAccessibleName(say("tender.split.spoken"))
        self.split.clicked.connect(self.split_wanted)
        self.cash = QWidget()
        self._notes = row(gap=8)
        self.digits = Choice("cash_open", "", "keypad")
        self.digits.setFixedWidth(60)
        self.digits.clicked.connect(self.cash_wanted)
        self.cash.setLayout(row(self.digits, self._notes, gap=8))
        last = row(self.cash, self.split, gap=8)
        self.parts = PartList(say)
        self.parts.undone.connect(self.undone)
        self.parts.more.connect(self.split_wanted)
        self.whole = QWidget()
        self.whole.setLayout(column(self.grid, self.card, last, gap=8))
        self.setLayout(column(self.said, self.whole, self.parts, gap=8))
        self._kinds: tuple[str, ...] = ()
        self._offered: object = None
        self._offers: list[Choice] = []

    def show_payment(self, kinds: tuple[str, ...], payment: Paying, due_minor: int) -> None:
        """Draw the tenders that may pay `due_minor` and the chosen one, or the parts taken so far."""
        self.setVisible(due_minor > 0 or bool(payment.parts))
        self.whole.setVisible(isinstance(payment, Payment))
        self.parts.setVisible(isinstance(payment, Split))
        if isinstance(payment, Split):
            self.said.hide()
            self.parts.show_split(payment, due_minor)
            return
        self.card.setVisible(CARD in kinds)
        self.card.choose(payment.kind == CARD)
        self.split.setVisible(self._takes)
        kinds = tuple(kind for kind in kinds if kind != CARD)
        if kinds != self._kinds:
            self._kinds = kinds
            self.grid.fill(tender_tiles(self.say, "tender", kinds, self.chosen.emit))
        for button in self.grid.tiles():
            if isinstance(button, Choice):
                button.choose(button.objectName() == f"tender_{payment.kind}")
        self._draw_cash(payment, due_minor)

    def _draw_cash(self, payment: Payment, due_minor: int) -> None:
        say, taken = self.say, payment.kind == "cash" and self._takes
        self.cash.setVisible(taken)
        received_minor, change_minor = payment.received(due_minor), payment.change(due_minor)
        words = say("cash.line", received=say.money(received_minor), change=say.money(max(0, change_minor)))
        self.said.setVisible(taken and change_minor > 0 and payment.settles(due_minor))
        self.said.setText(words)
        if not taken:
            return
        self.digits.setAccessibleName(f"{say('cash.title')} · {words}")
        offered = notes(due_minor, 2)
        if offered != self._offered:
            self._offered = offered
            empty(self._notes)
            self._offers.clear()
            for place, amount in enumerate(offered):
                self._note(f"cash_note_{place}", say.round_money(amount), amount)
        for amount, button in zip(offered, self._offers, strict=True):
            button.choose(amount == payment.received_minor)
        self.digits.choose(payment.received_minor is not None and payment.received_minor not in offered)

    def _note(self, name: str, words: str, amount_minor: int) -> None:
        button = Choice(name, words)
        button.clicked.connect(lambda: self.received.emit(amount_minor))
        self._notes.addWidget(button)
        self._offers.append(button)


class PartList(QWidget):
    """What was taken so far, each with a way to undo it, and what is left."""

    undone = Signal(int)
    more = Signal()

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.list = Scroll(gap=4)
        bar = self.list.verticalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: bar.setValue(high))  # the newest part is seen
        self.label = Words("", theme.TEXT_STRONG)
        self.left = Words("", theme.TITLE, bold=True)
        self.left.setObjectName("split_left")
        self.add = Choice("split_open", say("split.add"), "plus", theme.TOUCH)
        self.add.clicked.connect(self.more)
        self.setLayout(column(self.list, row(self.label, None, self.left), self.add, gap=8))
        self._drawn: object = None

    def show_split(self, split: Split, due_minor: int) -> None:
        """Draw the parts and what they come to."""
        show_left(self.say, self.label, self.left, split, due_minor)
        self.add.setVisible(split.left(due_minor) > 0)
        if split.parts == self._drawn:
            return
        self._drawn = split.parts
        self.list.fill([self._part(place, part) for place, part in enumerate(split.parts)])
        shown = min(len(split.parts), _PARTS_SHOWN)
        self.list.setVisible(bool(shown))
        self.list.setFixedHeight(max(1, shown * (theme.TOUCH + 4)))

    def _part(self, place: int, part: Part) -> QWidget:
        say = self.say
        tender, amount = say.code("tender", part.kind), say.money(part.minor)
        named = Words(tender, theme.TEXT_STRONG)
        worth = Words(amount, theme.TEXT_STRONG, bold=True)
        worth.setObjectName(f"part_{place}")
        spoken = say("split.undo", tender=tender, amount=amount)
        undo = Glyph(f"part_{place}_undo", "close", spoken, flat=True)
        undo.clicked.connect(lambda: self.undone.emit(place))
        made = QWidget()
        made.setLayout(row(named, None, worth, undo, gap=8))
        return made


def show_left(say: Phrases, label: Words, figure: Words, split: Split, due_minor: int) -> None:
    """Write what is left to pay, the change, or what was taken too much, and which of them it is."""
    excess_minor, change_minor = split.excess(due_minor), split.change(due_minor)
    key, minor, tone = "split.left", -change_minor, ""
    if excess_minor:
        key, minor, tone = "split.excess", excess_minor, "bad"
    elif change_minor >= 0:
        key, minor, tone = "cash.change" if change_minor else "split.paid", change_minor, "good"
    label.setText(say(key))
    figure.setText(say.money(minor) if minor else "✓")
    figure.tone(tone)


def unpaid_words(say: Phrases, payment: Paying, due_minor: int) -> str:
    """Say why a payment does not pay yet."""
    excess_minor = payment.excess(due_minor)
    if excess_minor:
        key = "split.excess.amount" if isinstance(payment, Split) else "cash.excess"
        return say(key, amount=say.money(excess_minor))
    return say("cash.short", amount=say.money(-payment.change(due_minor)))


class CashPanel(QWidget):
    """Received and change in large, likely notes, and digits."""

    received = Signal(object)
    closed = Signal()
    rest_wanted = Signal(object)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self._due_minor, self._received_minor = -1, 0
        self.due = Words("", theme.TITLE, bold=True)
        self.due.setObjectName("cash_due")
        self.change = Words("", theme.TOTAL, bold=True)
        self.change.setObjectName("cash_change")
        self.change_title = Words(say("cash.change"), theme.TEXT_STRONG)
        self.field = AmountField("received_field", say, say("cash.received"))
        self.field.changed.connect(self.received)
        self.notes = QHBoxLayout()
        self.notes.setSpacing(8)
        self.pad = Keypad("received_digit", say("key.back"), extra=self.field.point, height=56)
        self.pad.types_into(self.field)
        self.rest = push("cash_rest", say("cash.rest"), "quiet", "split")
        self.rest.clicked.connect(lambda: self.rest_wanted.emit(self._received_minor))
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
                    row(self.change_title, None, self.change),
                    None,
                    self.rest,
                    self.done,
                    gap=10,
                    name="cash_card",
                )
            )
        )

    def open_for(self, due_minor: int, payment: Payment) -> None:
        """Start with what is due now."""
        self._due_minor = -1
        self.field.setText("")
        self.show_payment(due_minor, payment)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_payment(self, due_minor: int, payment: Payment) -> None:
        """Draw what is due, and what goes back."""
        short_minor, unpaid = -payment.change(due_minor), not payment.settles(due_minor)
        self._received_minor = payment.received(due_minor)
        self.due.setText(self.say.money(due_minor))
        self.change_title.setVisible(not unpaid)
        if unpaid:
            self.change.setText(unpaid_words(self.say, payment, due_minor))
            self.change.tone("bad")
        else:
            self.change.setText(self.say.money(-short_minor))
            self.change.tone("good")
        self.rest.setVisible(short_minor > 0 and self._received_minor > 0)
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
