"""Before the amount of a top-up: the member's own card, or one of the companies' that they administer.

Rule: shows what it is given and tells what was tapped. Nothing is preselected: money on the wrong card is worse than
one touch (docs/decisions/0021-companies-at-the-till.md).
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.catalogue import CompanyCard, mask_card_no
from pos_app.till import top_up
from pos_app.till.till import Till
from pos_app.till.values import MemberView
from pos_app.ui.messages import Message
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Row
from pos_app.ui.widgets.layout import Scroll, column
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

OWN = ""
"""Stands for the member's own card; a company's is known by its id."""


class WhichCard(QWidget):
    """`chosen` brings OWN or the id of a company's card."""

    chosen = Signal(str)

    def __init__(self, say: Phrases) -> None:
        super().__init__()
        self.say = say
        self._lost = Notice("top_up_lost")
        self._rows = Scroll()
        title = Words(say("top_up.which"), 22, bold=True, wrap=True)
        title.setObjectName("top_up_which")
        self.setLayout(column(title, self._lost, self._rows))
        self._drawn: object = None

    def draw(self, till: Till, view: MemberView, lost: bool) -> None:
        """Show the cards of a member; `lost`: the one that was chosen is none of them any more."""
        drawn = (view.member, lost)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        say, member = self.say, view.member
        words = Message("warn", say("top_up.lost"), say("top_up.lost.detail"))
        self._lost.show_message(words if lost else None)
        own = Row("top_up_own", say("top_up.own"), member.name, "")
        own.clicked.connect(lambda: self.chosen.emit(OWN))
        made = [own]
        for place, card in enumerate(member.companies):
            made.append(self._company(place, card, top_up.takes_money(till, card)))
        self._rows.fill(made)

    def _company(self, place: int, card: CompanyCard, can: bool) -> Row:
        say, number = self.say, f"{self.say('order.company')} {mask_card_no(card.card_no)}"
        note = number if can else f"{number} · {say('top_up.other_currency', currency=card.currency)}"
        made = Row(f"top_up_company_{place}", card.company_name, note, "", "soft" if can else "warn", lines=2)
        made.setEnabled(can)
        made.clicked.connect(lambda: self.chosen.emit(card.card_id))
        return made
