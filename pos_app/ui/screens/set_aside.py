"""What the server set aside for this till, and this till's own code, by which members set more aside from their phones.

Rule: nothing here spends. Giving back is a fact; the list says of each what still happens to it.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.till import pages, reservations
from pos_app.till.values import Changes, SetAside
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.reserve_desk import SCREEN, amount_words, page_words, until_words
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import push
from pos_app.ui.widgets.code_picture import CodePicture
from pos_app.ui.widgets.layout import Scroll, card, column, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.slip_row import State
from pos_app.ui.widgets.text import Words
from printing.till_page import till_page
from printing.transports import JobOutcome

CODE_PIXELS = 300
_TONES = {"open": "good", "recalled": "warn", "expired": "warn", "closing": "plain"}


class SetAsideScreen(Screen):
    """The list at the left, the code at the right."""

    name = SCREEN

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        say = self.say
        self._found: tuple[SetAside, ...] | None = None
        self.list = Scroll(gap=8)
        self.none = Empty("set_aside_empty", "set_aside", say("set_aside.none"), say("set_aside.none.detail"))
        left = card(
            Words(say("set_aside.title"), 22, bold=True),
            Words(say("set_aside.detail"), tone="soft", wrap=True),
            self.list,
            self.none,
            name="set_aside_card",
        )
        columns = row(left, self._code_card())
        columns.setStretch(0, 1)
        columns.setStretch(1, 1)
        self.setLayout(columns)

    def _code_card(self) -> QWidget:
        say, code = self.say, self.desk.reserve.code
        self.notice = Notice("set_aside_notice", say("notice.close"))
        self.notice.closed.connect(lambda: self.notice.show_message(None))
        title = Words(say("till_code.title"), 22, bold=True, wrap=True)
        self.print = push("till_code_print", say("till_code.print"), "primary", "printer")
        self.print.clicked.connect(self.print_code)
        if code is None:
            none = Words(say("till_code.none"), tone="soft", wrap=True)
            none.setObjectName("till_code_none")
            return card(title, none, None, name="till_code_card")
        picture = CodePicture("till_code_picture", code.address, say("till_code.spoken"), CODE_PIXELS)
        text = Words(code.text, theme.TOTAL, bold=True)
        text.setObjectName("till_code_text")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        typed = Words(say("till_code.typed"), tone="soft", wrap=True)
        typed.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        detail = Words(say("till_code.detail"), wrap=True)
        return card(
            title, detail, self.notice, None, row(None, picture, None), typed, text, None, self.print,
            name="till_code_card",
        )  # fmt: skip

    def enter(self) -> None:
        """Read everything."""
        super().enter()
        self.notice.show_message(None)
        self._load()

    def follow(self, changes: Changes) -> None:
        """Read again what changed."""
        if changes.outbox or changes.facts or changes.members or changes.full_reload:
            self._load()

    def _load(self) -> None:
        self.desk.operations.run(lambda: reservations.unfinished(self.till), self._draw, self.notice.show_message)

    def _draw(self, found: tuple[SetAside, ...]) -> None:
        if found == self._found:
            return
        self._found = found
        self.list.fill([self._row(place, one) for place, one in enumerate(found)])
        self.list.setVisible(bool(found))
        self.none.setVisible(not found)

    def _row(self, place: int, one: SetAside) -> QWidget:
        say, now = self.say, self.till.clock.now()
        who = Words(one.who or say("set_aside.who"), theme.TEXT_STRONG, bold=True)
        who.setObjectName(f"set_aside_{place}_who")
        note = Words(
            f"{amount_words(say, one)} · {say('set_aside.until', time=until_words(say, one.until, now))}"
            f" · {say.code('set_aside.origin', one.origin)}",
            tone="soft",
            wrap=True,
        )
        note.setObjectName(f"set_aside_{place}_note")
        state = State(
            say.code("set_aside.state", one.state), _TONES.get(one.state, "plain"), f"set_aside_{place}_state"
        )
        top = row(who, None, state)
        parts: list[QWidget] = [note]
        if one.state in ("open", "recalled"):
            back = push(f"set_aside_{place}_back", say("set_aside.give_back"), "quiet")
            back.clicked.connect(lambda: self.desk.reserve.give_back(one.reservation_id))
            parts.append(back)
        made = QWidget()
        made.setLayout(column(top, *parts, rule(), gap=4))
        return made

    # -- paper --------------------------------------------------------------------------------------------------

    def print_code(self) -> None:
        """Print this till's code in the slips' language, to stand on the counter."""
        code = self.desk.reserve.code
        if code is None or not self.print.isEnabled():
            return
        words = page_words(self.desk.store, code)
        self.print.setEnabled(False)
        self.desk.operations.run(
            lambda: pages.print_page(self.till, lambda columns: till_page(words, columns)),
            self._printed, self._not_printed, lane="slow",
        )  # fmt: skip

    def _printed(self, outcome: JobOutcome) -> None:
        self.print.setEnabled(True)
        if outcome.state in ("printed", "handed_over"):
            self.notice.show_message(Message("good", self.say("till_code.printed")))
            return
        why = self.say.code("printer", outcome.fault) if outcome.fault else ""
        self.notice.show_message(Message("warn", self.say("till_code.not_printed"), why))

    def _not_printed(self, message: Message) -> None:
        self.print.setEnabled(True)
        self.notice.show_message(message)
