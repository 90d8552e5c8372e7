"""Camera, pictures and the serial scanner as Qt signals: what was read, what is seen, how the devices are.

Rule: frames are taken and decoded on the devices' own threads; here arrive only finished values. The preview is a
small copy of the newest frame, ten times a second.
"""

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from models.refusals import Refusal
from pos_app.devices import frame_sources
from pos_app.devices.camera import Camera, CameraState
from pos_app.devices.decoder import decode_picture
from pos_app.devices.errors import PictureTrouble
from pos_app.devices.pictures import load_grey
from pos_app.devices.scans import Scan, ScanFilter
from pos_app.till.till import Live
from pos_app.ui.hand_scanner import HandScanner
from pos_app.ui.messages import Message, explain
from pos_app.ui.phrases import Phrases

if TYPE_CHECKING:
    from pos_app.devices.engines import Frame

PREVIEW_MS = 100
PREVIEW_WIDTH = 420
STATES = {
    CameraState.NONE: "none",
    CameraState.STARTING: "starting",
    CameraState.LIVE: "ready",
    CameraState.LOST: "lost",
}
"""Camera state -> scanner state of `HeaderView`."""


_WORST_FIRST = ("lost", "starting", "ready", "none")


class Scanner(QObject):
    """One camera and one serial scanner at a time, and any number of dropped pictures.

    `state` is the camera's; the header shows both together. `prefix` is what a programmed scanner sends before a code;
    `took` brings every `Scan` that counts, `typed` every `Burst` of a scanner that types.
    """

    scanned = Signal(str)
    failed = Signal(Message)
    framed = Signal(QImage)
    read = Signal()
    took = Signal(object)
    typed = Signal(object)
    state_changed = Signal(str)
    changed = Signal()
    _camera_scan = Signal(object)
    _camera_state = Signal(object, object)
    _picture_done = Signal(object)

    def __init__(self, live: Live) -> None:
        super().__init__()
        self._live = live
        self.say: Phrases | None = None
        self.source = "none"
        self.state = "none"
        self.prefix = ""
        self.hand = HandScanner()
        self.hand.scanned.connect(self._take_serial)
        self.hand.refused.connect(self._refuse)
        self.hand.state_changed.connect(lambda _state: self._show_state(self.state))
        self._camera: Camera | None = None
        self._missed = True
        self._timer = QTimer(self, interval=PREVIEW_MS)
        self._timer.timeout.connect(self._preview)
        self._camera_scan.connect(self.take)
        self._camera_state.connect(self._follow)
        self._picture_done.connect(self._take_picture)

    def serve(self, live: Live) -> None:
        """Tell this till's header how camera and hand scanner are: the one in front of the cashier changed."""
        self._live = live
        live.scanner = self._together(self.state)

    # -- the camera ---------------------------------------------------------------------------------------------

    def start(self, source: str) -> None:
        """Run the camera `source`: "0", "1", …, "none", or "folder:///path" with pictures to play.

        "auto" is 0 where there is one: nobody asked for it, so it is not missed until it has been there.
        """
        self._end_camera()
        self._missed = source != "auto"
        source = "0" if source == "auto" else source
        self.source = source
        if source == "none":
            self._show_state("none")
            return
        self._show_state("starting")
        scan_filter = ScanFilter(lambda _text: False)
        camera = Camera(
            _frames_of(source),
            scan_filter,
            self._camera_scan.emit,
            lambda state: self._camera_state.emit(camera, state),
        )
        self._camera = camera
        camera.start()
        self._timer.start()

    def stop(self) -> None:
        """Let camera and port go; returns when they are gone."""
        self.hand.stop()
        camera, self._camera = self._camera, None
        self._timer.stop()
        if camera is not None:
            camera.stop()

    def sources(self, say: Phrases) -> list[tuple[str, str]]:
        """Return the cameras to choose from as (source, words); the one in use is always among them."""
        found = [(str(camera.index), camera.name) for camera in frame_sources.list_cameras()]
        if self.source not in {source for source, _ in found} | {"none"}:
            words = say("camera.folder") if self.source.startswith("folder:") else say("camera.number", n=self.source)
            found.append((self.source, words))
        return [*found, ("none", say("camera.none"))]

    def _end_camera(self) -> None:
        camera, self._camera = self._camera, None
        self._timer.stop()
        if camera is not None:
            threading.Thread(target=camera.stop, name="camera-stop", daemon=True).start()

    def _follow(self, camera: Camera, state: CameraState) -> None:
        if camera is self._camera:
            self._missed = self._missed or state is CameraState.LIVE
            unasked = state is CameraState.LOST and not self._missed
            self._show_state("none" if unasked else STATES[state])

    def _show_state(self, state: str) -> None:
        together = self._together(state)
        told, self._live.scanner = self._live.scanner, together
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
        if together != told:
            self.changed.emit()

    def _together(self, camera: str) -> str:
        """The header has one word for both: the worse one."""
        return min(camera, self.hand.state, key=_WORST_FIRST.index)

    def _preview(self) -> None:
        frame = self._camera.latest_frame() if self._camera else None
        if frame is not None:
            self.framed.emit(_image(frame))

    # -- what was read ------------------------------------------------------------------------------------------

    def take(self, scan: Scan) -> None:
        """Let a code that some device read be heard and used."""
        self.read.emit()
        QApplication.beep()
        self.took.emit(scan)
        self.scanned.emit(scan.text)

    def _take_serial(self, scan: Scan) -> None:
        text = scan.text.removeprefix(self.prefix)
        if text:
            self.take(replace(scan, text=text))

    def _refuse(self, fault: str) -> None:
        if self.say is not None:
            words = self.say(f"hand.refused.{fault}"), self.say(f"hand.refused.{fault}.next")
            self.failed.emit(Message("warn", *words))

    def read_picture(self, path: str) -> None:
        """Read the code in a picture file; answers by `scanned` or `failed`."""
        threading.Thread(target=self._decode, args=(Path(path),), name="picture-decode", daemon=True).start()

    def _decode(self, path: Path) -> None:
        try:
            self._picture_done.emit(decode_picture(load_grey(path)))
        except PictureTrouble as trouble:
            self._picture_done.emit(trouble)

    def _take_picture(self, found: "Scan | PictureTrouble | None") -> None:
        if isinstance(found, Scan):
            self.take(found)
        elif self.say is not None and isinstance(found, PictureTrouble):
            words = self.say.code("picture", found.fault.value)
            self.failed.emit(Message("warn", words, self.say("picture.next")))
        elif self.say is not None:
            self.failed.emit(explain(Refusal("code_unreadable"), self.say))


def _frames_of(source: str) -> frame_sources.FrameSource:
    if source.startswith("folder:"):
        return frame_sources.PictureSource((Path(unquote(urlsplit(source).path)),))
    known = {str(camera.index): camera for camera in frame_sources.list_cameras()}
    return frame_sources.VideoSource(known.get(source) or frame_sources.CameraInfo(int(source), f"camera {source}"))


def _image(frame: "Frame") -> QImage:
    """Return a small copy of a frame (grey or blue-green-red) for the screen."""
    step = max(1, frame.shape[1] // PREVIEW_WIDTH)
    small = frame[::step, ::step].copy()
    height, width = small.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if small.ndim == 2 else QImage.Format.Format_BGR888
    return QImage(small.data, width, height, small.strides[0], kind).copy()
