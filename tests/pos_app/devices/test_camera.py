"""A camera runs beside the window, survives being pulled out, and stops when told."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from pos_app.devices.camera import Camera, CameraState, Mailbox
from pos_app.devices.errors import CameraTrouble
from pos_app.devices.frame_sources import CameraInfo, PictureSource, VideoSource, list_cameras
from pos_app.devices.scans import Scan, ScanFilter
from tests.pos_app.devices import faults

if TYPE_CHECKING:
    from pos_app.devices.engines import Frame

WAIT_SECONDS = 10.0


class PulledCamera:
    """A camera double: shows one frame at 100 a second, can be pulled out and put back."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.connected = threading.Event()
        self.connected.set()
        self.opened = self.closed = self.frames = 0

    def open(self) -> None:
        self.opened += 1
        if not self.connected.is_set():
            raise CameraTrouble("not there")

    def read(self) -> Frame:
        time.sleep(0.01)
        if not self.connected.is_set():
            raise CameraTrouble("gone")
        self.frames += 1
        return self.frame

    def close(self) -> None:
        self.closed += 1


class Watched:
    """A camera and what it said."""

    def __init__(self, source: PulledCamera | PictureSource, **more: float) -> None:
        self.scans: queue.Queue[Scan] = queue.Queue()
        self.states: queue.Queue[CameraState] = queue.Queue()
        self.threads: set[str] = set()
        self.camera = Camera(
            source,
            ScanFilter(lambda _text: True),
            self._scanned,
            self.states.put,
            **{"retry_seconds": 0.05, **more},  # type: ignore[arg-type]
        )

    def _scanned(self, scan: Scan) -> None:
        self.threads.add(threading.current_thread().name)
        self.scans.put(scan)

    def expect(self, *states: CameraState) -> None:
        assert [self.states.get(timeout=WAIT_SECONDS) for _ in states] == list(states)


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def make(source: PulledCamera | PictureSource, **more: float) -> Watched:
        made.append(Watched(source, **more))
        return made[-1]

    yield make
    for watched in made:
        assert watched.camera.stop()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def held_up(text: str) -> Frame:
    return faults.in_scene(faults.qr(text))


@pytest.mark.req("C04")
def test_a_code_held_before_the_camera_is_one_scan(watch: Callable[..., Watched]) -> None:
    source = PulledCamera(held_up("TK1.A"))
    watched = watch(source)
    assert watched.camera.state is CameraState.NONE
    assert watched.camera.latest_frame() is None
    watched.camera.start()
    watched.expect(CameraState.STARTING, CameraState.LIVE)
    assert watched.scans.get(timeout=WAIT_SECONDS).text == "TK1.A"
    assert watched.camera.latest_frame() is source.frame
    seen = source.frames
    until(lambda: source.frames > seen + 40)
    assert watched.scans.empty()
    source.frame = held_up("TK1.B")
    assert watched.scans.get(timeout=WAIT_SECONDS).text == "TK1.B"
    assert watched.threads == {"camera-decode"}


@pytest.mark.req("C04", "C11")
def test_a_camera_that_vanishes_is_picked_up_again(watch: Callable[..., Watched]) -> None:
    source = PulledCamera(held_up("TK1.A"))
    watched = watch(source)
    watched.camera.start()
    watched.expect(CameraState.STARTING, CameraState.LIVE)
    source.connected.clear()
    watched.expect(CameraState.LOST)
    assert watched.camera.latest_frame() is None
    tries = source.opened
    until(lambda: source.opened > tries + 2)
    assert watched.camera.state is CameraState.LOST
    assert source.closed >= 3
    source.frame = held_up("TK1.C")
    source.connected.set()
    watched.expect(CameraState.LIVE)
    until(lambda: "TK1.C" in [scan.text for scan in watched.scans.queue])


@pytest.mark.req("C11")
def test_a_camera_not_there_at_first_is_taken_when_it_comes(watch: Callable[..., Watched]) -> None:
    source = PulledCamera(held_up("TK1.A"))
    source.connected.clear()
    watched = watch(source)
    watched.camera.start()
    watched.expect(CameraState.STARTING, CameraState.LOST)
    source.connected.set()
    watched.expect(CameraState.LIVE)


