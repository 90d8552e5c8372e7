"""USB and serial printers at a real device, under every fault: what they say became of a job is what became of it."""

import errno
import os
import pty
import re
import stat
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printing.transports import JobOutcome, PrinterStatus
from printing.transports.conversation import ASK_STATUS, CLEAR, FILL, INIT, PAPER_FENCE, TEAR_OFF, TwoWayPrinter
from printing.transports.serial_port import SerialPrinter
from printing.transports.usb import UsbPrinter
from printing.virtual.server import VirtualPrinter
from tests.printing.transports.cable import Cable

JOB = b"\x1b@\x1dP\xcb\xcbvoucher\n\x1bd\x06\x1dV\x01"
SENT = b"\x1b@\x1da\x0f" + JOB[2:] + b"\x1dr\x01"
PICTURE = b"\x1b@\x1dv0\x00\x48\x00\x80\x00" + b"\x55" * (72 * 128) + b"\x1dV\x01"
SILENCE_SECONDS = 0.5
Make = Callable[[Path], TwoWayPrinter]
pytestmark = pytest.mark.req("C11")


def usb(device: Path, timeout_seconds: float = SILENCE_SECONDS) -> TwoWayPrinter:
    return UsbPrinter(device, timeout_seconds)


def serial(device: Path, timeout_seconds: float = SILENCE_SECONDS) -> TwoWayPrinter:
    return SerialPrinter(str(device), 115_200, timeout_seconds=timeout_seconds)


WAYS = pytest.mark.parametrize("way", [usb, serial])


@pytest.fixture
def device(printer: VirtualPrinter, tmp_path: Path) -> Iterator[Path]:
    cable = Cable(printer, tmp_path / "device")
    yield cable.device
    cable.stop()


def send(printer: TwoWayPrinter, job: bytes = JOB) -> tuple[JobOutcome, list[str]]:
    told: list[str] = []
    return printer.send(job, "job-1", lambda: told.append("first byte")), told


def papers(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / "paper").glob("*.bin"))]


def until_ready(printer: TwoWayPrinter) -> None:
    until = time.monotonic() + 10
    while printer.status().state != "ready":
        assert time.monotonic() < until, printer.status()
        time.sleep(0.01)


@WAYS
@pytest.mark.req("C06")
def test_a_job_is_printed_once_and_the_queue_hears_of_it_first(way: Make, device: Path, tmp_path: Path) -> None:
    found = way(device)
    assert found.status() == PrinterStatus("ready")
    assert send(found) == (JobOutcome("printed"), ["first byte"])
    assert send(found, PICTURE)[0] == JobOutcome("printed")
    assert [JOB[2:] in papers(tmp_path)[0], PICTURE[2:] in papers(tmp_path)[1], len(papers(tmp_path))] == [
        True,
        True,
        2,
    ]


@WAYS
@pytest.mark.parametrize(("command", "state"), [("paper out", "paper_out"), ("cover open", "cover_open")])
def test_a_printer_that_cannot_print_gets_no_byte(
    way: Make, printer: VirtualPrinter, device: Path, tmp_path: Path, command: str, state: str
) -> None:
    printer.command(command)
    found = way(device)
    assert found.status().state == state
    assert send(found) == (JobOutcome("not_printed", state), [])
    printer.command("ok")
    assert send(found)[0] == JobOutcome("printed")
    assert len(papers(tmp_path)) == 1


@WAYS
@pytest.mark.parametrize("command", ["paper out", "cover open"])
def test_a_slip_that_broke_off_never_comes_out_later(
    way: Make, printer: VirtualPrinter, device: Path, tmp_path: Path, command: str
) -> None:
    """On a cable the printer still holds the rest; it is thrown away, and what is on paper is cut off."""
    found = way(device)
    for count in (6, 20, 100, 5000, len(PICTURE)):
        printer.command(f"{command} after {count} bytes")
        assert send(found, PICTURE)[0] == JobOutcome("unknown", command.replace(" ", "_")), count
        printer.command("ok")
        assert found.status() == PrinterStatus("ready")
        assert send(found)[0] == JobOutcome("printed")
    assert not any(PICTURE[2:] in paper for paper in papers(tmp_path))
    assert [JOB[2:] in paper for paper in papers(tmp_path)] == [False, True] * 5


