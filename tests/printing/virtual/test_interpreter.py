"""The virtual printer's own understanding of ESC/POS."""

from itertools import pairwise

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from printing.virtual.interpreter import AnswerWanted, AutoStatusSet, Cut, DrawerKicked, Event, Interpreter

RASTER = b"\x1dv0\x00\x02\x00\x03\x00" + b"\xff\x01\x80\x00\x00\x01"
STREAM = (
    b"\x1b@\x1da\x0f\x1dP\xcb\xcb\x1bp\x00\x32\x32Total\x1d!\x11 5\n\x1d!\x00\x1bJ\x20" + RASTER + b"\x1bd\x02"
    b"\x1d(k\x04\x00\x31\x41\x32\x00\x1d(k\x03\x00\x31C\x06\x1d(k\x03\x00\x31E\x31\x1d(k\x06\x00\x31P0VR1"
    b"\x1ba\x01\x1d(k\x03\x00\x31Q0\x1ba\x00\x1dV\x01\x10\x04\x01\x1dr\x01\x1d(H\x06\x00\x30\x30JOB1"
)


def test_a_stream_gives_paper_and_what_the_host_notices() -> None:
    events = Interpreter().feed(STREAM)
    cut = events.pop(3)
    assert events == [
        AutoStatusSet(False),
        AutoStatusSet(True),
        DrawerKicked(2),
        AnswerWanted("paper_sensor"),
        AnswerWanted("process_id", b"JOB1"),
    ]
    assert isinstance(cut, Cut)
    assert (cut.mode, cut.text, cut.at) == ("partial", "Total 5", STREAM.index(b"\x1dV\x01") + 3)
    paper = ImageOps.expand(cut.picture.convert("L"), 30, 255)
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == ["VR1"]


def test_dots_stand_where_they_were_sent() -> None:
    (cut,) = Interpreter().feed(b"\x1dP\xcb\xcb\x1bJ\x05" + RASTER + b"\x1dV\x00")
    assert isinstance(cut, Cut)
    assert (cut.mode, cut.picture.size) == ("full", (576, 8))
    black = {(x, y) for y in range(8) for x in range(576) if cut.picture.getpixel((x, y)) == 0}
    assert black == {*((x, 5) for x in range(8)), (15, 5), (0, 6), (15, 7)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(STREAM))))
def test_it_does_not_matter_how_the_stream_is_cut(cuts: list[int]) -> None:
    whole, pieces = Interpreter(), Interpreter()
    edges = [0, *sorted(cuts), len(STREAM)]
    events = [event for start, end in pairwise(edges) for event in pieces.feed(STREAM[start:end])]
    assert list(map(_plain, events)) == list(map(_plain, whole.feed(STREAM)))
    assert pieces.at_boundary


def _plain(event: Event) -> object:
    return (event.mode, event.text, event.at, event.picture.tobytes()) if isinstance(event, Cut) else event


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_survived(noise: bytes) -> None:
    for event in Interpreter().feed(noise):
        assert isinstance(event, Event)


@pytest.mark.parametrize("stream", [b"\x1d", b"\x1dv0\x00\x48\x00\x80", RASTER[:-1], b"\x1d(k\xff\xffabc", b"\x10\x04"])
def test_a_command_cut_off_waits(stream: bytes) -> None:
    interpreter = Interpreter()
    assert interpreter.feed(stream) == []
    assert not interpreter.at_boundary


def test_what_is_not_understood_is_noted() -> None:
    interpreter = Interpreter()
    interpreter.feed(b"\x1b\xfe\x1d(L\x02\x00ab\x1c.")
    assert interpreter.unknown == ["1bfe", "1d284c", "1c2e"]


@pytest.mark.parametrize(
    "noise",
    [
        b"\x1d(k\x00\x00",
        b"\x1d(k\x02\x00\x31C",
        b"\x1d(k\x03\x00\x31C\x00\x1d(k\x04\x00\x31P0x\x1d(k\x03\x00\x31Q0",
        b"\x1d(k\x03\x00\x31C\xff\x1d(k\x04\x00\x31P0x\x1d(k\x03\x00\x31Q0",
        b"\x1d(k\x03\x20\x31P0" + b"x" * 0x2000 + b"\x1d(k\x03\x00\x31Q0",
        b"\x1dv0\x00\xff\xff\xff\xff",
        b"\x1dv0\x00\x00\x00\x10\x00",
        b"\x1dP\x00\x00\x1bJ\x10",
        b"\x1dV\x42\xff",
    ],
)
def test_a_command_with_absurd_values_stops_nothing(noise: bytes) -> None:
    *_, last = Interpreter().feed(noise + b"well\n\x1dV\x00")
    assert isinstance(last, Cut)
    assert last.text.endswith("well")


def test_a_line_too_long_for_the_paper_goes_on_below() -> None:
    (cut,) = Interpreter(384).feed(b"x" * 40 + b"\n\x1dV\x00")
    assert isinstance(cut, Cut)
    assert cut.text == "x" * 32 + "\n" + "x" * 8


def test_paper_has_an_end() -> None:
    interpreter = Interpreter()
    interpreter.feed(b"\x1bd\xff" * 20_000)
    picture, _ = interpreter.roll.take()
    assert picture.height == 60_000
    assert isinstance(picture, Image.Image)
