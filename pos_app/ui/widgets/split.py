"""Splitting a payment: an amount, then the tender that pays it; without an amount, all that is left.

Rule: draws a `Split` and tells what was taken; the parts taken stand beside it (`widgets.tenders.PartList`).
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pos_app.selling.payment import Split
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.settle import Settle
from pos_app.ui.widgets.amount import AmountField
from pos_app.ui.widgets.buttons import Choice, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, card, column, empty, row, rule
from pos_app.ui.widgets.tenders import show_left, tender_tiles
from pos_app.ui.widgets.text import Words

_SHARES = (2, 3, 4)


class SplitPanel(QWidget):
    """What is left, an amount with digits, shares of it, and the tenders."""

    taken = Signal(str, object)
    """The tender, and minor units that may be more than a C int holds."""
    closed = Signal()
    given_up = Signal()

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.label = Words("", theme.TEXT_STRONG, tone="soft")
        self.left = Words("", theme.TITLE, bold=True)
        self.left.setObjectName("split_rest")
        self.field = AmountField("split_field", say, say("split.amount"))
        self.field.changed.connect(self._typed)
        self.shares = row(gap=8)
        self.pad = Keypad("split_digit", say("key.back"), extra=self.field.point, height=theme.TOUCH)
        self.pad.types_into(self.field)
        self.tiles = Grid(tile_width=120, gap=8, most=3, fills=True)
        hint = Words(say("split.hint"), tone="soft", wrap=True)
        single = push("split_single", say("split.single"), "quiet")
        single.clicked.connect(self.given_up)
        done = push("split_done", say("cash.done"), "primary", "check")
        done.clicked.connect(self.closed)
        title = Words(say("split.title"), theme.HEADING, bold=True)
        ends = row(single, done)
        ends.setStretch(0, 1)
        ends.setStretch(1, 1)
        self.setLayout(
            column(
                card(
                    row(title, None, self.label, self.left),
                    rule(),
                    hint,
                    row(Words(say("split.amount"), theme.TEXT_STRONG), self.field),
                    self.shares,
                    self.pad,
                    self.tiles,
                    None,
                    ends,
                    gap=8,
                    name="split_panel",
                )
            )
        )
        self._split, self._due_minor = Split(), 0
        self._kinds: tuple[str, ...] = ()
        self._shared = -1
        self._last, self._settle = "", Settle()

    def open_for(self, kinds: tuple[str, ...], split: Split, due_minor: int) -> None:
        """Start with nothing typed."""
        self.field.show_amount(None)
        self.show_split(kinds, split, due_minor)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_split(self, kinds: tuple[str, ...], split: Split, due_minor: int) -> None:
        """Draw what is left, and which tenders may pay the amount in the field."""
        if split != self._split or due_minor != self._due_minor:
            self.field.show_amount(None)
        self._split, self._due_minor = split, due_minor
        if kinds != self._kinds:
            self._kinds = kinds
            self.tiles.fill(tender_tiles(self.say, "split", kinds, self._take))
        show_left(self.say, self.label, self.left, split, due_minor)
        left_minor = split.left(due_minor)
        self.field.setEnabled(left_minor > 0)
        self.field.setPlaceholderText(self.say.money(left_minor))
        if left_minor != self._shared:
            self._shared = left_minor
            self._offer(left_minor)
        self._typed()

    def _offer(self, left_minor: int) -> None:
        empty(self.shares)
        for share in _SHARES:
            minor = left_minor // share
            button = Choice(f"share_{share}", f"1/{share} · {self.say.money(minor)}", height=theme.TOUCH)
            button.setEnabled(minor > 0)
            button.clicked.connect(lambda _=False, chosen=minor: self._choose(chosen))
            self.shares.addWidget(button)

    def _choose(self, minor: int) -> None:
        self.field.show_amount(minor)
        self._typed()

    def _amount(self) -> int:
        """What the field says, all that is left while it is empty."""
        typed = self.field.amount()
        return self._split.left(self._due_minor) if typed is None else typed

    def _typed(self, _amount_minor: object = None) -> None:
        amount_minor = self._amount()
        for tile in self.tiles.tiles():
            kind = tile.objectName().removeprefix("split_")
            tile.setEnabled(self._split.takes(kind, amount_minor, self._due_minor))

    def _take(self, kind: str) -> None:
        """Take a part; the second half of a double tap would take all the rest the same way."""
        if kind == self._last and self._settle.settling:
            return
        self._last = kind
        self._settle.begin()
        self.taken.emit(kind, self._amount())
