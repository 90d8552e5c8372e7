"""Every icon that the window names is there and can be seen."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

import pos_app.ui
import resources
from models.catalogue import TENDER_KINDS
from pos_app.ui import icons

UI = Path(pos_app.ui.__file__).parent
NAMES = sorted(path.stem for path in resources.path("icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_draws_something_in_the_colour_asked_for(name: str, qtbot: QtBot) -> None:
    image = icons.pixmap(name, "#A61B12", 24).toImage()
    drawn = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = [colour for colour in drawn if colour.alpha() > 200]
    assert len(solid) > 10
    assert all(abs(colour.red() - QColor("#A61B12").red()) < 12 for colour in solid)


def test_every_icon_named_in_the_code_ships() -> None:
    named = set(TENDER_KINDS)
    for file in UI.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'icons\.(?:pixmap|spaced)\(\s*"([a-z_-]+)"', source))
        named |= set(re.findall(r'Empty\(\s*"[^"]+",\s*"([a-z_-]+)"', source))
        named |= set(re.findall(r'Glyph\(\s*f?"[^"]+",\s*"([a-z_-]+)"', source))
        named |= set(re.findall(r'image="([a-z_-]+)"', source))
    assert len(named) > 15
    assert named <= set(NAMES)


def test_no_icon_ships_unused() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in UI.rglob("*.py"))
    unused = [name for name in NAMES if f'"{name}"' not in sources and name not in TENDER_KINDS]
    assert not unused, unused


def test_an_icon_that_is_not_there_is_a_bug(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon", "#000000")
