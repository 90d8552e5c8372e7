"""Buttons that paint themselves: product tiles, pass cards, choices, navigation, the confirm button.

Rule: a mouse tap does not take the keyboard focus (the scan box keeps it); Tab reaches every button and a ring shows
it. Each tells by `fits` how its text was laid, for the tooltip and the text-fit test.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from pos_app.ui import icons, theme
from pos_app.ui.widgets.text import Fitted, fit, line_height, paint

_CENTER = Qt.AlignmentFlag.AlignHCenter
_RIGHT = Qt.AlignmentFlag.AlignRight


class Painted(QAbstractButton):
    """A rounded button with hover, pressed, chosen, disabled and focus states; subclasses draw what is on it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.fits: list[Fitted] = []
        self.chosen = False
        self.hint = ""

    def choose(self, chosen: bool) -> None:
        """Draw as chosen or not."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def grounds(self) -> tuple[str, str, float]:
        """Return ground colour ("" for none), border colour and border width for the state the button is in."""
        if not self.isEnabled():
            return theme.GROUND, theme.LINE, 1
        if self.isDown():
            return theme.PRIMARY_SOFT, theme.PRIMARY, 2
        if self.chosen:
            return theme.PRIMARY_SOFT, theme.PRIMARY, 2
        return theme.SURFACE, theme.PRIMARY if self.underMouse() else theme.LINE, 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, border, focus ring, then what the subclass draws."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, border, width = self.grounds()
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        if ground:
            painter.setBrush(QColor(ground))
            painter.setPen(QPen(QColor(border), width) if width else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.INK), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), theme.RADIUS - 4, theme.RADIUS - 4)
        self.fits = []
        self.draw(painter)
        painter.end()
        tip = self.accessibleName() if any(part.cut for part in self.fits) else self.hint
        if tip != self.toolTip():
            self.setToolTip(tip)

    def draw(self, painter: QPainter) -> None:
        """Draw the content; subclasses say what."""
        raise NotImplementedError

    def put(self, fitted: Fitted) -> Fitted:
        """Remember how a text was laid."""
        self.fits.append(fitted)
        return fitted


def badge(painter: QPainter, text: str, left: float, top: float, tone: str, room: float) -> Fitted:
    """Paint a small rounded label, 28 px high; returns how its text was laid."""
    ink, ground = theme.tones()[tone]
    fitted = fit(text, room - 16, theme.TEXT)
    painter.setFont(theme.font(fitted.size))
    width = painter.fontMetrics().horizontalAdvance(fitted.lines[0]) + 16
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(QRectF(left, top, width, 28), 8, 8)
    paint(painter, fitted, QRectF(left + 8, top + 3, width - 16, 22), ink)
    return fitted


class Tile(Painted):
    """A product: name in at most two lines, below it a price or a badge, and how many are on the basket."""

    def __init__(self, name: str, title: str, price: str, covered: bool = False) -> None:
        super().__init__(name)
        self.title, self.price, self.covered = title, price, covered
        self.count = 0
        self.setAccessibleName(f"{title} {price}")
        self.setMinimumHeight(theme.TILE + 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a tile's room; more when the name takes three lines."""
        tall = len(fit(self.title, max(100, self.width() - 28), theme.TEXT, True, 3).lines) > 2
        return QSize(138, theme.TILE + (22 if tall else 8))

    def set_count(self, count: int) -> None:
        """Show how many pieces are on the basket."""
        if count != self.count:
            self.count = count
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Draw name, price and count."""
        inner = QRectF(self.rect()).adjusted(14, 10, -14, -10)
        room = inner.width() - (30 if self.count else 0)
        ink = theme.INK if self.isEnabled() else theme.INK_SOFT
        title = self.put(fit(self.title, room, theme.TEXT_STRONG, bold=True, lines=2, smallest=theme.TEXT))
        if title.cut and self.height() > theme.TILE + 8:
            self.fits.clear()
            title = self.put(fit(self.title, room, theme.TEXT, bold=True, lines=3))
        paint(painter, title, inner.adjusted(0, -3 if len(title.lines) > 2 else 0, 0, 0), ink)
        bottom = inner.bottom()
        if self.covered:
            self.put(badge(painter, self.price, inner.left() - 2, bottom - 28, "good", inner.width() + 4))
        else:
            price = self.put(fit(self.price, inner.width(), theme.TEXT))
            paint(painter, price, QRectF(inner.left(), bottom - 24, inner.width(), 24), theme.INK_SOFT)
        if self.count:
            ball = QRectF(self.width() - 40, 10, 30, 30)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.PRIMARY))
            painter.drawEllipse(ball)
            painter.setFont(theme.font(theme.TEXT, bold=True))
            painter.setPen(QColor(theme.ON_PRIMARY))
            painter.drawText(ball, int(Qt.AlignmentFlag.AlignCenter), str(self.count))


class Row(Painted):
    """A card across the column: title and note at the left, a strong figure at the right (passes, plans, people)."""

    def __init__(self, name: str, title: str, note: str, figure: str, tone: str = "soft", lines: int = 1) -> None:
        super().__init__(name)
        self.title, self.note, self.figure, self.tone, self.lines = title, note, figure, tone, lines
        self.setAccessibleName(", ".join(part for part in (title, figure, note) if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(80 + 24 * (lines - 1))

    def sizeHint(self) -> QSize:
        """Ask for a card's room."""
        return QSize(260, self.minimumHeight())

    def draw(self, painter: QPainter) -> None:
        """Draw title, note and figure."""
        inner = QRectF(self.rect()).adjusted(16, 10, -16, -10)
        taken, live = 0, self.isEnabled()
        if self.figure:
            figure = self.put(fit(self.figure, inner.width() * 0.42, 22, bold=True, smallest=theme.TEXT))
            painter.setFont(theme.font(figure.size, bold=True))
            taken = painter.fontMetrics().horizontalAdvance(figure.lines[0]) + 12
            centre = QRectF(inner.right() - taken, self.height() / 2 - 15, taken, 30)
            paint(painter, figure, centre, theme.PRIMARY_INK if live else theme.INK_SOFT, _RIGHT)
        room = inner.width() - taken
        title = self.put(fit(self.title, room, theme.TEXT_STRONG, bold=True, smallest=theme.TEXT, lines=self.lines))
        note = self.put(fit(self.note, room, theme.TEXT, lines=1))
        top = self.height() / 2 - (title.height + (note.height if self.note else 0)) / 2
        ink, height = theme.INK if live else theme.INK_SOFT, max(30, title.height)
        paint(painter, title, QRectF(inner.left(), top, room, height), ink)
        inks = {"soft": theme.INK_SOFT, "warn": theme.WARN, "bad": theme.BAD}
        paint(painter, note, QRectF(inner.left(), top + title.height, room, 26), inks[self.tone])


