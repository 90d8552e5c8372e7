"""Sign in by PIN, also after a lock. Throttling is decided by the till; here it is counted down.

Rule: the PIN is never kept after it was sent, and never shown.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from models.refusals import Refusal
from pos_app.till import sign_in
from pos_app.till.values import HeaderView, Session
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Centered, card, column
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

PIN_LENGTHS = (4, 12)


class SignIn(Screen):
    """A PIN field, digits, and one button."""

    name = "sign_in"
    bare = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = Words(self.say("sign_in.title"), theme.TITLE, bold=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.detail = Words("", theme.TEXT, tone="soft")
        self.detail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field = QLineEdit()
        self.field.setObjectName("pin_field")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setFont(theme.font(theme.TITLE, bold=True))
        self.field.setMaxLength(PIN_LENGTHS[1])
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.field.setAccessibleName(self.say("sign_in.pin"))
        self.field.textChanged.connect(self._typed)
        self.notice = Notice("sign_in_notice")
        self.pad = Keypad("pin_digit", self.say("key.back"))
        self.pad.types_into(self.field)
        self.submit = Confirm("pin_submit")
        self.submit.clicked.connect(self.press_enter)
        inner = card(
            self.title,
            self.detail,
            self.field,
            self.notice,
            self.pad,
            self.submit,
            gap=12,
            margin=24,
            name="sign_in_card",
        )
        self.setLayout(column(Centered(inner, 440)))
        self._until_seconds = 0.0
        self._busy = False
        self._typed("")

    def enter(self) -> None:
        """Start empty."""
        self.field.clear()
        self.notice.show_message(None)
        store = self.desk.store
        self.detail.setText(store.name)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self, view: HeaderView) -> None:
        """Count a throttle down; say when the staff list is still on its way."""
        if self._until_seconds:
            self._show_throttle()
        elif not self.till.journal.catalogue.staff:
            tone = "info" if view.offline_seconds is None else "warn"
            self.notice.show_message(Message(tone, self.say("sign_in.loading"), self.say("sign_in.loading.detail")))
        elif self.notice.message is not None and self.notice.message.title == self.say("sign_in.loading"):
            self.notice.show_message(None)

    def press_enter(self) -> None:
        """Send the PIN."""
        pin = self.field.text()
        if self._busy or not self.submit.isEnabled():
            return
        self._busy = True
        self.field.clear()
        self.notice.show_message(None)
        self._typed("")
        self.desk.operations.run(lambda: self._try(pin), self._signed_in, self._failed)

    def _try(self, pin: str) -> Session | Refusal:
        """Sign in; a throttle comes back as a value, since its seconds are counted down here."""
        try:
            return sign_in.sign_in(self.till, pin)
        except Refusal as refusal:
            if refusal.code == "pin_throttled":
                return refusal
            raise

    def _signed_in(self, found: Session | Refusal) -> None:
        self._busy = False
        if isinstance(found, Refusal):
            seconds = int(str(found.data.get("seconds", 0)))
            self._until_seconds = self.till.clock.monotonic_seconds() + seconds
            self._show_throttle()
        else:
            self.desk.screen_wanted.emit("checkout" if found.shift_id else "open_shift")

    def _show_throttle(self) -> None:
        left = self._until_seconds - self.till.clock.monotonic_seconds()
        if left > 0:
            words = self.say("refusal.pin_throttled", span=self.say.span(left + 0.9))
            self.notice.show_message(Message("warn", words, self.say("refusal.pin_throttled.next")))
        else:
            self._until_seconds = 0.0
            self.notice.show_message(None)
        self._typed("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, message: Message) -> None:
        self._busy = False
        self.notice.show_message(message)
        self._typed("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, _text: str) -> None:
        waits = self._until_seconds > 0
        self.field.setEnabled(not waits)
        self.submit.setEnabled(len(self.field.text()) >= PIN_LENGTHS[0] and not self._busy and not waits)
        self.submit.say(self.say("sign_in.busy" if self._busy else "sign_in.submit"), self.say("key.enter"), self._busy)
