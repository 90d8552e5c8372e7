"""Understand what an ESC/POS printer sends back: status bytes told apart by the bits that never change.

Rule: pure. A byte that fits no answer is `Garbage`, never guessed at.
Source: Epson ESC/POS reference: DLE EOT, DLE DC4, GS a (ASB), GS r, GS ( H. Fixed bits, from bit 7 to bit 0 (x varies):
DLE EOT answers 0xx1xx10; ASB first byte 0xx1xx00, three more 0xx0xxxx; GS r 0xx0xxxx; GS ( H answers 0x37 0x22 … 0x00,
DLE DC4 function 8 answers 0x37 0x25 0x00.
"""

from dataclasses import dataclass, field

from printing.transports import PrinterStatus

STATUS_REQUESTS = (1, 2, 3, 4)
"""DLE EOT n: printer, offline cause, error cause, paper sensor."""
_PROCESS_ID_BYTES = 7
_CLEARED = b"\x37\x25\x00"


@dataclass(frozen=True, slots=True)
class RealTime:
    """Answer to a DLE EOT."""

    value: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """An ASB frame: the printer tells of a change by itself."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class PaperSensor:
    """Answer to GS r 1: everything sent before it was processed."""

    value: int


@dataclass(frozen=True, slots=True)
class ProcessDone:
    """Answer to GS ( H function 48: everything sent before this id was processed."""

    process_id: bytes


@dataclass(frozen=True, slots=True)
class Cleared:
    """Answer to DLE DC4 function 8: nothing that was sent before it waits any more."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """A byte that is no answer."""

    value: int


Answer = RealTime | AutoStatus | PaperSensor | ProcessDone | Cleared | Garbage


@dataclass(slots=True)
class AnswerReader:
    """Cuts the stream of bytes from a printer into answers; an unfinished one waits for its rest."""

    _pending: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Answer]:
        """Take more bytes and return the answers that are complete now."""
        self._pending += data
        found: list[Answer] = []
        while self._pending:
            answer, length = self._next()
            if answer is None:
                break
            del self._pending[:length]
            found.append(answer)
        return found

    def _next(self) -> tuple[Answer | None, int]:
        first = self._pending[0]
        if first & 0x93 == 0x12:
            return RealTime(first), 1
        if first & 0x93 == 0x10:
            rest = self._pending[1:4]
            if any(byte & 0x90 for byte in rest):
                return Garbage(first), 1
            return (AutoStatus(bytes(self._pending[:4])), 4) if len(rest) == 3 else (None, 0)
        if first == 0x37 and self._pending[:2] == _CLEARED[:2]:
            if len(self._pending) < len(_CLEARED):
                return None, 0
            return (Cleared(), 3) if self._pending[:3] == _CLEARED else (Garbage(first), 1)
        if first == 0x37:
            head = bytes(self._pending[:_PROCESS_ID_BYTES])
            if head[1:2] not in (b"", b"\x22") or (len(head) == _PROCESS_ID_BYTES and head[-1] != 0):
                return Garbage(first), 1
            if len(head) < _PROCESS_ID_BYTES:
                return None, 0
            return ProcessDone(head[2:6]), _PROCESS_ID_BYTES
        if first in (0x00, 0x03, 0x0C, 0x0F):
            return PaperSensor(first), 1
        return Garbage(first), 1


def status_from_real_time(answers: tuple[int, int, int, int]) -> PrinterStatus:
    """Read the answers to DLE EOT 1, 2, 3 and 4; the fault a person can mend comes first."""
    printer, offline_cause, error_cause, paper = answers
    low = bool(paper & 0x0C)
    if offline_cause & 0x04:
        return PrinterStatus("cover_open", low, "cover_open")
    if paper & 0x60 or offline_cause & 0x20:
        return PrinterStatus("paper_out", low, "paper_out")
    if error_cause & 0x6C or offline_cause & 0x40:
        return PrinterStatus("error", low, "error")
    if printer & 0x08:
        return PrinterStatus("offline", low, "offline")
    return PrinterStatus("ready", low)


def status_from_frame(frame: bytes) -> PrinterStatus:
    """Read an ASB frame in the same way."""
    low = bool(frame[2] & 0x03)
    if frame[0] & 0x20:
        return PrinterStatus("cover_open", low, "cover_open")
    if frame[2] & 0x0C:
        return PrinterStatus("paper_out", low, "paper_out")
    if frame[1] & 0x6C:
        return PrinterStatus("error", low, "error")
    if frame[0] & 0x08:
        return PrinterStatus("offline", low, "offline")
    return PrinterStatus("ready", low)
