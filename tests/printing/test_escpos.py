"""Bytes: read back by a reader that shares nothing with us, they are the dots we drew."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from printing.escpos import BAND_ROWS, MIN_FEED_ROWS, PAPER_58, PAPER_80, Profile, _send_band, encode
from printing.layout import Gap, Layout, Panel, QrCode, Row, Rule, Span
from printing.raster import draw_dots
from tests.printing.independent_reader import read
from tests.printing.shop import add_on, cup, layouts, paid, pass_sold, redeemed

ASCII = Layout(
    48,
    (
        Row((Span("Pass redemption", 0, 48, "center", "large", True),)),
        Rule("thick"),
        Row((Span("Uses left", 0, 20), Span("5", 40, 8, "right"))),
        Gap(20),
        Panel((Row((Span("12", 2, 44, "center", "huge"),)),)),
        QrCode("VR.SZ1T03.000012.0123456789ABCDEF"),
        Row((Span("REPRINT 1", 0, 48, "center"),), inverse=True),
    ),
)


@pytest.mark.req("C06")
@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", ["zh-CN", "es-ES", "en"])
def test_the_paper_is_what_we_drew(language: str, columns: int) -> None:
    profile = PAPER_80 if columns == 48 else PAPER_58
    for layout in layouts(redeemed(cup("茶", add_on())), language, columns, copy=1):
        drawn = draw_dots(layout).convert("L")
        sheet = read(encode(layout, profile, kick_drawer=False), width=columns * 12)
        paper = sheet.picture().crop((0, 0, drawn.width, drawn.height))
        difference = ImageChops.difference(drawn, paper)
        assert difference.histogram()[255] <= 2  # dots left white so that no real-time command is spelled
        assert sheet.kicks == []
        assert not sheet.lines


def test_bands_are_low_trimmed_and_blank_paper_is_fed() -> None:
    (layout,) = layouts(redeemed(*[cup(f"茶{number}") for number in range(40)]))
    data = encode(layout, PAPER_80, kick_drawer=False)
    sheet = read(data)
    assert all(rows <= BAND_ROWS for _, rows in sheet.bands)
    assert min(width for width, _ in sheet.bands) < 400
    drawn = draw_dots(layout)
    assert sum(rows for _, rows in sheet.bands) < 0.9 * drawn.height
    assert len(data) < 0.8 * drawn.height * 72


def test_a_blank_slip_sends_no_picture() -> None:
    sheet = read(encode(Layout(48, (Gap(600), Gap(MIN_FEED_ROWS))), PAPER_80, kick_drawer=False))
    assert sheet.bands == []
    assert len(sheet.rows) == 600 + MIN_FEED_ROWS + 6 * 34


@pytest.mark.parametrize("pin", [2, 5])
def test_the_drawer_is_kicked_once_and_before_the_paper(pin: int) -> None:
    (layout,) = layouts(redeemed(cup()))
    data = encode(layout, Profile(drawer_pin=pin), kick_drawer=True)
    assert read(data).kicks == [pin]
    assert data.index(b"\x1bp") < data.index(b"\x1dv0")


@pytest.mark.parametrize(
    ("profile", "cuts"), [(PAPER_80, ["partial"]), (Profile(partial_cut=False), ["full"]), (PAPER_58, [])]
)
def test_cut_by_capability(profile: Profile, cuts: list[str]) -> None:
    (layout,) = layouts(redeemed(cup()), columns=profile.columns)
    assert read(encode(layout, profile, kick_drawer=False), profile.columns * 12).cuts == cuts


def test_a_code_is_drawn_by_the_printer_where_it_can() -> None:
    (layout,) = layouts(redeemed(cup()))
    (code,) = (element.text for element in layout.elements if isinstance(element, QrCode))
    native = read(encode(layout, Profile(native_qr=True), kick_drawer=False))
    assert native.native_codes == [code]
    assert native.codes() == []
    assert read(encode(layout, PAPER_80, kick_drawer=False)).codes() == [code]


def test_pure_ascii_goes_as_text_where_asked_for() -> None:
    data = encode(ASCII, Profile(text_mode=True), kick_drawer=False)
    sheet = read(data)
    assert [line.rstrip() for line in sheet.lines] == [
        " " * 9 + "Pass redemption",
        "=" * 48,
        "Uses left" + " " * 38 + "5",
        "-" * 48,
        " " * 19 + "12",
        "-" * 48,
        " " * 19 + "REPRINT 1",
    ]
    assert sheet.codes() == ["VR.SZ1T03.000012.0123456789ABCDEF"]
    assert b"\x1d!\x11\x1bE\x01Pass redemption\x1d!\x00" in data
    assert b"\x1dB\x01" in data
    assert b"\x1dB\x00" in data


@pytest.mark.parametrize("char", "é€珍−")
def test_one_character_outside_ascii_makes_it_raster(char: str) -> None:
    layout = Layout(48, (*ASCII.elements, Panel((Row((Span(char, 2, 4),)),))))
    assert read(encode(layout, Profile(text_mode=True), kick_drawer=False)).lines == []


def test_no_slip_spells_a_real_time_command() -> None:
    """DLE DC4 in picture data would open the drawer or switch the printer off (Epson, "real-time commands")."""
    for body in (redeemed(cup("茶", add_on())), pass_sold(), paid(*[cup(f"茶{n}", base_minor=n) for n in range(9)])):
        for layout in layouts(body):
            data = encode(layout, PAPER_80, kick_drawer=False)
            assert not any(bytes((0x10, command)) in data for command in (0x04, 0x05, 0x14))


def test_dots_that_spell_a_real_time_command_lose_one_dot() -> None:
    class Recorder:
        pictures: list[Image.Image] = []

        def image(self, picture: Image.Image, **_: object) -> None:
            self.pictures.append(picture)

    spelled = bytes((0x10, 0x14, 0x01, 0x10, 0x04, 0x01, 0x10, 0x10, 0x05, 0x10))
    _send_band(Recorder(), Image.frombytes("1", (80, 1), spelled).convert("L"))
    sent = bytes(byte ^ 0xFF for byte in Recorder.pictures[0].convert("1").tobytes())
    assert sent == bytes((0x00, 0x14, 0x01, 0x00, 0x04, 0x01, 0x10, 0x00, 0x05, 0x10))


@pytest.mark.parametrize(
    ("profile", "complaint"),
    [(PAPER_58, "48 columns on paper of 32"), (Profile(model="nope"), "nope"), (Profile(model="default"), "not known")],
)
def test_a_profile_that_cannot_be_is_a_bug(profile: Profile, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        encode(ASCII, profile, kick_drawer=False)


def test_nothing_is_said_on_standard_output() -> None:
    """The till's player speaks JSON there; python-escpos prints when a paper width is unknown."""
    said = io.StringIO()
    with redirect_stdout(said):
        encode(ASCII, PAPER_80, kick_drawer=True)
    assert said.getvalue() == ""


def test_python_escpos_leaves_nothing_behind(tmp_path: Path) -> None:
    program = (
        "import logging; from printing.escpos import PAPER_80, encode; from printing.layout import Layout;"
        "encode(Layout(48, ()), PAPER_80, False); print(logging.root.handlers)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []
