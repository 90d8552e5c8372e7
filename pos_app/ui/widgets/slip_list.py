"""The paper of what was just recorded, as it comes and as it looks; what to do while a printer is in trouble.

Rule: the pictures wait until the cashier has a moment: whoever goes on at once pays nothing for them.
"""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from pos_app.till import reprint, slip_picture, slips
from pos_app.till.order_values import SlipPicture
from pos_app.till.values import Changes, HeaderView, SlipView
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.widgets.layout import Scroll, column
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.paper import Paper, in_the_middle
from pos_app.ui.widgets.slip_row import SlipRow

PICTURE_AFTER_MS = 300
_WIDEST = 340


class SlipList(QWidget):
    """Follows the slips whose numbers it was given. `name` names the message of what failed here."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = Notice("printer_notice")
        self.notice = Notice(name)
        self.rows = Scroll()
        self.setLayout(column(self.trouble, self.notice, self.rows))
        self._numbers: tuple[str, ...] = ()
        self._drawn: tuple[SlipView, ...] | None = None
        self._pictures: dict[str, SlipPicture] = {}
        self._moment = QTimer(self, singleShot=True, interval=PICTURE_AFTER_MS)
        self._moment.timeout.connect(self._picture)

    def show_slips(self, numbers: Sequence[str]) -> None:
        """Follow these from now on."""
        self._numbers, self._drawn, self._pictures = tuple(numbers), None, {}
        self._moment.start()
        self.notice.show_message(None)
        self._draw()

    def follow(self, changes: Changes) -> None:
        """Draw how far the paper came."""
        if changes.paper or changes.full_reload:
            self._draw()

    def tick(self, view: HeaderView) -> None:
        """Say what to do while paper waits for a printer in trouble."""
        waits = any(slip.state in ("queued", "not_printed") for slip in self._drawn or ())
        message = None
        if waits and view.printer not in ("ready", "starting", "none"):
            say = self.desk.say
            title = say("chip.printer", state=say.code("printer", view.printer))
            message = Message("bad", title, say.code("printer.help", view.printer))
        self.trouble.show_message(message)

    def fail(self, message: Message) -> None:
        """Say what failed."""
        self.notice.show_message(message)

    def _draw(self) -> None:
        found = tuple(slip for slip in reversed(slips.recent(self.desk.till)) if slip.number in self._numbers)
        if found == self._drawn:
            return
        self._drawn = found
        made: list[QWidget] = []
        for place, slip in enumerate(found):
            shown = SlipRow(slip, self.desk.say, place)
            shown.settled.connect(self._settle)
            made.append(shown)
        for number, picture in self._pictures.items():
            paper = Paper(f"paper_{number}", _WIDEST)
            paper.show_picture(picture, self.desk.say("orders.paper", number=number))
            made.append(in_the_middle(paper))
        self.rows.fill(made)

    def _picture(self) -> None:
        if not self.isVisible():
            return
        wanted = self._numbers

        def drawn(found: dict[str, SlipPicture]) -> None:
            if self._numbers == wanted:
                self._pictures, self._drawn = found, None
                self._draw()

        till = self.desk.till
        self.desk.operations.run(
            lambda: {number: slip_picture.draw(till, number) for number in wanted}, drawn, self.fail, lane="slow"
        )

    def _settle(self, number: str, printed: bool) -> None:
        self.desk.operations.run(
            lambda: reprint.resolve_unknown(self.desk.till, number, printed), lambda _: self._draw(), self.fail
        )
