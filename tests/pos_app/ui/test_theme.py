"""Colours that can be read and targets that can be hit."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.ui import theme


@pytest.fixture(params=theme.THEMES)
def chosen(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each theme in turn; the first again afterwards."""
    theme.use(request.param)
    yield request.param
    theme.use(theme.FIRST)


def test_every_text_colour_stands_out_from_its_ground(chosen: str) -> None:
    weak = {pair: round(theme.contrast(*pair), 2) for pair in theme.pairs() if theme.contrast(*pair) < 4.5}
    assert weak == {}, chosen


def test_what_can_be_tapped_stands_out_from_its_ground(chosen: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1 for the borders of fields and the ground of the big button."""
    assert theme.contrast(theme.LINE_STRONG, theme.SURFACE) >= (3 if chosen == "dark" else 2.5)
    assert theme.contrast(theme.PRIMARY, theme.SURFACE) >= 3


def test_every_theme_has_every_colour() -> None:
    first, *others = (set(colours) for colours in theme.THEMES.values())
    assert all(other == first for other in others)
    with pytest.raises(KeyError):
        theme.use("sepia")
    assert theme.name == theme.FIRST


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert theme.contrast("#FFFFFF", "#777777") == theme.contrast("#777777", "#FFFFFF")


def test_sizes_of_the_counter() -> None:
    assert (theme.TOUCH, theme.CONFIRM) == (48, 84)
    assert theme.TILE >= 88
    assert theme.TEXT >= 16
    assert theme.TOTAL >= 34


def test_the_style_sheet_uses_only_colours_of_the_tokens(chosen: str) -> None:
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", theme.style_sheet())) <= set(theme.THEMES[chosen].values())


def test_no_colour_is_written_anywhere_else() -> None:
    folder = Path(theme.__file__).parent
    found = [
        f"{path.relative_to(folder)}: {colour}"
        for path in folder.rglob("*.py")
        if path.name != "theme.py"
        for colour in re.findall(r"[\"']#[0-9A-Fa-f]{6}[\"']", path.read_text(encoding="utf-8"))
    ]
    assert found == []
