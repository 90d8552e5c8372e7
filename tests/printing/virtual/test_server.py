"""The virtual printer as a program: jobs in a folder, faults by control port."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from printing.errors import PrinterTrouble
from printing.escpos import PAPER_80, encode
from printing.transports.network import NetworkPrinter
from printing.virtual.server import VirtualPrinter
from tests.printing.shop import add_on, cup, documents, layouts, redeemed

CUT = b"\x1dV\x00"


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path) as running:
        yield running


def talk(port: int, *messages: bytes, answers: int = 0) -> bytes:
    """Say something to a port and return so many bytes of answer."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for message in messages:
            connection.sendall(message)
        while len(found) < answers and (data := connection.recv(4096)):
            found += data
    return found


def told(folder: Path, count: int) -> list[dict[str, Any]]:
    """Wait for so many jobs and return their descriptions."""
    until = time.monotonic() + 5
    while len(paths := sorted(folder.glob("*.json"))) < count:
        assert time.monotonic() < until
        time.sleep(0.01)
    return [json.loads(path.read_text()) for path in paths]


def test_each_job_leaves_a_picture_its_bytes_and_a_description(printer: VirtualPrinter, tmp_path: Path) -> None:
    body = redeemed(cup("茶", add_on()))
    jobs = [encode(layout, PAPER_80, kick_drawer=number == 1) for number, layout in enumerate(layouts(body))]
    for job in jobs:
        assert NetworkPrinter("127.0.0.1", printer.port).send(job, "job", lambda: None).state == "printed"
    descriptions = told(tmp_path, 2)
    assert [one["qr"] for one in descriptions] == [[slip.check_code] for slip in documents(body)]
    assert [one["drawer_kicks"] for one in descriptions] == [0, 1]
    for number, (one, job) in enumerate(zip(descriptions, jobs, strict=True), 1):
        assert (one["job"], one["complete"], one["cut"], one["unknown"]) == (number, True, "partial", [])
        assert one["bytes"] == len(job) + 3  # GS a n, which the transport adds
        assert (tmp_path / f"job-000{number}.bin").read_bytes()[5:] == job[2:]
        with Image.open(tmp_path / f"job-000{number}.png") as picture:
            assert picture.size == (576, one["height"])


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    for number in (1, 2):
        with VirtualPrinter(tmp_path) as printer:
            talk(printer.port, b"x\n" + CUT + b"\x1dr\x01", answers=1)
            assert told(tmp_path, number)[-1]["job"] == number


def test_two_cuts_are_two_jobs_and_paper_without_a_cut_is_one_too(printer: VirtualPrinter, tmp_path: Path) -> None:
    talk(printer.port, b"one\n" + CUT + b"two\n" + CUT + b"three\n")
    descriptions = told(tmp_path, 3)
    assert [(one["text"], one["complete"]) for one in descriptions] == [("one", True), ("two", True), ("three", False)]
    assert (tmp_path / "job-0002.bin").read_bytes() == b"two\n" + CUT


def test_questions_alone_print_nothing(printer: VirtualPrinter, tmp_path: Path) -> None:
    assert talk(printer.port, b"\x10\x04", b"\x01\x10", b"\x04\x04", b"\x1b@", answers=2) == b"\x12\x12"
    printer.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_question_is_answered_inside_a_picture_and_out_of_paper(printer: VirtualPrinter) -> None:
    printer.command("paper out")
    head = b"\x1dv0\x00\x01\x00\x08\x00"
    assert talk(printer.port, head + b"\x00\x10\x04\x04\x00", b"\x00\x10", b"\x04\x01", answers=2) == b"\x7e\x1a"


def test_out_of_paper_nothing_else_is_answered_until_there_is_some(printer: VirtualPrinter, tmp_path: Path) -> None:
    with socket.create_connection(("127.0.0.1", printer.port), timeout=5) as connection:
        connection.sendall(b"\x1da\x0f")
        assert connection.recv(4) == b"\x10\x00\x00\x00"
        printer.command("paper out")
        assert connection.recv(4) == b"\x18\x00\x0f\x00"
        connection.sendall(b"slip\n" + CUT + b"\x1dr\x01")
        assert not select.select([connection], [], [], 0.2)[0]
        printer.command("paper in")
        assert sorted((connection.recv(1), connection.recv(4))) == [b"\x00", b"\x10\x00\x00\x00"]
    assert told(tmp_path, 1)[0]["text"] == "slip"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("paper out", "ok"), ("paper in", "ok"), ("paper low", "ok"), ("cover open", "ok"), ("cover closed", "ok"),
        ("stall 0.1", "ok"), ("cut after 5 bytes", "ok"), ("die after 99999999 bytes", "ok"), ("  ok ", "ok"),
        ("paper out after 10 bytes", "ok"), ("", "error unknown command"), ("explode", "error unknown command"),
        ("stall -1", "error unknown command"), ("cut after x bytes", "error unknown command"),
        ("stall 1e9", "error unknown command"), ("paper after 3 bytes", "error unknown command"),
    ],
)  # fmt: skip
def test_control_lines(printer: VirtualPrinter, line: str, answer: str) -> None:
    assert talk(printer.control_port, line.encode() + b"\n", answers=len(answer) + 1) == answer.encode() + b"\n"


def test_the_state_is_told_as_json(printer: VirtualPrinter) -> None:
    printer.command("paper low")
    printer.command("die after 70 bytes")
    state = json.loads(talk(printer.control_port, b"\xff\xfe\nstate\n", answers=60).splitlines()[1])
    assert state == {
        "paper": "low", "cover": "closed", "alive": True, "stalled_seconds": 0.0,
        "planned": {"die": 70}, "port": printer.port, "jobs": 0,
    }  # fmt: skip


def test_a_port_that_is_taken_is_trouble(printer: VirtualPrinter, tmp_path: Path) -> None:
    with pytest.raises(PrinterTrouble) as caught:
        VirtualPrinter(tmp_path, port=printer.port)
    assert caught.value.code == "unreachable"


def test_a_folder_that_cannot_be_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PrinterTrouble) as caught:
        VirtualPrinter(tmp_path / "file" / "paper")
    assert caught.value.code == "disk"


def test_paper_that_cannot_be_kept_is_said_and_the_line_drops(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "paper"
    with VirtualPrinter(folder) as printer:
        folder.rmdir()
        assert talk(printer.port, b"x\n" + CUT + b"\x1dr\x01", answers=1) == b""
    assert "could not be kept: disk" in caplog.text


def wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_dead_printer_comes_back_on_the_same_port(printer: VirtualPrinter) -> None:
    way = NetworkPrinter("127.0.0.1", printer.port)
    printer.command("die")
    wait(lambda: way.status().detail == "unreachable")
    printer.command("ok")
    wait(lambda: way.status().state == "ready")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_says_its_ports_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "printing", "virtual-printer", "--port", "0", "--out", str(tmp_path / "paper")]
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        word, port, control_port = child.stdout.readline().split()
        assert word == "ready"
        assert talk(int(port), b"x\n" + CUT + b"\x1dr\x01", answers=1) == b"\x00"
        assert talk(int(control_port), b"ok\n", answers=3) == b"ok\n"
        child.send_signal(number)
        assert child.wait(10) == 0
    assert len(told(tmp_path / "paper", 1)) == 1
