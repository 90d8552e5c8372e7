"""Run one step of the setup: say what happens, keep its output, explain its failure.

Rule: a child ends with its step; where that fails (setup is killed) it still holds the setup lock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str | Path]

HEARTBEAT_SECONDS = 15
TAIL_LINES = 15

# What a failing tool says -> what a person should look at. First match wins.
CAUSES = (
    (("no space left", "disk quota"), "the disk is full: free about 3 GB and run the same command again"),
    (("hashes are required", "hash mismatch", "do not match the hashes"),
     "a download differs from the locked one: check the mirror or proxy, then run the same command again"),
    (("certificate", "ssl"), "the network's certificate is not trusted: set SSL_CERT_FILE and PIP_CERT to its bundle"),
    (("dns", "resolve", "connect", "timed out", "timeout", "unreachable", "network", "error sending request",
      "no matching distribution", "503", "502"),
     "the package index was not reached: check the network (or HTTPS_PROXY, or pip's index-url)"
     " and run the same command again"),
    (("permission denied", "read-only file system"), "this user may not write here: check who owns this folder"),
)  # fmt: skip


class SetupError(Exception):
    """Setup cannot go on; carries the next step for the person and the exit status."""

    def __init__(self, what: str, next_step: str, status: int = 1) -> None:
        super().__init__(what)
        self.next_step = next_step
        self.status = status


@dataclass(frozen=True)
class Done:
    """How a child ended and the last lines it wrote."""

    returncode: int
    tail: str


def say(text: str) -> None:
    """One progress line."""
    print(f"setup: {text}", flush=True)


def run(command: Command, what: str, *, check: bool = True, environment: dict[str, str] | None = None) -> Done:
    """Run a command to its end with a sign of life on slow ones; SetupError with a likely cause on failure."""
    started = time.monotonic()
    with subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment or dict(os.environ),
        close_fds=False,  # the only one that is inheritable is the setup lock
    ) as child:
        try:
            output = _wait(child, what, started)
        except BaseException:
            child.terminate()
            child.wait()
            raise
    tail = "\n".join(output.decode(errors="replace").strip().splitlines()[-TAIL_LINES:])
    if check and child.returncode != 0:
        raise SetupError(f"{what} failed:\n{tail}", _cause(tail))
    return Done(child.returncode, tail)


def _wait(child: subprocess.Popen[bytes], what: str, started: float) -> bytes:
    while True:
        try:
            return child.communicate(timeout=HEARTBEAT_SECONDS)[0]
        except subprocess.TimeoutExpired:
            say(f"  still {what} ({time.monotonic() - started:.0f} s)")


def _cause(output: str) -> str:
    lowered = output.lower()
    for words, advice in CAUSES:
        if any(word in lowered for word in words):
            return advice
    return "read the lines above; `make clean` and the same command start from nothing"


def complain(error: SetupError) -> int:
    """Print an error with its next step; its exit status."""
    print(f"setup: {error}\nNext: {error.next_step}", file=sys.stderr, flush=True)
    return error.status
