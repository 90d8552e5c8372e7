"""Right column of the counter: what is on the basket, what it uses and costs, how it is paid, and Confirm.

Rule: nothing about paying is shown while nothing is due (counter.md, "Fewest touches"). Equal cups stand on one line.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from models.catalogue import name_in
from models.passes import AddOnCharge, Cup, CupQuote
from pos_app.selling.payment import Payment, Split
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.widgets.buttons import Choice, Confirm, Glyph, Painted
from pos_app.ui.widgets.layout import Scroll, card, column, empty, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.tenders import TenderPanel, unpaid_words
from pos_app.ui.widgets.text import Fitted, Words, breakable, fit, paint


class LineHead(Painted):
    """Name of a line, below it what it costs; a tap selects it for add-ons."""

    def __init__(self, name: str, title: str, amount: str, note: str) -> None:
        super().__init__(name)
        self.title, self.amount, self.note = title, amount, note
        self.setAccessibleName(f"{title} {amount} {note}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line for the name, or two for long ones, and one for the amount."""
        return QSize(120, int(self._title().height) + 30)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another line when the name needs it at this width."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.sizeHint().height())

    def _title(self) -> Fitted:
        return fit(self.title, max(120, self.width() - 8), theme.TEXT, True, 2)

    def grounds(self) -> tuple[str, str, float]:
        """The line's frame carries the colour."""
        return "", "", 0

    def draw(self, painter: QPainter) -> None:
        """Draw name, amount and note."""
        title = self.put(self._title())
        room = self.width() - 8
        paint(painter, title, QRectF(4, 3, room, title.height), theme.INK)
        amount = self.put(fit(self.amount, room, theme.TEXT))
        top = 3 + title.height + 2
        paint(painter, amount, QRectF(4, top, room, 22), theme.INK)
        taken = painter.fontMetrics().horizontalAdvance(amount.lines[0]) + 8
        note = self.put(fit(self.note, max(0, room - taken), theme.TEXT))
        paint(painter, note, QRectF(4 + taken, top, room - taken, 22), theme.INK_SOFT)


