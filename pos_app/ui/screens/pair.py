"""Pair this till: the server's address and the one-use code from HQ."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from pos_app.till import pairing
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.layout import Centered, card, column
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words


class Pair(Screen):
    """Two fields and one button."""

    name = "pair"
    bare = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        title = Words(self.say("pair.title"), theme.TITLE, bold=True)
        detail = Words(self.say("pair.detail"), theme.TEXT, tone="soft", wrap=True)
        self.server = self._field("pair_server", "pair.server")
        self.server.setText(self.till.options.server_url)
        self.server.setPlaceholderText("https://")
        self.code = self._field("pair_code", "pair.code")
        self.code.setFont(theme.font(theme.TITLE, bold=True))
        self.notice = Notice("pair_notice")
        self.submit = Confirm("pair_submit")
        self.submit.clicked.connect(self.press_enter)
        inner = card(
            title, detail, 4,
            Words(self.say("pair.server"), bold=True), self.server,
            Words(self.say("pair.code"), bold=True), self.code,
            self.notice, 4, self.submit, gap=10, margin=28, name="pair_card",
        )  # fmt: skip
        self.setLayout(column(Centered(inner, 520)))
        self._busy = False
        self._typed("")

    def _field(self, name: str, key: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setFont(theme.font(theme.TEXT_STRONG))
        made.setMaxLength(200)
        made.setAccessibleName(self.say(key))
        made.textChanged.connect(self._typed)
        return made

    def enter(self) -> None:
        """Start at the field that is still empty."""
        first = self.code if self.server.text() else self.server
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_enter(self) -> None:
        """Pair."""
        if not self.submit.isEnabled():
            return
        server, code = self.server.text().strip(), self.code.text().strip()
        self._busy = True
        self.notice.show_message(None)
        self._typed("")
        self.desk.operations.run(
            lambda: pairing.pair(self.till, server, code), lambda _: self._paired(), self._failed, "pair", "slow"
        )

    def _paired(self) -> None:
        self._busy = False
        self.code.clear()
        self.desk.screen_wanted.emit("pair")

    def _failed(self, message: Message) -> None:
        self._busy = False
        self._typed("")
        self.notice.show_message(message)

    def _typed(self, _text: str) -> None:
        if not hasattr(self, "submit"):
            return
        full = bool(self.server.text().strip() and self.code.text().strip())
        self.submit.setEnabled(full and not self._busy)
        self.submit.say(self.say("pair.busy" if self._busy else "pair.submit"), self.say("key.enter"), self._busy)
