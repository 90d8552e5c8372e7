"""Left on the orders screen: what to look for, the day, the kinds, and the page that was found.

Rule: draws what it is given and tells what was tapped or typed; asks nobody.
"""

from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pos_app.till.order_values import OrderPage, Sought
from pos_app.till.orders import GROUPS
from pos_app.ui import theme
from pos_app.ui.messages import Message
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Choice, Glyph, push
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.layout import Grid, Scroll, card, column, row
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.order_row import OrderItem
from pos_app.ui.widgets.text import Words


class OrdersList(QWidget):
    """`chosen` gives a place in the chain, `day` a date or None for all, `turned` +1 for older and -1 for newer."""

    chosen = Signal(object)
    wanted = Signal(str)
    cleared = Signal()
    group = Signal(str)
    day = Signal(object)
    turned = Signal(int)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self._day: date | None = None
        self._today = date.min
        self.notice = Notice("orders_notice", say("notice.close"))
        self.offline = Notice("orders_offline")
        self.rows = Scroll(gap=8)
        self.none = Empty("orders_empty", "orders", say("orders.none"))
        self.newer = push("orders_newer", say("orders.newer"), image="before")
        self.newer.clicked.connect(lambda: self.turned.emit(-1))
        self.older = push("orders_older", say("orders.older"))
        self.older.clicked.connect(lambda: self.turned.emit(1))
        self.turn = QWidget()
        self.turn.setLayout(row(self.newer, None, self.older))
        made = card(
            self._head(), self._search(), self._groups(), self.notice, self.offline, self.rows, self.none, self.turn,
            gap=10, name="orders_card",
        )  # fmt: skip
        self.setLayout(column(made))
        self.setMinimumWidth(440)

    def _head(self) -> QWidget:
        say = self.say
        self.title = Words(say("orders.title"), 22, bold=True)
        self.title.setObjectName("orders_title")
        self.before = Glyph("orders_day_before", "before", say("orders.day.before"))
        self.before.clicked.connect(lambda: self._step(-1))
        self.after = Glyph("orders_day_after", "after", say("orders.day.after"))
        self.after.clicked.connect(lambda: self._step(1))
        self.that_day = Choice("orders_day", "", height=theme.TOUCH)
        self.that_day.clicked.connect(lambda: self.day.emit(self._day or self._today))
        self.all_days = Choice("orders_all_days", say("orders.all_days"), height=theme.TOUCH)
        self.all_days.clicked.connect(lambda: self.day.emit(None))
        self.days = QWidget()
        self.days.setLayout(row(self.before, self.that_day, self.after, self.all_days, gap=4))
        self.clear = Glyph("orders_clear", "close", say("orders.clear"))
        self.clear.clicked.connect(self.cleared)
        made = QWidget()
        made.setLayout(row(self.title, None, self.days, self.clear, gap=8))
        return made

    def _search(self) -> QWidget:
        say = self.say
        self.box = Entry("orders_box", say("orders.placeholder"), say("orders.search"), longest=400, size=theme.TEXT)
        self.box.entered.connect(self.wanted)
        find = push("orders_find", say("refund.find"), "primary", tall=True)
        find.clicked.connect(self.box.enter)
        made = QWidget()
        made.setLayout(row(self.box, find, gap=8))
        return made

    def _groups(self) -> QWidget:
        grid = Grid(tile_width=92, gap=6, most=4)
        self.chips = {
            name: Choice(f"orders_kind_{name}", self.say(f"orders.kind.{name}"), height=48) for name in GROUPS
        }
        for name, chip in self.chips.items():
            chip.clicked.connect(
                lambda _=False, tapped=name: self.group.emit("" if self.chips[tapped].chosen else tapped)
            )
        grid.fill(list(self.chips.values()))
        return grid

    def begin(self) -> None:
        """Start with an empty box and the cursor in it."""
        self.box.clear()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, days: int) -> None:
        begin = self._day or self._today
        self.day.emit(begin + timedelta(days=days if self._day is not None else min(days, 0)))

    # -- drawing ------------------------------------------------------------------------------------------------

    def draw_filter(self, day: date | None, today: date, group: str, sought: Sought | None) -> None:
        """Draw what is being looked at."""
        say = self.say
        self._day, self._today = day, today
        shown = day or today
        self.that_day.setText(say("orders.today") if shown == today else self._date(shown))
        self.that_day.setAccessibleName(f"{self._date(shown)} {say('orders.today') if shown == today else ''}".strip())
        self.that_day.choose(day is not None)
        self.that_day.setMinimumWidth(126)
        self.all_days.choose(day is None)
        self.after.setEnabled(day is not None and day < today)
        self.before.setEnabled(shown > date(2000, 1, 1))
        self.days.setVisible(sought is None)
        self.clear.setVisible(sought is not None)
        found = "" if sought is None else sought.who or sought.text
        self.title.setText(say("orders.found", text=found) if found else say("orders.title"))
        for name, chip in self.chips.items():
            chip.choose(name == group)
            chip.setEnabled(sought is None or sought.seq is None)

    def _date(self, day: date) -> str:
        return self.say.date(datetime.combine(day, time(12), tzinfo=self.say.zone).astimezone(UTC))

    def draw(self, page: OrderPage | None, current: int | None, first: bool, one_day: bool, looking: bool) -> None:
        """Draw a page; None while it is read for the first time. `looking`: only something was looked for."""
        say = self.say
        rows = () if page is None else page.rows
        made: list[QWidget] = []
        for place, one in enumerate(rows):
            elsewhen = not one_day and one.happened_at.astimezone(say.zone).date() != self._today
            item = OrderItem(one, say, place, elsewhen)
            item.choose(one.seq == current)
            item.clicked.connect(lambda _=False, seq=one.seq: self.chosen.emit(seq))
            made.append(item)
        self.rows.fill(made)
        self.rows.setVisible(bool(made))
        self.none.setVisible(not made)
        if page is None:
            self.none.say("refresh", say("orders.loading"))
        elif looking:
            self.none.say("orders", say("orders.none.found"), say("orders.none.found.detail"))
        else:
            self.none.say("orders", say("orders.none"), say("orders.none.day") if one_day else "")
        self.newer.setEnabled(not first)
        self.older.setEnabled(page is not None and page.older is not None)
        self.turn.setVisible(self.newer.isEnabled() or self.older.isEnabled())

    def choose(self, seq: int | None) -> None:
        """Mark the chosen row and bring it into sight."""
        for item in self.rows.body.findChildren(OrderItem):
            item.choose(item.row.seq == seq)
            if item.row.seq == seq:
                self.rows.ensureWidgetVisible(item)

    def tell_offline(self, offline: bool) -> None:
        """Say that what stands here is what the till knows."""
        say = self.say
        self.offline.show_message(Message("info", say("orders.offline")) if offline else None)
