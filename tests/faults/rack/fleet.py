"""The tills of the rack: processes that are started, asked many at a time, killed, and cloned with their disk.

Rule: each is a process of its own, forked from one that has the till's program loaded already; it has its own data
folder and its own line to the server. Who asks waits for all answers, and for none longer than `ANSWER_SECONDS`.
"""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

from pos_app.clock import boot_ticks
from tests.faults.rack.driver import Said, Steered, serve
from tests.flows.proxy import Proxy

ANSWER_SECONDS = 40.0
_LEFT_BEHIND = ("running.lock", "reserve", "till.log")


def context() -> ForkServerContext:
    """Where tills are forked from: a process that has imported the program and has no threads."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.faults.rack.driver"])
    return found


@dataclass
class Machine:
    """A till's machine: its boot, and what was done to its clocks."""

    steered: Steered

    @classmethod
    def new(cls) -> Machine:
        return cls(Steered(f"boot-{uuid4().hex[:8]}", boot_ticks() - 3600))

    def reboot(self) -> None:
        """It starts again, with its wall clock as it was set."""
        self.steered = replace(Machine.new().steered, wrong_by=self.steered.wrong_by)


class TillProcess:
    """One till. `copies`: how many other folders have its keys; `cloned_at`: the length of its chain at that time."""

    def __init__(self, name: str, folder: Path, network: Proxy, machine: Machine | None = None) -> None:
        self.name, self.folder, self.network = name, folder, network
        self.machine = machine or Machine.new()
        self.terminal_id = self.terminal_code = ""
        self.store = ""
        self.revoked = False
        self._process: ForkServerProcess | None = None
        self._line: Connection | None = None
        self._waits = False

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.is_alive()

    @property
    def address(self) -> str:
        """Where it finds the server."""
        return f"http://127.0.0.1:{self.network.port}"

    def start(self) -> None:
        """Start the program; returns before it is open."""
        assert not self.running
        here, there = multiprocessing.Pipe()
        self._process = context().Process(
            target=serve, args=(there, str(self.folder), self.machine.steered), daemon=True
        )
        self._process.start()
        there.close()
        self._line, self._waits = here, True

    def kill(self) -> None:
        """kill -9; whatever it was asked stays without an answer."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None
        self._waits = False

    def end(self) -> None:
        """Close it as a cashier does."""
        if self.running and self._line is not None:
            self._line.send(("end", {}))
            assert self._process is not None
            self._process.join(5)
        self.kill()

    def close(self) -> None:
        """End it, its line too."""
        self.kill()
        self.network.stop()

    def ask(self, name: str, **asked: Any) -> None:
        """Send it something to do; `answers` brings what came of it."""
        assert self._line is not None
        assert not self._waits
        self._line.send((name, asked))
        self._waits = True

    def copy_to(self, folder: Path) -> None:
        """Copy its disk, as it is after a kill."""
        assert not self.running
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))


def answers(tills: Iterable[TillProcess], seconds: float = ANSWER_SECONDS) -> dict[str, Said]:
    """What came of what these were asked, by name; {"died": True} of one whose process has ended."""
    found: dict[str, Said] = {}
    waiting = {till._line: till for till in tills if till._waits and till._line is not None}
    deadline = time.monotonic() + seconds
    while waiting:
        ready = wait(list(waiting), max(0.0, deadline - time.monotonic()))
        assert ready, f"no answer within {seconds:.0f} s from {[till.name for till in waiting.values()]}"
        for line in ready:
            assert isinstance(line, Connection)
            till = waiting.pop(line)
            till._waits = False
            try:
                found[till.name] = line.recv()
            except (EOFError, ConnectionResetError):
                found[till.name] = {"died": True}
    return found


def ask_all(tills: Iterable[TillProcess], name: str, **asked: Any) -> dict[str, Said]:
    """The same of many at once."""
    busy = [till for till in tills if till.running]
    for till in busy:
        till.ask(name, **asked)
    return answers(busy)
