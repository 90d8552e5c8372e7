"""Make a member: name, phone, language. Reached where a number was not found; it works the same offline.

Rule: whoever has the phone already is opened instead (till.create_member). One tap makes one member.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from models.people import MAX_NAME_CHARACTERS
from pos_app.till import create_member
from pos_app.till.create_member import Created
from pos_app.till.values import HeaderView
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.phrases import LANGUAGES
from pos_app.ui.screens.screen import Screen
from pos_app.ui.screens.settings import OWN_NAMES
from pos_app.ui.widgets.buttons import Choice, Confirm, push
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, card, row
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

_LONGEST_PHONE = 40


class CreateMember(Screen):
    """Two fields, three languages, digits for the phone, one button."""

    name = "create_member"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        say = self.say
        self.who = self._field("create_name", "create.name", MAX_NAME_CHARACTERS)
        self.phone = self._field("create_phone", "create.phone", _LONGEST_PHONE)
        self.phone.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self.languages = Grid(tile_width=120, gap=8, most=3, fills=True)
        self.language = say.language
        self.notice = Notice("create_notice")
        self.offline = Notice("create_offline")
        self.submit = Confirm("create_submit")
        self.submit.clicked.connect(self.press_enter)
        self.leave = push("create_leave", say("create.leave"))
        self.leave.clicked.connect(self._leave)
        form = card(
            Words(say("create.title"), theme.TITLE, bold=True),
            Words(say("create.detail"), theme.TEXT, tone="soft", wrap=True),
            4,
            Words(say("create.phone"), bold=True), self.phone,
            Words(say("create.name"), bold=True), self.who,
            Words(say("create.language"), bold=True), self.languages,
            self.notice, None, self.submit,
            gap=10, margin=24, name="create_card",
        )  # fmt: skip
        pad = Keypad("create_digit", say("key.back"), extra="+", height=72)
        pad.types_into(self.phone)
        title = Words(say("create.phone.digits"), theme.HEADING, bold=True)
        digits = card(title, pad, self.offline, None, self.leave, margin=24, name="pad_card")
        columns = row(form, digits)
        columns.setStretch(0, 3)
        columns.setStretch(1, 2)
        self.setLayout(columns)
        self._busy = False
        self._draw_languages()
        self._typed("")
        for field in (self.phone, self.who):
            field.textChanged.connect(self._typed)

    def _field(self, name: str, key: str, most: int) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setFont(theme.font(theme.TEXT_STRONG))
        made.setMaxLength(most)
        made.setAccessibleName(self.say(key))
        return made

    def _draw_languages(self) -> None:
        made: list[QWidget] = []
        for language in LANGUAGES:
            button = Choice(f"create_language_{language}", OWN_NAMES[language], height=56)
            button.choose(language == self.language)
            button.clicked.connect(lambda _=False, chosen=language: self._choose(chosen))
            made.append(button)
        self.languages.fill(made)

    def _choose(self, language: str) -> None:
        self.language = language
        self._draw_languages()

    def enter(self) -> None:
        """Start with the number that nobody was found under, and the store's language."""
        self.phone.setText(self.desk.asked_phone)
        self.who.clear()
        self.notice.show_message(None)
        self._choose(self.desk.store.slip_language)
        empty = self.phone if not self.phone.text() else self.who
        empty.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self, view: HeaderView) -> None:
        """Say what being offline means here: nothing, but that HQ hears of it later."""
        message = None
        if view.offline_seconds is not None:
            message = Message("info", self.say("create.offline"), self.say("create.offline.detail"))
        self.offline.show_message(message)

    def press_enter(self) -> None:
        """Make the member."""
        if not self.submit.isEnabled():
            return
        name, phone, language = self.who.text(), self.phone.text(), self.language
        self._busy = True
        self.notice.show_message(None)
        self._typed("")
        self.desk.operations.run(
            lambda: create_member.create_member(self.till, name, phone, language),
            self._created,
            self._failed,
            "create_member",
        )

    def _created(self, found: Created) -> None:
        self._busy = False
        self.desk.asked_phone = ""
        self.desk.take(found.view)
        self.desk.screen_wanted.emit("checkout")
        words = "create.known" if found.known else "create.done"
        self.desk.tell(Message("info" if found.known else "good", self.say(words), self.say(f"{words}.detail")))

    def _failed(self, message: Message) -> None:
        self._busy = False
        self._typed("")
        self.notice.show_message(message)

    def _leave(self) -> None:
        self.desk.screen_wanted.emit("checkout")

    def _typed(self, _text: str) -> None:
        full = bool(self.who.text().strip() and self.phone.text().strip())
        self.submit.setEnabled(full and not self._busy)
        words = "confirm.busy" if self._busy else "create.submit"
        self.submit.say(self.say(words), self.say("key.enter"), self._busy)
