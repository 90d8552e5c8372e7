"""The paper of what was just recorded, as it comes; what to do while a printer is in trouble or nobody knows."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from pos_app.till import reprint, slips
from pos_app.till.values import Changes, HeaderView, SlipView
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.widgets.layout import Scroll, column
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_row import SlipRow


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

    def show_slips(self, numbers: Sequence[str]) -> None:
        """Follow these from now on."""
        self._numbers, self._drawn = tuple(numbers), None
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
        self.rows.fill(made)

    def _settle(self, number: str, printed: bool) -> None:
        self.desk.operations.run(
            lambda: reprint.resolve_unknown(self.desk.till, number, printed), lambda _: self._draw(), self.fail
        )
