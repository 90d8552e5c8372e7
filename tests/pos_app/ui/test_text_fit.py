"""No text is cut silently, nothing lies outside the window, every target can be hit - in each language and size.

The tour goes through every screen and state; `faults` measures each visible widget.
"""

import os
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from pos_app.ui import theme
from pos_app.ui.phrases import LANGUAGES
from pos_app.ui.widgets.buttons import Painted
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.tour import (
    a_shift_to_its_end,
    looking_at_orders,
    making_a_member,
    pairing_a_till,
    setting_up_a_printer,
    setting_up_scanners,
    through_the_day,
    training,
)
from tests.pos_app.ui.tour_set_aside import using_what_is_set_aside

SIZES = [(1366, 768), (1920, 1080)]
FROM_DATA = (
    "member_n",
    "member_set_aside",
    "header_store",
    "held_",
    "line_",
    "fact_",
    "product_",
    "plan_",
    "person_",
    "result_detail",
    "refundable_",
    "refund_line_",
    "recent_",
    "order_",
    "orders_title",
    "card_who",
    "port_",
    "trial_text",
)
"""Widgets whose words come from HQ or a member and know no limit: these may elide, with the whole as a tooltip."""


def faults(hand: Hand) -> list[str]:
    """Everything that is wrong with what is on the screen now."""
    window = hand.shell.window
    hand.idle()
    hand.bot.wait(30)
    # A clock that ticked just now has changed words, and the layout has yet to hear of it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    window.grab()
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        for fault in (
            *_text_faults(widget),
            *_place_faults(window, widget),
            *_target_faults(widget),
            *_hidden_faults(widget),
            *_overlap_faults(widget),
        ):
            found.append(f"{widget.objectName() or type(widget).__name__}: {fault}")
    return found


def _text_faults(widget: QWidget) -> Iterator[str]:
    name = widget.objectName()
    if (
        widget.font().pixelSize() != -1
        and widget.font().pixelSize() < 16
        and isinstance(widget, QLabel | QAbstractButton)
    ):
        yield f"text of {widget.font().pixelSize()} px"
    if isinstance(widget, Words):
        needed_height = widget.heightForWidth(widget.width())
        if widget.wordWrap() and needed_height > widget.height() + 1:
            yield f"needs {needed_height} px of height, has {widget.height()}: {widget.text()!r}"
        if widget.cut and (not name.startswith(FROM_DATA) or widget.toolTip() != widget.text()):
            yield f"cut at {widget.width()} px: {widget.text()!r}"
    elif isinstance(widget, Painted):
        for part in widget.fits:
            if part.size < 16:
                yield f"text of {part.size} px"
            if part.cut and (not name.startswith(FROM_DATA) or not widget.toolTip()):
                yield f"cut: {part.lines}"
    elif isinstance(widget, QPushButton):
        needed = QFontMetricsF(widget.font()).horizontalAdvance(widget.text()) + 24
        if needed + (widget.iconSize().width() if not widget.icon().isNull() else 0) > widget.width():
            yield f"cut: {widget.text()!r}"
    elif isinstance(widget, QLineEdit):
        room = widget.width() - widget.textMargins().left() - 36
        if QFontMetricsF(widget.font()).horizontalAdvance(widget.placeholderText()) > room:
            yield f"placeholder cut: {widget.placeholderText()!r}"


def _place_faults(window: QWidget, widget: QWidget) -> Iterator[str]:
    if not isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent, QScrollArea):
            return
        parent = parent.parentWidget()
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    if not window.rect().contains(place):
        yield f"lies outside the window: {place}"
    around = widget.parentWidget()
    if around is not None and not around.rect().contains(widget.geometry()):
        yield f"sticks out of its parent: {widget.geometry()} in {around.rect()}"


def _overlap_faults(widget: QWidget) -> Iterator[str]:
    """What a layout squeezes below its least height lies over its neighbour.

    Never asks the layout for its items: what PySide keeps of one outlives it, and is then taken for another object.
    """
    layout = widget.layout()
    if layout is None:
        return
    parts = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = [part for part in parts if part.isVisible() and layout.indexOf(part) >= 0]
    for part, other in combinations(shown, 2):
        if part.geometry().intersects(other.geometry()):
            yield f"{part.objectName() or type(part).__name__} lies over {other.objectName() or type(other).__name__}"


