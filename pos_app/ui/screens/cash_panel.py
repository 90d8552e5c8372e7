"""One movement of the drawer's money: how much and why, who approves it, and what was recorded.

Rule: the till decides whether the cashier may (`approval_needed`) and whether the drawer holds enough; here is asked.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from models.refusals import Refusal
from pos_app.till import cash
from pos_app.till.approval import Approval, or_needed
from pos_app.till.values import Changes, Done, HeaderView
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.settle import Settle
from pos_app.ui.widgets.amount import AmountField
from pos_app.ui.widgets.approval_pad import ApprovalPad
from pos_app.ui.widgets.buttons import Choice, Confirm, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, Pages, card, column, row, tab_before
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_list import SlipList
from pos_app.ui.widgets.text import Words

IMAGES = {"paid_in": "cash-in", "paid_out": "cash-out", "safe_drop": "safe", "no_sale": "drawer"}


class CashPanel(QWidget):
    """Form, approval and result of one movement; `ended` when there is nothing more to show."""

    ended = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.say = desk, desk.say
        self.move_kind = ""
        self.amount_minor: int | None = None
        self.reason = ""
        self.busy = False
        self._recorded = Settle()
        self.approval = ApprovalPad(desk)
        self.approval.approved.connect(self._record)
        self.approval.given_up.connect(self._show_form)
        self._form, self._asking, self._done = self._make_form(), card(self.approval, name="approval_card"), self._end()
        self.pages = Pages()
        for page in (self._form, self._asking, self._done):
            self.pages.addWidget(page)
        self.setLayout(column(self.pages))

    def _make_form(self) -> QWidget:
        say = self.say
        self._image = QLabel()
        self.title = Words("", 22, bold=True)
        self.title.setObjectName("move_title")
        self.hint = Words("", tone="soft", wrap=True)
        self.notice = Notice("notice", say("notice.close"))
        self.notice.closed.connect(lambda: self.notice.show_message(None))
        self.field = AmountField("move_field", say, say("move.amount"))
        self.field.setPlaceholderText(say.money(0))
        self.field.changed.connect(self._typed)
        pad = Keypad("move_digit", say("key.back"), extra=self.field.point, height=64)
        pad.types_into(self.field)
        self._how_much = QWidget()
        self._how_much.setLayout(column(Words(say("move.amount"), theme.TEXT_STRONG, bold=True), self.field, pad, None))
        self.reasons = Grid(tile_width=170, gap=8, most=2)
        why = column(Words(say("move.why"), theme.TEXT_STRONG, bold=True), self.reasons, None)
        entries = row(self._how_much, why, gap=24)
        entries.setStretch(0, 1)
        entries.setStretch(1, 1)
        self.confirm = Confirm("confirm")
        self.confirm.clicked.connect(self.press_enter)
        back = push("move_back", say("move.back"), "quiet")
        back.clicked.connect(self.ended)
        head = row(self._image, column(self.title, self.hint, gap=0), back, gap=12)
        head.setStretch(1, 1)
        return card(head, self.notice, entries, None, self.confirm, margin=20, name="move_card")

    def _end(self) -> QWidget:
        image = QLabel()
        image.setPixmap(icons.pixmap("check-circle", theme.GOOD_STRONG, 64))
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said = Words("", theme.TITLE, bold=True, wrap=True)
        self.said.setObjectName("move_done_title")
        self.detail = Words("", theme.TEXT_STRONG, tone="soft", wrap=True)
        self.detail.setObjectName("move_done_detail")
        for words in (self.said, self.detail):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.slips = SlipList(self.desk, "move_done_notice")
        self.done = Confirm("move_done")
        self.done.say(self.say("move.done"), self.say("key.enter"))
        self.done.clicked.connect(self.press_enter)
        return card(16, image, self.said, self.detail, 8, self.slips, self.done, margin=20, name="move_done_card")

    @property
    def occupied(self) -> bool:
        """Whether something is being recorded or a PIN checked: nothing else begins."""
        return self.busy or self.approval.pin.busy

    # -- what is entered ----------------------------------------------------------------------------------------

    def begin(self, move: str) -> None:
        """Start a movement of `cash.CASH_MOVES` with nothing entered."""
        say = self.say
        self.move_kind, self.amount_minor, self.reason = move, None, ""
        self._image.setPixmap(icons.pixmap(IMAGES[move], theme.PRIMARY, 32))
        self.title.setText(say(f"move.{move}"))
        self.hint.setText(say(f"move.{move}.hint"))
        self.notice.show_message(None)
        self.field.show_amount(None)
        self._how_much.setVisible(move != "no_sale")
        tiles: list[QWidget] = []
        for code in cash.REASONS[move]:
            tile = Choice(f"reason_{code}", say.code("move.reason", code), height=60)
            tile.clicked.connect(lambda _=False, chosen=code: self._choose(chosen))
            tiles.append(tile)
        self.reasons.fill(tiles)
        tab_before(tiles, self.confirm)
        self._show_form()

    def _show_form(self) -> None:
        self.pages.setCurrentWidget(self._form)
        self.redraw()
        if self.move_kind != "no_sale":
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.reasons.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, amount_minor: int | None) -> None:
        self.amount_minor = amount_minor
        self.notice.show_message(None)
        self.redraw()

    def _choose(self, code: str) -> None:
        if not self.busy:
            self.reason = code
            self.redraw()

    def redraw(self) -> None:
        """Show the chosen reason and what Confirm will do."""
        say = self.say
        for tile in self.reasons.tiles():
            if isinstance(tile, Choice):
                tile.choose(tile.objectName() == f"reason_{self.reason}")
        self.field.setEnabled(not self.busy)
        lacks = self.move_kind != "no_sale" and not self.amount_minor
        words = say(f"move.{self.move_kind}.confirm", amount=say.money(self.amount_minor or 0))
        if lacks or not self.reason:
            words = say("move.amount.missing") if lacks else say("move.reason.missing")
        self.confirm.setEnabled(not lacks and bool(self.reason) and not self.busy)
        self.confirm.say(say("confirm.busy") if self.busy else words, say("key.enter"), self.busy)

    # -- acting -------------------------------------------------------------------------------------------------

    def press_enter(self) -> None:
        """Record it, send the PIN, or put the result away; not with the second half of a double tap."""
        front = self.pages.currentWidget()
        if front is self._asking:
            self.approval.press_enter()
        elif front is self._form:
            if self.confirm.isEnabled():
                self._record(None)
        elif not self._recorded.settling:
            self.ended.emit()

    def press_escape(self) -> None:
        """One step back: from the PIN to the form as it was, from there to the shift."""
        if self.busy:
            return
        if self.pages.currentWidget() is self._asking:
            self.approval.press_escape()
        elif self.notice.message is not None:
            self.notice.show_message(None)
        else:
            self.ended.emit()

    def _record(self, approval: Approval | None) -> None:
        if self.busy:
            return
        self.busy = True
        self.notice.show_message(None)
        self.pages.setCurrentWidget(self._form)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.redraw()
        move, amount_minor, reason = self.move_kind, self.amount_minor or 0, self.reason
        self.desk.operations.run(
            or_needed(lambda: cash.move_cash(self.desk.till, move, amount_minor, reason, approval)),
            self._answered,
            self._failed,
            "move",
        )

    def _answered(self, found: Done | Refusal) -> None:
        self.busy = False
        what = self._what()
        if isinstance(found, Refusal):
            self.redraw()
            self.pages.setCurrentWidget(self._asking)
            self.approval.ask(found, what)
            return
        self._recorded.begin()
        self.said.setText(self.say(f"move.{self.move_kind}.done", amount=self.say.money(found.total_minor)))
        self.detail.setText(f"{self.say.code('move.reason', self.reason)} · {found.slips[0]}")
        self.slips.show_slips(found.slips)
        self.pages.setCurrentWidget(self._done)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _what(self) -> str:
        """Say what is being done, for who approves it."""
        amount = [self.say.money(self.amount_minor)] if self.amount_minor else []
        parts = [self.say(f"move.{self.move_kind}"), *amount, self.say.code("move.reason", self.reason)]
        return " · ".join(parts)

    def _failed(self, message: Message) -> None:
        self.busy = False
        self._show_form()
        self.notice.show_message(message)

    # -- what goes on -------------------------------------------------------------------------------------------

    def follow(self, changes: Changes) -> None:
        """Follow the paper."""
        self.slips.follow(changes)

    def tick(self, view: HeaderView) -> None:
        """Follow the printer and a throttle."""
        self.slips.tick(view)
        self.approval.tick()
