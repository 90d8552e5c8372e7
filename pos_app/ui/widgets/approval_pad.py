"""Ask for the PIN of somebody who may, for one action that the cashier may not do alone.

Rule: asks the till for exactly the permission and subject of the refusal (`approval_needed`), and hands on what it
gave; whoever shows it runs the same command again with that (`approval.or_needed`). Going back changes nothing that was
entered.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.refusals import Refusal
from pos_app.till.approval import Approval, approve
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.layout import column, row
from pos_app.ui.widgets.pin_pad import PinPad
from pos_app.ui.widgets.text import Words

_WIDTH = 420


class ApprovalPad(QWidget):
    """What is to be approved, a PIN, and the way back. `approved` gives the `Approval`; `given_up` says "not now"."""

    approved = Signal(object)
    given_up = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        say = desk.say
        self.desk = desk
        self._permission = self._subject = ""
        title = Words(say("approval.title"), 22, bold=True, wrap=True)
        title.setObjectName("approval_title")
        self.what = Words("", theme.TEXT, tone="soft", wrap=True)
        self.what.setObjectName("approval_what")
        back = push("approval_back", say("approval.back"), "quiet")
        back.clicked.connect(self.press_escape)
        words = say("approval.submit"), say("sign_in.busy")
        self.pin = PinPad(desk, "approval", "approval_notice", self._approve, words, "approve", height=theme.TOUCH)
        self.pin.accepted.connect(self.approved)
        head = row(title, back, gap=8)
        head.setStretch(0, 1)
        inner = QWidget()
        inner.setLayout(column(head, self.what, self.pin, gap=8))
        inner.setMaximumWidth(_WIDTH)
        self.setLayout(column(None, row(inner), None))

    def ask(self, refusal: Refusal, what: str) -> None:
        """Begin: `refusal` is the `approval_needed` that came back, `what` says in words what is to be approved."""
        self._permission, self._subject = str(refusal.data["permission"]), str(refusal.data["subject"])
        self.what.setText(what)
        self.pin.field.setAccessibleDescription(what)
        self.pin.begin()

    def _approve(self, pin: str) -> Approval:
        return approve(self.desk.till, pin, self._permission, self._subject)

    def tick(self) -> None:
        """Count a throttle down."""
        self.pin.tick()

    def press_enter(self) -> None:
        """Send the PIN."""
        self.pin.press_enter()

    def press_escape(self) -> None:
        """Go back without; not while a PIN is being checked."""
        if not self.pin.busy:
            self.pin.field.clear()
            self.given_up.emit()
