"""A shift that was closed: the number of its report, what was counted, its paper, and what comes next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from models.drawer import Counted
from pos_app.till.values import Changes, ClosedShift, HeaderView
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.settle import Settle
from pos_app.ui.widgets.buttons import Confirm, push
from pos_app.ui.widgets.count_row import difference_words
from pos_app.ui.widgets.layout import Scroll, card, column, row, rule
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_list import SlipList
from pos_app.ui.widgets.text import Words


class ShiftEnd(QWidget):
    """`left` names where to go: the next shift or the lock."""

    left = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.say = desk, desk.say
        say = self.say
        image = QLabel()
        image.setPixmap(icons.pixmap("check-circle", theme.GOOD_STRONG, 64))
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = Words(say("ended.title"), theme.TOTAL, bold=True)
        title.setObjectName("ended_title")
        self.number = Words("", theme.TEXT_STRONG, tone="soft", wrap=True)
        self.number.setObjectName("ended_number")
        for words in (title, self.number):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.counted = Scroll(gap=8)
        self.unsent = Notice("ended_unsent")
        self.next = Confirm("shift_next")
        self.next.clicked.connect(self.press_enter)
        self.lock = push("shift_lock", say("ended.lock"), image="lock")
        self.lock.setFixedHeight(theme.CONFIRM)
        self.lock.clicked.connect(lambda: self.left.emit("lock"))
        ways = row(self.lock, self.next)
        ways.setStretch(1, 1)
        left = card(
            8, image, title, self.number, 8, self.counted, self.unsent, ways, margin=28, name="ended_card"
        )  # fmt: skip
        self.slips = SlipList(desk, "ended_notice")
        right = card(
            Words(say("result.slips"), theme.HEADING, bold=True), self.slips, margin=20, name="ended_slips_card"
        )
        columns = row(left, right)
        columns.setStretch(0, 3)
        columns.setStretch(1, 2)
        self.setLayout(columns)
        self._settle = Settle()

    def show_closed(self, closed: ClosedShift) -> None:
        """Show what was recorded."""
        self._settle.begin()
        self.number.setText(self.say("ended.number", number=closed.slip))
        self.counted.fill([self._line(counted) for counted in closed.counted])
        self.slips.show_slips((closed.slip,))
        shut = self.desk.shut
        self.next.setVisible(not shut)
        self.next.say(self.say("ended.next"), self.say("key.enter"))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, counted: Counted) -> QWidget:
        """A tender, what was counted of it, and below that by how much it differs."""
        say, difference = self.say, counted.difference_minor
        amount = Words(say.money(counted.counted_minor), theme.TEXT_STRONG, bold=True)
        amount.setObjectName(f"ended_{counted.kind}")
        told = Words(difference_words(difference, say), tone="warn" if difference else "good")
        told.setObjectName(f"ended_{counted.kind}_difference")
        mark = QLabel()
        mark.setPixmap(
            icons.pixmap("alert" if difference else "check-circle", theme.WARN if difference else theme.GOOD, 20)
        )
        name = Words(say.code("tender", counted.kind), theme.TEXT_STRONG, tone="soft")
        made = QWidget()
        made.setLayout(column(row(name, None, mark, told, 16, amount, gap=6), rule(), gap=8))
        return made

    def follow(self, changes: Changes) -> None:
        """Follow the paper."""
        self.slips.follow(changes)

    def tick(self, view: HeaderView) -> None:
        """Follow the printer, and say how much is still to be sent."""
        self.slips.tick(view)
        message = None
        if view.pending:
            message = Message("info", self.say("ended.unsent", n=view.pending), self.say("ended.unsent.detail"))
        self.unsent.show_message(message)

    def press_enter(self) -> None:
        """Open the next shift; not with the second half of a double tap."""
        if not self.next.isHidden() and not self._settle.settling:
            self.left.emit("open_shift")
