"""Draw a layout as the dots that a thermal head burns, one bit a dot.

Rule: pure but for the bundled font. Nothing leaves its box: a letter wider than its box is drawn narrower, a text never
where `fonts.lines_for` has broken it.
Letters are drawn with grey edges and then cut at `THRESHOLD`: at 24 dots that keeps every stroke of a hanzi, where
the font engine's own black-and-white mode breaks thin strokes (docs/decisions/0004-paper.md).
"""

import segno
from PIL import Image, ImageDraw

from printing.barcode import code_128
from printing.fonts import ink_reach, slip_font
from printing.layout import DOTS_PER_COLUMN, SIZES, BarCode, Element, Gap, Layout, Panel, QrCode, Row, Rule, Span

PAPER, INK = 255, 0
BOLD_INK = 68
THRESHOLD = 150
"""Grey values below this become black: a dot is burnt when ink covers 41 % of it, 56 % of it in bold letters, whose
narrow counters would close otherwise."""
QR_MODULE_DOTS = 6
QR_QUIET_MODULES = 4
BAR_HEIGHT_DOTS = 80
"""A centimetre."""
LADDER_WIDTH_DOTS = 160
LEAST_BAR_MODULE_DOTS = 2
"""A quarter of a millimetre: what every scanner reads off thermal paper."""
MOST_BAR_MODULE_DOTS = 3
LEADING_DOTS = 2
RULE_DOTS = {"thin": 1, "thick": 3, "dashed": 2}
DASH_DOTS = (8, 6)
PANEL_LINE_DOTS = 3
PANEL_RADIUS_DOTS = 14
PANEL_PAD_DOTS = 12


def draw_dots(layout: Layout) -> Image.Image:
    """Return the slip as an image of mode "1", `columns` × 12 dots wide, white where no ink is."""
    width = layout.columns * DOTS_PER_COLUMN
    height = sum(_height(element) for element in layout.elements)
    picture = Image.new("L", (width, max(1, height)), PAPER)
    top = 0
    for element in layout.elements:
        _draw(picture, element, top)
        top += _height(element)
    return picture.point(lambda grey: PAPER if grey >= THRESHOLD else INK).convert("1", dither=Image.Dither.NONE)