def _hidden_faults(widget: QWidget) -> Iterator[str]:
    """A message that has to be scrolled for is not read."""
    if isinstance(widget, Notice) and widget.visibleRegion().boundingRect() != widget.rect():
        yield f"only {widget.visibleRegion().boundingRect()} of {widget.rect()} can be seen"


def _target_faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QAbstractButton | QLineEdit | QComboBox) and not widget.objectName().startswith("qt_"):
        if min(widget.width(), widget.height()) < theme.TOUCH and not widget.objectName().endswith("_close"):
            yield f"target of {widget.width()}×{widget.height()}"
        if not (widget.accessibleName() or getattr(widget, "text", lambda: "")()):
            yield "has no accessible name"


def look_round(
    open_window: Open,
    language: str,
    size: tuple[int, int],
    drawn_in: str,
    tour: Callable[[Hand], Iterator[str]],
    paired: bool = True,
) -> None:
    """Go on a tour and find nothing wrong at any stop; with SCREENS set, keep a picture of each in that folder."""
    currency = "EUR" if language == "es-ES" else "CNY"
    hand = open_window(language=language, size=size, currency=currency, look=drawn_in, paired=paired)
    found = []
    for number, place in enumerate(tour(hand), 1):
        found += [f"{place}: {fault}" for fault in faults(hand)]
        assert (hand.shell.window.width(), hand.shell.window.height()) == size
        if ALBUM is not None:
            folder = ALBUM / f"{language}-{size[0]}x{size[1]}-{drawn_in}"
            folder.mkdir(parents=True, exist_ok=True)
            name = f"{tour.__name__.replace('_', '-')}-{number:02d}-{place.replace(' ', '-').replace(',', '')}.png"
            assert hand.shell.window.grab().save(str(folder / name))
    assert not found, "\n".join(found)


ALBUM = Path(os.environ["SCREENS"]) if os.environ.get("SCREENS") else None
LOOKS = [
    (language, size, drawn_in)
    for language in LANGUAGES
    for size, shown in zip(SIZES, theme.THEMES, strict=True)
    for drawn_in in (theme.THEMES if ALBUM is not None else (shown,))
]
"""Every language and size; both themes of each where an album is made, else one."""


def name_of(value: object) -> str:
    """For the name of a test."""
    return f"{value[0]}x{value[1]}" if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS, ids=name_of)
def test_every_screen_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, through_the_day)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else LOOKS[::2], ids=name_of)
def test_making_a_member_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, making_a_member)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else [*LOOKS[::2], LOOKS[3]], ids=name_of)
def test_a_shift_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, a_shift_to_its_end)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else [*LOOKS[::2], LOOKS[3]], ids=name_of)
def test_orders_fit(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, looking_at_orders)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else [*LOOKS[::2], LOOKS[3]], ids=name_of)
def test_pairing_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, pairing_a_till, paired=False)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else LOOKS[::2], ids=name_of)
def test_what_is_set_aside_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, using_what_is_set_aside)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else LOOKS[::2], ids=name_of)
def test_scanners_fit(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, setting_up_scanners)


@pytest.mark.req("C11")
@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else LOOKS[::2], ids=name_of)
def test_the_printer_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, setting_up_a_printer)


@pytest.mark.parametrize(("language", "size", "drawn_in"), LOOKS if ALBUM else [*LOOKS[::2], LOOKS[3]], ids=name_of)
def test_training_fits(open_window: Open, language: str, size: tuple[int, int], drawn_in: str) -> None:
    look_round(open_window, language, size, drawn_in, training)


def test_the_measure_finds_text_that_is_cut(open_window: Open) -> None:
    hand = open_window()
    hand.wait(screen="sign_in")
    label = hand.find("header_terminal")
    label.setFixedWidth(20)
    assert any(fault.startswith("header_terminal: cut") for fault in faults(hand))
