"""Start the product's real programs as children, and leave none of them behind.

Rule: every child dies with this process, also when this one is killed with -9 (PR_SET_PDEATHSIG on Linux).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class ChildFailed(Exception):
    """A child ended before it was ready, or did not get ready in time."""


class Child:
    """One program of the product: its standard error in a log file, its standard input and output as pipes."""

    def __init__(
        self, name: str, arguments: list[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._log_path = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as log_file:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call, nothing imported, before exec
            )
        self.lines: deque[str] = deque(maxlen=1000)

    def read_line(self, seconds: float) -> str:
        """Return the next line of standard output; ChildFailed when the child ends or stays silent."""
        assert self.process.stdout is not None
        found: list[str] = []
        reader = threading.Thread(target=lambda: found.append(self.process.stdout.readline()), daemon=True)  # type: ignore[union-attr]
        reader.start()
        reader.join(seconds)
        if not found or not found[0]:
            raise ChildFailed(
                f"{self.name} gave no answer within {seconds:.0f} s; the end of its log:\n{self.log_end()}"
            )
        return found[0].rstrip("\n")

    def write_line(self, text: str) -> None:
        """Send one line to standard input; ChildFailed when the child is gone."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise ChildFailed(f"{self.name} is gone; the end of its log:\n{self.log_end()}") from error

    def log_end(self) -> str:
        """Return the last lines of the log, for an error message."""
        return "\n".join(self._log_path.read_text(errors="replace").splitlines()[-25:])

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
        self._close_pipes()

    def stop(self, seconds: float = 15) -> int:
        """Ask it to end (SIGTERM), wait, then kill; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        if self.process.poll() is None:
            self.process.kill()
        code = self.process.wait()
        self._close_pipes()
        return code

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
