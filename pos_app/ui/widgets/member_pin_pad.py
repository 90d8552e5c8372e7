"""The customer types their PIN: a panel to turn to them, that shows no digit of it.

Rule: asks the till for the proof and hands it on; showing a code instead works all the while. What somebody may answer
for without the PIN is one act: without one there is no way around.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.catalogue import Member, mask_name
from models.phones import mask_phone
from models.pins import MEMBER_DIGITS
from pos_app.till import member_pin
from pos_app.till.values import Proof
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.layout import column, row
from pos_app.ui.widgets.pin_pad import PinPad
from pos_app.ui.widgets.text import Words

_WIDTH = 420


class MemberPinPad(QWidget):
    """`proven` gives the `Proof`; `forgotten` asks for somebody who answers; `given_up` says "not now"."""

    proven = Signal(object)
    forgotten = Signal()
    given_up = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        say = desk.say
        self.desk = desk
        self.member_id = ""
        title = Words(say("member_pin.title"), 22, bold=True, wrap=True)
        title.setObjectName("member_pin_title")
        back = push("member_pin_back", say("approval.back"), "quiet")
        back.clicked.connect(self.press_escape)
        self.who = Words("", theme.TEXT, tone="soft", wrap=True)
        self.who.setObjectName("member_pin_who")
        instead = Words(say("member_pin.code"), theme.TEXT, tone="soft", wrap=True)
        words = say("member_pin.submit"), say("sign_in.busy")
        self.pin = PinPad(
            desk, "member_pin", "member_pin_notice", self._prove, words, "member_pin", theme.TOUCH, MEMBER_DIGITS
        )
        self.pin.accepted.connect(self.proven)
        self.way_round = push("member_pin_forgotten", say("member_pin.forgotten"), "quiet")
        self.way_round.clicked.connect(self._ask_way_round)
        head = row(title, back, gap=8)
        head.setStretch(0, 1)
        inner = QWidget()
        inner.setLayout(column(head, self.who, self.pin, instead, self.way_round, gap=8))
        inner.setMaximumWidth(_WIDTH)
        self.setLayout(column(None, row(inner), None))

    def ask(self, member: Member, for_an_act: bool) -> None:
        """Begin, for this member; what another one had to wait for is not theirs."""
        if member.member_id != self.member_id:
            self.pin.forget()
        self.member_id = member.member_id
        self.who.setText(f"{mask_name(member.name)} · {mask_phone(member.phone)}")
        self.way_round.setVisible(for_an_act)
        self.pin.begin()

    def _prove(self, pin: str) -> Proof:
        return member_pin.prove(self.desk.till, self.member_id, pin)

    def _ask_way_round(self) -> None:
        if not self.pin.busy:
            self.pin.field.clear()
            self.forgotten.emit()

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
