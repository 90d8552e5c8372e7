"""Show a layout as a picture of paper, for screens, tests and e-mail.

Rule: the dots are those of `raster`, so the preview is what the printer burns.
"""

from collections.abc import Sequence

from PIL import Image

from printing.layout import Layout
from printing.raster import PAPER, draw_dots

MARGIN_DOTS = 32
"""What 80 mm paper leaves blank on each side of 576 dots."""


def draw(layout: Layout) -> Image.Image:
    """Return the slip on its paper, mode "L", 203 dots an inch."""
    dots = draw_dots(layout)
    paper = Image.new("L", (dots.width + 2 * MARGIN_DOTS, dots.height + 2 * MARGIN_DOTS), PAPER)
    paper.paste(dots.convert("L"), (MARGIN_DOTS, MARGIN_DOTS))
    return paper


def draw_all(layouts: Sequence[Layout]) -> Image.Image:
    """Return several slips one under another with a grey cut between them."""
    papers = [draw(layout) for layout in layouts]
    cut = 12
    height = sum(paper.height for paper in papers) + cut * (len(papers) - 1)
    together = Image.new("L", (max(paper.width for paper in papers), height), 176)
    top = 0
    for paper in papers:
        together.paste(paper, (0, top))
        top += paper.height + cut
    return together
