"""Talk with a printer that answers, over any pipe of bytes: ask, send, and believe only its answer after the last byte.

Rule: a job goes out as `ESC @`, ASB on, the job, and a fence (GS r 1, or GS ( H function 48 where the model has it).
Only the fence's answer means printed. Before the first byte every trouble is "not_printed", after it "unknown".
A cable remembers what a connection forgets: half a picture, answers that nobody took. Whatever a broken job left in the
printer is thrown away (DLE DC4 8) before the next one begins, so that a late fence never speaks for another slip.
Source: counter.md "Paper"; Epson ESC/POS reference.
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from printing.errors import PrinterTrouble
from printing.transports import JobOutcome, PrinterStatus
from printing.transports.status import (
    STATUS_REQUESTS,
    Answer,
    AnswerReader,
    AutoStatus,
    Cleared,
    PaperSensor,
    ProcessDone,
    RealTime,
    status_from_frame,
    status_from_real_time,
)

INIT = b"\x1b@"
AUTO_STATUS_ON = b"\x1da\x0f"
ASK_STATUS = b"".join(bytes((0x10, 0x04, number)) for number in STATUS_REQUESTS)
PAPER_FENCE = b"\x1dr\x01"
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4, function 8: throw away what was received and not printed; answered with 37 25 00."""
TEAR_OFF = INIT + b"\x1dV\x42\x00"
"""Feed half a slip to the knife and cut it off, so that it does not hang on the next one."""
FILL = bytes(72 * 128 + 16)
"""Blank dots that complete any picture we send, for models without DLE DC4 8; between commands they mean nothing."""
MAX_PRINT_SECONDS = 60.0
"""A printer that still says it is alive may take this long for one job."""
CHUNK = 4096
_NO_FENCE_YET = b""
"""No printer's answer carries this id, so that any fence counts as nonsense."""
_UNHEARD = frozenset({"connection_lost", "stalled"})
"""After these a printer hears nothing more for now."""


class Pipe(Protocol):
    """Bytes to one printer and back. Every trouble is a `PrinterTrouble`, also of the call that opens it.

    `remembers`: what one conversation left behind is met by the next, as on a cable.
    """

    remembers: bool

    def wait(self, sending: bool, seconds: float) -> tuple[bool, bool]:
        """Return whether something can be received, and sent when `sending`; both False after `seconds`."""

    def send(self, data: memoryview) -> int:
        """Send some of it; returns how much. Trouble `stalled`: some may have left and the rest does not."""

    def receive(self) -> bytes:
        """Return what arrived, b"" when it was nothing."""

    def close(self) -> None:
        """Let go; what waits to be sent is dropped."""


class TwoWayPrinter:
    """One printer that answers; each call opens the pipe anew, so that others can use it in between.

    `open_pipe` gets `timeout_seconds`: how long any one silence may last. `process_id`: the model knows GS ( H
    function 48.
    """

    def __init__(
        self, open_pipe: Callable[[float], Pipe], timeout_seconds: float = 2.0, process_id: bool = False
    ) -> None:
        self._open_pipe = open_pipe
        self._timeout_seconds = timeout_seconds
        self._process_id = process_id
        self._leftovers = True
        """Something of an earlier job may be in the printer: a till that died leaves no note."""
        self._half_slip = False

    def status(self) -> PrinterStatus:
        """Ask DLE EOT 1 to 4; "offline" with a detail when the printer cannot be asked. At most one timeout long.

        Longer once after a broken job on a cable: the printer forgets it first.
        """
        try:
            with Line(self._open_pipe, self._timeout_seconds) as line:
                status = line.ask_status()
                if status.state == "ready":
                    self._tidy(line)
                return status
        except PrinterTrouble as trouble:
            return _status_of(trouble)

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        """Print one job. `on_first_byte` is called just before it leaves; when that raises, nothing has left."""
        try:
            line = Line(self._open_pipe, self._timeout_seconds)
        except PrinterTrouble as trouble:
            return JobOutcome("not_printed", trouble.code)
        with line:
            try:
                before = line.ask_status()
                if before.state != "ready":
                    return JobOutcome("not_printed", before.detail)
                self._tidy(line)
            except PrinterTrouble as trouble:
                return JobOutcome("not_printed", trouble.code)
            on_first_byte()
            try:
                self._print(line, job, job_id)
            except PrinterTrouble as trouble:
                self._give_up(line, trouble)
                return JobOutcome("unknown" if line.job_bytes else "not_printed", trouble.code)
        return JobOutcome("printed")

    def _tidy(self, line: "Line") -> None:
        """Make the printer forget what an earlier job left in it."""
        if line.remembers and self._leftovers:
            if not line.clear():
                line.outlast()
            self._leftovers = False
        if self._half_slip:
            line.tear_off()
            self._half_slip = False

    def _give_up(self, line: "Line", trouble: PrinterTrouble) -> None:
        """Take back what is not on paper yet: a slip that somebody may print again must not come out later."""
        if not line.remembers or not line.job_bytes:
            return
        self._leftovers = self._half_slip = True
        if trouble.code not in _UNHEARD:
            with suppress(PrinterTrouble):
                self._leftovers = not line.clear()

    def _print(self, line: "Line", job: bytes, job_id: str) -> None:
        process_id = process_id_of(job_id)
        fence = b"\x1d(H\x06\x00\x30\x30" + process_id if self._process_id else PAPER_FENCE
        line.send_job(INIT + AUTO_STATUS_ON + job.removeprefix(INIT) + fence)
        line.await_fence(process_id if self._process_id else None)


