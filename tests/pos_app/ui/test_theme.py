"""Colours that can be read and targets that can be hit."""

import re

import pytest

from pos_app.ui import theme


@pytest.mark.parametrize(("ink", "ground"), theme.PAIRS)
def test_every_text_colour_stands_out_from_its_ground(ink: str, ground: str) -> None:
    assert theme.contrast(ink, ground) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert theme.contrast("#FFFFFF", "#777777") == theme.contrast("#777777", "#FFFFFF")


def test_sizes_of_the_counter() -> None:
    assert (theme.TOUCH, theme.CONFIRM) == (48, 84)
    assert theme.TILE >= 88
    assert theme.TEXT >= 16
    assert theme.TOTAL >= 34


def test_the_style_sheet_uses_only_colours_of_the_tokens() -> None:
    known = {value for name, value in vars(theme).items() if name.isupper() and isinstance(value, str)}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", theme.style_sheet())) <= known
