"""Open a shift: count the float in the drawer and start selling."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from models.money import parse_amount
from models.refusals import Refusal
from pos_app.till import shift
from pos_app.till.sign_in import session
from pos_app.till.values import Session
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, explain
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Confirm, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Centered, card, column
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words


class OpenShift(Screen):
    """The float, digits, and one button."""

    name = "open_shift"
    bare = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        title = Words(self.say("open_shift.title"), theme.TITLE, bold=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.detail = Words("", theme.TEXT, tone="soft", wrap=True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field = QLineEdit()
        self.field.setObjectName("float_field")
        self.field.setFont(theme.font(theme.TITLE, bold=True))
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setMaxLength(12)
        self.field.setAccessibleName(self.say("open_shift.float"))
        self.field.textChanged.connect(self._typed)
        self.notice = Notice("open_shift_notice")
        self.pad = Keypad(
            "float_digit", self.say("key.back"), extra="," if self.say.language == "es-ES" else ".", height=54
        )
        self.pad.types_into(self.field)
        self.submit = Confirm("open_shift_submit")
        self.submit.clicked.connect(self.press_enter)
        leave = push("open_shift_leave", self.say("open_shift.leave"), "quiet")
        leave.clicked.connect(lambda: desk.screen_wanted.emit("lock"))
        parts = (title, self.detail, self.field, self.notice, self.pad, self.submit, leave)
        self.setLayout(column(Centered(card(*parts, margin=24, name="open_shift_card"), 440)))
        self._busy = False

    def enter(self) -> None:
        """Start with an empty drawer."""
        person = session(self.till)
        self.detail.setText(self.say("open_shift.detail", name=person.staff_name if person else ""))
        self.field.setPlaceholderText(self.say.money(0))
        self.field.clear()
        self.notice.show_message(None)
        self._typed("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_enter(self) -> None:
        """Open the shift with the float typed; nothing typed is an empty drawer."""
        if self._busy:
            return
        text = self.field.text().strip() or "0"
        try:
            float_minor = parse_amount(text, self.desk.store.currency)
        except Refusal as refusal:
            self._failed(explain(refusal, self.say))
            return
        self._busy = True
        self._typed("")
        self.desk.operations.run(lambda: shift.open_shift(self.till, float_minor), self._opened, self._failed)

    def _opened(self, _session: Session) -> None:
        self._busy = False
        self.desk.screen_wanted.emit("checkout")

    def _failed(self, message: Message) -> None:
        self._busy = False
        self._typed("")
        self.notice.show_message(message)

    def _typed(self, _text: str) -> None:
        self.notice.show_message(None)
        self.submit.setEnabled(not self._busy)
        self.submit.say(self.say("open_shift.submit"), self.say("key.enter"), self._busy)
