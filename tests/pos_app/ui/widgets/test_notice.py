"""A message takes the room its words need, and no more."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.messages import Message
from pos_app.ui.widgets.layout import Scroll, column
from pos_app.ui.widgets.notice import Notice

LONG = Message("warn", "Two baskets are not finished", "Finish them first, or close all the same. " * 2, "x", "Back")


def shown_in(qtbot: QtBot, width: int) -> tuple[QWidget, Notice]:
    theme.load_fonts()
    around, notice = QWidget(), Notice("told")
    around.setLayout(column(notice, Scroll()))
    around.resize(width, 500)
    qtbot.addWidget(around)
    around.show()
    notice.show_message(LONG)
    qtbot.wait(20)
    return around, notice


def test_a_message_that_was_narrow_once_is_not_taller_for_it(qtbot: QtBot) -> None:
    _, fresh = shown_in(qtbot, 800)
    around, notice = shown_in(qtbot, 200)
    narrow = notice.height()
    around.resize(800, 500)
    qtbot.wait(20)
    assert narrow > notice.height() == fresh.height()
