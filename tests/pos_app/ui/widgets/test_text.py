"""Text that fits: wrapped, then smaller, then cut with a mark - never torn, never silently cut."""

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from pos_app.ui import theme
from pos_app.ui.widgets.text import Words, fit

LONG = "Confirmar el canje de un uso del bono"


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> None:
    theme.load_fonts()


def width(text: str, size: int) -> float:
    """Pixels that a text takes."""
    return QFontMetricsF(theme.font(size)).horizontalAdvance(text)


def test_what_fits_stays_as_it_is() -> None:
    found = fit("确认核销", 400, 20)
    assert (found.lines, found.size, found.cut) == (("确认核销",), 20, False)


def test_words_wrap_whole() -> None:
    found = fit(LONG, width("Confirmar el canje", 18) + 2, 18, lines=3)
    assert " ".join(found.lines) == LONG
    assert not found.cut


def test_a_word_is_never_torn_while_a_smaller_size_would_do() -> None:
    found = fit("Plataforma", width("Plataforma", 18) - 1, 20, lines=2, smallest=16)
    assert found.lines == ("Plataforma",)
    assert 16 <= found.size < 18


def test_hanzi_break_anywhere() -> None:
    assert len(fit("黑糖鲜牛乳加珍珠", width("黑糖鲜牛", 18) + 1, 18, lines=2).lines) == 2


def test_what_cannot_fit_is_cut_with_a_mark_and_told() -> None:
    found = fit(LONG, 120, 18, lines=2, smallest=16)
    assert found.cut
    assert found.lines[-1].endswith("…")
    assert all(width(line, 16) <= 121 for line in found.lines)


@pytest.mark.parametrize("text", ["", " ", "\n", "a" * 5000, "😀" * 50, "́" * 20])
def test_odd_texts_are_laid_out_all_the_same(text: str) -> None:
    assert fit(text, 100, 16, lines=2).lines


def test_a_label_says_when_it_is_cut_and_shows_the_whole_on_demand(qtbot: QtBot) -> None:
    label = Words(LONG)
    qtbot.addWidget(label)
    label.resize(100, 24)
    label.show()
    label.grab()
    assert label.cut
    assert label.toolTip() == LONG
    label.resize(900, 24)
    label.grab()
    assert not label.cut
    assert label.toolTip() == ""


def test_a_wrapping_label_is_as_tall_as_its_text(qtbot: QtBot) -> None:
    label = Words(LONG, wrap=True)
    qtbot.addWidget(label)
    label.resize(100, 20)
    label.show()
    assert label.height() >= label.heightForWidth(label.width())
