"""A PIN: a field that never shows it, digits, one button, and what went wrong.

Rule: the PIN is never kept after it was sent. Throttling is decided by the till; here it is counted down.
"""

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from models.pins import STAFF_DIGITS
from models.refusals import Refusal
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import column
from pos_app.ui.widgets.notice import Notice


class PinPad(QWidget):
    """Sends PINs to `command` and emits `accepted` with what it returns.

    `prefix` names the parts, `words` are those of the button: ready and busy. `attempt`: see `messages.explain`.
    `lengths`: fewest and most digits.
    """

    accepted = Signal(object)

    def __init__(
        self,
        desk: Desk,
        prefix: str,
        notice: str,
        command: Callable[[str], object],
        words: tuple[str, str],
        attempt: str = "",
        height: int = 60,
        lengths: tuple[int, int] = STAFF_DIGITS,
    ) -> None:
        super().__init__()
        self.desk, self._command, self._words, self._attempt = desk, command, words, attempt
        self._shortest = lengths[0]
        self.field = QLineEdit()
        self.field.setObjectName(f"{prefix}_field")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setFont(theme.font(theme.TITLE, bold=True))
        self.field.setMaxLength(lengths[1])
        self.field.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self.field))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.field.setAccessibleName(desk.say("sign_in.pin"))
        self.field.textChanged.connect(self._typed)
        self.notice = Notice(notice)
        pad = Keypad(f"{prefix}_digit", desk.say("key.back"), height=height)
        pad.types_into(self.field)
        self.submit = Confirm(f"{prefix}_submit")
        self.submit.clicked.connect(self.press_enter)
        self.setLayout(column(self.field, self.notice, pad, self.submit))
        self._until_seconds = 0.0
        self.busy = False
        self._typed("")

    @property
    def waits(self) -> bool:
        """Whether a throttle is being counted down."""
        return self._until_seconds > 0

    def begin(self) -> None:
        """Start empty; a throttle goes on."""
        self.field.clear()
        self.notice.show_message(None)
        self.tick()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Somebody else types: a throttle was not theirs."""
        self._until_seconds = 0.0
        self._typed("")

    def tick(self) -> None:
        """Count a throttle down."""
        if self.waits:
            self._show_throttle()

    def press_enter(self) -> None:
        """Send the PIN."""
        pin = self.field.text()
        if self.busy or not self.submit.isEnabled():
            return
        self.busy = True
        self.field.clear()
        self.notice.show_message(None)
        self._typed("")
        self.desk.operations.run(lambda: self._try(pin), self._answered, self._failed, self._attempt)

    def _try(self, pin: str) -> object:
        """Send it; a throttle comes back as a value, since its seconds are counted down here."""
        try:
            return self._command(pin)
        except Refusal as refusal:
            if refusal.code == "pin_throttled":
                return refusal
            raise

    def _answered(self, found: object) -> None:
        self.busy = False
        if isinstance(found, Refusal):
            seconds = int(str(found.data.get("seconds", 0)))
            self._until_seconds = self.desk.till.clock.monotonic_seconds() + seconds
            self._show_throttle()
        else:
            self._typed("")
            self.accepted.emit(found)

    def _show_throttle(self) -> None:
        left = self._until_seconds - self.desk.till.clock.monotonic_seconds()
        say = self.desk.say
        if left > 0:
            words = say("refusal.pin_throttled", span=say.span(left + 0.9))
            own = f"refusal.pin_throttled.{self._attempt}.next"
            hint = say(own if say.has(own) else "refusal.pin_throttled.next")
            self.notice.show_message(Message("warn", words, hint))
        else:
            self._until_seconds = 0.0
            self.notice.show_message(None)
        self._typed("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, message: Message) -> None:
        self.busy = False
        self.notice.show_message(message)
        self._typed("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, _text: str) -> None:
        self.field.setEnabled(not self.waits)
        self.submit.setEnabled(len(self.field.text()) >= self._shortest and not self.busy and not self.waits)
        self.submit.say(self._words[1] if self.busy else self._words[0], self.desk.say("key.enter"), self.busy)
