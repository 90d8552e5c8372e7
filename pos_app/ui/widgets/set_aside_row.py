"""What is set aside here for the member at the counter: how much, until when, and giving it back."""

from PySide6.QtWidgets import QLabel, QWidget

from models.catalogue import name_in
from pos_app.till.values import SetAside
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.reserve_desk import amount_words, until_words
from pos_app.ui.widgets.buttons import Glyph
from pos_app.ui.widgets.layout import row
from pos_app.ui.widgets.text import Words


def set_aside_row(desk: Desk, place: int, one: SetAside) -> QWidget:
    """Draw one; of uses it names the pass when the member has several."""
    say = desk.say
    words = say(
        "set_aside.here",
        amount=amount_words(say, one),
        what=_what(desk, one),
        time=until_words(say, one.until, desk.till.clock.now()),
    )
    image = QLabel()
    image.setPixmap(icons.pixmap("set_aside", theme.GOOD_STRONG, 22))
    text = Words(words, tone="good", wrap=True)
    text.setObjectName(f"member_set_aside_{place}")
    back = Glyph(f"member_give_back_{place}", "refund", say("set_aside.give_back"), flat=True)
    back.setEnabled(not desk.busy)
    back.clicked.connect(lambda: desk.reserve.give_back(one.reservation_id))
    line = row(image, text, back, gap=8)
    line.setStretch(1, 1)
    made = QWidget()
    made.setLayout(line)
    return made


def _what(desk: Desk, one: SetAside) -> str:
    say = desk.say
    held = next((view for view in desk.view.passes if view.held.pass_id == one.source_id), None) if desk.view else None
    return name_in(held.plan.names, say.language) if held is not None else say("set_aside.of_card")
