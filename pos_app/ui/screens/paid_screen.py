"""What selling a pass and topping up share: the member at the left, a choice in the middle, the payment at the right.

Rule: nothing is bought here; a screen says what is due and what Enter does.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.refusals import Refusal
from models.tenders import Part
from pos_app.selling.basket import Basket
from pos_app.selling.payment import Paying, Payment, Split
from pos_app.till import quote
from pos_app.till.values import Changes, Done
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.member_panel import MemberPanel
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.layout import Pages, Scroll, card, column, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.split import SplitPanel
from pos_app.ui.widgets.tenders import CashPanel, TenderPanel
from pos_app.ui.widgets.text import Words


class PaidScreen(Screen):
    """Three columns: who, what, how paid. `middle_card` is what is chosen from; digits for cash take its place."""

    def __init__(self, desk: Desk, scanner: Scanner, middle_card: QWidget, order: str, prompt: Empty) -> None:
        super().__init__(desk)
        self.payment: Paying = Payment()
        self.members = MemberPanel(desk, scanner, chooses_pass=False)
        self.cash = CashPanel(self.say)
        self.cash.received.connect(lambda minor: self.pay_with(Payment("cash", minor)))
        self.cash.closed.connect(self.close_cash)
        self.cash.rest_wanted.connect(lambda minor: self.open_split(Split((Part("cash", minor),))))
        self.middle = Pages()
        self.choices = middle_card
        self.middle.addWidget(middle_card)
        self.middle.addWidget(self.cash)
        self.split = SplitPanel(self.say)
        self.split.taken.connect(self._take_part)
        self.split.closed.connect(self.close_cash)
        self.split.given_up.connect(lambda: self.pay_with(Payment()))
        self.middle.addWidget(self.split)
        self.prompt = prompt
        columns = row(self.members, self.middle, self._order(order))
        for place, share in enumerate((37, 47, 34)):
            columns.setStretch(place, share)
        self.members.setMinimumWidth(350)
        self.members.setMaximumWidth(520)
        self.setLayout(columns)
        desk.changed.connect(self.redraw)

    def _order(self, order: str) -> QWidget:
        say = self.say
        self.notice = Notice("notice", say("notice.close"))
        self.notice.closed.connect(self.desk.dismiss)
        self.notice.acted.connect(self._act)
        self.preview = column(gap=8)
        self.due = Words("", theme.TOTAL, bold=True)
        self.due.setObjectName(f"{order}_due")
        self.tenders = TenderPanel(say)
        self.tenders.chosen.connect(lambda kind: self.pay_with(Payment(kind)))
        self.tenders.cash_wanted.connect(self.open_cash)
        self.tenders.received.connect(lambda minor: self.pay_with(Payment("cash", minor)))
        self.tenders.split_wanted.connect(lambda: self.open_split(Split()))
        self.tenders.undone.connect(self._undo_part)
        self.confirm = Confirm("confirm")
        self.confirm.clicked.connect(self.press_enter)
        due_row = row(Words(say("cart.due"), tone="soft"), None, self.due)
        foot = column(rule(), due_row, self.tenders, self.confirm, gap=8)
        title = Words(say(f"{order}.order"), 22, bold=True)
        upper = Scroll(gap=8, head=self.notice)
        upper.rows.addLayout(self.preview)
        upper.rows.addWidget(self.prompt)
        self.shut = Notice("shut_notice")
        upper.rows.addWidget(self.shut)
        upper.rows.addStretch(1)
        made = card(title, upper, foot, gap=8, name=f"{order}_card")
        made.setMinimumWidth(346)
        made.setMaximumWidth(480)
        return made

    def due_minor(self) -> int:
        """Return what is to be paid; 0 while nothing is chosen."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Show what lies on the desk and what is chosen."""
        raise NotImplementedError

    def draw_payment(self) -> None:
        """Show what is due and how it is paid."""
        self.choices.setEnabled(not self.desk.shut)
        shut = self.desk.shut and bool(self.due_minor())
        self.shut.show_message(
            Message("warn", self.say("shut.paid.title"), self.say("shut.paid.detail")) if shut else None
        )
        due_minor = self.due_minor()
        self.due.setText(self.say.money(due_minor))
        kinds, page = quote.allowed_tenders(Basket()), self.middle.currentIndex()
        self.tenders.show_payment(kinds, self.payment, due_minor)
        if (page == 1 and self.payment.kind != "cash") or (page == 2 and not isinstance(self.payment, Split)):
            self.close_cash()
        elif page == 1 and isinstance(self.payment, Payment):
            self.cash.show_payment(due_minor, self.payment)
        elif page == 2 and isinstance(self.payment, Split):
            self.split.show_split(kinds, self.payment, due_minor)

    def shut_words(self, words: str) -> str:
        """Return what Enter does: at a till that is shut it records what was paid before, and nothing else."""
        due_minor = self.due_minor()
        return self.say("confirm.record", amount=self.say.money(due_minor)) if self.desk.shut and due_minor else words

    @property
    def paid(self) -> bool:
        """Whether enough was handed over."""
        return self.payment.settles(self.due_minor())

    def pay_with(self, payment: Paying) -> None:
        """Note what was handed over, and how."""
        if not self.desk.busy:
            self.payment = payment
            self.redraw()

    def recorded(self, done: Done | Refusal) -> None:
        """Show what was bought; what was taken for it is given back to nobody."""
        if not isinstance(done, Refusal):
            self.payment = Payment()
        self.desk.recorded(done)

    def _take_part(self, kind: str, minor: int) -> None:
        if isinstance(self.payment, Split):
            self.pay_with(self.payment.plus(kind, minor, self.due_minor()))

    def _undo_part(self, place: int) -> None:
        if isinstance(self.payment, Split):
            self.pay_with(self.payment.minus(place))

    def open_cash(self) -> None:
        """Show the digits for cash received."""
        if isinstance(self.payment, Split):
            self.open_split(self.payment)
        elif self.due_minor():
            self.middle.setCurrentIndex(1)
            self.cash.open_for(self.due_minor(), self.payment)

    def open_split(self, begun: Split) -> None:
        """Take several tenders, beginning with `begun` unless some were taken."""
        if self.due_minor() and not self.desk.busy:
            split = self.payment if isinstance(self.payment, Split) else begun
            self.middle.setCurrentIndex(2)
            self.split.open_for(quote.allowed_tenders(Basket()), split, self.due_minor())
            self.pay_with(split)

    def close_cash(self) -> None:
        """Back to what is chosen from; a split of which nothing was taken is none."""
        if self.middle.currentIndex():
            self.middle.setCurrentIndex(0)
            if self.payment == Split():
                self.pay_with(Payment())
            self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_escape(self) -> bool:
        """Close what is open; else go home."""
        if self.middle.currentIndex():
            self.close_cash()
            return True
        if self.members.close_pad():
            return True
        if self.desk.notice is not None:
            self.desk.dismiss()
            return True
        return False

    def _act(self, action: str) -> None:
        self.desk.dismiss()
        if action == "cash":
            self.open_cash()
        elif action in ("scan", "phone"):
            self.members.focus_box()
        elif action == "refresh":
            self.desk.refresh(Changes(full_reload=True))
            self.redraw()
        elif action != self.name:
            self.desk.screen_wanted.emit(action)
