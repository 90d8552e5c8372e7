"""Training: what it is and how it begins; inside it, members to practise with, and a clean start.

Rule: a tap on a member is a scan of their code, so it does whatever a scan would do now.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from models.catalogue import Member
from pos_app.till import practice
from pos_app.till.values import MemberView
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Confirm, Row, push
from pos_app.ui.widgets.layout import card, column, row
from pos_app.ui.widgets.text import Words

_POINTS = (("pass", "people"), ("lock", "kept"), ("paper", "slips"), ("switch", "leave"))
"""(icon, phrase) of what one should know before."""
_WIDTH = 720


class Training(Screen):
    """At the real till the way in; in training what to practise with."""

    name = "training"
    training_wanted = Signal(str)
    """"begin" or "reset"."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._sure = False
        if self.till.journal.training:
            self._lay_practice()
        else:
            self._lay_entry()

    # -- at the real till ---------------------------------------------------------------------------------------

    def _lay_entry(self) -> None:
        title = Words(self.say("nav.training"), 22, bold=True)
        self.begin = Confirm("training_begin")
        self.begin.say(self.say("training.begin"), self.say("key.enter"))
        self.begin.clicked.connect(lambda: self.training_wanted.emit("begin"))
        points = [self._point(image, f"training.point.{key}") for image, key in _POINTS]
        made = card(title, *points, self.begin, gap=18, margin=24, name="training_card")
        made.setFixedWidth(_WIDTH)
        self.setLayout(column(row(made, None), None))

    def _point(self, image: str, key: str) -> QWidget:
        drawn = QLabel()
        drawn.setPixmap(icons.pixmap(image, theme.PRIMARY_INK, 28))
        drawn.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = column(Words(self.say(key), theme.TEXT_STRONG, bold=True, wrap=True), gap=2)
        words.addWidget(Words(self.say(f"{key}.detail"), theme.TEXT, tone="soft", wrap=True))
        laid = row(drawn, words, gap=16)
        laid.setStretch(1, 1)
        made = QWidget()
        made.setLayout(laid)
        return made

    # -- in training --------------------------------------------------------------------------------------------

    def _lay_practice(self) -> None:
        say = self.say
        self.people = column(gap=10)
        people = QWidget()
        people.setLayout(self.people)
        left = self._card("people", people)
        pins = Words(
            say("training.pins", cashier=practice.CASHIER_PIN, manager=practice.MANAGER_PIN),
            theme.TEXT_STRONG,
            bold=True,
            wrap=True,
        )
        pins.setObjectName("training_pins")
        self.anew = push("training_reset", say("training.reset"), image="refresh", tall=True)
        self.anew.clicked.connect(self._reset)
        right = column(self._card("staff", pins), self._card("anew", self.anew), None)
        columns = row(column(left, None), right)
        columns.setStretch(0, 1)
        columns.setStretch(1, 1)
        self.setLayout(columns)

    def _card(self, name: str, below: QWidget) -> QWidget:
        title = Words(self.say(f"training.{name}"), 22, bold=True)
        detail = Words(self.say(f"training.{name}.detail"), tone="soft", wrap=True)
        return card(title, detail, below, margin=20, name=f"{name}_card")

    def enter(self) -> None:
        """Show the members as they are now; whoever wanted to empty it is asked again."""
        super().enter()
        if self.till.journal.training:
            self._sure = False
            self._name_reset()
            self.desk.operations.run(lambda: practice.people(self.till), self._show, lambda _message: None)

    def press_enter(self) -> None:
        """Begin, at the real till."""
        if not self.till.journal.training:
            self.training_wanted.emit("begin")

    def _show(self, found: tuple[MemberView, ...]) -> None:
        while self.people.count():
            item = self.people.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, view in enumerate(found, 1):
            self.people.addWidget(self._person(number, view))

    def _person(self, number: int, view: MemberView) -> Row:
        member = view.member
        uses = sum(one.held.uses_left for one in view.passes if one.usable)
        note = self.say("training.person", phone=member.phone[-4:], uses=self.say("uses", n=uses))
        if member.pin_hash is not None:
            note = self.say("training.person.pin", person=note, pin=practice.MEMBER_PIN)
        made = Row(f"practice_{number}", member.name, note, self.say.money(member.balance_minor))
        made.clicked.connect(lambda: self._scan(member))
        return made

    def _scan(self, member: Member) -> None:
        self.desk.screen_wanted.emit("checkout")
        self.desk.scan(practice.code_of(member))

    def _reset(self) -> None:
        if self._sure:
            self.training_wanted.emit("reset")
        self._sure = not self._sure
        self._name_reset()

    def _name_reset(self) -> None:
        self.anew.setText(self.say("training.reset.sure" if self._sure else "training.reset"))