def qr_dots(text: str) -> Image.Image:
    """Return a QR code (error correction M) with its quiet zone, six dots a module."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    modules = [list(row) for row in code.matrix_iter(scale=1, border=QR_QUIET_MODULES)]
    small = Image.new("L", (len(modules[0]), len(modules)), PAPER)
    small.putdata([INK if dark else PAPER for row in modules for dark in row])
    return small.resize((small.width * QR_MODULE_DOTS, small.height * QR_MODULE_DOTS), Image.Resampling.NEAREST)


def bar_dots(code: BarCode, width: int) -> Image.Image:
    """Return a Code 128 at most `width` dots wide, two or three dots a module; ValueError when it is wider than that.

    Its quiet zones are what the paper leaves blank around it.
    """
    modules = code_128(code.text)
    row = Image.new("L", (len(modules), 1), PAPER)
    row.putdata([INK if dark == "1" else PAPER for dark in modules])
    if code.ladder:
        ladder = row.transpose(Image.Transpose.ROTATE_270)
        return ladder.resize((LADDER_WIDTH_DOTS, _ladder_height(code)), Image.Resampling.NEAREST)
    scale = min(MOST_BAR_MODULE_DOTS, width // len(modules))
    if scale < LEAST_BAR_MODULE_DOTS:
        raise ValueError(f"{len(modules)} bars on {width} dots")
    return row.resize((row.width * scale, BAR_HEIGHT_DOTS), Image.Resampling.NEAREST)


def fits_across(text: str, columns: int) -> bool:
    """Whether a Code 128 of `text` fits across paper of so many columns; else it has to be a ladder."""
    return len(code_128(text)) * LEAST_BAR_MODULE_DOTS <= columns * DOTS_PER_COLUMN


def _ladder_height(code: BarCode) -> int:
    return len(code_128(code.text)) * LEAST_BAR_MODULE_DOTS


def _height(element: Element) -> int:
    match element:
        case Row():
            tallest = max((SIZES[span.size] for span in element.spans), default=SIZES["normal"])
            return tallest * 5 // 4 + LEADING_DOTS + (8 if element.inverse else 0)
        case Rule():
            return RULE_DOTS[element.style]
        case Gap():
            return element.dots
        case QrCode():
            return qr_dots(element.text).height
        case BarCode():
            return _ladder_height(element) if element.ladder else BAR_HEIGHT_DOTS
        case Panel():
            return 2 * PANEL_PAD_DOTS + sum(_height(part) for part in element.elements)


def _draw(picture: Image.Image, element: Element, top: int) -> None:
    match element:
        case Row():
            _draw_row(picture, element, top)
        case Rule():
            _draw_rule(picture, element, top)
        case QrCode():
            code = qr_dots(element.text)
            picture.paste(code, ((picture.width - code.width) // 2, top))
        case BarCode():
            code = bar_dots(element, picture.width)
            picture.paste(code, ((picture.width - code.width) // 2, top))
        case Panel():
            _draw_panel(picture, element, top)
        case Gap():
            pass


def _draw_row(picture: Image.Image, row: Row, top: int) -> None:
    if row.inverse:
        ImageDraw.Draw(picture).rectangle((0, top, picture.width - 1, top + _height(row) - 1), fill=INK)
    tallest = max((SIZES[span.size] for span in row.spans), default=0)
    base = top + tallest + LEADING_DOTS // 2 + (4 if row.inverse else 0)
    for span in row.spans:
        _draw_span(picture, span, base, PAPER if row.inverse else BOLD_INK if span.bold else INK)


def _draw_span(picture: Image.Image, span: Span, base: int, ink: int) -> None:
    """Draw a text on its base line, inside its box."""
    if not span.text.strip():
        return
    font = slip_font(SIZES[span.size], span.bold)
    left, right = span.column * DOTS_PER_COLUMN, (span.column + span.width) * DOTS_PER_COLUMN
    room = right - left
    ink_left, ink_right = ink_reach(span.text, SIZES[span.size], span.bold)
    length = ink_right - ink_left
    if length > room:
        _draw_narrow(picture, span, base, ink)
        return
    start = {"left": left, "right": right - length, "center": left + (room - length) / 2}[span.align]
    ImageDraw.Draw(picture).text((round(start - ink_left), base), span.text, fill=ink, font=font, anchor="ls")


def _draw_narrow(picture: Image.Image, span: Span, base: int, ink: int) -> None:
    font = slip_font(SIZES[span.size], span.bold)
    ink_left, above, ink_right, below = (round(edge) for edge in font.getbbox(span.text, anchor="ls"))
    mask = Image.new("L", (ink_right - ink_left, below - above), 0)
    ImageDraw.Draw(mask).text((-ink_left, -above), span.text, fill=255, font=font, anchor="ls")
    mask = mask.resize((span.width * DOTS_PER_COLUMN, mask.height), Image.Resampling.BOX)
    picture.paste(ink, (span.column * DOTS_PER_COLUMN, base + above), mask)


def _draw_rule(picture: Image.Image, rule: Rule, top: int) -> None:
    pen = ImageDraw.Draw(picture)
    bottom = top + RULE_DOTS[rule.style] - 1
    dash, blank = DASH_DOTS if rule.style == "dashed" else (picture.width, 0)
    for left in range(0, picture.width, dash + blank):
        pen.rectangle((left, top, min(left + dash, picture.width) - 1, bottom), fill=INK)


def _draw_panel(picture: Image.Image, panel: Panel, top: int) -> None:
    box = (0, top, picture.width - 1, top + _height(panel) - 1)
    ImageDraw.Draw(picture).rounded_rectangle(box, PANEL_RADIUS_DOTS, outline=INK, width=PANEL_LINE_DOTS)
    inner = top + PANEL_PAD_DOTS
    for part in panel.elements:
        _draw(picture, part, inner)
        inner += _height(part)
