"""Orders (F7): what this till sold, redeemed, refunded and moved; one of them with its paper, to reprint or refund.

Rule: reads what the journal holds, so it needs no network; nothing here changes what was recorded.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from models.refusals import Refusal
from pos_app.till import orders, reprint, slip_picture
from pos_app.till.approval import Approval, or_needed
from pos_app.till.order_values import OrderDetail, OrderPage, SlipPicture, Sought
from pos_app.till.reprint import STILL_TO_COME
from pos_app.till.values import Changes, Done, HeaderView
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.screens.orders_detail import OrderCard
from pos_app.ui.screens.orders_list import OrdersList
from pos_app.ui.screens.screen import Screen
from pos_app.ui.settle import Settle
from pos_app.ui.widgets.approval_pad import ApprovalPad
from pos_app.ui.widgets.buttons import Choice
from pos_app.ui.widgets.layout import Grid, Pages, Scroll, column, row
from pos_app.ui.widgets.paper import Paper, in_the_middle


class Orders(Screen):
    """A list, one order, its paper."""

    name = "orders"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.day: date | None = None
        self.group = ""
        self.sought: Sought | None = None
        self.page: OrderPage | None = None
        self.current: int | None = None
        self.detail: OrderDetail | None = None
        self.slip = ""
        self._befores: list[int | None] = [None]
        self._offline = False
        self._printing, self._printed = False, Settle()
        self.list = OrdersList(self.say)
        self.list.chosen.connect(self.choose)
        self.list.wanted.connect(self._look_up)
        self.list.cleared.connect(self._clear)
        self.list.group.connect(lambda group: self._filter(group=group))
        self.list.day.connect(lambda day: self._filter(day=day))
        self.list.turned.connect(self._turn)
        self.list.notice.closed.connect(lambda: self.list.notice.show_message(None))
        self.card = OrderCard(self.say)
        self.card.reprint.connect(lambda: self._reprint(None))
        self.card.refund.connect(self.refund)
        self.card.found.connect(self._look_up)
        self.card.settled.connect(self._settle)
        self.card.notice.closed.connect(lambda: self.card.tell(None))
        self.card.notice.acted.connect(desk.screen_wanted)
        one = row(self.card, self._right())
        one.setStretch(0, 27)
        one.setStretch(1, 37)
        columns = row(self.list, one)
        columns.setStretch(0, 38)
        columns.setStretch(1, 64)
        self.setLayout(columns)

    def _right(self) -> QWidget:
        self.slips = Grid(tile_width=150, gap=6, most=2, fills=True)
        self.paper = Paper("order_paper")
        scroll = Scroll(gap=0)
        scroll.setObjectName("order_paper_scroll")
        scroll.rows.addWidget(in_the_middle(self.paper))
        scroll.rows.addStretch(1)
        shown = QWidget()
        shown.setLayout(column(self.slips, scroll, gap=8))
        self.sides, self.approval = Pages(), ApprovalPad(self.desk)
        self.approval.approved.connect(self._reprint)
        self.approval.given_up.connect(lambda: self.sides.setCurrentIndex(0))
        self.sides.addWidget(shown)
        self.sides.addWidget(self.approval)
        self.sides.setMinimumWidth(400)
        return self.sides

    # -- coming and going ---------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Start with today's, all kinds, none chosen."""
        self.day, self.group, self.sought = orders.today(self.till), "", None
        self._befores = [None]
        self.page = None
        self._show_none()
        self.list.notice.show_message(None)
        self._draw_list()
        self._load()
        self.list.begin()

    def follow(self, changes: Changes) -> None:
        """Read again what changed."""
        if changes.facts or changes.outbox or changes.paper or changes.members or changes.full_reload:
            self._load()
            if self.current is not None:
                self._read(self.current)

    def tick(self, view: HeaderView) -> None:
        """Say that the till knows only its own while nobody answers."""
        self.approval.tick()
        offline = view.offline_seconds is not None
        if offline != self._offline:
            self._offline = offline
            self.list.tell_offline(offline)
            self.card.draw(self.detail, offline)

    def take_scan(self, text: str) -> bool:
        """A slip's check code finds the slip, a member's code what belongs to the member."""
        self._look_up(text)
        return True

    # -- the list -----------------------------------------------------------------------------------------------

    def _load(self, anew: bool = False) -> None:
        """Read the page that is wanted; `anew`: it is another one, so it is drawn from its top."""
        group, day, sought, before = self.group, self.day, self.sought, self._befores[-1]
        asked = group, day, sought, before

        def loaded(page: OrderPage) -> None:
            if asked == (self.group, self.day, self.sought, self._befores[-1]) and (anew or page != self.page):
                self.page = page
                self._draw_list()
                if anew:
                    self.list.rows.verticalScrollBar().setValue(0)

        self.desk.operations.run(
            lambda: orders.page(self.till, group, None if sought else day, sought, before), loaded, self._tell
        )

    def _draw_filter(self) -> None:
        self.list.draw_filter(self.day, orders.today(self.till), self.group, self.sought)

    def _draw_list(self) -> None:
        self._draw_filter()
        one_day = self.day is not None and self.sought is None
        self.list.draw(self.page, self.current, len(self._befores) == 1, one_day, self.sought is not None)

    def _filter(self, **wanted: object) -> None:
        for name, value in wanted.items():
            setattr(self, name, value)
        self._begin_again()

    def _begin_again(self) -> None:
        self._befores = [None]
        self.list.notice.show_message(None)
        self._draw_filter()
        self._load(anew=True)

    def _turn(self, way: int) -> None:
        if way > 0 and self.page is not None and self.page.older is not None:
            self._befores.append(self.page.older)
        elif way < 0 and len(self._befores) > 1:
            self._befores.pop()
        else:
            return
        self._load(anew=True)

    def _look_up(self, text: str) -> None:
        self.desk.operations.run(lambda: orders.find(self.till, text), self._found, self._tell, "orders")

    def _found(self, sought: Sought) -> None:
        self.sought, self.group = sought, "" if sought.seq is not None else self.group
        self.list.box.clear()
        self._show_none()
        self._begin_again()
        if sought.seq is not None:
            self.choose(sought.seq)

    def _clear(self) -> None:
        self.sought = None
        self._begin_again()
        self.list.begin()

    def _tell(self, message: Message) -> None:
        self.list.notice.show_message(message)
        self.list.box.selectAll()

    # -- one of them --------------------------------------------------------------------------------------------

    def choose(self, seq: int) -> None:
        """Show one order and its paper."""
        if seq != self.current:
            self._show_none()
        self.current = seq
        self.list.choose(seq)
        self._read(seq)

    def _read(self, seq: int) -> None:
        def read(found: OrderDetail) -> None:
            if seq == self.current and found != self.detail:
                self.detail = found
                if all(paper.state not in STILL_TO_COME for paper in found.papers):
                    self.card.calm()
                self.card.draw(found, self._offline)
                self.sides.show()
                self._draw_slips(found)

        self.desk.operations.run(lambda: orders.show(self.till, seq), read, self._tell)

    def _show_none(self) -> None:
        self.current, self.detail, self.slip = None, None, ""
        self.card.tell(None)
        self.card.draw(None, self._offline)
        self.sides.hide()
        self.slips.hide()
        self.paper.show_picture(None)
        self.sides.setCurrentIndex(0)
        self.list.choose(None)

    def _draw_slips(self, one: OrderDetail) -> None:
        """One paper is shown; several are chosen from."""
        numbers = list(dict.fromkeys(paper.number for paper in one.papers))
        made: list[QWidget] = []
        for place, number in enumerate(numbers):
            chip = Choice(f"order_slip_{place}", number, "paper", 48)
            chip.clicked.connect(lambda _=False, tapped=number: self._draw_paper(tapped))
            made.append(chip)
        self.slips.fill(made)
        self.slips.setVisible(len(numbers) > 1)
        if numbers:
            self._draw_paper(self.slip if self.slip in numbers else numbers[0])

    def _draw_paper(self, number: str) -> None:
        for chip in self.slips.tiles():
            if isinstance(chip, Choice):
                chip.choose(chip.text() == number)
        if number == self.slip:
            return
        self.slip = number

        def drawn(picture: SlipPicture) -> None:
            if number == self.slip:
                self.paper.show_picture(picture, self.say("orders.paper", number=number))

        self.desk.operations.run(
            lambda: slip_picture.draw(self.till, number), drawn, self.card.tell, lane="slow"
        )  # fmt: skip

    # -- acting -------------------------------------------------------------------------------------------------

    def _reprint(self, approval: Approval | None) -> None:
        self.sides.setCurrentIndex(0)
        number = self.slip
        if not number or self._printing or self._printed.settling:
            return
        self._printing = True
        self.card.tell(None)

        ask = or_needed(lambda: reprint.reprint(self.till, number, "asked", approval))
        self.desk.operations.run(ask, lambda done: self._reprinted(number, done), self._not_reprinted, "reprint")

    def _reprinted(self, number: str, done: Done | Refusal) -> None:
        self._printing = False
        if isinstance(done, Refusal):
            self.approval.ask(done, self.say("orders.reprint.what", number=number))
            self.sides.setCurrentWidget(self.approval)
            return
        self._printed.begin()
        self.card.tell(Message("good", self.say("orders.reprinted")))

    def _not_reprinted(self, message: Message) -> None:
        self._printing = False
        self.card.tell(message)

    def _settle(self, number: str, printed: bool) -> None:
        self.desk.operations.run(
            lambda: reprint.resolve_unknown(self.till, number, printed), lambda _: None, self.card.tell
        )

    def refund(self) -> bool:
        """Refund the order that is looked at; False when none is, or nothing of it can come back."""
        if self.detail is None or self.detail.refundable is None or not self.detail.refundable.comes_back:
            return False
        self.desk.to_refund = self.detail.refundable
        self.desk.screen_wanted.emit("refund")
        return True

    # -- keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go through the list, Page Up and Page Down turn its pages."""
        keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Up: lambda: self._go(-1),
            Qt.Key.Key_Down: lambda: self._go(1),
            Qt.Key.Key_PageUp: lambda: self._turn(-1),
            Qt.Key.Key_PageDown: lambda: self._turn(1),
        }
        act = keys.get(event.key())
        if act is None or self.sides.currentWidget() is self.approval:
            super().keyPressEvent(event)
        else:
            act()

    def _go(self, way: int) -> None:
        seqs = [one.seq for one in self.page.rows] if self.page is not None else []
        if not seqs:
            return
        place = seqs.index(self.current) + way if self.current in seqs else 0
        self.choose(seqs[max(0, min(len(seqs) - 1, place))])

    def press_enter(self) -> None:
        """Send the PIN that is asked for; nothing else here is confirmed."""
        if self.sides.currentWidget() is self.approval:
            self.approval.press_enter()

    def press_escape(self) -> bool:
        """Put away what came last: a PIN asked for, a message, the order, what was looked for; else go home."""
        if self.sides.currentWidget() is self.approval:
            self.approval.press_escape()
        elif self.list.notice.message is not None:
            self.list.notice.show_message(None)
        elif self.current is not None:
            self._show_none()
        elif self.sought is not None:
            self._clear()
        else:
            return False
        return True
