"""How soon the cashier sees something: cold start beside an empty PySide6 window, scan to member, confirm to commit.

Each start is a process of its own over a seeded till, the two kinds in turn; the rest runs in one real window.
Bars (counter.md "Speed"): cold start to usable ≤ 3 s, scan to member ≤ 150 ms, confirm to commit ≤ 100 ms p99.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.harness import Figure, figure, percentile

ROUNDS = 7
SCANS = 60
CONFIRMS = 60

_EMPTY = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.resize(1366, 768)
window.show()
application.processEvents()
print("shown", flush=True)
"""
_TILL = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pos_app.__main__ import _start
from pos_app.settings import Settings
from pos_app.ui import theme
from pos_app.ui.app import Shell
application = QApplication([])
theme.load_fonts()
shell = Shell(Settings(data_dir=Path(sys.argv[1]), camera="none", language="zh-CN", key_storage="file"), _start)
shell.show()
application.processEvents()
print("shown", flush=True)
def look():
    if shell.window.screen_name == "sign_in":
        print("usable", flush=True)
        shell.window.close()
        application.quit()
timer = QTimer(interval=2)
timer.timeout.connect(look)
timer.start()
application.exec()
"""


def figures() -> list[Figure]:
    """Measure starts, scans and confirms."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        return [*_starts(Path(folder) / "cold"), *_counter(Path(folder) / "warm")]


def _starts(folder: Path) -> list[Figure]:
    from tests.pos_app.ui.shop import Shop  # noqa: PLC0415 - after the platform is chosen

    Shop(folder).stop()
    empty: list[float] = []
    shown: list[float] = []
    usable: list[float] = []
    for turn in range(ROUNDS + 1):
        marks_empty = _marks(_EMPTY)
        marks = _marks(_TILL, str(folder))
        if turn:  # the first round fills the disk cache
            empty.append(marks_empty["shown"])
            shown.append(marks["shown"])
            usable.append(marks["usable"])
    beside = ("an empty PySide6 window", statistics.median(empty) * 1000)
    return [
        figure("cold start, window shown", statistics.median(shown) * 1000, "ms", beside=beside),
        figure("cold start, ready to sign in", statistics.median(usable) * 1000, "ms", beside=beside),
    ]


def _marks(code: str, *arguments: str) -> dict[str, float]:
    """Start a process and return when it printed each mark, in seconds since its start."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    found = {}
    with process:
        for line in process.stdout or ():
            found[line.strip()] = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the window ended with {process.returncode}")
    return found


def _counter(folder: Path) -> list[Figure]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from pos_app.settings import Settings  # noqa: PLC0415
    from pos_app.till import shift, sign_in  # noqa: PLC0415
    from pos_app.ui.app import Shell  # noqa: PLC0415
    from tests.pos_app.ui.shop import PIN, Shop, short_code  # noqa: PLC0415

    application = QApplication.instance() or QApplication([])
    shop = Shop(folder)
    sign_in.sign_in(shop.till, PIN)
    shift.open_shift(shop.till, 0)
    shell = Shell(Settings(data_dir=folder, camera="none"), lambda _settings, on_change: shop.app(on_change))
    shell.show()

    def until(name: str) -> None:
        while shell.window.screen_name != name:
            application.processEvents()

    until("checkout")
    desk = shell.window.interior.desk  # type: ignore[union-attr]
    scans: list[float] = []
    confirms: list[float] = []
    for number in range(SCANS):
        began = time.perf_counter()
        member = 1 + number % 3
        shell.scanner.scanned.emit(short_code(member))
        while desk.view is None or desk.view.code != short_code(member):
            application.processEvents()
        shell.window.grab()
        scans.append((time.perf_counter() - began) * 1000)
        desk.drop_member()
    for _ in range(CONFIRMS):
        desk.add(next(iter(shop.journal.catalogue.products)).product_id)
        application.processEvents()
        desk.done = None
        began = time.perf_counter()
        desk.confirm()
        while desk.done is None:
            application.processEvents()
        confirms.append((time.perf_counter() - began) * 1000)
        desk.screen_wanted.emit("checkout")
        application.processEvents()
    shell.window.close()
    shell.stop()
    return [
        figure("scan to member drawn, median", statistics.median(scans), "ms"),
        figure("scan to member drawn, p95", percentile(scans, 95), "ms"),
        figure("confirm to recorded, as the window sees it, median", statistics.median(confirms), "ms"),
        figure("confirm to recorded, as the window sees it, p99", percentile(confirms, 99), "ms"),
    ]
