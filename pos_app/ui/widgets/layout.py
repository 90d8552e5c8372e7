"""Rows, columns, cards, grids and lists, with the till's spacing.

Rule: spacing comes from the tokens; a screen never names a margin twice.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pos_app.ui import theme

Part = QWidget | QLayout | int | None
"""What stands in a row or column: a widget, a layout, a space in pixels, or None for the stretch."""


def column(*parts: Part, gap: int = theme.GAP, margin: int = 0) -> QVBoxLayout:
    """Stack parts from top to bottom."""
    made = QVBoxLayout()
    _fill(made, parts, gap, margin)
    return made


def row(*parts: Part, gap: int = theme.GAP, margin: int = 0) -> QHBoxLayout:
    """Line parts up from left to right."""
    made = QHBoxLayout()
    _fill(made, parts, gap, margin)
    return made


def _fill(layout: QBoxLayout, parts: Sequence[Part], gap: int, margin: int) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(margin, margin, margin, margin)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)


def card(*parts: Part, gap: int = theme.GAP, margin: int = 16, name: str = "") -> QFrame:
    """Return a white card with parts stacked in it."""
    made = QFrame()
    made.setProperty("role", "card")
    made.setObjectName(name)
    made.setLayout(column(*parts, gap=gap, margin=margin))
    return made


def rule() -> QFrame:
    """Return a hair line."""
    made = QFrame()
    made.setProperty("role", "rule")
    return made


def page(*parts: Part, name: str = "") -> QWidget:
    """Return an empty ground with parts stacked on it."""
    made = QWidget()
    made.setProperty("role", "page")
    made.setObjectName(name)
    made.setLayout(column(*parts))
    return made


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and throw it away."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


def tab_before(widgets: Sequence[QWidget], follower: QWidget) -> None:
    """Let Tab go through widgets that were made late, one after the other, and then to `follower`."""
    before = follower.previousInFocusChain() or follower
    while before.focusPolicy() == Qt.FocusPolicy.NoFocus:  # Qt puts nothing behind what never has the focus
        before = before.previousInFocusChain() or follower
    for widget in widgets:
        QWidget.setTabOrder(before, widget)
        before = widget


class Scroll(QScrollArea):
    """A column that scrolls up and down, never sideways; a finger may drag the bar. `head` stays above the rest."""

    def __init__(self, gap: int = 10, head: QWidget | None = None) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QWidget()
        self.rows = column(gap=gap)
        self.body.setLayout(self.rows if head is None else column(head, self.rows, gap=gap))
        self.setWidget(self.body)

    def fill(self, widgets: Sequence[QWidget]) -> None:
        """Replace what the column shows."""
        empty(self.rows)
        for widget in widgets:
            self.rows.addWidget(widget)
        self.rows.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """Give way before anything beside it is squeezed."""
        return QSize(theme.TOUCH, theme.TOUCH)


class Pages(QStackedWidget):
    """Pages of which one is in front; those behind ask for no room."""

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of the page in front."""
        front = self.currentWidget()
        return front.minimumSizeHint() if front is not None else QSize()

    def sizeHint(self) -> QSize:
        """Ask for the room of the page in front."""
        front = self.currentWidget()
        return front.sizeHint() if front is not None else QSize()

    def hasHeightForWidth(self) -> bool:
        """The height is what the window gives."""
        return False


class Grid(QWidget):
    """Tiles in as many equal columns as fit; rows grow downwards. `fills`: few tiles share the whole width."""

    def __init__(self, tile_width: int = 148, gap: int = 10, most: int = 6, fills: bool = False) -> None:
        super().__init__()
        self._fills = fills
        self._tile_width, self._gap, self._most = tile_width, gap, most
        self._tiles: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def fill(self, tiles: Sequence[QWidget]) -> None:
        """Replace the tiles."""
        for old in self._tiles:
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._tiles = list(tiles)
        for tile in tiles:
            tile.setParent(self)
            tile.show()
        self._place()

    def tiles(self) -> list[QWidget]:
        """Return the tiles in their order."""
        return self._tiles

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out for the new width."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        width = self.width()
        columns = max(1, min(self._most, (width + self._gap) // (self._tile_width + self._gap)))
        if self._fills:
            columns = min(columns, max(1, len(self._tiles)))
        each = (width - self._gap * (columns - 1)) // columns
        top = 0
        for start in range(0, len(self._tiles), columns):
            line = self._tiles[start : start + columns]
            height = max(tile.sizeHint().height() for tile in line)
            for place, tile in enumerate(line):
                tile.setGeometry(place * (each + self._gap), top, each, height)
            top += height + self._gap
        self.setMinimumHeight(max(0, top - self._gap))


class Centered(QWidget):
    """One card in the middle of an empty ground (sign in, open shift, pair)."""

    def __init__(self, inner: QWidget, width: int = 460) -> None:
        super().__init__()
        self.setProperty("role", "page")
        inner.setFixedWidth(width)
        self.setLayout(column(None, row(None, inner, None), None))