def process_id_of(job_id: str) -> bytes:
    """Return the four printable bytes by which GS ( H names a job."""
    digest = hashlib.sha256(job_id.encode()).digest()
    return bytes(0x21 + byte % 0x5E for byte in digest[:4])


def _status_of(trouble: PrinterTrouble) -> PrinterStatus:
    return PrinterStatus("error" if trouble.code == "answer_invalid" else "offline", detail=trouble.code)


class Line:
    """One open pipe. Every trouble on it is a `PrinterTrouble`; `job_bytes` counts what left of the job."""

    def __init__(self, open_pipe: Callable[[float], Pipe], timeout_seconds: float) -> None:
        self.job_bytes = 0
        self._timeout_seconds = timeout_seconds
        self._answer_until = time.monotonic() + timeout_seconds
        """Until here a connection and the first answers must be there."""
        self._reader = AnswerReader()
        self._answers: deque[Answer] = deque()
        self._pipe = open_pipe(timeout_seconds)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()

    @property
    def remembers(self) -> bool:
        """Whether a later conversation meets what this one leaves behind."""
        return self._pipe.remembers

    def ask_status(self) -> PrinterStatus:
        """Ask all four questions and wait for all four answers; frames sent unasked in between are passed over."""
        self._write(ASK_STATUS, counted=False)
        values: list[int] = []
        while len(values) < len(STATUS_REQUESTS):
            answer = self._next_answer(self._answer_until)
            if answer is None:
                raise PrinterTrouble("no_answer")
            if isinstance(answer, RealTime):
                values.append(answer.value)
            elif not isinstance(answer, AutoStatus):
                raise PrinterTrouble("answer_invalid")
        return status_from_real_time((values[0], values[1], values[2], values[3]))

    def send_job(self, data: bytes) -> None:
        """Send all bytes; a fault that the printer tells of meanwhile stops the job."""
        self._write(data, counted=True)

    def await_fence(self, process_id: bytes | None) -> None:
        """Wait until the printer has processed everything; after half a timeout of silence ask whether it lives."""
        give_up = time.monotonic() + MAX_PRINT_SECONDS
        alive: list[int] | None = None
        while time.monotonic() < give_up:
            answer = self._next_answer(time.monotonic() + self._timeout_seconds / 2)
            if answer is None:
                if alive is not None:
                    raise PrinterTrouble("no_answer")
                self._write(ASK_STATUS, counted=False)
                alive = []
            elif isinstance(answer, RealTime) and alive is not None:
                alive.append(answer.value)
                if len(alive) == len(STATUS_REQUESTS):
                    _raise_unless_ready(status_from_real_time((alive[0], alive[1], alive[2], alive[3])))
                    alive = None
            elif _is_fence(answer, process_id):
                return
        raise PrinterTrouble("stalled")

    def clear(self) -> bool:
        """Let the printer throw away what it holds; False when it does not say so within half a timeout."""
        self._write(CLEAR, counted=False)
        until = time.monotonic() + self._timeout_seconds / 2
        while (answer := self._next_answer(until)) is not None:
            if isinstance(answer, Cleared):
                return True
        return False

    def outlast(self) -> None:
        """Complete a picture that broke off, and wait until the printer has no fence left to tell of."""
        self._write(FILL + INIT + PAPER_FENCE, counted=False)
        self.await_fence(None)
        while self._next_answer(time.monotonic() + self._timeout_seconds / 2) is not None:
            pass

    def tear_off(self) -> None:
        """Cut off what a broken slip left on the paper."""
        self._write(TEAR_OFF + PAPER_FENCE, counted=False)
        self.await_fence(None)

    def _write(self, data: bytes, *, counted: bool) -> None:
        """Send all of `data`, listening meanwhile; trouble when nothing moves for a timeout."""
        view = memoryview(data)
        until = time.monotonic() + self._timeout_seconds
        while view:
            can_receive, can_send = self._pipe.wait(True, max(0.0, until - time.monotonic()))
            if not can_receive and not can_send:
                raise PrinterTrouble("stalled")
            if can_receive:
                self._receive()
            while counted and self._answers:
                _is_fence(self._answers.popleft(), _NO_FENCE_YET)
            if can_send:
                sent = self._send_some(view[:CHUNK], counted)
                view = view[sent:]
                until = time.monotonic() + self._timeout_seconds

    def _next_answer(self, until: float) -> Answer | None:
        """Return the next answer, or None when `until` (monotonic) comes first."""
        while not self._answers:
            seconds = until - time.monotonic()
            can_receive, _ = self._pipe.wait(False, max(0.0, seconds))
            if can_receive:
                self._receive()
            if not self._answers and (seconds <= 0 or not can_receive):
                return None
        return self._answers.popleft()

    def _send_some(self, data: memoryview, counted: bool) -> int:
        try:
            sent = self._pipe.send(data)
        except PrinterTrouble as trouble:
            self.job_bytes += counted and trouble.code == "stalled"
            raise
        self.job_bytes += sent if counted else 0
        return sent

    def _receive(self) -> None:
        self._answers.extend(self._reader.feed(self._pipe.receive()))


def _is_fence(answer: Answer, process_id: bytes | None) -> bool:
    """Say whether this answers our fence; trouble when it tells of a fault or makes no sense."""
    match answer:
        case RealTime() | Cleared():
            return False
        case AutoStatus(frame):
            _raise_unless_ready(status_from_frame(frame))
            return False
        case PaperSensor(value) if process_id is None:
            if value & 0x0C:
                raise PrinterTrouble("paper_out")
            return True
        case ProcessDone(found) if found == process_id:
            return True
        case _:
            raise PrinterTrouble("answer_invalid")


def _raise_unless_ready(status: PrinterStatus) -> None:
    if status.detail:
        raise PrinterTrouble(status.detail)
