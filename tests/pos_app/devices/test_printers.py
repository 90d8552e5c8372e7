"""Printers are found where they are, and looking does nothing to them."""

import socket
import threading
from pathlib import Path

import pytest

from pos_app.devices import printers
from pos_app.devices.printers import FoundPrinter
from pos_app.devices.serial_scanner import PortInfo
from printing.transports.conversation import ASK_STATUS
from printing.virtual.server import VirtualPrinter
from tests.printing.transports.test_spooler import install

pytestmark = pytest.mark.req("C11")


def test_what_hangs_on_the_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "cups", monkeypatch)
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "lp0").touch()
    about = tmp_path / "sys" / "lp0" / "device"
    about.mkdir(parents=True)
    (about / "ieee1284_id").write_text("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;\n")
    monkeypatch.setattr(printers, "USB_DEVICES", tmp_path / "usb")
    monkeypatch.setattr(printers, "USB_ABOUT", tmp_path / "sys")
    monkeypatch.setattr(printers, "list_ports", lambda: (PortInfo("/dev/ttyUSB0", "FT232R"),))
    assert printers.attached() == [
        FoundPrinter(f"usb://{tmp_path}/usb/lp0", "usb", "EPSON TM-T20III"),
        FoundPrinter("serial:///dev/ttyUSB0?baud=19200", "serial", "FT232R"),
        FoundPrinter("spooler://Bar", "spooler", "Bar"),
        FoundPrinter("spooler://Cocina_2", "spooler", "Cocina_2"),
    ]


def test_a_computer_without_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "USB_DEVICES", tmp_path / "none")
    monkeypatch.setattr(printers, "list_ports", lambda: ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert printers.attached() == []


def look(hosts: list[str], port: int) -> tuple[list[FoundPrinter], list[int]]:
    found: list[FoundPrinter] = []
    counts: list[int] = []

    def tell(done: int, one: FoundPrinter | None) -> None:
        counts.append(done)
        found.extend([one] if one else [])

    printers.on_network(hosts, tell, threading.Event(), port)
    return found, counts


def test_a_printer_on_the_network(tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path) as printer:
        printer.command("paper out")
        found, counts = look([f"127.0.0.{last}" for last in range(1, 6)], printer.port)
    assert found == [FoundPrinter(f"tcp://127.0.0.1:{printer.port}", "network", "", answers=True)]
    assert counts == [1, 2, 3, 4, 5]
    assert list(tmp_path.glob("job-*")) == [], "nothing was printed"


def test_what_is_no_receipt_printer_gets_the_question_and_nothing_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        heard: list[bytes] = []

        def answer() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    heard.append(connection.recv(1000))
                    if heard[-1]:
                        connection.sendall(b"\xff")

        thread = threading.Thread(target=answer)
        thread.start()
        found, _ = look(["127.0.0.1"], port)
        thread.join(10)
    assert found == [FoundPrinter(f"tcp://127.0.0.1:{port}", "network", "", answers=False)]
    assert b"".join(heard) == ASK_STATUS


def test_a_search_that_is_stopped_tells_nothing_more() -> None:
    stop = threading.Event()
    told: list[int] = []

    def tell(done: int, _one: FoundPrinter | None) -> None:
        told.append(done)
        stop.set()

    printers.on_network(["127.0.0.1"] * 200, tell, stop, 9)
    assert told == [1]


def test_the_own_network_has_at_most_254_hosts() -> None:
    hosts = printers.local_hosts()
    assert len(hosts) <= 254
    assert len({host.rsplit(".", 1)[0] for host in hosts}) <= 1


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" 192.168.1.50 ", "tcp://192.168.1.50"),
        ("printer.local:9101", "tcp://printer.local:9101"),
        ("/dev/usb/lp1", "usb:///dev/usb/lp1"),
        ("/dev/ttyS0", "serial:///dev/ttyS0?baud=19200"),
        ("com3", "serial:///COM3?baud=19200"),
        ("spooler://Bar", "spooler://Bar"),
    ],
)
def test_what_somebody_types_becomes_an_address(typed: str, address: str) -> None:
    assert printers.address_of(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "none",
        "my printer",
        "http://x",
        "a:b",
        "serial:///dev/ttyS0?baud=7",
        "/",
        "a..b",
        "x" * 64,
        "me:secret@host",
        "file:///etc/passwd",
        "😀",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are for engineers
        printers.address_of(typed)