def test_frames_that_are_no_pictures_are_a_failing_camera(watch: Callable[..., Watched]) -> None:
    source = PulledCamera(np.zeros((4, 4), np.float32))
    watched = watch(source)
    watched.camera.start()
    watched.expect(CameraState.STARTING, CameraState.LOST)
    source.frame = held_up("TK1.A")
    watched.expect(CameraState.LIVE)


def test_frames_are_decoded_no_more_often_than_wanted(
    watch: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = []
    monkeypatch.setattr(
        "pos_app.devices.decoder.FrameDecoder.decode",
        lambda _self, _frame: decoded.append(time.monotonic()),
    )
    source = PulledCamera(np.zeros((90, 160), np.uint8))
    watch(source, decodes_per_second=20.0).camera.start()
    until(lambda: len(decoded) >= 10)
    assert decoded[9] - decoded[0] >= 9 / 20 * 0.98
    assert source.frames > 15


def test_a_slow_decoder_gets_the_newest_frame() -> None:
    mailbox = Mailbox()
    first, second = np.zeros((1, 1), np.uint8), np.ones((1, 1), np.uint8)
    mailbox.put(first)
    mailbox.put(second)
    assert mailbox.take() is second
    waiting = threading.Timer(0.05, mailbox.close)
    waiting.start()
    assert mailbox.take() is None
    mailbox.put(first)
    assert mailbox.take() is None


def test_stop_is_clean_prompt_and_allowed_twice(watch: Callable[..., Watched]) -> None:
    source = PulledCamera(held_up("TK1.A"))
    watched = watch(source, retry_seconds=60.0)
    watched.camera.start()
    watched.expect(CameraState.STARTING, CameraState.LIVE)
    source.connected.clear()
    watched.expect(CameraState.LOST)  # now waiting a minute before it tries again
    started = time.monotonic()
    assert watched.camera.stop()
    assert watched.camera.stop()
    assert time.monotonic() - started < 2
    watched.expect(CameraState.NONE)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("camera-")]


def test_stop_before_start_and_from_a_callback() -> None:
    never = Camera(PulledCamera(held_up("A")), ScanFilter(lambda _text: True), lambda _scan: None)
    assert never.stop()
    ended = threading.Event()

    def on_scan(_scan: Scan) -> None:
        camera.stop(timeout_seconds=1.0)
        ended.set()

    camera = Camera(PulledCamera(held_up("A")), ScanFilter(lambda _text: True), on_scan)
    camera.start()
    assert ended.wait(WAIT_SECONDS)
    assert camera.stop()


def test_a_device_that_blocks_is_reported_and_does_not_hold_the_till() -> None:
    source = PulledCamera(held_up("A"))
    released = threading.Event()
    source.read = lambda: (released.wait(WAIT_SECONDS), source.frame)[1]  # type: ignore[method-assign]
    camera = Camera(source, ScanFilter(lambda _text: True), lambda _scan: None)
    camera.start()
    assert not camera.stop(timeout_seconds=0.1)
    released.set()
    assert camera.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_callback_that_raises_ends_the_camera_visibly(watch: Callable[..., Watched]) -> None:
    watched = watch(PulledCamera(held_up("A")))
    watched.camera._on_scan = lambda _scan: 1 / 0  # type: ignore[assignment]
    watched.camera.start()
    watched.expect(CameraState.STARTING, CameraState.LIVE, CameraState.NONE)


