"""Put the product on its feet for a demonstration: server, network, printer, till - and take it all down again.

Rule: only the product's own programs and commands, as a shop would start them; everything they write lies under one
folder. Not here: what is played on this stage (`demo.shift`), what is shown of it (`demo.summary`).
"""

import fcntl
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from demo import sms
from demo.network import Network
from demo.paper import PaperPrinter
from demo.processes import Child, ChildFailed
from demo.window import Window

SERVER_SECONDS = 120
"""Longest start of the server: a first one makes the database cluster."""
SMS_SECONDS = 30
_PORT = "server.port"


class AlreadyPlaying(Exception):
    """Another demonstration, or somebody's server, uses the folder."""


class Stage:
    """The running parts. `folder` holds their data and logs; `display` shows the till window on a real screen."""

    def __init__(self, folder: Path, display: bool) -> None:
        self.folder = folder
        self._display = display
        self._children: list[Child] = []
        self.server_url = ""
        self.sms_url = ""
        self._networks: dict[str, Network] = {}
        self.printer: PaperPrinter | None = None
        self._started_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children):
            child.stop()
        for network in self._networks.values():
            network.down()

    def say(self, text: str) -> None:
        """Tell whoever watches what is going on, with the seconds since the start."""
        print(f"[{time.monotonic() - self._started_at:5.1f} s] {text}", flush=True)

    def start_server(self) -> None:
        """Start the server with its embedded Postgres (or DATABASE_URL), the demo merchant and a double of an SMS
        gateway."""
        gateway = self._start("sms", ["-m", "demo.sms"])
        self.sms_url = gateway.read_line(SMS_SECONDS).removeprefix("ready ")
        settings = {"TILLKEEPER_SMS_URL": self.sms_url + sms.HOOK, "TILLKEEPER_SMS_SECRET": sms.SECRET}
        arguments = ["-m", "demo.server", "--port", self._port_before(), "--data", str(self.folder / "server")]
        server = self._start("server", arguments, settings)
        ready = server.read_line(SERVER_SECONDS)
        while not ready.startswith("ready "):
            self.say(ready)
            ready = server.read_line(SERVER_SECONDS)
        self.server_url = ready.split()[1]
        (self.folder / _PORT).write_text(self.server_url.rsplit(":", 1)[1], "ascii")

    def _port_before(self) -> str:
        """The server's port of the time before, where it is free: tills of one's own know it. "0": any."""
        try:
            port = (self.folder / _PORT).read_text("ascii")
            with socket.create_server(("127.0.0.1", int(port))):
                return port
        except (OSError, ValueError, OverflowError):
            return "0"

    def network_of(self, till: str) -> Network:
        """Return the network between a till and the server; it can be cut."""
        if till not in self._networks:
            self._networks[till] = Network(int(self.server_url.rsplit(":", 1)[1]))
            self._networks[till].up()
        return self._networks[till]

    def start_printer(self) -> None:
        """Start the virtual printer; its paper lands in `slips/`."""
        self.printer = PaperPrinter(self.folder / "slips", self.folder / "logs" / "printer.log")
        self._children.append(self.printer.child)

    def pairing_code(self, store: str, terminal: str) -> str:
        """Ask the server's command line for a pairing code, as HQ would."""
        arguments = ["-m", "sync_server", "pair-code", "--store", store, "--terminal", terminal]
        child = self._start(f"pair-code {terminal}", [*arguments, "--data", str(self.folder / "server")])
        found = child.read_line(30)
        child.stop()
        return found

    def till_arguments(self, name: str) -> list[str]:
        """Return the command line that starts the till `name`, with `pos-app` options for this stage."""
        assert self.printer is not None
        return [
            "-m", "pos_app", "run",
            "--data", str(self.folder / name),
            "--server", f"http://127.0.0.1:{self.network_of(name).port}",
            "--printer", f"tcp://127.0.0.1:{self.printer.port}",
        ]  # fmt: skip

    def open_window(self, name: str, language: str, size: str = "1366x768") -> Window:
        """Start the till program so that it obeys `demo.window`."""
        arguments = [*self.till_arguments(name), "--camera", "none", "--language", language, "--window", size, "--play"]
        environment = {} if self._display else {"QT_QPA_PLATFORM": "offscreen"}
        return Window(self._start(name, arguments, environment))

    def run_till(self, name: str) -> int:
        """Open the till for a person and wait until they close it; returns its exit code."""
        till = self._start(name, self.till_arguments(name))
        return till.process.wait()

    def command(self, name: str, arguments: list[str], seconds: float = 60) -> tuple[int, str]:
        """Run one of the product's commands to its end; returns exit code and standard output."""
        child = self._start(name, arguments)
        assert child.process.stdout is not None
        output = child.process.stdout.read()
        child.process.wait(seconds)
        return child.stop(), output

    def _start(self, name: str, arguments: list[str], environment: dict[str, str] | None = None) -> Child:
        child = Child(name, arguments, self.folder / "logs" / f"{name.replace(' ', '-')}.log", environment)
        self._children.append(child)
        return child


def fresh_folder(folder: Path) -> None:
    """Empty the folder of an earlier demonstration; PermissionError names what is in the way.

    AlreadyPlaying when somebody has a server at work on what lies there.
    """
    if folder.exists():
        for path in folder.glob("*/**/postgres.lock"):
            with path.open() as lock:
                _take(lock, f"a server is running on {path.parent.parent}; stop it first")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second demonstration off the same folder; AlreadyPlaying."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        _take(lock, f"another demonstration is using {folder}; wait for it or stop it first")
        yield


def _take(lock: TextIO, otherwise: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyPlaying(otherwise) from error


def has_display() -> bool:
    """Say whether a window could be shown here."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


__all__ = ["AlreadyPlaying", "ChildFailed", "Stage", "alone", "fresh_folder", "has_display"]
