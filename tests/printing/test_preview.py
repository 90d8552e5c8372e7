"""Previews: the printer's own dots on their paper."""

from PIL import ImageChops

from printing.preview import MARGIN_DOTS, draw, draw_all
from printing.raster import draw_dots
from tests.printing.shop import add_on, cup, layouts, redeemed


def test_a_preview_is_what_the_printer_burns() -> None:
    (layout,) = layouts(redeemed(cup()))
    dots, paper = draw_dots(layout).convert("L"), draw(layout)
    assert paper.size == (dots.width + 2 * MARGIN_DOTS, dots.height + 2 * MARGIN_DOTS)
    inner = paper.crop((MARGIN_DOTS, MARGIN_DOTS, MARGIN_DOTS + dots.width, MARGIN_DOTS + dots.height))
    assert ImageChops.difference(inner, dots).getbbox() is None


def test_several_slips_stand_under_one_another() -> None:
    both = layouts(redeemed(cup("茶", add_on())))
    papers = [draw(layout) for layout in both]
    together = draw_all(both)
    assert together.height > sum(paper.height for paper in papers)
    bottom = together.crop((0, together.height - papers[1].height, together.width, together.height))
    assert ImageChops.difference(bottom, papers[1]).getbbox() is None
