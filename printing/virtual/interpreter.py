"""Read ESC/POS commands from a stream of bytes and print them on a virtual roll.

Rule: pure but for the font; nothing here knows how our slips are made. A command that is cut off waits for its rest;
one we do not know is noted and skipped by one byte, as real printers do.
Source: Epson ESC/POS command reference.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from printing.virtual.roll import Roll, TextStyle


@dataclass(frozen=True, slots=True)
class AnswerWanted:
    """The host waits for an answer: `kind` "paper_sensor", "drawer" or "process_id" (with its four bytes)."""

    kind: str
    process_id: bytes = b""


@dataclass(frozen=True, slots=True)
class AutoStatusSet:
    """The host wants to be told of changes, or no longer."""

    enabled: bool


@dataclass(frozen=True, slots=True)
class DrawerKicked:
    pin: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The paper was cut: what was printed since the cut before. `at`: bytes of the stream up to here."""

    mode: str
    picture: Image.Image
    text: str
    at: int


MAX_QR_BYTES = 1273
"""What the largest QR code holds at its highest error correction."""
MAX_PICTURE_BYTES = 4 << 20
"""More than any printer's memory holds; such a head is noise."""
Event = AnswerWanted | AutoStatusSet | DrawerKicked | Cut


class _Incomplete(Exception):
    """The command is not all here yet."""


@dataclass
class Interpreter:
    """One printer's brain. `unknown` collects the heads of commands it did not understand, as hex."""

    width_dots: int = 576
    unknown: list[str] = field(default_factory=list)
    _pending: bytes = b""
    _consumed: int = 0
    _events: list[Event] = field(default_factory=list)
    _qr_data: bytes = b""
    _qr_module: int = 3
    _qr_level: str = "L"

    def __post_init__(self) -> None:
        self.roll = Roll(self.width_dots)

    @property
    def at_boundary(self) -> bool:
        """Between two commands?"""
        return not self._pending

    def feed(self, data: bytes) -> list[Event]:
        """Take more bytes, carry out what is complete and return what the host or the world notices of it."""
        self._pending += data
        at = 0
        while at < len(self._pending):
            try:
                at += self._one(at)
            except _Incomplete:
                break
        self._pending = self._pending[at:]
        self._consumed += at
        events, self._events = self._events, []
        return events

    def forget(self) -> None:
        """Drop the command that waits for its rest."""
        self._consumed += len(self._pending)
        self._pending = b""

    def _bytes(self, at: int, count: int) -> bytes:
        found = self._pending[at : at + count]
        if len(found) < count:
            raise _Incomplete
        return found

    def _one(self, at: int) -> int:
        """Carry out the command at `at`; returns its length."""
        first = self._pending[at]
        if first in (0x1B, 0x1D, 0x10, 0x1C):
            head = self._bytes(at, 2)
            handler = _HANDLERS.get(head)
            if handler is not None:
                return 2 + handler(self, at + 2)
            self.unknown.append(head.hex())
            return 2
        if first == 0x0A:
            self.roll.line_feed()
        elif first >= 0x20:
            self.roll.write(bytes((first,)).decode("cp437"))
        return 1

    # Each handler gets the place after the head and returns how many bytes it took from there.

    def _initialise(self, _at: int) -> int:
        self.roll.reset()
        self._events.append(AutoStatusSet(False))
        return 0

    def _skip_one(self, at: int) -> int:
        return len(self._bytes(at, 1))

    def _skip_two(self, at: int) -> int:
        return len(self._bytes(at, 2))

    def _real_time_status(self, at: int) -> int:
        """DLE EOT n inside the stream: answered when it arrived, nothing to do when its turn comes."""
        return len(self._bytes(at, 1))

    def _motion_units(self, at: int) -> int:
        horizontal, vertical = self._bytes(at, 2)
        self.roll.set_motion_units(horizontal, vertical)
        return 2

    def _feed_dots(self, at: int) -> int:
        self.roll.feed_units(self._bytes(at, 1)[0])
        return 1

    def _feed_lines(self, at: int) -> int:
        self.roll.feed_lines(self._bytes(at, 1)[0])
        return 1

    def _align(self, at: int) -> int:
        self.roll.align = {0: "left", 1: "center", 2: "right"}.get(self._bytes(at, 1)[0] % 48, "left")
        return 1

    def _bold(self, at: int) -> int:
        self._style(bold=bool(self._bytes(at, 1)[0] & 1))
        return 1

    def _inverse(self, at: int) -> int:
        self._style(inverse=bool(self._bytes(at, 1)[0] & 1))
        return 1

    def _size(self, at: int) -> int:
        value = self._bytes(at, 1)[0]
        self._style(across=(value >> 4 & 7) + 1, down=(value & 7) + 1)
        return 1

    def _print_mode(self, at: int) -> int:
        value = self._bytes(at, 1)[0]
        self._style(bold=bool(value & 8), down=2 if value & 16 else 1, across=2 if value & 32 else 1)
        return 1

    def _style(self, **changed: int | bool) -> None:
        now = self.roll.style
        self.roll.style = TextStyle(
            bold=bool(changed.get("bold", now.bold)),
            inverse=bool(changed.get("inverse", now.inverse)),
            across=changed.get("across", now.across),
            down=changed.get("down", now.down),
        )

    def _raster(self, at: int) -> int:
        """GS v 0 m xL xH yL yH: a picture, one bit a dot."""
        kind, mode, *size = self._bytes(at, 6)
        if kind != 0x30:
            self.unknown.append(f"1d76{kind:02x}")
            return 1
        row_bytes, rows = size[0] + 256 * size[1], size[2] + 256 * size[3]
        if row_bytes * rows > MAX_PICTURE_BYTES:
            self.unknown.append("1d7630")
            return 6
        data = self._bytes(at + 6, row_bytes * rows)
        if row_bytes and rows:
            picture = Image.frombytes("1", (row_bytes * 8, rows), bytes(byte ^ 0xFF for byte in data))
            across, down = (2 if mode & 1 else 1), (2 if mode & 2 else 1)
            self.roll.picture(picture.resize((picture.width * across, picture.height * down)))
        return 6 + row_bytes * rows

    def _cut(self, at: int) -> int:
        mode = self._bytes(at, 1)[0]
        length = 1
        if mode in (65, 66):
            self.roll.feed_units(self._bytes(at + 1, 1)[0])
            length = 2
        picture, text = self.roll.take()
        kind = "full" if mode in (0, 48, 65) else "partial"
        self._events.append(Cut(kind, picture, text, self._consumed + at + length))
        return length

    def _kick(self, at: int) -> int:
        connector = self._bytes(at, 3)[0]
        self._events.append(DrawerKicked(5 if connector & 1 else 2))
        return 3

    def _auto_status(self, at: int) -> int:
        self._events.append(AutoStatusSet(self._bytes(at, 1)[0] != 0))
        return 1

    def _transmit_status(self, at: int) -> int:
        number = self._bytes(at, 1)[0] % 48
        self._events.append(AnswerWanted("drawer" if number == 2 else "paper_sensor"))
        return 1

    def _function(self, at: int) -> int:
        """GS ( x pL pH …: functions with a length; QR codes and process ids are understood."""
        letter, low, high = self._bytes(at, 3)
        body = self._bytes(at + 3, low + 256 * high)
        if letter == ord("k"):
            self._code(body)
        elif letter == ord("H") and body[:2] in (b"\x30\x30", b"00"):
            self._events.append(AnswerWanted("process_id", body[2:6]))
        else:
            self.unknown.append(f"1d28{letter:02x}")
        return 3 + len(body)

    def _code(self, body: bytes) -> None:
        symbology, function, data = body[:1], body[1:2], body[2:]
        if symbology != b"1" or not data:
            self.unknown.append(f"1d286b:{body[:2].hex()}")
        elif function == b"C":
            self._qr_module = min(max(data[0], 1), 16)
        elif function == b"E":
            self._qr_level = "LMQH"[(data[0] - 48) % 4]
        elif function == b"P":
            self._qr_data = data[1:]
        elif function == b"Q" and 0 < len(self._qr_data) <= MAX_QR_BYTES:
            self.roll.qr_code(self._qr_data, self._qr_module, self._qr_level)


