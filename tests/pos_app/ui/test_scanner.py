"""Camera and pictures as the window gets them: real decoding of real pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from pos_app.till.till import Live
from pos_app.ui.messages import Message
from pos_app.ui.phrases import Phrases
from pos_app.ui.scanner import Scanner
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import short_code


def picture(folder: Path, text: str, name: str = "code.png") -> Path:
    """A QR code as a picture file."""
    folder.mkdir(exist_ok=True)
    segno.make(text, error="m", micro=False).save(str(folder / name), scale=8, border=4)
    return folder / name


@pytest.fixture
def scanner(qtbot: QtBot) -> Iterator[Scanner]:
    made = Scanner(Live())
    made.say = Phrases("en")
    yield made
    made.stop()


@pytest.mark.req("C04")
def test_a_camera_shows_its_picture_and_reads_a_code_once(scanner: Scanner, qtbot: QtBot, tmp_path: Path) -> None:
    picture(tmp_path / "codes", short_code(1))
    seen: list[QImage] = []
    texts: list[str] = []
    scanner.framed.connect(seen.append)
    scanner.scanned.connect(texts.append)
    scanner.start(f"folder://{tmp_path / 'codes'}")
    assert scanner.state == "starting"
    qtbot.waitUntil(lambda: bool(texts) and len(seen) > 2, timeout=10_000)
    assert scanner.state == "ready"
    qtbot.wait(300)
    assert texts == [short_code(1)]
    assert 0 < seen[-1].width() <= 640


def test_a_camera_that_is_not_there_is_lost_and_none_is_none(scanner: Scanner, qtbot: QtBot) -> None:
    states: list[str] = []
    scanner.state_changed.connect(states.append)
    scanner.start("7")
    qtbot.waitUntil(lambda: scanner.state == "lost", timeout=10_000)
    scanner.start("none")
    assert states == ["starting", "lost", "none"]


def test_a_camera_that_nobody_asked_for_is_not_missed(scanner: Scanner, qtbot: QtBot) -> None:
    states: list[str] = []
    scanner.state_changed.connect(states.append)
    scanner.start("auto")
    qtbot.waitUntil(lambda: scanner.state == "none", timeout=10_000)
    assert (states, scanner.source) == (["starting", "none"], "0")


def test_the_last_state_of_an_old_camera_does_not_count(scanner: Scanner, qtbot: QtBot, tmp_path: Path) -> None:
    picture(tmp_path / "codes", "X")
    scanner.start("7")
    scanner.start(f"folder://{tmp_path / 'codes'}")
    qtbot.waitUntil(lambda: scanner.state == "ready", timeout=10_000)
    qtbot.wait(400)
    assert scanner.state == "ready"


def test_cameras_to_choose_from_always_hold_the_one_in_use(scanner: Scanner, tmp_path: Path) -> None:
    scanner.source = f"folder://{tmp_path}"
    sources = dict(scanner.sources(Phrases("en")))
    assert sources[scanner.source] == "Picture folder"
    assert sources["none"] == "No camera"


def test_a_picture_file_is_read(scanner: Scanner, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(scanner.scanned, timeout=10_000) as got:
        scanner.read_picture(str(picture(tmp_path, "HOLA")))
    assert got.args == ["HOLA"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "The file is not there"), (b"not a picture", "This is not a picture"), (b"", "This is not a picture")],
)
def test_a_file_that_is_no_picture_is_said(
    scanner: Scanner, qtbot: QtBot, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "x.png").write_bytes(content)
    with qtbot.waitSignal(scanner.failed, timeout=10_000) as got:
        scanner.read_picture(str(tmp_path / "x.png"))
    assert got.args is not None
    assert isinstance(got.args[0], Message)
    assert got.args[0].title == said


def test_a_picture_without_a_code_is_said(scanner: Scanner, qtbot: QtBot, tmp_path: Path) -> None:
    blank = QImage(300, 300, QImage.Format.Format_RGB32)
    blank.fill(0xFFFFFF)
    blank.save(str(tmp_path / "blank.png"))
    with qtbot.waitSignal(scanner.failed, timeout=20_000) as got:
        scanner.read_picture(str(tmp_path / "blank.png"))
    assert got.args is not None
    assert got.args[0].title == "No code could be read"


def test_a_picture_dropped_on_the_window_finds_the_member(hand: Hand, tmp_path: Path) -> None:
    hand.player.do({"do": "scan_picture", "path": str(picture(tmp_path, short_code(1)))})
    hand.wait(text=["member_name", "王小雨"])


def test_a_bad_picture_dropped_on_the_window_is_said_inline(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    hand.tap("nav_more", "nav_outbox")
    hand.player.do({"do": "scan_picture", "path": str(tmp_path / "notes.txt")})
    hand.wait(screen="checkout", text=["notice_title", "这不是图片"])


def test_the_window_reads_its_camera_and_shows_it(open_window: Open, tmp_path: Path) -> None:
    picture(tmp_path / "codes", short_code(3))
    hand = open_window(camera=f"folder://{tmp_path / 'codes'}")
    hand.sign_in()
    hand.wait(header={"scanner": "可扫码"}, visible="camera_small")
    hand.until(lambda: hand.sees("member_name") or _again(hand), lambda: "no scan")


def _again(hand: Hand) -> bool:
    """The code was in view before anybody signed in; hold it up anew."""
    hand.shell.scanner.start(hand.shell.scanner.source)
    hand.bot.wait(900)
    return hand.sees("member_name")
