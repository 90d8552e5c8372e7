"""Count the drawer and close the shift: each tender, then what differs and why, and who approves that.

Rule: blind. Nothing here knows what is expected; what differs is told by the till's answer to what was counted.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from models.refusals import Refusal
from pos_app.till import header, shift
from pos_app.till.approval import Approval
from pos_app.till.values import ClosedShift, HeaderView
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, explain
from pos_app.ui.widgets.approval_pad import ApprovalPad
from pos_app.ui.widgets.buttons import Choice, Confirm, push
from pos_app.ui.widgets.count_row import CountRow, difference_words
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, Pages, Scroll, card, column, row, tab_before
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

_TOLD = 2
"""Differences named beside the PIN; more are counted there, and stand at the left."""
_ASKS_BACK = ("difference_unexplained", "approval_needed", "count_missing")


class ShiftCount(QWidget):
    """Left: the tenders. Right: digits, or the reasons for a difference, or a PIN. `closed` gives the `ClosedShift`."""

    back_wanted = Signal()
    closed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.till, self.say = desk, desk.till, desk.say
        self.rows: list[CountRow] = []
        self.differences: dict[str, int] | None = None
        self.reason = ""
        self.again = False
        self.busy = False
        columns = row(self._make_left(), self._make_right())
        columns.setStretch(0, 58)
        columns.setStretch(1, 42)
        self.setLayout(columns)
        desk.changed.connect(self._draw_unfinished)

    def _make_left(self) -> QWidget:
        say = self.say
        self.title = Words(say("count.title"), theme.TITLE, bold=True)
        self.detail = Words("", tone="soft", wrap=True)
        self.detail.setObjectName("count_detail")
        self.notice = Notice("notice", say("notice.close"))
        self.notice.closed.connect(lambda: self.notice.show_message(None))
        self.unfinished = Notice("count_unfinished")
        self.unfinished.acted.connect(self.desk.screen_wanted)
        self.list = Scroll(gap=8)
        return card(
            column(self.title, self.detail, gap=2), self.notice, self.unfinished, self.list,
            margin=20, name="count_card",
        )  # fmt: skip

    def _make_right(self) -> QWidget:
        say = self.say
        self.unsent = Notice("count_unsent")
        self.pad = Keypad("count_digit", say("key.back"), extra="," if say.language == "es-ES" else ".", height=64)
        self._first_key = self.pad.findChildren(Choice)[0]
        self.reasons = Grid(tile_width=150, gap=8, most=2, fills=True)
        tiles: list[QWidget] = []
        for code in shift.DIFFERENCE_REASONS:
            tile = Choice(f"reason_{code}", say.code("count.reason", code), height=60)
            tile.clicked.connect(lambda _=False, chosen=code: self._choose(chosen))
            tiles.append(tile)
        self.reasons.fill(tiles)
        again = push("count_again", say("count.again"), image="refresh", tall=True)
        again.clicked.connect(self._count_again)
        why = QWidget()
        why.setLayout(column(Words(say("count.why"), theme.TEXT_STRONG, bold=True), self.reasons, 8, again, None))
        self.means = Pages()
        for part in (self.pad, why):
            self.means.addWidget(part)
        self._why = why
        self.confirm = Confirm("confirm")
        self.confirm.clicked.connect(self.press_enter)
        back = push("count_back", say("count.back"), "quiet")
        back.clicked.connect(self._leave)
        self._entry = QWidget()
        self._entry.setLayout(column(self.unsent, self.means, None, self.confirm, back))
        self.approval = ApprovalPad(self.desk)
        self.approval.approved.connect(lambda given: self._close(self.reason, given))
        self.approval.given_up.connect(self._show_entry)
        self.sides = Pages()
        self.sides.addWidget(self._entry)
        self.sides.addWidget(self.approval)
        return card(self.sides, margin=20, name="count_side")

    # -- what is entered ----------------------------------------------------------------------------------------

    def begin(self, kinds: tuple[str, ...]) -> None:
        """Start with nothing counted."""
        self.rows = [self._line(kind) for kind in kinds]
        self.list.fill(self.rows)
        tab_before([line.field for line in self.rows], self._first_key)
        self.differences, self.reason, self.again = None, "", False
        self.notice.show_message(None)
        self._draw_unfinished()
        self.tick(header.header(self.till))
        self._show_entry()
        self._focus(self.rows[0])

    def _line(self, kind: str) -> CountRow:
        made = CountRow(kind, self.say)
        made.field.changed.connect(self._typed)
        made.field.entered.connect(lambda: self.pad.types_into(made.field))
        return made

    def _add(self, refusal: Refusal) -> None:
        """Something came in by a tender that was not asked for yet: ask for it, keep the rest."""
        kinds = refusal.data["tenders"]
        assert isinstance(kinds, list)  # noqa: S101 - `close_shift` says so
        for kind in kinds:
            self.rows.append(self._line(str(kind)))
            self.list.rows.insertWidget(len(self.rows) - 1, self.rows[-1])
        tab_before([line.field for line in self.rows[-len(kinds) :]], self._first_key)
        self.notice.show_message(explain(refusal, self.say, "close"))
        self._count_again()
        self._focus(self.rows[-len(kinds)])

    def _focus(self, line: CountRow) -> None:
        self.pad.types_into(line.field)
        line.field.setFocus(Qt.FocusReason.OtherFocusReason)
        line.field.selectAll()
        self.list.ensureWidgetVisible(line)

    def _typed(self, _amount_minor: int | None) -> None:
        self.notice.show_message(None)
        self.redraw()

    def _choose(self, code: str) -> None:
        if not self.busy:
            self.reason = code
            self.redraw()

    def _count_again(self) -> None:
        """Open the fields again, with what was counted; the report will show the first count beside another one."""
        if self.busy:
            return
        self.again = self.again or self.differences is not None
        differing = self.differences or {}
        self.differences, self.reason = None, ""
        self.redraw()
        self._focus(next((line for line in self.rows if line.kind in differing), self.rows[0]))

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw_unfinished(self) -> None:
        """Say that a basket waits; the shift may be closed all the same."""
        say, number = self.say, len(self.desk.held) + bool(self.desk.basket.cups)
        message = None
        if number:
            words = say("count.unfinished", n=number), say("count.unfinished.detail")
            message = Message("warn", *words, "checkout", say("count.unfinished.back"))
        self.unfinished.show_message(message)

    def _show_entry(self) -> None:
        self.sides.setCurrentWidget(self._entry)
        self.redraw()

    def redraw(self) -> None:
        """Show digits or reasons, and what Confirm will do."""
        say, differs = self.say, self.differences is not None
        self.detail.setText(say("count.differs" if differs else "count.detail.again" if self.again else "count.detail"))
        self.means.setCurrentWidget(self._why if differs else self.pad)
        for line in self.rows:
            line.tell(self.differences.get(line.kind, 0) if self.differences is not None else None)
            line.field.setEnabled(not differs and not self.busy)
        for tile in self.reasons.tiles():
            if isinstance(tile, Choice):
                tile.choose(tile.objectName() == f"reason_{self.reason}")
        missing = self._missing()
        words = say("count.close.difference" if differs else "count.close")
        if missing is not None:
            words = say("count.next", tender=missing.title)
        elif differs and not self.reason:
            words = say("move.reason.missing")
        self.confirm.setEnabled(not self.busy and not (differs and not self.reason))
        self.confirm.say(say("count.busy") if self.busy else words, say("key.enter"), self.busy)

    def _missing(self) -> CountRow | None:
        """The first tender that was not counted, from the one the keyboard is in."""
        waits = [line for line in self.rows if line.amount_minor is None]
        at = next((place for place, line in enumerate(self.rows) if line.field.hasFocus()), 0)
        return next((line for line in waits if line in self.rows[at + 1 :]), waits[0] if waits else None)

    # -- acting -------------------------------------------------------------------------------------------------

    def press_enter(self) -> None:
        """Go to the next field, or close; at the PIN pad send the PIN."""
        if self.sides.currentWidget() is self.approval:
            self.approval.press_enter()
        elif self.confirm.isEnabled():
            missing = self._missing()
            if missing is not None:
                self._focus(missing)
                self.redraw()
            else:
                self._close(self.reason or None, None)

    def press_escape(self) -> None:
        """One step back: from the PIN to the reasons, from them to the count, from there to the shift."""
        if self.busy:
            return
        if self.sides.currentWidget() is self.approval:
            self.approval.press_escape()
        elif self.notice.message is not None:
            self.notice.show_message(None)
        elif self.differences is not None:
            self._count_again()
        else:
            self._leave()

    def _leave(self) -> None:
        if not self.busy:
            self.back_wanted.emit()

    def _close(self, reason: str | None, approval: Approval | None) -> None:
        if self.busy:
            return
        counted = {line.kind: line.amount_minor or 0 for line in self.rows}
        self.busy = True
        self.notice.show_message(None)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_entry()
        self.desk.operations.run(
            lambda: self._try(counted, reason, approval),
            lambda found: self._answered(found, approval is not None),
            self._failed,
            "close",
        )

    def _try(self, counted: dict[str, int], reason: str | None, approval: Approval | None) -> ClosedShift | Refusal:
        """Close; what asks the cashier for more comes back as a value, with what it tells."""
        try:
            return shift.close_shift(self.till, counted, reason, approval)
        except Refusal as refusal:
            if refusal.code in _ASKS_BACK:
                return refusal
            raise

    def _answered(self, found: ClosedShift | Refusal, approved: bool) -> None:
        self.busy = False
        if isinstance(found, ClosedShift):
            self.redraw()
            self.closed.emit(found)
        elif found.code == "difference_unexplained":
            told = found.data["differences"]
            assert isinstance(told, dict)  # noqa: S101 - `close_shift` says so
            self.differences = {str(kind): int(minor) for kind, minor in told.items()}
            self.reason = ""
            self.redraw()
        elif found.code == "count_missing":
            self._add(found)
        elif approved:
            # Something came in meanwhile, so the difference is another one: show it before anybody approves it.
            self._close(None, None)
        else:
            self.redraw()
            self.sides.setCurrentWidget(self.approval)
            self.approval.ask(found, self._what())

    def _what(self) -> str:
        """Say which difference is to be approved, and the reason given."""
        say, differing = self.say, self.differences or {}
        told = [
            say("count.difference", tender=say.code("tender", kind), words=difference_words(minor, say))
            for kind, minor in differing.items()
        ]
        if len(told) > _TOLD:
            told = [say("count.differences", n=len(told))]
        return " · ".join([*told, say.code("count.reason", self.reason)])

    def _failed(self, message: Message) -> None:
        self.busy = False
        self.redraw()
        self.notice.show_message(message)

    def tick(self, view: HeaderView) -> None:
        """Say how much is still to be sent, and that closing does not wait for it."""
        say, message = self.say, None
        if view.pending:
            message = Message("info", say("count.unsent", n=view.pending), say("count.unsent.detail"))
        self.unsent.show_message(message)
        self.approval.tick()
