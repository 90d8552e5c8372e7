"""Paying by card, in the middle of the counter: ask for the code, show what it will cost, wait for the ledger.

Rule: draws the desk's card; nothing is charged here. The code box takes what a scanner types and what is pasted.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.phones import mask_phone
from pos_app.till import charge_reserved
from pos_app.till.values import CardOffer
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.scanner import Scanner
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.camera_view import CameraView
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.figures import Figures, Waiting
from pos_app.ui.widgets.layout import Pages, card, column, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.text import Words


class CardPanel(QWidget):
    """A page that asks for the code, and one that shows the offer."""

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        super().__init__()
        self.desk, self.say = desk, desk.say
        say = self.say
        self.box = Entry("card_code", say("card.placeholder"), say("card.code"), longest=1000)
        self.box.entered.connect(self._take_code)
        enter = push("card_code_enter", say("card.enter"), "primary", tall=True)
        enter.clicked.connect(self.box.enter)
        ask = QWidget()
        self.hint = Empty("card_ask", "wallet", say("card.ask"), say("card.ask.detail"))
        self.room = QWidget()
        self.room.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.scanner, self.camera = scanner, CameraView("card_camera", scanner, say)
        ask.setLayout(column(self.camera, self.hint, self.room, row(self.box, enter, gap=8)))
        self.who = Words("", theme.HEADING, bold=True)
        self.who.setObjectName("card_who")
        self.level = Words("", theme.TEXT, tone="soft")
        self.level.setObjectName("card_level")
        self.figures = Figures()
        self.known = Notice("card_notice")
        self.other = push("card_other", say("card.other"), image="scan")
        self.other.clicked.connect(self._other)
        shown = QWidget()
        shown.setLayout(column(column(self.who, self.level, gap=2), rule(), self.figures, self.known, None, self.other))
        self.stack = Pages()
        self.stack.addWidget(ask)
        self.stack.addWidget(shown)
        self.waiting = Waiting("card_waiting")
        self.back = push("card_back", say("card.back"), "quiet")
        self.back.clicked.connect(lambda: desk.choose_tender("cash"))
        self.notice = Notice("notice", say("notice.close"))
        self.notice.closed.connect(desk.dismiss)
        title = Words(say("card.title"), 22, bold=True)
        head = row(title, None, self.back)
        self.setLayout(column(card(head, self.waiting, self.notice, self.stack, gap=10, name="card_card")))
        self._drawn: object = None

    def begin(self) -> None:
        """Start with an empty box and the cursor in it."""
        self.box.clear()
        self.redraw()
        if self.desk.card.offer is None:
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_code(self, text: str) -> None:
        """Take what was entered as the code; one that does not pay stays, to be mended or typed over."""
        self.desk.card.take(text)
        if self.desk.card.offer is None:
            self.box.selectAll()
        else:
            self.box.clear()

    def redraw(self) -> None:
        """Show the card on the desk."""
        desk = self.desk
        shown, busy = desk.card.offer, bool(desk.busy)
        self.waiting.setVisible(busy)
        self.notice.show_message(desk.notice)
        self.known.show_message(self._warning(shown) if shown is not None and desk.notice is None else None)
        # With nobody at the counter the camera's picture stands at the left already.
        sees = desk.view is not None and self.scanner.state != "none"
        self.camera.setVisible(sees)
        # A message says what to do next; picture and message leave no room to say it twice.
        self.hint.setVisible(not sees or desk.notice is None)
        self.room.setVisible(sees and desk.notice is not None)
        self.back.setEnabled(not busy)
        self.other.setEnabled(not busy)
        proof = desk.view.proof if desk.view is not None else None
        covers = shown is not None and charge_reserved.covered(desk.till, shown, proof)
        if (shown, covers) == self._drawn:
            return
        self._drawn = (shown, covers)
        self.stack.setCurrentIndex(0 if shown is None else 1)
        if shown is None:
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._draw(shown, covers)

    def _other(self) -> None:
        self.desk.card.forget()
        self.begin()

    def _draw(self, shown: CardOffer, covers: bool) -> None:
        say, member = self.say, shown.member
        self.who.setText(member.name or say("member.by_code") if member else say("card.unknown"))
        parts = (mask_phone(member.phone), say.code("level", member.level)) if member else ()
        self.level.setText(" · ".join(parts) if member else say("card.unknown.detail"))
        figures = self.figures
        figures.clear()
        figures.line("card_raw", say("card.raw"), say.money(shown.raw_total_minor))
        off_minor = shown.total_minor - shown.raw_total_minor
        rate = say.discount(shown.discount)
        title = say("card.discount", rate=rate) if rate else say("card.discount.none")
        asked = member is None and not shown.by_ledger and shown.reservation_id is None
        value = say("card.discount.asked") if asked else say.money(off_minor)
        figures.line("card_discount", title, value, tone="good" if off_minor else "")
        figures.part()
        figures.line("card_total", say("card.total"), say.money(shown.total_minor), theme.TOTAL, "primary")
        figures.part()
        if shown.balance_minor is not None and not covers:
            after_minor = shown.balance_minor - shown.total_minor
            key = "card.balance" if shown.reservation_id is None else "card.set_aside"
            figures.line("card_balance", say(key), say.money(shown.balance_minor))
            figures.line("card_after", say("card.after"), say.money(after_minor), tone="bad" if after_minor < 0 else "")
        if shown.points:
            figures.line("card_points", say("card.points"), f"+{say.count(shown.points)}", tone="good")

    def _warning(self, shown: CardOffer) -> Message | None:
        say = self.say
        if shown.reservation_id is not None:
            return Message("good", say("card.from_set_aside"))
        if shown.member is None and not shown.by_ledger:
            return Message("info", say("card.unknown.price"), say("card.unknown.price.detail"))
        if shown.balance_minor is not None and shown.balance_minor < shown.total_minor:
            return Message("warn", say("card.short"), say("card.short.detail"))
        return None
