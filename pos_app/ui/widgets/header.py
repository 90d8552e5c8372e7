"""The bar on top: where we are, and the chips that always tell how the till is.

Rule: shows a `HeaderView`, asks for nothing. Words shrink before they are cut; the store's name elides first.
"""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from pos_app.till.values import HeaderView
from pos_app.ui import icons, theme
from pos_app.ui.messages import refusal_words
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.text import Words, fit, paint

PRODUCT = "Tillkeeper"
_PRINTER_TONES = {"ready": "good", "none": "plain", "starting": "plain", "paper_out": "bad", "cover_open": "bad"}
_SCANNER_TONES = {"ready": "good", "none": "plain", "starting": "plain"}


class Chip(Painted):
    """A rounded state with icon and words; some can be tapped."""

    def __init__(self, name: str, image: str) -> None:
        super().__init__(name)
        self.image, self.kind = image, "plain"
        self.setFixedHeight(theme.TOUCH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, text: str, kind: str, spoken: str, image: str = "") -> None:
        """Show a state; `spoken` is the whole sentence for tooltip and screen reader."""
        image = image or self.image
        if (text, kind, spoken, image) != (self.text(), self.kind, self.hint, self.image):
            self.setText(text)
            self.kind, self.hint, self.image = kind, spoken, image
            self.setAccessibleName(spoken)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Ask for room for icon and words."""
        self.setFont(theme.font(theme.TEXT))
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 48, theme.TOUCH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a pill in the bar's colours."""
        ink, ground = theme.CHIP[self.kind]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0, 7, 0, -7)
        painter.setPen(QColor(theme.BAR_INK) if self.hasFocus() or self.isDown() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(1, 0, -1, 0), 17, 17)
        painter.drawPixmap(12, (self.height() - 20) // 2, icons.pixmap(self.image, ink, 20))
        self.fits = [fit(self.text(), self.width() - 46, theme.TEXT)]
        paint(painter, self.fits[0], QRectF(37, (self.height() - 21) / 2, self.width() - 46, 21), ink)
        painter.end()
        if self.toolTip() != self.hint:
            self.setToolTip(self.hint)


class Header(QWidget):
    """Brand, store and terminal at the left; chips, cashier and clock at the right."""

    outbox_wanted = Signal()
    shift_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, phrases: Phrases) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(60)
        self.logo = QLabel()
        self.logo.setPixmap(icons.pixmap("logo", theme.BAR_INK, 30))
        self.store = Words(PRODUCT, theme.HEADING, bold=True, tone="bar")
        self.store.setObjectName("header_store")
        self.terminal = Words("", theme.TEXT, tone="bar-soft")
        self.terminal.setObjectName("header_terminal")
        self.network = Chip("chip_network", "online")
        self.outbox = Chip("chip_outbox", "outbox")
        self.printer = Chip("chip_printer", "printer")
        self.scanner = Chip("chip_scanner", "camera")
        self.shift = Chip("chip_shift", "shift")
        self.cashier = Words("", theme.TEXT, tone="bar")
        self.cashier.setObjectName("chip_cashier")
        self.clock = Words("", theme.TEXT_STRONG, bold=True, tone="bar")
        self.clock.setObjectName("chip_clock")
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 0, 20, 0)
        line.setSpacing(10)
        line.addWidget(self.logo)
        line.addWidget(self.store)
        line.addWidget(self.terminal)
        line.addStretch(1)
        for chip in self.chips():
            chip.clicked.connect(self.shift_wanted if chip is self.shift else self.outbox_wanted)
            chip.hide()
            line.addWidget(chip)
        line.addSpacing(4)
        line.addWidget(self.cashier)
        line.addWidget(self.clock)
        self.leave = Chip("chip_leave", "training")
        self.leave.clicked.connect(self.leave_wanted)
        self.leave.hide()
        line.addWidget(self.leave)
        self.training = False
        self.view: HeaderView | None = None
        self.phrases = phrases

    def chips(self) -> tuple[Chip, ...]:
        """Return the chips from left to right."""
        return (self.network, self.outbox, self.printer, self.scanner, self.shift)

    def show_view(self, view: HeaderView, now: datetime) -> None:
        """Show the state of the till at the moment `now`."""
        say = self.phrases
        self.view = view
        self._dress(view.training)
        self.store.setText(say("training.bar") if view.training else view.store_name or PRODUCT)
        self.terminal.setText(say("training.bar.detail") if view.training else view.terminal_code)
        refused = say("chip.refused.spoken", why=refusal_words(view.refused, say)) if view.refused else ""
        if view.offline_seconds is None and refused:
            self.network.say(say("chip.refused"), "bad", refused, "offline")
        elif view.offline_seconds is None:
            self.network.say(say("chip.online"), "good", say("chip.online.spoken"), "online")
        else:
            span = say.span(view.offline_seconds)
            spoken = say("chip.offline.spoken", span=span, rule=say.code("spending", view.offline_spending))
            self.network.say(say("chip.offline", span=span), "warn", spoken, "offline")
        self._say_outbox(view, now, refused)
        tone = _PRINTER_TONES.get(view.printer, "bad")
        words = say.code("printer", view.printer)
        self.printer.say(words, tone, say("chip.printer", state=words))
        words = say.code("scanner", view.scanner)
        self.scanner.say(words, _SCANNER_TONES.get(view.scanner, "bad"), say("chip.scanner", state=words))
        opened = "open" if view.shift_open else "closed"
        self.shift.say(say(f"shift.{opened}"), "good" if view.shift_open else "plain", say(f"shift.{opened}.spoken"))
        self.cashier.setText(view.cashier or "")
        self.clock.setText(say.time(now) if view.terminal_code else "")
        for chip in self.chips():
            chip.setVisible(bool(view.terminal_code) and not (view.training and chip in (self.network, self.outbox)))

    def _dress(self, training: bool) -> None:
        """Be the orange bar of training, in which nothing goes to any server, or the till's own."""
        if training == self.training:
            return
        self.training = training
        self.setProperty("training", training)
        self.style().unpolish(self)
        self.style().polish(self)
        for part in self.findChildren(Words):
            self.style().unpolish(part)
            self.style().polish(part)
        self.logo.setPixmap(
            icons.pixmap("training" if training else "logo", theme.TRAINING_INK if training else theme.BAR_INK, 30)
        )
        words = self.phrases("training.leave")
        self.leave.say(words, "plain", words)
        self.leave.setVisible(training)

    def _say_outbox(self, view: HeaderView, now: datetime, refused: str) -> None:
        say = self.phrases
        age = "" if view.oldest_pending_at is None else say.span((now - view.oldest_pending_at).total_seconds())
        if view.held and view.pending:
            spoken = say("chip.held_and_pending.spoken", held=view.held, n=view.pending, age=age)
            self.outbox.say(say("chip.held_and_pending", held=view.held, n=view.pending), "bad", spoken)
        elif view.held:
            self.outbox.say(say("chip.held", n=view.held), "bad", say("chip.held.spoken", n=view.held))
        elif view.pending:
            spoken = say("chip.pending.spoken", n=view.pending, age=age)
            self.outbox.say(say("chip.pending", n=view.pending, age=age), "warn", spoken)
        elif refused:
            self.outbox.say(say("chip.paused"), "warn", refused)
        else:
            self.outbox.say(say("chip.synced"), "good", say("chip.synced.spoken"))

    def texts(self) -> dict[str, str]:
        """Return what the chips say, for the player."""
        said = {chip.objectName().removeprefix("chip_"): chip.text() for chip in self.chips()}
        return {**said, "cashier": self.cashier.text(), "clock": self.clock.text(), "store": self.store.text()}
