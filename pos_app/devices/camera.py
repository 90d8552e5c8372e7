"""Run one camera off the GUI thread: take frames, decode the newest, say what was scanned and how it is.

Rule: no Qt. Callbacks get plain values, on this module's threads; whoever draws hands them over (ui/bridge).
Rule: one slot between taking and decoding: a slow decode drops frames, it never queues them.
Rule: a camera that vanishes is opened again until it returns or `stop` is called.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_app.devices import engines
from pos_app.devices.decoder import FrameDecoder
from pos_app.devices.errors import CameraTrouble
from pos_app.devices.scans import Scan, ScanFilter

if TYPE_CHECKING:
    from pos_app.devices.engines import Frame
    from pos_app.devices.frame_sources import FrameSource

DECODES_PER_SECOND = 15.0  # counter.md "Scanning": enough
RETRY_SECONDS = 1.0
STOP_SECONDS = 3.0


class CameraState(StrEnum):
    """What the header chip shows."""

    NONE = "none"  # not running
    STARTING = "starting"  # being opened for the first time
    LIVE = "live"  # frames are coming
    LOST = "lost"  # not there, or gone; tried again every second


class Mailbox:
    """One slot for the newest frame; an unread frame is replaced."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._frame: Frame | None = None
        self._closed = False

    def put(self, frame: Frame) -> None:
        """Leave a frame, in place of one not yet taken."""
        with self._condition:
            self._frame = frame
            self._condition.notify()

    def take(self) -> Frame | None:
        """Wait for a frame and take it; None once closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._frame is not None)
            frame, self._frame = self._frame, None
            return None if self._closed else frame

    def close(self) -> None:
        """Wake whoever waits, for good."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()


class Camera:
    """One running camera. To change cameras, stop this one and start another.

    `on_scan` is called with each scan the filter lets through, `on_state` with each new state; both on a
    thread of the camera, never on the caller's. A callback that raises ends the camera: it is a bug.
    """

    def __init__(
        self,
        source: FrameSource,
        scan_filter: ScanFilter,
        on_scan: Callable[[Scan], None],
        on_state: Callable[[CameraState], None] = lambda _state: None,
        *,
        decodes_per_second: float = DECODES_PER_SECOND,
        retry_seconds: float = RETRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._filter = scan_filter
        self._on_scan = on_scan
        self._on_state = on_state
        self._decode_seconds = 1 / decodes_per_second
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._mailbox = Mailbox()
        self._stopping = threading.Event()
        self._state_lock = threading.Lock()
        self._state = CameraState.NONE
        self._newest: Frame | None = None
        self._threads = (
            threading.Thread(target=self._take_frames, name="camera-frames", daemon=True),
            threading.Thread(target=self._decode_frames, name="camera-decode", daemon=True),
        )

    @property
    def state(self) -> CameraState:
        """The state now."""
        return self._state

    def latest_frame(self) -> Frame | None:
        """The newest frame for a preview (do not write into it), or None while there is none."""
        return self._newest

    def start(self) -> None:
        """Begin; returns at once. A camera runs once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_seconds: float = STOP_SECONDS) -> bool:
        """End both threads and let the device go; False when the device still blocks after the time.

        No callback begins after `stop` has returned True. Allowed twice, and before `start`.
        """
        self._stopping.set()
        self._mailbox.close()
        deadline = time.monotonic() + timeout_seconds
        for thread in self._threads:
            if thread.ident is not None and thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _take_frames(self) -> None:
        self._change(CameraState.STARTING)
        try:
            while not self._stopping.is_set():
                try:
                    self._source.open()
                    self._pass_on_frames()
                except CameraTrouble:
                    self._newest = None
                    self._change(CameraState.LOST)
                    self._source.close()
                    self._stopping.wait(self._retry_seconds)
        finally:
            self._end()

    def _pass_on_frames(self) -> None:
        while not self._stopping.is_set():
            frame = self._source.read()
            if frame.dtype != "uint8" or frame.ndim not in (2, 3) or not frame.size:
                raise CameraTrouble("not a picture of 8 bit")
            self._newest = frame
            self._mailbox.put(frame)
            self._change(CameraState.LIVE)

    def _decode_frames(self) -> None:
        try:
            engines.load()
            decoder = FrameDecoder()
            while (frame := self._mailbox.take()) is not None:
                started = self._clock()
                scan = decoder.decode(frame)
                if scan is not None and self._filter.accept(scan, started) and not self._stopping.is_set():
                    self._on_scan(scan)
                self._stopping.wait(max(0.0, self._decode_seconds - (self._clock() - started)))
        finally:
            self._stopping.set()  # without a decoder a live picture would be a lie

    def _end(self) -> None:
        self._stopping.set()
        self._mailbox.close()
        self._newest = None
        self._source.close()
        self._change(CameraState.NONE)

    def _change(self, state: CameraState) -> None:
        with self._state_lock:
            if state is self._state:
                return
            self._state = state
        self._on_state(state)
