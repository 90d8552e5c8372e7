"""Make .venv hold exactly what requirements.lock says, and nothing half made.

Rule: the stamp is written last and removed first. No stamp means half made: begin from nothing.
Rule: one setup at a time; the lock is on the checkout's folder and dies with its holders.
Not here: choosing a Python (setup.py), system libraries (system_parts.py).
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

from tools import system_parts
from tools.work import Command, SetupError, complain, run, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "setup.json"
INPUTS = ("requirements.lock", "pyproject.toml", "tools/uv.lock")
NEEDED_BYTES = 2_500_000_000  # .venv and uv's cache of wheels, measured 2.0 GB, and some air
INTERRUPTED = 130
# Settings of a shell that would send packages elsewhere or mix in foreign ones.
FOREIGN_SETTINGS = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")

UV_NAMES = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}


def main(arguments: list[str]) -> int:
    """Do it; 0 when the checkout is ready, 3 when a system part is missing, 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="tools/setup.py", description="Make this checkout ready to run.")
    parser.add_argument("--for", dest="purpose", choices=["run", "demo", "test"], default="test")
    purpose = parser.parse_args(arguments).purpose
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        prepare(with_browser_unless_display(purpose))
    except SetupError as error:
        return complain(error)
    except PermissionError as error:
        return complain(SetupError(str(error), f"run as the owner of {ROOT}, or make that path writable"))
    except OSError as error:
        return complain(SetupError(str(error), "put that right (disk? folder?) and run the same command again"))
    except KeyboardInterrupt:
        print("\nsetup: interrupted; the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    return 0


def with_browser_unless_display(purpose: str) -> str:
    """`run` without a display plays the demo, which photographs the HQ page: it needs what demo needs."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return "demo" if purpose == "run" and not has_display else purpose


def prepare(purpose: str) -> None:
    """Bring system parts and .venv up to date; nothing happens when they are."""
    expected = fingerprint()
    if is_ready(expected) and not system_parts.missing(purpose):
        return
    started = time.monotonic()
    with one_at_a_time():
        lacking = system_parts.missing(purpose)
        if not is_ready(expected):
            lacking += pip_part()
        if lacking:
            system_parts.install(lacking, f"for `make {purpose}`")
        if not is_ready(expected):
            build(expected)
    say(f"ready ({time.monotonic() - started:.0f} s)")


def fingerprint() -> dict[str, str]:
    """What .venv is made from: this Python, this place, these files."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update(hashlib.sha256((ROOT / name).read_bytes()).digest())
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, "place": str(ROOT), "inputs": digest.hexdigest()}


def read_stamp() -> dict[str, str]:
    """The fingerprint .venv was made from; empty when it is absent or half made."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(expected: dict[str, str]) -> bool:
    """Whether .venv is whole and made from what is expected."""
    return read_stamp() == expected and VENV_PYTHON.exists()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the setup lock; waits while another setup works here."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another setup of this checkout")
            fcntl.flock(folder, fcntl.LOCK_EX)
        os.set_inheritable(folder, True)  # children hold it too: an orphan must not meet its successor
        yield
    finally:
        os.close(folder)


def pip_part() -> list[system_parts.Part]:
    """Debian keeps what makes pip apart from Python; what to install when it is not here."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if find_spec("ensurepip") or find_spec("pip"):
        return []
    if sys.base_prefix != "/usr":
        raise SetupError(
            f"{sys.executable} has neither ensurepip nor pip",
            "use another Python: make PYTHON=/path/to/python3.11 ...",
            system_parts.MISSING_PART,
        )
    return [system_parts.Part("Python's venv and pip", f"python{version}-venv", lambda: has_module("ensurepip"))]


def has_module(name: str) -> bool:
    """Whether a fresh interpreter finds the module (this one may have looked before it came)."""
    found = run([sys.executable, "-c", f"import {name}"], f"looking for {name}", check=False)
    return found.returncode == 0


def build(expected: dict[str, str]) -> None:
    """Make or update .venv and stamp it."""
    free_bytes = shutil.disk_usage(ROOT).free
    stamp = read_stamp()
    reusable = VENV_PYTHON.exists() and all(stamp.get(key) == expected[key] for key in ("python", "place"))
    if not reusable and free_bytes < NEEDED_BYTES:
        raise SetupError(
            f"{free_bytes / 1e9:.1f} GB are free under {ROOT}, about {NEEDED_BYTES / 1e9:.1f} GB are needed",
            "free some space and run the same command again",
        )
    STAMP.unlink(missing_ok=True)
    environment = child_environment()
    if not reusable:
        create(expected["python"], environment)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    order = [*pip_command(), "install", *options, "--requirement", ROOT / "tools" / "uv.lock"]
    run(order, "fetching uv", environment=environment)
    environment = settings_of_pip(environment) | environment
    say("installing the locked packages (the first time: about 350 MB to download)")
    uv: Command = [VENV_PYTHON, "-m", "uv", "pip"]
    target: Command = ["--python", VENV_PYTHON]
    lock = ROOT / "requirements.lock"
    sync = [*uv, "sync", "--require-hashes", "--compile-bytecode", *target, lock]
    run(sync, "installing the locked packages", environment=environment)
    project = [*uv, "install", "--no-deps", "--no-build-isolation", "--offline", *target, "--editable", ROOT]
    run(project, "installing the project itself", environment=environment)
    write_stamp(expected)


def create(version: str, environment: dict[str, str]) -> None:
    """A new .venv with nothing but the pinned uv in it."""
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        say("removing a .venv that is unfinished, moved, or of another Python")
        shutil.rmtree(VENV)
    say(f"making .venv with Python {version}")
    run([sys.executable, "-m", "venv", "--without-pip", VENV], "making .venv", environment=environment)
    invalidate_caches()  # ensurepip may have come a moment ago
    if find_spec("ensurepip"):
        run([VENV_PYTHON, "-m", "ensurepip", "--default-pip"], "bringing pip into .venv", environment=environment)


def pip_command() -> Command:
    """The pip of .venv, or that of this Python working on .venv where none can be brought in."""
    if any(VENV.glob("lib/python*/site-packages/pip")):
        return [VENV_PYTHON, "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", VENV_PYTHON]


def child_environment() -> dict[str, str]:
    """The caller's environment without what would lead packages astray; uv hears what pip is told."""
    environment = {key: value for key, value in os.environ.items() if key not in FOREIGN_SETTINGS}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment.setdefault("UV_NO_CACHE", "1")
    return environment


def settings_of_pip(environment: dict[str, str]) -> dict[str, str]:
    """A mirror or certificate that pip was given (pip.conf, PIP_*), in the names that uv listens to."""
    listing = run([*pip_command(), "config", "list"], "asking pip", check=False, environment=environment)
    settings = {}
    for line in listing.tail.splitlines():
        key, _, value = line.partition("=")
        name = UV_NAMES.get(key.rpartition(".")[2])
        if name:
            settings[name] = value.strip("'\"")
    return settings


def write_stamp(expected: dict[str, str]) -> None:
    """Whole or not at all, also when the power fails."""
    fresh = STAMP.with_suffix(".new")
    with fresh.open("w") as file:
        json.dump(expected, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(STAMP)
