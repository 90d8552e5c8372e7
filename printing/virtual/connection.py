"""One host's connection to the virtual printer: its questions, its job, its end.

Rule: DLE EOT and DLE DC4 function 8 are obeyed when they arrive, whatever else waits; everything else in order, and
only while there is paper and the cover is closed.
"""

import logging
import re
import select
import socket
import struct
import threading
import time
from contextlib import suppress

from printing.errors import PrinterTrouble
from printing.virtual.faults import Condition
from printing.virtual.interpreter import AnswerWanted, AutoStatusSet, Cut, DrawerKicked, Event, Interpreter
from printing.virtual.jobs import JobFolder

_log = logging.getLogger(__name__)
TICK_SECONDS = 0.02
MAX_BUFFER_BYTES = 256 * 1024
"""A printer that cannot print stops reading here, as a real one does when its memory is full."""
_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_AT_ONCE = re.compile(rb"\x10\x04([\x01-\x04])|" + re.escape(_CLEAR))
_CLEARED = b"\x37\x25\x00"


class HungUp(Exception):
    """The host is gone."""


def receive(connection: socket.socket) -> bytes | None:
    """Return what arrived, b"" at the end of the connection, None when nothing came for a tick."""
    try:
        ready, _, _ = select.select([connection], [], [], TICK_SECONDS)
        return connection.recv(65536) if ready else None
    except OSError:
        return b""


class Connection:
    """Serves one socket until either side ends it."""

    def __init__(
        self,
        host: socket.socket,
        condition: Condition,
        jobs: JobFolder,
        interpreter: Interpreter,
        stopping: threading.Event,
    ) -> None:
        self._host = host
        self._condition = condition
        self._jobs = jobs
        self._interpreter = interpreter
        self._stopping = stopping
        self._cuts = condition.cuts
        self._buffer = bytearray()
        self._heard = b""
        self._processed = bytearray()
        self._processed_from = 0
        self._waits = False
        """A fault stopped a job half way. A host that gives up meanwhile takes the rest of its job with it."""
        self._kicks = 0
        self._began = time.monotonic()
        self._told_frame: bytes | None = None
        """The last ASB frame sent, None while ASB is off."""

    def serve(self) -> None:
        """Work until the host hangs up, a fault cuts the line or the printer stops."""
        try:
            with self._host, suppress(HungUp):
                while not self._stopping.is_set() and not self._is_cut():
                    self._listen()
                    while self._condition.is_stalled and not self._stopping.is_set():
                        time.sleep(TICK_SECONDS)
                    self._answer_questions()
                    self._work()
                    self._tell_changes()
            self._keep_unfinished()
        except PrinterTrouble as trouble:
            _log.error("a job could not be kept: %s", trouble.code)

    def _is_cut(self) -> bool:
        if not self._condition.alive:
            self._host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return not self._condition.alive or self._condition.cuts != self._cuts

    def _listen(self) -> None:
        if len(self._buffer) >= MAX_BUFFER_BYTES:
            time.sleep(TICK_SECONDS)
            return
        data = receive(self._host)
        if data == b"":
            raise HungUp
        self._heard += data or b""

    def _answer_questions(self) -> None:
        """Obey at once what wants it, wherever it stands. Between jobs it is no byte of a job and ends here."""
        data, self._heard = self._heard, b""
        if not self._buffer and self._interpreter.at_boundary:
            while match := _AT_ONCE.match(data):
                self._obey(match)
                data = data[match.end() :]
            if data and (_CLEAR.startswith(data) or data == b"\x10\x04"):
                self._heard = data
                return
        seen = bytes(self._buffer[1 - len(_CLEAR) :])
        taken = 0
        for match in _AT_ONCE.finditer(seen + data):
            if match.end() > len(seen) and self._obey(match):
                taken = match.end() - len(seen)
        self._buffer += data[taken:]

    def _obey(self, match: re.Match[bytes]) -> bool:
        """Answer a question, or throw away what waits: True."""
        if match[1]:
            self._send(self._condition.real_time_answer(match[1][0]))
            return False
        self._buffer.clear()
        self._interpreter.forget()
        self._waits = False
        self._send(_CLEARED)
        return True

    def _work(self) -> None:
        """Carry out what is in the buffer, up to the next planned fault."""
        if self._buffer and not self._is_cut():
            events: list[Event] = []

            def process(count: int) -> None:
                if self._waits and count and self._host_is_gone():
                    raise HungUp
                self._processed += self._buffer[:count]
                events.extend(self._interpreter.feed(bytes(self._buffer[:count])))
                del self._buffer[:count]

            available = len(self._buffer)
            self._waits = self._condition.take(available, process) < available
            for event in events:
                self._notice(event)

    def _host_is_gone(self) -> bool:
        try:
            ready, _, _ = select.select([self._host], [], [], 0)
            return bool(ready) and not self._host.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _notice(self, event: Event) -> None:
        match event:
            case AutoStatusSet(enabled):
                self._told_frame = b"" if enabled else None
            case DrawerKicked():
                self._kicks += 1
            case AnswerWanted("process_id", process_id):
                self._send(b"\x37\x22" + process_id + b"\x00")
            case AnswerWanted("drawer"):
                self._send(b"\x00")
            case AnswerWanted():
                self._send(self._condition.paper_sensor_answer())
            case Cut():
                length = event.at - self._processed_from
                self._jobs.keep(event.picture, bytes(self._processed[:length]), self._told(event.mode, event.text))
                del self._processed[:length]
                self._processed_from = event.at
                self._kicks = 0

    def _tell_changes(self) -> None:
        if self._told_frame is not None:
            frame = self._condition.auto_status_frame()
            if frame != self._told_frame:
                self._told_frame = frame
                self._send(frame)

    def _send(self, data: bytes) -> None:
        try:
            self._host.sendall(data)
        except OSError as error:
            raise HungUp from error

    def _keep_unfinished(self) -> None:
        """Paper that was printed on but never cut is still paper."""
        if self._kicks or not self._interpreter.roll.is_blank:
            picture, text = self._interpreter.roll.take()
            self._jobs.keep(picture, bytes(self._processed), self._told(None, text))

    def _told(self, cut: str | None, text: str) -> dict[str, object]:
        return {
            "complete": cut is not None,
            "cut": cut,
            "drawer_kicks": self._kicks,
            "text": text,
            "unknown": list(self._interpreter.unknown),
            "seconds": round(time.monotonic() - self._began, 3),
        }
