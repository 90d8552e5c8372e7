"""In the middle of the orders screen: how one order stands, what came back of it, its papers, and what can be done.

Rule: draws what it is given and tells what was tapped. What the paper says in full stands on the paper beside it.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.refusals import Refusal
from pos_app.till.order_values import CameBack, OrderDetail
from pos_app.till.refundable import NOT_HERE
from pos_app.ui import theme
from pos_app.ui.messages import Message, explain, held_reason
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Row, push
from pos_app.ui.widgets.figures import Figures
from pos_app.ui.widgets.layout import Pages, Scroll, card, column, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.order_row import figure_of, standing_of
from pos_app.ui.widgets.slip_row import SlipRow, State, asks
from pos_app.ui.widgets.text import Words, breakable

_WIDEST = 420
QWIDGETSIZE_MAX = 16_777_215
"""Qt's word for "as wide as it likes"; not in PySide6."""


class OrderCard(Pages):
    """`found` names the slip or number of a refund or of what it gives back; `settled` as in `SlipRow`."""

    refund = Signal()
    reprint = Signal()
    found = Signal(str)
    settled = Signal(str, bool)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.notice = Notice("order_notice", say("notice.close"))
        self.body = Scroll(gap=10, head=self.notice)
        self.title = Words("", 22, bold=True, wrap=True)
        self.title.setObjectName("order_title")
        self.amount = Words("", 22, bold=True)
        self.amount.setObjectName("order_amount")
        self.back = push("order_refund", "", image="refund")
        self.back.clicked.connect(self.refund)
        self.again = push("order_reprint", say("orders.reprint"), "primary", "printer")
        self.again.clicked.connect(self.reprint)
        head = row(self.title, self.amount)
        head.setStretch(0, 1)
        shown = card(head, self.body, rule(), self.back, self.again, gap=8, name="order_card")
        self.none = Empty("orders_choose", "orders", say("orders.choose"), say("orders.choose.detail"))
        self.addWidget(card(self.none, name="order_none_card"))
        self.addWidget(shown)
        self.body.rows.setContentsMargins(0, 0, 6, 0)
        self.setMinimumWidth(310)

    def draw(self, one: OrderDetail | None, offline: bool) -> None:
        """Draw an order; None: none is chosen."""
        self.setCurrentIndex(0 if one is None else 1)
        self.setMaximumWidth(_WIDEST if one is not None else QWIDGETSIZE_MAX)
        if one is None:
            return
        say, order = self.say, one.row
        self.title.setText(say.code("order.kind", order.kind))
        figure = figure_of(order, say)
        self.amount.setText(figure)
        self.amount.setVisible(bool(figure))
        made: list[QWidget] = [*self._standing(one, offline), self._figures(one)]
        if one.refundable is None and one.row.kind in NOT_HERE:
            why_not = explain(Refusal("not_refundable_here", {"kind": one.row.kind}), say)
            made.append(self._wrapped("order_not_refundable", f"{why_not.title}\n{why_not.detail}"))
        if one.original:
            original = push("order_original", say("orders.original", number=one.original), image="before")
            original.clicked.connect(lambda: self.found.emit(one.original))
            made.append(original)
        if one.back:
            made.append(Words(say("orders.back"), theme.TEXT_STRONG, bold=True))
            made += [self._came_back(place, back) for place, back in enumerate(one.back)]
        made.append(Words(say("orders.papers"), theme.TEXT_STRONG, bold=True))
        for place, paper in enumerate(one.papers):
            shown = SlipRow(paper, say, place, narrow=True)
            shown.settled.connect(self.settled)
            made.insert(0 if asks(paper) else len(made), shown)
        self.body.fill(made)
        self._draw_actions(one)

    def _standing(self, one: OrderDetail, offline: bool) -> list[QWidget]:
        """How the ledger has it, and why not where it has not."""
        say, order = self.say, one.row
        made: list[QWidget] = []
        words, tone = standing_of(order, say)
        if order.decision is None and order.state != "held":
            pending = order.state == "pending"
            words, tone = say.code("outbox", order.state), "warn" if pending else "good"
        state = QWidget()
        state.setLayout(row(State(words, tone, "order_state"), None))
        made.append(state)
        told = None
        if order.decision is not None:
            told = say("outbox.decided", reason=one.decision_reason)
        elif order.state == "held":
            told = say("outbox.held.why", reason=held_reason(one.reason, say))
        elif order.state == "pending":
            told = say("orders.waits.offline" if offline else "orders.waits")
        elif not order.whole:
            told = say("orders.gone")
        if told:
            shown = Words(told, tone="soft", wrap=True)
            shown.setObjectName("order_told")
            made.append(shown)
        return made

    def _figures(self, one: OrderDetail) -> QWidget:
        say, order = self.say, one.row
        lines = [
            ("order_number", say("order.slip"), order.slip),
            ("order_tx_no", say("order.ledger"), order.tx_no or ""),
            ("order_time", say("order.time"), say.moment(order.happened_at)),
            ("order_member", say("order.asked_by" if order.company else "order.member"), one.member),
            ("order_phone", say("order.phone"), one.phone),
            ("order_why", say("order.why"), self._why(one)),
            ("order_cashier", say("order.cashier"), one.cashier),
            ("order_approver", say("order.approver"), one.approver),
        ]
        made = Figures()
        for name, title, value in lines:
            if value:
                made.line(name, title, value, theme.TEXT)
        evidence = say.code("evidence", one.evidence) if one.evidence is not None else ""
        above = [(name, text) for name, text in (("order_evidence", evidence), ("order_company", one.company)) if text]
        both = QWidget()
        both.setLayout(column(*(self._wrapped(*words) for words in above), made, gap=8))
        return both

    def _wrapped(self, name: str, text: str) -> Words:
        made = Words(breakable(text), wrap=True)
        made.setObjectName(name)
        return made

    def _why(self, one: OrderDetail) -> str:
        family = {"CashMoved": "move.reason", "OrderRefunded": "refund.reason", "Refunded": "refund.reason"}
        kind = family.get(one.row.kind)
        return self.say.code(kind, one.why) if kind and one.why else ""

    def _came_back(self, place: int, back: CameBack) -> Row:
        made = Row(
            f"order_back_{place}",
            " · ".join(back.lines) or self.say("order.kind.Refunded"),
            back.slip,
            self.say.money(-back.amount_minor),
        )
        made.clicked.connect(lambda: self.found.emit(back.slip))
        return made

    def _draw_actions(self, one: OrderDetail) -> None:
        say, can = self.say, one.refundable
        self.back.setVisible(can is not None)
        if can is not None:
            words = "orders.refund" if can.comes_back else "refund.unsynced" if can.left_minor else "refund.gone"
            self.back.setText(say(words))
            self.back.setEnabled(can.comes_back)
        self.again.setEnabled(bool(one.papers))

    def calm(self) -> None:
        """Put away that paper is coming: it came, or its own state says why not."""
        if self.notice.message is not None and self.notice.message.tone == "good":
            self.notice.show_message(None)

    def tell(self, message: Message | None) -> None:
        """Say what came of something tried here."""
        self.notice.show_message(message)