class Choice(Painted):
    """One of a few: icon and words side by side (or `stacked`), or words alone; `chosen` is drawn."""

    def __init__(
        self,
        name: str,
        text: str,
        image: str = "",
        height: int = 52,
        size: int = theme.TEXT,
        stacked: bool = False,
    ) -> None:
        super().__init__(name)
        self.setText(text)
        self.image, self._stacked = image, stacked
        self.setAccessibleName(text)
        self._height, self._size = height, size
        self.setFont(theme.font(size))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for room for the words in one line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + (34 if self.image else 0) + 28
        return QSize(max(theme.TOUCH, width), self._height)

    def minimumSizeHint(self) -> QSize:
        """Never less than a finger."""
        return QSize(theme.TOUCH, self._height)

    def choose(self, chosen: bool) -> None:
        """Draw as chosen, and say it to a screen reader."""
        super().choose(chosen)
        self.setCheckable(True)
        self.setChecked(chosen)

    def draw(self, painter: QPainter) -> None:
        """Draw icon and words, together in the middle."""
        ink = theme.PRIMARY_INK if self.chosen else theme.INK
        ink = ink if self.isEnabled() else theme.INK_SOFT
        if not self.text():
            painter.drawPixmap((self.width() - 24) // 2, (self.height() - 24) // 2, icons.pixmap(self.image, ink, 24))
            return
        if self._stacked:
            painter.drawPixmap((self.width() - 22) // 2, 8, icons.pixmap(self.image, ink, 22))
            words = self.put(fit(self.text(), self.width() - 8, theme.TEXT))
            paint(painter, words, QRectF(4, 33, self.width() - 8, 22), ink, _CENTER)
            return
        space = 30 if self.image else 0
        fitted = self.put(fit(self.text(), self.width() - 16 - space, self._size, self.chosen, 2, theme.TEXT))
        painter.setFont(theme.font(fitted.size, self.chosen))
        width = max(painter.fontMetrics().horizontalAdvance(line) for line in fitted.lines) + 2
        left = (self.width() - width - space) / 2
        if self.image:
            painter.drawPixmap(int(left), int(self.height() / 2 - 11), icons.pixmap(self.image, ink, 22))
        top = (self.height() - fitted.height) / 2
        paint(painter, fitted, QRectF(left + space, top, width, fitted.height), ink, _CENTER)


class Extra(Painted):
    """An add-on: name, and below it what one more costs on this cup."""

    def __init__(self, name: str, title: str, cost: str, free: bool) -> None:
        super().__init__(name)
        self.title, self.cost, self.free = title, cost, free
        self.setAccessibleName(f"{title} {cost}")

    def sizeHint(self) -> QSize:
        """Ask for two lines, or three when the name is long."""
        long = len(self._title().lines) > 1
        return QSize(132, 82 if long else 62)

    def _title(self) -> Fitted:
        return fit(self.title, max(80, self.width() - 46), theme.TEXT, bold=True, lines=2)

    def draw(self, painter: QPainter) -> None:
        """Draw a plus, the name and the cost."""
        painter.drawPixmap(10, (self.height() - 20) // 2, icons.pixmap("plus", theme.PRIMARY, 20))
        box = QRectF(self.rect()).adjusted(38, 8, -8, -8)
        title = self.put(self._title())
        paint(painter, title, box, theme.INK)
        cost = self.put(fit(self.cost, box.width(), theme.TEXT))
        paint(painter, cost, box.adjusted(0, title.height + 2, 0, 0), theme.GOOD if self.free else theme.INK_SOFT)


class Tab(Painted):
    """A tab of the product panel: words, and a bar under the chosen one."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name)
        self.setText(text)
        self.setAccessibleName(text)
        self.setFont(theme.font(theme.TEXT_STRONG, bold=True))

    def sizeHint(self) -> QSize:
        """Ask for room for the words."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 32, theme.TOUCH)

    def minimumSizeHint(self) -> QSize:
        """Tabs scroll rather than shrink."""
        return self.sizeHint()

    def grounds(self) -> tuple[str, str, float]:
        """Tabs are flat until chosen."""
        if self.chosen or self.isDown():
            return theme.PRIMARY_SOFT, theme.PRIMARY_SOFT, 0
        return (theme.GROUND if self.underMouse() else theme.SURFACE), theme.SURFACE, 0

    def draw(self, painter: QPainter) -> None:
        """Draw the words."""
        room = self.width() - 12
        fitted = self.put(fit(self.text(), room, theme.TEXT_STRONG, self.chosen, lines=2, smallest=theme.TEXT))
        box = QRectF(6, (self.height() - fitted.height) / 2, room, fitted.height)
        paint(painter, fitted, box, theme.PRIMARY_INK if self.chosen else theme.INK_SOFT, _CENTER)


class NavButton(Painted):
    """An entry of the left bar: icon over words, at most two lines."""

    def __init__(self, name: str, text: str, image: str, key: str = "") -> None:
        super().__init__(name)
        self.setText(text)
        self.image = image
        self.hint = f"{text} ({key})" if key else ""
        self.setAccessibleName(text)
        self.setFixedWidth(104)
        self.setMinimumHeight(68)
        self.setMaximumHeight(78)

    def sizeHint(self) -> QSize:
        """Ask for a thumb's room; a full bar gives less."""
        return QSize(104, 78)

    def grounds(self) -> tuple[str, str, float]:
        """Flat on the ground of the window until chosen."""
        if self.chosen or self.isDown():
            return theme.PRIMARY_TINT, theme.PRIMARY_TINT, 0
        return (theme.DISABLED if self.underMouse() else theme.GROUND), theme.GROUND, 0

    def draw(self, painter: QPainter) -> None:
        """Draw icon and words; the icon is smaller where both would not fit."""
        ink = theme.PRIMARY_INK if self.chosen else theme.INK_SOFT
        fitted = self.put(fit(self.text(), self.width() - 8, theme.TEXT, self.chosen, 2))
        size = 28 if self.height() >= fitted.height + 34 else 22
        top = (self.height() - size - 2 - fitted.height) / 2
        painter.drawPixmap((self.width() - size) // 2, int(top), icons.pixmap(self.image, ink, size))
        paint(painter, fitted, QRectF(4, top + size + 3, self.width() - 8, fitted.height), ink, _CENTER)


class Confirm(Painted):
    """The one big button of a screen: what it will do in at most two lines, its key below in small."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.key = ""
        self.busy = False
        self.setFixedHeight(theme.CONFIRM)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, text: str, key: str = "", busy: bool = False) -> None:
        """Show what a tap will do."""
        self.setText(text)
        self.setAccessibleName(text)
        self.key, self.busy = key, busy
        self.update()

    def grounds(self) -> tuple[str, str, float]:
        """Full colour while it can be tapped."""
        if not self.isEnabled():
            return theme.DISABLED, theme.DISABLED, 0
        if self.isDown() or self.busy:
            return theme.PRIMARY_PRESSED, theme.PRIMARY_PRESSED, 0
        return theme.PRIMARY, theme.PRIMARY, 0

    def draw(self, painter: QPainter) -> None:
        """Draw words and key."""
        ink = theme.ON_PRIMARY if self.isEnabled() else theme.ON_DISABLED
        fitted = self.put(fit(self.text(), self.width() - 32, 24, bold=True, lines=1, smallest=20))
        if fitted.cut:
            self.fits.clear()
            fitted = self.put(fit(self.text(), self.width() - 32, 20, bold=True, lines=2, smallest=17))
        keyed = self.key if self.isEnabled() and len(fitted.lines) == 1 else ""
        room = fitted.height + (line_height(theme.TEXT) if keyed else 0)
        top = (self.height() - room) / 2
        paint(painter, fitted, QRectF(16, top, self.width() - 32, fitted.height), ink, _CENTER)
        if keyed:
            note = self.put(fit(keyed, self.width() - 32, theme.TEXT))
            paint(painter, note, QRectF(16, top + fitted.height, self.width() - 32, 22), ink, _CENTER)


class Glyph(Painted):
    """A square button with an icon alone; its name is spoken and shown as a tooltip."""

    def __init__(self, name: str, image: str, says: str, size: int = theme.TOUCH, flat: bool = False) -> None:
        super().__init__(name)
        self.image, self.flat = image, flat
        self.hint = says
        self.setAccessibleName(says)
        self.setFixedSize(size, size)

    def grounds(self) -> tuple[str, str, float]:
        """Flat glyphs show their ground only under a finger."""
        if self.flat and not self.isDown() and not self.underMouse():
            return "", "", 0
        return super().grounds()

    def draw(self, painter: QPainter) -> None:
        """Draw the icon in the middle."""
        ink = theme.INK if self.isEnabled() else theme.INK_SOFT
        at = (self.width() - 24) // 2
        painter.drawPixmap(at, (self.height() - 24) // 2, icons.pixmap(self.image, ink, 24))


def push(name: str, text: str, kind: str = "", image: str = "", tall: bool = False) -> QPushButton:
    """Return a plain button with words; kind "primary", "quiet" or "" for an outlined one; `tall` as a field beside."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setFont(theme.font(theme.TEXT, bold=kind == "primary"))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        made.setProperty("kind", kind)
    if tall:
        made.setProperty("tall", "true")
    if image:
        inks = {"primary": theme.ON_PRIMARY, "quiet": theme.PRIMARY_INK}
        made.setIcon(icons.spaced(image, inks.get(kind, theme.INK), 20, 8))
        made.setIconSize(QSize(28, 20))
    return made
