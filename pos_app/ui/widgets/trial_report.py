"""What arrived when a test code was scanned: a judgement, the one next thing to do, and the facts behind them.

Rule: shows a `Verdict`, decides nothing.
"""

from PySide6.QtWidgets import QWidget

from pos_app.devices.scans import ScanSource
from pos_app.devices.trial import Cause, Verdict
from pos_app.ui import theme
from pos_app.ui.messages import Message
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.layout import column, empty, row, rule
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

_TONES = {
    Cause.GOOD: "good",
    Cause.OTHER_CODE: "info",
    Cause.NO_ENDING: "warn",
    Cause.NO_PREFIX: "warn",
    Cause.SLOW: "warn",
    Cause.LAYOUT_ES: "warn",
}
"""What hinders no code of ours is a warning."""
_MOST_PAIRS = 6
_MOST_SHOWN = 44


class TrialReport(QWidget):
    """Empty until the first scan."""

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self.notice = Notice("trial_notice")
        self.facts = column(gap=8)
        self.setLayout(column(self.notice, self.facts, None))
        self.notice.show_message(Message("plain", say("trial.waiting"), say("trial.waiting.detail")))

    def show_verdict(self, verdict: Verdict) -> None:
        """Replace what is shown."""
        tone = _TONES.get(verdict.cause, "bad")
        words = self.say(f"trial.{verdict.cause.value}"), self.say(f"trial.{verdict.cause.value}.next")
        self.notice.show_message(Message(tone, *words))
        empty(self.facts)
        for name, value in self._lines(verdict):
            shown = Words(value, theme.TEXT, bold=True)
            shown.setObjectName(f"trial_{name}")
            self.facts.addLayout(
                column(row(Words(self.say(f"trial.fact.{name}"), tone="soft"), None, shown), rule(), gap=6)
            )

    def _lines(self, verdict: Verdict) -> list[tuple[str, str]]:
        say, arrival = self.say, verdict.arrival
        lines = [("source", say(f"trial.source.{arrival.source.value}")), ("text", _short(arrival.text))]
        if verdict.wanted:
            got, of = len(verdict.wanted) - verdict.missing, len(verdict.wanted)
            lines.append(("count", say("trial.count", got=got, of=of)))
        if verdict.changed:
            shown = "   ".join(f"{sent} → {read}" for sent, read in verdict.changed[:_MOST_PAIRS])
            lines.append(("changed", shown + (" …" if len(verdict.changed) > _MOST_PAIRS else "")))
        if verdict.extra:
            lines.append(("extra", str(verdict.extra)))
        if arrival.source is ScanSource.WEDGE:
            lines.append(("ending", say(f"trial.ending.{arrival.ending}")))
            lines.append(("speed", say("trial.speed", n=round(arrival.milliseconds_per_key or 0))))
        return lines


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