@WAYS
def test_a_till_that_died_half_way_spoils_nothing_for_the_next(
    way: Make, printer: VirtualPrinter, device: Path, tmp_path: Path
) -> None:
    file = os.open(device, os.O_RDWR | os.O_NOCTTY)
    os.write(file, PICTURE[:3000])
    os.close(file)
    assert send(way(device))[0] == JobOutcome("printed")
    assert JOB[2:] in papers(tmp_path)[0]


@WAYS
@pytest.mark.parametrize("end", ["cut", "die"])
def test_a_cable_pulled_at_any_byte_is_never_called_printed(
    way: Make, printer: VirtualPrinter, device: Path, end: str
) -> None:
    found = way(device)
    for count in (0, 1, 7, len(SENT) - 4, len(SENT) - 1):
        until_ready(found)
        printer.command(f"{end} after {count} bytes")
        outcome, _ = send(found)
        assert outcome == JobOutcome("unknown", "connection_lost"), count
        printer.command("ok")
    until_ready(found)
    assert send(found)[0] == JobOutcome("printed")


@WAYS
def test_a_stalled_printer_is_given_up(way: Make, printer: VirtualPrinter, device: Path, tmp_path: Path) -> None:
    found = way(device)
    until_ready(found)
    printer.command("stall 30")
    assert found.status() == PrinterStatus("offline", detail="no_answer")
    assert send(found) == (JobOutcome("not_printed", "no_answer"), [])
    printer.command("ok")
    until_ready(found)
    outcome = found.send(PICTURE, "job-1", lambda: (printer.command("stall 30"), None)[1])
    assert (outcome.state, outcome.fault) in (("unknown", "no_answer"), ("unknown", "stalled"))
    printer.command("ok")
    until_ready(found)
    assert send(found)[0] == JobOutcome("printed")
    assert JOB[2:] in papers(tmp_path)[-1]


@WAYS
def test_what_cannot_be_opened_says_why(way: Make, tmp_path: Path) -> None:
    assert way(tmp_path / "none").status() == PrinterStatus("offline", detail="device_missing")
    assert send(way(tmp_path / "none")) == (JobOutcome("not_printed", "device_missing"), [])
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert way(plain).status().state in ("offline", "error")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
@WAYS
def test_a_device_that_is_not_ours_is_denied(way: Make, device: Path) -> None:
    target = device.resolve()
    target.chmod(0)
    try:
        assert way(device).status() == PrinterStatus("offline", detail="device_denied")
    finally:
        target.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_a_serial_port_that_another_program_holds_is_busy(device: Path) -> None:
    import serial as pyserial  # noqa: PLC0415 - the parameter of the other tests has its name

    with pyserial.Serial(str(device), exclusive=True):
        assert serial(device).status() == PrinterStatus("offline", detail="device_busy")


def test_a_serial_cable_pulled_while_the_port_opens(device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise termios.error(errno.EIO, "Input/output error")

    with monkeypatch.context() as pulled:
        pulled.setattr(termios, "tcflush", gone)
        assert serial(device).status() == PrinterStatus("offline", detail="connection_lost")
        assert send(serial(device)) == (JobOutcome("not_printed", "connection_lost"), [])
    assert serial(device).status().state == "ready"


_QUESTION = re.compile(re.escape(ASK_STATUS) + b"|" + re.escape(PAPER_FENCE))


class Plain:
    """A printer without DLE DC4 8, at the other end of a pseudo-terminal; keeps what it received."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.device = Path(os.ttyname(self._slave))
        self.received = b""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        heard = b""
        while (data := os.read(self._master, 4096)) != b"!":
            self.received += data
            heard += data
            for question in _QUESTION.findall(heard):
                os.write(self._master, b"\x12\x12\x12\x12" if question == ASK_STATUS else b"\x00")
            *_, heard = _QUESTION.split(heard)

    def stop(self) -> None:
        os.write(self._slave, b"!")
        self._thread.join(10)
        os.close(self._master)
        os.close(self._slave)


def test_a_printer_that_cannot_throw_away_is_filled_up_instead() -> None:
    plain = Plain()
    try:
        assert send(usb(plain.device))[0] == JobOutcome("printed")
        before = plain.received.replace(ASK_STATUS, b"")
        assert before == CLEAR + FILL + INIT + PAPER_FENCE + SENT
        assert TEAR_OFF not in plain.received, "no slip was broken by this till"
    finally:
        plain.stop()