def test_pictures_play_as_a_camera_and_can_be_changed(watch: Callable[..., Watched], tmp_path: Path) -> None:
    for text in ("A", "B", "C"):
        Image.fromarray(faults.qr(text)).save(tmp_path / f"{text}.png")
    source = PictureSource([tmp_path / "A.png", tmp_path / "B.png"], seconds_each=0.2, frames_per_second=30)
    watched = watch(source)
    watched.camera.start()
    assert [watched.scans.get(timeout=WAIT_SECONDS).text for _ in range(2)] == ["A", "B"]
    source.show([tmp_path / "C.png"])
    until(lambda: "C" in [scan.text for scan in watched.scans.queue])
    source.show([])
    until(lambda: (frame := watched.camera.latest_frame()) is not None and bool((frame == 128).all()))
    with pytest.raises(CameraTrouble, match="missing"):
        source.show([tmp_path / "none.png"])


def test_a_picture_source_repeats_each_picture_and_begins_again(tmp_path: Path) -> None:
    for shade in (10, 200):
        Image.new("L", (64, 36), shade).save(tmp_path / f"{shade:03}.png")
    (tmp_path / "notes.txt").touch()
    slept: list[float] = []
    source = PictureSource([tmp_path], seconds_each=0.2, frames_per_second=10.0, sleep=slept.append)
    with pytest.raises(CameraTrouble):
        source.read()
    source.open()
    frames = [source.read() for _ in range(6)]
    assert [int(frame[360, 640]) for frame in frames] == [10, 10, 200, 200, 10, 10]
    assert frames[0].shape == (720, 1280)
    assert slept == [0.1] * 6
    source.close()
    with pytest.raises(CameraTrouble):
        source.read()


def test_a_picture_source_without_pictures_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(CameraTrouble, match="no pictures"):
        PictureSource([tmp_path]).open()
    with pytest.raises(CameraTrouble, match="missing"):
        PictureSource([tmp_path / "none.png"]).open()
    with pytest.raises(ValueError, match="positive"):
        PictureSource(frames_per_second=0)


def node(folder: Path, number: int, name: str, index: int = 0) -> None:
    (folder / f"video{number}").mkdir()
    (folder / f"video{number}" / "name").write_text(name + "\n")
    (folder / f"video{number}" / "index").write_text(f"{index}\n")


@pytest.mark.req("C11")
def test_cameras_are_listed_once_each(tmp_path: Path) -> None:
    node(tmp_path, 10, "Counter camera")
    node(tmp_path, 2, "Built-in")
    node(tmp_path, 3, "Built-in", index=1)  # its second node gives metadata only
    (tmp_path / "video7").mkdir()  # unplugged half-way
    assert list_cameras(tmp_path) == (CameraInfo(2, "Built-in"), CameraInfo(10, "Counter camera"))
    assert list_cameras(tmp_path / "none") == ()


class Capture:
    """OpenCV's capture, as far as it is used."""

    def __init__(self, opens: bool = True) -> None:
        self.opens, self.released = opens, False

    def isOpened(self) -> bool:
        return self.opens

    def read(self) -> tuple[bool, Frame | None]:
        return (False, None)

    def set(self, _property: int, _value: float) -> bool:
        return True

    def release(self) -> None:
        self.released = True


@pytest.mark.req("C11")
def test_a_camera_that_returns_under_another_index_is_found_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    capture = Capture()

    def video_capture(index: int) -> Capture:
        asked.append(index)
        return capture

    monkeypatch.setattr("cv2.VideoCapture", video_capture)
    there = [CameraInfo(0, "Counter camera")]
    source = VideoSource(CameraInfo(0, "Counter camera"), lambda: there)
    source.open()
    there[:] = [CameraInfo(0, "Built-in"), CameraInfo(4, "Counter camera")]
    with pytest.raises(CameraTrouble, match="no frame"):
        source.read()
    source.open()
    assert asked == [0, 4]
    there.clear()
    source.close()
    assert capture.released
    with pytest.raises(CameraTrouble, match="not connected"):
        source.open()
    with pytest.raises(CameraTrouble, match="not open"):
        source.read()


def test_a_camera_in_use_by_another_program_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    capture = Capture(opens=False)
    monkeypatch.setattr("cv2.VideoCapture", lambda _index: capture)
    camera = CameraInfo(0, "Counter camera")
    with pytest.raises(CameraTrouble, match="does not open"):
        VideoSource(camera, lambda: [camera]).open()
    assert capture.released
