"""Sign in by PIN, also after a lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

from pos_app.till import practice, sign_in
from pos_app.till.values import HeaderView, Session
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.layout import Centered, card
from pos_app.ui.widgets.pin_pad import PinPad
from pos_app.ui.widgets.text import Words


class SignIn(Screen):
    """A PIN pad under the store's name."""

    name = "sign_in"
    bare = True
    training_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = Words(self.say("sign_in.title"), theme.TITLE, bold=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.detail = Words("", theme.TEXT, tone="soft")
        self.detail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = self.say("sign_in.submit"), self.say("sign_in.busy")
        self.pin = PinPad(desk, "pin", "sign_in_notice", lambda pin: sign_in.sign_in(self.till, pin), words)
        self.pin.accepted.connect(self._signed_in)
        self.train = push("sign_in_training", self.say("sign_in.training"), "quiet", "training")
        self.train.clicked.connect(lambda: self.training_wanted.emit("begin"))
        if self.till.journal.training:
            self.train.hide()
        inner = card(self.title, self.detail, self.pin, margin=24, name="sign_in_card")
        place = QGridLayout()
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(Centered(inner, 440), 0, 1)
        place.addWidget(self.train, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        for side in (0, 2):
            place.setColumnStretch(side, 1)
            place.setColumnMinimumWidth(side, self.train.sizeHint().width())
        self.setLayout(place)

    def enter(self) -> None:
        """Start empty."""
        pins = {"cashier": practice.CASHIER_PIN, "manager": practice.MANAGER_PIN}
        self.detail.setText(self.say("training.pins", **pins) if self.till.journal.training else self.desk.store.name)
        self.pin.begin()

    def tick(self, view: HeaderView) -> None:
        """Count a throttle down; say when the staff list is still on its way."""
        notice = self.pin.notice
        if self.pin.waits:
            self.pin.tick()
        elif not self.till.journal.catalogue.staff:
            tone = "info" if view.offline_seconds is None else "warn"
            notice.show_message(Message(tone, self.say("sign_in.loading"), self.say("sign_in.loading.detail")))
        elif notice.message is not None and notice.message.title == self.say("sign_in.loading"):
            notice.show_message(None)

    def press_enter(self) -> None:
        """Send the PIN."""
        self.pin.press_enter()

    def _signed_in(self, found: Session) -> None:
        if not self.isHidden():  # the window may have heard of it before
            self.desk.screen_wanted.emit("checkout" if found.shift_id else "open_shift")
