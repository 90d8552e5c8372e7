"""One-way printers: a whole file or none."""

from pathlib import Path

import pytest

from printing.transports import JobOutcome, PrinterStatus, open_printer
from printing.transports.file import FilePrinter
from printing.transports.network import NetworkPrinter


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


@pytest.mark.parametrize(
    "address",
    ["", "tcp://", "tcp://host:port", "tcp://host:99999", "http://host", "file://", "usb://0", "tcp://h/path"],
)
def test_an_address_that_names_no_printer(address: str) -> None:
    with pytest.raises(ValueError, match=r"no printer address|[Pp]ort"):
        open_printer(address)
