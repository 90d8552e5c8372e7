"""Left on the refund screen: a number to type, refunds that wait or were answered, this till's
sales, charges and top-ups.

Rule: draws what it is given and tells what was tapped; asks nobody.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pos_app.till.values import OpenRefund, Refundable
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Row, push
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.layout import Scroll, card, column, row
from pos_app.ui.widgets.notice import Empty
from pos_app.ui.widgets.open_refund import OpenRefundRow
from pos_app.ui.widgets.text import Words


class RefundList(QWidget):
    """A box, and below it a list. The box keeps a number that was not found, to be mended or typed over."""

    chosen = Signal(object)
    wanted = Signal(str)
    ask_again = Signal()
    seen = Signal(str)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.box = Entry("refund_box", say("refund.placeholder"), say("refund.number"), longest=60)
        self.box.entered.connect(self.wanted)
        find = push("refund_find", say("refund.find"), "primary", tall=True)
        find.clicked.connect(self.box.enter)
        self.rows = Scroll(gap=8)
        self.none = Empty("refund_empty", "refund", say("refund.none"), say("refund.none.detail"))
        title = Words(say("refund.title"), 22, bold=True)
        made = card(title, row(self.box, find, gap=8), self.rows, self.none, gap=10, name="refund_which")
        self.setLayout(column(made))
        self.setMinimumWidth(380)

    def begin(self) -> None:
        """Start with an empty box and the cursor in it."""
        self.box.clear()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def draw(
        self, waits: tuple[OpenRefund, ...], candidates: tuple[Refundable, ...], current: Refundable | None
    ) -> None:
        """Draw refunds that wait, then what may be refunded; `current` is the one chosen."""
        made: list[QWidget] = []
        for place, one in enumerate(waits):
            shown = OpenRefundRow(one, self.say, place)
            shown.seen.connect(self.seen)
            shown.ask_again.connect(self.ask_again)
            made.append(shown)
        for place, candidate in enumerate(candidates):
            made.append(self._row(place, candidate, current))
        self.rows.fill(made)
        self.rows.setVisible(bool(made))
        self.none.setVisible(not made)

    def _row(self, place: int, one: Refundable, current: Refundable | None) -> Row:
        say = self.say
        is_sale = one.kind == "order"  # it needs no number of the ledger to come back
        note = one.tx_no or (one.slip if is_sale else say("refund.unsynced"))
        if one.happened_at is not None:
            note = f"{say.moment(one.happened_at)} · {note}"
        title = " · ".join(part for part in (say(f"refund.kind.{one.kind}"), one.who) if part)
        figure = say.money(one.left_minor) if one.left_minor else say("refund.gone")
        made = Row(f"refundable_{place}", title, note, figure)
        made.choose(current is not None and one.slip == current.slip)
        made.setEnabled(one.comes_back)
        made.clicked.connect(lambda: self.chosen.emit(one))
        return made
