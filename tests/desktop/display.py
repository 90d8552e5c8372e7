"""An X server of our own without a screen, and a hand at its keyboard and mouse.

Rule: keys are keycodes of a US keyboard, as a scanner sends them; which letters they are is the layout's business.
Events go in through XTEST, so for every program they come from the machine's own devices.
Source: X11/extensions/XTest; keycodes of the evdev rules (/usr/share/X11/xkb/keycodes/evdev).
"""

import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIZE = (1366, 768)
_ROWS = {10: "1234567890", 24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm", 59: ",.", 65: " "}
_CODES = {char: first + place for first, row in _ROWS.items() for place, char in enumerate(row)}
_SHIFTED = {
    "$": _CODES["4"],
    "%": _CODES["5"],
    **{char.upper(): code for char, code in _CODES.items() if char.isalpha()},
}
_NAMED = {"Escape": 9, "BackSpace": 22, "Tab": 23, "Return": 36, "F10": 76, "F11": 95} | {
    f"F{number}": 66 + number for number in range(1, 10)
}
_SHIFT, _CONTROL = 50, 37
_POINTER_ROOT = 1
HUMAN_GAP_SECONDS = 0.06
"""Slower than any scanner (`pos_app.ui.wedge.GAP_MS`), faster than most people."""


@contextmanager
def x_server() -> Iterator[str]:
    """Run Xvfb on a display that is free; yields its name, like ":99"."""
    reader, writer = os.pipe()
    width, height = SIZE
    arguments = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen([*arguments, "-noreset"], pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    try:
        assert number, f"Xvfb ended with {server.wait()}"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Hand:
    """Keyboard and mouse of one display."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._x11, self._test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self._connection = ctypes.c_void_p(self._x11.XOpenDisplay(display.encode()))
        assert self._connection, f"no X server at {display}"

    def close(self) -> None:
        """Let go."""
        self._x11.XCloseDisplay(self._connection)

    def layout(self, name: str) -> None:
        """Change the keyboard's layout, as the system's settings do."""
        subprocess.run(["setxkbmap", "-display", self.display, "-layout", name], check=True, capture_output=True)

    def look_at(self) -> None:
        """Give the keyboard to the one window there is; a desktop's window manager does that."""
        root, parent = ctypes.c_ulong(self._x11.XDefaultRootWindow(self._connection)), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        self._x11.XQueryTree(
            self._connection, root, ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children),
            ctypes.byref(count),
        )  # fmt: skip
        for child in children[: count.value]:
            if self._size(child) == SIZE:
                self._x11.XSetInputFocus(self._connection, ctypes.c_ulong(child), _POINTER_ROOT, ctypes.c_ulong(0))
                self._x11.XRaiseWindow(self._connection, ctypes.c_ulong(child))
        self._done()

    def _size(self, window: int) -> tuple[int, int]:
        root, x, y = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        self._x11.XGetGeometry(
            self._connection, ctypes.c_ulong(window), ctypes.byref(root), ctypes.byref(x), ctypes.byref(y),
            ctypes.byref(width), ctypes.byref(height), ctypes.byref(border), ctypes.byref(depth),
        )  # fmt: skip
        return width.value, height.value

    def click(self, x: int, y: int) -> None:
        """Press and release the left button at a place of the screen."""
        self._test.XTestFakeMotionEvent(self._connection, -1, x, y, 0)
        for down in (1, 0):
            self._test.XTestFakeButtonEvent(self._connection, 1, down, 0)
        self._done()

    def key(self, name: str) -> None:
        """Press and release a key, like "Return" or "Ctrl+l"."""
        *holds, key = name.split("+")
        code = _NAMED.get(key) or _CODES[key]
        if holds:
            self._key(_CONTROL, True)
        self._stroke(code, shift=False)
        if holds:
            self._key(_CONTROL, False)

    def type(self, text: str) -> None:
        """Type as a person does."""
        self.burst(text, lambda: HUMAN_GAP_SECONDS, end=False)

    def burst(self, text: str, gap_seconds: Callable[[], float], end: bool = True) -> float:
        """Type at a pace, with Enter after it as scanners do; returns the longest gap there can have been, in seconds.

        A machine that is busy with others may hold us up: such a burst is not what a scanner sends.
        """
        longest, before = 0.0, 0.0
        for char in [*text, *(["\r"] if end else [])]:
            time.sleep(gap_seconds())
            code = _NAMED["Return"] if char == "\r" else _CODES.get(char) or _SHIFTED[char]
            begun = time.monotonic()
            self._stroke(code, shift=char in _SHIFTED)
            longest, before = max(longest, time.monotonic() - before if before else 0.0), begun
        return longest

    def _stroke(self, code: int, shift: bool) -> None:
        for pressed, down in [(_SHIFT, True), (code, True), (code, False), (_SHIFT, False)]:
            if shift or pressed != _SHIFT:
                self._key(pressed, down)
        self._done()

    def _key(self, code: int, down: bool) -> None:
        self._test.XTestFakeKeyEvent(self._connection, code, int(down), 0)

    def _done(self) -> None:
        """Wait until the server has had everything."""
        self._x11.XSync(self._connection, 0)
