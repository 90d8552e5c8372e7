"""The open shift: who opened it, four ways to move its money, its sums so far for whoever may see them, and its end."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from models.drawer import CASH_MOVES, ShiftTotals
from pos_app.till import shift
from pos_app.till.values import Changes, HeaderView, ShiftView
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.screens.cash_panel import IMAGES, CashPanel
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.figures import Figures
from pos_app.ui.widgets.layout import Grid, Pages, Scroll, card, column, row
from pos_app.ui.widgets.move_tile import MoveTile
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.text import Words

_COUNTS = (
    "orders",
    "redemptions",
    "uses",
    "pass_sales",
    "top_ups",
    "card_charges",
    "refunds",
    "reprints",
    "no_sales",
)


class ShiftDrawer(QWidget):
    """Left: the shift and what can be done. Right: the X report, or the movement that was begun."""

    close_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.till, self.say = desk, desk.till, desk.say
        self._view: ShiftView | None = None
        self.panel = CashPanel(desk)
        self.panel.ended.connect(self.show_report)
        self._report = self._make_report()
        self.pages = Pages()
        self.pages.addWidget(self._report)
        self.pages.addWidget(self.panel)
        columns = row(self._make_left(), self.pages)
        columns.setStretch(0, 40)
        columns.setStretch(1, 60)
        self.setLayout(columns)

    def _make_left(self) -> QWidget:
        say = self.say
        self.opened = Words("", theme.TEXT, tone="soft", wrap=True)
        self.opened.setObjectName("shift_opened")
        self.tiles = Grid(tile_width=150, gap=10, most=2, fills=True)
        made: list[QWidget] = []
        for move in CASH_MOVES:
            tile = MoveTile(f"move_{move}", say(f"move.{move}"), IMAGES[move])
            tile.clicked.connect(lambda _=False, wanted=move: self.begin(wanted))
            made.append(tile)
        self.tiles.fill(made)
        self.shut = Notice("shift_shut")
        self.failed = Notice("shift_notice")
        self.close_shift = Confirm("shift_close")
        self.close_shift.clicked.connect(self.want_close)
        title = Words(say("shift.title"), theme.TITLE, bold=True)
        under = Words(say("shift.drawer"), theme.TEXT_STRONG, bold=True)
        return card(
            column(title, self.opened, gap=2), self.shut, self.failed, 4, under, self.tiles, None, self.close_shift,
            margin=20, name="shift_card",
        )  # fmt: skip

    def _make_report(self) -> QWidget:
        say = self.say
        self.figures = Figures()
        self.sums = Scroll(gap=8)
        self.sums.rows.addWidget(self.figures)
        self.sums.rows.addStretch(1)
        self.heading = column(
            Words(say("shift.x"), 22, bold=True), Words(say("shift.x.detail"), tone="soft", wrap=True), gap=2
        )
        self.head = QWidget()
        self.head.setLayout(self.heading)
        self.blind = Empty("shift_blind", "lock", say("shift.blind"), say("shift.blind.detail"))
        return card(self.head, self.sums, self.blind, margin=20, name="shift_report")

    # -- coming and going ---------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Start with the shift and nothing begun."""
        self.failed.show_message(None)
        self.show_report()
        self.load()

    def follow(self, changes: Changes) -> None:
        """Read again what changed."""
        if changes.facts or changes.session or changes.catalogue or changes.full_reload:
            self.load()
        self.panel.follow(changes)
        self.redraw()

    def tick(self, view: HeaderView) -> None:
        """Follow printer and clock."""
        self.panel.tick(view)

    def load(self) -> None:
        """Read the shift."""
        self.desk.operations.run(lambda: shift.look(self.till), self._loaded, self.failed.show_message)

    def _loaded(self, view: ShiftView) -> None:
        self.failed.show_message(None)
        if view != self._view:
            self._view = view
            name = view.opened_by or "–"
            self.opened.setText(self.say("shift.opened", name=name, moment=self.say.moment(view.opened_at)))
            self._draw_report(view)

    # -- drawing ------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show what can be done now."""
        say, begun = self.say, self.pages.currentWidget() is self.panel
        message = Message("warn", say("shift.shut"), say("shift.shut.detail")) if self.desk.shut else None
        self.shut.show_message(message)
        for tile, move in zip(self.tiles.tiles(), CASH_MOVES, strict=True):
            if isinstance(tile, MoveTile):
                tile.setEnabled(not self.desk.shut)
                tile.choose(begun and move == self.panel.move_kind)
        self.close_shift.say(say("shift.close"), "" if begun else say("key.enter"))

    def _draw_report(self, view: ShiftView) -> None:
        sees, figures, say = view.totals is not None, self.figures, self.say
        self.head.setVisible(sees)
        self.sums.setVisible(sees)
        self.blind.setVisible(not sees)
        figures.clear()
        if view.totals is None:
            return
        for kind, minor in view.expected:
            title = say("shift.x.expected", tender=say.code("tender", kind))
            figures.line(f"x_expected_{kind}", title, say.money(minor), theme.HEADING, "primary")
        figures.part()
        self._draw_money(view.totals)
        figures.part()
        for name in _COUNTS:
            number = getattr(view.totals, name)
            if number:
                figures.line(f"x_{name}", say(f"shift.x.{name}"), say.count(number))

    def _draw_money(self, totals: ShiftTotals) -> None:
        say, figures = self.say, self.figures
        figures.line("x_float", say("shift.x.float"), say.money(totals.float_minor))
        moved = ("paid_in", totals.paid_in_minor), ("paid_out", -totals.paid_out_minor), (
            "safe_drop", -totals.dropped_minor,
        )  # fmt: skip
        for move, minor in moved:
            if minor:
                figures.line(f"x_{move}", say(f"move.{move}"), say.money(minor))
        for tender in totals.tenders:
            name = say.code("tender", tender.kind)
            figures.line(f"x_taken_{tender.kind}", say("shift.x.taken", tender=name), say.money(tender.taken_minor))
            if tender.given_back_minor:
                title = say("shift.x.given_back", tender=name)
                figures.line(f"x_given_back_{tender.kind}", title, say.money(-tender.given_back_minor))
        if totals.card_charged_minor:
            figures.line("x_card_charged", say("shift.x.card_charged"), say.money(totals.card_charged_minor))

    # -- acting -------------------------------------------------------------------------------------------------

    def begin(self, move: str) -> None:
        """Begin a movement; one that is being recorded is not disturbed."""
        if not self.panel.occupied and not self.desk.shut:
            self.pages.setCurrentWidget(self.panel)
            self.panel.begin(move)
            self.redraw()

    def show_report(self) -> None:
        """Show the sums."""
        self.pages.setCurrentWidget(self._report)
        self.redraw()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def want_close(self) -> None:
        """Go and count; not while a movement is being recorded."""
        if not self.panel.occupied:
            self.close_wanted.emit()

    def press_enter(self) -> None:
        """Confirm the movement that was begun, else go and count."""
        if self.pages.currentWidget() is self.panel:
            self.panel.press_enter()
        else:
            self.want_close()

    def press_escape(self) -> bool:
        """Leave the movement; else the screen."""
        if self.pages.currentWidget() is self.panel:
            self.panel.press_escape()
            return True
        return False