class CartPanel(QWidget):
    """Draws the desk's basket; taps go to the desk, those for digits to the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.say = desk, desk.say
        self.title = Words(self.say("cart.title"), 22, bold=True)
        self.hold = Glyph("hold", "hold", self.say("cart.hold"), flat=True)
        self.hold.clicked.connect(desk.hold)
        self.clear = Glyph("clear_basket", "trash", self.say("cart.clear"), flat=True)
        self.clear.clicked.connect(desk.empty_basket)
        self.held_row = QHBoxLayout()
        self.held_row.setSpacing(8)
        self.notice = Notice("notice", self.say("notice.close"))
        self.notice.closed.connect(desk.dismiss)
        self.lines = Scroll(gap=6, head=self.notice)
        self.lines.verticalScrollBar().rangeChanged.connect(self._scroll)
        self.none = Empty("cart_empty", "cup", self.say("cart.empty"), self.say("cart.empty.detail"))
        self.uses_row, self.uses = self._figure("cart.uses", 18)
        self.uses.setObjectName("cart_uses")
        self.due_row, self.due = self._figure("cart.due", theme.TOTAL)
        self.due.setObjectName("cart_due")
        self.zero = Notice("zero_notice")
        self.tenders = TenderPanel(self.say)
        self.tenders.chosen.connect(desk.choose_tender)
        self.tenders.received.connect(lambda minor: desk.pay_with(Payment("cash", minor)))
        self.tenders.undone.connect(self._undo_part)
        self.confirm = Confirm("confirm")
        self.confirm.clicked.connect(desk.confirm)
        head = row(self.title, None, self.hold, self.clear, gap=4)
        foot = column(rule(), self.uses_row, self.due_row, self.zero, self.tenders, self.confirm, gap=8)
        self.setLayout(column(card(head, self.held_row, self.lines, self.none, foot, gap=8, name="cart_card")))
        self._drawn: object = None
        self._held: object = None

    def _figure(self, key: str, size: int) -> tuple[QWidget, Words]:
        value = Words("", size, bold=True)
        made = QWidget()
        made.setLayout(row(Words(self.say(key), theme.TEXT, tone="soft"), None, value))
        return made, value

    def redraw(self) -> None:
        """Show the basket as it is now."""
        desk, say = self.desk, self.say
        full = bool(desk.basket.cups)
        self._draw_held()
        self._draw_lines()
        # While a card pays, its panel has the room to say it whole.
        said = None if desk.card.chosen and full else desk.notice
        self.notice.show_message(said)
        self.lines.setVisible(full or said is not None)
        self.none.setVisible(not full)
        if desk.shut:
            self.none.say("cup", say("cart.empty"))
        self.hold.setVisible(full)
        self.clear.setVisible(full)
        redeems = desk.basket.is_redemption
        self.uses_row.setVisible(redeems)
        if redeems:
            key = "cart.uses.value" if full else "cart.uses.none"
            self.uses.setText(say(key, used=desk.quote.uses, left=say("uses", n=desk.quote.uses_left)))
        due_minor = desk.due_minor
        self.due.setText(say.money(due_minor))
        zero = redeems and full and due_minor == 0
        self.zero.show_message(Message("good", say("cart.zero")) if zero and not desk.shut else None)
        self.tenders.show_payment(desk.tenders(), desk.payment, due_minor)
        self.confirm.setEnabled(desk.can_confirm)
        self.confirm.say(self._confirm_words(), say("key.enter"), busy=bool(desk.busy))

    def _undo_part(self, place: int) -> None:
        if isinstance(self.desk.payment, Split):
            self.desk.pay_with(self.desk.payment.minus(place))

    def _confirm_words(self) -> str:
        desk, say = self.desk, self.say
        if desk.busy:
            return say("confirm.charge.busy" if desk.busy == "charge" else "confirm.busy")
        if not desk.basket.cups:
            return say("confirm.redeem.empty" if desk.basket.is_redemption else "confirm.sell.empty")
        amount = say.money(desk.quote.due_minor)
        if desk.card.chosen and desk.quote.due_minor:
            total = say.money(desk.due_minor)
            return say("confirm.charge", amount=total) if desk.card.offer else say("confirm.charge.empty")
        if not desk.payment.settles(desk.quote.due_minor):
            return unpaid_words(say, desk.payment, desk.quote.due_minor)
        if not desk.basket.is_redemption:
            return say("confirm.record" if desk.shut else "confirm.sell", amount=amount)
        key = "confirm.redeem.paid" if desk.quote.due_minor else "confirm.redeem"
        return say(key, n=desk.quote.uses, amount=amount)

    def _draw_held(self) -> None:
        drawn = tuple((held.view.member.name if held.view else "", len(held.basket.cups)) for held in self.desk.held)
        if drawn == self._held:
            return
        self._held = drawn
        empty(self.held_row)
        for place, (name, count) in list(enumerate(drawn))[-2:]:
            words = self.say("held.chip", name=name or self.say("held.nobody"), n=count)
            button = Choice(f"held_{place}", words, "hold", theme.TOUCH)
            button.setToolTip(self.say("held.take_up"))
            button.clicked.connect(lambda _=False, taken=place: self.desk.take_up(taken))
            self.held_row.addWidget(button)

    # -- lines --------------------------------------------------------------------------------------------------

    def _draw_lines(self) -> None:
        desk = self.desk
        drawn = (desk.basket.cups, desk.quote, desk.selected)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if len(desk.quote.cups) != len(desk.basket.cups):
            self.lines.fill([])
            return
        groups: dict[Cup, list[int]] = {}
        for index, cup in enumerate(desk.basket.cups):
            groups.setdefault(cup, []).append(index)
        widgets = [
            self._line(place, indexes, desk.quote.cups[indexes[0]]) for place, indexes in enumerate(groups.values())
        ]
        self.lines.fill(widgets)

    def _scroll(self, _low: int, high: int) -> None:
        """Show the newest line, or the message above the first; while a note is written, the line it is for."""
        chosen = self.lines.body.findChild(QFrame, "line_on") if self.desk.notes.opened else None
        if chosen is not None:
            self.lines.ensureWidgetVisible(chosen, 0, 0)
        else:
            self.lines.verticalScrollBar().setValue(0 if self.notice.message else high)

    def _line(self, place: int, indexes: list[int], priced: CupQuote) -> QWidget:
        say, desk, count = self.say, self.desk, len(indexes)
        chosen = desk.selected in indexes
        amount_minor = priced.total_minor * count
        name = name_in(priced.product.names, say.language)
        uses = say("uses", n=count) if desk.basket.is_redemption else ""
        note = desk.basket.cups[indexes[0]].note
        head = LineHead(f"line_{place}", name, say.money(amount_minor), uses)
        if note:
            head.setAccessibleName(f"{head.accessibleName()} {say('note.on_line', note=note)}")
        head.clicked.connect(lambda: desk.select(indexes[-1]))
        less = Glyph(f"line_{place}_minus", "minus", say("line.less", name=name), flat=not chosen)
        less.clicked.connect(lambda: desk.take_off(indexes[-1]))
        more = Glyph(f"line_{place}_plus", "plus", say("line.more", name=name), flat=not chosen)
        more.clicked.connect(lambda: desk.repeat(indexes[-1]))
        number = Words(str(count), theme.TEXT_STRONG, bold=True)
        number.setFixedWidth(28)
        number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        frame = QFrame()
        frame.setObjectName("line_on" if chosen else "line_off")
        ground, edge = (theme.PRIMARY_SOFT, theme.PRIMARY) if chosen else (theme.SURFACE, theme.LINE)
        frame.setStyleSheet(
            f"QFrame#{frame.objectName()} {{ background: {ground}; border: 1px solid {edge}; border-radius: 10px; }}"
        )
        top = row(head, less, number, more, gap=2)
        top.setStretch(0, 1)
        stack: QVBoxLayout = column(top, gap=0)
        stack.setContentsMargins(8, 5, 6, 5)
        for part in priced.add_ons:
            stack.addLayout(self._add_on(place, indexes, part))
        if note:
            stack.addWidget(self._note(place, note))
        frame.setLayout(stack)
        return frame

    def _note(self, place: int, note: str) -> Words:
        made = Words(breakable(self.say("note.on_line", note=note)), wrap=True)
        made.setObjectName(f"line_{place}_note")
        made.setContentsMargins(4, 2, 0, 4)
        return made

    def _add_on(self, place: int, indexes: list[int], part: AddOnCharge) -> QHBoxLayout:
        say = self.say
        name = name_in(part.add_on.names, say.language)
        cost = say("add_on.free") if part.charge_minor == 0 else f"+{say.money(part.charge_minor)}"
        words = Words(say("line.add_on", name=name, n=part.quantity), tone="soft")
        price = Words(cost, tone="good" if part.charge_minor == 0 else "soft")
        less = Glyph(f"line_{place}_{part.add_on.add_on_id}_minus", "minus", say("line.less", name=name), flat=True)
        less.clicked.connect(lambda: self.desk.take_extra(indexes[-1], part.add_on.add_on_id))
        made = row(words, None, price, less, gap=8)
        made.setContentsMargins(4, 0, 0, 0)
        return made
