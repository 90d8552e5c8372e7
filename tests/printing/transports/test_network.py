"""The network printer, over real TCP, under every fault: what it says became of a job is what became of it."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from printing.escpos import PAPER_80, encode
from printing.transports import JobOutcome, PrinterStatus
from printing.transports.conversation import process_id_of
from printing.transports.network import NetworkPrinter
from printing.virtual.server import VirtualPrinter
from tests.printing.shop import cup, layouts, redeemed
from tests.printing.transports.conftest import Peer

JOB = b"\x1b@\x1dP\xcb\xcbvoucher\n\x1bd\x06\x1dV\x01"
SENT = b"\x1b@\x1da\x0f" + JOB[2:] + b"\x1dr\x01"
MakePeer = Callable[[Callable[[Peer], None]], Peer]


def nothing() -> None:
    pass


def send(printer: VirtualPrinter | Peer, job: bytes = JOB, **options: float | bool) -> tuple[JobOutcome, list[str]]:
    """Send a job; returns its outcome and how often the queue was told of the first byte."""
    told: list[str] = []
    return _printer(printer, **options).send(job, "job-1", lambda: told.append("first byte")), told


def _printer(printer: VirtualPrinter | Peer, **options: float | bool) -> NetworkPrinter:
    return NetworkPrinter("127.0.0.1", printer.port, **options)  # type: ignore[arg-type]


def files(folder: Path, ending: str) -> list[Path]:
    return sorted((folder / "paper").glob(f"*.{ending}"))


@pytest.mark.req("C06")
@pytest.mark.parametrize("process_id", [False, True])
def test_a_job_is_printed_once_and_the_queue_hears_of_it_first(
    printer: VirtualPrinter, tmp_path: Path, process_id: bool
) -> None:
    outcome, told = send(printer, process_id=process_id)
    assert outcome == JobOutcome("printed")
    assert told == ["first byte"]
    (job,) = files(tmp_path, "bin")
    assert job.read_bytes() == SENT[:-3]


def test_process_ids_are_printable_and_differ() -> None:
    ids = {process_id_of(f"VR.SZ1T03.{number:06d}") for number in range(500)}
    assert len(ids) > 495
    assert all(0x20 <= byte <= 0x7E for found in ids for byte in found)


@pytest.mark.parametrize(
    ("command", "state", "low"),
    [
        ("ok", "ready", False),
        ("paper low", "ready", True),
        ("paper out", "paper_out", True),
        ("cover open", "cover_open", False),
    ],
)
def test_status_says_how_the_printer_is(printer: VirtualPrinter, command: str, state: str, low: bool) -> None:
    assert printer.command(command) == "ok"
    status = _printer(printer).status()
    assert (status.state, status.paper_low) == (state, low)
    assert status.detail == (None if state == "ready" else state)


@pytest.mark.parametrize(("command", "fault"), [("paper out", "paper_out"), ("cover open", "cover_open")])
def test_a_printer_that_cannot_print_gets_no_byte(
    printer: VirtualPrinter, tmp_path: Path, command: str, fault: str
) -> None:
    printer.command(command)
    assert send(printer) == (JobOutcome("not_printed", fault), [])
    printer.command("ok")
    assert send(printer) == (JobOutcome("printed"), ["first byte"])
    assert len(files(tmp_path, "json")) == 1


def test_low_paper_still_prints(printer: VirtualPrinter) -> None:
    printer.command("paper low")
    assert send(printer)[0] == JobOutcome("printed")


@pytest.mark.parametrize("fault", ["paper out", "cover open"])
def test_a_fault_after_any_byte_leaves_the_job_unknown_at_once(printer: VirtualPrinter, fault: str) -> None:
    name = fault.replace(" ", "_")
    for count in range(len(SENT)):
        printer.command(f"{fault} after {count} bytes")
        # ASB is on from byte 5: the printer says so by itself. Before that it is asked after half a timeout.
        began, timeout_seconds = time.monotonic(), 0.8 if count < 5 else 30.0
        assert send(printer, timeout_seconds=timeout_seconds)[0] == JobOutcome("unknown", name)
        assert time.monotonic() - began < 10
        printer.command("ok")
    assert send(printer)[0] == JobOutcome("printed")


@pytest.mark.parametrize("end", ["cut", "die"])
def test_a_line_cut_at_every_byte_is_never_called_printed_without_the_fence(printer: VirtualPrinter, end: str) -> None:
    for count in range(len(SENT) + 2):
        printer.command(f"{end} after {count} bytes")
        outcome, _ = send(printer)
        if count < len(SENT):
            assert outcome == JobOutcome("unknown", "connection_lost"), count
        elif outcome != JobOutcome("printed"):  # the answer may drown in a reset
            assert (outcome.state, end) == ("unknown", "die")
        printer.command("ok")
        wait_until_listening(printer)
    assert send(printer)[0] == JobOutcome("printed")


def wait_until_listening(printer: VirtualPrinter) -> None:
    until = time.monotonic() + 5
    while _printer(printer).status().state != "ready":
        assert time.monotonic() < until


def test_a_real_slip_cut_around_every_command(printer: VirtualPrinter, tmp_path: Path) -> None:
    (layout,) = layouts(redeemed(cup()))
    job = encode(layout, PAPER_80, kick_drawer=True)
    starts = [place for place in range(1, len(job)) if job[place : place + 3] in (b"\x1dv0", b"\x1dV\x01", b"\x1bp0")]
    assert len(starts) > 5
    for start in [*starts, len(job)]:
        for count in (start + 3 - 1, start + 3, start + 3 + 1):  # GS a adds three bytes
            printer.command(f"cut after {count} bytes")
            assert send(printer, job)[0] == JobOutcome("unknown", "connection_lost")
            printer.command("ok")
    assert send(printer, job)[0] == JobOutcome("printed")
    whole = [path for path in files(tmp_path, "json") if '"complete": true' in path.read_text()]
    assert len(whole) <= 1 + 3


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_stalled_printer_is_given_up_long_before_it_moves_again(printer: VirtualPrinter, when: str) -> None:
    if when == "before":
        printer.command("stall 60")
        outcome = _printer(printer).send(JOB, "job", nothing)
        assert outcome == JobOutcome("not_printed", "no_answer")
    else:
        outcome = _printer(printer).send(JOB, "job", lambda: (printer.command("stall 60"), None)[1])
        assert outcome == JobOutcome("unknown", "no_answer")
    assert json.loads(printer.command("state"))["stalled_seconds"] > 30


def test_a_dead_port_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    printer = NetworkPrinter("127.0.0.1", port)
    assert printer.status() == PrinterStatus("offline", detail="unreachable")
    assert printer.send(JOB, "job", pytest.fail) == JobOutcome("not_printed", "unreachable")


def test_a_printer_that_never_answers_gets_no_byte(peers: MakePeer) -> None:
    peer = peers(Peer.take_all)
    assert send(peer, timeout_seconds=0.2) == (JobOutcome("not_printed", "no_answer"), [])
    peer.join()
    assert peer.received == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"


@pytest.mark.parametrize("noise", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 9, b"\x00", b"\x12\x12\x00\x12\x12"])
def test_what_is_no_printer_gets_no_byte(peers: MakePeer, noise: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.say(noise)
        peer.take_all()

    peer = peers(script)
    assert send(peer) == (JobOutcome("not_printed", "answer_invalid"), [])
    peer.join()
    assert JOB[2:] not in peer.received
    assert _printer(peers(script)).status() == PrinterStatus("error", detail="answer_invalid")


@pytest.mark.parametrize("closing", ["fin", "rst"])
def test_a_peer_that_hangs_up_at_once(peers: MakePeer, closing: str) -> None:
    def script(peer: Peer) -> None:
        if closing == "rst":
            peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    outcome, told = send(peers(script))
    assert (outcome.state, told) == ("not_printed", [])
    assert outcome.fault in ("connection_lost", "unreachable")  # a reset may already meet the connecting


@pytest.mark.parametrize("frame", [b"\x10\x00\x00\x00", b"\x10\x00\x03\x00", b"\x14\x00\x00\x00" * 3])
def test_frames_between_the_answers_disturb_nothing(peers: MakePeer, frame: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.take(12)
        for byte in b"\x12\x12\x12\x12":
            peer.say(frame + bytes((byte,)))
        peer.take(len(SENT))
        peer.say(frame + b"\x00")
        peer.take_all()

    assert send(peers(script))[0] == JobOutcome("printed")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"\x00", JobOutcome("printed")),
        (b"\x03", JobOutcome("printed")),
        (b"\x12\x12\x00", JobOutcome("printed")),
        (b"\x0f", JobOutcome("unknown", "paper_out")),
        (b"\x18\x00\x0f\x00\x00", JobOutcome("unknown", "paper_out")),
        (b"\x38\x00\x00\x00", JobOutcome("unknown", "cover_open")),
        (b"\x18\x08\x00\x00", JobOutcome("unknown", "error")),
        (b"\x18\x00\x00\x00", JobOutcome("unknown", "offline")),
        (b"H", JobOutcome("unknown", "answer_invalid")),
        (b"\xff\x00", JobOutcome("unknown", "answer_invalid")),
        (b"\x37\x22JOB1\x00", JobOutcome("unknown", "answer_invalid")),
        (b"", JobOutcome("unknown", "connection_lost")),
        (b"\x12" * 8, JobOutcome("unknown", "connection_lost")),
        (b"\x10\x00\x00", JobOutcome("unknown", "connection_lost")),
    ],
)
def test_only_the_fence_means_printed(peers: MakePeer, answer: bytes, outcome: JobOutcome) -> None:
    def script(peer: Peer) -> None:
        peer.say_ready()
        assert peer.take(len(SENT)) == SENT
        peer.say(answer)

    assert send(peers(script))[0] == outcome


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"\x37\x22????\x00", "unknown"),
        (b"\x00", "unknown"),
        (b"\x37\x22" + process_id_of("job-1") + b"\x00", "printed"),
    ],
)
def test_a_fence_with_an_id_is_that_jobs_own(peers: MakePeer, answer: bytes, state: str) -> None:
    def script(peer: Peer) -> None:
        peer.say_ready()
        assert peer.take(len(SENT) + 8)[-11:] == b"\x1d(H\x06\x00\x30\x30" + process_id_of("job-1")
        peer.say(answer)

    assert send(peers(script), process_id=True)[0].state == state


def test_an_answer_left_over_from_before_is_no_fence(peers: MakePeer) -> None:
    def script(peer: Peer) -> None:
        peer.take(12)
        peer.say(b"\x12\x12\x12\x12\x00")
        peer.take_all()

    peer = peers(script)
    assert send(peer)[0] == JobOutcome("not_printed", "answer_invalid")
    peer.join()
    assert len(peer.received) == 12


def test_an_answer_that_comes_before_the_job_is_out_is_no_fence(peers: MakePeer) -> None:
    """The peer stops reading in the middle of a job that fills every buffer, and answers."""
    over = threading.Event()

    def script(peer: Peer) -> None:
        peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.say_ready()
        peer.take(1000)
        peer.say(b"\x00")
        over.wait(30)

    outcome, _ = send(peers(script), JOB + b"\n" * 20_000_000)
    over.set()
    assert outcome == JobOutcome("unknown", "answer_invalid")


def test_a_printer_that_takes_nothing_more_is_given_up(peers: MakePeer) -> None:
    over = threading.Event()

    def script(peer: Peer) -> None:
        peer.say_ready()
        peer.take(1000)
        over.wait(30)

    outcome, _ = send(peers(script), JOB + b"\n" * 20_000_000, timeout_seconds=1.0)
    over.set()
    assert outcome == JobOutcome("unknown", "stalled")


def test_a_slow_printer_that_lives_is_waited_for(peers: MakePeer) -> None:
    def script(peer: Peer) -> None:
        peer.say_ready()
        peer.take(len(SENT))
        for _ in range(4):
            peer.say_ready()
        peer.say(b"\x00")
        peer.take_all()

    assert send(peers(script), timeout_seconds=0.6)[0] == JobOutcome("printed")


def test_a_printer_that_says_it_is_out_of_paper_only_when_asked(peers: MakePeer) -> None:
    def script(peer: Peer) -> None:
        peer.say_ready()
        peer.take(len(SENT) + 12)
        peer.say(b"\x1a\x32\x12\x72")
        peer.take_all()

    assert send(peers(script), timeout_seconds=0.6)[0] == JobOutcome("unknown", "paper_out")


def test_when_the_queue_cannot_note_the_start_no_byte_leaves(peers: MakePeer) -> None:
    def script(peer: Peer) -> None:
        peer.say_ready()
        peer.take_all()

    def fail() -> None:
        raise RuntimeError("journal is full")

    peer = peers(script)
    with pytest.raises(RuntimeError):
        _printer(peer).send(JOB, "job", fail)
    peer.join()
    assert len(peer.received) == 12
