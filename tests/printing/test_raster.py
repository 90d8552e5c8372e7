"""Dots: nothing leaves its box, codes are crisp, widths are the printer's."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from printing.layout import DOTS_PER_COLUMN, SIZES, Gap, Layout, Panel, Row, Rule, Span
from printing.raster import PANEL_LINE_DOTS, QR_MODULE_DOTS, draw_dots, qr_dots
from tests.printing.shop import add_on, cup, layouts, redeemed

TEXTS = st.text(st.sampled_from("WM@mi1珍龘，·×€éjgÅ "), min_size=1, max_size=30)


def ink_box(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageOps.invert(picture.convert("L")).getbbox()


@settings(max_examples=150, deadline=None)
@given(
    TEXTS,
    st.integers(0, 20),
    st.integers(2, 28),
    st.sampled_from(["left", "right", "center"]),
    st.sampled_from(sorted(SIZES)),
    st.booleans(),
)
def test_ink_stays_in_its_box(text: str, column: int, width: int, align: str, size: str, bold: bool) -> None:
    picture = draw_dots(Layout(48, (Row((Span(text, column, width, align, size, bold),)),)))
    box = ink_box(picture)
    if box is not None:
        assert box[0] >= column * DOTS_PER_COLUMN
        assert box[2] <= (column + width) * DOTS_PER_COLUMN


@pytest.mark.parametrize(("align", "edge"), [("left", 0), ("right", 2)])
def test_columns_of_amounts_line_up(align: str, edge: int) -> None:
    ends = {
        (ink_box(draw_dots(Layout(48, (Row((Span(text, 20, 28, align),)),)))) or (0,) * 4)[edge]
        for text in ("0.08", "100.08", "1,240.08", "−0.08")
    }
    assert len(ends) <= 3
    assert max(ends) - min(ends) <= 3


def test_every_size_of_text_differs_and_fits_its_row() -> None:
    heights = []
    for size in SIZES:
        picture = draw_dots(Layout(48, (Row((Span("Åg龘", 0, 48, size=size),)),)))
        box = ink_box(picture)
        assert box is not None
        assert box[1] > 0
        assert box[3] < picture.height
        heights.append(box[3] - box[1])
    assert heights == sorted(set(heights))


def test_inverse_rows_are_black_from_edge_to_edge_with_white_text() -> None:
    picture = draw_dots(Layout(48, (Row((Span("副本 1", 0, 48, "center", "large", True),), inverse=True),)))
    assert picture.getpixel((0, 0)) == picture.getpixel((575, picture.height - 1)) == 0
    white = picture.convert("L").histogram()[255]
    assert 0 < white < picture.width * picture.height / 2


def test_a_code_is_crisp_and_reads() -> None:
    text = "VR.SZ1T03.000012.0123456789ABCDEF"
    code = qr_dots(text)
    assert {shade for _, shade in code.getcolors() or []} == {0, 255}
    small = code.resize((code.width // QR_MODULE_DOTS,) * 2, Image.Resampling.NEAREST)
    assert small.resize(code.size, Image.Resampling.NEAREST).tobytes() == code.tobytes()
    assert [found.text for found in zxingcpp.read_barcodes(code)] == [text]
    assert code.width <= 32 * DOTS_PER_COLUMN
    quiet = 4 * QR_MODULE_DOTS
    assert ink_box(code) == (quiet, quiet, code.width - quiet, code.height - quiet)


def test_rules_gaps_and_panels_have_the_dots_they_say() -> None:
    inside = (Row((Span("5", 2, 44, "center"),)),)
    layout = Layout(48, (Rule("thin"), Gap(10), Rule("thick"), Rule("dashed"), Panel(inside)))
    picture = draw_dots(layout).convert("L")
    rows = [picture.crop((0, top, 576, top + 1)).histogram()[0] for top in range(picture.height)]
    assert rows[:14] == [576, *[0] * 10, 576, 576, 576]
    assert rows[14] == rows[15] != 576
    assert rows[16] > 500
    assert rows[16 + 30] >= 2 * PANEL_LINE_DOTS


@pytest.mark.parametrize(("columns", "width"), [(32, 384), (48, 576)])
def test_a_slip_is_as_wide_as_the_head(columns: int, width: int) -> None:
    picture = draw_dots(layouts(redeemed(cup("茶", add_on())), columns=columns)[0])
    assert (picture.mode, picture.width) == ("1", width)


def test_an_empty_layout_is_a_picture_too() -> None:
    assert draw_dots(Layout(48, ())).size == (576, 1)


def test_the_same_layout_gives_the_same_dots() -> None:
    (layout,) = layouts(redeemed(cup()))
    assert draw_dots(layout).tobytes() == draw_dots(layout).tobytes()


def test_text_is_black_enough_to_read_and_not_a_blot() -> None:
    """A dense hanzi keeps both its strokes and the white between them, regular and bold."""
    for bold in (False, True):
        picture = draw_dots(Layout(48, (Row((Span("餐", 0, 2, bold=bold),)),)))
        box = ink_box(picture)
        assert box is not None
        inked = picture.crop(box).convert("L").histogram()[0] / ((box[2] - box[0]) * (box[3] - box[1]))
        assert 0.25 < inked < 0.65
