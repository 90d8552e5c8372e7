"""A refund that was asked for: it waits for head office, or its answer waits to be seen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from pos_app.till.values import OpenRefund
from pos_app.ui import theme
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.layout import column, row
from pos_app.ui.widgets.slip_row import State
from pos_app.ui.widgets.text import Words

_TONES = {"asked": "warn", "accepted": "good", "refused": "bad"}


class OpenRefundRow(QFrame):
    """Number and amount, state, what to do, and a button for it."""

    seen = Signal(str)
    ask_again = Signal()

    def __init__(self, one: OpenRefund, say: Phrases, place: int) -> None:
        super().__init__()
        self.setObjectName(f"open_refund_{place}")
        title = Words(say.money(one.amount_minor), theme.TEXT_STRONG, bold=True)
        note = Words(f"{one.original_tx_no} · {say.time(one.asked_at)}", tone="soft")
        note.setObjectName(f"open_refund_{place}_note")
        state = State(say.code("refund.state", one.state), _TONES.get(one.state, "plain"), f"open_refund_{place}_state")
        top = row(column(title, note, gap=0), state)
        top.setStretch(0, 1)
        words = Words(self._words(one, say), wrap=True)
        words.setObjectName(f"open_refund_{place}_words")
        if one.state == "asked":
            button = push(f"open_refund_{place}_again", say("refund.ask_again"), image="refresh")
            button.clicked.connect(self.ask_again)
        else:
            key = "refund.handed_out" if one.state == "accepted" and one.cash_minor else "refund.seen"
            button = push(f"open_refund_{place}_seen", say(key), "primary", "check")
            button.clicked.connect(lambda: self.seen.emit(one.request_id))
        stack = column(top, words, button, gap=8)
        stack.setContentsMargins(14, 10, 12, 12)
        self.setLayout(stack)
        edge, _ground = theme.tones()[_TONES.get(one.state, "plain")]
        self.setStyleSheet(
            f"QFrame#open_refund_{place} {{ background: {theme.SURFACE}; border: 2px solid {edge};"
            " border-radius: 10px; }"
        )

    @staticmethod
    def _words(one: OpenRefund, say: Phrases) -> str:
        if one.state == "asked":
            return say("refund.asked.detail")
        if one.state == "refused":
            known = say.has(f"refusal.{one.code}")
            reason = say.told(f"refusal.{one.code}", {}) if known else say("refusal.other", code=one.code or "")
            return say("refund.refused.detail", reason=reason)
        if one.cash_minor:
            tender = say.code("tender", one.tender)
            return say("refund.granted.cash", amount=say.money(one.cash_minor), tender=tender)
        return say("refund.granted.card")
