"""A scanner on a real serial line (a pseudo terminal): nothing lost, nothing split, nothing half read believed."""

import errno
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_app.devices.errors import PortFault, PortTrouble
from pos_app.devices.scans import Scan, ScanFilter, ScanSource
from pos_app.devices.serial_scanner import (
    MAX_BYTES,
    CodeReader,
    PortState,
    SerialFault,
    SerialScanner,
    SystemPort,
    list_ports,
)
from tests.pos_app.devices.serial_line import Line

pytestmark = [pytest.mark.req("C11"), pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo terminal")]
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%"


class Heard:
    """What the scanner told, and a wait for it that names what is missing."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.scans: list[Scan] = []
        self.faults: list[SerialFault] = []
        self.states: list[PortState] = []
        self._news = threading.Condition()

    def scan(self, scan: Scan) -> None:
        with self._news:
            self.scans.append(scan)
            self.texts.append(scan.text)
            self._news.notify_all()

    def fault(self, fault: SerialFault) -> None:
        with self._news:
            self.faults.append(fault)
            self._news.notify_all()

    def state(self, state: PortState) -> None:
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def until(self, true: Callable[[], bool]) -> None:
        with self._news:
            heard = self._news.wait_for(true, 20)
        assert heard, (self.texts[-5:], self.faults, self.states)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path)
    yield made
    made.unplug()


@pytest.fixture
def heard() -> Heard:
    return Heard()


Listen = Callable[..., SerialScanner]


@pytest.fixture
def listen(line: Line, heard: Heard) -> Iterator[Listen]:
    """Start a scanner on the line; `repeat_seconds`, `gap_seconds` and `retry_seconds` as given."""
    running: list[SerialScanner] = []

    def start(repeat_seconds: float = 0.0, gap_seconds: float = 0.05) -> SerialScanner:
        made = SerialScanner(
            lambda: SystemPort(str(line.path), gap_seconds=gap_seconds),
            ScanFilter(lambda _text: False, repeat_seconds),
            heard.scan,
            heard.fault,
            heard.state,
            retry_seconds=0.02,
        )
        running.append(made)
        made.start()
        heard.until(lambda: PortState.LIVE in heard.states)
        return made

    yield start
    for one in running:
        assert one.stop()


def codes(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"1{number:04d}" + "".join(rng.choices(ALPHABET, k=rng.randint(4, 60))) for number in range(count)]


def test_a_thousand_scans_none_lost_none_split(line: Line, heard: Heard, listen: Listen) -> None:
    """In chunks that know nothing of where a code ends, with each of the ends a scanner may send."""
    listen()
    wanted, rng = codes(1000, 11), random.Random(12)
    data = b"".join(code.encode() + rng.choice([b"\r", b"\n", b"\r\n", b"\t"]) for code in wanted)
    while data:
        cut = rng.randint(1, 90)
        line.send(data[:cut])
        data = data[cut:]
    heard.until(lambda: len(heard.texts) >= 1000)
    assert heard.texts == wanted
    assert heard.faults == []
    assert {(scan.source, scan.is_linear) for scan in heard.scans} == {(ScanSource.SERIAL, False)}


def test_silence_ends_a_code(line: Line, heard: Heard, listen: Listen) -> None:
    listen()
    for number, code in enumerate(codes(5, 3), 1):
        line.send(code.encode())
        heard.until(lambda count=number: len(heard.texts) == count)  # type: ignore[misc]
    assert heard.texts == codes(5, 3)


def test_slow_bytes_are_one_code(line: Line, heard: Heard, listen: Listen) -> None:
    listen(gap_seconds=2.0)
    for byte in b"1SLOWCODE\r":
        line.send(bytes([byte]))
        time.sleep(0.002)
    heard.until(lambda: heard.texts == ["1SLOWCODE"])


def test_two_codes_in_one_write_and_the_same_code_twice(line: Line, heard: Heard, listen: Listen) -> None:
    listen(repeat_seconds=60.0)
    line.send(b"1ABC\r\n1DEF\r\n1ABC\r\n1GHI\r")
    heard.until(lambda: len(heard.texts) == 3)
    assert heard.texts == ["1ABC", "1DEF", "1GHI"]


def test_what_is_no_text_is_refused_and_the_next_code_is_read(line: Line, heard: Heard, listen: Listen) -> None:
    listen()
    line.send(b"\xff\xfe\x80garbage\r" + b"A\x00B\r" + b"\xc3\r" + b"1GOOD\r")
    heard.until(lambda: heard.texts == ["1GOOD"])
    assert heard.faults == [SerialFault.NOT_TEXT] * 3


def test_a_line_without_end_is_refused_once_and_costs_no_memory(line: Line, heard: Heard, listen: Listen) -> None:
    listen()
    for _ in range(100):
        line.send(b"A" * MAX_BYTES)
    line.send(b"\r1GOOD\r")
    heard.until(lambda: heard.texts == ["1GOOD"])
    assert heard.faults == [SerialFault.TOO_LONG]


def test_a_port_that_vanishes_and_returns(line: Line, heard: Heard, listen: Listen) -> None:
    """What was half sent when it went is not put before what comes afterwards."""
    scanner = listen(gap_seconds=2.0)
    line.send(b"1BEFORE\r1HA")
    heard.until(lambda: heard.texts == ["1BEFORE"])
    line.unplug()
    heard.until(lambda: heard.states[-1] is PortState.LOST)
    line.plug()
    heard.until(lambda: heard.states[-1] is PortState.LIVE)
    line.send(b"1AFTER\r")
    heard.until(lambda: heard.texts == ["1BEFORE", "1AFTER"])
    assert scanner.stop()
    assert heard.states == [PortState.STARTING, PortState.LIVE, PortState.LOST, PortState.LIVE, PortState.NONE]
    assert scanner.stop()


def test_a_port_that_is_not_there_yet(line: Line, heard: Heard) -> None:
    line.unplug()
    with pytest.raises(PortTrouble):
        SystemPort(str(line.path))
    scanner = SerialScanner(
        lambda: SystemPort(str(line.path)),
        ScanFilter(lambda _text: False),
        heard.scan,
        on_state=heard.state,
        retry_seconds=0.02,
    )
    scanner.start()
    heard.until(lambda: heard.states[-1:] == [PortState.LOST])
    line.plug()
    heard.until(lambda: heard.states[-1] is PortState.LIVE)
    assert scanner.stop()


def test_a_cable_pulled_while_the_port_opens_ends_nothing(
    line: Line, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    import termios  # noqa: PLC0415 - not on Windows

    def gone(*_: object) -> None:
        raise termios.error(errno.EIO, "Input/output error")

    scanner = SerialScanner(
        lambda: SystemPort(str(line.path)),
        ScanFilter(lambda _text: False, 0.0),
        heard.scan,
        on_state=heard.state,
        retry_seconds=0.02,
    )
    with monkeypatch.context() as pulled:
        pulled.setattr(termios, "tcflush", gone)
        scanner.start()
        heard.until(lambda: PortState.LOST in heard.states or PortState.NONE in heard.states)
    heard.until(lambda: heard.states[-1] in (PortState.LIVE, PortState.NONE))
    assert scanner.stop()
    assert heard.states == [PortState.STARTING, PortState.LOST, PortState.LIVE, PortState.NONE]


def test_why_a_port_cannot_be_opened_is_told(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    first = SystemPort(str(line.path))
    with pytest.raises(PortTrouble) as busy:
        SystemPort(str(line.path))
    first.close()
    with pytest.raises(PortTrouble) as missing:
        SystemPort(str(line.path.with_name("nothing")))
    monkeypatch.setattr(os, "open", _denied)
    with pytest.raises(PortTrouble) as denied:
        SystemPort(str(line.path))
    told = [one.value.fault for one in (busy, missing, denied)]
    assert told == [PortFault.BUSY, PortFault.LOST, PortFault.DENIED]


def _denied(path: str, *_more: object) -> int:
    raise PermissionError(errno.EACCES, "denied", path)


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ("ñandú 年卡\r".encode(), ["ñandú 年卡"]),
        (b"\x021ABC\x03\r\n", ["1ABC"]),
        (b"\r\n\t\r  \r", []),
        (b"1A\x1dB\r", [SerialFault.NOT_TEXT]),
        ("年卡".encode("gb18030") + b"\r", [SerialFault.NOT_TEXT]),
        ("a\ufffdb\r".encode(), [SerialFault.NOT_TEXT]),
        (b"A" * MAX_BYTES + b"\r", ["A" * MAX_BYTES]),
        (b"A" * (MAX_BYTES + 1) + b"\r1B\r", [SerialFault.TOO_LONG, "1B"]),
    ],
)
def test_the_cut_into_codes_does_not_depend_on_how_bytes_arrive(data: bytes, read: list[str | SerialFault]) -> None:
    for size in (1, 2, 7, len(data)):
        reader = CodeReader()
        found = [one for at in range(0, len(data), size) for one in reader.feed(data[at : at + size])]
        assert [*found, *reader.pause()] == read


def test_ports_have_names_that_can_be_shown() -> None:
    for port in list_ports():
        assert port.device
        assert port.name.isprintable()
