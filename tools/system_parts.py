"""Find and install what pip cannot bring: shared libraries, a browser, a reader of paper.

Rule: a part is present when using it works (it loads, it answers), never because a package
database says so; only what is missing is installed, and only where that needs no password.
Source of the Qt list: ldd over PySide6's offscreen and xcb plugins on a bare Debian 12.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.work import SetupError, run, say

MISSING_PART = 3  # exit status

QT_LIBRARIES = {  # what the loader asks for -> the Debian package that has it
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


@dataclass(frozen=True)
class Part:
    """One thing the machine must have, how to see it, and where Debian keeps it."""

    name: str
    package: str
    present: Callable[[], bool]


def library(soname: str, package: str) -> Part:
    """A shared library; present when it loads with all that it needs in turn."""

    def loads() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return Part(soname, package, loads)


def has_browser() -> bool:
    """A Chromium that tests and screenshots can drive."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return any(map(shutil.which, names))


def has_chinese_font() -> bool:
    """A font for the browser; the till and the slips bring their own."""
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.local/share/fonts").expanduser())
    return any(next(folder.rglob("*CJK*"), None) for folder in folders)


def reads_chinese() -> bool:
    """Tesseract with Simplified Chinese: the tests' independent reader of slips."""
    try:
        answer = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return {"chi_sim", "eng"} <= set(answer.stdout.split())


RUN = [library("libzbar.so.0", "libzbar0"), *(library(*pair) for pair in QT_LIBRARIES.items())]
DEMO = [
    *RUN,
    Part("Chromium", "chromium", has_browser),
    Part("a Chinese font for the browser", "fonts-noto-cjk", has_chinese_font),
    library("libatomic.so.1", "libatomic1"),  # the browser driver of playwright
]
TEST = [
    *DEMO,
    Part("Tesseract with Chinese", "tesseract-ocr tesseract-ocr-chi-sim", reads_chinese),
    Part("Xvfb, a screen that nobody sees", "xvfb", lambda: shutil.which("Xvfb") is not None),
    Part("setxkbmap", "x11-xkb-utils", lambda: shutil.which("setxkbmap") is not None),
    library("libXtst.so.6", "libxtst6"),
]
PARTS = {"run": RUN, "demo": DEMO, "test": TEST}


def missing(purpose: str) -> list[Part]:
    """Parts of the purpose that this machine lacks."""
    return [part for part in PARTS[purpose] if not part.present()]


def install(lacking: list[Part], why: str) -> None:
    """Install the parts through apt-get; raises SetupError with the exact command where it may not."""
    packages = sorted({name for part in lacking for name in part.package.split()})
    count = f"{len(lacking)} system {'part is' if len(lacking) == 1 else 'parts are'} missing ({why})"
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"{count}: {', '.join(part.name for part in lacking)}",
            "install them with this system's package manager; Debian calls them:\n      " + " ".join(packages),
            MISSING_PART,
        )
    by_hand = "{0}apt-get update && {0}apt-get install -y --no-install-recommends " + " ".join(packages)
    prefix = root_prefix()
    if prefix is None:
        raise SetupError(
            f"{count}, and this user may not install them (not root, no sudo without a password)",
            "have this run once, then the same command again:\n      " + by_hand.format("sudo "),
            MISSING_PART,
        )
    say(f"installing {len(packages)} system packages ({why}): {' '.join(packages)}")
    apt(prefix, packages, by_hand.format(""))
    still = [part.name for part in lacking if not part.present()]
    if still:
        raise SetupError(f"installed, and still not usable: {', '.join(still)}", by_hand.format(""), MISSING_PART)


def root_prefix() -> list[str] | None:
    """What to put before a command so that it runs as root; None where that needs a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def apt(prefix: list[str], packages: list[str], by_hand: str) -> None:
    """Install packages; the lists are fetched only when what is known of them does not suffice."""
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
    options = ["-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    order = [*quiet, "apt-get", *options, "install", "-y", "--no-install-recommends", *packages]
    # An installation that was interrupted before is finished first; otherwise this does nothing.
    run([*quiet, "dpkg", "--configure", "-a"], "finishing an interrupted installation", check=False)
    if run(order, "installing", check=False).returncode == 0:
        return
    say("fetching the package lists")
    run([*quiet, "apt-get", *options, "update"], "fetching the package lists", check=False)
    done = run(order, "installing", check=False)
    if done.returncode != 0:
        raise SetupError("apt-get could not install them:\n" + done.tail, by_hand, MISSING_PART)
