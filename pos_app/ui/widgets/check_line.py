"""One thing that was looked at: its name, how it is as sign and words, and what to do."""

from PySide6.QtWidgets import QWidget

from pos_app.ui import theme
from pos_app.ui.widgets.layout import Part, column, empty, row, rule
from pos_app.ui.widgets.slip_row import State
from pos_app.ui.widgets.text import Words


class CheckLine(QWidget):
    """Says nothing until `show_state`; `name` prefixes its parts: `_state`, `_detail`."""

    def __init__(self, name: str, title: str, last: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = title
        self.tone = ""
        self._sign = row()
        self._detail = Words("", tone="soft", wrap=True)
        self._detail.setObjectName(f"{name}_detail")
        self._shown: tuple[str, str, str] | None = None
        parts: list[Part] = [row(Words(title, theme.TEXT_STRONG, bold=True), None, self._sign), self._detail]
        self.setLayout(column(*parts if last else (*parts, 6, rule()), gap=2))

    def show_state(self, tone: str, words: str, detail: str = "") -> None:
        """Show how it is: a tone of `theme.tones`, a word or two, and a sentence below."""
        if self._shown == (tone, words, detail):
            return
        self._shown, self.tone = (tone, words, detail), tone
        empty(self._sign)
        self._sign.addWidget(State(words, tone, f"{self.objectName()}_state"))
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(". ".join(part for part in (self._title, words, detail) if part))
