"""A slip and how far its paper came; an unknown one asks what the cashier sees.

Rule: an unknown slip is never reprinted by itself (counter.md, "Paper"): two buttons, one question.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel

from pos_app.till.values import SlipView
from pos_app.ui import icons, theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.layout import column, row
from pos_app.ui.widgets.text import Words

TONES = {
    "queued": "plain", "sending": "info", "printed": "good", "handed_over": "good",
    "not_printed": "bad", "unknown": "warn",
}  # fmt: skip
_IMAGES = {"good": "check-circle", "bad": "stop", "warn": "alert", "info": "printer", "plain": "clock"}


def asks(slip: SlipView) -> bool:
    """Say whether somebody must look at the printer for this slip."""
    return slip.state == "unknown" and slip.fault != "copy_ordered"


class State(QFrame):
    """A coloured state with icon and words."""

    def __init__(self, text: str, tone: str, name: str = "") -> None:
        super().__init__()
        ink, ground = theme.tones()[tone]
        self.setObjectName("state")
        self.setStyleSheet(f"QFrame#state {{ background: {ground}; border-radius: 14px; }} QLabel {{ color: {ink}; }}")
        image = QLabel()
        image.setPixmap(icons.pixmap(_IMAGES[tone], ink, 18))
        self.words = Words(text)
        self.words.setObjectName(name)
        line = row(image, self.words, gap=6)
        line.setContentsMargins(9, 3, 12, 3)
        self.setLayout(line)
        self.setMinimumWidth(self.words.sizeHint().width() + 46)
        self.setFixedHeight(30)


class SlipRow(QFrame):
    """Number and kind at the left, state at the right (`narrow`: below), what to do below."""

    settled = Signal(str, bool)

    def __init__(self, slip: SlipView, say: Phrases, place: int, narrow: bool = False) -> None:
        super().__init__()
        asked = asks(slip)
        kind = say.code("slip.kind", slip.kind)
        copy = say("slip.copy", n=slip.copy) if slip.copy else ""
        number = Words(slip.number, theme.TEXT_STRONG, bold=True)
        number.setObjectName(f"slip_{place}_number")
        note = Words(
            " · ".join(part for part in (kind, copy, say.moment(slip.changed_at)) if part), tone="soft", wrap=narrow
        )
        words = (
            say("slip.state.copy_ordered")
            if slip.state == "unknown" and not asked
            else say.code("slip.state", slip.state)
        )
        tone = "plain" if slip.state == "unknown" and not asked else TONES.get(slip.state, "plain")
        state = State(words, tone, f"slip_{place}_state")
        told = column(number, note, gap=0)
        top = row(told) if narrow else row(told, state)
        top.setStretch(0, 1)
        stack = column(top, gap=8)
        if narrow:
            stack.addLayout(row(state, None))
        stack.setContentsMargins(14, 10, 12, 10)
        if asked:
            question = Words(say("slip.unknown.ask"), wrap=True)
            yes = push(f"slip_{place}_printed", say("slip.unknown.yes"), image="check")
            yes.clicked.connect(lambda: self.settled.emit(slip.number, True))
            no = push(f"slip_{place}_missing", say("slip.unknown.no"), "primary", "printer")
            no.clicked.connect(lambda: self.settled.emit(slip.number, False))
            stack.addWidget(question)
            stack.addLayout(column(yes, no, gap=8))
        elif slip.state == "not_printed":
            if slip.fault and say.has(f"printer.{slip.fault}"):
                stack.addWidget(Words(say.code("printer", slip.fault), tone="bad"))
            stack.addWidget(Words(say("slip.waits"), tone="soft", wrap=True))
        self.setLayout(stack)
        self.setObjectName(f"slip_{place}")
        edge = theme.WARN if asked else theme.LINE
        self.setStyleSheet(
            f"QFrame#slip_{place} {{ background: {theme.SURFACE}; border: 1px solid {edge}; border-radius: 10px; }}"
        )
