"""A roll of thermal paper: text lines, pictures and QR codes burnt one under another.

Rule: dots only; 203 an inch. Letters stand in cells of 12 × 24 dots, as on a printer's Font A.
"""

from dataclasses import dataclass

import segno
from PIL import Image, ImageDraw

from printing.fonts import slip_font

DOTS_PER_INCH = 203
CELL = (12, 24)
LINE_DOTS = 34
"""A printer's default line spacing, a sixth of an inch."""
MAX_DOTS = 60_000
"""Seven metres of paper in one piece: whoever prints more has lost its way, and so would our memory."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    bold: bool = False
    inverse: bool = False
    across: int = 1
    down: int = 1


class Roll:
    """Paper since the last cut; `take` tears it off."""

    def __init__(self, width_dots: int) -> None:
        self._width = width_dots
        self._pieces: list[tuple[int, int, Image.Image]] = []
        self._line: list[tuple[str, TextStyle]] = []
        self._text: list[str] = []
        self._top = 0
        self.reset()

    def reset(self) -> None:
        """ESC @: settings as after switching on; paper stays, the unprinted line is lost."""
        self.style = TextStyle()
        self.align = "left"
        self._unit = 1.0
        self._line = []

    def set_motion_units(self, _horizontal: int, vertical: int) -> None:
        """GS P: `vertical` units make an inch; 0 is the default."""
        self._unit = DOTS_PER_INCH / vertical if vertical else 1.0

    def write(self, char: str) -> None:
        """Put a character on the line; a full line prints itself."""
        if sum(style.across for _, style in self._line) + self.style.across > self._width // CELL[0]:
            self.line_feed()
        self._line.append((char, self.style))

    def line_feed(self) -> None:
        """LF: print the line and go to the next."""
        down = max((style.down for _, style in self._line), default=1)
        self._print_line(down)
        self._advance(LINE_DOTS if down == 1 else CELL[1] * down + 10)

    def feed_units(self, units: int) -> None:
        """ESC J: print the line and feed."""
        self._flush()
        self._advance(round(units * self._unit))

    def feed_lines(self, lines: int) -> None:
        """ESC d: print the line and feed lines."""
        self._flush()
        self._advance(lines * LINE_DOTS)

    def picture(self, dots: Image.Image) -> None:
        """Burn a picture at the left edge or where ESC a says; what is too wide is lost, as on paper."""
        self._flush()
        self._place(dots, self._left(dots.width))
        self._advance(dots.height)

    def qr_code(self, data: bytes, module: int, level: str) -> None:
        """Burn a QR code drawn by the printer itself."""
        code = segno.make(data, error=level, micro=False, boost_error=False)
        rows = [bytearray(0 if dark else 255 for dark in row) for row in code.matrix]
        small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
        self.picture(small.resize((small.width * module, small.height * module), Image.Resampling.NEAREST).convert("1"))

    @property
    def is_blank(self) -> bool:
        return not self._pieces and not self._line

    def take(self) -> tuple[Image.Image, str]:
        """Tear off: the paper since the last cut, and the text that was printed as text."""
        self._flush()
        paper = Image.new("1", (self._width, max(1, self._top)), 1)
        for left, top, piece in self._pieces:
            paper.paste(piece, (left, top))
        text = "\n".join(self._text)
        self._pieces, self._text, self._top = [], [], 0
        return paper, text

    def _flush(self) -> None:
        if self._line:
            self.line_feed()

    def _advance(self, dots: int) -> None:
        self._top = min(MAX_DOTS, self._top + dots)

    def _left(self, width: int) -> int:
        room = max(0, self._width - width)
        return {"left": 0, "center": room // 2, "right": room}[self.align]

    def _place(self, dots: Image.Image, left: int) -> None:
        if self._top + dots.height <= MAX_DOTS:
            self._pieces.append((left, self._top, dots))

    def _print_line(self, down: int) -> None:
        if not self._line:
            return
        width = sum(style.across for _, style in self._line) * CELL[0]
        line = Image.new("L", (width, CELL[1] * down), 255)
        left = 0
        for char, style in self._line:
            cell = _cell(char, style)
            line.paste(cell, (left, line.height - cell.height))
            left += cell.width
        self._text.append("".join(char for char, _ in self._line))
        self._place(line.convert("1", dither=Image.Dither.NONE), self._left(width))
        self._line = []


def _cell(char: str, style: TextStyle) -> Image.Image:
    ink, paper = (255, 0) if style.inverse else (0, 255)
    cell = Image.new("L", CELL, paper)
    ImageDraw.Draw(cell).text((CELL[0] / 2, 19), char, fill=ink, font=slip_font(20, style.bold), anchor="ms")
    return cell.resize((CELL[0] * style.across, CELL[1] * style.down), Image.Resampling.NEAREST)
