"""Read ESC/POS bytes back into ink, written from the command reference alone.

Rule: imports nothing of `printing`, so that it cannot share its mistakes. It is strict: a byte it does not expect, a
command cut off or ink outside the paper is an error, never skipped.
Source: Epson ESC/POS Application Programming Guide.
"""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import zxingcpp
from PIL import Image, ImageOps


class NotUnderstood(Exception):
    """The bytes are not what the reference allows."""


@dataclass
class Sheet:
    """What came out of the printer: rows of dots from the top, each a text of "1" (ink) and "0"."""

    width: int
    rows: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)
    kicks: list[int] = field(default_factory=list)
    native_codes: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    fences: list[bytes] = field(default_factory=list)
    bands: list[tuple[int, int]] = field(default_factory=list)
    """(width in dots, rows) of each raster command."""

    def picture(self) -> Image.Image:
        """Return the paper as a grey picture."""
        grey = b"".join(row.encode().translate(bytes.maketrans(b"01", b"\xff\x00")) for row in self.rows)
        return Image.frombytes("L", (self.width, len(self.rows)), grey)

    def codes(self) -> list[str]:
        """Return what a scanner reads off the paper, top to bottom."""
        paper = ImageOps.expand(self.picture(), 40, 255)
        return [code.text for code in sorted(zxingcpp.read_barcodes(paper), key=lambda one: one.position.top_left.y)]

    def strips(self) -> list[Image.Image]:
        """Return the lines of print, top to bottom: what stands between blank rows, frames at the edges not counted."""
        paper, found, top = self.picture(), [], None
        for at, row in enumerate([*self.rows, "0" * self.width]):
            inked = "1" in row[_EDGE:-_EDGE]
            if inked and top is None:
                top = at
            elif not inked and top is not None:
                if at - top >= _LOWEST_LINE:
                    found.append(paper.crop((0, top, self.width, at)))
                top = None
        return found

    def text(self, folder: Path, languages: str = "eng") -> str:
        """Return what a reader of print (tesseract) sees on the paper, a line for a line."""
        names = []
        for number, strip in enumerate(self.strips()):
            scale = _LETTER_PIXELS / strip.height
            line = strip.resize((round(strip.width * scale), _LETTER_PIXELS), Image.Resampling.BICUBIC)
            names.append(str(folder / f"line-{number:03d}.png"))
            ImageOps.expand(line, 20, 255).save(names[-1])
        (folder / "lines.txt").write_text("\n".join(names))
        command = ["tesseract", str(folder / "lines.txt"), "-", "-l", languages, "--psm", "7"]
        done = subprocess.run(command, check=True, capture_output=True, env={"OMP_THREAD_LIMIT": "1", "PATH": _PATH})
        return done.stdout.decode()


_EDGE = 8
_LOWEST_LINE = 12
_LETTER_PIXELS = 44
_PATH = "/usr/local/bin:/usr/bin:/bin"


def read(data: bytes, width: int = 576) -> Sheet:
    """Read a whole stream; NotUnderstood for anything outside the reference."""
    return _Reading(data, width).sheet


class _Reading:
    def __init__(self, data: bytes, width: int) -> None:
        self._data = data
        self._at = 0
        self._line = ""
        self._centred = False
        self.sheet = Sheet(width)
        while self._at < len(data):
            self._command()
        if self._line:
            raise NotUnderstood("text without its line feed")

    def _take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) != count:
            raise NotUnderstood(f"cut off at byte {self._at}")
        self._at += count
        return found

    def _number(self) -> int:
        return self._take(1)[0]

    def _command(self) -> None:
        first = self._number()
        if first == 0x0A:
            self.sheet.lines.append(self._line)
            self._line = ""
        elif 0x20 <= first < 0x7F:
            self._line += chr(first)
        elif first == 0x1B:
            self._escape(self._take(1))
        elif first == 0x1D:
            self._group(self._take(1))
        elif first == 0x10 and self._take(1) == b"\x04":
            self._number()
        else:
            raise NotUnderstood(f"byte {first:#04x} at {self._at - 1}")

    def _escape(self, command: bytes) -> None:
        if command == b"@":
            self._line, self._centred = "", False
        elif command == b"J":
            self._feed(self._number())
        elif command == b"d":
            self._feed(self._number() * 34)
        elif command == b"a":
            self._centred = self._number() == 1
        elif command == b"E":
            self._number()
        elif command == b"p":
            pin, _, _ = self._take(3)
            self.sheet.kicks.append({0: 2, 1: 5, 48: 2, 49: 5}[pin])
        else:
            raise NotUnderstood(f"ESC {command!r}")

    def _group(self, command: bytes) -> None:
        if command == b"v":
            self._raster()
        elif command == b"V":
            self.sheet.cuts.append({0: "full", 48: "full", 1: "partial", 49: "partial"}[self._number()])
        elif command == b"P":
            if self._take(2) != b"\xcb\xcb":
                raise NotUnderstood("feeds are not counted in dots of 203 an inch")
        elif command in (b"a", b"!", b"B"):
            self._number()
        elif command == b"r":
            self.sheet.fences.append(b"r" + self._take(1))
        elif command == b"(":
            self._long_function()
        else:
            raise NotUnderstood(f"GS {command!r}")

    def _raster(self) -> None:
        zero, mode, row_low, row_high, low, high = self._take(6)
        if zero != 0x30 or mode != 0:
            raise NotUnderstood("GS v, but not 0 in normal size")
        row_bytes, rows = row_low | row_high << 8, low | high << 8
        if not row_bytes or not rows or row_bytes * 8 > self.sheet.width:
            raise NotUnderstood(f"a picture of {row_bytes} bytes by {rows}")
        self.sheet.bands.append((row_bytes * 8, rows))
        for _ in range(rows):
            bits = "".join(f"{byte:08b}" for byte in self._take(row_bytes))
            self.sheet.rows.append(bits.ljust(self.sheet.width, "0"))

    def _long_function(self) -> None:
        letter, low, high = self._take(3)
        body = self._take(low | high << 8)
        if letter == ord("H") and body[:2] == b"\x30\x30" and len(body) == 6:
            self.sheet.fences.append(b"H" + body[2:])
        elif letter == ord("k") and body[:1] == b"1":
            if body[1:3] == b"P0":
                self._code = body[3:].decode("ascii")
            elif body[1:] == b"Q0":
                if not self._centred:
                    raise NotUnderstood("a code at the left edge")
                self.sheet.native_codes.append(self._code)
        else:
            raise NotUnderstood(f"GS ( {letter:c}")

    def _feed(self, dots: int) -> None:
        self.sheet.rows += ["0" * self.sheet.width] * dots
