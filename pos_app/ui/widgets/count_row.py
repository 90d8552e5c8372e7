"""One tender to count: its name, a field for what is there, and afterwards by how much it differs, in words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QLabel

from pos_app.ui import icons, theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.amount import AmountField
from pos_app.ui.widgets.layout import column, row
from pos_app.ui.widgets.text import Words

_IMAGES = {"good": "check-circle", "warn": "alert"}
_FIELD_WIDTH = 230


def difference_words(difference_minor: int, say: Phrases) -> str:
    """Say amount and direction of a difference in words."""
    amount = say.money(abs(difference_minor))
    if not difference_minor:
        return say("count.agrees")
    return say("count.over", amount=amount) if difference_minor > 0 else say("count.short", amount=amount)


class CountField(AmountField):
    """An amount; tells when it takes the keyboard."""

    entered = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell, and let the next digit replace what is there."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.selectAll()
        self.entered.emit()


class CountRow(QFrame):
    """A line of the count. `amount_minor` None: not counted yet; nothing at all is counted as 0."""

    def __init__(self, kind: str, say: Phrases) -> None:
        super().__init__()
        self.kind, self.say = kind, say
        self.amount_minor: int | None = None
        self.title = say.code("tender", kind)
        self.setObjectName(f"count_{kind}_row")
        image = QLabel()
        image.setPixmap(icons.pixmap(kind, theme.INK, 26))
        self._mark = QLabel()
        self._told = Words("")
        self._told.setObjectName(f"count_{kind}_difference")
        words = column(Words(self.title, theme.TEXT_STRONG, bold=True), row(self._mark, self._told, None, gap=6), gap=2)
        self.field = CountField(f"count_{kind}", say, say("count.field", tender=self.title))
        self.field.setPlaceholderText(say("count.placeholder"))
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.changed.connect(self._typed)
        line = row(image, words, self.field, gap=14)
        line.setStretch(1, 1)
        line.setContentsMargins(14, 6, 8, 6)
        self.setLayout(line)
        self.setStyleSheet(
            f"QFrame#{self.objectName()} {{ border: 1px solid {theme.LINE}; border-radius: {theme.RADIUS}px; }}"
        )
        self.tell(None)

    def _typed(self, amount_minor: int | None) -> None:
        self.amount_minor = amount_minor

    def tell(self, difference_minor: int | None) -> None:
        """Say how it differs; None: nothing is said yet."""
        told = difference_minor is not None
        self._mark.setVisible(told)
        self._told.setVisible(told)
        if difference_minor is not None:
            tone = "warn" if difference_minor else "good"
            self._mark.setPixmap(icons.pixmap(_IMAGES[tone], theme.tones()[tone][0], 20))
            self._told.tone(tone)
            self._told.setText(difference_words(difference_minor, self.say))
            self.field.setAccessibleDescription(self._told.text())
        else:
            self.field.setAccessibleDescription("")
