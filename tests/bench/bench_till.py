"""A cashier's day in one real window: does the last sale take longer than the first, and does the till grow?

2,000 sales of one and two cups over 8 simulated hours, acknowledged as they come. Bars (counter.md "Speed"): tap
feedback ≤ 50 ms, confirm to commit ≤ 100 ms p99, the last hundred no slower than the first, memory growth ≤ 5 %,
heartbeat of the window p99 ≤ 16 ms, idle CPU with the camera on ≤ 25 % of a core.
"""

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.harness import Figure, figure, percentile

SALES, COMPARED = 2000, 100
DAY_SECONDS = 8 * 3600
WARM = 400
"""Sales before memory is looked at: caches of fonts, icons and statements are full then."""
IDLE_SECONDS = 10.0
HEART_MS = 5


def figures() -> list[Figure]:
    """Measure a day, a tap, and a till that waits."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        return [*_day(Path(folder) / "day"), *_idle(Path(folder) / "idle")]


class _Window:
    """A seeded till with its window, signed in, shift open."""

    def __init__(self, folder: Path, camera: str = "none") -> None:
        from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415 - after the platform is chosen
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        from pos_app.settings import Settings  # noqa: PLC0415
        from pos_app.till import shift, sign_in  # noqa: PLC0415
        from pos_app.ui import preferences, theme  # noqa: PLC0415
        from pos_app.ui.app import Shell  # noqa: PLC0415
        from tests.pos_app.ui.shop import PIN, Shop  # noqa: PLC0415

        self._post, self._deletion = QCoreApplication.sendPostedEvents, QEvent.Type.DeferredDelete.value
        self.application: Any = QApplication.instance() or QApplication([])
        theme.load_fonts()
        self.shop = Shop(folder)
        preferences.save(folder, preferences.Preferences(lock="0"))  # nobody touches a benchmark
        sign_in.sign_in(self.shop.till, PIN)
        shift.open_shift(self.shop.till, 0)
        self.shell = Shell(Settings(data_dir=folder, camera=camera), lambda _settings, report: self.shop.app(report))
        self.shell.show()
        self.until(lambda: self.shell.window.screen_name == "checkout")

    @property
    def desk(self) -> Any:
        """What lies on the counter."""
        return self.shell.window.interior.desk  # type: ignore[union-attr]

    def work(self) -> None:
        """Handle what waits, also what the loop of a running window deletes when it comes round."""
        self.application.processEvents()
        self._post(None, self._deletion)

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window work until it is so."""
        while not holds():
            self.work()

    def close(self) -> None:
        """End it."""
        self.shell.window.close()
        self.shell.stop()
        self.shop.stop()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _day(folder: Path) -> list[Figure]:
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    window = _Window(folder)
    beats: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        beats.append((now - last) * 1000 - HEART_MS)
        last = now

    heart = QTimer(interval=HEART_MS)
    heart.timeout.connect(beat)
    heart.start()
    sales: list[float] = []
    taps: list[float] = []
    resident: dict[int, float] = {}
    products = [product.product_id for product in window.shop.journal.catalogue.products]
    for number in range(SALES):
        desk = window.desk
        for product in products[number % 3 : number % 3 + 1 + number % 2]:
            began = time.perf_counter()
            desk.add(product)
            window.work()
            taps.append((time.perf_counter() - began) * 1000)
        desk.done = None
        began = time.perf_counter()
        desk.confirm()
        window.until(lambda: window.desk.done is not None)
        sales.append((time.perf_counter() - began) * 1000)
        window.until(lambda: window.shell.window.screen_name == "result")
        desk.screen_wanted.emit("checkout")
        window.work()
        window.shop.clock.pass_by(DAY_SECONDS / SALES)
        window.shop.acknowledge(number + 1)
        if number + 1 in (WARM, SALES):
            gc.collect()
            resident[number + 1] = _resident_mb()
    heart.stop()
    window.close()
    first, end = sales[20 : 20 + COMPARED], sales[-COMPARED:]
    beside = (f"the first {COMPARED}", statistics.median(first))
    return [
        figure(f"confirm to recorded, first {COMPARED} of {SALES} sales, median", statistics.median(first), "ms"),
        figure(f"the last {COMPARED}", statistics.median(end), "ms", beside=beside),
        figure("confirm to recorded over the day, p99 (bar 100)", percentile(sales, 99), "ms"),
        figure("tap to drawn, p99 (bar 50)", percentile(taps, 99), "ms"),
        figure("window's heartbeat late by while it sells without a pause, p99", percentile(beats, 99), "ms"),
        figure(f"memory after {WARM} sales", resident[WARM], "MB"),
        figure(
            "memory after the day (bar 1.05)", resident[SALES], "MB", beside=(f"after {WARM} sales", resident[WARM])
        ),
    ]


def _idle(folder: Path) -> list[Figure]:
    """Processor time of a window that waits with its camera on, in percent of one core."""
    from PIL import Image  # noqa: PLC0415

    frames = folder.parent / "frames"
    frames.mkdir()
    for number in range(3):
        Image.new("RGB", (1280, 720), (200 + number, 200, 200)).save(frames / f"{number}.png")
    shares = {}
    for name, camera in (("without", "none"), ("with", f"folder://{frames}")):
        window = _Window(folder / name, camera)
        settled = time.monotonic() + 2
        window.until(lambda: time.monotonic() > settled)  # noqa: B023
        busy, began = time.process_time(), time.monotonic()
        ends = began + IDLE_SECONDS
        while time.monotonic() < ends:
            window.work()
            time.sleep(0.005)
        shares[name] = (time.process_time() - busy) / (time.monotonic() - began) * 100
        window.close()
    return [
        figure("idle window without a camera, share of a core", shares["without"], "%"),
        figure("idle window with the camera on, share of a core (bar 25)", shares["with"], "%"),
    ]