_Handler = Callable[[Interpreter, int], int]
_HANDLERS: dict[bytes, _Handler] = {
    b"\x1b@": Interpreter._initialise,
    b"\x1b!": Interpreter._print_mode,
    b"\x1bE": Interpreter._bold,
    b"\x1bG": Interpreter._bold,
    b"\x1bJ": Interpreter._feed_dots,
    b"\x1bd": Interpreter._feed_lines,
    b"\x1ba": Interpreter._align,
    b"\x1bp": Interpreter._kick,
    b"\x1bM": Interpreter._skip_one,
    b"\x1bR": Interpreter._skip_one,
    b"\x1bt": Interpreter._skip_one,
    b"\x1b-": Interpreter._skip_one,
    b"\x1b{": Interpreter._skip_one,
    b"\x1b3": Interpreter._skip_one,
    b"\x1b2": lambda _self, _at: 0,
    b"\x1d!": Interpreter._size,
    b"\x1dB": Interpreter._inverse,
    b"\x1dL": Interpreter._skip_two,
    b"\x1dP": Interpreter._motion_units,
    b"\x1dV": Interpreter._cut,
    b"\x1dW": Interpreter._skip_two,
    b"\x1da": Interpreter._auto_status,
    b"\x1dr": Interpreter._transmit_status,
    b"\x1dv": Interpreter._raster,
    b"\x1d(": Interpreter._function,
    b"\x10\x04": Interpreter._real_time_status,
}
