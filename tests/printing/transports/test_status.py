"""Answers of a printer: told apart by their fixed bits, and read as what a person can mend."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing.transports import PrinterStatus
from printing.transports.status import (
    AnswerReader,
    AutoStatus,
    Cleared,
    Garbage,
    PaperSensor,
    ProcessDone,
    RealTime,
    status_from_frame,
    status_from_real_time,
)

STREAM = b"\x12\x16\x10\x00\x0c\x00\x00\x0f\x37\x22JOB1\x00\x14\x00\x03\x00\x03\xff\x1a"
ANSWERS = [
    RealTime(0x12), RealTime(0x16), AutoStatus(b"\x10\x00\x0c\x00"), PaperSensor(0), PaperSensor(0x0F),
    ProcessDone(b"JOB1"), AutoStatus(b"\x14\x00\x03\x00"), PaperSensor(0x03), Garbage(0xFF), RealTime(0x1A),
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.integers(1, len(STREAM))))
def test_answers_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    reader = AnswerReader()
    edges = [0, *sorted(cuts), len(STREAM)]
    found = [answer for start, end in pairwise(edges) for answer in reader.feed(STREAM[start:end])]
    assert found == ANSWERS


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_are_read_without_trouble_and_only_exact_ones_are_a_fence(noise: bytes) -> None:
    for answer in AnswerReader().feed(noise):
        if isinstance(answer, PaperSensor):
            assert answer.value in (0x00, 0x03, 0x0C, 0x0F)
        if isinstance(answer, ProcessDone):
            assert b"\x37\x22" + answer.process_id + b"\x00" in noise


@pytest.mark.parametrize(
    ("data", "first"),
    [(b"\x10\x90", 0x10), (b"\x10\x00\x80", 0x10), (b"\x37\x21", 0x37), (b"\x37\x22JOB1\x01", 0x37), (b"H", 0x48)],
)
def test_a_broken_answer_is_garbage(data: bytes, first: int) -> None:
    assert AnswerReader().feed(data)[0] == Garbage(first)


@pytest.mark.parametrize("data", [b"\x10", b"\x10\x00\x00", b"\x37", b"\x37\x22JOB1"])
def test_an_unfinished_answer_waits(data: bytes) -> None:
    assert AnswerReader().feed(data) == []


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((0x12, 0x12, 0x12, 0x12), PrinterStatus("ready")),
        ((0x16, 0x12, 0x12, 0x12), PrinterStatus("ready")),  # drawer pin high
        ((0x12, 0x12, 0x12, 0x1E), PrinterStatus("ready", paper_low=True)),
        ((0x1A, 0x32, 0x12, 0x72), PrinterStatus("paper_out", False, "paper_out")),
        ((0x1A, 0x32, 0x12, 0x7E), PrinterStatus("paper_out", True, "paper_out")),
        ((0x12, 0x12, 0x12, 0x72), PrinterStatus("paper_out", False, "paper_out")),
        ((0x1A, 0x16, 0x12, 0x12), PrinterStatus("cover_open", False, "cover_open")),
        ((0x1A, 0x36, 0x12, 0x72), PrinterStatus("cover_open", False, "cover_open")),
        ((0x1A, 0x52, 0x12, 0x12), PrinterStatus("error", False, "error")),
        ((0x1A, 0x12, 0x1A, 0x12), PrinterStatus("error", False, "error")),  # cutter
        ((0x1A, 0x12, 0x32, 0x12), PrinterStatus("error", False, "error")),  # unrecoverable
        ((0x1A, 0x12, 0x12, 0x12), PrinterStatus("offline", False, "offline")),
    ],
)
def test_real_time_answers(answers: tuple[int, int, int, int], status: PrinterStatus) -> None:
    assert status_from_real_time(answers) == status


@pytest.mark.parametrize(
    ("frame", "status"),
    [
        (b"\x10\x00\x00\x00", PrinterStatus("ready")),
        (b"\x10\x00\x03\x00", PrinterStatus("ready", paper_low=True)),
        (b"\x18\x00\x0f\x00", PrinterStatus("paper_out", True, "paper_out")),
        (b"\x10\x00\x0c\x00", PrinterStatus("paper_out", False, "paper_out")),
        (b"\x38\x00\x00\x00", PrinterStatus("cover_open", False, "cover_open")),
        (b"\x18\x08\x00\x00", PrinterStatus("error", False, "error")),
        (b"\x18\x00\x00\x00", PrinterStatus("offline", False, "offline")),
    ],
)
def test_frames(frame: bytes, status: PrinterStatus) -> None:
    assert status_from_frame(frame) == status


@pytest.mark.req("C11")
@pytest.mark.parametrize("pieces", [[b"\x37\x25\x00"], [b"\x37", b"\x25", b"\x00"]])
def test_a_printer_says_that_it_threw_away(pieces: list[bytes]) -> None:
    reader = AnswerReader()
    assert [answer for piece in pieces for answer in reader.feed(piece)] == [Cleared()]
    assert reader.feed(b"\x37\x25\x12")[0] == Garbage(0x37)
