"""One-way printers: a whole file or none."""

from pathlib import Path

import pytest

from printing.transports import JobOutcome, Printer, PrinterStatus, open_printer, serial_address, serial_parts
from printing.transports.file import FilePrinter
from printing.transports.network import NetworkPrinter
from printing.transports.serial_port import SerialPrinter
from printing.transports.spooler import SpoolerPrinter
from printing.transports.usb import UsbPrinter


def test_a_job_becomes_a_whole_file(tmp_path: Path) -> None:
    seen: list[int] = []
    outcome = FilePrinter(tmp_path).send(
        b"\x1b@job", "VR.SZ1T03.000012", lambda: seen.append(len(list(tmp_path.iterdir())))
    )
    assert outcome == JobOutcome("handed_over")
    assert seen == [0]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"VR.SZ1T03.000012.bin": b"\x1b@job"}


def test_a_folder_that_is_gone_is_a_fault_and_nothing_was_printed(tmp_path: Path) -> None:
    printer = FilePrinter(tmp_path / "gone")
    assert printer.status() == PrinterStatus("error", detail="disk")
    assert printer.send(b"x", "job", lambda: None) == JobOutcome("not_printed", "disk")
    assert FilePrinter(tmp_path).status() == PrinterStatus("ready")


@pytest.mark.parametrize("job_id", ["../job", "", "a/b", ".hidden", "x" * 200, "a\x00"])
def test_a_job_id_never_leaves_the_folder(tmp_path: Path, job_id: str) -> None:
    with pytest.raises(ValueError, match="no file name"):
        FilePrinter(tmp_path).send(b"x", job_id, lambda: None)


def test_when_the_queue_cannot_note_the_start_nothing_is_written(tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("journal is full")

    with pytest.raises(RuntimeError):
        FilePrinter(tmp_path).send(b"x", "job", fail)
    assert list(tmp_path.iterdir()) == []


def test_addresses() -> None:
    assert open_printer("none") is None
    assert isinstance(open_printer("file:///var/slips"), FilePrinter)
    assert isinstance(open_printer("tcp://127.0.0.1:9101"), NetworkPrinter)
    assert isinstance(open_printer("tcp://printer.local"), NetworkPrinter)
    assert isinstance(open_printer("usb:///dev/usb/lp0"), UsbPrinter)
    assert isinstance(open_printer("serial:///dev/ttyUSB0?baud=9600"), SerialPrinter)
    assert isinstance(open_printer("spooler://Bar"), SpoolerPrinter)


def test_what_a_serial_address_says() -> None:
    assert serial_parts("serial:///dev/ttyS0") == ("/dev/ttyS0", 19200, "none")
    assert serial_parts("serial:///COM3?baud=9600&flow=rts") == ("COM3", 9600, "rts")
    for port in ("/dev/ttyUSB0", "COM3", "/dev/serial/by-id/usb-a b?c#d"):
        assert serial_parts(serial_address(port, 115_200, "xon")) == (port, 115_200, "xon")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tcp://",
        "tcp://host:port",
        "tcp://host:99999",
        "tcp://host:0",
        "http://host",
        "file://",
        "usb://0",
        "tcp://h/path",
        "tcp://h?x=1",
        "usb://",
        "usb:///",
        "usb://host/dev/usb/lp0",
        "serial://ttyS0",
        "serial:///",
        "serial:///dev/ttyS0?baud=12",
        "serial:///dev/ttyS0?baud=9600&parity=x",
        "serial:///dev/ttyS0?flow=all",
        "serial:///dev/ttyS0?baud",
        "spooler://",
        "spooler://-o",
        "spooler://a/b",
        "spooler://a#b",
        "usb:///dev/\n",
        "usb:///dev/%00",
        "usb:///%00",
        "file:///slips%00",
        "file:///slips%0A",
        "serial:///dev/%00",
        "spooler://%00",
        "spooler://Bar%1B",
        "tcp://a..b",
        "tcp://.a",
        "tcp://\u00fc..x",
        "tcp://" + "x" * 64,
        "tcp://" + "\u00fc" * 64 + ".local",
        "tcp://user:pw@host",
        "tcp://user@host",
        "tcp://@host",
        "tcp://a%00b",
    ],
)
def test_an_address_that_names_no_printer(address: str) -> None:
    with pytest.raises(ValueError, match=r"no printer address|no serial printer|[Pp]ort|bad query"):
        open_printer(address)


@pytest.mark.parametrize(
    ("printer", "fault"),
    [
        (NetworkPrinter("a..b"), "unreachable"),
        (NetworkPrinter("x" * 70), "unreachable"),
        (NetworkPrinter("a\0b"), "unreachable"),
        (UsbPrinter(Path("/dev/\0")), "device_missing"),
        (SerialPrinter("/dev/\0"), "unreachable"),
        (SpoolerPrinter("\0"), "queue_unknown"),
        (FilePrinter(Path("/\0")), "disk"),
    ],
)
def test_a_name_that_no_system_takes_is_a_fault_of_the_printer(printer: Printer, fault: str) -> None:
    assert printer.status().detail == fault
