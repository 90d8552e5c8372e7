"""Where frames come from: a camera of this machine, or pictures played as a camera would show them.

Rule: a source is used by one thread; `CameraTrouble` is the only thing it raises for a failing device.
Not here: threads, decoding, trying again (camera).
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.devices import views
from pos_app.devices.engines import opencv
from pos_app.devices.errors import CameraTrouble, PictureTrouble
from pos_app.devices.pictures import find_pictures, load_grey

if TYPE_CHECKING:
    from pos_app.devices.engines import Frame

FRAME_WIDTH, FRAME_HEIGHT = 1280, 720
INDEXES_TRIED = 4  # where the system keeps no list of cameras
_LINUX_CAMERAS = Path("/sys/class/video4linux")


class FrameSource(Protocol):
    """Something that gives frames until it fails."""

    def open(self) -> None:
        """Start; raises `CameraTrouble` when the device is not there."""

    def read(self) -> Frame:
        """The next frame, waiting for it; raises `CameraTrouble` when the device is gone."""

    def close(self) -> None:
        """Let go of the device; allowed at any time and twice."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera to choose; the name is what finds it again when it comes back under another index."""

    index: int
    name: str


def list_cameras(linux_cameras: Path = _LINUX_CAMERAS) -> tuple[CameraInfo, ...]:
    """The cameras of this machine, by index. Elsewhere than on Linux the first few are opened to see."""
    if sys.platform == "linux":
        return _listed_by_linux(linux_cameras)
    cameras = []
    for index in range(INDEXES_TRIED):
        capture = opencv().VideoCapture(index)
        if capture.isOpened():
            cameras.append(CameraInfo(index, f"camera {index}"))
        capture.release()
    return tuple(cameras)


def _listed_by_linux(folder: Path) -> tuple[CameraInfo, ...]:
    """A camera shows several nodes; only the first of each (`index` 0) gives pictures."""
    cameras = []
    for node in folder.glob("video*"):
        try:
            first = (node / "index").read_text("utf-8").strip() == "0"
            name = (node / "name").read_text("utf-8", "replace").strip()
        except OSError:  # unplugged while we looked
            continue
        if first and node.name[5:].isdecimal():
            cameras.append(CameraInfo(int(node.name[5:]), name))
    return tuple(sorted(cameras, key=lambda camera: camera.index))


class VideoSource:
    """A camera through OpenCV, at 1280 x 720 where it can."""

    def __init__(self, camera: CameraInfo, cameras: Callable[[], Sequence[CameraInfo]] = list_cameras) -> None:
        self._camera = camera
        self._cameras = cameras
        self._capture: Any = None

    def open(self) -> None:
        cv2 = opencv()
        self.close()
        self._capture = cv2.VideoCapture(self._index_now())
        if not self._capture.isOpened():
            self.close()
            raise CameraTrouble("camera does not open")
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, FRAME_WIDTH)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, FRAME_HEIGHT)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def read(self) -> Frame:
        if self._capture is None:
            raise CameraTrouble("camera is not open")
        given, frame = self._capture.read()
        if not given:
            raise CameraTrouble("camera gives no frame")
        taken: Frame = frame
        return taken

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _index_now(self) -> int:
        """Where the camera is now: its own index, else the one of a camera with its name."""
        there = self._cameras()
        for camera in there:
            if camera == self._camera:
                return camera.index
        for camera in there:
            if camera.name == self._camera.name:
                return camera.index
        raise CameraTrouble("camera is not connected")


class PictureSource:
    """Pictures held before a camera one after the other, at a camera's pace: for demos and tests.

    `paths` are picture files or folders; after the last picture the first comes again. Without paths, and after
    `show(())`, the frames are plain grey: nothing is held up.
    """

    def __init__(
        self,
        paths: Sequence[Path] = (),
        seconds_each: float = 1.0,
        frames_per_second: float = 15.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if seconds_each <= 0 or frames_per_second <= 0:
            raise ValueError("seconds_each and frames_per_second must be positive")
        self._paths = tuple(paths)
        self._frames_each = max(1, round(seconds_each * frames_per_second))
        self._frame_seconds = 1 / frames_per_second
        self._sleep = sleep
        self._playing: Iterator[Frame] | None = None

    def show(self, paths: Sequence[Path]) -> None:
        """Hold up these instead, from the next frame on; from any thread. Raises `CameraTrouble`."""
        self._playing = self._play(_frames(paths))
        self._paths = tuple(paths)

    def open(self) -> None:
        self._playing = self._play(_frames(self._paths))

    def read(self) -> Frame:
        playing = self._playing
        if playing is None:
            raise CameraTrouble("not open")
        self._sleep(self._frame_seconds)
        return next(playing)

    def close(self) -> None:
        self._playing = None

    def _play(self, frames: list[Frame]) -> Iterator[Frame]:
        while True:
            for frame in frames:
                yield from itertools.repeat(frame, self._frames_each)


def _frames(paths: Sequence[Path]) -> list[Frame]:
    """The pictures as a camera would show them."""
    import numpy as np  # noqa: PLC0415

    if not paths:
        return [np.full((FRAME_HEIGHT, FRAME_WIDTH), views.MIDDLE_GREY, dtype=np.uint8)]
    files: list[Path] = []
    for path in paths:
        files += [file for file, fault in find_pictures(path) if not fault] if path.is_dir() else [path]
    if not files:
        raise CameraTrouble("no pictures")
    try:
        return [views.letterboxed(load_grey(file), FRAME_WIDTH, FRAME_HEIGHT) for file in files]
    except PictureTrouble as trouble:
        raise CameraTrouble(f"picture: {trouble.fault}") from trouble
