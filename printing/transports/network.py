"""A printer on the network (port 9100): ask, send, and believe only its answer after the last byte.

Rule: a job goes out as `ESC @`, ASB on, the job, and a fence (GS r 1, or GS ( H function 48 where the model has it).
Only the fence's answer means printed. Before the first byte every trouble is "not_printed", after it "unknown".
Source: counter.md "Paper"; Epson ESC/POS reference.
"""

import hashlib
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable

from printing.errors import PrinterTrouble
from printing.transports import JobOutcome, PrinterStatus
from printing.transports.status import (
    STATUS_REQUESTS,
    Answer,
    AnswerReader,
    AutoStatus,
    PaperSensor,
    ProcessDone,
    RealTime,
    status_from_frame,
    status_from_real_time,
)

DEFAULT_PORT = 9100
INIT = b"\x1b@"
AUTO_STATUS_ON = b"\x1da\x0f"
ASK_STATUS = b"".join(bytes((0x10, 0x04, number)) for number in STATUS_REQUESTS)
PAPER_FENCE = b"\x1dr\x01"
MAX_PRINT_SECONDS = 60.0
"""A printer that still says it is alive may take this long for one job."""
_CHUNK = 4096
_NO_FENCE_YET = b""
"""No printer's answer carries this id, so that any fence counts as nonsense."""


class NetworkPrinter:
    """One printer by address; each call makes its own connection, so that several tills can share it.

    `timeout_seconds`: how long any one silence may last. `process_id`: the model knows GS ( H function 48.
    """

    def __init__(
        self, host: str, port: int = DEFAULT_PORT, timeout_seconds: float = 2.0, process_id: bool = False
    ) -> None:
        self._address = (host, port)
        self._timeout_seconds = timeout_seconds
        self._process_id = process_id

    def status(self) -> PrinterStatus:
        """Ask DLE EOT 1 to 4; "offline" with a detail when the printer cannot be asked. At most one timeout long."""
        try:
            with _Line(self._address, self._timeout_seconds) as line:
                return line.ask_status()
        except PrinterTrouble as trouble:
            return _status_of(trouble)

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        """Print one job. `on_first_byte` is called just before it leaves; when that raises, nothing has left."""
        try:
            line = _Line(self._address, self._timeout_seconds)
        except PrinterTrouble as trouble:
            return JobOutcome("not_printed", trouble.code)
        with line:
            try:
                before = line.ask_status()
            except PrinterTrouble as trouble:
                return JobOutcome("not_printed", trouble.code)
            if before.state != "ready":
                return JobOutcome("not_printed", before.detail)
            on_first_byte()
            try:
                self._print(line, job, job_id)
            except PrinterTrouble as trouble:
                return JobOutcome("unknown" if line.job_bytes else "not_printed", trouble.code)
        return JobOutcome("printed")

    def _print(self, line: "_Line", job: bytes, job_id: str) -> None:
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


class _Line:
    """One open connection. Every trouble on it is a `PrinterTrouble`; `job_bytes` counts what left of the job."""

    def __init__(self, address: tuple[str, int], timeout_seconds: float) -> None:
        self.job_bytes = 0
        self._timeout_seconds = timeout_seconds
        self._answer_until = time.monotonic() + timeout_seconds
        """Until here a connection and the first answers must be there."""
        self._reader = AnswerReader()
        self._answers: deque[Answer] = deque()
        try:
            self._socket = socket.create_connection(address, timeout=timeout_seconds)
        except OSError as error:
            raise PrinterTrouble("unreachable") from error
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        self._socket.close()

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

    def _write(self, data: bytes, *, counted: bool) -> None:
        """Send all of `data`, listening meanwhile; trouble when nothing moves for a timeout."""
        view = memoryview(data)
        until = time.monotonic() + self._timeout_seconds
        while view:
            self._selector.modify(self._socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
            events = self._selector.select(max(0.0, until - time.monotonic()))
            if not events:
                raise PrinterTrouble("stalled")
            if events[0][1] & selectors.EVENT_READ:
                self._receive()
            while counted and self._answers:
                _is_fence(self._answers.popleft(), _NO_FENCE_YET)
            if events[0][1] & selectors.EVENT_WRITE:
                sent = self._send_some(view[:_CHUNK])
                self.job_bytes += sent if counted else 0
                view = view[sent:]
                until = time.monotonic() + self._timeout_seconds
        self._selector.modify(self._socket, selectors.EVENT_READ)

    def _next_answer(self, until: float) -> Answer | None:
        """Return the next answer, or None when `until` (monotonic) comes first."""
        while not self._answers:
            if not self._selector.select(max(0.0, until - time.monotonic())):
                return None
            self._receive()
        return self._answers.popleft()

    def _send_some(self, data: memoryview) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error

    def _receive(self) -> None:
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            raise PrinterTrouble("connection_lost") from error
        if not data:
            raise PrinterTrouble("connection_lost")
        self._answers.extend(self._reader.feed(data))


def _is_fence(answer: Answer, process_id: bytes | None) -> bool:
    """Say whether this answers our fence; trouble when it tells of a fault or makes no sense."""
    match answer:
        case RealTime():
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
